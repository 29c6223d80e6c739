"""Node and edge tables as CSV and Parquet, for spreadsheets, pandas, R and Gephi's spreadsheet import.

Gephi takes the columns id, source, target, kind, label and weight by name; no column is called ``type``,
which it takes for an edge's direction.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from relgraph.errors import RelgraphError
from relgraph.export.network import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Edge, Network, Node
from relgraph.export.selection import Selection
from relgraph.files import replacing
from relgraph.graph import EventGraph

NODE_COLUMNS: Final = ("id", *NODE_ATTRIBUTES)
EDGE_COLUMNS: Final = ("id", "source", "target", "kind", *EDGE_ATTRIBUTES)
_DATES: Final = frozenset({"earliest", "latest"})
_ROWS_AT_ONCE: Final = 20_000

Row = Mapping[str, Any]


def write_csv(graph: EventGraph, selection: Selection, folder: Path) -> tuple[Path, ...]:
    """Write ``nodes.csv`` and ``edges.csv`` (RFC 4180, UTF-8) into a folder, which is made if need be.

    Returns:
        the files.

    Raises:
        RelgraphError: a file can't be written, or an actor or date of the selection is none.
    """
    network = Network(graph, selection)
    with _files(folder, "csv") as (nodes, edges):
        _write_csv(nodes, NODE_COLUMNS, map(_node_row, network.nodes))
        _write_csv(edges, EDGE_COLUMNS, map(_edge_row, network.edges()))
    return _paths(folder, "csv")


def write_parquet(graph: EventGraph, selection: Selection, folder: Path) -> tuple[Path, ...]:
    """Write ``nodes.parquet`` and ``edges.parquet`` into a folder, which is made if need be.

    ``earliest`` and ``latest`` are dates.

    Returns:
        the files.

    Raises:
        RelgraphError: pyarrow is not installed, a file can't be written, or an actor or date of the
            selection is none.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise RelgraphError("export parquet", f"it needs pyarrow ({error})", "pip install pyarrow") from error

    types = {str: pyarrow.string(), int: pyarrow.int32(), float: pyarrow.float64()}

    def write(file: BinaryIO, columns: Sequence[str], kinds: Mapping[str, type], rows: Iterator[Row]) -> None:
        schema = pyarrow.schema(
            (name, pyarrow.date32() if name in _DATES else types[kinds.get(name, str)]) for name in columns
        )
        with pyarrow.parquet.ParquetWriter(file, schema) as writer:
            while batch := list(islice(rows, _ROWS_AT_ONCE)):
                writer.write_table(pyarrow.Table.from_pylist([_dated(row) for row in batch], schema))

    network = Network(graph, selection)
    with _files(folder, "parquet") as (nodes, edges):
        write(nodes, NODE_COLUMNS, NODE_ATTRIBUTES, map(_node_row, network.nodes))
        write(edges, EDGE_COLUMNS, EDGE_ATTRIBUTES, map(_edge_row, network.edges()))
    return _paths(folder, "parquet")


def _paths(folder: Path, ending: str) -> tuple[Path, ...]:
    return folder / f"nodes.{ending}", folder / f"edges.{ending}"


@contextmanager
def _files(folder: Path, ending: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open the two files of the folder; neither takes its place unless both are whole."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RelgraphError(
            folder, f"can't be made: {error.strerror}", "name a folder that you may write to"
        ) from None
    with ExitStack() as stack:
        nodes, edges = (stack.enter_context(replacing(path)) for path in _paths(folder, ending))
        yield nodes, edges


def _node_row(node: Node) -> Row:
    return {"id": node.id, **node.values}


def _edge_row(edge: Edge) -> Row:
    return {"id": edge.id, "source": edge.source, "target": edge.target, "kind": edge.kind, **edge.values}


def _dated(row: Row) -> Row:
    return {**row, **{name: date.fromisoformat(row[name]) for name in _DATES if name in row}}


def _write_csv(file: BinaryIO, columns: Sequence[str], rows: Iterable[Row]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    text.detach()
