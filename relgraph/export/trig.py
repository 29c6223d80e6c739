"""TriG: all named graphs as the store holds them."""

from typing import BinaryIO

from pyoxigraph import RdfFormat

from relgraph.export.selection import Selection
from relgraph.export.statements import chosen_quads, write_with_prefixes
from relgraph.graph import EventGraph


def write(graph: EventGraph, selection: Selection, file: BinaryIO) -> None:
    """Write the chosen part as TriG, ordered by graph and subject.

    Raises:
        RelgraphError: an actor or a date of the selection is none.
    """
    write_with_prefixes(chosen_quads(graph, selection), RdfFormat.TRIG, file)
