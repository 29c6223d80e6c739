"""Turtle: one flat graph of the merged events, their evidence in the articles, and the knowledge base.

Named graphs are left out, so a triple that several have stands once; TriG keeps them apart.
"""

from typing import BinaryIO

from pyoxigraph import RdfFormat

from relgraph.export.selection import Selection
from relgraph.export.statements import chosen_triples, write_with_prefixes
from relgraph.graph import EventGraph


def write(graph: EventGraph, selection: Selection, file: BinaryIO) -> None:
    """Write the chosen part as Turtle, ordered by subject.

    Raises:
        RelgraphError: an actor or a date of the selection is none.
    """
    write_with_prefixes(chosen_triples(graph, selection), RdfFormat.TURTLE, file)
