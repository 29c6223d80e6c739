"""Foreign names as the Vietnamese press writes them by their sound: "Xéc-gây La-vrốp", "An-ca-ra".

A transcription and a romanised name are compared by the alignment of least cost (Wagner and Fischer 1974), in
which a letter may stand for up to three; what letters may stand for is in ``lexicon/transcription.yaml``.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.orthography import without_tones

_VOWELS = "aăâeêioôơuưy"
_LATIN_VOWELS = frozenset("aeiouy")
_LETTER = re.compile(rf"ngh|ng|nh|gh|gi(?=[{_VOWELS}])|kh|ph|th|tr|ch|qu(?=[{_VOWELS}])|[^\W\d_]")
_INITIALS = re.compile(r"(?:([^\W\d_]{1,2})\. ?)+")
# A word written by its syllables: hyphens tie small ones to the first. "Jae-in", with a letter foreign to
# Vietnamese, is romanised.
_SYLLABLE = r"(?:(?![fjwzFJWZ\d_])\w){1,7}"
TIED = re.compile(rf"(?<!\w){_SYLLABLE}(?:[-‐-―](?![A-ZĐ]){_SYLLABLE})+(?!\w)")
_LONGEST = 3  # letters of a romanised name that one of the transcription stands for
_LEAST_LENGTH = 3  # letters by which a cost is divided at least
_NEVER = float("inf")
# Costs up to which a transcription is taken for a name's: of a whole name, of a surname after an initial, of
# one word alone (which must be long enough to tell); and by which others may exceed the least. Of 108
# transcriptions of persons the right name is the nearest in 106, and whole names that are not meant cost 0.22
# or more; the rest was settled by reading what 60 articles in such spelling came to.
_WHOLE, _SURNAME, _ALONE = 0.2, 0.16, 0.11
_SHORTEST_ALONE = 5
_AS_WELL = 0.03
_INITIAL_FITS = 0.3


class _Sound(NamedTuple):
    """A letter of a transcription: what it costs to stand for which letters, and for none."""

    stands_for: Mapping[str, float]
    added: float
    is_vowel: bool


class Romanised(NamedTuple):
    """A name as it is written in Latin letters, and whose it is.

    Attributes:
        words: lower-case ASCII words.
        bearer: the key of its entity.
    """

    words: tuple[str, ...]
    bearer: str


class TranscribedNames:
    """Finds whose name a transcription writes.

    Args:
        names: the names that may be meant.
        by_surname: whether the names are persons', whose given names may be initials.
    """

    def __init__(self, names: Iterable[Romanised], *, by_surname: bool) -> None:
        self._by_surname = by_surname
        self._by_letter: defaultdict[str, set[Romanised]] = defaultdict(set)
        for name in names:
            self._by_letter["".join(name.words)[:1]].add(name)
            if by_surname:
                for word in name.words[1:]:
                    self._by_letter[word[0]].add(name)

    def bearers(self, transcription: str) -> list[str]:
        """Return the keys of those whose name fits best, and of those whose name fits nearly as well."""
        initials = _INITIALS.match(transcription) if self._by_surname else None
        written = transcription[initials.end() :] if initials else transcription
        costs: dict[str, float] = {}
        for name in {name for letter in _first_letters(written) for name in self._by_letter[letter]}:
            parts = _after_initial(name.words, initials[1]) if initials else self._whole(name.words, written)
            for part, at_most in parts:
                cost = distance(written, part, at_most)
                costs[name.bearer] = min(cost, costs.get(name.bearer, _NEVER))
        least = min(costs.values(), default=_NEVER)
        return [bearer for bearer, cost in costs.items() if cost < _NEVER and cost <= least + _AS_WELL]

    def _whole(self, words: Sequence[str], written: str) -> Iterator[tuple[str, float]]:
        """Yield a name, and what a transcription of it may cost, if that can be one of it."""
        name = "".join(words)
        if len(written.split()) > 1:
            if len(words) > 1 or not self._by_surname:
                yield name, _WHOLE if self._by_surname else _ALONE
        elif len(name) >= _SHORTEST_ALONE and (len(words) == 1 or not self._by_surname):
            yield name, _ALONE


def _after_initial(words: Sequence[str], initial: str) -> Iterator[tuple[str, float]]:
    """Yield the surnames before which an initial may stand, and what a transcription of them may cost."""
    for i in range(1, len(words)):
        if any(_fits_initial(initial, word) for word in words[:i]):
            yield "".join(words[i:]), _SURNAME


def is_transcription(name: str) -> bool:
    """Tell whether some word of a name is written by its syllables.

    >>> is_transcription("X.La-vrốp"), is_transcription("Lavrov"), is_transcription("Al-Assad")
    (True, False, False)
    """
    return TIED.search(unicodedata.normalize("NFC", name)) is not None


def distance(transcription: str, name: str, at_most: float = _NEVER) -> float:
    """Return how ill a transcription fits a romanised name: the mean cost of a letter.

    Args:
        transcription: words of syllables, such as "Éc-đô-gan".
        name: lower-case ASCII letters, such as "erdogan".
        at_most: beyond this only infinity is returned, sooner.

    >>> round(distance("Éc-đô-gan", "erdogan"), 2), round(distance("Éc-đô-gan", "rouhani"), 2)
    (0.07, 0.42)
    """
    sounds = _sounds(transcription)
    length = max(len(sounds), len(name), _LEAST_LENGTH)
    limit = at_most * length
    row = _unheard(name, [0.0] + [_NEVER] * len(name))
    for sound in sounds:
        below = [cost + sound.added for cost in row]
        for start, cost in enumerate(row):
            if cost <= limit:
                for end in range(start + 1, min(start + _LONGEST, len(name)) + 1):
                    below[end] = min(below[end], cost + _stands_for(sound, name[start:end]))
        row = _unheard(name, below)
        if min(row) > limit:
            return _NEVER
    return row[-1] / length if row[-1] <= limit else _NEVER


def _fits_initial(initial: str, word: str) -> bool:
    """Tell whether the transcription of a word may begin with an initial: "X." of "sergey"."""
    written = initial.lower()
    usual = read_lexicon("transcription")["onsets"].get(written)  # "Gi." is one letter
    sound = _Sound(usual, _NEVER, False) if usual else _sounds(written)[0]
    return any(_stands_for(sound, word[:end]) <= _INITIAL_FITS for end in range(1, _LONGEST + 1))


def _first_letters(transcription: str) -> set[str]:
    """Return the letters with which a name so transcribed may begin."""
    sounds = _sounds(transcription)
    if not sounds:
        return set()
    letters = {letters[0] for letters in sounds[0].stands_for}
    return letters | _LATIN_VOWELS | {"h"} if sounds[0].is_vowel else letters


def _unheard(name: str, row: Sequence[float]) -> list[float]:
    """Return the least costs of having read each number of the name's letters, some of them passed over."""
    costs = list(row)
    for i, passed in enumerate(_passing(name)):
        costs[i + 1] = min(costs[i + 1], costs[i] + passed)
    return costs


@lru_cache(maxsize=65_536)
def _passing(name: str) -> tuple[float, ...]:
    """Return what it costs to pass over each letter of a romanised name."""
    rules = read_lexicon("transcription")
    unheard = [rules["unheard"].get(letter, rules["unheard"]["else"]) for letter in name]
    for i, letter in enumerate(name):
        if i and name[i - 1] == letter:
            unheard[i] = rules["doubled"]
    if name and name[-1] in rules["final"]:
        unheard[-1] = min(unheard[-1], rules["final"][name[-1]])
    return tuple(unheard)


def _stands_for(sound: _Sound, letters: str) -> float:
    if letters in sound.stands_for:
        return sound.stands_for[letters]
    if sound.is_vowel and letters in _LATIN_VOWELS:
        other: float = read_lexicon("transcription")["other_vowel"]
        return other
    return _NEVER


@lru_cache(maxsize=4096)
def _sounds(transcription: str) -> tuple[_Sound, ...]:
    return tuple(
        sound
        for syllable in re.findall(r"[^\W\d_]+", without_tones(transcription.lower()))
        for sound in _of_syllable(syllable)
    )


def _of_syllable(syllable: str) -> list[_Sound]:
    rules = read_lexicon("transcription")
    added = rules["added"]
    sounds: list[_Sound] = []
    for letter in _LETTER.findall(syllable):
        if letter in _VOWELS:
            sounds.append(_Sound(rules["vowels"][letter], added.get(letter, added["vowel"]), True))
        elif any(sound.is_vowel for sound in sounds):
            usual = rules["onsets"].get(letter, {letter: 0.0})
            sounds.append(_Sound(rules["codas"].get(letter, usual), added["coda"], False))
        else:
            usual = rules["onsets"].get(letter, {letter: 0.0})
            sounds.append(_Sound(usual, added["onset"], False))
    return sounds
