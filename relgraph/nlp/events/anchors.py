"""When an event happens: the times its article offers, and the evidence for each.

On offer are the dates of the sentences around, the article's first and commonest recent ones, the times of
the events already dated, the publication date, and "undated". Each has evidence of its own (where it stands
in relation to the trigger, which events have it, how it lies to publication), and the likeliest is chosen.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeAlias

from relgraph.model import EventType, Interval, TimeAnchor, TimeExpression, TimexType
from relgraph.nlp.events.choice import Choice
from relgraph.nlp.events.participants import AGENT, Told, events_between
from relgraph.nlp.events.reading import Reading, Sentence, Timed
from relgraph.nlp.events.words import boundaries, clause_words

_TIME_OF_DAY = re.compile(r"T.*$")
_CLOSE, _NEARBY = 2, 8  # words between a trigger and its date
_OWN_BEFORE, _OWN_AFTER = 1, 3  # words between a trigger and the date that is surely its own
_OPENING = 2  # position up to which a date opens its sentence
_SURE = 0.87  # share of such dates in the annotation, beside the trigger or opening, that are the event's
_DAYS_OF_NEWS = 7
_WINDOW = 40  # sentences either side whose dates are on offer: all of a usual article
_MEMORY = 100  # events back whose times are on offer
_LEAD = 3  # number of the last sentence of an article's lead

# How a time lies to the day of publication: it is that day, ended in the week before, ended earlier, holds it
# or is still to come; the last where either is not known.
RELATIONS = ("same", "past days", "past long", "around", "future", "unrelated")
SUPPLIES = ("date of its own", "dates here", "no date here")
STANDINGS = ("noun", "first here", "under speech", "after another")
PARTS = ("headline", "lead", "body")


def without_time_of_day(value: str | None) -> str | None:
    """Return a TIMEX3 value at day precision or coarser, a weekend as its two days.

    >>> without_time_of_day("2018-04-04TMO")
    '2018-04-04'
    >>> without_time_of_day("2017-W05-WE")
    '2017-02-04/2017-02-05'
    """
    if value and value.endswith("-WE") and (interval := Interval.from_value(value)):
        return interval.edtf
    return _TIME_OF_DAY.sub("", value) if value else None


def dated_value(timex: TimeExpression, published: date | None) -> str | None:
    """Return the time that an expression gives to an event, at day precision or coarser; None for none."""
    if timex.type not in (TimexType.DATE, TimexType.TIME):
        return None
    if timex.value == "PRESENT_REF":
        return published.isoformat() if published else None
    value = without_time_of_day(timex.value)
    return value if Interval.from_value(value) else None


def relation(value: str, published: date | None) -> str:
    """Return which of ``RELATIONS`` a time has to the day of publication."""
    interval = Interval.from_value(value)
    if not interval or not published:
        return "unrelated"
    if interval.earliest == interval.latest == published:
        return "same"
    if interval.earliest and interval.earliest > published:
        return "future"
    if interval.latest and interval.latest < published:
        return "past days" if (published - interval.latest).days <= _DAYS_OF_NEWS else "past long"
    return "around"


@dataclass(frozen=True, slots=True)
class Time:
    """A time that an event could have.

    Attributes:
        value: ISO 8601 date or interval, without time of day.
        timex: position in the document's timexes of its expression; None for the publication date.
        anchor: where it stands in relation to the event.
    """

    value: str
    timex: int | None
    anchor: TimeAnchor

    @classmethod
    def elsewhere(cls, value: str) -> "Time":
        """Return a time that an annotator gave and no expression on offer tells."""
        return cls(value, None, TimeAnchor.PARAGRAPH)


@dataclass(slots=True)
class Option:
    """A time on offer (None: undated) and what speaks for it."""

    time: Time | None
    evidence: list[str] = field(default_factory=list)


Dated: TypeAlias = tuple[Told, Time | None]


@dataclass(slots=True)
class _Date:
    """A dated expression of a sentence; ``last`` reaches to the second bound where two bound one time."""

    timed: Timed
    value: str
    last: int


class TimeReader:
    """Offers an event the times of its article.

    Args:
        timexes: the document's time expressions.
        published: the article's date; None where nobody tells.
    """

    def __init__(self, reading: Reading, timexes: Sequence[TimeExpression], published: date | None) -> None:
        self._timexes = timexes
        self.published = published
        self._sentences = reading.sentences
        self._dated = [self._dates(sentence) for sentence in reading.sentences]
        everywhere = [(n, dated) for n, dates in enumerate(self._dated) for dated in dates]
        self._count = Counter(dated.value for _, dated in everywhere)
        self._first = {dated.value: (n, dated) for n, dated in reversed(everywhere)}
        recent = Counter(dated.value for _, dated in everywhere if self._is_recent(dated.value))
        self._lead = next(iter(recent), None)
        self._main = max(recent, key=recent.__getitem__, default=None)

    def options(self, told: Told, earlier: Sequence[Dated]) -> dict[str | None, Option]:
        """Return the times on offer by value (None: undated), each with its evidence.

        Args:
            earlier: the article's events before this one with their times.
        """
        here = self._dated[told.sentence.number]
        offer: dict[str, Option] = {}
        for dated in sorted(here, key=lambda dated: self._distance(told, dated)):
            anchor = TimeAnchor.SENTENCE if self._crosses(told, dated) else TimeAnchor.CLAUSE
            option = offer.setdefault(dated.value, Option(Time(dated.value, dated.timed.index, anchor)))
            option.evidence += self._position(told, dated, here)
        for value, clue in self._elsewhere(told):
            _, dated = self._first[value]
            offer.setdefault(
                value, Option(Time(value, dated.timed.index, TimeAnchor.PARAGRAPH))
            ).evidence.append(clue)
        for time, clue in _kindred(told, earlier):
            anchor = TimeAnchor.DOCUMENT if time.timex is None else TimeAnchor.PARAGRAPH
            option = offer.setdefault(time.value, Option(Time(time.value, time.timex, anchor)))
            option.evidence.append(clue)
        for value, clue in zip(self.of_publication, ("publication", "month of publication"), strict=False):
            offer.setdefault(value, Option(Time(value, None, TimeAnchor.DOCUMENT))).evidence.append(clue)
        situation = self.situation(told, earlier)
        for value, option in offer.items():
            option.evidence += [f"lies {self._relation(value)}", f"recent={self._is_recent(value)}"]
            option.evidence += [
                f"{name} if {circumstance}" for name in option.evidence for circumstance in situation
            ]
        circumstances = (*situation, *self._undated(told, earlier, bool(here)))
        undated = Option(None, [f"undated if {name}" for name in circumstances])
        options: dict[str | None, Option] = {None: undated}
        options.update(offer)
        return options

    def situation(self, told: Told, earlier: Sequence[Dated]) -> tuple[str, str, str, str, str]:
        """Return an event's type, factuality, supply of dates (``SUPPLIES``), standing in its sentence
        (``STANDINGS``) and part of the article (``PARTS``)."""
        supply = self._supply(told, self._dated[told.sentence.number])
        return told.type, told.factuality, supply, _standing(told, earlier), _part(told.sentence)

    def odds(
        self, told: Told, options: Mapping[str | None, Option], choice: Choice
    ) -> Mapping[str | None, float]:
        """Return the probability of each time on offer by the log-linear model.

        A time that stands right beside the trigger is nearly certain, and so is one that opens its sentence.
        """
        if own := self.own(told) or self._opening(told):
            return {own: _SURE}
        return choice.rank({value: option.evidence for value, option in options.items()})

    @cached_property
    def places(self) -> dict[str, list[tuple[int, int, int]]]:
        """Where each dated value stands: number of the sentence, start and end in the text."""
        found: dict[str, list[tuple[int, int, int]]] = {}
        for sentence, dates in zip(self._sentences, self._dated, strict=True):
            for dated in dates:
                place = (sentence.number, sentence.starts[dated.timed.first], sentence.ends[dated.last])
                found.setdefault(dated.value, []).append(place)
        return found

    def lies_ahead(self, value: str) -> bool:
        """Tell whether a time begins after the day of publication."""
        return self._relation(value) == "future"

    def own(self, told: Told) -> str | None:
        """Return the date that stands right beside the trigger in its clause, with no other event between.

        However far back it lies, it is the event's (``_SURE``).
        """
        here = self._dated[told.sentence.number]
        dated = min(here, key=lambda dated: self._distance(told, dated), default=None)
        if dated is None or self._crosses(told, dated) or _events_between(told, dated):
            return None
        reach = _OWN_BEFORE if dated.timed.first < told.candidate.first else _OWN_AFTER
        if self._distance(told, dated) - 1 > reach:
            return None
        return dated.value

    def _opening(self, told: Told) -> str | None:
        """Return the date that opens the trigger's sentence ("Ngày 12/10, …") before any other event."""
        here = self._dated[told.sentence.number]
        first = here[0] if here else None
        if first is None or not first.timed.first <= _OPENING or first.last >= told.candidate.first:
            return None
        if not self._crosses(told, first) or _events_between(told, first):
            return None
        return first.value

    def _supply(self, told: Told, here: Sequence[_Date]) -> str:
        """Tell whether the sentence has a date, and one with no other event between it and the trigger."""
        if any(_events_between(told, dated) == 0 for dated in here):
            return "date of its own"
        return "dates here" if here else "no date here"

    def relation(self, told: Told) -> str:
        """Return how the nearest date of the event's sentence lies to publication ("future", "same" …)."""
        here = self._dated[told.sentence.number]
        nearest = min(here, key=lambda dated: self._distance(told, dated), default=None)
        return self._relation(nearest.value) if nearest else "none"

    @cached_property
    def of_publication(self) -> tuple[str, ...]:
        """The day of publication, and its month: all that is known of much recent news; empty if unknown."""
        day = self.published.isoformat() if self.published else ""
        return (day, day[: len("2018-04")]) if day else ()

    def _undated(self, told: Told, earlier: Sequence[Dated], date_here: bool) -> list[str]:
        sentence, trigger = told.sentence, told.candidate
        names = [
            "always",
            told.factuality,
            f"{told.type} {told.factuality}",
            f"date here={date_here}",
            f"{told.type} date here={date_here}",
            f"word={trigger.entry.phrase}",
            f"noun={trigger.classified}",
            f"headline={sentence.headline}",
            f"quoted={sentence.quoted[trigger.first]}",
            f"opening={sentence.sees[0]}",
            f"dates={min(3, len(self._count))}",
        ]
        names += [f"left={word}" for word in sentence.sees[max(0, trigger.first - 3) : trigger.first]]
        names += [f"right={word}" for word in sentence.sees[trigger.last + 1 : trigger.last + 3]]
        if clause_words("earlier") & set(sentence.words):
            names.append("earlier")
        undated = [time is None for _, time in earlier[-_MEMORY:]]
        if undated:
            names += [f"last undated={undated[-1]}", f"{told.type} last undated={undated[-1]}"]
            names.append(f"share undated={round(3 * sum(undated) / len(undated))}")
        twins = [time for event, time in earlier[-_MEMORY:] if event.candidate.entry is told.candidate.entry]
        if twins:
            names.append(f"twin undated={twins[-1] is None}")
        return names

    def _elsewhere(self, told: Told) -> Iterator[tuple[str, str]]:
        """Yield the dates of other sentences, each with what speaks for it."""
        number = told.sentence.number
        start = max(0, number - _WINDOW)
        around = [dated.value for dates in self._dated[start : number + _WINDOW] for dated in dates]
        for value in dict.fromkeys(around):
            first, _ = self._first[value]
            yield value, f"named {_steps(first - number)}"
            yield value, f"named {min(3, self._count[value])} times"
        passed = [dated.value for dates in self._dated[start:number] for dated in dates]
        if passed:
            yield passed[-1], "last passed"
            recent = next((value for value in reversed(passed) if self._is_recent(value)), None)
            if recent:
                yield recent, "last recent passed"
        for back in (1, 2):
            if number >= back:
                for dated in self._dated[number - back]:
                    yield dated.value, f"{back} back"
                    if dated.timed.first <= _OPENING:
                        yield dated.value, f"opens {back} back"
        for dated in (dated for dates in self._dated[number + 1 : number + 3] for dated in dates):
            yield dated.value, "soon after"
        if self._lead:
            yield self._lead, "first recent"
        if self._main:
            yield self._main, "commonest recent"

    def _position(self, told: Told, dated: _Date, here: Sequence[_Date]) -> list[str]:
        """Describe where a date of the trigger's sentence stands."""
        trigger, timed = told.candidate, dated.timed
        left = timed.first < trigger.first
        side = "before" if left else "after"
        first, last = (dated.last + 1, trigger.first) if left else (trigger.last + 1, timed.first)
        size = "close" if last - first <= _CLOSE else "nearby" if last - first <= _NEARBY else "far"
        crossing = "across" if self._crosses(told, dated) else "inside"
        rank = sum(
            1
            for other in here
            if (other.timed.first < trigger.first) == left
            and self._distance(told, other) < self._distance(told, dated)
        )
        actors = min(2, sum(1 for actor in told.sentence.actors if first <= actor.first < last))
        before = told.sentence.sees[timed.first - 1] if timed.first else "<START>"
        names = [
            f"{side} {size}",
            f"{side} {crossing}",
            f"{side} {crossing} rank={rank}",
            f"{side} {crossing} {actors} actors",
            f"{side} after {before}",
            f"{side} {told.candidate.entry.phrase}",
        ]
        events = _events_between(told, dated)
        names += [f"{side} {events} events", f"{side} {crossing} {events} events"]
        if timed.first <= _OPENING:
            names += [f"opens {crossing} rank={rank}", f"opens {events} events"]
        if len(here) == 1:
            names.append("only date here")
        return names

    def _distance(self, told: Told, dated: _Date) -> int:
        trigger = told.candidate
        if dated.timed.first < trigger.first:
            return trigger.first - dated.last
        return dated.timed.first - trigger.last

    def _crosses(self, told: Told, dated: _Date) -> bool:
        trigger, words = told.candidate, told.sentence.words
        left = dated.timed.first < trigger.first
        between = (
            words[dated.last + 1 : trigger.first] if left else words[trigger.last + 1 : dated.timed.first]
        )
        return any(word in boundaries() for word in between)

    def _is_recent(self, value: str) -> bool:
        """Whether the time is of the days around publication, as what the news reports is."""
        interval = Interval.from_value(value)
        if not interval or not interval.earliest or not interval.latest:
            return False
        if (interval.latest - interval.earliest).days > _DAYS_OF_NEWS:
            return False
        return not self.published or abs((self.published - interval.latest).days) <= _DAYS_OF_NEWS

    def _dates(self, sentence: Sentence) -> list[_Date]:
        dates: list[_Date] = []
        for timed in sentence.times:
            value = dated_value(self._timexes[timed.index], self.published)
            if not value:
                continue
            if dates and self._bounds_one_time(sentence, dates[-1], timed):
                dates[-1].value, dates[-1].last = f"{dates[-1].value}/{value}", timed.last
            else:
                dates.append(_Date(timed, value, timed.last))
        return dates

    def _bounds_one_time(self, sentence: Sentence, first: _Date, second: Timed) -> bool:
        """Whether two expressions bound one time: "từ ngày 1 đến ngày 6/3"."""
        start = sentence.words[first.timed.first - 1] if first.timed.first else ""
        between = sentence.words[first.last + 1 : second.first]
        if "/" in first.value or start not in clause_words("span_from") or len(between) != 1:
            return False
        value = dated_value(self._timexes[second.index], self.published)
        return (
            between[0] in clause_words("span_to")
            and Interval.from_value(f"{first.value}/{value}") is not None
        )

    def _relation(self, value: str) -> str:
        """Return how ``value`` lies to the publication date, with its precision where that matters."""
        found = relation(value, self.published)
        interval = Interval.from_value(value)
        if interval and found.startswith("past "):
            return found.replace("past", f"past {interval.precision}")
        return f"around {interval.precision}" if interval and found == "around" else found


def date_in_order(
    events: Sequence[Told], date: Callable[[int, Sequence[Dated]], Time | None]
) -> list[Time | None]:
    """Return each event's time. The headline's events come last, since the text below dates them.

    Args:
        date: gives the time of an event by its position and the events dated before it, the nearest last.
    """
    found: list[Time | None] = [None] * len(events)
    body: list[Dated] = []
    for i, event in enumerate(events):
        if not event.sentence.headline:
            found[i] = date(i, body)
            body.append((event, found[i]))
    for i, event in enumerate(events):
        if event.sentence.headline:
            found[i] = date(i, body[::-1])
    return found


def _events_between(told: Told, dated: _Date) -> int:
    left, right = sorted((dated.timed.first, told.candidate.head))
    return events_between(told, left, right)


def _part(sentence: Sentence) -> str:
    """Tell which part of the article the sentence belongs to."""
    return "headline" if sentence.headline else "lead" if sentence.number <= _LEAD else "body"


def _standing(told: Told, earlier: Sequence[Dated]) -> str:
    """Describe the trigger's place in its sentence: a noun, the first event told there, or one under it."""
    if told.candidate.classified:
        return "noun"
    above = [event for event, _ in earlier if event.sentence is told.sentence]
    if not above:
        return "first here"
    return "under speech" if above[-1].type == EventType.STATE else "after another"


def _kindred(told: Told, earlier: Sequence[Dated]) -> Iterator[tuple[Time, str]]:
    """Yield the times of events that this one may be, or may be told together with."""
    agents = {entity for entity, role in told.roles.items() if role == AGENT}
    seen: set[str] = set()
    for event, time in reversed(earlier[-_MEMORY:]):
        if time is None:
            continue
        shared = "sharing" if set(told.roles) & set(event.roles) else "apart"
        clues = [f"of last event {_steps(event.sentence.number - told.sentence.number)}"] if not seen else []
        if event.candidate.entry is told.candidate.entry:
            clues.append(f"of same word {shared}")
        if event.type == told.type:
            clues.append(f"of same type {shared}")
        if any(event.roles.get(agent) == AGENT for agent in agents):
            clues.append("of same agent")
        for clue in clues:
            if clue not in seen:
                seen.add(clue)
                yield time, clue


def _steps(sentences: int) -> str:
    """Describe how many sentences away something is."""
    return "here" if sentences == 0 else f"{max(-3, min(2, sentences)):+d}"
