"""Comparing times whose bounds are uncertain."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from relgraph.model import Interval

ALWAYS: Final = (date.max - date.min).days


def bounds(time: Interval) -> tuple[date, date]:
    """Return the first and the last day on which it may have been; open bounds are the calendar's ends."""
    return time.earliest or date.min, time.latest or date.max


def days(time: Interval) -> int:
    """Return how many days the time covers."""
    first, last = bounds(time)
    return (last - first).days + 1


def overlap(one: Interval, other: Interval) -> int:
    """Return how many days two times share; what is not positive says how far they lie apart.

    Adjacent days give 0, two days with one between them -1.
    """
    (first, last), (begin, end) = bounds(one), bounds(other)
    return (min(last, end) - max(first, begin)).days + 1


def most_precise(times: Iterable[Interval | None]) -> Interval | None:
    """Return the shortest of the times, the earliest of equals; None if all are unknown."""

    def order(time: Interval) -> tuple[int, date, date, str]:
        return days(time), *bounds(time), time.precision

    return min((time for time in times if time), key=order, default=None)
