"""Publication dates: in the lines that pages print them in, and in metadata."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from relgraph.articles.rules import any_of, dateline_rules, furniture_rules
from relgraph.articles.signs import MAX_HEADLINE
from relgraph.articles.source import is_outlet

_MAX_LINE = 160
_YEARS = range(1900, 2100)
_MAX_STRAY_WORDS = 5  # "Thế giới - Nguyễn Văn A - 04:09 05/04/2018"
_MAX_PLACE_WORDS = 3  # "Hà Nội, ngày 5 tháng 4 năm 2018"
_MAX_PREFIX = 60
_WORD_BEFORE_DAY = re.compile(r"\w\s+ngày\s", re.IGNORECASE)  # "Tin thế giới ngày 20/10/2021", a headline
_MIN_HEADLINE_WORDS = 4


@dataclass(frozen=True)
class Dateline:
    """What a line says about publication.

    Attributes:
        day: the date.
        certain: a clock time, a weekday or a label beside the date shows that it is no date within a text.
        clock: a clock time stands beside the date.
        update: the line tells of a later change of the page, not of its first publication.
        text_from: where other text begins that the dateline runs on into ("04:09 05/04/2018 Iran …"); None
            where the line is nothing but a dateline.
    """

    day: date
    certain: bool
    clock: bool
    update: bool
    text_from: int | None = None


def read_dateline(line: str) -> Dateline | None:
    """Return the publication date that ``line`` gives, or None if it is not a dateline.

    A dateline holds a full date that exists, and beside it nothing but time, weekday, labels, counts and a
    few names (section, place, outlet or writer).

    >>> read_dateline("Thứ sáu, ngày 13/09/2013").day
    datetime.date(2013, 9, 13)
    >>> read_dateline("Ngày 13/9/2013, hai bộ trưởng gặp nhau ở Geneva") is None
    True
    """
    if len(line) > _MAX_LINE or not any(character.isdigit() for character in line):
        return _read_prefix(line)
    return _read_whole(line) or _read_prefix(line)


def find_dates(text: str) -> Iterator[tuple[int, int, date]]:
    """Yield start, end and value of the full dates in ``text`` in order, none that does not exist."""
    taken = 0
    found = sorted(
        (match.start(), -match.end(), match)
        for pattern in _date_patterns()
        for match in pattern.finditer(text)
    )
    for start, _, match in found:
        if start >= taken and (day := _as_date(match)):
            taken = match.end()
            yield start, taken, day


def parse_date(value: str) -> date | None:
    """Return the date that a metadata value begins with or holds, or None where it can't be read.

    >>> parse_date("2018-04-05T04:09:00+07:00"), parse_date("31/2/2018")
    (datetime.date(2018, 4, 5), None)
    """
    return next((day for _, _, day in find_dates(value[:_MAX_LINE])), None)


def _read_whole(line: str) -> Dateline | None:
    dates = list(find_dates(line))
    if not dates:
        return None
    rules = _line_rules()
    rest = line
    for start, end, _ in reversed(dates):
        rest = rest[:start] + " | " + rest[end:]
    update = rules.update.search(line[: dates[0][0]]) is not None
    rest, clocks = rules.clock.subn(" | ", rest)
    rest, marks = rules.marks.subn(" | ", rest)
    rest = rules.fillers.sub(" | ", rest)
    certain = clocks + marks > 0
    if not certain and _WORD_BEFORE_DAY.search(line):
        return None
    place_before = line[: dates[0][0]].rstrip().endswith(",")
    if not _may_stand_beside_a_date(rest, _MAX_STRAY_WORDS if certain else _MAX_PLACE_WORDS * place_before):
        return None
    return Dateline(dates[0][2], certain, clocks > 0, update)


def _read_prefix(line: str) -> Dateline | None:
    """Read date and clock time that run on into a headline, as where a page lost its line breaks."""
    begin = line[:_MAX_PREFIX]
    dates = list(find_dates(begin))
    if not dates or len(line) > _MAX_PREFIX + MAX_HEADLINE:
        return None
    start, end, day = dates[0]
    before, after = begin[:start].strip(" |,-"), begin[end:].lstrip(" |,-")
    if not before and (clock := _line_rules().clock.match(after)):
        text_from = len(begin) - len(after) + clock.end()
    elif before and _line_rules().clock.fullmatch(before):
        text_from = end
    else:
        return None
    text_from = len(line) - len(line[text_from:].lstrip(" |,-:"))
    if len(line[text_from:].split()) < _MIN_HEADLINE_WORDS:
        return None
    return Dateline(day, certain=True, clock=True, update=False, text_from=text_from)


def _may_stand_beside_a_date(rest: str, max_words: int) -> bool:
    """Whether what is left of a line without its date is only names: sections, outlets, a place, a writer.

    Args:
        rest: the line without date, time, weekday and labels.
        max_words: how many capitalised words may stand there that are no known section or outlet.
    """
    parts = [
        part.strip(" .:'\"*•[](){}") for part in re.split(r"[|,;·•–—/>»]|\s-\s|(?<=\w)-\s|\s-(?=\w)", rest)
    ]
    names = [part for part in parts if re.search(r"\w", part)]
    unknown = [name for name in names if not (name.lower() in furniture_rules().sections or is_outlet(name))]
    words = [word for name in unknown for word in name.split()]
    return len(words) <= max_words and all(word[0].isupper() or not word[0].isalpha() for word in words)


@dataclass(frozen=True)
class _LineRules:
    clock: re.Pattern[str]
    marks: re.Pattern[str]
    update: re.Pattern[str]
    fillers: re.Pattern[str]


@cache
def _line_rules() -> _LineRules:
    rules = dateline_rules()
    return _LineRules(
        clock=any_of([rules.clock]),
        marks=any_of([rules.weekday, *rules.labels, *rules.update_labels]),
        update=any_of(rules.update_labels),
        fillers=any_of(rules.fillers),
    )


@cache
def _date_patterns() -> tuple[re.Pattern[str], ...]:
    longest_first = sorted(dateline_rules().months, key=len, reverse=True)
    month_names = "|".join(map(re.escape, longest_first))
    return tuple(
        re.compile(rule.pattern.replace("{month_names}", month_names), re.IGNORECASE)
        for rule in dateline_rules().dates
    )


def _as_date(match: re.Match[str]) -> date | None:
    name = match["month"]
    month = int(name) if name.isdigit() else dateline_rules().months[name.lower()]
    year = int(match["year"])
    try:
        return date(year, month, int(match["day"])) if year in _YEARS else None
    except ValueError:  # a day that no calendar has, such as 31/2
        return None
