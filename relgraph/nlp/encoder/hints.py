"""What is known of an article before the encoder reads it: soft evidence, painted onto the pieces.

Names that the knowledge base, patterns and CRF propose, time expressions with how they lie to the day of
publication, and the phrases of the trigger lexicon with the types they can express. The encoder was trained
with hints left out at random, so it reads names and words that nothing proposes.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from relgraph.model import ZoneKind
from relgraph.nlp.encoder.labels import ENTITY_TYPES, EVENT_TYPES
from relgraph.nlp.encoder.windows import Window
from relgraph.nlp.events.anchors import RELATIONS, dated_value, relation
from relgraph.nlp.events.triggers import Candidate

_Array: TypeAlias = npt.NDArray[Any]

NAMES = 2 * len(ENTITY_TYPES)  # the first columns: first piece and others of a name of each type
_TIME = NAMES
_RELATION = _TIME + 2
_STRONG = _RELATION + len(RELATIONS)
_AMBIGUOUS = _STRONG + len(EVENT_TYPES)
_OPENING = _AMBIGUOUS + len(EVENT_TYPES)  # first piece of a lexicon's phrase
_HEADLINE = _OPENING + 1
_ELSEWHERE = _HEADLINE + 1
WIDTH = _ELSEWHERE + 1
TRIGGERS = slice(_STRONG, _HEADLINE)  # columns of the trigger lexicon


def hints(window: Window, doc: Doc, candidates: Iterable[Candidate], *, elsewhere: bool = False) -> _Array:
    """Return a window's hints, one row of ``WIDTH`` a piece.

    Args:
        doc: the article with proposed mentions and time expressions.
        candidates: phrases of the trigger lexicon.
        elsewhere: whether the article's annotators drew some lines elsewhere than those as whom the model
            reads (Daume 2007, "Frustratingly Easy Domain Adaptation").
    """
    table = np.zeros((len(window.ids), WIDTH), np.float32)
    table[:, _ELSEWHERE] = elsewhere
    published = doc._.article.published
    for mention in doc._.mentions:
        column = 2 * ENTITY_TYPES.index(str(mention.type))
        _paint(table, window, mention.start, mention.end, column, column + 1)
    for timex in doc._.timexes:
        _paint(table, window, timex.start, timex.end, _TIME, _TIME + 1)
        if value := dated_value(timex, published):
            column = _RELATION + RELATIONS.index(relation(value, published))
            _paint(table, window, timex.start, timex.end, column, column)
    for candidate in candidates:
        for kind in candidate.entry.types:
            base = _AMBIGUOUS if kind in candidate.entry.ambiguous else _STRONG
            column = base + EVENT_TYPES.index(kind)
            _paint(table, window, candidate.start, candidate.end, column, column)
        _paint(table, window, candidate.start, candidate.start + 1, _OPENING, _OPENING)
    for zone in doc._.article.zones:
        if zone.kind is ZoneKind.HEADLINE:
            _paint(table, window, zone.start, zone.end, _HEADLINE, _HEADLINE)
    return table


def _paint(table: _Array, window: Window, start: int, end: int, opening: int, others: int) -> None:
    if reached := window.reach(start, end):
        first, last = reached
        table[first, opening] = 1
        table[first + 1 : last + 1, others] = 1
