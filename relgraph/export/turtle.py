"""Turtle: one flat graph of the merged events, their evidence in the articles, and the knowledge base.

Named graphs are left out, so a triple that several have stands once; TriG keeps them apart.
"""

from collections.abc import Iterable
from typing import BinaryIO

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from relgraph.graph import EventGraph
from relgraph.graph.vocabulary import PREFIXES, RDF_TYPE, VOCABULARY


def write(graph: EventGraph, file: BinaryIO) -> None:
    """Write the graph as Turtle, ordered by subject."""
    triples = {quad.triple for quad in graph.store.native if quad.graph_name != VOCABULARY}
    file.write(text_of(sorted(triples, key=order), RdfFormat.TURTLE))


def text_of(statements: Iterable[Triple] | Iterable[Quad], form: RdfFormat) -> bytes:
    """Return the statements in Turtle or TriG, in their order, with the prefixes sorted above them.

    Oxigraph writes the prefixes in an order that changes from run to run.
    """
    lines = (serialize(statements, format=form, prefixes=PREFIXES) or b"").split(b"\n")
    return b"\n".join(sorted(lines[: len(PREFIXES)]) + lines[len(PREFIXES) :])


def order(triple: Triple | Quad) -> tuple[str, bool, str, str]:
    """Sort by subject, the type first, then by predicate and object."""
    predicate = triple.predicate
    return str(triple.subject), predicate != RDF_TYPE, predicate.value, str(triple.object)
