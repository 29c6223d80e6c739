"""TriG: all named graphs as the store holds them."""

from typing import BinaryIO

from pyoxigraph import RdfFormat

from relgraph.export.turtle import order, text_of
from relgraph.graph import EventGraph


def write(graph: EventGraph, file: BinaryIO) -> None:
    """Write the data set as TriG, ordered by graph and subject."""
    quads = sorted(graph.store.native, key=lambda quad: (str(quad.graph_name), order(quad)))
    file.write(text_of(quads, RdfFormat.TRIG))
