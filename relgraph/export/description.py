"""A description of a store's data set for catalogues and SPARQL tools, in Turtle.

Its terms are those of VoID, DCAT 3 and Dublin Core. It is not part of the exports, which hold what the store
holds.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from relgraph.export.statements import in_order, write_with_prefixes
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.model import Factuality

DATASET: Final = NamedNode(f"{v.DATA}dataset")
_VOID: Final = "http://rdfs.org/ns/void#"
_DCAT: Final = "http://www.w3.org/ns/dcat#"
_PREFIXES: Final = {**v.PREFIXES, "dcat": _DCAT, "void": _VOID}
_UNCHANGING: Final = Path(__file__).parent / "description.ttl"
_INTEGER: Final = NamedNode(f"{v.XSD}integer")

_CLASSES = "SELECT ?term (COUNT(DISTINCT ?x) AS ?n) WHERE { GRAPH ?g { ?x a ?term } } GROUP BY ?term"
_PROPERTIES = "SELECT ?term (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?x ?term ?y } } GROUP BY ?term"
_GRAPHS = "SELECT ?term (COUNT(*) AS ?n) WHERE { GRAPH ?term { ?x ?p ?y } } GROUP BY ?term"
_TIMES = f"""
SELECT ?start ?end WHERE {{
  {{ SELECT (MIN(?first) AS ?start) (MAX(?last) AS ?end) WHERE {{ GRAPH {v.MERGED} {{
    ?event {v.FACTUALITY} {v.FACTUALITIES[Factuality.ACTUAL]} ; {v.EARLIEST} ?first ; {v.LATEST} ?last
  }} }} }}
  FILTER(BOUND(?start))
}}
"""
_RUNS = f"""
SELECT ?latest WHERE {{
  {{ SELECT (MAX(?started) AS ?latest) WHERE {{ GRAPH ?g {{ ?run {v.PROV_STARTED} ?started }} }} }}
  FILTER(BOUND(?latest))
}}
"""


def write(graph: EventGraph, file: BinaryIO) -> None:
    """Write the description as Turtle, the same for the same store.

    It gives titles and vocabularies, the time of the actual events, when the store was last added to, and how
    many triples each class, property and named graph has; the articles' graphs are counted together.

    Raises:
        RelgraphError: the store is damaged.
    """
    triples = {quad.triple for quad in parse(path=_UNCHANGING, format=RdfFormat.TURTLE)}
    triples.update(Triple(*said) for said in _counted(graph))
    write_with_prefixes(in_order(triples), RdfFormat.TURTLE, file, _PREFIXES)


def _counted(graph: EventGraph) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
    rows = graph.store.rows
    sizes = {name: int(number) for name, number in rows(_GRAPHS)}
    yield DATASET, _void("triples"), _number(sum(sizes.values()))
    yield DATASET, _void("documents"), _number(graph.counts()["articles"])
    for name in (v.MERGED, v.KNOWLEDGE, v.VOCABULARY):
        yield name, _void("triples"), _number(sizes.get(name.value, 0))
    yield from _partitions("class", "entities", rows(_CLASSES))
    yield from _partitions("property", "triples", rows(_PROPERTIES))
    for start, end in rows(_TIMES):
        period = v.part_iri(DATASET, "time")
        yield DATASET, _dcterms("temporal"), period
        yield period, v.RDF_TYPE, _dcterms("PeriodOfTime")
        yield period, NamedNode(f"{_DCAT}startDate"), Literal(start, datatype=v.XSD_DATE)
        yield period, NamedNode(f"{_DCAT}endDate"), Literal(end, datatype=v.XSD_DATE)
    for (latest,) in rows(_RUNS):
        yield DATASET, _dcterms("modified"), Literal(latest, datatype=v.XSD_DATETIME)


def _partitions(
    kind: str, counted: str, rows: Iterator[list[str]]
) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
    for iri, number in rows:
        partition = v.data_iri("dataset", kind, *_name(iri))
        yield DATASET, _void(f"{kind}Partition"), partition
        yield partition, _void(kind), NamedNode(iri)
        yield partition, _void(counted), _number(int(number))


def _name(iri: str) -> tuple[str, ...]:
    """Return prefix and local name of a term; the whole IRI where it has no prefix."""
    for prefix, namespace in v.PREFIXES.items():
        if iri.startswith(namespace):
            return prefix, iri.removeprefix(namespace)
    return (iri,)


def _void(name: str) -> NamedNode:
    return NamedNode(f"{_VOID}{name}")


def _dcterms(name: str) -> NamedNode:
    return NamedNode(f"{v.PREFIXES['dcterms']}{name}")


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)
