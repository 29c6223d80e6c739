"""Tables as text for people, as CSV, and as SPARQL results JSON."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from relgraph.errors import RelgraphError
from relgraph.graph import QueryResult
from relgraph.graph.query import short
from relgraph.model import Actor, Event, StatesOfAffairs

_WIDEST = 72  # characters of a cell in a text table; a sentence of news is often longer than a line


def render(table: QueryResult, style: str) -> str:
    """Return the table as text in one of the styles (:data:`STYLES`), ending in a line break.

    Text cuts long cells; CSV (RFC 4180) and JSON (SPARQL 1.1 query results) are whole.

    Raises:
        RelgraphError: there is no such style.
    """
    if style not in STYLES:
        raise RelgraphError(style, "is not a style of table", f"choose one of: {', '.join(STYLES)}")
    return STYLES[style](table)


def event_table(events: Iterable[Event], *, language: str = "en") -> QueryResult:
    """Return events as a table with a row for each.

    Args:
        language: of the actors' names, "en" or "vi"; who has no Vietnamese label has the English one.
    """

    def names(actors: Iterable[Actor]) -> str | None:
        labels = ((actor.label_vi if language == "vi" else None) or actor.name for actor in actors)
        return ", ".join(labels) or None

    rows = [
        (
            event.time.edtf if event.time else None,
            event.type.value,
            event.mode,
            event.factuality.value,
            names(event.agents),
            names(event.patients),
            names([event.place] if event.place else []),
            len({evidence.article for evidence in event.evidence}),
            event.id,
        )
        for event in events
    ]
    columns = ("time", "type", "mode", "factuality", "agents", "patients", "place", "articles", "event")
    return QueryResult.of(columns, rows)


def states_table(states: StatesOfAffairs) -> QueryResult:
    """Return what held on a day as a table: offices, memberships, then the latest events."""
    rows: list[tuple[object, ...]] = [
        ("office", o.holder.name, o.title, o.jurisdiction.name, o.start, o.end, o.certain)
        for o in states.offices
    ]
    rows += [
        ("membership", m.member.name, m.status, m.organisation.name, m.start, m.end, m.certain)
        for m in states.memberships
    ]
    for event in states.latest:
        agents, patients = (
            ", ".join(actor.name for actor in side) or None for side in (event.agents, event.patients)
        )
        first, last = (event.time.earliest, event.time.latest) if event.time else (None, None)
        rows.append(("latest event", agents, event.type.value, patients, first, last, True))
    columns = ("kind", "who", "what", "of", "from", "until", "certain")
    return QueryResult.of(columns, rows)


def _text(table: QueryResult) -> str:
    rows = [table.columns, *([_cell(term) for term in row] for row in table.terms)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(line.rstrip() for line in [lines[0], rule, *lines[1:]]) + "\n"


def _cell(term: Node | None) -> str:
    text = "" if term is None else " ".join(short(term).split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _csv(table: QueryResult) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(table.columns)
    writer.writerows([["" if term is None else str(term) for term in row] for row in table.terms])
    return buffer.getvalue()


def _json(table: QueryResult) -> str:
    bindings = [
        {name: _json_term(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.terms
    ]
    results: dict[str, Any] = {"head": {"vars": list(table.columns)}, "results": {"bindings": bindings}}
    return json.dumps(results, ensure_ascii=False, indent=2) + "\n"


def _json_term(term: Node) -> dict[str, str]:
    if isinstance(term, URIRef):
        return {"type": "uri", "value": str(term)}
    if isinstance(term, BNode):
        return {"type": "bnode", "value": str(term)}
    literal = {"type": "literal", "value": str(term)}
    if isinstance(term, Literal) and term.language:
        literal["xml:lang"] = term.language
    elif isinstance(term, Literal) and term.datatype and term.datatype != XSD.string:
        literal["datatype"] = str(term.datatype)
    return literal


STYLES: Final[Mapping[str, Callable[[QueryResult], str]]] = MappingProxyType(
    {"text": _text, "csv": _csv, "json": _json}
)
"""Styles of table by name."""
