"""Questions about time, answered from an :class:`~relgraph.graph.EventGraph`'s events.

Bounds are days, both inclusive. "Before" and "after" are told only where the bounds leave no doubt; a missing
bound is open. The methods of ``EventGraph`` of the same names are the way in.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, islice, pairwise
from typing import Final

import networkx as nx

from relgraph.errors import RelgraphError
from relgraph.graph.events import chronological
from relgraph.graph.periods import periods
from relgraph.graph.views import actor_graph
from relgraph.model import (
    Actor,
    Changes,
    Contacts,
    CoParticipant,
    Event,
    EventChange,
    Interval,
    PathStep,
    PeriodCounts,
    PeriodLength,
    PlanOutcome,
    Precision,
    RelatedEvent,
    Series,
    TimeRelation,
)

MOST_PATHS: Final = 100  # beyond this number nobody reads on, and dense snapshots have millions
LONGEST_PATH: Final = 6  # steps; in dense snapshots longer chains join everybody with everybody

QUAD_CLASSES: Final = (
    "verbal_cooperation",
    "material_cooperation",
    "verbal_conflict",
    "material_conflict",
    "neutral",
)
"""The fields of ``PeriodCounts`` that count events."""


def related(event: Event, to: Interval) -> RelatedEvent:
    """Return how a dated event lies to a time.

    That the two fall together is certain where one lies within the other, and this other is a day or an
    explicit interval: of a month or a year, only some day that nobody told may be meant. The query
    events-around has the same rule.
    """
    time = event.time
    if time is None:
        raise ValueError(f"{event.id} has no time")
    if time.latest and to.earliest and time.latest < to.earliest:
        return RelatedEvent(event=event, relation=TimeRelation.BEFORE, certain=True)
    if time.earliest and to.latest and time.earliest > to.latest:
        return RelatedEvent(event=event, relation=TimeRelation.AFTER, certain=True)
    certain = _surely_holds(to, time) or _surely_holds(time, to)
    return RelatedEvent(event=event, relation=TimeRelation.DURING, certain=certain)


def _surely_holds(outer: Interval, inner: Interval) -> bool:
    bounds = outer.earliest, inner.earliest, inner.latest, outer.latest
    known = [day for day in bounds if day is not None]
    exact = outer.precision in (Precision.DAY, Precision.INTERVAL)
    return exact and len(known) == len(bounds) and known == sorted(known)


def span_around(time: Interval, days: int | None) -> tuple[date | None, date | None]:
    """Return the first and the last day of a time, widened by so many days on both sides; None is open."""
    if days is None:
        return None, None
    first, last = time.earliest, time.latest
    if first:
        first = date.fromordinal(max(first.toordinal() - days, date.min.toordinal()))
    if last:
        last = date.fromordinal(min(last.toordinal() + days, date.max.toordinal()))
    return first, last


def contacts(events: Sequence[Event]) -> Contacts:
    """Return the first and the last of the events whose both bounds are known.

    The first is the one that may have begun earliest, the last the one that may have ended latest.
    """
    dated = [event for event in events if event.time and event.time.earliest and event.time.latest]
    return Contacts(
        first=min(dated, key=lambda event: (_first(event), event.id), default=None),
        last=max(dated, key=lambda event: (_last(event), event.id), default=None),
        events=len(dated),
    )


def co_participants(events: Iterable[Event], of: frozenset[str]) -> list[CoParticipant]:
    """Return who takes part in the events besides those keys, most often first."""
    together: dict[str, list[Event]] = defaultdict(list)
    actors: dict[str, Actor] = {}
    for event in events:
        for actor in {actor.key: actor for actor in (*event.agents, *event.patients)}.values():
            if actor.key not in of:
                together[actor.key].append(event)
                actors[actor.key] = actor
    found = [
        CoParticipant(
            actor=actors[key],
            events=len(shared),
            first=min((e.time.earliest for e in shared if e.time and e.time.earliest), default=None),
            last=max((e.time.latest for e in shared if e.time and e.time.latest), default=None),
        )
        for key, shared in together.items()
    ]
    return sorted(found, key=lambda one: (-one.events, one.actor.key))


def paths(
    events_of: Callable[[Collection[str]], Iterable[Event]],
    source: Actor,
    target: Actor,
    *,
    longest: int,
    most: int,
) -> list[tuple[PathStep, ...]]:
    """Return chains of actors from one to the other through the events, shortest first, by key among equals.

    Each step joins two actors by the events that both take part in; no actor comes twice. A chain with two
    steps in a row that rest on one and the same event is left out: that event joins their ends itself.

    Args:
        events_of: gives the events of actors by their keys; asked of those only whom chains can lead through.
        longest: number of steps at most.
        most: number of chains at most.

    Raises:
        RelgraphError: more steps are allowed than can be followed.
    """
    if longest > LONGEST_PATH:
        remedy = f"ask for {LONGEST_PATH} at most"
        raise RelgraphError(f"{longest} steps", "chains so long say nothing", remedy)
    if source.key == target.key:
        return []
    web = _Web(events_of)
    chains = (chain for steps in range(1, longest + 1) for chain in web.chains(source.key, target.key, steps))
    return [tuple(web.step(a, b) for a, b in pairwise(chain)) for chain in islice(chains, most)]


class _Web:
    """Who is joined with whom, read from both ends as far as chains need it."""

    def __init__(self, events_of: Callable[[Collection[str]], Iterable[Event]]) -> None:
        self._events_of = events_of
        self._read: set[str] = set()
        self._events: dict[str, Event] = {}
        self._actors: dict[str, Actor] = {}
        self._neighbours: dict[str, list[str]] = {}
        self._joined: dict[frozenset[str], list[str]] = {}

    def chains(self, source: str, target: str, steps: int) -> Iterator[list[str]]:
        """Yield the chains of exactly so many steps, in order of the keys."""
        # each step of theirs starts or ends at somebody no farther than this from one of the ends
        around = (steps - 1) // 2
        ring = {source, target}
        self._learn(ring)
        for _ in range(around):
            ring = {other for key in ring for other in self._neighbours.get(key, ())}
            self._learn(ring)
        if source in self._neighbours and target in self._neighbours:
            yield from _chains([source], target, steps, self._neighbours, self._joined)

    def step(self, source: str, target: str) -> PathStep:
        """Return what joins two neighbours."""
        events = tuple(self._joined[frozenset((source, target))])
        return PathStep(source=self._actors[source], target=self._actors[target], events=events)

    def _learn(self, keys: set[str]) -> None:
        """Read the events of actors that were not read yet."""
        if not keys - self._read:
            return
        self._events |= {event.id: event for event in self._events_of(keys - self._read)}
        self._read |= keys
        events = sorted(self._events.values(), key=chronological)
        snapshot: nx.Graph[str] = nx.Graph(actor_graph(events))
        self._neighbours = {key: sorted(snapshot[key]) for key in snapshot}
        joined: defaultdict[frozenset[str], list[str]] = defaultdict(list)
        for event in events:
            taking_part = {actor.key: actor for actor in (*event.agents, *event.patients)}
            self._actors |= taking_part
            for pair in combinations(sorted(taking_part), 2):
                joined[frozenset(pair)].append(event.id)
        self._joined = dict(joined)


def _chains(
    chain: list[str],
    target: str,
    steps: int,
    neighbours: Mapping[str, Sequence[str]],
    joined: Mapping[frozenset[str], Sequence[str]],
) -> Iterator[list[str]]:
    """Yield what leads on from a chain to the target in exactly so many steps, in order of the keys."""
    if not steps:
        yield chain
        return
    here = chain[-1]
    last = joined[frozenset(chain[-2:])] if len(chain) > 1 else []
    near = _near(target, steps - 1, neighbours, without=chain)
    for there in neighbours[here]:
        if there in near and (there == target) == (steps == 1):
            events = joined[frozenset((here, there))]
            if len(events) > 1 or events != last:
                yield from _chains([*chain, there], target, steps - 1, neighbours, joined)


def _near(
    target: str, steps: int, neighbours: Mapping[str, Sequence[str]], *, without: Iterable[str]
) -> set[str]:
    """Return who is at most so many steps from the target, past none of those left out."""
    found = ring = {target}
    passed = set(without)
    for _ in range(steps):
        ring = {other for key in ring for other in neighbours[key]} - found - passed
        found = found | ring
    return found


# --- periods ----------------------------------------------------------------------------------------------


def series(counts: dict[str | None, dict[str, int]], by: PeriodLength) -> Series:
    """Return the counts by period and quad class without gaps from the first to the last period.

    Args:
        counts: by the period's name, None for what is in no period, and the field of ``PeriodCounts``.
    """
    unplaced = sum(counts.get(None, {}).values())
    named = sorted(name for name in counts if name is not None)
    if not named:
        return Series(unplaced=unplaced)
    earliest, latest = Interval.from_value(named[0]), Interval.from_value(named[-1])
    first, last = earliest.earliest if earliest else None, latest.latest if latest else None
    if first is None or last is None:
        raise ValueError(f"{named[0]} and {named[-1]} are no periods")
    found = (
        PeriodCounts(period=name, start=begin, end=end, **counts.get(name, {}))
        for name, begin, end in periods(first, last, by)
    )
    return Series(periods=tuple(found), unplaced=unplaced)


# --- plans and builds -------------------------------------------------------------------------------------


def outcome(facts: Sequence[Event]) -> PlanOutcome:
    """Return what the actual and negated events that answer to a plan tell of it; actual ones weigh more."""
    told = {event.factuality.value for event in facts}
    if "actual" in told:
        return PlanOutcome.HAPPENED
    return PlanOutcome.DENIED if "negated" in told else PlanOutcome.UNTOLD


def changes(before: Iterable[Event], after: Iterable[Event]) -> Changes:
    """Return what was added, removed and changed; events that share a mention are the same event."""
    old, new = {event.id: event for event in before}, {event.id: event for event in after}
    gone = {key: event for key, event in old.items() if key not in new}
    came = {key: event for key, event in new.items() if key not in old}
    at = {place: event for event in gone.values() for place in _places(event)}
    changed = [(old[key], new[key]) for key in old.keys() & new.keys() if old[key] != new[key]]
    for key, event in list(came.items()):
        earlier = next((at[place] for place in _places(event) if place in at), None)
        if earlier and earlier.id in gone:
            changed.append((earlier, event))
            del gone[earlier.id], came[key]
    return Changes(
        added=tuple(_in_order(came.values())),
        removed=tuple(_in_order(gone.values())),
        changed=tuple(
            EventChange(before=one, after=other)
            for one, other in sorted(changed, key=lambda pair: (_first(pair[1]), pair[1].id))
        ),
    )


def _places(event: Event) -> Iterator[tuple[str, int, int, str]]:
    """Yield where the event's triggers stand."""
    return ((e.article, e.start, e.end, e.quote) for e in event.evidence)


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (_first(event), event.id))


def _first(event: Event) -> date:
    return (event.time and event.time.earliest) or date.max


def _last(event: Event) -> date:
    return (event.time and event.time.latest) or date.min
