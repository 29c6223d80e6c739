"""Annotated articles as the network learns from them: windows, labels, and the decisions about each event."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from sentencepiece import SentencePieceProcessor
from spacy.language import Language
from spacy.tokens import Doc

from relgraph.model import EventMention, Mention, Span
from relgraph.nlp.encoder.hints import hints
from relgraph.nlp.encoder.judging import (
    TimeOffer,
    log_odds,
    painted,
    role_candidates,
    time_offer,
    told_of_phrases,
)
from relgraph.nlp.encoder.labels import ENTITY_TYPES, EVENT_TYPES, FACTUALITY, begins
from relgraph.nlp.encoder.pairs import (
    CHAIN_MEMORY,
    Pair,
    actor_places,
    chain_categories,
    frame_categories,
    role_pairs,
    time_pairs,
    trigger_position,
)
from relgraph.nlp.encoder.windows import Window, article_windows, owner
from relgraph.nlp.events.anchors import Dated, Time, TimeReader, date_in_order, without_time_of_day
from relgraph.nlp.events.annotated import annotated_articles, annotated_roles
from relgraph.nlp.events.choice import Choice, Weights
from relgraph.nlp.events.component import shipped_weights
from relgraph.nlp.events.factuality import UNREAL, FactualityCues
from relgraph.nlp.events.participants import ROLES, Told, role_evidence, tell_of_each_other
from relgraph.nlp.events.reading import Reading, sentences_of
from relgraph.nlp.events.training import Cases
from relgraph.nlp.events.triggers import TriggerLexicon
from relgraph.nlp.lexicon import read_lexicon
from relgraph.pipeline import load

_Array: TypeAlias = npt.NDArray[Any]

_FOLDS = 5
_BEFORE_LINKING = ("relgraph_sentences", "relgraph_tagger", "relgraph_timex", "relgraph_entities")
IGNORED = -100  # label of pieces that are not judged


@dataclass
class WindowExample:
    """A window with its hints and labels.

    Attributes:
        names, triggers: label of each piece; ``IGNORED`` in context and inside words.
        rule_triggers: the log-linear model's log-odds that a piece is of a trigger; NaN where its lexicon has
            no phrase, and in all articles that it was fitted to.
    """

    window: Window
    hints: _Array
    names: _Array
    triggers: _Array
    rule_triggers: _Array


@dataclass
class EventExample:
    """The decisions about one event.

    Attributes:
        window: number of the window among whose own sentences the trigger stands.
        trigger: positions of the trigger's first and last piece.
        type, factuality: numbers in their lists.
        rule_factuality: log-odds by the log-linear model, as in `relgraph.nlp.encoder.judging`.
        role_pairs: pairs of the trigger and places of entities.
        roles: for each entity, whether it plays each role.
        rule_roles: for each entity, the log-linear model's log-odds of each role; NaN where it has no say.
        time_pairs: pairs of the trigger and places of times.
        situation: where the event stands among dates and other events.
        times, frames: features and frames of the times on offer, as in `relgraph.nlp.encoder.judging`.
        time: which of them is right; -1 where none is.
    """

    window: int
    trigger: tuple[int, int]
    type: int
    factuality: int
    rule_factuality: _Array
    role_pairs: list[Pair]
    roles: _Array
    rule_roles: _Array
    time_pairs: list[Pair]
    situation: tuple[int, ...]
    times: _Array
    frames: _Array
    time: int


@dataclass
class ArticleExample:
    """An article: its windows, its events, and which pairs of events are one.

    Attributes:
        chains: pairs of events (earlier, later), how they stand to each other, and whether they are one.
    """

    id: str
    windows: list[WindowExample]
    events: list[EventExample] = field(default_factory=list)
    chains: list[tuple[int, int, tuple[int, ...], bool]] = field(default_factory=list)


def article_examples(
    gold: Sequence[Path], articles: Sequence[Path], processor: SentencePieceProcessor
) -> list[ArticleExample]:
    """Return the examples of all annotated articles.

    What the log-linear model says of an article comes from weights fitted to the other articles (in
    ``_FOLDS`` parts), so that the network learns how far to trust it on articles it has not seen. Of triggers
    it says nothing here.

    Args:
        gold: folders of standoff annotation, last the one as whose annotators the model reads.
        articles: folders of the texts.
    """
    documents = list(annotated_articles(gold[:-1], articles))
    elsewhere = len(documents)
    documents += annotated_articles(gold[-1:], articles)
    builder = _Builder(processor)
    found: dict[int, ArticleExample] = {}
    for fold in range(_FOLDS):
        cases = Cases()
        for number, (doc, events) in enumerate(documents):
            if number % _FOLDS != fold:
                cases.add(doc, events)
        weights = cases.fitted(("role", "factuality", "time"))
        for number in range(fold, len(documents), _FOLDS):
            found[number] = builder.build(*documents[number], weights, elsewhere=number < elsewhere)
    return [found[number] for number in range(len(documents))]


def unseen_examples(
    gold: Sequence[Path], articles: Sequence[Path], processor: SentencePieceProcessor
) -> list[ArticleExample]:
    """Return the examples of articles that the shipped log-linear model was not fitted to."""
    builder = _Builder(processor)
    weights = dict(shipped_weights())
    return [builder.build(doc, events, weights) for doc, events in annotated_articles(gold, articles)]


class _Builder:
    """Makes the examples of one article."""

    def __init__(self, processor: SentencePieceProcessor) -> None:
        self._processor = processor
        self._lexicon = TriggerLexicon(read_lexicon("triggers"))
        self._cues = FactualityCues(read_lexicon("factuality"))
        self._nlp = load("rules")

    def build(
        self,
        doc: Doc,
        events: Sequence[EventMention],
        weights: dict[str, Weights],
        *,
        elsewhere: bool = False,
    ) -> ArticleExample:
        raw = _hinted(self._nlp, doc)
        windows = article_windows(raw, self._processor)
        reading = Reading(doc)
        told: Iterable[tuple[int, int, float]] = ()
        if "trigger" in weights:
            told = told_of_phrases(reading, self._lexicon, Choice(weights["trigger"]))
        candidates = [found for sentence in sentences_of(raw) for found in self._lexicon.candidates(sentence)]
        example = ArticleExample(
            doc._.article.id,
            [
                WindowExample(
                    window,
                    hints(window, raw, candidates, elsewhere=elsewhere),
                    _labels(window, [(m, str(m.type)) for m in doc._.mentions], ENTITY_TYPES),
                    _labels(window, [(e.trigger, str(e.type)) for e in events], EVENT_TYPES),
                    rules,
                )
                for window, rules in zip(windows, painted(windows, told), strict=True)
            ],
        )
        given = [(one, event) for event in events if (one := self._told(event, reading))]
        tell_of_each_other([one for one, _ in given])
        decisions = _Decisions(doc, reading, weights, self._cues)
        offers = decisions.times_of(given)
        earlier: list[Told] = []
        for (one, event), offer in zip(given, offers, strict=True):
            example.events.append(decisions.example(one, event, earlier, offer, windows))
            earlier.append(one)
        example.chains = list(_chains(given))
        return example

    def _told(self, event: EventMention, reading: Reading) -> Told | None:
        sentence = reading.sentence_at(event.trigger.start)
        if sentence is None:
            return None
        return Told(self._lexicon.given(event.trigger, str(event.type), sentence), str(event.type), sentence)


class _Offer(NamedTuple):
    """The times that an event could have, and the events dated before it."""

    times: TimeOffer
    earlier: list[Dated]


class _Decisions:
    """What there is to decide about the events of one article, and what the annotator decided."""

    def __init__(self, doc: Doc, reading: Reading, weights: dict[str, Weights], cues: FactualityCues) -> None:
        self._reading = reading
        self._times = TimeReader(reading, doc._.timexes, doc._.article.published)
        self._role, self._fact, self._time = (
            Choice(weights[decision]) for decision in ("role", "factuality", "time")
        )
        self._cues = cues
        self._actors = actor_places(reading)

    def times_of(self, told: Sequence[tuple[Told, EventMention]]) -> list["_Offer"]:
        """Return each event's times on offer, beside events dated as the log-linear model dates them.

        Beside events dated by the annotator the network would learn to lean on what it doesn't have when it
        reads (Daume, Langford and Marcu 2009, "Search-based structured prediction"). Sets each event's
        roles and factuality to the annotator's first, as evidence builds on them.
        """
        for one, event in told:
            one.roles = annotated_roles(event)
            one.factuality = str(event.factuality)
        found: dict[int, _Offer] = {}

        def date(i: int, earlier: Sequence[Dated]) -> Time | None:
            one = told[i][0]
            options = self._times.options(one, earlier)
            found[i] = _Offer(time_offer(one, options, self._time, self._times), list(earlier))
            odds = self._times.odds(one, options, self._time)
            return options[max(odds, key=odds.__getitem__)].time

        date_in_order([one for one, _ in told], date)
        return [found[i] for i in range(len(told))]

    def example(
        self,
        one: Told,
        event: EventMention,
        earlier: Sequence[Told],
        offer: "_Offer",
        windows: Sequence[Window],
    ) -> EventExample:
        """Return the example of an event."""
        number = owner(windows, one.candidate.start)
        window = windows[number]
        evidence = role_evidence(one, earlier, self._reading)
        entities = role_candidates(one, evidence, self._actors)
        answers = annotated_roles(event)
        roles = np.array([[answers.get(entity) == role for role in ROLES] for entity in entities], np.float32)
        value = without_time_of_day(event.time)
        facts = self._fact.probabilities(UNREAL, self._cues.evidence(one, earlier, self._times.relation(one)))
        return EventExample(
            window=number,
            trigger=trigger_position(window, one),
            type=EVENT_TYPES.index(one.type),
            factuality=FACTUALITY.index(str(event.factuality)),
            rule_factuality=log_odds(facts, UNREAL, first=True),
            role_pairs=role_pairs(window, one, entities, self._actors, earlier),
            roles=roles.reshape(-1, len(ROLES)),
            rule_roles=np.array(
                [
                    log_odds(self._role.probabilities(ROLES, evidence[entity]), ROLES)
                    if entity in evidence
                    else [np.nan] * len(ROLES)
                    for entity in entities
                ],
                np.float32,
            ).reshape(-1, len(ROLES)),
            time_pairs=time_pairs(window, one, offer.times.values, self._times, offer.earlier),
            situation=frame_categories(one, self._times, offer.earlier),
            times=offer.times.features,
            frames=offer.times.frames,
            time=offer.times.values.index(value) if value in offer.times.values else -1,
        )


def _hinted(nlp: Language, annotated: Doc) -> Doc:
    """Return the article of an annotated Doc as the pipeline reads it before the encoder."""
    doc = nlp.make_doc(annotated._.article.text)
    doc._.article = annotated._.article
    for name in _BEFORE_LINKING:
        doc = nlp.get_pipe(name)(doc)
    return doc


def _labels(window: Window, spans: Iterable[tuple[Mention | Span, str]], types: Sequence[str]) -> _Array:
    labels = np.zeros(len(window.ids), np.int64)
    for span, kind in spans:
        if reached := window.reach(span.start, span.end):
            first, last = reached
            labels[first] = begins(types, kind)
            labels[first + 1 : last + 1] = begins(types, kind) + 1
    for i, start in enumerate(window.starts):
        if i < window.first or start < 0 or window.continues[i] or window.ends[i] == start:
            labels[i] = IGNORED
    return labels


def _chains(
    told: Sequence[tuple[Told, EventMention]],
) -> Iterator[tuple[int, int, tuple[int, ...], bool]]:
    for j, (one, event) in enumerate(told):
        for i in range(max(0, j - CHAIN_MEMORY), j):
            other_told, other = told[i]
            if other.type == event.type:
                same = (event.same_as or event.id) == (other.same_as or other.id)
                yield i, j, chain_categories(other, other_told, event, one), same
