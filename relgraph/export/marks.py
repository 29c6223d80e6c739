"""What is marked in a document's text: names, time expressions and the words that tell events."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relgraph.export.appearance import colour_code
from relgraph.model import Document, EventMention, Factuality


class Mark(NamedTuple):
    """A stretch of the text (characters, end exclusive) with how it is marked.

    Attributes:
        label: a name's type, a time's value, an event's type; an event that did not surely happen says so.
        tip: what it stands for, for whoever points at it.
        colour: as "#RRGGBB".
    """

    start: int
    end: int
    label: str
    tip: str
    colour: str


def marks(document: Document) -> list[Mark]:
    """Return the marks of a text in their order, none upon another.

    Of marks that overlap the first is kept, and the longest where two begin alike.
    """
    return list(_without_overlaps(_all(document)))


def _all(document: Document) -> Iterator[Mark]:
    names = {entity.id: entity.name for entity in document.entities}
    for mention in document.mentions:
        tip = names[mention.entity] if mention.entity else "not linked"
        yield Mark(mention.start, mention.end, mention.type.value, tip, colour_code("marks", "name"))
    for timex in document.timexes:
        label = timex.value or "?"
        yield Mark(timex.start, timex.end, label, timex.type.value, colour_code("marks", "time"))
    for event in document.events:
        facts = [event.factuality.value, event.mode, event.time and f"time: {event.time}"]
        facts += [f"{part.role.value}: {names[part.entity]}" for part in event.participants]
        facts += [event.place and f"place: {names[event.place]}"]
        tip = "; ".join(fact for fact in facts if fact)
        trigger = event.trigger
        yield Mark(trigger.start, trigger.end, _told_as(event), tip, colour_code("marks", "event"))


def _told_as(event: EventMention) -> str:
    actual = event.factuality is Factuality.ACTUAL
    return event.type.value if actual else f"{event.type.value} ({event.factuality.value})"


def _without_overlaps(found: Iterable[Mark]) -> Iterator[Mark]:
    drawn_to = 0
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if mark.start >= drawn_to:
            yield mark
            drawn_to = mark.end
