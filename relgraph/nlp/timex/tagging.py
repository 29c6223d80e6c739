"""Find and resolve the time expressions of a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from relgraph.model import Interval, Precision, TimeExpression, TimexType
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.timex.grammar import Match, load_grammar
from relgraph.nlp.timex.resolving import RESOLVERS, Context

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ODD_SPACES = {ord(space): " " for space in "\t\u00a0\u2007\u2009\u202f\u3000"}


def tag_time_expressions(
    text: str, dct: date | None, sentence_spans: Iterable[tuple[int, int]] | None = None
) -> tuple[TimeExpression, ...]:
    """Return the time expressions of ``text`` with their TIMEX3 values, ordered and never overlapping.

    Args:
        text: any text; offsets in the result count its characters.
        dct: the document's date, which relative and incomplete dates are resolved against. Without it what needs
            it has the value "".
        sentence_spans: start and end offsets of the stretches to read, in order; no expression crosses their
            borders. By default every line.

    >>> [(found.text, found.value) for found in tag_time_expressions("Hôm 26/1, tuần trước", date(2017, 2, 8))]
    [('Hôm 26/1', '2017-01-26'), ('tuần trước', '2017-W05')]
    """
    spans = sentence_spans if sentence_spans is not None else (line.span() for line in _LINE.finditer(text))
    readable = text.translate(_ODD_SPACES)
    reader = _Reader(dct)
    return tuple(
        TimeExpression(
            start=match.start, end=match.end, text=text[match.start : match.end], type=match.rule.type, value=value
        )
        for start, end in spans
        for match, value in reader.read(readable, start, end)
    )


@dataclass
class _Reader:
    """Reads an article sentence by sentence and keeps the date in focus."""

    dct: date | None
    _context: Context = field(init=False)

    def __post_init__(self) -> None:
        self._context = Context(self.dct)

    def read(self, text: str, start: int, end: int) -> Iterable[tuple[Match, str]]:
        """Yield the expressions of one sentence with their values."""
        self._context = replace(self._context, year=None)
        cues: list[tuple[int, int]] | None = None
        for match in load_grammar().matches(text, start, end):
            if match.rule.value is not None:
                yield match, match.rule.value
                continue
            cues = _cues(text, start, end) if cues is None else cues
            context = replace(self._context, direction=_direction(cues, match))
            value = RESOLVERS[match.rule.resolve or ""](match.parts, context)
            if match.rule.type in (TimexType.DATE, TimexType.TIME):
                self._put_in_focus(value, match)
            yield match, value

    def _put_in_focus(self, value: str, match: Match) -> None:
        interval = Interval.from_value(value)
        if not interval or not interval.earliest:
            return
        is_day = interval.precision is Precision.DAY
        told_year = match.parts.get("year") if interval.precision is not Precision.INTERVAL else None
        self._context = replace(
            self._context,
            focus_day=interval.earliest if is_day else self._context.focus_day,
            focus_start=interval.earliest,
            focus_value=value,
            year=int(told_year) if told_year and match.rule.name == "year" else self._context.year,
        )


@cache
def _cue_words() -> re.Pattern[str]:
    words = read_lexicon("timex/context")
    past, future = ("|".join(sorted(words[tense], key=len, reverse=True)) for tense in ("past", "future"))
    return re.compile(rf"\b(?:({past})|({future}))\b", re.IGNORECASE)


def _cues(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where a sentence's tense words stand, and -1 for past or 1 for future."""
    return [(cue.start(), -1 if cue[1] else 1) for cue in _cue_words().finditer(text, start, end)]


def _direction(cues: list[tuple[int, int]], match: Match) -> int:
    def distance(cue: tuple[int, int]) -> int:
        return match.start - cue[0] if cue[0] < match.start else cue[0] - match.end

    outside = [cue for cue in cues if not match.start <= cue[0] < match.end]
    return min(outside, key=distance)[1] if outside else 0
