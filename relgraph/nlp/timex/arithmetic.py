"""Calendar arithmetic that never invents a day: what does not exist is None or ""."""

from datetime import date, timedelta

CLOCK_UNITS = {"TH": "H", "TM": "M", "TS": "S"}
"""Units shorter than a day, as the grammar names them and as ISO 8601 does after "T"."""


def existing_day(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moved(day: date | None, days: int) -> date | None:
    """Return the day that lies ``days`` after ``day``; None without a day or outside the years 1 to 9999."""
    try:
        return day + timedelta(days=days) if day else None
    except OverflowError:
        return None


def unit_at(base: date | None, unit: str, steps: int) -> str:
    """Return the value of the day, week, month … that lies ``steps`` units from that of ``base``."""
    if not base:
        return ""
    if unit in ("D", "W") or unit in CLOCK_UNITS:
        day = moved(base, steps * (7 if unit == "W" else 1))
        if not day:
            return ""
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}" if unit == "W" else day.isoformat()
    months = base.year * 12 + base.month - 1 + steps * {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}[unit]
    year, month = divmod(months, 12)
    if not 1000 <= year <= 9999:
        return ""
    return {
        "M": f"{year}-{month + 1:02}",
        "Q": f"{year}-Q{month // 3 + 1}",
        "Y": f"{year}",
        "DE": f"{year // 10}X",
        "CE": f"{year // 100}XX",
    }[unit]


def length(count: int | float | str, unit: str) -> str:
    """Return a duration's value: 48 and "TH" give "PT48H", "X" and "Y" give "PXY"."""
    return f"PT{count}{CLOCK_UNITS[unit]}" if unit in CLOCK_UNITS else f"P{count}{unit}"
