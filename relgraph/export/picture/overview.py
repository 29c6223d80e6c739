"""What a picture of the graph shows: counts, the most active actors, what is between them, and when."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from relgraph.export.concepts import CONFLICT, COOPERATION, Names, labels, quad_classes
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.model import Actor, EntityType, Event, PeriodLength

SHOWN_CLASSES: Final = COOPERATION + CONFLICT
"""Quad classes that have a side, by the local names of their concepts."""

PERIODS_A_YEAR: Final = {PeriodLength.YEAR: 1, PeriodLength.QUARTER: 4, PeriodLength.MONTH: 12}
MOST_ACTORS: Final = 25
_MONTHS_AT_MOST = 24  # a longer span is shown by years


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
        by: how long a period is.
        periods: events of each quad class, by the period's ordinal.
        vague: events whose date does not fall into one period, such as a decade.
        undated: events without a date.
    """

    by: PeriodLength
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


def overview(graph: EventGraph, events: Collection[Event] | None = None) -> Overview:
    """Return what a picture shows; which event types are cooperation and conflict tells the vocabulary.

    Args:
        events: actual events to show, with the articles and entities that these name; by default the whole.

    Raises:
        RelgraphError: the store does not hold the vocabulary.
    """
    actual = graph.events() if events is None else list(events)
    articles, entities = _numbers(graph) if events is None else _numbers_of(actual)
    classes = quad_classes(graph)
    shown = [event for event in actual if classes[event.type] in SHOWN_CLASSES]
    actors = _by_activity(shown)
    names = labels(graph)
    whole = Overview(
        articles=articles,
        entities=entities,
        actual=len(actual),
        span=_span(actual),
        shown=len(shown),
        active=len(actors),
        actors=actors,
        ties=_ties(graph, shown, classes),
        times=_times(shown, classes),
        class_names={name: names[v.EVENT_TYPES + name] for name in SHOWN_CLASSES},
        type_names={kind: names[iri.value] for kind, iri in v.ENTITY_CLASSES.items()},
    )
    return whole.of_most_active(MOST_ACTORS)


def _numbers(graph: EventGraph) -> tuple[int, int]:
    counts = graph.counts()
    return counts["articles"], counts["entities"]


def _numbers_of(events: Iterable[Event]) -> tuple[int, int]:
    articles: set[str] = set()
    entities: set[str] = set()
    for event in events:
        articles.update(evidence.article for evidence in event.evidence)
        named = (*event.agents, *event.patients, *((event.place,) if event.place else ()))
        entities.update(actor.key for actor in named)
    return len(articles), len(entities)


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
    monthly = _by_period(dated, classes, PeriodLength.MONTH)
    yearly = _by_period(dated, classes, PeriodLength.YEAR)
    by_month = _months(_span(dated)) <= _MONTHS_AT_MOST and 2 * _total(monthly) > _total(yearly)
    by, periods = (PeriodLength.MONTH, monthly) if by_month else (PeriodLength.YEAR, yearly)
    return Times(by, periods, len(dated) - _total(periods), len(events) - len(dated))


def _months(span: tuple[date, date] | None) -> int:
    if span is None:
        return 0
    first, last = span
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _by_period(
    events: Iterable[Event], classes: Mapping[str, str], by: PeriodLength
) -> dict[int, Mapping[str, int]]:
    """Count the events that surely lie within one period."""
    periods: dict[int, Counter[str]] = defaultdict(Counter)
    for event in events:
        bounds = (event.time.earliest, event.time.latest) if event.time else (None, None)
        ordinals = {_ordinal(day, by) for day in bounds}
        if len(ordinals) == 1 and (period := ordinals.pop()) is not None:
            periods[period][classes[event.type]] += 1
    return dict(sorted(periods.items()))


def _ordinal(day: date | None, by: PeriodLength) -> int | None:
    return None if day is None else ordinal(day.year, day.month, by)


def ordinal(year: int, month: int, by: PeriodLength) -> int:
    """Return the number of the period that a month lies in; the next period has the next number.

    >>> ordinal(2018, 4, PeriodLength.QUARTER) - ordinal(2017, 12, PeriodLength.QUARTER)
    2
    """
    in_a_year = PERIODS_A_YEAR[by]
    return year * in_a_year + (month - 1) * in_a_year // 12


def _total(periods: Mapping[int, Mapping[str, int]]) -> int:
    return sum(sum(counts.values()) for counts in periods.values())
