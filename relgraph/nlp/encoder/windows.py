"""An article as the encoder takes it: windows of whole sentences, cut into pieces with offsets."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from sentencepiece import SentencePieceProcessor
from spacy.tokens import Doc

from relgraph.nlp.extensions import readable_sentences

START, END = 0, 2  # ids of the pieces that open a window and close a sentence

LONGEST = 510  # pieces of a window
_TITLE = 40  # pieces of the headline that open each window after the first
_BACK = 160  # pieces of the sentences before a window's own
_BACK_SENTENCES = 5
_SENTENCE = 280  # pieces after which a long sentence is cut

_WORD = re.compile(r"\w")

Pieces: TypeAlias = list[tuple[int, int, int]]  # id, start and end in the article


@dataclass
class Window:
    """A stretch of an article with what stands before it, as parallel lists over its pieces.

    Attributes:
        ids: numbers of the pieces.
        starts, ends: character offsets into the article's text; -1 for pieces that are no text.
        sentences: number of the sentence that a piece is of; -1 for pieces that are no text.
        continues: whether a piece goes on with the word of the piece before it.
        first: position of the first piece of the window's own sentences; all before is context.
    """

    ids: list[int]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    continues: list[bool]
    first: int

    def reach(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the positions of the first and last piece that touch the characters ``start`` to ``end``."""
        positions, starts, ends = self._text
        first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
        return (positions[first], positions[last]) if first <= last else None

    def nearest(self, start: int, end: int) -> tuple[int, int]:
        """Return what :meth:`reach` does, or where no piece touches the characters, the piece after them."""
        if reached := self.reach(start, end):
            return reached
        positions, _, ends = self._text
        after = positions[min(bisect_right(ends, start), len(positions) - 1)]
        return after, after

    @property
    def opening(self) -> int:
        """Offset at which the window's own sentences start."""
        return self.starts[self.first]

    @cached_property
    def _text(self) -> tuple[list[int], list[int], list[int]]:
        """The pieces that are text, which stand in the order of the text: positions, starts, ends."""
        positions = [i for i, start in enumerate(self.starts) if start >= 0]
        return positions, [self.starts[i] for i in positions], [self.ends[i] for i in positions]


def owner(windows: Sequence[Window], offset: int) -> int:
    """Return the number of the window among whose own sentences the character at ``offset`` stands."""
    return max(0, bisect_right([window.opening for window in windows], offset) - 1)


def article_windows(doc: Doc, processor: SentencePieceProcessor) -> list[Window]:
    """Cut the readable sentences of a Doc into windows."""
    sentences = [(span.start_char, span.end_char) for span in readable_sentences(doc)]
    return windows(doc._.article.text, sentences, processor)


def windows(
    text: str, sentences: Sequence[tuple[int, int]], processor: SentencePieceProcessor
) -> list[Window]:
    """Cut an article into windows. Each sentence is one window's own, and may be context in the next.

    Args:
        sentences: the start and end of each sentence in ``text``; the first is the headline.
    """
    units = [unit for unit in _units(text, sentences, processor) if unit[1]]
    found: list[Window] = []
    at = 0
    while at < len(units):
        before = _context(units, at)
        room = LONGEST - 1 - sum(len(pieces) + 1 for _, pieces in before)
        end = at
        while end < len(units) and (end == at or len(units[end][1]) + 1 <= room):
            room -= len(units[end][1]) + 1
            end += 1
        found.append(_window(text, before, units[at:end]))
        at = end
    return found


def _units(
    text: str, sentences: Sequence[tuple[int, int]], processor: SentencePieceProcessor
) -> Iterable[tuple[int, Pieces]]:
    """Yield the sentences' pieces with the sentence's number; a very long one comes in parts."""
    encoded = processor.encode([text[start:end] for start, end in sentences], return_type="offset_mapping")
    for number, ((offset, _), cut) in enumerate(zip(sentences, encoded, strict=True)):
        pieces = [
            (piece, offset + start + _blanks(text, offset + start, offset + end), offset + end)
            for piece, (start, end) in zip(cut["ids"], cut["offsets"], strict=True)
        ]
        for part in range(0, len(pieces), _SENTENCE):
            yield number, pieces[part : part + _SENTENCE]


def _blanks(text: str, start: int, end: int) -> int:
    return len(text[start:end]) - len(text[start:end].lstrip())


def _context(units: Sequence[tuple[int, Pieces]], at: int) -> list[tuple[int, Pieces]]:
    before: list[tuple[int, Pieces]] = []
    room = _BACK
    start = at
    while start > 0 and len(before) < _BACK_SENTENCES and len(units[start - 1][1]) <= room:
        start -= 1
        before.insert(0, units[start])
        room -= len(units[start][1])
    if start > 0:
        before.insert(0, (units[0][0], units[0][1][:_TITLE]))
    return before


def _window(text: str, before: Sequence[tuple[int, Pieces]], own: Sequence[tuple[int, Pieces]]) -> Window:
    window = Window([START], [-1], [-1], [-1], [False], 1 + sum(len(pieces) + 1 for _, pieces in before))
    for number, pieces in (*before, *own):
        last = -1
        for piece, start, end in pieces:
            window.ids.append(piece)
            window.starts.append(start)
            window.ends.append(end)
            window.sentences.append(number)
            joined = start == last and start > 0 and end > start
            window.continues.append(
                joined and bool(_WORD.match(text[start]) and _WORD.match(text[start - 1]))
            )
            last = end
        for values, value in ((window.ids, END), (window.starts, -1), (window.ends, -1)):
            values.append(value)
        window.sentences.append(-1)
        window.continues.append(False)
    return window
