"""TriG: all named graphs as the store holds them."""

from typing import BinaryIO

from pyoxigraph import RdfFormat, serialize

from relgraph.export.turtle import order
from relgraph.graph import EventGraph
from relgraph.graph.vocabulary import PREFIXES


def write(graph: EventGraph, file: BinaryIO) -> None:
    """Write the data set as TriG, ordered by graph and subject."""
    quads = sorted(graph.store.native, key=lambda quad: (str(quad.graph_name), order(quad)))
    serialize(quads, file, RdfFormat.TRIG, prefixes=PREFIXES)
