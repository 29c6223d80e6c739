"""networkx views of events."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

import networkx as nx

from relgraph.model import Actor, Event


def actor_graph(events: Iterable[Event]) -> "nx.MultiDiGraph[str]":
    """Return the actors of the events as nodes and the events as edges.

    An edge leads from each agent to each patient (``relation`` "acts-on"), and between each two agents of
    one event ("together", in the order of their keys). An event of one pair has one edge, whose key is the
    event's id; further pairs get the id with a number. Nodes are keyed by entity key. An event with a single
    participant has no edge but counts in its node's ``events``.

    No attribute is None: what is unknown is left out. Dates are ISO text, beside integer years.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    taking_part: Counter[str] = Counter()
    for event in events:
        actors = {actor.key: actor for actor in (*event.agents, *event.patients)}
        for actor in actors.values():
            graph.add_node(actor.key, **_node_attributes(actor))
        taking_part.update(actors.keys())
        for number, (source, target, relation) in enumerate(_pairs(event)):
            key = event.id if number == 0 else f"{event.id}-{number + 1}"
            graph.add_edge(source, target, key=key, relation=relation, **_edge_attributes(event))
    for key, count in taking_part.items():
        graph.nodes[key]["events"] = count
    return graph


def _pairs(event: Event) -> Iterator[tuple[str, str, str]]:
    for agent in event.agents:
        for patient in event.patients:
            if agent.key != patient.key:
                yield agent.key, patient.key, "acts-on"
    for first, second in combinations(sorted(agent.key for agent in event.agents), 2):
        yield first, second, "together"


def _node_attributes(actor: Actor) -> dict[str, str]:
    attributes = {"label": actor.name, "entity_type": actor.type.value}
    return attributes | ({"label_vi": actor.label_vi} if actor.label_vi else {})


def _edge_attributes(event: Event) -> dict[str, str | int]:
    attributes: dict[str, str | int | None] = {
        "event": event.id,
        "event_type": event.type.value,
        "mode": event.mode,
        "factuality": event.factuality.value,
        "place": event.place.name if event.place else None,
        "evidence": len(event.evidence),
        "articles": len({evidence.article for evidence in event.evidence}),
    }
    if event.time:
        first, last = event.time.earliest, event.time.latest
        attributes |= {
            "earliest": first.isoformat() if first else None,
            "latest": last.isoformat() if last else None,
            "year": first.year if first else None,
            "edtf": event.time.edtf,
            "precision": event.time.precision.value,
        }
    return {name: value for name, value in attributes.items() if value is not None}
