"""Reading standoff annotation: folders of ``ID.gold.json`` files, with the articles they annotate."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from relgraph.articles import read_articles
from relgraph.errors import RelgraphError
from relgraph.model import Article, Document

SUFFIX = ".gold.json"


def annotated_ids(gold_dir: Path) -> set[str]:
    """Return the ids of the articles that a folder annotates.

    Raises:
        RelgraphError: there are none.
    """
    return {path.name.removesuffix(SUFFIX) for path in _gold_paths(gold_dir)}


def read_gold(gold_dir: Path, articles_dirs: Sequence[Path] = ()) -> list[tuple[Article, Document]]:
    """Return each gold document with its article, ordered by id.

    The article ``ID.txt`` is looked for in ``articles_dirs`` and their subfolders (default: the gold folder).
    The gold's document creation time is given to an article that states no date of its own, as a sidecar
    file would. Annotation need not repeat the words it stands on: they are taken from the article.

    Raises:
        RelgraphError: no gold documents, one that can't be read or does not fit its article's text, or an
            article that is missing.
    """
    paths = _gold_paths(gold_dir)
    folders = articles_dirs or [gold_dir]
    texts = {path.stem: path for folder in folders for path in sorted(folder.rglob("*.txt"))}
    return [_read_pair(path, texts, folders) for path in paths]


def _gold_paths(gold_dir: Path) -> list[Path]:
    paths = sorted(gold_dir.glob(f"*{SUFFIX}"))
    if not paths:
        raise RelgraphError(gold_dir, f"holds no *{SUFFIX} files", "give the folder of the gold documents")
    return paths


def _read_pair(path: Path, texts: dict[str, Path], folders: Sequence[Path]) -> tuple[Article, Document]:
    article_id = path.name.removesuffix(SUFFIX)
    if article_id not in texts:
        places = ", ".join(map(str, folders))
        raise RelgraphError(path, f"its article {article_id}.txt is not under {places}", "name its folder")
    (article,) = read_articles([texts[article_id]])
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        gold = Document.model_validate(_whole(data, article))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, ValidationError) as error:
        problem = f"is no gold document for {texts[article_id]} ({str(error).splitlines()[0]})"
        raise RelgraphError(path, problem, "mend it, or give the folder of the right articles") from error
    if article.published is None:
        article = article.model_copy(update={"published": gold.dct})
    return article, gold


def _whole(data: dict[str, Any], article: Article) -> dict[str, Any]:
    """Return the annotation as a document: with the article's text, and the words of each span."""
    spans = (*data["mentions"], *data["timexes"], *(event["trigger"] for event in data["events"]))
    for span in spans:
        span.setdefault("text", article.text[span["start"] : span["end"]])
    return {**data, "sha256": article.sha256, "text": article.text}
