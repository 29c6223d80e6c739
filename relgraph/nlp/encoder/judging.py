"""How the heads' scores and the log-linear model's join in one decision, in training as in reading.

The log-linear model (`relgraph.nlp.events.choice`) knows offices, pronouns, cues and the calendar by named
evidence; the network reads the wording. Each decision's score is the sum of both, the model's part weighed by
a number that was learnt with the network.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from relgraph.nlp.encoder.pairs import Place
from relgraph.nlp.encoder.windows import Window, owner
from relgraph.nlp.events.anchors import Option, TimeReader
from relgraph.nlp.events.choice import NONE, Choice
from relgraph.nlp.events.participants import Told
from relgraph.nlp.events.reading import Reading
from relgraph.nlp.events.triggers import TriggerLexicon, judged_phrases

_Array: TypeAlias = npt.NDArray[Any]

NEVER = -1e4  # score of what can't be
_LEAST = 1e-4  # probabilities are kept this far from 0 before the logarithm
_BACK, _AHEAD = 3, 1  # sentences around the trigger's whose entities may take part


def painted(windows: Sequence[Window], told: Iterable[tuple[int, int, float]]) -> list[_Array]:
    """Return for each piece of each window what is told of the text that it is of; NaN for nothing.

    A stretch of text is painted on the window among whose own sentences it stands; of two that overlap the
    later one counts.

    Args:
        told: start and end (exclusive) in the article's text, and a number.
    """
    found = [np.full(len(window.ids), np.nan, np.float32) for window in windows]
    for start, end, value in told:
        number = owner(windows, start)
        if reached := windows[number].reach(start, end):
            first, last = reached
            found[number][first : last + 1] = value
    return found


def trigger_scores(read: _Array, told: _Array, mix: Mapping[str, _Array]) -> _Array:
    """Return the log-odds of each piece that it is of a trigger.

    Args:
        read: the same by the network.
        told: the same by the log-linear model; NaN where its lexicon has no phrase.
    """
    rules = np.where(np.isnan(told), mix["trigger_unread"], mix["trigger"] * told)
    total: _Array = mix["trigger_trust"] * read + rules
    return total


def told_of_phrases(
    reading: Reading, lexicon: TriggerLexicon, choice: Choice
) -> Iterator[tuple[int, int, float]]:
    """Yield where the lexicon's phrases stand, and the log-linear model's log-odds that they are triggers."""
    for candidate, _, odds in judged_phrases(reading, lexicon, choice):
        (told,) = log_odds({NONE: odds[NONE], "trigger": 1 - odds[NONE]}, ("trigger",))
        yield candidate.start, candidate.end, float(told)


def role_candidates(
    told: Told, evidence: Mapping[str, Sequence[str]], places: Mapping[str, Sequence[Place]]
) -> list[str]:
    """Return the entities that may take part: those the log-linear model weighs, and those named around."""
    number = told.sentence.number
    around = (
        entity
        for entity, named in places.items()
        if any(number - _BACK <= place.sentence <= number + _AHEAD for place in named)
    )
    return list(dict.fromkeys((*evidence, *around)))


def log_odds(probabilities: Mapping[str, float], options: Sequence[str], *, first: bool = False) -> _Array:
    """Return each option's log-odds against ``NONE``.

    Args:
        first: put ``NONE`` itself, with 0, before the options.
    """
    none = max(probabilities[NONE], _LEAST)
    odds = [float(np.log(max(probabilities[option], _LEAST) / none)) for option in options]
    return np.array([0.0, *odds] if first else odds, np.float32)


class TimeOffer(NamedTuple):
    """The times that an event could have.

    Attributes:
        values: the times; None: undated.
        features: for each, its log-likelihood by the log-linear model, whether it stands right beside the
            trigger, whether it is a time at all.
        frames: for each, 0 if it is "undated", 1 if the day of publication, 2 if that day's month, else -1.
    """

    values: list[str | None]
    features: _Array
    frames: _Array


def time_offer(
    told: Told, options: Mapping[str | None, Option], choice: Choice, times: TimeReader
) -> TimeOffer:
    """Return the times on offer as the network judges them."""
    odds = choice.rank({value: option.evidence for value, option in options.items()})
    own = times.own(told)
    framed: dict[str | None, int] = {value: i + 1 for i, value in enumerate(times.of_publication)}
    framed[None] = 0
    values = list(options)
    rows = [
        [
            float(np.log(max(odds[value], _LEAST))),
            float(own is not None and own == value),
            float(value is not None),
        ]
        for value in values
    ]
    frames = np.array([framed.get(value, -1) for value in values])
    return TimeOffer(values, np.array(rows, np.float32), frames)
