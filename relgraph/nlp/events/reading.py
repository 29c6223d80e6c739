"""What the event reader sees of an article: sentences as words, with their actors and times."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from spacy.tokens import Doc, Token

from relgraph.model import Entity, EntityType, Mention, Nominal, ZoneKind
from relgraph.nlp.events.words import clause_words
from relgraph.nlp.extensions import readable_sentences

_SYLLABLE = re.compile(r"\S+")


@dataclass(slots=True)
class Actor:
    """A place in a sentence where an entity is named or stood for.

    Attributes:
        first, last: positions of its first and last word in the sentence (inclusive).
        type: the entity's type.
        method: "name" for a mention, otherwise the nominal's method.
    """

    entity: str
    type: str
    first: int
    last: int
    method: str

    @property
    def label(self) -> str:
        """What stands there: the type of a name, the method of a nominal."""
        return self.type if self.method == "name" else self.method


@dataclass(slots=True)
class Timed:
    """A time expression's place in a sentence; ``index`` is its position in the document's timexes."""

    index: int
    first: int
    last: int


@dataclass
class Sentence:
    """A sentence as parallel lists over its words.

    Attributes:
        number: position among the article's readable sentences.
        headline: whether it stands in the article's headline.
        words: lower-cased words, as segmented (a word may hold several syllables).
        tags: part-of-speech tags of underthesea.
        starts, ends: character offsets into the article's text.
        syllables: every syllable, lower-cased: its text, start, end, and the position of its word.
    """

    number: int
    headline: bool
    start: int
    end: int
    words: list[str]
    tags: list[str]
    starts: list[int]
    ends: list[int]
    syllables: list[tuple[str, int, int, int]]
    actors: list[Actor] = field(default_factory=list)
    times: list[Timed] = field(default_factory=list)

    def position(self, offset: int) -> int:
        """Return the position of the word that holds the character at ``offset``."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def reach(self, start: int, end: int) -> tuple[int, int]:
        """Return the positions of the first and last word that the characters ``start`` to ``end`` touch."""
        first = self.position(start)
        return first, max(first, bisect_left(self.starts, end) - 1)

    @cached_property
    def sees(self) -> list[str]:
        """The words, with the type of actor or time in stead of the words that it covers."""
        seen = list(self.words)
        for actor in self.actors:
            for i in range(actor.first, actor.last + 1):
                seen[i] = f"<{actor.label}>"
        for time in self.times:
            for i in range(time.first, time.last + 1):
                seen[i] = "<TIME>"
        return seen

    @cached_property
    def person_starts(self) -> set[int]:
        """Positions at which a person is named or stood for."""
        return {actor.first for actor in self.actors if actor.type == EntityType.PER}

    @cached_property
    def quoted(self) -> list[bool]:
        """Whether each word stands inside quotation marks."""
        inside, flags = False, []
        opening, closing, straight = (
            clause_words(f"{kind}_quotes") for kind in ("open", "close", "straight")
        )
        for word in self.words:
            if word in opening:
                inside = True
            elif word in closing:
                inside = False
            elif word in straight:
                inside = not inside
            flags.append(inside)
        return flags


class Reading:
    """An article as the event reader sees it.

    Attributes:
        sentences: its readable sentences that hold a word.
        entities: its entities by id.
        rank: each entity's rank by how often it is named or stood for, from 0.
    """

    def __init__(self, doc: Doc) -> None:
        self.text: str = doc._.article.text
        self.entities: dict[str, Entity] = {entity.id: entity for entity in doc._.entities}
        self.sentences = sentences_of(doc)
        self._place_actors(doc._.mentions, doc._.nominals)
        self._place_times(doc)
        named = Counter(actor.entity for sentence in self.sentences for actor in sentence.actors)
        self.rank = {entity: rank for rank, (entity, _) in enumerate(named.most_common())}

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence that holds the character at ``offset``, or None outside readable sentences."""
        i = bisect_right(self._starts, offset) - 1
        if i < 0 or offset >= self.sentences[i].end:
            return None
        return self.sentences[i]

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def _is_credit(self, sentence: Sentence, span: Mention | Nominal) -> bool:
        """Tell whether the outlet's sign stands before the text: "(CLO) Nga sẵn sàng …"."""
        opens = self.text[sentence.start : span.start].strip() == "("
        return opens and self.text[span.end : span.end + 1] == ")"

    def _place_actors(self, mentions: tuple[Mention, ...], nominals: tuple[Nominal, ...]) -> None:
        for mention in mentions:
            self._place_actor(mention, mention.entity, "name")
        named = {mention.entity for mention in mentions}
        for nominal in nominals:
            if (
                nominal.entity in named
            ):  # for whom no name stands, the state or body takes part (guidelines, 3)
                self._place_actor(nominal, nominal.entity, nominal.method)
        for sentence in self.sentences:
            sentence.actors.sort(key=lambda actor: (actor.first, actor.last))

    def _place_actor(self, span: Mention | Nominal, entity: str | None, method: str) -> None:
        sentence = self.sentence_at(span.start)
        if sentence and entity in self.entities and not self._is_credit(sentence, span):
            first, last = sentence.reach(span.start, span.end)
            sentence.actors.append(Actor(entity, str(self.entities[entity].type), first, last, method))

    def _place_times(self, doc: Doc) -> None:
        for index, timex in enumerate(doc._.timexes):
            if sentence := self.sentence_at(timex.start):
                first, last = sentence.reach(timex.start, timex.end)
                sentence.times.append(Timed(index, first, last))


def sentences_of(doc: Doc) -> list[Sentence]:
    """Return the article's sentences as words, without actors and times."""
    kinds = {zone.start: zone.kind for zone in doc._.article.zones}
    starts = sorted(kinds)
    edges = sorted({edge for span in (*doc._.mentions, *doc._.timexes) for edge in (span.start, span.end)})
    sentences: list[Sentence] = []
    for span in readable_sentences(doc):
        words = [word for token in span if not token.is_space for word in _words(token, edges)]
        kind = kinds[starts[max(bisect_right(starts, span.start_char) - 1, 0)]]
        if not words or kind is ZoneKind.DATELINE:  # the page's timestamp is no time that the article tells
            continue
        sentences.append(
            Sentence(
                number=len(sentences),
                headline=kind is ZoneKind.HEADLINE,
                start=span.start_char,
                end=span.end_char,
                words=[text.lower() for text, _, _ in words],
                tags=[tag for _, _, tag in words],
                starts=[start for _, start, _ in words],
                ends=[start + len(text) for text, start, _ in words],
                syllables=[
                    (match.group().lower(), start + match.start(), start + match.end(), position)
                    for position, (text, start, _) in enumerate(words)
                    for match in _SYLLABLE.finditer(text)
                ],
            )
        )
    return sentences


def _words(token: Token, edges: list[int]) -> Iterator[tuple[str, int, str]]:
    """Yield text, offset and tag of a token's parts: segmentation may fuse verb and name ("thăm Nga")."""
    start, end = token.idx, token.idx + len(token)
    inner = edges[bisect_right(edges, start) : bisect_left(edges, end)]
    for first, last in pairwise((start, *inner, end)):
        text = token.text[first - start : last - start]
        if stripped := text.strip():
            yield stripped, first + len(text) - len(text.lstrip()), token.tag_
