"""The chosen events of a graph as short rows, read in bulk: a hundred thousand in some seconds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from relgraph.errors import RelgraphError
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
        RelgraphError: an actor, date or data set of the selection is none, or the store is damaged.
    """
    asked = selection.named_graph
    if asked != v.MERGED and not any(graph.store.facts(None, None, None, asked)):
        raise RelgraphError(
            selection.data_set, "the store holds no such data set", "import it, or leave --data-set out"
        )
    window, sides = selection.window, selection.sides(graph)
    wanted = {f.value for f in (factuality if selection.factuality is None else selection.factuality)}
    types = {t.value for t in (EventType if selection.types is None else selection.types)}
    return sorted(
        (
            happening
            for happening in _all(_Facts(graph.store, selection.named_graph))
            if happening.factuality in wanted
            and happening.type in types
            and _is_in(window, happening)
            and brings_together(happening.participants, sides)
        ),
        key=_chronological,
    )


def _all(facts: "_Facts") -> list[Happening]:
    """Read one kind of fact after another, and only where it is not the usual one: joining them in SPARQL
    takes three times as long."""
    types = {event: _local(iri) for event, iri in facts.values(v.SEM_TYPE).items()}
    factualities = facts.values(v.FACTUALITY, f"?value != {_ACTUAL}")
    modes, places = facts.values(v.MODE), facts.values(v.SEM_PLACE)
    precisions = facts.values(v.PRECISION, f"?value != {_DAY}")
    days = facts.pairs(f"?event {v.PRECISION} {_DAY} ; {v.EARLIEST} ?value")
    vague = f"?event {v.PRECISION} ?precision FILTER(?precision != {_DAY}) ?event"
    earliest, latest, edtf = (
        dict(facts.pairs(f"{vague} {bound} ?value")) for bound in (v.EARLIEST, v.LATEST, v.EDTF)
    )
    for bounds in (earliest, latest, edtf):
        bounds.update(days)
    precisions |= dict.fromkeys((event for event, _ in days), _DAY.value)
    articles = facts.values(v.REPORTING_ARTICLES, "?value != 1")
    evidence = facts.counts(v.EVIDENCE)
    agents, patients = (facts.lists(v.ROLES[role]) for role in (Role.AGENT, Role.PATIENT))
    return [
        Happening(
            id=v.key_of(event),
            type=event_type,
            factuality=_local(factualities.get(event, _ACTUAL.value), "factuality-"),
            mode=_local(modes[event], f"{event_type}-") if event in modes else None,
            place=_key(places[event]) if event in places else None,
            earliest=earliest.get(event),
            latest=latest.get(event),
            edtf=edtf.get(event),
            precision=_local(precisions[event], "precision-") if event in precisions else None,
            evidence=evidence.get(event, 0),
            articles=int(articles.get(event, "1")),
            agents=agents.get(event, ()),
            patients=patients.get(event, ()),
        )
        for event, event_type in types.items()
    ]


class _Facts(NamedTuple):
    """What a named graph says of its events, by the event's IRI."""

    store: Store
    named_graph: NamedNode

    def pairs(self, pattern: str) -> list[tuple[str, str]]:
        query = f"SELECT ?event ?value WHERE {{ GRAPH {self.named_graph} {{ {pattern} }} }}"
        return [(intern(event), intern(value)) for event, value in self.store.rows(query)]

    def values(self, predicate: NamedNode, condition: str = "true") -> dict[str, str]:
        return dict(self.pairs(f"?event {predicate} ?value FILTER({condition})"))

    def lists(self, predicate: NamedNode) -> Mapping[str, Sequence[str]]:
        """Return the sorted keys of the entities that stand with this predicate."""
        lists: dict[str, list[str]] = defaultdict(list)
        for event, entity in self.pairs(f"?event {predicate} ?value"):
            lists[event].append(_key(entity))
        return {event: tuple(sorted(keys)) if len(keys) > 1 else (keys[0],) for event, keys in lists.items()}

    def counts(self, predicate: NamedNode) -> dict[str, int]:
        pattern = f"GRAPH {self.named_graph} {{ ?event {predicate} ?one }}"
        query = f"SELECT ?event (COUNT(?one) AS ?number) WHERE {{ {pattern} }} GROUP BY ?event"
        return {intern(event): int(number) for event, number in self.store.rows(query)}


_key = lru_cache(maxsize=50_000)(v.key_of)


@lru_cache(maxsize=1000)
def _local(iri: str, prefix: str = "") -> str:
    return intern(v.local_name(iri).removeprefix(prefix))


def _is_in(window: Window, happening: Happening) -> bool:
    if happening.edtf is None:
        return window.start is None and window.end is None
    start, end = (window.start or date.min).isoformat(), (window.end or date.max).isoformat()
    return (happening.earliest or start) <= end and (happening.latest or end) >= start


def _chronological(happening: Happening) -> tuple[bool, str, str, str]:
    last = date.max.isoformat()
    return happening.edtf is None, happening.earliest or "", happening.latest or last, happening.id
