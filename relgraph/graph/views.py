"""networkx views of events, and the same as RDF.

A view is closed: an edge leads only between nodes that are in it, and each node says what it is. As RDF a
view is a graph of its own in the store's vocabulary (:func:`view_to_rdf`), from which the same view comes
back (:func:`view_from_rdf`): each edge is a reified statement (``rdf:Statement``), derived from its event.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final

import networkx as nx
from pyoxigraph import NamedNode
from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.periods import periods
from relgraph.model import Actor, EntityType, Event, EventType, PeriodLength, Role

_RELATIONS: Final = {"acts-on": v.ACTS_ON, "together": v.ACTS_WITH}


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
        "place_key": event.place.key if event.place else None,
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


def event_actor_graph(events: Iterable[Event]) -> "nx.Graph[str]":
    """Return the bipartite graph of events (``bipartite`` 0) and the actors that take part in them (1).

    An edge's ``role`` is "agent", "patient" or, for who is both, "agent patient". Events are keyed by id,
    actors by key; their attributes are those of :func:`actor_graph`'s edges and nodes.
    """
    graph: nx.Graph[str] = nx.Graph()
    for event in events:
        graph.add_node(event.id, bipartite=0, **_edge_attributes(event))
        roles: dict[str, list[str]] = defaultdict(list)
        for role, actors in (("agent", event.agents), ("patient", event.patients)):
            for actor in actors:
                graph.add_node(actor.key, bipartite=1, **_node_attributes(actor))
                roles[actor.key].append(role)
        for key, played in roles.items():
            graph.add_edge(event.id, key, role=" ".join(played))
    return graph


def snapshots(events: Iterable[Event], by: PeriodLength) -> "dict[str, nx.MultiDiGraph[str]]":
    """Return an actor graph for each period that possibly holds an event, by the period's name, in order.

    An event whose bounds reach over several periods is in each of them; one with an open or no bound in none.
    """
    held: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.time and event.time.earliest and event.time.latest:
            for name, _, _ in periods(event.time.earliest, event.time.latest, by):
                held[name].append(event)
    return {name: actor_graph(held[name]) for name in sorted(held)}


# --- as RDF -----------------------------------------------------------------------------------------------

_NODE_PROPERTIES: Final = {
    "label": (v.LABEL, "en"),
    "label_vi": (v.LABEL, "vi"),
    "events": (v.EVENT_COUNT, XSD.integer),
}
_EVENT_PROPERTIES: Final = {
    "edtf": (v.EDTF, None),
    "earliest": (v.EARLIEST, XSD.date),
    "latest": (v.LATEST, XSD.date),
    "evidence": (v.MENTION_COUNT, XSD.integer),
    "articles": (v.REPORTING_ARTICLES, XSD.integer),
}
_EVENT_TERMS: Final[Mapping[str, tuple[NamedNode, Mapping[Any, NamedNode]]]] = {
    "event_type": (v.SEM_TYPE, v.TYPES),
    "factuality": (v.FACTUALITY, v.FACTUALITIES),
    "precision": (v.PRECISION, v.PRECISIONS),
}
_DERIVED: Final = frozenset(
    ("event", "mode", "place", "place_key", "year", "relation", "role", "bipartite", "entity_type")
)
_KNOWN: Final = _DERIVED | _NODE_PROPERTIES.keys() | _EVENT_PROPERTIES.keys() | _EVENT_TERMS.keys()


def view_to_rdf(view: "nx.Graph[str]") -> Graph:
    """Return an actor graph, or an event-actor graph, as RDF.

    Actors and events are the resources that the store has, with what the view says of them.

    Raises:
        RelgraphError: the view has an attribute that the vocabulary has no term for.
    """
    graph = Graph()
    for prefix, namespace in v.PREFIXES.items():
        graph.bind(prefix, namespace)
    for node, attributes in view.nodes(data=True):
        _refuse_unknown(node, attributes)
        if "entity_type" in attributes:
            _add_actor(graph, node, attributes)
        else:
            _add_event(graph, attributes)
    if isinstance(view, nx.MultiDiGraph):
        for source, target, key, attributes in view.edges(keys=True, data=True):
            _refuse_unknown(str(key), attributes)
            _add_statement(graph, source, target, str(key), attributes)
    else:
        for one, other, attributes in view.edges(data=True):
            event, actor = (one, other) if view.nodes[one]["bipartite"] == 0 else (other, one)
            for role in attributes["role"].split():
                graph.add((_event(event), _iri(v.ROLES[Role(role)]), _actor(actor)))
    return graph


def view_from_rdf(graph: Graph) -> "nx.MultiDiGraph[str] | nx.Graph[str]":
    """Return the view that :func:`view_to_rdf` made this RDF from: an actor graph where it holds statements
    about actors, an event-actor graph where it holds only events with their roles."""
    statements = list(graph.subjects(RDF.type, RDF.Statement))
    actors = {
        str(subject): _read_actor(graph, subject, entity_type)
        for entity_type, iri in v.ENTITY_CLASSES.items()
        for subject in graph.subjects(RDF.type, _iri(iri))
    }
    if statements or not any(graph.subjects(RDF.type, _iri(v.EVENT))):
        view: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        view.add_nodes_from((v.key_of(iri), attributes) for iri, attributes in actors.items())
        relations = {_iri(term): name for name, term in _RELATIONS.items()}
        for statement in statements:
            source, target = (graph.value(statement, part) for part in (RDF.subject, RDF.object))
            relation = relations[URIRef(str(graph.value(statement, RDF.predicate)))]
            event = graph.value(statement, _iri(v.PROV_DERIVED_FROM))
            attributes = {"relation": relation, **_read_event(graph, event)}
            ends = v.key_of(str(source)), v.key_of(str(target))
            view.add_edge(ends[0], ends[1], key=v.key_of(str(statement)), **attributes)
        return view
    bipartite: nx.Graph[str] = nx.Graph()
    bipartite.add_nodes_from((v.key_of(iri), {"bipartite": 1, **values}) for iri, values in actors.items())
    for event in graph.subjects(RDF.type, _iri(v.EVENT)):
        bipartite.add_node(v.key_of(str(event)), bipartite=0, **_read_event(graph, event))
        roles: dict[str, list[str]] = defaultdict(list)
        for role in Role:
            for actor in graph.objects(event, _iri(v.ROLES[role])):
                roles[v.key_of(str(actor))].append(role.value)
        for key, played in roles.items():
            bipartite.add_edge(v.key_of(str(event)), key, role=" ".join(played))
    return bipartite


def _refuse_unknown(name: str, attributes: dict[str, Any]) -> None:
    if unknown := sorted(attributes.keys() - _KNOWN):
        raise RelgraphError(
            name, f"the view's attribute {unknown[0]} has no term in the vocabulary", "remove it first"
        )


def _iri(node: Any) -> URIRef:
    return URIRef(node.value)


def _actor(key: str) -> URIRef:
    return _iri(v.entity_iri(key))


def _event(event_id: str) -> URIRef:
    return _iri(v.data_iri("event", event_id))


def _add_actor(graph: Graph, key: str, attributes: dict[str, Any]) -> None:
    graph.add((_actor(key), RDF.type, _iri(v.ENTITY_CLASSES[EntityType(attributes["entity_type"])])))
    for name, (term, form) in _NODE_PROPERTIES.items():
        if name in attributes:
            literal = (
                Literal(attributes[name], datatype=form)
                if name == "events"
                else Literal(attributes[name], lang=str(form))
            )
            graph.add((_actor(key), _iri(term), literal))


def _add_event(graph: Graph, attributes: dict[str, Any]) -> None:
    event = _event(attributes["event"])
    graph.add((event, RDF.type, _iri(v.EVENT)))
    for name, (term, datatype) in _EVENT_PROPERTIES.items():
        if name in attributes:
            graph.add((event, _iri(term), Literal(attributes[name], datatype=datatype)))
    for name, (term, terms) in _EVENT_TERMS.items():
        if name in attributes:
            graph.add((event, _iri(term), _iri(terms[attributes[name]])))
    if "mode" in attributes:
        mode = v.mode_iri(EventType(attributes["event_type"]), attributes["mode"])
        graph.add((event, _iri(v.MODE), _iri(mode)))
    if "place_key" in attributes:
        place = _actor(attributes["place_key"])
        graph.add((event, _iri(v.SEM_PLACE), place))
        graph.add((place, _iri(v.LABEL), Literal(attributes["place"], lang="en")))


def _add_statement(graph: Graph, source: str, target: str, key: str, attributes: dict[str, Any]) -> None:
    relation = _iri(_RELATIONS[attributes["relation"]])
    statement = _iri(v.data_iri("statement", key))
    _add_event(graph, attributes)
    graph.add((_actor(source), relation, _actor(target)))
    graph.add((statement, RDF.type, RDF.Statement))
    graph.add((statement, RDF.subject, _actor(source)))
    graph.add((statement, RDF.predicate, relation))
    graph.add((statement, RDF.object, _actor(target)))
    graph.add((statement, _iri(v.PROV_DERIVED_FROM), _event(attributes["event"])))


def _read_actor(graph: Graph, actor: Node, entity_type: EntityType) -> dict[str, Any]:
    labels = {
        label.language: str(label)
        for label in graph.objects(actor, _iri(v.LABEL))
        if isinstance(label, Literal)
    }
    attributes: dict[str, Any] = {"label": labels["en"], "entity_type": entity_type.value}
    if "vi" in labels:
        attributes["label_vi"] = labels["vi"]
    count = graph.value(actor, _iri(v.EVENT_COUNT))
    return attributes if count is None else attributes | {"events": int(str(count))}


def _read_event(graph: Graph, event: Node | None) -> dict[str, Any]:
    attributes: dict[str, Any] = {"event": v.key_of(str(event))}
    for name, (term, datatype) in _EVENT_PROPERTIES.items():
        if (value := graph.value(event, _iri(term))) is not None:
            attributes[name] = int(str(value)) if datatype == XSD.integer else str(value)
    for name, (term, terms) in _EVENT_TERMS.items():
        if value := graph.value(event, _iri(term)):
            attributes[name] = next(str(own) for own, iri in terms.items() if _iri(iri) == value)
    if mode := graph.value(event, _iri(v.MODE)):
        attributes["mode"] = v.local_name(str(mode)).removeprefix(f"{attributes['event_type']}-")
    if place := graph.value(event, _iri(v.SEM_PLACE)):
        labels = (label for label in graph.objects(place, _iri(v.LABEL)) if isinstance(label, Literal))
        attributes["place"] = next(str(label) for label in labels if label.language == "en")
        attributes["place_key"] = v.key_of(str(place))
    if "earliest" in attributes:
        attributes["year"] = int(attributes["earliest"][:4])
    return attributes
