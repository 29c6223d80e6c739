"""When an event happens: the times its article offers, and the evidence for each."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from relgraph.model import Interval, TimeAnchor, TimeExpression, TimexType
from relgraph.nlp.events.participants import Told
from relgraph.nlp.events.reading import Reading, Sentence, Timed
from relgraph.nlp.events.words import boundaries, clause_words

NEAR, OTHER, TWIN, KIN, VOICE, FRAME = "near", "other", "twin", "kin", "voice", "frame"
PASSED, LEAD, NEXT, MAIN, DOCUMENT = "passed", "lead", "next", "main", "document"
SLOTS = (NEAR, TWIN, VOICE, KIN, FRAME, PASSED, LEAD, OTHER, NEXT, MAIN, DOCUMENT)
_TIME_OF_DAY = re.compile(r"T.*$")
_CLOSE, _NEARBY = 2, 8  # words between a trigger and its date


@dataclass(frozen=True, slots=True)
class Time:
    """A time that an event could have.

    Attributes:
        value: ISO 8601 date or interval, without time of day.
        timex: position in the document's timexes of the expression it comes from; None for the publication date.
        anchor: where it stands in relation to the event.
    """

    value: str
    timex: int | None
    anchor: TimeAnchor


@dataclass(slots=True)
class _Dated:
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
        self._published = published.isoformat() if published else None
        self._dated = [self._dates(sentence) for sentence in reading.sentences]
        days = Counter(dated.value for dates in self._dated for dated in dates if len(dated.value) == 10)
        common = days.most_common(1)[0][0] if days else None
        self._main = next((dated for dates in self._dated for dated in dates if dated.value == common), None)
        self._lead = next((dates[0] for dates in self._dated[:4] if dates), None)

    def options(self, told: Told, earlier: Sequence[tuple[Told, Time | None]]) -> dict[str, Time]:
        """Return the times on offer by slot: in the sentence, in what came before, in the lead, publication.

        Args:
            earlier: the article's events before this one with their times.
        """
        options: dict[str, Time] = {}
        ranked = self._ranked(told)
        for slot, dated in zip((NEAR, OTHER), ranked, strict=False):
            anchor = TimeAnchor.SENTENCE if self._crosses(told, dated) else TimeAnchor.CLAUSE
            options[slot] = Time(dated.value, dated.timed.index, anchor)
        for slot, time in self._kindred(told, earlier).items():
            options[slot] = Time(time.value, time.timex, TimeAnchor.PARAGRAPH)
        number = told.sentence.number
        elsewhere = {
            PASSED: next((dates[-1] for dates in reversed(self._dated[:number]) if dates), None),
            LEAD: self._lead,
            NEXT: next((dates[0] for dates in self._dated[number + 1 : number + 3] if dates), None),
            MAIN: self._main,
        }
        for slot, place in elsewhere.items():
            if place and place not in ranked:
                options[slot] = Time(place.value, place.timed.index, TimeAnchor.PARAGRAPH)
        if self._published:
            options[DOCUMENT] = Time(self._published, None, TimeAnchor.DOCUMENT)
        return options

    def _kindred(self, told: Told, earlier: Sequence[tuple[Told, Time | None]]) -> dict[str, Time]:
        """Return the times of events that this one may be, or may be told together with."""
        found: dict[str, Time] = {}
        agents = {entity for entity, role in told.roles.items() if role == "agent"}
        for event, time in reversed(earlier):
            if time is None:
                continue
            shared = set(told.roles) & set(event.roles)
            if event.candidate.entry is told.candidate.entry and shared:
                found.setdefault(TWIN, time)
            elif event.type == told.type and shared:
                found.setdefault(KIN, time)
            if any(event.roles.get(agent) == "agent" for agent in agents):
                found.setdefault(VOICE, time)
            found.setdefault(FRAME, time)
        return found

    def evidence(self, told: Told, options: dict[str, Time], earlier: Sequence[tuple[Told, Time | None]], factuality: str) -> list[str]:
        """Return the evidence for one or the other of ``options``."""
        sentence, trigger = told.sentence, told.candidate
        kind = told.type
        names = ["always", f"type={kind}", f"word={trigger.entry.phrase}", f"factuality={factuality}",
                 f"{kind} {factuality}", f"dates here={min(2, len(self._dated[sentence.number]))}",
                 f"sentence={min(sentence.number, 4)}", f"noun={trigger.classified}", f"quoted={sentence.quoted[trigger.first]}",
                 f"offers={'+'.join(options)}"]
        for dated, slot in zip(self._ranked(told), (NEAR, OTHER), strict=False):
            names += self._position(told, dated, slot)
        for slot, time in options.items():
            names.append(f"{slot} {self._relation(time.value)}")
            names.append(f"{slot} {self._relation(time.value)} {factuality}")
            names += [f"{slot}={other}" for other, its in options.items() if other < slot and its.value == time.value]
        names += [f"left={word}" for word in sentence.sees[max(0, trigger.first - 3) : trigger.first]]
        if clause_words("earlier") & set(sentence.words):
            names.append("earlier")
        names.append(f"opening={sentence.sees[0]}")
        names += self._support(options)
        after = sentence.sees[trigger.last + 1 : trigger.last + 3]
        names += [f"after={word}" for word in after]
        if len(after) and after[0] in ("này", "trên", "nói trên", "đó"):
            names.append("definite")
        names += self._last_event(told, earlier)
        return [*names, *(f"here={bool(self._dated[sentence.number])} {name}" for name in names)]

    def _support(self, options: dict[str, Time]) -> list[str]:
        """Tell which slots offer the same time, and how many times are on offer."""
        values = Counter(time.value for time in options.values())
        best, votes = values.most_common(1)[0] if values else ("", 0)
        names = [f"times={min(4, len(values))}", f"votes={votes}"]
        names += [f"{slot} has votes={min(4, values[time.value])}" for slot, time in options.items()]
        names += [f"{slot} is best" for slot, time in options.items() if time.value == best]
        return names

    def relation(self, told: Told) -> str:
        """Return how the dates of the event's sentence lie to publication: "future", "past", "same", "none"."""
        ranked = self._ranked(told)
        return self._relation(ranked[0].value) if ranked else "none"

    def _last_event(self, told: Told, earlier: Sequence[tuple[Told, Time | None]]) -> list[str]:
        if not earlier:
            return ["first event"]
        last, time = earlier[-1]
        where = min(2, told.sentence.number - last.sentence.number)
        whence = str(time.anchor) if time else "undated"
        same = "same type" if last.type == told.type else f"{last.type} before"
        return [f"last event {where} back {whence}", f"{same} {whence}"]

    def _position(self, told: Told, dated: _Dated, slot: str) -> list[str]:
        trigger = told.candidate
        side, gap = ("before", trigger.first - dated.last - 1) if dated.timed.first < trigger.first else ("after", dated.timed.first - trigger.last - 1)
        size = "close" if gap <= _CLOSE else "nearby" if gap <= _NEARBY else "far"
        crossing = "across" if self._crosses(told, dated) else "inside"
        opening = "opening" if dated.timed.first <= 2 else ""
        between = sorted((dated.last + 1, trigger.first) if side == "before" else (trigger.last + 1, dated.timed.first))
        actors = min(2, sum(1 for actor in told.sentence.actors if between[0] <= actor.first < between[1]))
        before = told.sentence.sees[dated.timed.first - 1] if dated.timed.first else "<START>"
        return [f"{slot} {side} {size}", f"{slot} {side} {crossing}", f"{slot} {side} {opening}", f"{slot} {side} {actors} between",
                f"{slot} preceded by {before}", f"{slot} {side} {told.type}"]

    def _ranked(self, told: Told) -> list[_Dated]:
        """Return the sentence's dates, those of the trigger's clause first, then by distance."""
        trigger = told.candidate

        def distance(dated: _Dated) -> tuple[bool, int]:
            gap = trigger.first - dated.last if dated.timed.first < trigger.first else dated.timed.first - trigger.last
            return self._crosses(told, dated), gap

        return sorted(self._dated[told.sentence.number], key=distance)

    def _crosses(self, told: Told, dated: _Dated) -> bool:
        trigger, words = told.candidate, told.sentence.words
        between = words[dated.last + 1 : trigger.first] if dated.timed.first < trigger.first else words[trigger.last + 1 : dated.timed.first]
        return any(word in boundaries() for word in between)

    def _dates(self, sentence: Sentence) -> list[_Dated]:
        dates: list[_Dated] = []
        for timed in sentence.times:
            value = self._value(self._timexes[timed.index])
            if not value:
                continue
            if dates and self._bounds_one_time(sentence, dates[-1], timed):
                dates[-1].value, dates[-1].last = f"{dates[-1].value}/{value}", timed.last
            else:
                dates.append(_Dated(timed, value, timed.last))
        return dates

    def _value(self, timex: TimeExpression) -> str | None:
        if timex.type not in (TimexType.DATE, TimexType.TIME):
            return None
        if timex.value == "PRESENT_REF":
            return self._published
        value = _TIME_OF_DAY.sub("", timex.value)
        return value if Interval.from_value(value) else None

    def _bounds_one_time(self, sentence: Sentence, first: _Dated, second: Timed) -> bool:
        """Whether two expressions bound one time: "từ ngày 1 đến ngày 6/3"."""
        start = sentence.words[first.timed.first - 1] if first.timed.first else ""
        between = sentence.words[first.last + 1 : second.first]
        if "/" in first.value or start not in clause_words("span_from") or len(between) != 1:
            return False
        value = self._value(self._timexes[second.index])
        return between[0] in clause_words("span_to") and Interval.from_value(f"{first.value}/{value}") is not None

    def _relation(self, value: str) -> str:
        """Return how ``value`` lies to the publication date."""
        interval = Interval.from_value(value)
        if not interval or not self._published:
            return "unrelated"
        if value == self._published:
            return "same"
        published = date.fromisoformat(self._published)
        if interval.earliest and interval.earliest > published:
            return "future"
        if interval.latest and interval.latest < published:
            days = (published - interval.latest).days
            return f"past {interval.precision} {'days' if days <= 7 else 'long'}"
        return f"around {interval.precision}"
