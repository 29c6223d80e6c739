"""Partial dates, as the knowledge base gives them: which days they may mean, which a term surely includes."""

from calendar import monthrange
from datetime import date
from functools import cache

from relgraph.model import Membership, Renaming, Tenure


@cache
def bounds(when: str) -> tuple[date, date]:
    """Return the first and the last day that a partial date ("2005", "2005-08") may mean.

    Raises:
        ValueError: the calendar has no such day or month.
    """
    if len(when) == len("2005-08-03"):
        day = date.fromisoformat(when)
        return day, day
    if len(when) == len("2005-08"):
        month = date.fromisoformat(f"{when}-01")
        return month, month.replace(day=monthrange(month.year, month.month)[1])
    return date(int(when), 1, 1), date(int(when), 12, 31)


def covers(term: Tenure | Membership | Renaming, on: date) -> bool:
    """Tell whether the term surely includes the day: only the sure part of partial dates counts."""
    if term.start is None or on < bounds(term.start)[1]:
        return False
    return term.end is None or on <= bounds(term.end)[0]
