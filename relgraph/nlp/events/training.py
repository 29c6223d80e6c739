"""Fitting of the event reader's weights to annotated articles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relgraph.nlp.events.choice import ANY, NONE


@dataclass(frozen=True)
class Example:
    """A decision that an annotator took.

    Attributes:
        options: what could be chosen beside ``NONE``.
        evidence: what spoke for and against them.
        answers: the options that hold; more than one where several come to the same.
    """

    options: tuple[str, ...]
    evidence: tuple[str, ...]
    answers: frozenset[str]


def fit(
    examples: Sequence[Example], *, ridge: float = 1.0, min_count: int = 3, steps: int = 60, min_weight: float = 0.02
) -> dict[str, dict[str, float]]:
    """Return the weights that make the examples' answers most likely (AdaGrad over all examples at once).

    Args:
        ridge: penalty on each weight's square.
        min_count: evidence seen in fewer examples is left out.
        steps: passes over the examples.
        min_weight: weights nearer to 0 are left out of the result.
    """
    counts = Counter(name for example in examples for name in set(example.evidence))
    keys: dict[tuple[str, str], int] = {}
    used: list[int] = []
    rows: list[int] = []
    starts: list[int] = []
    right: list[bool] = []
    for example in examples:
        names = [name for name in dict.fromkeys(example.evidence) if counts[name] >= min_count]
        starts.append(len(right))
        for option in (NONE, *example.options):
            if option != NONE:
                use = [keys.setdefault((name, kind), len(keys)) for name in names for kind in (ANY, option)]
                used += use
                rows += [len(right)] * len(use)
            right.append(option in example.answers)
    index, owner, begin, holds = np.array(used), np.array(rows), np.array(starts), np.array(right)
    sizes = np.diff(np.append(begin, len(right)))

    def shares(values: np.ndarray) -> np.ndarray:
        return values / np.repeat(np.add.reduceat(values, begin), sizes)

    weights, squares = np.zeros(len(keys)), np.zeros(len(keys))
    for _ in range(steps):
        scores = np.bincount(owner, weights[index], minlength=len(right))
        exponentials = np.exp(scores - np.repeat(np.maximum.reduceat(scores, begin), sizes))
        excess = shares(exponentials) - shares(exponentials * holds)
        gradient = np.bincount(index, excess[owner], minlength=len(keys)) + ridge * weights
        squares += gradient**2
        weights -= 0.3 * gradient / (np.sqrt(squares) + 1e-8)
    result: dict[str, dict[str, float]] = {}
    for (name, kind), weight in zip(keys, weights.tolist(), strict=True):
        if abs(weight) >= min_weight:
            result.setdefault(name, {})[kind] = round(weight, 3)
    return result
