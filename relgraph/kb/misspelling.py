"""Names with a slip of the pen in them: "Mosvka", "Thổ Nhĩ Kỹ", "NBCNews".

A slip is one letter too many, too few or wrong, or two that changed places (Damerau 1964, "A technique for
computer detection and correction of spelling errors"); marks, spaces and hyphens do not count.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from relgraph.model import slug
from relgraph.nlp.orthography import is_vietnamese_syllable

# Shorter names and words are too near to others: Iran and Iraq, Lon and Lyon. Chosen on the training
# annotation, in which 279 unknown names are so taken for known ones: 225 times for what the annotators name,
# some 40 times for the same under another name ("Su-30 MK2"), a dozen times for something else ("Uatoday").
_SHORTEST_MARKS_ASIDE = 4
_SHORTEST, _SHORTEST_KNOWN = 6, 5
_SHORTEST_WORD = 4
_FEWEST_SYLLABLES = 3  # of a name in Vietnamese

_Words = tuple[str, ...]


class MisspeltNames:
    """Finds whose name a written name is but for one slip.

    Args:
        names: pairs of a name and the key of its bearer.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._bearers: defaultdict[str, set[str]] = defaultdict(set)
        self._alike: defaultdict[tuple[str, int], set[_Words]] = defaultdict(set)
        self._words: set[str] = set()
        for name, bearer in names:
            words = _words(name)
            letters = "".join(words)
            self._bearers[letters].add(bearer)
            self._alike[letters[0], len(letters)].add(words)
            if len(words) == 1:
                self._words.add(letters)
        self.bearer = lru_cache(maxsize=16_384)(self._bearer)

    def _bearer(self, written: str) -> str | None:
        """Return the key of the only one whose name this may be, or None."""
        words = _words(written)
        letters = "".join(words)
        if len(words) < _FEWEST_SYLLABLES and all(map(is_vietnamese_syllable, written.split())):
            return None  # marks make another place of it: "Trung Hòa" is not China's "Trung Hoa"
        if len(letters) >= _SHORTEST_MARKS_ASIDE and (same := self._bearers.get(letters)):
            return next(iter(same)) if len(same) == 1 else None
        if len(letters) < _SHORTEST or written.isupper():
            return None
        bearers = {
            bearer
            for length in range(max(_SHORTEST_KNOWN, len(letters) - 1), len(letters) + 2)
            for name in self._alike.get((letters[0], length), ())
            if self._is_slip(words, name)
            for bearer in self._bearers["".join(name)]
        }
        return next(iter(bearers)) if len(bearers) == 1 else None

    def _is_slip(self, written: _Words, name: _Words) -> bool:
        """Tell whether one name is the other with one slip in a word that is no name of its own."""
        edits = OSA.distance("".join(written), "".join(name), score_cutoff=1)
        if edits > 1 or _figures(written) != _figures(name):
            return False
        if len(written) != len(name):
            # "Đông Bắc" is not "Đông Bắc Á", nor "MiG-29M" the "MiG29"
            return not (_figures(written) or set(written) <= set(name) or set(name) <= set(written))
        wrong, right = next((a, b) for a, b in zip(written, name, strict=True) if a != b)
        if min(len(wrong), len(right)) < _SHORTEST_WORD or _figures((wrong, right)):
            return False
        return wrong[0] == right[0] and (len(written) == 1 or wrong not in self._words)


def _words(name: str) -> _Words:
    return tuple(slug(name).split("-"))


def _figures(words: _Words) -> list[str]:
    return re.findall(r"\d+", " ".join(words))
