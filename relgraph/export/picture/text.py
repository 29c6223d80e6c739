"""Draws a document's text with its marks."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from relgraph.export.appearance import colour_code
from relgraph.export.marks import Mark, marks
from relgraph.export.picture.sheet import DPI, FAINT, INK, font, own_style, text_width, write
from relgraph.model import Document

_WIDTH, _MARGIN = 720.0, 16.0  # points
_TEXT, _TAG = 10.5, 6.5
_LINE_HEIGHT, _PARAGRAPH = 21.0, 7.0
_PADDING: Final = 3.0  # of a mark
_SPACE: Final = 3.4  # between words
_HEAD: Final = 44.0  # the title and what is told of the article
_LEGEND: Final = 26.0
_KINDS: Final = {
    "name": "name, with its type",
    "time": "time, with its day, month or year",
    "event": "words that tell an event, with its type",
}


class _Word(NamedTuple):
    """A word, or a marked stretch of words, which is not broken.

    Attributes:
        glued: it follows the word before without a space.
    """

    text: str
    mark: Mark | None
    glued: bool

    @property
    def width(self) -> float:
        """How wide it is drawn, in points."""
        width = text_width(self.text, font(_TEXT))
        if self.mark is None:
            return width
        return width + 3 * _PADDING + text_width(self.mark.label, font(_TAG, bold=True))


class _Placed(NamedTuple):
    """A word and where its base line begins, from the upper left of the text, in points."""

    word: _Word
    x: float
    y: float


def draw(document: Document) -> Figure:
    """Return the text as a figure 720 points wide, as high as it needs."""
    with own_style():
        placed = list(_placed(document))
        depth = max((word.y for word in placed), default=0.0)
        height = _HEAD + depth + _LINE_HEIGHT + _LEGEND
        figure = Figure(figsize=(_WIDTH / 72, height / 72), dpi=DPI, facecolor="white")
        sheet = figure.add_axes((0, 0, 1, 1), xlim=(0, _WIDTH), ylim=(0, height))
        sheet.set_axis_off()
        write(sheet, _MARGIN, height - 24, document.title or document.id, font(13, bold=True))
        about = " · ".join(filter(None, (document.id, str(document.dct or ""), document.source)))
        write(sheet, _MARGIN, height - 38, about, font(8), FAINT)
        for word, x, y in placed:
            _draw_word(sheet, word, x, height - _HEAD - y)
        _draw_legend(sheet)
    return figure


def _placed(document: Document) -> Iterator[_Placed]:
    """Break the text into lines."""
    y = 0.0
    for paragraph in _paragraphs(document):
        x = _MARGIN
        y += _LINE_HEIGHT + _PARAGRAPH
        for word in paragraph:
            space = 0.0 if word.glued or x == _MARGIN else _SPACE
            if x + space + word.width > _WIDTH - _MARGIN and x > _MARGIN:
                x, space = _MARGIN, 0.0
                y += _LINE_HEIGHT
            yield _Placed(word, x + space, y)
            x += space + word.width


def _paragraphs(document: Document) -> Iterator[list[_Word]]:
    """Yield the words of each line; empty ones and the title, which stands above, are left out."""
    begin = 0
    found = marks(document)
    for line in document.text.split("\n"):
        end = begin + len(line)
        if line.strip() and line.strip() != document.title:
            yield list(
                _words(document.text, begin, end, [m for m in found if begin <= m.start and m.end <= end])
            )
        begin = end + 1


def _words(text: str, begin: int, end: int, inside: list[Mark]) -> Iterator[_Word]:
    at = begin
    for mark in inside:
        yield from _plain(text, at, mark.start)
        yield _Word(text[mark.start : mark.end], mark, _is_glued(text, mark.start))
        at = mark.end
    yield from _plain(text, at, end)


def _plain(text: str, begin: int, end: int) -> Iterator[_Word]:
    at = begin
    for word in text[begin:end].split():
        at = text.index(word, at)
        yield _Word(word, None, _is_glued(text, at))
        at += len(word)


def _is_glued(text: str, place: int) -> bool:
    return place > 0 and not text[place - 1].isspace()


def _draw_word(sheet: Axes, word: _Word, x: float, y: float) -> None:
    if word.mark is None:
        write(sheet, x, y, word.text, font(_TEXT))
        return
    _draw_box(sheet, x, y, word.width, word.mark.colour)
    end = write(sheet, x + _PADDING, y, word.text, font(_TEXT))
    write(sheet, end + _PADDING, y, word.mark.label, font(_TAG, bold=True), INK)


def _draw_box(sheet: Axes, x: float, y: float, width: float, colour: str) -> None:
    style: dict[str, Any] = {
        "boxstyle": "round,pad=0,rounding_size=3",
        "facecolor": colour,
        "edgecolor": "none",
    }
    sheet.add_patch(FancyBboxPatch((x, y - 4), width, _TEXT + 5, **style))


def _draw_legend(sheet: Axes) -> None:
    x = _MARGIN
    for kind, meaning in _KINDS.items():
        _draw_box(sheet, x, 12, 14, colour_code("marks", kind))
        x = write(sheet, x + 19, 12, meaning, font(8), FAINT) + 18
