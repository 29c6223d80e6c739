"""From the values that a user gives for a named query's parameters to RDF terms."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from itertools import product
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.actors import Actors
from relgraph.graph.events import EventReader, Window, first_day, last_day
from relgraph.graph.query import NamedQuery, Parameter
from relgraph.graph.store import Store
from relgraph.graph.triples import date_literal
from relgraph.model import EventType, Factuality

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Terms = dict[str, list[NamedNode | Literal]]


class Found(NamedTuple):
    """Where values are looked up."""

    store: Store
    actors: Actors
    events: EventReader


def terms_for(query: NamedQuery, given: Mapping[str, Any], found: Found) -> Terms:
    """Return the terms of each parameter that was given; a value may be a list of values.

    Args:
        given: values by parameter; None counts as not given. ``affiliated`` (true unless given) says
            whether a state stands also for its persons, bodies and cities.

    Raises:
        RelgraphError: a parameter is unknown or missing, or a value is not of its kind or not in the store;
            the end is before the start; a and b are the same actor.
    """
    values = {name: value for name, value in given.items() if value is not None}
    affiliated = _truth(query.name, values.pop("affiliated", True))
    parameters = {parameter.name: parameter for parameter in query.parameters}
    if unknown := sorted(values.keys() - parameters.keys()):
        known = ", ".join(parameters) or "none"
        raise RelgraphError(query.name, f"it has no parameter {unknown[0]}", f"its parameters are: {known}")
    for parameter in query.parameters:
        if parameter.required and parameter.name not in values:
            raise RelgraphError(
                query.name, f"the parameter {parameter.name} is missing", f"give {parameter.about}"
            )
    lists = {
        name: list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
        for name, value in values.items()
    }
    match lists:
        case {"a": [a], "b": [b]}:
            found.actors.two(str(a), str(b))
    terms = {
        name: [term for one in several for term in _terms(parameters[name], one, found, affiliated)]
        for name, several in lists.items()
    }
    for start, end in product(terms.get("start", ()), terms.get("end", ())):
        Window.of(start.value, end.value)
    return terms


def _terms(parameter: Parameter, value: Any, found: Found, affiliated: bool) -> list[NamedNode | Literal]:
    kind = parameter.kind
    if kind == "actors" and affiliated:
        keys = found.actors.with_affiliated(found.actors.one(str(value)))
        return [v.entity_iri(key) for key in sorted(keys)]
    if kind in ("actor", "actors"):
        return [v.entity_iri(found.actors.one(str(value)).key)]
    if kind == "event":
        return [found.events.iri(str(value))]
    if kind in _KNOWN:
        known = {fact.value.value for fact in found.store.facts(None, _KNOWN[kind], None, v.KNOWLEDGE)}
        return [_one_of(sorted(known), parameter.name, value)]
    if parameter.choices:
        return [_one_of(parameter.choices, parameter.name, value)]
    return [_SCALARS[kind](value)]


def _one_of(choices: Collection[str], name: str, value: Any) -> Literal:
    chosen = str(value).strip().lower()
    if chosen not in choices:
        remedy = f"choose one of: {', '.join(choices)}"
        raise RelgraphError(f"{name}={value}", "there is no such value", remedy)
    return Literal(chosen)


def _truth(query: str, value: Any) -> bool:
    truth = value if isinstance(value, bool) else _TRUTH.get(str(value).strip().lower())
    if truth is None:
        raise RelgraphError(query, f"affiliated can't be {value!r}", "give true or false")
    return truth


def _day(which: Callable[[date | str | None], date | None], open_end: date) -> Callable[[Any], Literal]:
    def day(value: Any) -> Literal:
        when = value if isinstance(value, date) else str(value)
        return date_literal(which(when) or open_end)

    return day


def _event_type(value: Any) -> NamedNode:
    try:
        return v.TYPES[EventType(str(value).strip().upper())]
    except ValueError:
        raise RelgraphError(value, "is not an event type", f"choose one of: {', '.join(EventType)}") from None


def _factuality(value: Any) -> NamedNode:
    try:
        return v.FACTUALITIES[Factuality(str(value).strip().lower())]
    except ValueError:
        raise RelgraphError(value, "is not a factuality", f"choose one of: {', '.join(Factuality)}") from None


_SCALARS: Mapping[str, Callable[[Any], NamedNode | Literal]] = {
    "first_day": _day(first_day, date.min),
    "last_day": _day(last_day, date.max),
    "type": _event_type,
    "factuality": _factuality,
    "text": lambda value: Literal(str(value)),
}
_KNOWN: Final = {"role": v.OFFICE_ROLE, "status": v.MEMBERSHIP_STATUS}
"""Kinds whose values are those that the knowledge base gives by a property."""

KINDS = frozenset(_SCALARS) | _KNOWN.keys() | {"actor", "actors", "event"}
"""The kinds that a parameter of a named query may have."""
