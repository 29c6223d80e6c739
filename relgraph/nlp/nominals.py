"""Who stands behind an office, a pronoun or a common noun ("Tổng thống Nga", "ông", "nước này", "hai nước").

Only what the article itself names is used: where it does not tell, there is no nominal. Mentions and phrases
are read in the order of the text; a pronoun goes to the person last named as a sentence's first, a title to
its last bearer.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from relgraph.model import EntityType, Mention, Nominal
from relgraph.nlp.extensions import readable_sentences
from relgraph.nlp.lexicon import read_lexicon

# How sure each way is, from its share of right answers on the training gold (participants named so only).
_CONFIDENCE = {
    "office": 0.88,
    "counterpart": 0.5,
    "leader": 0.9,
    "pronoun": 0.93,
    "deictic": 0.66,
    "pair": 0.65,
}
_LOOK_BACK = 24  # characters before a person in which a preposition is looked for
_APPOSED = re.compile(r"\s*(?:,|-|–|\()\s*$")


class Phrase(NamedTuple):
    """A phrase of the lexicons as it stands in the text.

    Attributes:
        kind: "title", or which list of the lexicon "nominals" it is from.
        role: the office that a title tells; for a counterpart that of the title before it.
    """

    start: int
    end: int
    kind: str
    role: str | None


class _State(NamedTuple):
    """A state that stands right after a phrase, by its name or as "nước này", and where it ends."""

    entity: str | None
    end: int


class _Bearer(NamedTuple):
    """A person whom the article calls by an office, of a state where it names one."""

    person: str
    role: str
    state: str | None
    start: int


class NominalResolver:
    """Sets ``doc._.nominals`` from the phrases of the lexicons "titles" and "nominals"."""

    def __init__(self) -> None:
        words = read_lexicon("nominals")
        self._leading_roles = frozenset(words["leading_roles"])
        self._meaning: dict[str, tuple[str, str | None]] = {
            phrase.casefold(): (kind, None)
            for kind, phrases in words.items()
            if kind in _METHODS
            for phrase in phrases
        }
        for title in read_lexicon("titles")["offices"]:
            for phrase in title["phrases"]:
                self._meaning.setdefault(phrase.casefold(), ("title", title["role"]))
        before_name = "|".join(words["before_name"])
        self.to_name = re.compile(rf"(?:[\s,]|\b(?:{before_name})\b)*", re.I)
        governing = "|".join(words["governing"])
        self.governed = re.compile(rf"(?<!\w)(?:{governing})(?:\s+(?:{before_name}))*\s*$", re.I)
        longest_first = sorted(self._meaning, key=len, reverse=True)
        self._phrase = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)

    def __call__(self, doc: Doc) -> Doc:
        """Resolve the nominals of one document."""
        doc._.nominals = tuple(_ArticleResolver(self, doc).resolve())
        return doc

    def open_phrases(self, doc: Doc) -> list[Phrase]:
        """Return the phrases that stand for somebody, in order: all but those that introduce a name."""
        return _ArticleResolver(self, doc).open_phrases()

    def phrases(self, text: str, start: int, end: int) -> Iterator[Phrase]:
        """Yield the phrases in ``text[start:end]``, longest first where they overlap."""
        for match in self._phrase.finditer(text, start, end):
            kind, role = self._meaning[match[0].casefold()]
            yield Phrase(match.start(), match.end(), kind, role)

    def is_leading(self, role: str) -> bool:
        """Tell whether who holds the office leads the state."""
        return role in self._leading_roles


class _ArticleResolver:
    """The resolving of one article's nominals."""

    def __init__(self, resolver: NominalResolver, doc: Doc) -> None:
        self._resolver = resolver
        self._text: str = doc._.article.text
        self._mentions: Sequence[Mention] = doc._.mentions
        self._starts = [mention.start for mention in self._mentions]
        self._sentences = [(s.start_char, s.end_char) for s in readable_sentences(doc)]
        self._phrases = [p for a, b in self._sentences for p in resolver.phrases(self._text, a, b)]
        self._bearers: list[_Bearer] = []
        self._open: list[tuple[Phrase, _State | None]] = []
        self._called: dict[int, int] = {}  # where a person's name starts → where the title before it does
        self._read_titles()

    def resolve(self) -> list[Nominal]:
        """Return the nominals in order of the text."""
        found: list[Nominal] = []
        for phrase, state in self._open:
            end = state.end if state else phrase.end
            for entity in self._referents(phrase, state):
                found.append(self._nominal(phrase.start, end, entity, phrase.kind))
        return found

    def open_phrases(self) -> list[Phrase]:
        """Return the phrases that stand for somebody, in order of the text."""
        return [
            phrase._replace(role=self._role_before(phrase)) if phrase.kind == "counterpart" else phrase
            for phrase, _ in self._open
        ]

    def _role_before(self, phrase: Phrase) -> str | None:
        """Return the office of the last title before the phrase in its sentence."""
        sentence = next(start for start, end in self._sentences if start <= phrase.start < end)
        before = (p.role for p in reversed(self._phrases) if sentence <= p.start < phrase.start)
        return next(filter(None, before), None)

    def _nominal(self, start: int, end: int, entity: str, kind: str) -> Nominal:
        method = _METHODS[kind]
        return Nominal(
            start=start,
            end=end,
            text=self._text[start:end],
            entity=entity,
            method=method,
            confidence=_CONFIDENCE[method],
        )

    def _read_titles(self) -> None:
        """Part the phrases into those that introduce a name and those that stand for one."""
        for phrase in self._phrases:
            if self._inside_name(phrase):
                continue
            state = self._state_after(phrase)
            person = self._person_after(state.end if state else phrase.end) or self._person_before(phrase)
            if person is None:
                self._open.append((phrase, state))
                continue
            if person.start > phrase.start:
                self._called.setdefault(person.start, phrase.start)
            if phrase.role and person.entity:
                self._bearers.append(
                    _Bearer(person.entity, phrase.role, state.entity if state else None, phrase.start)
                )

    def _inside_name(self, phrase: Phrase) -> bool:
        before = bisect_right(self._starts, phrase.start) - 1
        return before >= 0 and self._mentions[before].end > phrase.start

    def _state_after(self, phrase: Phrase) -> _State | None:
        after = self._mention_from(phrase.end)
        is_next = after is not None and not self._text[phrase.end : after.start].strip()
        if after and is_next and after.type is EntityType.GPE:
            return _State(after.entity, after.end)
        return self._state_named_before(phrase)

    def _state_named_before(self, phrase: Phrase) -> _State | None:
        """Return the state that "nước này" after the phrase stands for."""
        position = bisect_left(self._phrases, phrase.end, key=lambda other: other.start)
        after = self._phrases[position] if position < len(self._phrases) else None
        if after is None or after.kind != "same_state" or self._text[phrase.end : after.start].strip():
            return None
        entity = self._last(phrase.start, _NAMES["same_state"])
        return _State(entity, after.end) if entity else None

    def _person_after(self, offset: int) -> Mention | None:
        after = self._mention_from(offset)
        if after is None or after.type is not EntityType.PER:
            return None
        return after if self._resolver.to_name.fullmatch(self._text[offset : after.start]) else None

    def _person_before(self, phrase: Phrase) -> Mention | None:
        """Return the person that an apposed title belongs to ("Sergey Lavrov, Ngoại trưởng Nga")."""
        position = bisect_right(self._starts, phrase.start) - 1
        if phrase.kind != "title" or position < 0:
            return None
        before = self._mentions[position]
        between = self._text[before.end : phrase.start]
        return before if before.type is EntityType.PER and _APPOSED.fullmatch(between) else None

    def _mention_from(self, offset: int) -> Mention | None:
        position = bisect_right(self._starts, offset - 1)
        return self._mentions[position] if position < len(self._mentions) else None

    # --- who is meant

    def _referents(self, phrase: Phrase, state: _State | None) -> Iterable[str]:
        if phrase.kind in ("both_states", "both_leaders"):
            return self._pair(phrase.start, _NAMES[phrase.kind])
        if phrase.kind in _NAMES:
            entity = self._last(phrase.start, _NAMES[phrase.kind])
        elif phrase.kind == "pronouns":
            entity = self._last_subject(phrase.start)
        else:
            entity = self._bearer(phrase, state.entity if state else None)
        return [entity] if entity else []

    def _bearer(self, phrase: Phrase, state: str | None) -> str | None:
        """Return the person with the office who is named last before the phrase, else the first one after."""
        if phrase.kind != "title" and state is None:
            return None
        fitting = [b for b in self._bearers if self._fits(b, phrase) and state in (None, b.state)]
        before = [b for b in fitting if b.start < phrase.start]
        return before[-1].person if before else (fitting[0].person if fitting else None)

    def _fits(self, bearer: _Bearer, phrase: Phrase) -> bool:
        if phrase.kind == "leader_of_state":
            return self._resolver.is_leading(bearer.role)
        role = self._role_before(phrase) if phrase.kind == "counterpart" else phrase.role
        return role in (None, bearer.role)

    def _last_subject(self, offset: int) -> str | None:
        """Return the person whom the sentences up to ``offset`` name first, in the nearest about one."""
        passed: list[Mention] = []
        for start, end in reversed([s for s in self._sentences if s[0] <= offset]):
            people = [m for m in self._in(start, min(end, offset)) if m.type is EntityType.PER]
            passed += people
            free = [m for m in people if not self._is_governed(m)]
            if free:
                return free[0].entity
        return passed[0].entity if passed else None

    def _is_governed(self, person: Mention) -> bool:
        """Tell whether the person stands under a preposition or the like, and so is no sentence's subject."""
        start = self._called.get(person.start, person.start)
        return self._resolver.governed.search(self._text, max(0, start - _LOOK_BACK), start) is not None

    def _last(self, offset: int, entity_type: EntityType) -> str | None:
        before = [m for m in self._in(0, offset) if m.type is entity_type]
        return before[-1].entity if before else None

    def _pair(self, offset: int, entity_type: EntityType) -> list[str]:
        """Return the two entities of the type that the article names most often up to ``offset``."""
        counts = Counter(m.entity for m in self._in(0, offset) if m.type is entity_type and m.entity)
        pair = [entity for entity, _ in counts.most_common(2)]
        return pair if len(pair) == 2 else []

    def _in(self, start: int, end: int) -> Sequence[Mention]:
        return self._mentions[bisect_right(self._starts, start - 1) : bisect_right(self._starts, end - 1)]


_METHODS = {
    "title": "office",
    "leader_of_state": "leader",
    "counterpart": "counterpart",
    "pronouns": "pronoun",
    "same_state": "deictic",
    "same_organisation": "deictic",
    "both_states": "pair",
    "both_leaders": "pair",
}
_NAMES = {
    "same_state": EntityType.GPE,
    "same_organisation": EntityType.ORG,
    "both_states": EntityType.GPE,
    "both_leaders": EntityType.PER,
}


@Language.factory(
    "relgraph_nominals", requires=["doc._.mentions", "doc._.entities"], assigns=["doc._.nominals"]
)
def make_nominal_resolver(nlp: Language, name: str) -> NominalResolver:
    """Make the component."""
    return NominalResolver()
