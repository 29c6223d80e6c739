"""What a picture of the graph shows: counts, the most active actors, what is between them, and when."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.model import Actor, EntityType, Event

COOPERATION: Final = ("material-cooperation", "verbal-cooperation")
CONFLICT: Final = ("material-conflict", "verbal-conflict")
SHOWN_CLASSES: Final = COOPERATION + CONFLICT
"""Quad classes of the vocabulary that have a side, by the local names of their concepts."""

MOST_ACTORS: Final = 25
_MONTHS_AT_MOST = 24  # a longer span is shown by years

_QUAD_CLASSES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX graph: <https://w3id.org/relgraph/id/graph/>
SELECT ?type ?class WHERE {
  GRAPH graph:vocabulary {
    ?class skos:topConceptOf ?scheme .
    ?concept skos:broader ?class .
    ?concept skos:notation ?type .
  }
}
"""
_LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX graph: <https://w3id.org/relgraph/id/graph/>
SELECT ?thing ?language ?label WHERE {
  GRAPH graph:vocabulary {
    ?thing rdfs:label|skos:prefLabel ?label .
    BIND(LANG(?label) AS ?language)
  }
}
"""


class Names(NamedTuple):
    """What something is called in English and in Vietnamese."""

    en: str
    vi: str


class Activity(NamedTuple):
    """An actor and in how many of the shown events it takes part."""

    actor: Actor
    events: int


class Tie(NamedTuple):
    """How many events of a quad class two actors share; ``first`` is the key that sorts before."""

    first: str
    second: str
    quad_class: str
    events: int


class Times(NamedTuple):
    """Events by period and quad class, in order of time; periods without events are left out.

    Attributes:
        monthly: periods are months (their ordinal is year * 12 + month - 1), otherwise years.
        periods: events of each quad class, by the period's ordinal.
        vague: events whose date does not fall into one period, such as a decade.
        undated: events without a date.
    """

    monthly: bool
    periods: Mapping[int, Mapping[str, int]]
    vague: int
    undated: int


@dataclass(frozen=True)
class Overview:
    """What a picture shows of the actual events: those of cooperation and conflict.

    Attributes:
        actual: number of all actual events, shown or not.
        span: first and last day that a date of an actual event names; None where none has a date.
        shown: number of events of cooperation and conflict.
        active: actors that take part in these, before the choice of the most active.
        actors: the most active ones first, by number of shown events.
        ties: between these actors.
        class_names: of the shown quad classes.
        type_names: of the entity types.
    """

    articles: int
    entities: int
    actual: int
    span: tuple[date, date] | None
    shown: int
    active: int
    actors: tuple[Activity, ...]
    ties: tuple[Tie, ...]
    times: Times
    class_names: Mapping[str, Names]
    type_names: Mapping[EntityType, Names]

    def of_most_active(self, number: int) -> "Overview":
        """Return the overview with so many actors at most, and what is between these."""
        actors = self.actors[:number]
        keys = {activity.actor.key for activity in actors}
        return replace(self, actors=actors, ties=tuple(t for t in self.ties if {t.first, t.second} <= keys))


def overview(graph: EventGraph) -> Overview:
    """Return what a picture shows; which event types are cooperation and conflict tells the vocabulary."""
    counts, actual = graph.counts(), graph.events()
    classes = _quad_classes(graph)
    shown = [event for event in actual if classes[event.type] in SHOWN_CLASSES]
    actors = _by_activity(shown)
    labels = _labels(graph)
    whole = Overview(
        articles=counts["articles"],
        entities=counts["entities"],
        actual=len(actual),
        span=_span(actual),
        shown=len(shown),
        active=len(actors),
        actors=actors,
        ties=_ties(graph, shown, classes),
        times=_times(shown, classes),
        class_names={name: labels[v.EVENT_TYPES + name] for name in SHOWN_CLASSES},
        type_names={kind: labels[iri.value] for kind, iri in v.ENTITY_CLASSES.items()},
    )
    return whole.of_most_active(MOST_ACTORS)


def _quad_classes(graph: EventGraph) -> dict[str, str]:
    return {kind: v.local_name(iri) for kind, iri in graph.store.rows(_QUAD_CLASSES)}


def _labels(graph: EventGraph) -> dict[str, Names]:
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for thing, language, label in graph.store.rows(_LABELS):
        labels[thing][language] = label
    return {thing: Names(**by_language) for thing, by_language in labels.items()}


def _by_activity(events: Iterable[Event]) -> tuple[Activity, ...]:
    actors: dict[str, Actor] = {}
    taking_part: Counter[str] = Counter()
    for event in events:
        of_event = {actor.key: actor for actor in (*event.agents, *event.patients)}
        actors |= of_event
        taking_part.update(of_event.keys())
    ranked = sorted(taking_part.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Activity(actors[key], count) for key, count in ranked)


def _ties(graph: EventGraph, events: Iterable[Event], classes: Mapping[str, str]) -> tuple[Tie, ...]:
    shared: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for source, target, values in graph.to_networkx(events).edges(data=True):
        first, second = sorted((source, target))
        shared[first, second, classes[values["event_type"]]].add(values["event"])
    return tuple(Tie(*ends, len(ids)) for ends, ids in sorted(shared.items()))


def _span(events: Iterable[Event]) -> tuple[date, date] | None:
    times = [event.time for event in events if event.time]
    days = [day for time in times for day in (time.earliest, time.latest) if day]
    return (min(days), max(days)) if days else None


def _times(events: list[Event], classes: Mapping[str, str]) -> Times:
    """Count events by year; by month where all lie close together and most of them name one."""
    dated = [event for event in events if event.time]
    monthly, yearly = _by_period(dated, classes, True), _by_period(dated, classes, False)
    by_month = _months(_span(dated)) <= _MONTHS_AT_MOST and 2 * _total(monthly) > _total(yearly)
    periods = monthly if by_month else yearly
    return Times(by_month, periods, len(dated) - _total(periods), len(events) - len(dated))


def _months(span: tuple[date, date] | None) -> int:
    if span is None:
        return 0
    first, last = span
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _by_period(
    events: Iterable[Event], classes: Mapping[str, str], monthly: bool
) -> dict[int, Mapping[str, int]]:
    """Count the events that surely lie within one period."""
    periods: dict[int, Counter[str]] = defaultdict(Counter)
    for event in events:
        bounds = (event.time.earliest, event.time.latest) if event.time else (None, None)
        ordinals = {_ordinal(day, monthly) for day in bounds}
        if len(ordinals) == 1 and (period := ordinals.pop()) is not None:
            periods[period][classes[event.type]] += 1
    return dict(sorted(periods.items()))


def _ordinal(day: date | None, monthly: bool) -> int | None:
    if day is None:
        return None
    return day.year * 12 + day.month - 1 if monthly else day.year


def _total(periods: Mapping[int, Mapping[str, int]]) -> int:
    return sum(sum(counts.values()) for counts in periods.values())
