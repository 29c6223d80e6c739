"""Find and resolve the time expressions of a text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

from relgraph.model import Interval, Precision, TimeExpression, TimexType
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.timex.grammar import Match, load_grammar
from relgraph.nlp.timex.resolving import Context

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CLAUSE_END = re.compile(r"[,.;:()\"“”]")
_QUOTED = re.compile(r"“[^”\n]*|\"[^\"\n]*\"?")
_NEWS_WEEK = timedelta(days=7)  # how far back the day lies that news is about
_FRESH = timedelta(days=3)  # so near to the article's date, a day stays in focus through the whole article
_YEAR = timedelta(days=365)
_ATTENTION = 2  # sentences after which a day is no longer what the text is about


def tag_time_expressions(
    text: str, dct: date | None, sentence_spans: Iterable[tuple[int, int]] | None = None
) -> tuple[TimeExpression, ...]:
    """Return the time expressions of ``text`` with their TIMEX3 values, ordered and never overlapping.

    Args:
        text: any text; offsets in the result count its characters.
        dct: the document's date, which relative and incomplete dates are resolved against. Without it what
            needs it has the value "".
        sentence_spans: start and end offsets of the stretches to read, in order; no expression crosses
            their borders. By default every line.

    >>> [timex.value for timex in tag_time_expressions("Hôm 26/1, tuần trước", date(2017, 2, 8))]
    ['2017-01-26', '2017-W05']
    """
    lines = (line.span() for line in _LINE.finditer(text))
    spans = list(lines if sentence_spans is None else sentence_spans)
    sentences = [
        _Sentence(text, span, matches)
        for span, matches in zip(spans, load_grammar().matches(text, spans), strict=True)
    ]
    reader = _Reader(dct, _news_day(sentences, dct), _DirectSpeech(text))
    return tuple(
        TimeExpression(
            start=match.start,
            end=match.end,
            text=text[match.start : match.end],
            type=match.rule.type,
            value=value,
        )
        for number, sentence in enumerate(sentences)
        for match, value in reader.read(sentence, number)
    )


class _Sentence:
    """A stretch of text with its matches and its tense words."""

    def __init__(self, text: str, span: tuple[int, int], matches: tuple[Match, ...]) -> None:
        self._text, self.matches = text, matches
        cues = tuple(_cue_words().finditer(text, *span)) if matches else ()
        self._cue_starts = [cue.start() for cue in cues]
        self._cue_ends = [cue.end() for cue in cues]
        self._tenses = [-1 if cue[1] else 1 for cue in cues]

    def direction(self, match: Match) -> int:
        """Return -1 or 1 where the tense word nearest to the match in its clause tells past or future."""
        before, after = (
            bisect_right(self._cue_ends, match.start) - 1,
            bisect_left(self._cue_starts, match.end),
        )
        near = []
        if before >= 0 and self._one_clause(self._cue_ends[before], match.start):
            near.append((match.start - self._cue_ends[before], self._tenses[before]))
        if after < len(self._tenses) and self._one_clause(match.end, self._cue_starts[after]):
            near.append((self._cue_starts[after] - match.end, self._tenses[after]))
        return min(near)[1] if near else 0

    def _one_clause(self, start: int, end: int) -> bool:
        start += self._text.startswith(",", start)  # as in "Ngày 25/12, quân đội đã …"
        return not _CLAUSE_END.search(self._text, start, end)


class _DirectSpeech:
    """The stretches of a text that stand in quotation marks; one left open ends with its line."""

    def __init__(self, text: str) -> None:
        quoted = [quote.span() for quote in _QUOTED.finditer(text)]
        self._starts, self._ends = [start for start, _ in quoted], [end for _, end in quoted]

    def __contains__(self, offset: int) -> bool:
        last = bisect_right(self._starts, offset) - 1
        return last >= 0 and offset < self._ends[last]


def _news_day(sentences: list[_Sentence], dct: date | None) -> date | None:
    """Return the day that the article tells of: the latest one it names in the week up to its own date."""
    if not dct:
        return None
    told = [
        Interval.from_value(match.rule.resolve(match.parts, Context(dct)))
        for sentence in sentences
        for match in sentence.matches
        if "day" in match.parts and "hour" not in match.parts
    ]
    days = [interval.earliest for interval in told if interval and interval.precision is Precision.DAY]
    return max((day for day in days if day and timedelta(0) <= dct - day <= _NEWS_WEEK), default=dct)


@dataclass
class _Reader:
    """Reads an article sentence by sentence and keeps the date in focus."""

    dct: date | None
    news_day: date | None
    speech: _DirectSpeech
    _focus: Context = field(default=Context(None))
    _focus_sentence: int = 0
    _story_sentence: int = 0

    def read(self, sentence: _Sentence, number: int) -> Iterable[tuple[Match, str]]:
        """Yield the expressions of one sentence with their values."""
        for match in sentence.matches:
            value = match.rule.resolve(match.parts, self._context(sentence, match, number))
            if match.rule.type in (TimexType.DATE, TimexType.TIME):
                self._put_in_focus(value, number)
                if "year" in match.parts and "day" in match.parts:
                    self._begin_story(value, number)
            yield match, value

    def _context(self, sentence: _Sentence, match: Match, number: int) -> Context:
        # what someone says in direct speech counts from the day of speaking
        spoken = self.news_day if match.start in self.speech else self.dct
        day = self._focus.focus_day
        stale = number - self._focus_sentence > _ATTENTION and self.dct and day and self.dct - day > _FRESH
        return replace(
            self._focus,
            dct=spoken,
            direction=sentence.direction(match),
            focus_day=self.news_day if stale or not day else day,
            story_day=self._focus.story_day if number - self._story_sentence <= _ATTENTION else None,
        )

    def _put_in_focus(self, value: str, number: int) -> None:
        interval = Interval.from_value(value)
        if not interval or not interval.earliest:
            return
        self._focus = replace(self._focus, focus_start=interval.earliest, focus_value=value)
        if interval.precision is Precision.DAY and not (self.dct and interval.earliest > self.dct):
            self._focus = replace(self._focus, focus_day=interval.earliest)
            self._focus_sentence = number

    def _begin_story(self, value: str, number: int) -> None:
        interval = Interval.from_value(value)
        day = interval.earliest if interval else None
        is_past = bool(self.dct and day and self.dct - day > _YEAR)
        self._focus = replace(self._focus, story_day=day if is_past else None)
        self._story_sentence = number


@cache
def _cue_words() -> re.Pattern[str]:
    words = read_lexicon("timex/context")
    past, future = ("|".join(sorted(words[tense], key=len, reverse=True)) for tense in ("past", "future"))
    return re.compile(rf"\b(?:({past})|({future}))\b", re.IGNORECASE)
