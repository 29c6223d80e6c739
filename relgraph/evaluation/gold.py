"""Reading gold annotation: a folder of ``ID.gold.json`` files, with the articles they annotate."""

import json
from pathlib import Path

from pydantic import ValidationError

from relgraph.articles import read_articles
from relgraph.errors import RelgraphError
from relgraph.model import Article, Document

SUFFIX = ".gold.json"


def read_gold(gold_dir: Path, articles_dir: Path | None = None) -> list[tuple[Article, Document]]:
    """Return each gold document with its article, ordered by id.

    The article ``ID.txt`` is looked for in ``articles_dir`` and its subfolders (default: the gold folder).
    The gold's document creation time is given to an article that states no date of its own, as a sidecar
    file would.

    Raises:
        RelgraphError: no gold documents, one that can't be read or does not fit its article's text, or an
            article that is missing.
    """
    paths = sorted(gold_dir.glob(f"*{SUFFIX}"))
    if not paths:
        raise RelgraphError(gold_dir, f"holds no *{SUFFIX} files", "give the folder of the gold documents")
    folder = articles_dir or gold_dir
    texts = {path.stem: path for path in sorted(folder.rglob("*.txt"))}
    return [_read_pair(path, texts, folder) for path in paths]


def _read_pair(path: Path, texts: dict[str, Path], folder: Path) -> tuple[Article, Document]:
    article_id = path.name.removesuffix(SUFFIX)
    if article_id not in texts:
        raise RelgraphError(path, f"its article {article_id}.txt is not under {folder}", "name its folder")
    (article,) = read_articles([texts[article_id]])
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        gold = Document.model_validate({**data, "sha256": article.sha256, "text": article.text})
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, ValidationError) as error:
        problem = f"is no gold document for {texts[article_id]} ({str(error).splitlines()[0]})"
        raise RelgraphError(path, problem, "mend it, or give the folder of the right articles") from error
    if article.published is None:
        article = article.model_copy(update={"published": gold.dct})
    return article, gold
