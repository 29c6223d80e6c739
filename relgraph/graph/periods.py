"""Months, quarters and years: the periods that a stretch of time is divided into."""

from collections.abc import Iterator
from datetime import date, timedelta

from relgraph.model import PeriodLength


def period_of(day: date, by: PeriodLength) -> tuple[str, date, date]:
    """Return the period that holds the day: its name, its first and its last day.

    >>> period_of(date(2018, 5, 3), PeriodLength.QUARTER)
    ('2018-Q2', datetime.date(2018, 4, 1), datetime.date(2018, 6, 30))
    """
    months = {PeriodLength.MONTH: 1, PeriodLength.QUARTER: 3, PeriodLength.YEAR: 12}[by]
    number = (day.month - 1) // months
    name = {
        PeriodLength.MONTH: f"{day:%Y-%m}",
        PeriodLength.QUARTER: f"{day:%Y}-Q{number + 1}",
        PeriodLength.YEAR: f"{day:%Y}",
    }[by]
    first, last_month = number * months + 1, (number + 1) * months
    after = date(day.year, last_month + 1, 1) if last_month < 12 else None
    end = after - timedelta(days=1) if after else date(day.year, 12, 31)
    return name, date(day.year, first, 1), end


def periods(start: date, end: date, by: PeriodLength) -> Iterator[tuple[str, date, date]]:
    """Yield the periods from the one that holds the first day to the one that holds the last."""
    while start <= end:
        name, first, last = period_of(start, by)
        yield name, first, last
        if last == date.max:
            return
        start = last + timedelta(days=1)
