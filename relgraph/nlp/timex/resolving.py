"""From the parts of a time expression to its TIMEX3 value: the resolvers that the grammar's rules may name.

Every resolver takes the matched parts and the context and returns a value, or "" where the article does not
tell or the calendar has no such day. Nothing is ever moved to a day that exists.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.timex.arithmetic import CLOCK_UNITS, existing_day, length, moved, unit_at
from relgraph.nlp.timex.calendars import lunar_to_gregorian, persian_month, persian_to_gregorian

NEAR_DAYS_OF_A_YEAR = 60
"""Within so many days of the article's date the nearest day of that name is meant, whatever the tense: the
tense word nearby may belong to another verb, and datelines are a day off."""
NEAR_DAYS_OF_A_MONTH = 5
"""The same for a day told without its month."""
NEAR_MONTHS = 1
"""The same for a month that stands alone."""
STORY_DAYS = 45
"""How far a day without its year may lie from the day of the story that it goes on with."""
MIDNIGHT = "24:00"  # as the grammar's vocabulary hands it on; the end of the day told

Value = int | float | str
Parts = Mapping[str, Value]
"""What a rule's named groups matched, read with their vocabularies: {"day": 4, "month": 9}."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Context:
    """What an expression is resolved against.

    Attributes:
        dct: the article's date; None where it is not known.
        direction: -1 where the sentence reports the past, 1 where it tells of what is to come, else 0.
        focus_day: the day told last in the article.
        focus_start: first day of the calendar time told last, of any precision.
        focus_value: that time's value.
        story_day: the day told last with its year, where it lies more than a year back and the article is
            still at it: "Ngày 8/8/2008 … ngày 12/8".
    """

    dct: date | None
    direction: int = 0
    focus_day: date | None = None
    focus_start: date | None = None
    focus_value: str = ""
    story_day: date | None = None


Resolver = Callable[[Parts, Context], str]


def constant(value: str) -> Resolver:
    """Return the resolver of a rule whose value needs no working out."""
    return lambda parts, context: value


def calendar_date(parts: Parts, context: Context) -> str:
    """Resolve a day, month, quarter, half-year, season, year, decade or century, with its time of day."""
    clock = _clock(parts)
    if "day" in parts:
        day = _day(parts, context)
    elif "day_shift" in parts:
        day = moved(context.dct, _int(parts, "day_shift"))
    elif clock:
        day = moved(context.focus_day or context.dct, _int(parts, "focus_shift"))
    else:
        return _longer_than_a_day(parts, context)
    return f"{day.isoformat()}{clock}" if day else ""


def span(parts: Parts, context: Context) -> str:
    """Resolve a span whose ends share what one of them tells: "23-24/1", "tháng 7-8/2016", "2015-2018"."""
    first = {name: parts[name] for name in ("day", "month", "year") if name in parts}
    last = {name: parts[f"{name}2"] for name in ("day", "month", "year") if f"{name}2" in parts}
    if "drift" in parts:
        last["drift"] = parts["drift"]
    end = calendar_date(last, context)
    if not end:
        return ""
    inherited = dict(zip(("year", "month"), map(int, end.split("-")), strict=False))
    if set(first) == {"year"}:
        begin = calendar_date(first, context)
    else:
        own_month = int(first.get("month", inherited["month"]))
        year = inherited["year"] - (own_month > inherited.get("month", 12))
        begin = calendar_date({"year": year, "month": own_month, **first}, context)
    return f"{begin}/{end}" if begin and begin <= end else ""


def weekday(parts: Parts, context: Context) -> str:
    """Resolve a weekday: of the week told, else the coming one in plans, else the last one."""
    if not context.dct:
        return ""
    number, shift = _int(parts, "weekday"), parts.get("week_shift", "")
    if isinstance(shift, int):
        day = moved(context.dct, number - context.dct.isoweekday() + 7 * shift)
    elif shift == "future" or (not shift and context.direction > 0):
        day = moved(context.dct, (number - context.dct.isoweekday() - 1) % 7 + 1)
    else:
        day = moved(context.dct, -((context.dct.isoweekday() - number) % 7))
    return f"{day.isoformat()}{_clock(parts)}" if day else ""


def weekend(parts: Parts, context: Context) -> str:
    """Resolve "cuối tuần": as told, else the one under way, the coming one in plans, the last in reports."""
    is_weekday = context.dct is not None and context.dct.isoweekday() < 6
    by_tense = -1 if is_weekday and context.direction <= 0 else 0
    week = unit_at(context.dct, "W", _int(parts, "shift") if "shift" in parts else by_tense)
    return f"{week}-WE" if week else ""


def week_just_gone(parts: Parts, context: Context) -> str:
    """Resolve "tuần qua": on a weekend the week that ends, else the one before."""
    ends = context.dct is not None and context.dct.isoweekday() >= 6
    return unit_at(context.dct, "W", 0 if ends else -1)


def from_document(parts: Parts, context: Context) -> str:
    """Resolve what is counted from the article's date: "tuần trước", "cách đây hai năm"."""
    return _counted(context.dct, parts, context)


def from_focus(parts: Parts, context: Context) -> str:
    """Resolve what is counted from the date in focus, or the article's where none is: "hai ngày sau đó"."""
    by_day = parts["unit"] == "D" or parts["unit"] in CLOCK_UNITS
    focus = context.focus_day if by_day else context.focus_start
    return _counted(focus or context.dct, parts, context)


def focus_time(parts: Parts, context: Context) -> str:
    """Resolve "thời điểm đó": the calendar time told last."""
    return context.focus_value


def duration(parts: Parts, context: Context) -> str:
    """Resolve a length of time: "48 giờ" PT48H, "2-3 tuần" P2W/P3W, "nhiều năm" PXY, "nửa năm" P6M."""
    unit = str(parts["unit"])
    if parts["count"] == "half":
        return str(read_lexicon("timex/context")["halves"][unit])
    counts: list[int | float | str] = [parts["count"]]
    if "half_more" in parts and not isinstance(counts[0], str):
        counts = [counts[0] + float(parts["half_more"])]
    counts += [parts["count2"]] if "count2" in parts else []
    return "/".join(length(count, unit) for count in counts)


def recurring(parts: Parts, context: Context) -> str:
    """Resolve a repetition: "hàng năm" P1Y, "thứ Năm hàng tuần" XXXX-WXX-4, "9/5 hàng năm" XXXX-05-09."""
    if "weekday" in parts:
        return f"XXXX-WXX-{parts['weekday']}"
    if "day" in parts:
        in_leap_year = existing_day(2000, _int(parts, "month"), _int(parts, "day"))
        return f"XXXX-{in_leap_year:%m-%d}" if in_leap_year else ""
    return length(parts.get("count", 1), str(parts["unit"]))


def persian(parts: Parts, context: Context) -> str:
    """Resolve a day or month of the Iranian calendar; without a year, the nearest to the document date."""
    month = _int(parts, "persian_month") or _int(parts, "persian_month_number")
    years = _years_told_or_near(parts.get("persian_year"), context, offset=-621)
    if "day" in parts:
        day = _nearest(
            _each(years, lambda year: persian_to_gregorian(year, month, _int(parts, "day"))), context
        )
        return day.isoformat() if day else ""
    starts = dict(_each(years, lambda year: persian_month(year, month)))
    first = _nearest(starts, context)
    return f"{first}/{starts[first]}" if first else ""


def lunar(parts: Parts, context: Context) -> str:
    """Resolve a day of the Vietnamese lunar calendar; without a year, the nearest to the document date."""
    month, lunar_day = _int(parts, "lunar_month"), _int(parts, "lunar_day")
    years = _years_told_or_near(parts.get("year"), context, offset=0)
    day = _nearest(_each(years, lambda year: lunar_to_gregorian(year, month, lunar_day)), context)
    return f"{day.isoformat()}{_clock(parts)}" if day else ""


RESOLVERS: dict[str, Resolver] = {
    resolver.__name__: resolver
    for resolver in (
        *(calendar_date, span, weekday, weekend, week_just_gone, from_document, from_focus, focus_time),
        *(duration, recurring, persian, lunar),
    )
}


# --- days, months and longer ------------------------------------------------------------------------------


def _day(parts: Parts, context: Context) -> date | None:
    day, month, year = _int(parts, "day"), _month(parts, context), _year(parts, context)
    if month and year:
        return existing_day(year, month, day)
    if not context.dct:
        return None
    if month and (story := _day_of_story(month, day, parts, context)):
        return story
    if month:
        days = (existing_day(context.dct.year + step, month, day) for step in (-1, 0, 1))
    else:
        months = (divmod(context.dct.year * 12 + context.dct.month - 1 + step, 12) for step in (-2, -1, 0, 1))
        days = (existing_day(found_year, found_month + 1, day) for found_year, found_month in months)
    return _chosen([found for found in days if found], parts, context)


def _day_of_story(month: int, day: int, parts: Parts, context: Context) -> date | None:
    """Return the day near ``story_day``, unless the article's date has such a day near it as well."""
    dct, story_day = context.dct, context.story_day
    if not dct or not story_day or _int(parts, "drift"):
        return None
    recent = existing_day(dct.year, month, day)
    if recent and abs((recent - dct).days) <= STORY_DAYS:
        return None
    days = (existing_day(story_day.year + step, month, day) for step in (-1, 0, 1))
    return next((found for found in days if found and abs((found - story_day).days) <= STORY_DAYS), None)


def _chosen(days: list[date], parts: Parts, context: Context) -> date | None:
    """Choose among like-named days: by "vừa qua" or "tới", else the nearest if near, else by tense."""
    dct, drift = context.dct, _int(parts, "drift")
    if not dct or not days:
        return None
    slack = timedelta(days=2)
    if drift:
        fitting = [day for day in days if (day <= dct + slack if drift < 0 else day >= dct - slack)]
        return min(fitting, key=lambda day: abs(day - dct), default=None)
    nearest = min(days, key=lambda day: abs(day - dct))
    near = NEAR_DAYS_OF_A_YEAR if "month" in parts else NEAR_DAYS_OF_A_MONTH
    if abs((nearest - dct).days) <= near:
        return nearest
    direction = context.direction or -1  # news tells of the past unless it says otherwise
    fitting = [day for day in days if (day - dct).days * direction > 0]
    return min(fitting, key=lambda day: abs(day - dct), default=nearest)


def _longer_than_a_day(parts: Parts, context: Context) -> str:
    year, month = _year(parts, context), _month(parts, context)
    if "century" in parts:
        return f"{_int(parts, 'century') - 1}XX"
    if "decade" in parts or "short_decade" in parts:
        return f"{(_int(parts, 'decade') or 1900 + _int(parts, 'short_decade')) // 10}X"
    if month:
        year = year or _year_of_month(month, parts, context)
        return f"{year:04}-{month:02}" if year and 1 <= month <= 12 else ""
    for name, label, months in (("quarter", "Q", 3), ("half", "H", 6)):
        if name in parts:
            number = _int(parts, name)
            year = year or _year_of_month(number * months, parts, context)
            return f"{year:04}-{label}{number}" if year else ""
    if "season" in parts:
        middle = {"SP": 4, "SU": 7, "FA": 10, "WI": 13}[str(parts["season"])]
        year = year or _year_of_month(middle, parts, context)
        return f"{year:04}-{parts['season']}" if year else ""
    return f"{year:04}" if year else ""


def _year_of_month(month: int, parts: Parts, context: Context) -> int | None:
    if not context.dct:
        return None
    ahead = month - context.dct.month  # months from the article's month, in its own year
    drift, direction = _int(parts, "drift"), context.direction
    if (drift < 0 and ahead > 0) or (not drift and direction < 0 and ahead > NEAR_MONTHS):
        return context.dct.year - 1
    if (drift > 0 and ahead < 0) or (not drift and direction > 0 and ahead < -NEAR_MONTHS):
        return context.dct.year + 1
    if not drift and not direction and abs(ahead) > 6:
        return context.dct.year + (1 if ahead < 0 else -1)
    return context.dct.year


def _year(parts: Parts, context: Context) -> int | None:
    if "year" in parts:
        return _int(parts, "year")
    if "short_year" in parts:
        short = _int(parts, "short_year")
        return short + (2000 if short < 50 else 1900)
    if "year_shift" in parts:
        return context.dct.year + _int(parts, "year_shift") if context.dct else None
    return None


def _month(parts: Parts, context: Context) -> int | None:
    if "month_shift" in parts and context.dct:
        return (context.dct.month - 1 + _int(parts, "month_shift")) % 12 + 1
    return _int(parts, "month") or None


def _clock(parts: Parts) -> str:
    """Return the time of day as ISO-TimeML writes it: "T15:30", "TMO" or ""."""
    daypart = str(parts.get("daypart", ""))
    if daypart == MIDNIGHT:
        return f"T{MIDNIGHT}"
    if "hour" not in parts:
        return f"T{daypart}" if daypart else ""
    hour = _int(parts, "hour")
    afternoon = daypart in ("AF", "EV") or "pm" in parts or (daypart == "NI" and hour > 5)
    if hour < 12 and (afternoon or (daypart == "MI" and hour < 6)):
        hour += 12
    elif hour == 12 and daypart == "NI":
        hour = 0
    return f"T{hour:02}:{_int(parts, 'minute'):02}"


# --- counting ---------------------------------------------------------------------------------------------


def _counted(base: date | None, parts: Parts, context: Context) -> str:
    count, unit, sign = parts.get("count", 1), str(parts["unit"]), _int(parts, "sign")
    if isinstance(count, str) and unit not in CLOCK_UNITS:
        return "FUTURE_REF" if sign > 0 and context.direction > 0 else "PAST_REF"
    steps = 0 if isinstance(count, str) or unit in CLOCK_UNITS else round(count) * sign
    return unit_at(base, unit, steps)


# --- small helpers ----------------------------------------------------------------------------------------


def _int(parts: Parts, name: str) -> int:
    return int(parts.get(name, 0))


def _years_told_or_near(told: object, context: Context, offset: int) -> list[int]:
    if isinstance(told, int):
        return [told]
    return [context.dct.year + offset + step for step in (-1, 0, 1)] if context.dct else []


def _each(years: Iterable[int], convert: Callable[[int], _T]) -> list[_T]:
    found = []
    for year in years:
        try:
            found.append(convert(year))
        except ValueError:  # the other calendar has no such day in that year
            continue
    return found


def _nearest(days: Iterable[date], context: Context) -> date | None:
    return min(days, key=lambda day: abs(day - context.dct) if context.dct else timedelta(0), default=None)
