"""Graphs as files for other programs, and tables for people: one format a file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from relgraph.errors import RelgraphError
from relgraph.export import description, gexf, graphml, jsonld, nquads, picture, sheets, trig, turtle
from relgraph.export.quotes import refuse_wrong_quotes
from relgraph.export.selection import EVERYTHING, Selection
from relgraph.export.tables import STYLES, event_table, render, states_table
from relgraph.files import replacing
from relgraph.graph import EventGraph

_FILES: Final[Mapping[str, Callable[[EventGraph, Selection, BinaryIO], None]]] = {
    "graphml": graphml.write,
    "gexf": gexf.write,
    "ttl": turtle.write,
    "trig": trig.write,
    "nq": nquads.write,
    "jsonld": jsonld.write,
}
_FOLDERS: Final[Mapping[str, Callable[[EventGraph, Selection, Path], tuple[Path, ...]]]] = {
    "csv": sheets.write_csv,
    "parquet": sheets.write_parquet,
}
_PICTURES: Final[Mapping[str, Callable[[EventGraph, BinaryIO], None]]] = {
    "png": picture.write_png,
    "svg": picture.write_svg,
}
FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(_FILES, "file") | dict.fromkeys(_FOLDERS, "folder") | dict.fromkeys(_PICTURES, "file")
)
"""The formats, by the usual ending of their files, each with what it writes: a file or a folder."""

__all__ = [
    "EVERYTHING",
    "FORMATS",
    "STYLES",
    "Selection",
    "describe",
    "event_table",
    "render",
    "states_table",
    "write",
]


describe = description.write


def write(
    graph: EventGraph, format: str, out: Path | str, selection: Selection = EVERYTHING
) -> tuple[Path, ...]:
    """Write the graph to a file, in one step: nobody sees a half-written one, and the old one stays on error.

    The order is the same for the same graph, so that two files can be compared line by line.

    Args:
        format: one of :data:`FORMATS`.
        out: the file; for CSV and Parquet the folder for the tables of nodes and of edges.
        selection: which part of the graph; a picture always shows the whole.

    Returns:
        the files that were written.

    Raises:
        RelgraphError: the format is unknown, the file can't be written, an actor or date of the selection is
            none, or a mention's quote does not stand in its article; for a picture or Parquet, what draws or
            writes it is not installed.
    """
    if format not in FORMATS:
        raise RelgraphError(format, "is not a format for export", f"choose one of: {', '.join(FORMATS)}")
    if format in _PICTURES and not selection.is_everything:
        raise RelgraphError(f"export {format}", "a picture shows the whole graph", "leave the selection out")
    refuse_wrong_quotes(graph)
    if format in _FOLDERS:
        return _FOLDERS[format](graph, selection, Path(out))
    with replacing(out) as file:
        if format in _PICTURES:
            _PICTURES[format](graph, file)
        else:
            _FILES[format](graph, selection, file)
    return (Path(out),)
