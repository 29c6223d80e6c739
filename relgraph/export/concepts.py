"""What the vocabulary of a graph says of its terms: their names, and the quad class of each event type."""

from collections import defaultdict
from typing import Final, NamedTuple

from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v

COOPERATION: Final = ("material-cooperation", "verbal-cooperation")
CONFLICT: Final = ("material-conflict", "verbal-conflict")
NEUTRAL: Final = "neutral"
"""Quad classes by the local names of their concepts."""

_QUAD_CLASSES = f"""
PREFIX skos: <{v.PREFIXES["skos"]}>
SELECT ?type ?class WHERE {{ GRAPH {v.VOCABULARY} {{
  ?class skos:topConceptOf ?scheme . ?type skos:broader ?class
}} }}
"""
_LABELS = f"""
PREFIX rdfs: <{v.PREFIXES["rdfs"]}>
PREFIX skos: <{v.PREFIXES["skos"]}>
SELECT ?thing ?language ?label WHERE {{ GRAPH {v.VOCABULARY} {{
  ?thing rdfs:label|skos:prefLabel ?label
  BIND(LANG(?label) AS ?language)
}} }}
"""


class Names(NamedTuple):
    """What something is called in English and in Vietnamese."""

    en: str
    vi: str


def quad_classes(graph: EventGraph) -> dict[str, str]:
    """Return the quad class of each event type, by the local names of the concepts.

    Raises:
        RelgraphError: the store does not hold the vocabulary.
    """
    found = {v.local_name(kind): v.local_name(iri) for kind, iri in graph.store.rows(_QUAD_CLASSES)}
    if not found:
        raise RelgraphError(
            graph.folder,
            "the store does not hold the vocabulary, which tells what the event types mean",
            "build any articles into it first",
        )
    return found


def labels(graph: EventGraph) -> dict[str, Names]:
    """Return what the terms of the vocabulary are called, by IRI."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for thing, language, label in graph.store.rows(_LABELS):
        found[thing][language] = label
    return {thing: Names(**by_language) for thing, by_language in found.items()}
