"""Shortcuts to the events of two actors, and of a time: nodes between events and what they are sought by.

A triple store finds the events of one actor at once, but has to intersect those of two; and it has no order
of days by which it could find those of a time. So each event points to the dyads of its actors, and to the
smallest calendar period that holds its time. Whoever looks for a time looks at the periods, of which there
are few, and then only at the events of those that touch it.

The shortcuts follow from what the event says; :mod:`relgraph.graph.validate` checks that they do.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from relgraph.graph import vocabulary as v
from relgraph.graph.triples import Triples, date_literal
from relgraph.model import Interval

SHORTCUTS: Final = (v.DYAD, v.CALENDAR_PERIOD)
"""The properties that lead from an event to its shortcuts."""


class CalendarPeriod(NamedTuple):
    """A day, month, year, decade or century, or the whole calendar ("always").

    Attributes:
        name: in the Extended Date/Time Format ("2018-04-05", "2018-04", "2018", "201X", "20XX").
        first, last: its days, both inclusive.
    """

    name: str
    first: date
    last: date

    @property
    def iri(self) -> NamedNode:
        """The period's IRI."""
        return v.data_iri("period", self.name)


ALWAYS: Final = CalendarPeriod("always", date.min, date.max)


def calendar_period(time: Interval) -> CalendarPeriod:
    """Return the smallest period that holds a time; an open time is held by no period but the whole calendar.

    >>> times = ("2018-04-05", "2018-04-05/2018-04-06", "2018-04-30/2018-05-01", "1999-12-31/2000-01-01")
    >>> [calendar_period(Interval.from_value(time)).name for time in times]
    ['2018-04-05', '2018-04', '2018', 'always']
    """
    first, last = time.earliest, time.latest
    return period_between(first and first.isoformat(), last and last.isoformat())


@lru_cache(maxsize=10_000)
def period_between(first: str | None, last: str | None) -> CalendarPeriod:
    """Return the smallest period that holds two days, given as ISO 8601 text, and all between them."""
    if first is None or last is None:
        return ALWAYS
    earliest, latest = date.fromisoformat(first), date.fromisoformat(last)
    return next((period for period in _periods_of(earliest) if latest <= period.last), ALWAYS)


def _periods_of(day: date) -> Iterator[CalendarPeriod]:
    """Yield the periods that hold a day, from the smallest on."""
    yield CalendarPeriod(day.isoformat(), day, day)
    year = f"{day.year:04}"
    for value in (day.isoformat()[:7], year, f"{year[:3]}X", f"{year[:2]}XX"):
        span = Interval.from_value(value)
        if span and span.earliest and span.latest:
            yield CalendarPeriod(value, span.earliest, span.latest)


@lru_cache(maxsize=50_000)
def dyad_iri(one: str, other: str) -> NamedNode:
    """Return the IRI of two actors as a pair, by their keys in either order.

    >>> dyad_iri("gpe/russia", "gpe/iran") == dyad_iri("gpe/iran", "gpe/russia")
    True
    """
    return v.data_iri("dyad", *sorted((one, other)))


def dyads(actors: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each two of the actors' keys, in their order."""
    return combinations(sorted(set(actors)), 2)


def shortcut_triples(event: NamedNode, actors: Iterable[str], time: Interval | None) -> Triples:
    """Yield the shortcuts to an event, and what they are."""
    for one, other in dyads(actors):
        yield event, v.DYAD, dyad_iri(one, other)
        yield from dyad_triples(one, other)
    if time:
        period = calendar_period(time)
        yield event, v.CALENDAR_PERIOD, period.iri
        yield from period_triples(period)


def dyad_triples(one: str, other: str) -> Triples:
    """Yield what a dyad is."""
    dyad = dyad_iri(one, other)
    yield dyad, v.RDF_TYPE, v.DYAD_CLASS
    yield dyad, v.DYAD_MEMBER, v.entity_iri(one)
    yield dyad, v.DYAD_MEMBER, v.entity_iri(other)


def period_triples(period: CalendarPeriod) -> Triples:
    """Yield what a period is."""
    yield period.iri, v.RDF_TYPE, v.CALENDAR_PERIOD_CLASS
    yield period.iri, v.FIRST_DAY, date_literal(period.first)
    yield period.iri, v.LAST_DAY, date_literal(period.last)
