"""Log-linear choice: which of several options holds, given named pieces of evidence.

The model is McFadden's conditional logit (1974), in language processing known as maximum entropy (Berger,
Della Pietra and Della Pietra 1996): an option's score is the sum of the weights of its evidence, and the
options' probabilities are the softmax of their scores. Evidence is named in plain words ("before=sẽ"), so
each decision can be explained by listing weights. The option ``NONE`` always has score 0.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

NONE = "none"
ANY = "*"  # weight that a piece of evidence has for every option but NONE alike

Weights: TypeAlias = Mapping[str, Mapping[str, float]]


_Key = TypeVar("_Key")


class Choice:
    """Chooses between options by weighted evidence.

    Args:
        weights: evidence → option (or ``ANY``) → log-odds against ``NONE``.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def probabilities(self, options: Sequence[str], evidence: Iterable[str]) -> dict[str, float]:
        """Return each option's probability, ``NONE`` among them.

        >>> choice = Choice({"before=sẽ": {"*": 1.0, "planned": 1.0}})
        >>> {k: round(p, 2) for k, p in choice.probabilities(["planned", "actual"], ["before=sẽ"]).items()}
        {'none': 0.09, 'planned': 0.67, 'actual': 0.24}
        """
        shared, own = 0.0, dict.fromkeys(options, 0.0)
        for name in evidence:
            row = self._weights.get(name)
            if row is None:
                continue
            for option, weight in row.items():
                if option == ANY:
                    shared += weight
                elif option in own:
                    own[option] += weight
        return _softmax({NONE: 0.0} | {option: shared + score for option, score in own.items()})

    def rank(self, alternatives: Mapping[_Key, Iterable[str]]) -> dict[_Key, float]:
        """Return the probability of each alternative, where each has evidence of its own."""
        scores = {
            key: sum(row.get(ANY, 0.0) for name in evidence if (row := self._weights.get(name)))
            for key, evidence in alternatives.items()
        }
        return _softmax(scores)


def _softmax(scores: Mapping[_Key, float]) -> dict[_Key, float]:
    top = max(scores.values())
    exponentials = {key: math.exp(score - top) for key, score in scores.items()}
    total = sum(exponentials.values())
    return {key: value / total for key, value in exponentials.items()}
