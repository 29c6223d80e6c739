"""How sure it is that two mentions, or two chains of mentions, tell of one event.

The score is that of a logistic regression over :mod:`relgraph.graph.merging.features`; one was fitted for
mentions of one article, one for chains of different articles (:mod:`relgraph.evaluation.merge_fitting`; what
on is told in ``weights.json``). Some things are no matter of degree and rule a merge out: another type or
factuality, and across articles times that lie apart or are too vague to tell one occurrence of a recurring
event from another.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from relgraph.graph.merging.features import Features, States, features
from relgraph.graph.merging.profiles import Profile
from relgraph.graph.merging.times import days, overlap

WITHIN: Final = "within"
ACROSS: Final = "across"
THRESHOLDS: Final = {WITHIN: 0.5, ACROSS: 0.45}
"""Average score from which mentions are one chain, and chains one event; calibrated by cross-validation on
the training articles."""

MOST_DAYS: Final = 62
"""Times longer than two months tell nothing about which occurrence is meant, unless they are the same."""

_UNDATED_WORDING: Final = 0.8  # of undated mentions in two articles: nearly the same sentence
_UNDATED_DAYS: Final = 7  # between the publication of two reports of undated news


def score_within(one: Profile, other: Profile, states: States) -> float:
    """Return the score of two mentions of one article, from 0 to 1."""
    if (one.type, one.factuality) != (other.type, other.factuality):
        return 0.0
    return logistic(features(one, other, states), WITHIN)


def score_across(one: Profile, other: Profile, states: States) -> float:
    """Return the score of two chains of different articles, from 0 to 1.

    Chains of which one is undated are only joined where their sentences are nearly the same, their
    participants are, and the articles came out in the same week.
    """
    if (one.type, one.factuality) != (other.type, other.factuality):
        return 0.0
    if one.time is None or other.time is None:
        return _score_undated(one, other)
    if not times_allow(one, other):
        return 0.0
    return logistic(features(one, other, states), ACROSS)


def times_allow(one: Profile, other: Profile) -> bool:
    """Tell whether two chains may be compared: both are dated, not days apart, and not too vague."""
    if one.time is None or other.time is None or overlap(one.time, other.time) < -1:
        return False
    return one.time == other.time or max(days(one.time), days(other.time)) <= MOST_DAYS


def _score_undated(one: Profile, other: Profile) -> float:
    if one.published is None or other.published is None or one.participants != other.participants:
        return 0.0
    alike = features(one, other, lambda entity: entity)["wording"]
    near = abs((one.published - other.published).days) <= _UNDATED_DAYS
    return alike if near and one.participants and alike >= _UNDATED_WORDING else 0.0


def logistic(figures: Features, model: str) -> float:
    """Return the probability that a model gives to these figures."""
    return 1 / (1 + math.exp(-sum(share for _, share in contributions(figures, model))))


def contributions(figures: Features, model: str) -> list[tuple[str, float]]:
    """Return what each figure adds to the log-odds, with the model's constant as "bias"."""
    weights = _models()[model]
    return [("bias", weights["bias"])] + [
        (name, value * weights[name]) for name, value in sorted(figures.items()) if value
    ]


@cache
def _models() -> Mapping[str, Mapping[str, float]]:
    content = json.loads(weights_file().read_text(encoding="utf-8"))
    return {model: content[model] for model in (WITHIN, ACROSS)}


def weights_file() -> Path:
    """Return the file with the models' weights."""
    return Path(__file__).with_name("weights.json")
