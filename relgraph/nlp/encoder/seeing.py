"""The spaCy components that let the encoder read an article, and that take its word for the names."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from relgraph.model import EntityType, Mention
from relgraph.nlp.encoder.hints import hints
from relgraph.nlp.encoder.judging import painted, trigger_scores
from relgraph.nlp.encoder.labels import ENTITY_TYPES, EVENT_TYPES, Labelled, log_odds_of_spans, spans
from relgraph.nlp.encoder.network import EncoderNetwork, shipped_network
from relgraph.nlp.encoder.windows import Window, article_windows, owner
from relgraph.nlp.entities import mark_entities
from relgraph.nlp.events.reading import sentences_of
from relgraph.nlp.events.triggers import TriggerLexicon
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.orthography import in_web_address

_Array: TypeAlias = npt.NDArray[Any]

_PROPOSED = 0.3  # what a proposal says of a name's type, where the encoder is of several minds
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True)
class SeenWindow:
    """What the encoder sees in a window: a state a piece, and scores of each piece's labels."""

    window: Window
    states: _Array
    names: _Array
    triggers: _Array


@dataclass(frozen=True)
class Seen:
    """What the encoder sees in an article.

    Attributes:
        network: the model that reads it, whose heads judge further.
    """

    windows: Sequence[SeenWindow]
    network: EncoderNetwork

    def names(self, threshold: float) -> list[tuple[int, int, Labelled]]:
        """Return the names as start and end in the text, with type and probability."""
        return [
            (seen.window.starts[span.first], seen.window.ends[span.last], span)
            for seen in self.windows
            for span in spans(seen.window, seen.names, ENTITY_TYPES, threshold, log_odds_of_spans(seen.names))
        ]

    def triggers(
        self, threshold: float, told: Iterable[tuple[int, int, float]]
    ) -> list[tuple[int, int, Labelled]]:
        """Return the triggers in the same way.

        Args:
            told: start and end of each phrase of the lexicon, and the log-odds that it is a trigger by the
                log-linear model.
        """
        windows = [seen.window for seen in self.windows]
        return [
            (seen.window.starts[span.first], seen.window.ends[span.last], span)
            for seen, rules in zip(self.windows, painted(windows, told), strict=True)
            for span in spans(
                seen.window,
                seen.triggers,
                EVENT_TYPES,
                threshold,
                trigger_scores(log_odds_of_spans(seen.triggers), rules, self.network.mix),
            )
        ]

    def owner(self, offset: int) -> SeenWindow:
        """Return the window among whose own sentences the character at ``offset`` of the text stands."""
        return self.windows[owner([seen.window for seen in self.windows], offset)]


class Encoder:
    """Sets ``doc._.seen``.

    Attributes:
        network: the trained model.
    """

    def __init__(self, network: EncoderNetwork) -> None:
        self.network = network
        self._lexicon = TriggerLexicon(read_lexicon("triggers"))

    def __call__(self, doc: Doc) -> Doc:
        """Read one document."""
        candidates = [found for sentence in sentences_of(doc) for found in self._lexicon.candidates(sentence)]
        doc._.seen = Seen(
            [
                SeenWindow(window, *self.network.read(window, hints(window, doc, candidates)))
                for window in article_windows(doc, self.network.processor)
            ],
            self.network,
        )
        return doc


class EncodedNames:
    """Sets ``doc._.mentions`` to what the encoder takes for names, having weighed what was proposed.

    The encoder decides whether a proposed name is one, and of which type, and finds names that nothing
    proposed. Where its bounds differ from a proposed name's, the proposed stand: of such cases on held-out
    articles the encoder had fewer right.

    Args:
        threshold: least probability at which a name starts.
        new_threshold: the same for a name where nothing was proposed.
    """

    def __init__(self, *, threshold: float = 0.5, new_threshold: float = 0.98) -> None:
        self._threshold = threshold
        self._new_threshold = new_threshold

    def __call__(self, doc: Doc) -> Doc:
        """Choose the names of one document."""
        found: dict[tuple[int, int], Mention] = {}
        text = doc._.article.text  # spaCy joins its own anew each time
        names = doc._.mentions
        starts, ends = [name.start for name in names], [name.end for name in names]
        in_address = in_web_address(text)
        for first, last, span in doc._.seen.names(self._threshold):
            start, end = _trimmed(text, first, last)
            if in_address(start):
                continue
            proposed = names[bisect_right(ends, start) : bisect_left(starts, end)]
            exact = len(proposed) == 1 and (proposed[0].start, proposed[0].end) == (start, end)
            confidence = round(span.confidence, 3)
            if exact or (not proposed and start < end and confidence >= self._new_threshold):
                surface, kind = text[start:end], EntityType(span.type)
                found[start, end] = Mention(
                    start=start, end=end, text=surface, type=kind, confidence=confidence
                )
            else:
                for name in proposed:
                    found[name.start, name.end] = name.model_copy(update={"confidence": confidence})
        doc._.mentions = tuple(_of_one_type([found[place] for place in sorted(found)], names))
        mark_entities(doc)
        return doc


def _of_one_type(mentions: Sequence[Mention], proposed: Iterable[Mention]) -> Iterator[Mention]:
    """Yield the names, each with the type that all mentions of its words, and the proposals, speak for.

    A name has one sense in an article (Gale, Church and Yarowsky 1992, "One sense per discourse"); only a
    body is also the building that it sits in.
    """
    weights: defaultdict[str, dict[EntityType, float]] = defaultdict(dict)
    for mention in mentions:
        of_name = weights[mention.text]
        of_name[mention.type] = of_name.get(mention.type, 0.0) + mention.confidence
    for mention in proposed:
        of_name = weights[mention.text]
        if mention.type in of_name:
            of_name[mention.type] += _PROPOSED
    for mention in mentions:
        likeliest = max(weights[mention.text], key=weights[mention.text].__getitem__)
        if {likeliest, mention.type} in ({likeliest}, {EntityType.ORG, EntityType.FAC}):
            yield mention
        else:
            yield mention.model_copy(update={"type": likeliest})


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out marks at the edges of a name that stand in one piece with it."""
    name = text[start:end]
    stripped = _EDGES.sub("", name)
    if not stripped:
        return start, start
    offset = start + name.index(stripped)
    return offset, offset + len(stripped)


@Language.factory(
    "relgraph_encoder",
    assigns=["doc._.seen"],
    requires=["doc.sents", "token.tag", "doc._.mentions", "doc._.timexes"],
    default_config={"folder": None},
)
def make_encoder(nlp: Language, name: str, folder: str | None) -> Encoder:
    """Build the component from spaCy's configuration; without a folder, with the package's own model."""
    return Encoder(EncoderNetwork(Path(folder)) if folder else shipped_network())


@Language.factory(
    "relgraph_encoded_names",
    assigns=["doc._.mentions", "doc.ents", "token.ent_iob", "token.ent_type"],
    requires=["doc._.seen"],
    default_config={"threshold": 0.5, "new_threshold": 0.98},
)
def make_encoded_names(nlp: Language, name: str, threshold: float, new_threshold: float) -> EncodedNames:
    """Build the component from spaCy's configuration."""
    return EncodedNames(threshold=threshold, new_threshold=new_threshold)
