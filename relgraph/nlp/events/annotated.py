"""Annotated articles as the event reader finds them in the pipeline: names and times given, events known."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from relgraph.articles import article_from_text
from relgraph.errors import RelgraphError
from relgraph.model import Entity, EventMention, Mention, TimeExpression
from relgraph.nlp.language import Vietnamese


def annotated_articles(
    gold: Iterable[Path], articles: Iterable[Path]
) -> Iterator[tuple[Doc, tuple[EventMention, ...]]]:
    """Yield each annotated article, with words, tags, nominals, annotated names and times, and its events.

    Args:
        gold: folders of standoff annotation (``ID.gold.json``), offsets into the NFC text, stripped.
        articles: folders of the texts (``ID.txt``).

    Raises:
        RelgraphError: there is no annotation, or an annotated article has no text.
    """
    nlp = Vietnamese()
    components = [
        nlp.add_pipe(name) for name in ("relgraph_sentences", "relgraph_tagger", "relgraph_nominals")
    ]
    texts = {path.stem: path for folder in articles for path in folder.glob("*.txt")}
    for file in _annotations(gold):
        annotation = json.loads(file.read_text(encoding="utf-8"))
        source = texts.get(annotation["id"])
        if source is None:
            raise RelgraphError(
                file, f"its article {annotation['id']}.txt is not there", "name the folder of the articles"
            )
        text = unicodedata.normalize("NFC", source.read_text(encoding="utf-8")).strip()
        doc = nlp.make_doc(text)
        _annotate(doc, annotation)
        for component in components:
            doc = component(doc)
        yield doc, _events(annotation)


def _annotations(gold: Iterable[Path]) -> list[Path]:
    files = [file for folder in gold for file in sorted(folder.glob("*.gold.json"))]
    if not files:
        raise RelgraphError(
            ", ".join(map(str, gold)), "holds no *.gold.json", "name the folder of the annotation"
        )
    return files


def _annotate(doc: Doc, annotation: dict[str, Any]) -> None:
    article = article_from_text(doc.text, article_id=annotation["id"])
    doc._.article = article.model_copy(update={"published": date.fromisoformat(annotation["dct"])})
    doc._.entities = tuple(Entity(id=e["id"], type=e["type"], name=e["name"]) for e in annotation["entities"])
    doc._.mentions = tuple(
        Mention(start=m["start"], end=m["end"], text=m["text"], type=m["type"], entity=m["entity"])
        for m in annotation["mentions"]
    )
    doc._.timexes = tuple(
        TimeExpression(start=t["start"], end=t["end"], text=t["text"], type=t["type"], value=t["value"])
        for t in annotation["timexes"]
    )


def _events(annotation: dict[str, Any]) -> tuple[EventMention, ...]:
    events = (EventMention.model_validate(event) for event in annotation["events"])
    return tuple(sorted(events, key=lambda event: event.trigger.start))
