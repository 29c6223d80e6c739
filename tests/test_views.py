"""networkx views: closed, one edge per event and pair, the same again after a way through RDF."""

from datetime import date

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph

from relgraph.errors import RelgraphError
from relgraph.graph.views import actor_graph, event_actor_graph, snapshots, view_from_rdf, view_to_rdf
from relgraph.model import Actor, EntityType, Event, EventType, Evidence, Factuality, Interval, PeriodLength

RUSSIA = Actor(key="gpe/russia", type=EntityType.GPE, name="Russia", label_vi="Nga")
IRAN = Actor(key="gpe/iran", type=EntityType.GPE, name="Iran", label_vi="Iran")
PUTIN = Actor(key="per/vladimir-putin", type=EntityType.PER, name="Vladimir Putin")
HOSPITAL = Actor(key="fac/bệnh viện 1/a", type=EntityType.FAC, name='Bệnh "viện" 1')
ACTORS = (RUSSIA, IRAN, PUTIN, HOSPITAL)
QUOTE = Evidence(article="a", published=date(2018, 4, 5), start=0, end=3, quote="gặp", sentence="gặp")

sides = st.lists(st.sampled_from(ACTORS), max_size=3, unique=True).map(tuple)
times = st.sampled_from(["2018-04-04", "2018-04", "2018", "2018-12-30/2019-01-02", "2018-Q2", "/2018", None])
some_events = st.lists(
    st.builds(
        Event,
        id=st.uuids().map(str),
        type=st.sampled_from(EventType),
        mode=st.sampled_from(["meeting", "visit", None]),
        factuality=st.sampled_from(Factuality),
        time=times.map(Interval.from_value),
        agents=sides,
        patients=sides,
        place=st.sampled_from([*ACTORS, None]),
        evidence=st.sampled_from([(QUOTE,), (QUOTE, QUOTE)]),
    ),
    max_size=6,
    unique_by=lambda event: event.id,
)


def content(view: nx.Graph) -> tuple[object, object]:
    edges = view.edges(keys=True, data=True) if view.is_multigraph() else view.edges(data=True)
    ends = [(*(edge[:2] if view.is_directed() else sorted(edge[:2])), *edge[2:]) for edge in edges]
    return sorted(view.nodes(data=True), key=str), sorted(ends, key=str)


@given(some_events)
@settings(max_examples=60, deadline=None)
def test_a_view_comes_back_from_rdf_as_it_was(events: list[Event]) -> None:
    for view in (actor_graph(events), event_actor_graph(events)):
        if len(view):
            text = view_to_rdf(view).serialize(format="turtle")
            again = view_from_rdf(Graph().parse(data=text, format="turtle"))
            assert content(again) == content(view)


@given(some_events)
@settings(max_examples=60, deadline=None)
def test_views_are_closed_and_leave_no_event_with_participants_out(events: list[Event]) -> None:
    view, bipartite = actor_graph(events), event_actor_graph(events)
    assert all("label" in attributes for _, attributes in view.nodes(data=True))
    assert all(node["bipartite"] in (0, 1) for _, node in bipartite.nodes(data=True))
    for event in events:
        told = {actor.key for actor in (*event.agents, *event.patients)}
        assert set(bipartite[event.id]) == told
        assert told <= set(view)
    assert not len(bipartite) or nx.is_bipartite(bipartite)


def test_a_part_of_a_view_comes_back_as_that_part() -> None:
    event = Event(id="e", type=EventType.CONSULT, agents=(RUSSIA, IRAN, PUTIN), evidence=(QUOTE,))
    view = actor_graph([event])
    view.remove_edge("gpe/iran", "gpe/russia", key="e")
    assert content(view_from_rdf(view_to_rdf(view))) == content(view)


def test_rdf_says_the_relation_and_what_it_was_derived_from() -> None:
    event = Event(id="e", type=EventType.SANCTION, agents=(RUSSIA,), patients=(IRAN,), evidence=(QUOTE,))
    graph = view_to_rdf(actor_graph([event]))
    assert (None, RDF.type, RDF.Statement) in graph
    answer = graph.query(
        "ASK { ?s prov:wasDerivedFrom ?e . ?e sem:eventType rgt:SANCTION . ?a rg:actsOn ?b }"
    )
    assert answer.askAnswer


def test_what_has_no_term_is_refused() -> None:
    view = actor_graph([Event(id="e", type=EventType.CONSULT, agents=(RUSSIA,), evidence=(QUOTE,))])
    view.nodes["gpe/russia"]["centrality"] = 0.5
    with pytest.raises(RelgraphError, match="centrality has no term in the vocabulary; remove it first"):
        view_to_rdf(view)


def test_snapshots_hold_what_may_have_happened_in_their_period() -> None:
    def event(name: str, time: str | None) -> Event:
        return Event(
            id=name,
            type=EventType.CONSULT,
            agents=(RUSSIA, IRAN),
            time=Interval.from_value(time),
            evidence=(QUOTE,),
        )

    events = [event("new-year", "2018-12-30/2019-01-02"), event("spring", "2018-Q2"), event("once", None)]
    held = {
        by: {
            name: sorted(k for *_, k in view.edges(keys=True)) for name, view in snapshots(events, by).items()
        }
        for by in PeriodLength
    }
    assert held["year"] == {"2018": ["new-year", "spring"], "2019": ["new-year"]}
    assert held["quarter"] == {"2018-Q2": ["spring"], "2018-Q4": ["new-year"], "2019-Q1": ["new-year"]}
    assert list(held["month"]) == ["2018-04", "2018-05", "2018-06", "2018-12", "2019-01"]
