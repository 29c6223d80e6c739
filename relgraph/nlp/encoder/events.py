"""The spaCy component that reads events with the encoder's eyes."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from relgraph.model import EntityType, EventMention
from relgraph.nlp.encoder.judging import NEVER, log_odds, role_candidates, time_offer, told_of_phrases
from relgraph.nlp.encoder.labels import EVENT_TYPES
from relgraph.nlp.encoder.network import gathered
from relgraph.nlp.encoder.pairs import (
    CHAIN_MEMORY,
    actor_places,
    chain_categories,
    frame_categories,
    role_pairs,
    time_pairs,
    trigger_position,
)
from relgraph.nlp.encoder.seeing import Seen, SeenWindow
from relgraph.nlp.events.anchors import Dated, Option, TimeReader
from relgraph.nlp.events.choice import NONE
from relgraph.nlp.events.component import REQUIRED, EventReaderBase, span_of
from relgraph.nlp.events.factuality import UNREAL
from relgraph.nlp.events.founding import joined_names
from relgraph.nlp.events.participants import ROLES, Told, role_evidence, tell_of_each_other
from relgraph.nlp.events.reading import Reading, Sentence
from relgraph.nlp.nominals import NominalResolver
from relgraph.nlp.orthography import in_web_address

_Array: TypeAlias = npt.NDArray[Any]

_SAME = 0.5  # probability from which two mentions are one event


class EncodedReading(Reading):
    """An article with what the encoder sees of each event."""

    def __init__(self, doc: Doc) -> None:
        super().__init__(doc)
        self.seen: Seen = doc._.seen
        self.actors = actor_places(self)
        self.acting = _acting_for_their_officials(doc)
        self._views: dict[int, _View] = {}

    def view(self, event: Told) -> "_View":
        """Return what the encoder sees of an event."""
        start = event.candidate.start
        if start not in self._views:
            seen = self.seen.owner(start)
            self._views[start] = _View(seen, trigger_position(seen.window, event))
        return self._views[start]


def _acting_for_their_officials(doc: Doc) -> frozenset[int]:
    """Return where states and bodies stand that act through somebody whom the article doesn't name.

    In "Tổng thống Iran thăm Nga" Iran takes part if no president is named anywhere (guidelines, section 3).
    """
    text = doc._.article.text  # spaCy joins its own anew each time
    named = {mention.entity for mention in doc._.mentions}
    known = {nominal.start for nominal in doc._.nominals if nominal.entity in named}
    ends = {
        phrase.end
        for phrase in _resolver().open_phrases(doc)
        if phrase.kind == "title" and phrase.start not in known
    }
    return frozenset(
        mention.start
        for mention in doc._.mentions
        if mention.type in (EntityType.GPE, EntityType.ORG) and len(text[: mention.start].rstrip()) in ends
    )


@cache
def _resolver() -> NominalResolver:
    return NominalResolver()


class _View:
    """An event in its window."""

    def __init__(self, seen: SeenWindow, position: tuple[int, int]) -> None:
        self.seen = seen
        self.state = (seen.states[position[0]] + seen.states[position[1]]) / 2


class EncodedEventReader(EventReaderBase[EncodedReading]):
    """Reads events as `EventReader` does, each decision by the trained network and the log-linear model.

    Args:
        trigger_threshold: least probability at which a trigger starts.
        role_threshold: least probability at which an entity plays a role.
    """

    def _look(self, doc: Doc) -> EncodedReading:
        return EncodedReading(doc)

    def _triggers(self, reading: EncodedReading) -> list[Told]:
        phrases = told_of_phrases(reading, self._lexicon, self._trigger)
        found = [
            Told(
                self._lexicon.given(span_of(reading.text, word.start, word.end), word.type, word.sentence),
                word.type,
                word.sentence,
                confidence=word.confidence,
            )
            for word in _whole_words(reading, self._trigger_threshold, phrases)
        ]
        tell_of_each_other(found)
        return found

    def _role_odds(
        self, event: Told, earlier: Sequence[Told], reading: EncodedReading
    ) -> dict[str, Mapping[str, float]]:
        view = reading.view(event)
        network, mix = reading.seen.network, reading.seen.network.mix
        evidence = role_evidence(event, earlier, reading)
        entities = role_candidates(event, evidence, reading.actors)
        pairs = role_pairs(view.seen.window, event, entities, reading.actors, earlier)
        read = np.tile(mix["role_unseen"], (len(entities), 1))
        if pairs:
            scores = network.judge_pairs("roles", view.state, pairs, view.seen.states)
            read = gathered(scores, pairs, len(entities), mix["role_unseen"])
        odds: dict[str, Mapping[str, float]] = {}
        for entity, scores in zip(entities, read, strict=True):
            if entity in evidence and self._acts_for_an_official(entity, event, reading):
                # too rare among the annotated articles for the network to have learnt
                odds[entity] = self._role.probabilities(ROLES, evidence[entity])
                continue
            told = mix["role_unread"]
            if entity in evidence:
                told = mix["role"] * log_odds(self._role.probabilities(ROLES, evidence[entity]), ROLES)
            total = mix["role_trust"] * scores + told
            odds[entity] = dict(zip(ROLES, (1 / (1 + np.exp(-total))).tolist(), strict=True))
        return _shared_among_joined(odds, event.sentence)

    def _acts_for_an_official(self, entity: str, event: Told, reading: EncodedReading) -> bool:
        here = event.sentence.number
        return any(
            place.sentence == here and place.start in reading.acting
            for place in reading.actors.get(entity, ())
        )

    def _fact_odds(
        self, event: Told, earlier: Sequence[Told], times: TimeReader, reading: EncodedReading
    ) -> Mapping[str, float]:
        rules = super()._fact_odds(event, earlier, times, reading)
        view = reading.view(event)
        mix = reading.seen.network.mix
        told = mix["factuality"] * log_odds(rules, UNREAL, first=True)
        read = reading.seen.network.judge_event("events", view.state, [EVENT_TYPES.index(event.type)])
        total = mix["factuality_trust"] * read + told
        return dict(zip((NONE, *UNREAL), _softmax(total), strict=True))

    def _time_odds(
        self,
        event: Told,
        earlier: Sequence[Dated],
        options: Mapping[str | None, Option],
        times: TimeReader,
        reading: EncodedReading,
    ) -> Mapping[str | None, float]:
        view = reading.view(event)
        network, mix = reading.seen.network, reading.seen.network.mix
        values, features, frames = time_offer(event, options, self._time, times)
        pairs = time_pairs(view.seen.window, event, values, times, earlier)
        read = np.tile(mix["time_unseen"], len(values)).astype(np.float32)
        if pairs:
            scores = network.judge_pairs("times", view.state, pairs, view.seen.states)
            read = gathered(scores, pairs, len(values), mix["time_unseen"])[:, 0]
        framed = network.judge_event("frames", view.state, frame_categories(event, times, earlier))[frames]
        framed = np.where(frames < 0, NEVER, framed)
        total = mix["time_trust"] * np.logaddexp(read, framed) + features @ mix["time"]
        return dict(zip(values, _softmax(total), strict=True))

    def _linked(
        self, events: Sequence[EventMention], told: Sequence[Told], reading: EncodedReading
    ) -> tuple[EventMention, ...]:
        linked: list[EventMention] = []
        for j, event in enumerate(events):
            first = self._first_mention(j, linked, event, told, reading)
            linked.append(event.model_copy(update={"same_as": first}) if first else event)
        return tuple(linked)

    def _first_mention(
        self,
        j: int,
        linked: Sequence[EventMention],
        event: EventMention,
        told: Sequence[Told],
        reading: EncodedReading,
    ) -> str | None:
        view = reading.view(told[j])
        kin = [i for i in range(max(0, j - CHAIN_MEMORY), j) if linked[i].type == event.type]
        if not kin:
            return None
        categories = [chain_categories(linked[i], told[i], event, told[j]) for i in kin]
        others = np.stack([reading.view(told[i]).state for i in kin])
        states = np.broadcast_to(view.state, others.shape)
        scores = reading.seen.network.judge_states(
            "chains", others, np.ascontiguousarray(states), np.array(categories, np.int64)
        )[:, 0]
        best = int(scores.argmax())
        if 1 / (1 + np.exp(-scores[best])) < _SAME:
            return None
        first = linked[kin[best]]
        return first.same_as or first.id


class _Words(NamedTuple):
    """Words that tell an event, with their place in the text."""

    sentence: Sentence
    start: int
    end: int
    type: str
    confidence: float


def _whole_words(
    reading: EncodedReading, threshold: float, phrases: Iterable[tuple[int, int, float]]
) -> list[_Words]:
    """Return the triggers as whole words; neighbours of one type, as parts of a phrase are seen, as one.

    Words of a web address tell nothing.
    """
    found: list[_Words] = []
    in_address = in_web_address(reading.text)
    for start, end, span in reading.seen.triggers(threshold, phrases):
        if not in_address(start) and (sentence := reading.sentence_at(start)):
            first, last = sentence.reach(start, end)
            words = _Words(sentence, sentence.starts[first], sentence.ends[last], span.type, span.confidence)
            before = found[-1] if found else None
            if before and before.type == words.type and not reading.text[before.end : words.start].strip():
                confidence = max(before.confidence, words.confidence)
                words = words._replace(start=before.start, confidence=confidence)
                found.pop()
            found.append(words)
    return found


def _shared_among_joined(
    odds: Mapping[str, Mapping[str, float]], sentence: Sentence
) -> dict[str, Mapping[str, float]]:
    """Return the odds with names told together ("Nga, Iran và Syria") as likely as the surest of them."""
    shared = dict(odds)
    for names in joined_names(sentence):
        known = [actor.entity for actor in names if actor.entity in odds]
        likeliest = {role: max((odds[entity][role] for entity in known), default=0.0) for role in ROLES}
        shared.update(dict.fromkeys(known, likeliest))
    return shared


def _softmax(scores: _Array) -> list[float]:
    exponentials = np.exp(scores - scores.max())
    shares: list[float] = (exponentials / exponentials.sum()).tolist()
    return shares


@Language.factory(
    "relgraph_encoded_events",
    assigns=["doc._.events"],
    requires=[*REQUIRED, "doc._.seen"],
    default_config={"trigger_threshold": 0.5, "role_threshold": 0.48},
)
def make_encoded_event_reader(
    nlp: Language, name: str, trigger_threshold: float, role_threshold: float
) -> EncodedEventReader:
    """Build the component from spaCy's configuration."""
    return EncodedEventReader(trigger_threshold=trigger_threshold, role_threshold=role_threshold)
