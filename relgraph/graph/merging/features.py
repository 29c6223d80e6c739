"""How alike two mentions or chains are: the figures that a merge's score is made of."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from rapidfuzz import fuzz

from relgraph.graph.merging.profiles import Profile, cosine
from relgraph.graph.merging.times import days, overlap
from relgraph.model import EntityType, EventType, Interval

Features = Mapping[str, float]
"""Figures by name, each from 0 to 1."""

States = Callable[[str], str]
"""Gives the state that an entity stands for (its country, a capital's state), or the entity itself."""

_SPEECH: Final = EventType.STATE
_PERSON: Final = f"{EntityType.PER.lower()}/"
_FAR: Final = 2000.0  # characters; mentions that lie farther apart in an article count as equally far
_HEADLINE: Final = 90  # characters; a headline is seldom longer
_LEAD: Final = 350  # characters that headline and lead fill together
_SENTENCE: Final = 400  # characters; equal sentences that lie nearer are one sentence, not a repetition


def features(one: Profile, other: Profile, states: States) -> dict[str, float]:
    """Compare two mentions or chains of the same type and factuality.

    The order of the two does not matter.
    """
    one, other = sorted((one, other), key=lambda profile: profile.first)
    times = _times(one.time, other.time)
    actors = _actors(one, other, states)
    words = _words(one, other)
    speech = float(one.type is _SPEECH)
    return {
        **times,
        **actors,
        **words,
        **_circumstances(one, other),
        **_positions(one, other, words["wording"], speech),
        "speech": speech,
        "speech-agents": speech * actors["agents"],
        "speech-wording": speech * words["wording"],
        "speech-wording-strong": speech * words["wording-strong"],
        "time-same-trigger": times["time-same"] * words["trigger-shared"],
        "time-unknown-trigger": times["time-unknown"] * words["trigger-shared"],
        "time-half-known-trigger": times["time-half-known"] * words["trigger-shared"],
        "time-compatible-states": times["time-compatible"] * actors["states"],
    }


def _times(one: Interval | None, other: Interval | None) -> dict[str, float]:
    shared = overlap(one, other) if one and other else None
    longest = max(days(one), days(other)) if one and other else 1
    return {
        "time-same": float(shared is not None and one == other),
        "time-overlap": max(0, shared or 0) / longest,
        "time-compatible": float((shared or 0) > 0),
        "time-vague": min(1.0, math.log10(longest) / 4),  # 1 from 10,000 days on
        "time-next-day": float(shared in (0, -1)),
        "time-apart": float((shared or 0) < -1),
        "time-half-known": float((one is None) != (other is None)),
        "time-unknown": float(one is None and other is None),
    }


def _actors(one: Profile, other: Profile, states: States) -> dict[str, float]:
    stand_one, stand_other = (
        frozenset(map(states, one.participants)),
        frozenset(map(states, other.participants)),
    )
    return {
        "agents": _shared(one.agents, other.agents),
        "agents-conflict": _conflict(one.agents, other.agents),
        "patients": _shared(one.patients, other.patients),
        "patients-conflict": _conflict(one.patients, other.patients),
        "participants": _shared(one.participants, other.participants),
        "persons-conflict": _conflict(_persons(one), _persons(other)),
        "states": _shared(stand_one, stand_other),
        "states-contained": len(stand_one & stand_other) / (min(len(stand_one), len(stand_other)) or 1),
        "no-participants": float(not stand_one or not stand_other),
        "roles-swapped": float(bool(one.agents & other.patients or one.patients & other.agents)),
    }


def _words(one: Profile, other: Profile) -> dict[str, float]:
    wording = max((cosine(a, b) for a in one.sentences for b in other.sentences), default=0.0)
    words_one, words_other = _syllables(one.triggers), _syllables(other.triggers)
    return {
        "wording": wording,
        "wording-strong": max(0.0, wording - 0.5) * 2,
        "trigger-shared": len(words_one & words_other) / (min(len(words_one), len(words_other)) or 1),
        "trigger-alike": max(
            (fuzz.ratio(a, b) / 100 for a in one.triggers for b in other.triggers), default=0.0
        ),
    }


def _circumstances(one: Profile, other: Profile) -> dict[str, float]:
    return {
        "place-same": float(bool(one.location) and one.location == other.location),
        "place-conflict": float(bool(one.location and other.location) and one.location != other.location),
        "mode-same": float(bool(one.mode) and one.mode == other.mode),
        "mode-conflict": float(bool(one.mode and other.mode) and one.mode != other.mode),
    }


def _positions(one: Profile, other: Profile, wording: float, speech: float) -> dict[str, float]:
    """Compare where two mentions stand in one article; all zero for two articles."""
    within = float(one.first.article == other.first.article)
    distance = other.first.start - one.first.start
    nearness = within * (1 - min(distance, _FAR) / _FAR)
    headline = within * float(one.first.start < _HEADLINE)
    return {
        "nearness": nearness,
        "speech-nearness": speech * nearness,
        "headline": headline,
        "speech-headline": speech * headline,
        "headline-lead": headline * float(other.first.start < _LEAD),
        "same-sentence": within * float(wording > 0.999 and distance < _SENTENCE),
    }


def _persons(profile: Profile) -> frozenset[str]:
    """Return who takes part by name: two ministers' talks are not those of their presidents."""
    return frozenset(key for key in profile.participants if key.startswith(_PERSON))


def _syllables(triggers: frozenset[str]) -> frozenset[str]:
    return frozenset(word for trigger in triggers for word in trigger.split())


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


def _conflict(one: frozenset[str], other: frozenset[str]) -> float:
    return float(bool(one and other) and not one & other)
