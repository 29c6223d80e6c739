"""N-Quads: all named graphs, one statement a line, for bulk loading and for comparing builds with diff."""

from typing import BinaryIO

from pyoxigraph import RdfFormat, serialize

from relgraph.export.selection import Selection
from relgraph.export.statements import chosen_quads
from relgraph.graph import EventGraph


def write(graph: EventGraph, selection: Selection, file: BinaryIO) -> None:
    """Write the chosen part as N-Quads, ordered by graph and subject.

    Raises:
        RelgraphError: an actor or a date of the selection is none.
    """
    serialize(chosen_quads(graph, selection), file, format=RdfFormat.N_QUADS)
