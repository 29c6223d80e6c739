"""The labels that the encoder gives to pieces, and spans read off them (BIO; Ramshaw and Marcus 1995)."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from relgraph.model import EntityType, EventType, Factuality
from relgraph.nlp.encoder.windows import Window
from relgraph.nlp.events.factuality import UNREAL

_Array: TypeAlias = npt.NDArray[Any]

ENTITY_TYPES = tuple(str(kind) for kind in EntityType)
EVENT_TYPES = tuple(str(kind) for kind in EventType)
FACTUALITY = (str(Factuality.ACTUAL), *UNREAL)
OUTSIDE = 0


class Labelled(NamedTuple):
    """A span with its likeliest type.

    Attributes:
        first, last: positions of its first and last piece in the window.
        confidence: probability that such a span starts there.
    """

    first: int
    last: int
    type: str
    confidence: float


def begins(types: Sequence[str], kind: str) -> int:
    """Return the label of a span's first piece; ``begins(...) + 1`` is that of the others."""
    return 1 + 2 * types.index(kind)


def log_odds_of_spans(logits: _Array) -> _Array:
    """Return for each piece the log-odds that it belongs to a span, of whatever type."""
    found: _Array = np.logaddexp.reduce(logits[:, 1:], axis=1) - logits[:, OUTSIDE]
    return found


def spans(
    window: Window, logits: _Array, types: Sequence[str], threshold: float, odds_of_spans: _Array
) -> Iterator[Labelled]:
    """Yield the spans of the window's own sentences that start with at least that probability.

    Args:
        logits: scores of each piece's labels.
        odds_of_spans: log-odds of each piece that it belongs to a span.
    """
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    odds = exponentials / exponentials.sum(axis=1, keepdims=True)
    probability = 1 / (1 + np.exp(-odds_of_spans))
    by_type = odds[:, 1::2] + odds[:, 2::2]
    begin = odds[:, 1::2].sum(axis=1)
    inside = odds[:, 2::2]
    at, size = window.first, len(window.ids)
    while at < size:
        if not _is_word(window, at) or probability[at] < threshold:
            at += 1
            continue
        kind = int(by_type[at].argmax())
        last = at
        for i in range(at + 1, size):
            if window.starts[i] < 0:
                break
            goes_on = inside[i].sum() >= max(begin[i], odds[i, OUTSIDE])
            if window.continues[i] or goes_on:
                last = i
            else:
                break
        yield Labelled(at, last, types[kind], float(probability[at]))
        at = last + 1


def _is_word(window: Window, at: int) -> bool:
    return window.starts[at] >= 0 and window.ends[at] > window.starts[at] and not window.continues[at]
