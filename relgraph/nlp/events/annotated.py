"""Annotated articles as the event reader finds them in the pipeline: names and times given, events known."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spacy.tokens import Doc

from relgraph.annotation import read_gold
from relgraph.model import EventMention
from relgraph.nlp.events.participants import PLACE
from relgraph.nlp.language import Vietnamese


def annotated_roles(event: EventMention) -> dict[str, str]:
    """Return the role of each entity in an annotated event; of several the first, and the place's last."""
    roles = {participant.entity: str(participant.role) for participant in reversed(event.participants)}
    if event.place:
        roles.setdefault(event.place, PLACE)
    return roles


def annotated_articles(
    gold: Iterable[Path], articles: Sequence[Path]
) -> Iterator[tuple[Doc, tuple[EventMention, ...]]]:
    """Yield each annotated article, with words, tags, nominals, annotated names and times, and its events.

    Args:
        gold: folders of standoff annotation (``ID.gold.json``).
        articles: folders of the texts (``ID.txt``).

    Raises:
        RelgraphError: there is no annotation, or an annotated article has no text.
    """
    nlp = Vietnamese()
    components = [
        nlp.add_pipe(name) for name in ("relgraph_sentences", "relgraph_tagger", "relgraph_nominals")
    ]
    for folder in gold:
        for article, document in read_gold(folder, articles):
            doc = nlp.make_doc(article.text)
            doc._.article = article
            doc._.entities = document.entities
            doc._.mentions = document.mentions
            doc._.timexes = document.timexes
            for component in components:
                doc = component(doc)
            yield doc, tuple(sorted(document.events, key=lambda event: event.trigger.start))
