"""Find known names in text: longest match over syllables, tolerant of how the press spells them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from relgraph.model import EntityType
from relgraph.nlp.orthography import old_tone_placement

_MARKS = "\u0300-\u036f"
_UNIT = re.compile(rf"(?:[^\W_][{_MARKS}]*)+|[^\w\s{_MARKS}]|_")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
# What may stand between the parts of one name: a space, a hyphen or apostrophe, the stop of an initial.
_JOINT = re.compile(r"[ \u00a0\u2009\u202f]|[-\u2010-\u2015\u2212'’.·+&]| ?[-\u2010-\u2015] ?")
_LONGEST_INITIAL = 2  # letters of what may stand before a stop inside a name: "V. Putin", "St. Petersburg"


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return the key by which spellings of a word are the same: lower case, NFC, older tone placement.

    >>> fold("Hoà"), fold("Thổ  Nhĩ Kỳ"), fold("Al–Assad")
    ('hòa', 'thổ nhĩ kỳ', 'al-assad')
    """
    if word.isascii() and " " not in word:
        return word.lower()
    composed = unicodedata.normalize("NFC", _SPACES.sub(" ", word))
    return _DASHES.sub("-", old_tone_placement(composed).lower())


@dataclass(frozen=True, slots=True)
class Unit:
    """A syllable, foreign word, number or punctuation mark: what names are made of.

    Attributes:
        start, end: offsets in the text that it was cut from.
        text: its characters in NFC.
        key: ``fold(text)``.
    """

    start: int
    end: int
    text: str
    key: str

    @property
    def is_word(self) -> bool:
        """Whether it is letters or digits, not a punctuation mark."""
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[0].isupper()


def units(text: str, start: int = 0, end: int | None = None) -> list[Unit]:
    """Cut ``text[start:end]`` into units; offsets count from the start of ``text``."""
    return [
        Unit(match.start(), match.end(), _composed(match[0]), fold(match[0]))
        for match in _UNIT.finditer(text, start, len(text) if end is None else end)
    ]


@lru_cache(maxsize=200_000)
def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name in a matcher's list: the parts as written there, and the types it may have."""

    parts: tuple[str, ...]
    types: tuple[EntityType, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A known name found at ``units[first:last]``."""

    first: int
    last: int
    types: tuple[EntityType, ...]


class NameMatcher:
    """Longest-match search for names at the borders of syllables.

    A name matches in its own capitals, in capitals throughout (headlines), and with further capitals on
    the syllables that it writes small; a name of three or more syllables also with fewer capitals after
    the first ("Liên hợp Quốc"). Hyphens, dashes, spaces and the stop of an initial are the same between
    its parts; both placements of tone marks and decomposed accents match.

    Args:
        names: pairs of a name and its type; a name may have several.
    """

    def __init__(self, names: Iterable[tuple[str, EntityType]]) -> None:
        types: dict[tuple[str, ...], dict[EntityType, None]] = {}
        for name, entity_type in names:
            parts = tuple(_composed(part) for part in _UNIT.findall(name) if part[0].isalnum())
            if parts:
                types.setdefault(parts, {})[entity_type] = None
        self._names: dict[tuple[str, ...], list[KnownName]] = {}
        lengths: dict[str, set[int]] = {}
        for parts, found in types.items():
            key = tuple(map(fold, parts))
            self._names.setdefault(key, []).append(KnownName(parts, tuple(found)))
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(counts, reverse=True) for first, counts in lengths.items()}

    def __len__(self) -> int:
        return sum(map(len, self._names.values()))

    def longest_at(self, text: str, sentence: Sequence[Unit], first: int) -> Match | None:
        """Return the longest name that starts with ``sentence[first]``, a slice of ``units(text)``."""
        lengths = self._lengths.get(sentence[first].key)
        if not lengths:
            return None
        words, last = _joined_words(text, sentence, first, lengths[0])
        for length in lengths:
            if length <= len(words):
                known = self._names.get(tuple(word.key for word in words[:length]))
                spelled = next((name for name in known or () if _spells(words, name.parts)), None)
                if spelled:
                    return Match(first, last[length - 1], spelled.types)
        return None

    def find(self, text: str, sentence: Sequence[Unit]) -> Iterator[Match]:
        """Yield the names in ``sentence``, longest first at each place, without overlaps."""
        position = 0
        while position < len(sentence):
            match = self.longest_at(text, sentence, position)
            if match:
                yield match
            position = match.last if match else position + 1


def _joined_words(
    text: str, sentence: Sequence[Unit], first: int, limit: int
) -> tuple[list[Unit], list[int]]:
    """Return the words from ``first`` on that could be one name, and the index after each of them."""
    words, ends = [sentence[first]], [first + 1]
    for index in range(first + 1, len(sentence)):
        if len(words) == limit:
            break
        unit = sentence[index]
        if unit.is_word:
            if not joined(text, words[-1], unit):
                break
            words.append(unit)
            ends.append(index + 1)
    return words, ends


def joined(text: str, before: Unit, after: Unit) -> bool:
    """Tell whether what stands between two words may stand inside a name."""
    gap = text[before.end : after.start]
    if gap in (". ", ".\u00a0"):
        return (
            before.text.isascii() and len(before.text) <= _LONGEST_INITIAL and not before.text[1:].isupper()
        )
    return gap == " " or _JOINT.fullmatch(gap) is not None


def _spells(words: Sequence[Unit], parts: Sequence[str]) -> bool:
    """Tell whether the words in the text may be the name that is written as ``parts``."""
    if parts[0][0].isupper() and not words[0].is_capital:
        return False
    pairs = list(zip((word.text for word in words), parts, strict=False))
    if all(_same_letters(word, part) for word, part in pairs):
        return True
    if len(parts[0]) + len(parts) > 2 and all(word == word.upper() for word, _ in pairs):
        return len(parts) > 1 or not parts[0].isupper()
    return all(
        _same_letters(word, part)
        or (part.islower() and word[1:].islower())
        or (len(parts) > 2 and part[1:].islower() and word.islower())
        for word, part in pairs
    )


def _same_letters(word: str, part: str) -> bool:
    return word == part or old_tone_placement(word) == old_tone_placement(part)
