"""Entity linking: every mention to one entity of the document, known to the knowledge base or new.

The sense of a name holds for the whole article (Gale, Church and Yarowsky 1992, "One sense per discourse"),
except for a lone surname, which goes to the nearest bearer named before it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry

from relgraph.kb.base import KnowledgeBase, names_of
from relgraph.kb.misspelling import MisspeltNames
from relgraph.kb.transcription import (
    Romanised,
    TranscribedNames,
    is_transcription,
    may_be_transcribed,
    respelt,
)
from relgraph.model import Article, Entity, EntityType, KbEntity, Mention, entity_key, slug
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.name_patterns.vocabulary import rules
from relgraph.nlp.orthography import is_vietnamese_syllable

# Types whose names the press and the annotation use for one another (a palace that speaks, a city's region).
_NEAR_TYPES = {
    EntityType.ORG: (EntityType.FAC, EntityType.EVT),
    EntityType.FAC: (EntityType.ORG, EntityType.GPE, EntityType.LOC),
    EntityType.GPE: (EntityType.LOC,),
    EntityType.LOC: (EntityType.GPE, EntityType.FAC),
    EntityType.EVT: (EntityType.ORG,),
    EntityType.MISC: (EntityType.ORG, EntityType.EVT),
    EntityType.PER: (),
}
# Types whose names are transcribed; those of bodies and meetings are translated.
_WRITTEN_BY_SOUND = (EntityType.PER, EntityType.GPE, EntityType.LOC)
# How far a mention speaks for the state of a body that is named without one: less with each mention between,
# and half if it comes after the body. Chosen on the training annotation, where this is right for 115 of 135
# such bodies; the last state named before is for 72.
_FALLS, _BEHIND = 0.7, 0.5
# Least similarity (0-100, rapidfuzz's ratio of folded spellings) of every word pair of one person's names.
# Chosen so that Sergei/Sergey, Baqeri/Bagheri, Araghchi/Araqchi meet and Kim Jong-un/Kim Jong-nam do not.
_SAME_WORD = 80.0
_LONGEST_WORD = 32  # characters before a name in which the word that tells what it is must stand


class _Referent(NamedTuple):
    """What a mention refers to, before the document's entities are numbered."""

    type: EntityType
    name: str
    key: str
    label_vi: str
    kb: str | None = None
    known: bool = False


class _Known(NamedTuple):
    """A full personal name of the knowledge base, ready to be compared with other spellings."""

    words: tuple[str, ...]
    entity: KbEntity


class Linker:
    """Sets ``doc._.entities`` and the ``entity`` of every mention in ``doc._.mentions``.

    Args:
        kb: the knowledge base whose entities are linked to.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._bodies = [
            (entry["head"].casefold(), entry["name"])
            for entry in sorted(read_lexicon("bodies")["bodies"], key=lambda entry: -len(entry["head"]))
        ]
        self.meetings: tuple[str, ...] = tuple(read_lexicon("bodies")["meetings"])
        self._with_article = frozenset(read_lexicon("bodies")["with_article"])
        # By initials, which spellings of one name share, so that few names are compared with each other.
        self._people: dict[str, list[_Known]] = {}
        for entity in kb.entities.values():
            if entity.type is EntityType.PER:
                for words in {_folded_words(name) for name in (entity.name, *entity.aliases)}:
                    self._people.setdefault(_initials(words), []).append(_Known(words, entity))
        self._respelt = lru_cache(maxsize=65_536)(self._find_respelt)
        self._names_but_for_slips = lru_cache(len(EntityType))(self._make_misspelt)

    def __call__(self, doc: Doc) -> Doc:
        """Link the mentions of one document."""
        referents = _ArticleLinker(self, doc._.article, doc._.mentions).link()
        ids: dict[_Referent, str] = {}
        for referent in referents:
            ids.setdefault(referent, f"e{len(ids) + 1}")
        doc._.entities = tuple(
            Entity(
                id=entity_id,
                type=referent.type,
                name=referent.name,
                kb=referent.kb,
                key=referent.key,
                label_vi=referent.label_vi,
            )
            for referent, entity_id in ids.items()
        )
        doc._.mentions = tuple(
            mention.model_copy(update={"entity": ids[referent]})
            for mention, referent in zip(doc._.mentions, referents, strict=True)
        )
        return doc

    def candidates(self, name: str, entity_type: EntityType) -> list[KbEntity]:
        """Return the knowledge base's entities of that name and type, else of a type used for it."""
        found = self._kb.find(name)
        exact = [entity for entity in found if entity.type is entity_type]
        return exact or [entity for entity in found if entity.type in _NEAR_TYPES[entity_type]]

    def respelt_person(self, name: str) -> KbEntity | None:
        """Return the one person of the knowledge base whose full name is ``name`` in another spelling.

        A name in Vietnamese letters is a spelling of no other: "Hoàng Lê" is not Hong Lei.
        """
        if not name.isascii() and all(map(is_vietnamese_syllable, name.split())):
            return None
        return self._respelt(_folded_words(name))

    def transcribed(self, name: str, entity_type: EntityType) -> list[KbEntity]:
        """Return the knowledge base's entities whose name ``name`` writes by its sound: "Xéc-gây La-vrốp"."""
        name = unicodedata.normalize("NFC", name)
        if entity_type not in _WRITTEN_BY_SOUND or not is_transcription(name):
            return []
        return [self._kb.entities[bearer] for bearer in self._names_by_sound[entity_type].bearers(name)]

    def misspelt(self, name: str, entity_type: EntityType) -> KbEntity | None:
        """Return the only entity of the type whose name ``name`` is but for a slip of the pen: "Mosvka"."""
        bearer = self._names_but_for_slips(entity_type).bearer(name)
        return self._kb.entities[bearer] if bearer else None

    def of_its_state(self, name: str, entity_type: EntityType) -> KbEntity | None:
        """Return the entity known without its state's name behind: "Lực lượng Vệ binh Cách mạng của Iran"."""
        words = name.split()
        for end in range(len(words) - 1, 0, -1):
            state = next(iter(self.candidates(" ".join(words[end:]), EntityType.GPE)), None)
            if state is not None:
                short = " ".join(words[:end]).removesuffix(" của")
                own = (entity for entity in self.candidates(short, entity_type) if entity.country == state.id)
                if entity := next(own, None):
                    return entity
        return None

    def with_usual_places(self, name: str) -> str:
        """Return a name with the places in it as the press usually spells them.

        "Thỏa thuận Pa-ri" is "Thỏa thuận Paris"; a place's own name stays as it is.
        """

        def usual(word: str) -> str:
            places = self.candidates(word, EntityType.GPE) or self.transcribed(word, EntityType.GPE)
            return places[0].vi if places and word != name else word

        return respelt(unicodedata.normalize("NFC", name), usual)

    @cached_property
    def _names_by_sound(self) -> dict[EntityType, TranscribedNames]:
        """The names in Latin letters, made ready where the first transcription is met."""
        return {
            kind: TranscribedNames(
                (
                    Romanised(tuple(slug(name).split("-")), entity.id)
                    for entity in self._kb.entities.values()
                    if entity.type is kind
                    for name in dict.fromkeys((entity.name, *entity.aliases))
                    if may_be_transcribed(name)
                ),
                of_persons=kind is EntityType.PER,
            )
            for kind in _WRITTEN_BY_SOUND
        }

    def _make_misspelt(self, entity_type: EntityType) -> MisspeltNames:
        of_type = (entity for entity in self._kb.entities.values() if entity.type is entity_type)
        return MisspeltNames((name, entity.id) for entity in of_type for name in names_of(entity))

    def _find_respelt(self, words: tuple[str, ...]) -> KbEntity | None:
        if len(words) < 2:
            return None
        matches = {
            known.entity.id: known.entity
            for known in self._people.get(_initials(words), ())
            if _same_words(words, known.words)
        }
        return next(iter(matches.values())) if len(matches) == 1 else None

    def state_body(self, name: str, state_of: Callable[[str], KbEntity | None]) -> _Referent | None:
        """Return what a body named by rule ("Bộ Y tế Nga") refers to, or None.

        Args:
            name: the body's name as written.
            state_of: gives the state that a name's remainder ("Nga", or nothing) means in this article.
        """
        lowered = " ".join(name.split()).casefold()
        for head, pattern in self._bodies:
            if lowered == head or lowered.startswith(head + " "):
                state = state_of(name[len(head) :].strip())
                return self._body_of(state, name[: len(head)], pattern, name) if state else None
        return None

    def _body_of(self, state: KbEntity, head: str, pattern: str, name: str) -> _Referent:
        """Return the state's body: the known one of that Vietnamese or English name, else a new one."""
        english = pattern.format(f"the {state.name}" if state.name in self._with_article else state.name)
        called = (english, *(f"{head} {of}" for of in (state.vi, *state.aliases)))
        known = next((found for one in called for found in self.candidates(one, EntityType.ORG)), None)
        return _known(known, EntityType.ORG) if known else _new(english, EntityType.ORG, name)

    def numbered(self, mention: Mention) -> _Referent | None:
        """Return the conference of a known series that is named by its number ("… lần thứ 7"), or None."""
        match = _NUMBERED.fullmatch(mention.text)
        series = self.candidates(match["series"], EntityType.EVT) if match else []
        if not match or not series:
            return None
        name = f"{_ordinal(int(match['number']))} {series[0].name}"
        known = self.candidates(name, EntityType.EVT)
        return _known(known[0], mention.type) if known else _new(name, mention.type, mention.text)

    def country(self, referent: _Referent) -> str | None:
        """Return the id of the state that a known entity is or belongs to."""
        entity = self._kb.entities.get(referent.key)
        return (entity.country or (entity.id if entity.type is EntityType.GPE else None)) if entity else None

    def entity(self, entity_id: str) -> KbEntity:
        """Return an entity of the knowledge base."""
        return self._kb.entities[entity_id]

    def office_held(self, entity: KbEntity, on: date | None) -> bool:
        """Tell whether the person held any office on the day."""
        return on is not None and bool(self._kb.offices_of(entity.id, on))


class _ArticleLinker:
    """The linking of one article's mentions."""

    def __init__(self, linker: Linker, article: Article, mentions: Sequence[Mention]) -> None:
        self._linker = linker
        self._article = article
        self._mentions = mentions
        self._surfaces = {" ".join(mention.text.split()) for mention in mentions}
        self._people = self._full_names()
        self._countries: list[str | None] = []  # of what each mention refers to
        self._stateless = False  # whether a body is named without its state

    def link(self) -> list[_Referent]:
        """Return what each mention refers to, in order. A body without its state waits for all others."""
        referents = self._linked()
        if self._stateless:
            self._countries = [self._linker.country(referent) for referent in referents]
            referents = self._linked()
        return referents

    def _linked(self) -> list[_Referent]:
        senses: dict[tuple[str, EntityType, str], _Referent] = {}
        referents: list[_Referent] = []
        for position, mention in enumerate(self._mentions):
            if mention.type is EntityType.PER:
                referents.append(self._person(mention))
                continue
            what = self._what_it_is(mention)
            key = (mention.text, mention.type, what)
            if key not in senses:
                senses[key] = self._expansion(position, referents) or self._thing(position, what)
            referents.append(senses[key])
        return self._abbreviations_before(referents)

    # --- persons

    def _full_names(self) -> list[tuple[int, tuple[str, ...], _Referent]]:
        """Return (start, words, referent) of each full personal name, in order of the text."""
        people: list[tuple[int, tuple[str, ...], _Referent]] = []
        for mention in sorted(self._mentions, key=lambda m: (-len(m.text.split()), m.start)):
            words = _folded_words(mention.text)
            if mention.type is EntityType.PER and len(words) > 1:
                known = self._linker.candidates(mention.text, EntityType.PER)
                longer = None if known else self._bearer(mention.start, words, people)
                people.append((mention.start, words, longer or self._named_person(mention.text)))
        return sorted(people, key=lambda entry: entry[0])

    def _named_person(self, name: str) -> _Referent:
        candidates = self._linker.candidates(name, EntityType.PER)
        if candidates:
            return _known(self._best(candidates), EntityType.PER)
        if respelt := self._linker.respelt_person(name):
            return _known(respelt, EntityType.PER)
        transcribed = self._linker.transcribed(name, EntityType.PER)
        return _known(self._best(transcribed), EntityType.PER) if transcribed else _new(name, EntityType.PER)

    def _person(self, mention: Mention) -> _Referent:
        words = _folded_words(mention.text)
        bearer = self._bearer(mention.start, words, self._people)
        if bearer is None:
            return self._named_person(mention.text)
        return self._famous_bearer(mention.text) or bearer

    def _famous_bearer(self, surname: str) -> _Referent | None:
        """Return whom the surname alone means all over the world, if the article names that person in full.

        "Trump" after "Melania Trump" is still Donald Trump.
        """
        known = self._linker.candidates(surname, EntityType.PER) if " " not in surname else []
        famous = _known(known[0], EntityType.PER) if len(known) == 1 else None
        return famous if any(person == famous for _, _, person in self._people) else None

    @staticmethod
    def _bearer(
        start: int, words: tuple[str, ...], people: Iterable[tuple[int, tuple[str, ...], _Referent]]
    ) -> _Referent | None:
        """Return the person whose full name holds ``words``: the last one named before, else the first after.

        Who is called just so comes first ("Donald Trump" is not Donald Trump Jr.); then a surname counts
        before a given name: the last word, or the first of an East Asian name.
        """
        bearers = [
            (
                words == full,
                words[-1] == full[-1] or words[0] == full[0],
                at <= start,
                at if at <= start else -at,
                referent,
            )
            for at, full, referent in people
            if _is_part(words, full)
        ]
        return max(bearers, key=lambda bearer: bearer[:-1])[-1] if bearers else None

    # --- everything else

    def _what_it_is(self, mention: Mention) -> str:
        """Return the word before a name that makes another known name with it ("tỉnh Homs"), or nothing."""
        start = max(0, mention.start - _LONGEST_WORD)
        before = _what_things_are().search(self._article.text, start, mention.start)
        if before is None:
            return ""
        named = self._linker.candidates(f"{before[1]} {mention.text}", mention.type)
        return before[1] if named and named[0].type is mention.type else ""

    def _thing(self, position: int, what: str) -> _Referent:
        mention = self._mentions[position]
        name = self._summit_abbreviated(position) or f"{what} {mention.text}".lstrip()
        candidates = (
            self._this_years(name, mention.type)
            or self._linker.candidates(name, mention.type)
            or self._linker.candidates(self._linker.with_usual_places(name), mention.type)
        )
        if not candidates and (numbered := self._linker.numbered(mention)):
            return numbered
        if candidates:
            return _known(self._best(candidates), mention.type)
        if own := self._linker.of_its_state(mention.text, mention.type):
            return _known(own, mention.type)
        if mention.type is EntityType.ORG:
            body = self._linker.state_body(mention.text, lambda rest: self._state(rest, position))
            if body:
                return body
        if transcribed := self._linker.transcribed(mention.text, mention.type):
            return _known(self._best(transcribed), mention.type)
        misspelt = self._linker.misspelt(mention.text, mention.type)
        return _known(misspelt, mention.type) if misspelt else _new(mention.text, mention.type)

    def _this_years(self, name: str, entity_type: EntityType) -> list[KbEntity]:
        """Return the meeting of the article's year that is named without it ("Hội nghị thượng đỉnh G20")."""
        if entity_type is not EntityType.EVT or self._article.published is None:
            return []
        return self._linker.candidates(f"{name} {self._article.published.year}", EntityType.EVT)

    def _summit_abbreviated(self, position: int) -> str | None:
        """Return a meeting's name with the abbreviation that follows its organisation's name in brackets.

        "Hội nghị thượng đỉnh **Nhóm … thế giới (G20)**" is "Hội nghị thượng đỉnh G20".
        """
        mention = self._mentions[position]
        if mention.type is not EntityType.EVT or position + 1 == len(self._mentions):
            return None
        if not self._in_brackets_after(position + 1):
            return None
        name = " ".join(mention.text.split())
        head = next((head for head in self._linker.meetings if name.lower().startswith(head + " ")), None)
        return f"{name[: len(head)]} {self._mentions[position + 1].text}" if head else None

    def _state(self, name: str, position: int) -> KbEntity | None:
        """Return the state called ``name``; with no name, the one that the mentions around belong to."""
        if name:
            states = self._linker.candidates(name, EntityType.GPE)
            return states[0] if states else None
        self._stateless = True
        weights: defaultdict[str, float] = defaultdict(float)
        for other, country in enumerate(self._countries):
            if country and other != position:
                side = 1.0 if other < position else _BEHIND
                weights[country] += side / abs(other - position) ** _FALLS
        return self._linker.entity(max(weights, key=weights.__getitem__)) if weights else None

    def _expansion(self, position: int, referents: Sequence[_Referent]) -> _Referent | None:
        """Return the referent of the full name that an abbreviation in brackets stands behind."""
        if not position or not self._in_brackets_after(position):
            return None
        mention, full = self._mentions[position], referents[-1]
        if full.type is not mention.type:
            return None
        own = self._linker.candidates(mention.text, mention.type)
        return full if not own or (full.known and mention.text.isupper()) else None

    def _abbreviations_before(self, referents: list[_Referent]) -> list[_Referent]:
        """Give a full name that the knowledge base does not know the referent of its abbreviation."""
        merged: dict[_Referent, _Referent] = {}
        for position in range(1, len(referents)):
            full, short = referents[position - 1], referents[position]
            if (
                self._in_brackets_after(position)
                and full.type is short.type
                and short.known
                and not full.known
            ):
                merged[full] = short
        return [merged.get(referent, referent) for referent in referents]

    def _in_brackets_after(self, position: int) -> bool:
        full, short = self._mentions[position - 1], self._mentions[position]
        between = self._article.text[full.end : short.start]
        after = self._article.text[short.end : short.end + 1]
        is_short = _ABBREVIATION.fullmatch(short.text) is not None and len(short.text) < len(full.text)
        return between.strip() == "(" and after in (")", ",", " ") and is_short

    def _best(self, candidates: Sequence[KbEntity]) -> KbEntity:
        """Return the candidate that the rest of the article speaks for, else the first in the files."""

        def evidence(entity: KbEntity) -> tuple[int, int, int]:
            names = {entity.name, entity.vi, *entity.aliases}
            named_otherwise = sum(name in self._surfaces for name in names if len(name.split()) > 1)
            country = entity.country.removeprefix("gpe/") if entity.country else None
            from_here = any(slug(c.name) == country for s in self._surfaces for c in self._states(s))
            in_office = self._linker.office_held(entity, self._article.published)
            return named_otherwise, int(from_here), int(in_office)

        return candidates[0] if len(candidates) == 1 else max(candidates, key=evidence)

    def _states(self, surface: str) -> list[KbEntity]:
        return self._linker.candidates(surface, EntityType.GPE)


def _ordinal(number: int) -> str:
    """Return the English ordinal numeral in figures.

    >>> [_ordinal(number) for number in (1, 2, 3, 7, 12, 21)]
    ['1st', '2nd', '3rd', '7th', '12th', '21st']
    """
    if number // 10 % 10 == 1:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


@lru_cache(maxsize=1)
def _what_things_are() -> re.Pattern[str]:
    """The words that tell what the name right after them names, but for persons' titles."""
    words = {word for kind, listed in rules()["before"].items() if kind != EntityType.PER for word in listed}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\s\Z", re.IGNORECASE)


_NUMBERED = re.compile(r"(?P<series>.+) lần thứ (?P<number>\d{1,3})")
_ABBREVIATION = re.compile(r"[A-ZĐ][\w&/-]*")


def _known(entity: KbEntity, mention_type: EntityType) -> _Referent:
    key = entity.id if entity.type is mention_type else entity_key(mention_type, entity.name)
    return _Referent(mention_type, entity.name, key, entity.vi, entity.wikidata, known=True)


def _new(name: str, entity_type: EntityType, label_vi: str | None = None) -> _Referent:
    name = " ".join(name.split())
    return _Referent(entity_type, name, entity_key(entity_type, name), label_vi or name)


def _is_part(words: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell whether ``words`` stand in ``full`` in this order, in some spelling or as initials."""
    rest = iter(full)
    same = _same_word if len(words) == 1 else _same_word_or_initial
    return len(words) <= len(full) and all(any(same(word, other) for other in rest) for word in words)


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words)


def _same_words(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return all(_same_word(a, b) for a, b in zip(first, second, strict=True))


def _same_word_or_initial(first: str, second: str) -> bool:
    return (len(first) == 1 and second.startswith(first)) or _same_word(first, second)


def _same_word(first: str, second: str) -> bool:
    return first == second or (first[0] == second[0] and fuzz.ratio(first, second) >= _SAME_WORD)


@lru_cache(maxsize=65_536)
def _folded_words(name: str) -> tuple[str, ...]:
    """Return the words of a personal name with differences of romanisation folded away.

    >>> _folded_words("Sergey Shoigu") == _folded_words("Sergei Shoigu")
    True
    """
    return tuple(_fold(word) for word in slug(name).split("-"))


@lru_cache(maxsize=65_536)
def _fold(word: str) -> str:
    for spelling, folded in _romanisation():
        word = word.replace(spelling, folded)
    return re.sub(r"(.)\1+", r"\1", word) or "-"


@lru_cache(maxsize=1)
def _romanisation() -> list[tuple[str, str]]:
    return [(spelling, folded) for spelling, folded in read_lexicon("romanisation")]


@registry.misc("relgraph.kb_names.v1")  # type: ignore[untyped-decorator]
def kb_names() -> tuple[tuple[str, EntityType], ...]:
    """Return all names of the shipped knowledge base with their types, for a spaCy config."""
    return tuple(KnowledgeBase.load().names())


@Language.factory("relgraph_linker", requires=["doc._.mentions"], assigns=["doc._.entities"])
def make_linker(nlp: Language, name: str) -> Linker:
    """Make the linker over the shipped knowledge base."""
    return Linker(KnowledgeBase.load())
