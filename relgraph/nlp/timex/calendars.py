"""Persian and Vietnamese lunar dates in the Gregorian calendar, by published arithmetic (no ephemeris files).

Both are small closed algorithms; the libraries that offer them either cover one calendar only or compute the
Chinese calendar, whose new moons fall on Beijing's days and not on Hanoi's.
"""

import math
from datetime import date, timedelta

HANOI_UTC_OFFSET = 7.0  # hours; the Vietnamese calendar's meridian since 1968

# fmt: off
_PERSIAN_BREAKS = (
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181,
    1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178,
)
# fmt: on
"""Years at which the rhythm of the Persian leap years changes (Borkowski)."""
_UNIX_EPOCH_JDN = 2440588  # Julian day number of 1970-01-01
_SYNODIC_MONTH = 29.530588853  # days
_NEW_MOON_1900_JD = 2415021.076998695


def persian_to_gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a date in the Iranian (Solar Hijri) calendar.

    Method: K. M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and Planets 74 (1996).

    Raises:
        ValueError: the calendar has no such day.

    >>> persian_to_gregorian(1397, 1, 1), persian_to_gregorian(1357, 11, 22)
    (datetime.date(2018, 3, 21), datetime.date(1979, 2, 11))
    """
    new_year, is_leap = _nowruz(year)
    lengths = [31] * 6 + [30] * 5 + [30 if is_leap else 29]
    if not (1 <= month <= 12 and 1 <= day <= lengths[month - 1]):
        raise ValueError(f"the Persian calendar has no day {day}/{month}/{year}")
    return new_year + timedelta(days=sum(lengths[: month - 1]) + day - 1)


def persian_month(year: int, month: int) -> tuple[date, date]:
    """Return the first and last Gregorian day of a month of the Iranian calendar.

    >>> persian_month(1396, 10)
    (datetime.date(2017, 12, 22), datetime.date(2018, 1, 20))
    """
    first = persian_to_gregorian(year, month, 1)
    following = persian_to_gregorian(year + month // 12, month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def _nowruz(year: int) -> tuple[date, bool]:
    """Return the Gregorian day of 1 Farvardin and whether the Persian year has 366 days."""
    if not _PERSIAN_BREAKS[0] <= year < _PERSIAN_BREAKS[-1]:
        raise ValueError(f"the Persian year {year} is out of range")
    leaps, previous = -14, _PERSIAN_BREAKS[0]
    for following in _PERSIAN_BREAKS[1:]:
        jump = following - previous
        if year < following:
            break
        leaps += jump // 33 * 8 + jump % 33 // 4
        previous = following
    since = year - previous
    leaps += since // 33 * 8 + (since % 33 + 3) // 4
    if jump % 33 == 4 and jump - since == 4:
        leaps += 1
    gregorian_year = year + 621
    gregorian_leaps = gregorian_year // 4 - (gregorian_year // 100 + 1) * 3 // 4 - 150
    march_day = 20 + leaps - gregorian_leaps
    if jump - since < 6:
        since += (jump + 4) // 33 * 33 - jump
    is_leap = ((since + 1) % 33 - 1) % 4 == 0 and (since + 1) % 33 != 0
    return date(gregorian_year, 3, 1) + timedelta(days=march_day - 1), is_leap


def lunar_to_gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a date in the Vietnamese lunar calendar (never in a leap month).

    Method: Hồ Ngọc Đức, "Thuật toán tính âm lịch" (2004), after J. Meeus, Astronomical Algorithms (1991).

    Raises:
        ValueError: the calendar has no such day.

    >>> lunar_to_gregorian(2018, 1, 1), lunar_to_gregorian(2017, 1, 15)
    (datetime.date(2018, 2, 16), datetime.date(2017, 2, 11))
    """
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(f"the lunar calendar has no day {day}/{month}/{year}")
    earlier, later = (year - 1, year) if month < 11 else (year, year + 1)
    start, end = _eleventh_month(earlier), _eleventh_month(later)
    months_on = (month - 11) % 12
    moons = int(0.5 + (start - _NEW_MOON_1900_JD) / _SYNODIC_MONTH)
    if end - start > 365 and months_on >= _leap_position(start):
        months_on += 1
    first = _new_moon(moons + months_on)
    if day > _new_moon(moons + months_on + 1) - first:
        raise ValueError(f"the lunar month {month}/{year} has no day {day}")
    return date(1970, 1, 1) + timedelta(days=first + day - 1 - _UNIX_EPOCH_JDN)


def _new_moon(number: int) -> int:
    """Return the Julian day number, at Hanoi, of the new moon ``number`` lunations after 1900-01-01."""
    t = number / 1236.85
    t2, t3, rad = t * t, t * t * t, math.pi / 180
    mean = 2415020.75933 + 29.53058868 * number + 0.0001178 * t2 - 0.000000155 * t3
    mean += 0.00033 * math.sin((166.56 + 132.87 * t - 0.009173 * t2) * rad)
    sun = 359.2242 + 29.10535608 * number - 0.0000333 * t2 - 0.00000347 * t3
    moon = 306.0253 + 385.81691806 * number + 0.0107306 * t2 + 0.00001236 * t3
    node = 21.2964 + 390.67050646 * number - 0.0016528 * t2 - 0.00000239 * t3
    terms = (
        (0.1734 - 0.000393 * t, sun),
        (0.0021, 2 * sun),
        (-0.4068, moon),
        (0.0161, 2 * moon),
        (-0.0004, 3 * moon),
        (0.0104, 2 * node),
        (-0.0051, sun + moon),
        (-0.0074, sun - moon),
        (0.0004, 2 * node + sun),
        (-0.0004, 2 * node - sun),
        (-0.0006, 2 * node + moon),
        (0.0010, 2 * node - moon),
        (0.0005, 2 * moon + sun),
    )
    correction = sum(size * math.sin(angle * rad) for size, angle in terms)
    delta_t = -0.000278 + 0.000265 * t + 0.000262 * t2  # valid after 800 CE
    return int(mean + correction - delta_t + 0.5 + HANOI_UTC_OFFSET / 24)


def _solar_term(day_number: int) -> int:
    """Return the sun's longitude at the start of a Hanoi day, in twelfths of the circle from 0."""
    t = (day_number - 2451545.5 - HANOI_UTC_OFFSET / 24) / 36525
    t2, rad = t * t, math.pi / 180
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t2 - 0.00000048 * t * t2) * rad
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t2) * math.sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * math.sin(2 * anomaly) + 0.000290 * math.sin(3 * anomaly)
    return int(longitude % 360 // 30)


def _eleventh_month(year: int) -> int:
    """Return the Julian day number on which the lunar month with the winter solstice begins."""
    last_day = (date(year, 12, 31) - date(1970, 1, 1)).days + _UNIX_EPOCH_JDN
    moon = int((last_day - 2415021) / _SYNODIC_MONTH)
    start = _new_moon(moon)
    return _new_moon(moon - 1) if _solar_term(start) >= 9 else start


def _leap_position(eleventh_month: int) -> int:
    """Return which month after the eleventh is the leap one: the first without a major solar term."""
    moon = int((eleventh_month - _NEW_MOON_1900_JD) / _SYNODIC_MONTH + 0.5)
    position = 1
    previous, term = -1, _solar_term(_new_moon(moon + 1))
    while term != previous and position < 14:
        position += 1
        previous, term = term, _solar_term(_new_moon(moon + position))
    return position - 1
