"""The spaCy component that reads events: triggers, roles, factuality, time, then repeated mentions."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from relgraph.model import (
    EntityType,
    EventMention,
    EventType,
    Factuality,
    Participant,
    Role,
    Span,
)
from relgraph.nlp.events.anchors import Dated, Option, Time, TimeReader, date_in_order
from relgraph.nlp.events.chains import link_repeats
from relgraph.nlp.events.choice import NONE, Choice, Weights
from relgraph.nlp.events.factuality import UNREAL, FactualityCues
from relgraph.nlp.events.founding import CONFIDENCE, roles_in_founding
from relgraph.nlp.events.participants import (
    PLACE,
    ROLES,
    Told,
    find_source,
    method_of,
    role_evidence,
    tell_of_each_other,
)
from relgraph.nlp.events.reading import Reading
from relgraph.nlp.events.triggers import TriggerLexicon, judged_phrases
from relgraph.nlp.lexicon import read_lexicon

WEIGHTS = Path(__file__).parents[1] / "lexicon" / "event_weights.json"
REQUIRED = (
    "doc.sents",
    "token.tag",
    "doc._.mentions",
    "doc._.entities",
    "doc._.nominals",
    "doc._.timexes",
)
_PLACES = (EntityType.GPE, EntityType.LOC, EntityType.FAC)


R = TypeVar("R", bound=Reading)


@cache
def shipped_weights() -> Mapping[str, Weights]:
    """Return the weights that the package carries, by decision: "trigger", "role", "factuality", "time"."""
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]  # type: ignore[no-any-return]


class EventReaderBase(ABC, Generic[R]):
    """Sets ``doc._.events`` and mirrors the triggers into ``doc.spans["triggers"]``.

    Four decisions are taken by weighted evidence (`relgraph.nlp.events.choice`): which words of the lexicon
    are triggers and of what type, which entities play which role, whether the event is presented as fact, and
    which of the article's times is its own. An event's confidence is the probability that the first decision
    gives to the type chosen, so it counts both the word's doubts and its context's.

    Args:
        trigger_threshold: least probability at which a word of the lexicon is an event's trigger.
        role_threshold: least probability at which an entity plays a role.
        weights: the decisions' weights; by default those that the package carries.
    """

    def __init__(
        self,
        *,
        trigger_threshold: float = 0.45,
        role_threshold: float = 0.4,
        weights: Mapping[str, Weights] | None = None,
    ) -> None:
        weights = weights or shipped_weights()
        self._lexicon = TriggerLexicon(read_lexicon("triggers"))
        self._cues = FactualityCues(read_lexicon("factuality"))
        self._trigger = Choice(weights["trigger"])
        self._role = Choice(weights["role"])
        self._factuality = Choice(weights["factuality"])
        self._time = Choice(weights["time"])
        self._trigger_threshold = trigger_threshold
        self._role_threshold = role_threshold

    def __call__(self, doc: Doc) -> Doc:
        """Read the events of one document."""
        reading = self._look(doc)
        return self._read(doc, reading, self._triggers(reading))

    def read_given(self, doc: Doc, events: Iterable[EventMention]) -> Doc:
        """Read roles, factuality and times of events whose triggers and types are known.

        Nothing else of ``events`` is looked at. Those whose trigger is in no readable sentence are left out.
        """
        reading = self._look(doc)
        found: list[Told] = []
        for event in sorted(events, key=lambda event: event.trigger.start):
            if sentence := reading.sentence_at(event.trigger.start):
                candidate = self._lexicon.given(event.trigger, str(event.type), sentence)
                found.append(Told(candidate, str(event.type), sentence))
        tell_of_each_other(found)
        return self._read(doc, reading, found)

    def _read(self, doc: Doc, reading: R, found: Iterable[Told]) -> Doc:
        times = TimeReader(reading, doc._.timexes, doc._.article.published)
        told: list[Told] = []
        for event in found:
            event.roles = self._roles(event, told, reading)
            event.factuality = self._fact(event, told, times, reading)
            told.append(event)
        when = date_in_order(told, lambda i, earlier: self._when(told[i], earlier, times, reading))
        events = [self._mention(i, told, when[i], times, reading) for i in range(len(told))]
        doc._.events = self._linked(events, told, reading)
        spans = [
            doc.char_span(e.trigger.start, e.trigger.end, label=e.type, alignment_mode="expand")
            for e in events
        ]
        doc.spans["triggers"] = [span for span in spans if span is not None]
        return doc

    @abstractmethod
    def _look(self, doc: Doc) -> R:
        """Return the article as the decisions read it."""

    def _triggers(self, reading: R) -> list[Told]:
        found = []
        for candidate, sentence, odds in judged_phrases(reading, self._lexicon, self._trigger):
            if 1 - odds[NONE] >= self._trigger_threshold:
                best = max(candidate.entry.types, key=odds.__getitem__)
                found.append(Told(candidate, best, sentence, confidence=odds[best]))
        tell_of_each_other(found)
        return found

    def _roles(self, event: Told, earlier: Sequence[Told], reading: R) -> dict[str, str]:
        roles: dict[str, str] = {}
        likeliest_place = self._role_threshold
        place = None
        told = {
            entity: dict.fromkeys(ROLES, 0.0) | {role: CONFIDENCE}
            for entity, role in roles_in_founding(event).items()
        }
        for entity, odds in {**self._role_odds(event, earlier, reading), **told}.items():
            role = max(ROLES, key=odds.__getitem__)
            if role == PLACE:
                if odds[role] >= likeliest_place and reading.entities[entity].type in _PLACES:
                    place, likeliest_place = entity, odds[role]
            elif odds[role] >= self._role_threshold:
                roles[entity] = role
                event.odds[entity] = odds[role]
        if place:
            roles[place] = PLACE
        return roles

    def _role_odds(self, event: Told, earlier: Sequence[Told], reading: R) -> dict[str, Mapping[str, float]]:
        """Return the probability of each role for each entity that may take part."""
        evidence = role_evidence(event, earlier, reading)
        return {entity: self._role.probabilities(ROLES, names) for entity, names in evidence.items()}

    def _fact(self, event: Told, earlier: Sequence[Told], times: TimeReader, reading: R) -> str:
        if self._cues.is_withheld(event):
            return str(Factuality.NEGATED)
        odds = self._fact_odds(event, earlier, times, reading)
        best = max(odds, key=odds.__getitem__)
        event.factuality_confidence = odds[best]
        return str(Factuality.ACTUAL) if best == NONE else best

    def _fact_odds(
        self, event: Told, earlier: Sequence[Told], times: TimeReader, reading: R
    ) -> Mapping[str, float]:
        """Return the probability of each way of not being a fact, and of ``NONE``: that it is one."""
        return self._factuality.probabilities(
            UNREAL, self._cues.evidence(event, earlier, times.relation(event))
        )

    def _when(self, event: Told, earlier: Sequence[Dated], times: TimeReader, reading: R) -> Time | None:
        options = times.options(event, earlier)
        odds = self._time_odds(event, earlier, options, times, reading)
        best = max(odds, key=odds.__getitem__)
        event.time_confidence = odds[best]
        return options[best].time

    def _time_odds(
        self,
        event: Told,
        earlier: Sequence[Dated],
        options: Mapping[str | None, Option],
        times: TimeReader,
        reading: R,
    ) -> Mapping[str | None, float]:
        """Return the probability of each time on offer."""
        return times.odds(event, options, self._time)

    def _linked(
        self, events: Sequence[EventMention], told: Sequence[Told], reading: R
    ) -> tuple[EventMention, ...]:
        """Return the events with ``same_as`` set where one is told again."""
        return link_repeats(events, [event.candidate.entry.phrase for event in told])

    def _mention(
        self, i: int, told: Sequence[Told], time: Time | None, times: TimeReader, reading: R
    ) -> EventMention:
        event = told[i]
        candidate = event.candidate
        return EventMention(
            id=f"v{i + 1}",
            trigger=span_of(reading.text, candidate.start, candidate.end),
            type=EventType(event.type),
            mode=candidate.entry.modes.get(event.type),
            factuality=_in_time(Factuality(event.factuality), time, times),
            time=time.value if time else None,
            timex=time.timex if time else None,
            anchor=time.anchor if time else None,
            participants=tuple(
                Participant(
                    entity=entity,
                    role=Role(role),
                    method=method_of(entity, event),
                    confidence=round(event.odds[entity], 3),
                )
                for entity, role in event.roles.items()
                if role != PLACE
            ),
            place=next((entity for entity, role in event.roles.items() if role == PLACE), None),
            source=find_source(event, told[:i]),
            confidence=round(event.confidence, 3),
            factuality_confidence=round(event.factuality_confidence, 3),
            time_confidence=round(event.time_confidence, 3),
        )


class EventReader(EventReaderBase[Reading]):
    """Reads events by the log-linear model alone."""

    def _look(self, doc: Doc) -> Reading:
        return Reading(doc)


def _in_time(factuality: Factuality, time: Time | None, times: TimeReader) -> Factuality:
    """Return the factuality with what the time tells: what lies after publication has not happened yet."""
    ahead = time is not None and times.lies_ahead(time.value)
    return Factuality.PLANNED if ahead and factuality is Factuality.ACTUAL else factuality


def span_of(text: str, start: int, end: int) -> Span:
    """Return the characters from ``start`` to ``end`` with their surface."""
    return Span(start=start, end=end, text=text[start:end])


@Language.factory(
    "relgraph_events",
    assigns=["doc._.events"],
    requires=list(REQUIRED),
    default_config={"trigger_threshold": 0.45, "role_threshold": 0.4},
)
def make_event_reader(
    nlp: Language, name: str, trigger_threshold: float, role_threshold: float
) -> EventReader:
    """Build the component from spaCy's configuration."""
    return EventReader(trigger_threshold=trigger_threshold, role_threshold=role_threshold)
