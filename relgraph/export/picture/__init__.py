"""Pictures of a graph for a page, a slide or a notebook; they need matplotlib.

:func:`write_png` and :func:`write_svg` draw the whole: who is active, what is between them, and when. The
charts draw one relation, and give a matplotlib figure.
"""

from collections.abc import Collection, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, Final

from relgraph.errors import RelgraphError
from relgraph.export.picture.overview import overview
from relgraph.graph import EventGraph
from relgraph.model import Document, Event, PeriodLength

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "document_picture",
    "meetings_chart",
    "overview",
    "overview_picture",
    "save_figure",
    "series_chart",
    "timeline_chart",
    "told_chart",
    "write_png",
    "write_svg",
]

_OFFICES: Final = ("president", "foreign-minister")


def write_png(graph: EventGraph, file: BinaryIO) -> None:
    """Write the picture of the whole as PNG, 1600 pixels wide.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    _drawing("drawing").draw(overview(graph), file, "png")


def write_svg(graph: EventGraph, file: BinaryIO) -> None:
    """Write the picture of the whole as SVG, with text as outlines so that it looks the same everywhere.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    _drawing("drawing").draw(overview(graph), file, "svg")


def overview_picture(graph: EventGraph, events: Collection[Event] | None = None) -> "Figure":
    """Return the picture of the whole, or of these actual events, as a figure.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    figure: Figure = _drawing("drawing").figure_of(overview(graph, events))
    return figure


def timeline_chart(
    graph: EventGraph,
    a: str,
    b: str,
    start: str | None = None,
    end: str | None = None,
    *,
    roles: Sequence[str] = _OFFICES,
    language: str = "en",
) -> "Figure":
    """Return the timeline of two actors' events, by class, with the holders of their offices beneath.

    Args:
        a, b: the actors, by name, label or key; a state stands also for its persons, bodies and cities.
        start: first day, also partial ("2018-04").
        end: last day.
        roles: which offices, as the knowledge base calls them ("president", "foreign-minister").
        language: of the offices and their holders, "en" or "vi".

    Raises:
        RelgraphError: an actor is unknown, a date is none, or matplotlib is not installed.
    """
    figure: Figure = _drawing("charts").timeline(graph, a, b, start, end, roles, language)
    return figure


def series_chart(
    graph: EventGraph,
    a: str,
    b: str,
    start: str | None = None,
    end: str | None = None,
    *,
    by: PeriodLength = PeriodLength.MONTH,
) -> "Figure":
    """Return cooperation and conflict between two actors, period by period.

    Raises:
        RelgraphError: an actor is unknown, a date is none, or matplotlib is not installed.
    """
    figure: Figure = _drawing("charts").series(graph, a, b, start, end, PeriodLength(by))
    return figure


def meetings_chart(
    graph: EventGraph,
    a: str,
    b: str,
    start: str | None = None,
    end: str | None = None,
    *,
    language: str = "en",
) -> "Figure":
    """Return how often each two persons took part in meetings, visits and calls together.

    Args:
        language: of the names, "en" or "vi".

    Raises:
        RelgraphError: an actor is unknown, a date is none, or matplotlib is not installed.
    """
    figure: Figure = _drawing("charts").meetings(graph, a, b, start, end, language)
    return figure


def told_chart(graph: EventGraph, start: str | None = None, end: str | None = None) -> "Figure":
    """Return what happened above what was planned, possible or denied; plans that came true are ringed.

    Raises:
        RelgraphError: a date is none, or matplotlib is not installed.
    """
    figure: Figure = _drawing("charts").told(graph, start, end)
    return figure


def document_picture(document: Document) -> "Figure":
    """Return a document's text with its names, times and events marked.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    figure: Figure = _drawing("text").draw(document)
    return figure


def save_figure(figure: "Figure", file: BinaryIO, form: str, title: str) -> None:
    """Save a figure as "png" or "svg"; the same figure gives the same bytes with the same matplotlib.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    _drawing("sheet").save(figure, file, form, title)


def _drawing(name: str) -> ModuleType:
    """Import a module that draws."""
    from importlib import import_module

    try:
        return import_module(f"{__name__}.{name}")
    except ImportError as error:
        raise RelgraphError("pictures", f"need matplotlib ({error})", "pip install matplotlib") from error
