"""From the values that a user gives for a named query's parameters to RDF terms."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pyoxigraph import Literal, NamedNode

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.actors import Actors
from relgraph.graph.events import first_day, last_day
from relgraph.graph.query import NamedQuery, Parameter
from relgraph.graph.triples import date_literal
from relgraph.model import EventType, Factuality

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Terms = dict[str, list[NamedNode | Literal]]


def terms_for(query: NamedQuery, given: Mapping[str, Any], actors: Actors) -> Terms:
    """Return the terms of each parameter that was given; a value may be a list of values.

    Args:
        given: values by parameter; None counts as not given. ``affiliated`` (true unless given) says
            whether a state stands also for its persons, bodies and cities.

    Raises:
        RelgraphError: a parameter is unknown or missing, or a value is not of its kind.
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
    return {
        name: [
            term
            for one in (value if isinstance(value, list | tuple | set | frozenset) else [value])
            for term in _terms(parameters[name], one, actors, affiliated)
        ]
        for name, value in values.items()
    }


def _terms(parameter: Parameter, value: Any, actors: Actors, affiliated: bool) -> list[NamedNode | Literal]:
    if parameter.kind == "actors" and affiliated:
        keys = actors.with_affiliated(actors.one(str(value)))
        return [v.entity_iri(key) for key in sorted(keys)]
    if parameter.kind in ("actor", "actors"):
        return [v.entity_iri(actors.one(str(value)).key)]
    return [_SCALARS[parameter.kind](value)]


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
    "event": lambda value: v.data_iri("event", str(value)),
    "first_day": _day(first_day, date.min),
    "last_day": _day(last_day, date.max),
    "type": _event_type,
    "factuality": _factuality,
    "text": lambda value: Literal(str(value)),
}
KINDS = frozenset(_SCALARS) | {"actor", "actors"}
"""The kinds that a parameter of a named query may have."""
