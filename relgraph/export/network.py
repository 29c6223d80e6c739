"""The chosen events as a network of actors: what every network format and table writes.

:meth:`EventGraph.to_networkx` gives the same nodes and edges from events with all their evidence; here edges
are made one by one while they are written, so that a hundred thousand events take little memory.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from relgraph.export.concepts import Names, labels, quad_classes
from relgraph.export.happenings import Happening, read_happenings
from relgraph.export.selection import Selection
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.graph.actors import Actors
from relgraph.model import Factuality

Value = str | int | float
_CLASS_TYPES: Final = {iri: entity_type.value for entity_type, iri in v.ENTITY_CLASSES.items()}

NODE_ATTRIBUTES: Final[Mapping[str, type]] = {
    "label": str,
    "label_vi": str,
    "entity_type": str,
    "events": int,
}
"""What is told of an actor; ``events`` counts those of the chosen events that it takes part in."""

EDGE_ATTRIBUTES: Final[Mapping[str, type]] = {
    "label": str,
    "label_vi": str,
    "event": str,
    "event_type": str,
    "quad_class": str,
    "relation": str,
    "mode": str,
    "factuality": str,
    "place": str,
    "place_vi": str,
    "place_key": str,
    "earliest": str,
    "latest": str,
    "edtf": str,
    "precision": str,
    "year": int,
    "month": int,
    "evidence": int,
    "articles": int,
    "weight": float,
}
"""What is told of an edge. ``earliest`` and ``latest`` are ISO dates; ``year`` and ``month`` are those of
``earliest``, the month only where the whole time lies in it; ``weight`` is the number of articles."""

_OFFICES = f"""
SELECT ?state ?member ?whole ?en ?vi WHERE {{ GRAPH {v.KNOWLEDGE} {{
  ?state {v.OFFICE} ?office ; {v.ORG_MEMBER} ?member .
  ?office {v.ORG_POST_IN} ?whole ; {v.LABEL} ?en, ?vi FILTER(LANG(?en) = "en" && LANG(?vi) = "vi")
}} }}
"""
_MEMBERSHIPS = f"""
SELECT ?state ?member ?whole ?status WHERE {{ GRAPH {v.KNOWLEDGE} {{
  ?state {v.ORG_ORGANIZATION} ?whole ; {v.ORG_MEMBER} ?member ; {v.MEMBERSHIP_STATUS} ?status
}} }}
"""


class Node(NamedTuple):
    """An actor of the network.

    Attributes:
        id: its key.
        values: of :data:`NODE_ATTRIBUTES`, without what is unknown.
    """

    id: str
    values: Mapping[str, Value]


class Edge(NamedTuple):
    """An event between two actors, or a state that held between them.

    Attributes:
        id: unique in the network; of an event's first pair the event's id.
        kind: the event type, or ``holds-office`` or ``belongs-to``.
        values: of :data:`EDGE_ATTRIBUTES`, without what is unknown.
    """

    id: str
    source: str
    target: str
    kind: str
    values: Mapping[str, Value]


class _Named(NamedTuple):
    """What an entity is called in English and Vietnamese, and its type; unknown is None."""

    en: str
    vi: str | None
    entity_type: str | None


class _State(NamedTuple):
    """An office held or a membership, as the knowledge base has it; the IRIs of whom it joins."""

    kind: str
    iri: str
    member: str
    whole: str
    label: str
    label_vi: str = ""


class Network:
    """The actors of the chosen events, the events between them, and the states that held between them.

    Args:
        selection: actual events where it does not say which.

    Attributes:
        nodes: in the order of their keys; also actors that take part alone.

    Raises:
        RelgraphError: an actor or a date of the selection is none, or the store is damaged.
    """

    def __init__(self, graph: EventGraph, selection: Selection) -> None:
        self._graph = graph
        self._window = selection.window
        self._named_graph = selection.named_graph
        self._happenings = read_happenings(graph, selection, (Factuality.ACTUAL,))
        self._actors = Actors(graph.store)
        self._names: dict[str, _Named] = {}
        counts = Counter(key for happening in self._happenings for key in happening.participants)
        self.nodes = tuple(Node(key, self._node(key, counts[key])) for key in sorted(counts))

    def edges(self) -> Iterator[Edge]:
        """Yield the events' edges by time, undated ones last.

        An edge leads from each agent to each patient (relation "acts-on") and between each two agents
        ("together", in the order of their keys). An event of one pair has one edge.
        """
        names = labels(self._graph)
        classes = quad_classes(self._graph)
        for happening in self._happenings:
            values = self._event(happening, names, classes)
            for number, (source, target, relation) in enumerate(_pairs(happening)):
                edge_id = happening.id if number == 0 else f"{happening.id}-{number + 1}"
                yield Edge(edge_id, source, target, happening.type, values | {"relation": relation})

    def states(self) -> Iterator[Edge]:
        """Yield the offices and memberships of the knowledge base that join two actors of the network and
        possibly held in the window: from who holds the office or belongs, to the state or organisation."""
        store, known = self._graph.store, {node.id for node in self.nodes}
        states = [_State("holds-office", *row) for row in store.rows(_OFFICES)]
        states += [_State("belongs-to", *row) for row in store.rows(_MEMBERSHIPS)]
        for state in sorted(states):
            source, target = v.key_of(state.member), v.key_of(state.whole)
            times = self._validity(state.iri) if {source, target} <= known else None
            if times is not None and self._holds(times):
                values: dict[str, Value] = {"label": state.label, "relation": state.kind, "weight": 1.0}
                values |= times | ({"label_vi": state.label_vi} if state.label_vi else {})
                yield Edge(state.iri.removeprefix(v.DATA), source, target, state.kind, values)

    def _node(self, key: str, events: int) -> dict[str, Value]:
        name = self._named(key)
        values = {"label": name.en, "label_vi": name.vi, "entity_type": name.entity_type, "events": events}
        return {attribute: value for attribute, value in values.items() if value is not None}

    def _named(self, key: str) -> "_Named":
        """Return what an entity is called by the knowledge base or articles, or else by the data set."""
        if key not in self._names:
            iri = v.entity_iri(key)
            in_knowledge = any(self._graph.store.facts(iri, v.RDF_TYPE, None, v.KNOWLEDGE))
            if in_knowledge or self._named_graph == v.MERGED:
                actor = self._actors.load(key)
                self._names[key] = _Named(actor.name, actor.label_vi, actor.type.value)
            else:
                facts = list(self._graph.store.facts(iri, None, None, self._named_graph))
                called = {f.value.language: f.value.value for f in facts if f.predicate == v.LABEL}
                types = [_CLASS_TYPES[f.value] for f in facts if f.value in _CLASS_TYPES]
                self._names[key] = _Named(called["en"], called.get("vi"), types[0] if types else None)
        return self._names[key]

    def _event(
        self, event: Happening, names: Mapping[str, Names], classes: Mapping[str, str]
    ) -> dict[str, Value]:
        concept = f"{v.EVENT_TYPES}{event.type}"
        label, label_vi = names.get(f"{concept}-{event.mode}") or names[concept]
        place = self._named(event.place) if event.place else None
        values: dict[str, Value | None] = {
            "label": label,
            "label_vi": label_vi,
            "event": event.id,
            "event_type": event.type,
            "quad_class": classes[event.type],
            "mode": event.mode,
            "factuality": event.factuality,
            "place": place.en if place else None,
            "place_vi": place.vi if place else None,
            "place_key": event.place,
            "earliest": event.earliest,
            "latest": event.latest,
            "edtf": event.edtf,
            "precision": event.precision,
            "year": int(event.earliest[:4]) if event.earliest else None,
            "month": _month(event),
            "evidence": event.evidence,
            "articles": event.articles,
            "weight": float(event.articles),
        }
        return {name: value for name, value in values.items() if value is not None}

    def _validity(self, state: str) -> dict[str, Value]:
        facts = {
            fact.predicate: fact.value.value
            for fact in self._graph.store.facts(NamedNode(state), None, None, v.KNOWLEDGE)
        }
        names = {"earliest": v.EARLIEST, "latest": v.LATEST, "edtf": v.EDTF}
        times: dict[str, Value] = {name: facts[iri] for name, iri in names.items() if iri in facts}
        if "earliest" in times:
            times["year"] = int(str(times["earliest"])[:4])
        return times

    def _holds(self, times: Mapping[str, Value]) -> bool:
        start, end = (self._window.start or date.min), (self._window.end or date.max)
        begins, ends = times.get("earliest", "0001-01-01"), times.get("latest", "9999-12-31")
        return str(begins) <= end.isoformat() and str(ends) >= start.isoformat()


def _pairs(event: Happening) -> Iterator[tuple[str, str, str]]:
    for agent in event.agents:
        for patient in event.patients:
            if agent != patient:
                yield agent, patient, "acts-on"
    for first, second in combinations(event.agents, 2):
        yield first, second, "together"


def _month(event: Happening) -> int | None:
    """Return the month that the whole time lies in, from 1 to 12; None where there is none."""
    if event.earliest and event.latest and event.earliest[:7] == event.latest[:7]:
        return int(event.earliest[5:7])
    return None
