"""A picture of the graph for a page or a slide: who is active, what is between them, and when it happened."""

from typing import BinaryIO

from relgraph.errors import RelgraphError
from relgraph.export.picture.overview import overview
from relgraph.graph import EventGraph

__all__ = ["overview", "write_png", "write_svg"]


def write_png(graph: EventGraph, file: BinaryIO) -> None:
    """Write the picture as PNG, 1600 pixels wide.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    _write(graph, file, "png")


def write_svg(graph: EventGraph, file: BinaryIO) -> None:
    """Write the picture as SVG, with text as outlines so that it looks the same everywhere.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    _write(graph, file, "svg")


def _write(graph: EventGraph, file: BinaryIO, form: str) -> None:
    try:
        from relgraph.export.picture.drawing import draw
    except ImportError as error:
        raise RelgraphError(
            f"export {form}", f"pictures need matplotlib ({error})", "pip install matplotlib"
        ) from error
    draw(overview(graph), file, form)
