"""How documents and events look in a notebook, and events as a pandas frame.

After ``%load_ext relgraph.display`` a cell that ends in an event shows its card, and one that ends in a
document, or in a Doc of the pipeline, shows its text with names, times and events marked.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rdflib import Literal
from spacy import displacy

from relgraph.graph import QueryResult
from relgraph.model import Actor, Document, Event, EventMention, Evidence, Factuality
from relgraph.nlp.documents import document_from

if TYPE_CHECKING:
    import pandas as pd

# Colours of Okabe & Ito (2008), which the colour-blind can tell apart; lighter where much is marked.
_NAME: Final = "#BBE1F6"
_TIME: Final = "#F9F4B3"
_TRIGGER: Final = "#E69F00"

_MARK: Final = (
    '<mark title="{tip}" style="background: {bg}; color: #000; padding: 0.1em 0.25em; border-radius: 0.25em">'
    '{text}<span style="font-size: 0.65em; font-weight: bold; margin-left: 0.4em">{label}</span></mark>'
)


def load_ipython_extension(shell: Any) -> None:
    """Make the notebook show events and documents; IPython calls it for ``%load_ext relgraph.display``."""
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(Event, event_html)
    html.for_type(Document, document_html)
    html.for_type_by_name("spacy.tokens.doc", "Doc", lambda doc: document_html(document_from(doc)))


# --- documents --------------------------------------------------------------------------------------------


class _Marked(NamedTuple):
    """A stretch of the text (characters, end exclusive) with how it is marked."""

    start: int
    end: int
    label: str
    tip: str
    colour: str


def document_html(document: Document) -> str:
    """Return the document's text as HTML, with its names, times and events' triggers marked.

    A name bears its type, a time its value, a trigger its event's type; pointing at one tells what it stands
    for. Drawn by displaCy. Of marks that overlap the first is drawn, and the longest where two begin alike.
    """
    marks = [
        {
            "start": mark.start,
            "end": mark.end,
            "label": escape(mark.label),
            "params": {"tip": escape(mark.tip), "bg": mark.colour},
        }
        for mark in _without_overlaps(_marks(document))
    ]
    text = displacy.render(
        {"text": document.text, "ents": marks, "title": None},
        style="ent",
        manual=True,
        jupyter=False,
        options={"template": _MARK},
    )
    about = " · ".join(filter(None, (document.id, _day(document.dct), document.source)))
    return (
        f"<div><b>{escape(document.title or document.id)}</b><br><small>{escape(about)}</small>{text}</div>"
    )


def _marks(document: Document) -> Iterator[_Marked]:
    names = {entity.id: entity.name for entity in document.entities}
    for mention in document.mentions:
        tip = names[mention.entity] if mention.entity else "not linked"
        yield _Marked(mention.start, mention.end, mention.type.value, tip, _NAME)
    for timex in document.timexes:
        yield _Marked(timex.start, timex.end, timex.value or "?", timex.type.value, _TIME)
    for event in document.events:
        facts = [event.factuality.value, event.mode, event.time and f"time: {event.time}"]
        facts += [f"{part.role.value}: {names[part.entity]}" for part in event.participants]
        facts += [event.place and f"place: {names[event.place]}"]
        tip = "; ".join(fact for fact in facts if fact)
        yield _Marked(event.trigger.start, event.trigger.end, _told_as(event), tip, _TRIGGER)


def _without_overlaps(marks: Iterable[_Marked]) -> Iterator[_Marked]:
    drawn_to = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.start >= drawn_to:
            yield mark
            drawn_to = mark.end


# --- events -----------------------------------------------------------------------------------------------


def event_html(event: Event) -> str:
    """Return an event as a card in HTML: what, when, who, whom, where, told how, and in which sentences.

    The trigger is marked in each sentence; where its words stand there more than once, they are quoted beside
    the sentence only, as the evidence does not tell which of them is meant.
    """
    what = f"{event.type.value} ({event.mode})" if event.mode else event.type.value
    rows = [
        ("when", f"{event.time.edtf} ({event.time.precision.value})" if event.time else "undated"),
        ("who", _names(event.agents)),
        ("whom", _names(event.patients)),
        ("where", _names((event.place,) if event.place else ())),
        ("told as", event.factuality.value),
    ]
    facts = "".join(
        f'<tr><th style="text-align: left">{name}</th><td style="text-align: left">{escape(value)}</td></tr>'
        for name, value in rows
        if value
    )
    told = "".join(_evidence_html(evidence) for evidence in event.evidence)
    return (
        '<div style="border: 1px solid #999; border-radius: 0.4em; padding: 0.6em; max-width: 60em">'
        f"<b>{escape(what)}</b> <small>{escape(event.id)}</small><table>{facts}</table><ul>{told}</ul></div>"
    )


def _evidence_html(evidence: Evidence) -> str:
    words = list(re.finditer(rf"(?<!\w){re.escape(evidence.quote)}(?!\w)", evidence.sentence))
    sentence = escape(evidence.sentence)
    if len(words) == 1:
        start, end = words[0].span()
        before, quote, after = (
            escape(part) for part in (evidence.sentence[:start], evidence.quote, evidence.sentence[end:])
        )
        sentence = f'{before}<mark style="background: {_TRIGGER}; color: #000">{quote}</mark>{after}'
    about = " · ".join(filter(None, (evidence.article, _day(evidence.published), evidence.source)))
    return f"<li>{sentence}<br><small>“{escape(evidence.quote)}” in {escape(about)}</small></li>"


_COLUMNS: Final = (
    "earliest",
    "latest",
    "time",
    "precision",
    "type",
    "mode",
    "factuality",
    "agents",
    "patients",
    "place",
    "articles",
    "event",
)


def events_frame(events: Iterable[Event], *, language: str = "en") -> "pd.DataFrame":
    """Return events as a pandas frame with a row for each, in their order.

    Columns: earliest and latest (its day bounds, as timestamps), time (EDTF), precision, type, mode,
    factuality, agents and patients (names joined by commas), place, articles (how many report it), event
    (its id).

    Args:
        language: of the names, "en" or "vi"; who has no Vietnamese label has the English one.

    Raises:
        RelgraphError: pandas is not installed.
    """
    rows = (
        (
            event.time.earliest if event.time else None,
            event.time.latest if event.time else None,
            event.time.edtf if event.time else None,
            event.time.precision.value if event.time else None,
            event.type.value,
            event.mode,
            event.factuality.value,
            _labels(event.agents, language),
            _labels(event.patients, language),
            _labels((event.place,) if event.place else (), language),
            len({evidence.article for evidence in event.evidence}),
            event.id,
        )
        for event in events
    )
    terms = ([None if value is None else Literal(value) for value in row] for row in rows)
    return QueryResult(_COLUMNS, terms).to_pandas()


def _labels(actors: Iterable[Actor], language: str) -> str | None:
    labels = ((actor.label_vi if language == "vi" else None) or actor.name for actor in actors)
    return ", ".join(labels) or None


def _names(actors: Iterable[Actor]) -> str:
    return ", ".join(
        f"{actor.name} ({actor.label_vi})" if actor.label_vi not in (None, actor.name) else actor.name
        for actor in actors
    )


def _told_as(event: EventMention) -> str:
    actual = event.factuality is Factuality.ACTUAL
    return event.type.value if actual else f"{event.type.value} ({event.factuality.value})"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
