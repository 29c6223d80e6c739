"""Graphs as files for other programs, and tables for people: one format a file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from relgraph.errors import RelgraphError
from relgraph.export import graphml, picture, trig, turtle
from relgraph.export.quotes import refuse_wrong_quotes
from relgraph.export.tables import STYLES, event_table, render, states_table
from relgraph.files import replacing
from relgraph.graph import EventGraph

FORMATS: Final[Mapping[str, Callable[[EventGraph, BinaryIO], None]]] = MappingProxyType(
    {
        "graphml": graphml.write,
        "ttl": turtle.write,
        "trig": trig.write,
        "png": picture.write_png,
        "svg": picture.write_svg,
    }
)
"""Writers by the name of their format, which is also the usual ending of its files."""

__all__ = ["FORMATS", "STYLES", "event_table", "render", "states_table", "write"]


def write(graph: EventGraph, format: str, out: Path | str) -> None:
    """Write the graph to a file, in one step: nobody sees a half-written one, and the old one stays on error.

    The order is the same for the same graph, so that two files can be compared line by line.

    Args:
        format: one of :data:`FORMATS`.

    Raises:
        RelgraphError: the format is unknown, the file can't be written, or a mention's quote does not stand
            in its article; for a picture, matplotlib is not installed.
    """
    if format not in FORMATS:
        raise RelgraphError(format, "is not a format for export", f"choose one of: {', '.join(FORMATS)}")
    refuse_wrong_quotes(graph)
    with replacing(out) as file:
        FORMATS[format](graph, file)
