"""Foreign names as the Vietnamese press writes them by their sound: "Xéc-gây La-vrốp", "An-ca-ra".

A transcription and a romanised name are compared by the alignment of least cost (Wagner and Fischer 1974), in
which a letter may stand for up to three; what letters may stand for is in ``lexicon/transcription.yaml``.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.orthography import is_vietnamese_syllable, without_tones

_VOWELS = "aăâeêioôơuưy"
_LATIN_VOWELS = frozenset("aeiouy")
_LETTER = re.compile(rf"ngh|ng|nh|gh|gi(?=[{_VOWELS}])|kh|ph|th|tr|ch|qu(?=[{_VOWELS}])|[^\W\d_]")
_INITIALS = re.compile(r"([^\W\d_]{1,2})\. ?(?:[^\W\d_]{1,2}\. ?)*")
_TIED = re.compile(r"(?<!\w)[^\W\d_]{1,7}(?:[-‐-―][^\W\d_]{1,7})+(?!\w)")
_TIE = re.compile("[-‐-―]")
# Any consonants may open a syllable ("Xtôn"), but not those foreign to Vietnamese: "Jae-in" is romanised.
_ONSET = re.compile(rf"(?:qu(?=[{_VOWELS}])|gi(?=[{_VOWELS}])|[bcdđghklmnpqrstvx])*")
_LOAN_RIMES = ("ooc", "oong")  # of loan-words only
# A Korean or Chinese name, which is romanised: "Kim Chang-son".
_EAST_ASIAN = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+[-‐-―][a-z]+")
_LONGEST_NAME = 80  # characters; nobody is called so long
_LONGEST = 3  # letters of a romanised name that one of the transcription stands for
_LEAST_LENGTH = 3  # letters by which a cost is divided at least
_NEVER = float("inf")
# Costs up to which a transcription is taken for a name's: of a person's whole name, of a surname after an
# initial, of anything else (which must be long enough to tell, if it is one word); and by which others may
# exceed the least. Of 108 transcriptions of persons the right name is the nearest in 106, and whole names
# that are not meant cost 0.19 or more; the rest was settled by reading 200 articles with such words.
_WHOLE, _SURNAME, _OTHER = 0.19, 0.16, 0.11
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
        of_persons: whether they are persons', whose given names may be initials.
    """

    def __init__(self, names: Iterable[Romanised], *, of_persons: bool) -> None:
        self._of_persons = of_persons
        self._by_name: defaultdict[str, list[Romanised]] = defaultdict(list)
        self._by_surname: defaultdict[str, list[Romanised]] = defaultdict(list)
        for name in dict.fromkeys(names):
            self._by_name[name.words[0][0]].append(name)
            for letter in {word[0] for word in name.words[1:]}:
                self._by_surname[letter].append(name)
        self.bearers = lru_cache(maxsize=16_384)(self._bearers)

    def _bearers(self, transcription: str) -> list[str]:
        """Return the keys of those whose name fits best, and of those whose name fits nearly as well.

        The best comes first; of those that fit alike, the first of the names given.
        """
        initials = _INITIALS.match(transcription) if self._of_persons else None
        written = transcription[initials.end() :] if initials else transcription
        index = self._by_surname if initials else self._by_name
        costs: dict[str, float] = {}
        for letter in _first_letters(written):
            for name in index[letter]:
                parts = _after_initial(name.words, initials[1]) if initials else self._whole(name, written)
                for part, at_most in parts:
                    cost = distance(written, part, at_most)
                    costs[name.bearer] = min(cost, costs.get(name.bearer, _NEVER))
        least = min(costs.values(), default=_NEVER)
        fitting = (bearer for bearer, cost in costs.items() if cost < _NEVER and cost <= least + _AS_WELL)
        return sorted(fitting, key=costs.__getitem__)

    def _whole(self, name: Romanised, written: str) -> Iterator[tuple[str, float]]:
        """Yield a name, and what a transcription of it may cost, if that can be one of it."""
        letters = "".join(name.words)
        if len(written.split()) > 1:
            if not self._of_persons:
                yield letters, _OTHER
            elif len(name.words) > 1:
                yield letters, _WHOLE
        elif len(letters) >= _SHORTEST_ALONE and (len(name.words) == 1 or not self._of_persons):
            yield letters, _OTHER


def _after_initial(words: Sequence[str], initial: str) -> Iterator[tuple[str, float]]:
    """Yield the surnames before which an initial may stand, and what a transcription of them may cost."""
    for i in range(1, len(words)):
        if any(_fits_initial(initial, word) for word in words[:i]):
            yield "".join(words[i:]), _SURNAME


def is_transcription(name: str) -> bool:
    """Tell whether some word of a name, in NFC, is written by its syllables.

    >>> [is_transcription(name) for name in ("X.La-vrốp", "Al-Assad", "Moon Jae-in", "Kim Chang-son")]
    [True, False, False, False]
    """
    if len(name) > _LONGEST_NAME or _EAST_ASIAN.fullmatch(name):
        return False
    return any(_is_by_syllables(match[0]) for match in _TIED.finditer(name))


def may_be_transcribed(name: str) -> bool:
    """Tell whether the press may write a name by its sound: no transcription, no Korean or Chinese name.

    >>> may_be_transcribed("Sergey Lavrov"), may_be_transcribed("La-vrốp"), may_be_transcribed("Ban Ki-moon")
    (True, False, False)
    """
    return not is_transcription(name) and not _EAST_ASIAN.fullmatch(name)


def respelt(name: str, usual: Callable[[str], str]) -> str:
    """Return a name in NFC with the words that are written by their syllables as ``usual`` gives them."""
    return _TIED.sub(lambda match: usual(match[0]) if _is_by_syllables(match[0]) else match[0], name)


def _is_by_syllables(word: str) -> bool:
    """Tell whether what hyphens tie together are small syllables that can be said in Vietnamese."""
    first, *others = _TIE.split(word)
    return all(other.islower() for other in others) and all(map(_is_syllable, (first, *others)))


def _is_syllable(part: str) -> bool:
    rime = _ONSET.sub("", without_tones(part.lower()), count=1)
    return is_vietnamese_syllable(rime) or rime in _LOAN_RIMES


def distance(transcription: str, name: str, at_most: float = _NEVER) -> float:
    """Return how ill a transcription fits a romanised name: the alignment's cost by the longer one's letters.

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


def _first_letters(transcription: str) -> list[str]:
    """Return the letters with which a name so transcribed may begin, in alphabetical order."""
    sounds = _sounds(transcription)
    if not sounds:
        return []
    letters = {letters[0] for letters in sounds[0].stands_for}
    return sorted(letters | _LATIN_VOWELS | {"h"} if sounds[0].is_vowel else letters)


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
