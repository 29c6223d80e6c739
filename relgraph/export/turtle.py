"""Turtle: one flat graph of the merged events, their evidence in the articles, and the knowledge base.

Named graphs are left out, so a triple that several have stands once; TriG keeps them apart.
"""

from typing import BinaryIO

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from relgraph.graph import EventGraph
from relgraph.graph.vocabulary import PREFIXES, RDF_TYPE, VOCABULARY


def write(graph: EventGraph, file: BinaryIO) -> None:
    """Write the graph as Turtle, ordered by subject."""
    triples = {quad.triple for quad in graph.store.native if quad.graph_name != VOCABULARY}
    serialize(sorted(triples, key=order), file, RdfFormat.TURTLE, prefixes=PREFIXES)


def order(triple: Triple | Quad) -> tuple[str, bool, str, str]:
    """Sort by subject, the type first, then by predicate and object."""
    predicate = triple.predicate
    return str(triple.subject), predicate != RDF_TYPE, predicate.value, str(triple.object)
