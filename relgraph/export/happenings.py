"""The chosen events of a graph as short rows, read in bulk: a hundred thousand in some seconds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from sys import intern
from typing import Final, NamedTuple

from relgraph.export.selection import Selection, brings_together
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.graph.events import Window
from relgraph.graph.store import Store
from relgraph.model import EventType, Factuality, Precision, Role

_DAY: Final = v.PRECISIONS[Precision.DAY]
_ACTUAL: Final = v.FACTUALITIES[Factuality.ACTUAL]


class Happening(NamedTuple):
    """An event as a network needs it.

    Attributes:
        id: of the event, as in :class:`relgraph.model.Event`.
        earliest, latest: ISO dates; None where that bound is open or unknown.
        place: an entity's key; None where no article names one.
        evidence: number of mentions that report it.
        articles: number of articles that do; copies of one text count once.
        agents, patients: keys of entities, sorted.
    """

    id: str
    type: str
    factuality: str
    mode: str | None
    place: str | None
    earliest: str | None
    latest: str | None
    edtf: str | None
    precision: str | None
    evidence: int
    articles: int
    agents: Sequence[str]
    patients: Sequence[str]

    @property
    def participants(self) -> frozenset[str]:
        """The keys of all who take part."""
        return frozenset(self.agents).union(self.patients)


def read_happenings(
    graph: EventGraph, selection: Selection, factuality: Sequence[Factuality]
) -> list[Happening]:
    """Return the chosen events, earliest first, undated ones last.

    Args:
        factuality: which events where the selection does not say.

    Raises:
        RelgraphError: an actor or a date of the selection is none, or the store is damaged.
    """
    window, sides = selection.window, selection.sides(graph)
    wanted = {f.value for f in (factuality if selection.factuality is None else selection.factuality)}
    types = {t.value for t in (EventType if selection.types is None else selection.types)}
    return sorted(
        (
            happening
            for happening in _all(graph.store)
            if happening.factuality in wanted
            and happening.type in types
            and _is_in(window, happening)
            and brings_together(happening.participants, sides)
        ),
        key=_chronological,
    )


def _all(store: Store) -> list[Happening]:
    """Read one kind of fact after another, and only where it is not the usual one: joining them in SPARQL
    takes three times as long."""
    types = _values(store, v.SEM_TYPE.value)
    factualities = _values(store, v.FACTUALITY.value, f"?value != {_ACTUAL}")
    modes, places = _values(store, v.MODE.value), _values(store, v.SEM_PLACE.value)
    precisions = _values(store, v.PRECISION.value, f"?value != {_DAY}")
    days = _pairs(store, f"?event {v.PRECISION} {_DAY} ; {v.EARLIEST} ?value")
    vague = f"?event {v.PRECISION} ?precision FILTER(?precision != {_DAY}) ?event"
    earliest, latest, edtf = (
        dict(_pairs(store, f"{vague} {bound} ?value")) for bound in (v.EARLIEST, v.LATEST, v.EDTF)
    )
    for bounds in (earliest, latest, edtf):
        bounds.update(days)
    precisions |= dict.fromkeys((event for event, _ in days), _DAY.value)
    articles = _values(store, v.REPORTING_ARTICLES.value, "?value != 1")
    evidence = _counts(store)
    agents, patients = (_lists(store, v.ROLES[role].value) for role in (Role.AGENT, Role.PATIENT))
    return [
        Happening(
            id=v.key_of(event),
            type=intern(v.local_name(event_type)),
            factuality=_local(factualities.get(event), "factuality-") or Factuality.ACTUAL.value,
            mode=_local(modes.get(event), f"{v.local_name(event_type)}-"),
            place=v.key_of(places[event]) if event in places else None,
            earliest=earliest.get(event),
            latest=latest.get(event),
            edtf=edtf.get(event),
            precision=_local(precisions.get(event), "precision-"),
            evidence=evidence.get(event, 0),
            articles=int(articles.get(event, "1")),
            agents=agents.get(event, ()),
            patients=patients.get(event, ()),
        )
        for event, event_type in types.items()
    ]


def _values(store: Store, predicate: str, condition: str = "true") -> dict[str, str]:
    return dict(_pairs(store, f"?event <{predicate}> ?value FILTER({condition})"))


def _pairs(store: Store, pattern: str) -> list[tuple[str, str]]:
    query = f"SELECT ?event ?value WHERE {{ GRAPH {v.MERGED} {{ {pattern} }} }}"
    return [(intern(event), intern(value)) for event, value in store.rows(query)]


def _lists(store: Store, predicate: str) -> Mapping[str, Sequence[str]]:
    lists: dict[str, tuple[str, ...]] = defaultdict(tuple)
    keys: dict[str, str] = {}
    for event, entity in _pairs(store, f"?event <{predicate}> ?value"):
        key = keys.get(entity) or keys.setdefault(entity, v.key_of(entity))
        lists[event] = tuple(sorted((*lists[event], key)))
    return lists


def _counts(store: Store) -> dict[str, int]:
    counted = (
        f"SELECT ?event (COUNT(?m) AS ?n) {{ GRAPH {v.MERGED} {{ ?event {v.EVIDENCE} ?m }} }} GROUP BY ?event"
    )
    return {intern(event): int(number) for event, number in store.rows(counted)}


def _local(iri: str | None, prefix: str) -> str | None:
    return intern(v.local_name(iri).removeprefix(prefix)) if iri else None


def _is_in(window: Window, happening: Happening) -> bool:
    if happening.edtf is None:
        return window.start is None and window.end is None
    start, end = (window.start or date.min).isoformat(), (window.end or date.max).isoformat()
    return (happening.earliest or start) <= end and (happening.latest or end) >= start


def _chronological(happening: Happening) -> tuple[bool, str, str, str]:
    last = date.max.isoformat()
    return happening.edtf is None, happening.earliest or "", happening.latest or last, happening.id
