"""underthesea's entity CRF, decoded as it was trained: left to right.

The CRF (``ner_crf_2017_10_12.bin``) has the entity tags of the three previous words among its features.
``underthesea.ner`` gives it the constant "X" in their place; here every word gets the tags predicted for
the words before it. Iterating whole-sentence decoding to a fixed point is faster but settles on wrong
tags (span F1 47 against 76 on training articles), so that sentences are read word by word, over a window
that is long enough for the transitions.
"""

from collections.abc import Sequence
from pathlib import Path

import underthesea
from underthesea_core import CRFTagger

_MODEL = Path(underthesea.__file__).parent / "pipeline" / "ner" / "ner_crf_2017_10_12.bin"
_WINDOW = 5  # words; longer ones give the same F1 on 40 training articles
_NEAR = (-2, -1, 0, 1, 2)
_PAIRS = ((-2, -1), (-1, 0), (0, 1), (1, 2))


class EntityCrf:
    """Tag words with PER, ORG, LOC and MISC in the IOB2 scheme."""

    def __init__(self) -> None:
        self._crf = CRFTagger()
        self._crf.load(str(_MODEL))

    def __reduce__(self) -> tuple[type["EntityCrf"], tuple[()]]:
        return EntityCrf, ()

    def tag(self, words: Sequence[str], tags: Sequence[str]) -> list[str]:
        """Return the entity tag ("O", "B-PER", "I-PER", …) of each word of a sentence.

        Args:
            words: the words as underthesea segments them, in NFC.
            tags: their parts of speech in underthesea's tag set.
        """
        features = _features(words, tags)
        found: list[str] = []
        for index, feature in enumerate(features):
            for back in (1, 2, 3):
                feature.append(f"T[-{back}][3]={found[index - back] if index >= back else 'BOS'}")
            found.append(self._crf.tag(features[max(0, index + 1 - _WINDOW) : index + 1])[-1])
        return found


def _features(words: Sequence[str], tags: Sequence[str]) -> list[list[str]]:
    """Return the features of the CRF's template, without those of previous entity tags."""
    columns = (
        (".lower", [word.lower() for word in words]),
        (".istitle", [str(_is_title(word)) for word in words]),
        ("", list(words)),
        ("[1]", list(tags)),
    )
    size = len(words)
    features: list[list[str]] = [[] for _ in words]
    for index, row in enumerate(features):
        for suffix, column in columns:
            for shift in _NEAR:
                at = index + shift
                value = "BOS" if at < 0 else "EOS" if at >= size else column[at]
                row.append(f"T[{shift}]{suffix}={value}")
        for suffix, column in columns[2:]:
            for left, right in _PAIRS:
                value = (
                    "BOS"
                    if index + left < 0
                    else "EOS"
                    if index + right >= size
                    else f"{column[index + left]} {column[index + right]}"
                )
                row.append(f"T[{left},{right}]{suffix}={value}")
    return features


def _is_title(word: str) -> bool:
    return all(syllable[:1].istitle() for syllable in word.split(" "))
