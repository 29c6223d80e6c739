"""How alike two mentions or chains are: the figures that a merge's score is made of."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from rapidfuzz import fuzz

from relgraph.graph.merging.profiles import Profile, Vector, cosine
from relgraph.graph.merging.times import days, overlap
from relgraph.model import EventType, Interval

Features = Mapping[str, float]
"""Figures by name, each from 0 to 1."""

States = Callable[[str], str]
"""Gives the state that an entity stands for (its country, a capital's state), or the entity itself."""

_SPEECH: Final = EventType.STATE
_FAR: Final = 2000.0  # characters; mentions that lie farther apart in an article count as equally far


def features(one: Profile, other: Profile, states: States) -> dict[str, float]:
    """Compare two mentions or chains of the same type and factuality.

    The order of the two does not matter.
    """
    one, other = sorted((one, other), key=lambda profile: profile.first)
    agents = _jaccard(one.agents, other.agents)
    all_one, all_other = one.participants, other.participants
    stand_one, stand_other = frozenset(map(states, all_one)), frozenset(map(states, all_other))
    wording = max((cosine(a, b) for a in one.sentences for b in other.sentences), default=0.0)
    same_article = one.first.article == other.first.article
    return {
        **_time_features(one.time, other.time),
        "agents": agents,
        "agents-conflict": float(bool(one.agents and other.agents) and not one.agents & other.agents),
        "patients": _jaccard(one.patients, other.patients),
        "patients-conflict": float(
            bool(one.patients and other.patients) and not one.patients & other.patients
        ),
        "participants": _jaccard(all_one, all_other),
        "states": _jaccard(stand_one, stand_other),
        "states-contained": _contained(stand_one, stand_other),
        "no-participants": float(not all_one or not all_other),
        "roles-swapped": float(bool(one.agents & other.patients or one.patients & other.agents)),
        "place-same": float(bool(one.location) and one.location == other.location),
        "place-conflict": float(bool(one.location and other.location) and one.location != other.location),
        "mode-same": float(bool(one.mode) and one.mode == other.mode),
        "mode-conflict": float(bool(one.mode and other.mode) and one.mode != other.mode),
        "trigger-same": float(bool(one.triggers & other.triggers)),
        "trigger-alike": max(
            (fuzz.ratio(a, b) / 100 for a in one.triggers for b in other.triggers), default=0.0
        ),
        "wording": wording,
        "wording-strong": max(0.0, wording - 0.5) * 2,
        "speech": float(one.type is _SPEECH),
        "speech-wording": wording * (one.type is _SPEECH),
        "speech-agents": agents * (one.type is _SPEECH),
        "nearness": 1 - min(abs(one.first.start - other.first.start), _FAR) / _FAR if same_article else 0.0,
    }


def _time_features(one: Interval | None, other: Interval | None) -> dict[str, float]:
    known = one is not None and other is not None
    shared = overlap(one, other) if one and other else 0
    longest = max(days(one), days(other)) if one and other else 0
    return {
        "time-same": float(known and one == other),
        "time-overlap": shared / longest if shared > 0 else 0.0,
        "time-compatible": float(shared > 0),
        "time-vague": min(1.0, math.log10(longest) / 4) if longest > 1 else 0.0,
        "time-next-day": float(known and shared in (0, -1)),
        "time-apart": float(known and shared < -1),
        "time-half-known": float((one is None) != (other is None)),
        "time-unknown": float(one is None and other is None),
    }


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _contained(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def vectors_alike(one: Vector, other: Vector) -> float:
    return cosine(one, other)
