"""Whether a store keeps to its rules: SHACL shapes, and what SHACL can't say well.

The shapes (``ontology/shapes.ttl``) are checked by pySHACL on rdflib's memory store, where it is faster than
over Oxigraph. The other checks compare values of different nodes: quotes with texts, bounds with each other,
merged events with their mentions, their actors and their shortcuts.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from pyoxigraph import NamedNode
from rdflib import RDF, Graph, Namespace, URIRef

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.event_graph import EventGraph
from relgraph.graph.shortcuts import SHORTCUTS, dyad_iri, dyads, period_between
from relgraph.graph.store import Store
from relgraph.model import Finding
from relgraph.resources import shipped

_SH: Final = Namespace("http://www.w3.org/ns/shacl#")
_ARTICLES: Final = v.PREFIXES["article"]
_EVENTS: Final = v.PREFIXES["event"]


def validate(graph: EventGraph) -> list[Finding]:
    """Return everything that is wrong with the store, by article, then by event.

    Raises:
        RelgraphError: pySHACL is not installed, or the store is damaged.
    """
    store = graph.store
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        partial(_shapes, store),
        partial(_texts, store),
        partial(_quotes, store),
        partial(_bounds, store),
        partial(_evidence, store),
        partial(_closure, store),
        partial(_shortcuts, store),
    )
    findings = {finding for check in checks for finding in check()}
    return sorted(findings, key=lambda f: (f.article or "", f.event or "", f.check, f.node, f.problem))


# --- SHACL ------------------------------------------------------------------------------------------------


def _shapes(store: Store) -> Iterator[Finding]:
    try:
        import pyshacl
    except ImportError:
        raise RelgraphError(
            "pyshacl",
            "is not installed, and the shapes are checked by it",
            "pip install pyshacl",
        ) from None
    shapes = Graph().parse(shipped("ontology", "shapes.ttl"))
    # the vocabulary is told apart: its classes' hierarchy serves sh:class, its terms are not validated
    ontology = Graph().parse(shipped("ontology", "relgraph.ttl"))
    data = Graph()
    for graph in _graphs(store):
        data += store.named_graph(graph)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none")
    for result in report.subjects(RDF.type, _SH.ValidationResult):
        yield _finding("shape", str(report.value(result, _SH.focusNode)), _told(report, result), store)


def _graphs(store: Store) -> list[str]:
    """Return the named graphs to validate: all but the vocabulary's own."""
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    return sorted({row[0] for row in store.rows(query)} - {v.VOCABULARY.value})


def _told(report: Graph, result: Any) -> str:
    messages = [m for m in report.objects(result, _SH.resultMessage) if getattr(m, "language", None) != "vi"]
    message = " ".join((min(map(str, messages), default="")).split())
    path, value = report.value(result, _SH.resultPath), report.value(result, _SH.value)
    parts = [message, f"at {v.local_name(str(path))}" if isinstance(path, URIRef) else ""]
    parts.append(f"value {str(value)[:80]}" if value is not None else "")
    return "; ".join(part for part in parts if part)


# --- what SHACL can't say well ----------------------------------------------------------------------------


def _texts(store: Store) -> Iterator[Finding]:
    """Each article's text is the one that was read."""
    query = f"SELECT ?a ?text ?hash {{ GRAPH ?g {{ ?a {v.TEXT} ?text ; {v.SHA256} ?hash }} }}"
    for article, text, digest in store.rows(query):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield _finding("text", article, "its hash is not that of the text that was read", store)


def _quotes(store: Store) -> Iterator[Finding]:
    """Each quote stands in its article where it says."""
    texts = dict(store.rows(f"SELECT ?a ?text {{ GRAPH ?g {{ ?a {v.TEXT} ?text }} }}"))
    query = (
        f"SELECT ?target ?a ?start ?end ?quote {{ GRAPH ?g {{ ?target {v.OA_SOURCE} ?a ; "
        f"{v.OA_SELECTOR} ?position , ?words . ?position {v.OA_START} ?start ; {v.OA_END} ?end . "
        f"?words {v.OA_EXACT} ?quote }} }}"
    )
    for target, article, start, end, quote in store.rows(query):
        if texts.get(article, "")[int(start) : int(end)] != quote:
            yield _finding("quote", target, f"the quote {quote!r} does not stand at {start}-{end}", store)


def _bounds(store: Store) -> Iterator[Finding]:
    """No earliest bound is after the latest."""
    query = (
        f"SELECT DISTINCT ?node ?first ?last {{ GRAPH ?g {{ ?node {v.EARLIEST} ?first ; {v.LATEST} ?last "
        "FILTER(?first > ?last) } }"
    )
    for node, first, last in store.rows(query):
        yield _finding("bounds", node, f"its earliest day {first} is after its latest {last}", store)


def _evidence(store: Store) -> Iterator[Finding]:
    """Each event's mentions exist and refer to it, and each mention's event exists."""
    forth = f"SELECT ?event ?mention {{ GRAPH {v.MERGED} {{ ?event {v.EVIDENCE} ?mention }} }}"
    back = f"SELECT ?event ?mention {{ GRAPH ?g {{ ?mention {v.REFERS_TO} ?event }} }}"
    told, referring = ({tuple(row) for row in store.rows(query)} for query in (forth, back))
    for event, mention in told - referring:
        yield _finding("evidence", event, f"its evidence {_short(mention)} does not tell of it", store)
    for event, mention in referring - told:
        yield _finding("evidence", mention, f"its event {_short(event)} does not have it as evidence", store)


def _closure(store: Store) -> Iterator[Finding]:
    """Each actor and place of a merged event is there, with a type and an English label."""
    links = " | ".join(str(term) for term in (v.SEM_ACTOR, v.SEM_PLACE, *v.ROLES.values()))
    query = (
        f"SELECT DISTINCT ?event ?entity {{ GRAPH {v.MERGED} {{ ?event a {v.EVENT} ; {links} ?entity }} }}"
    )
    typed = (
        f"SELECT DISTINCT ?e {{ GRAPH {v.MERGED} {{ ?e a ?type ; {v.LABEL} ?l FILTER(LANG(?l) = 'en') }} }}"
    )
    there = {row[0] for row in store.rows(typed)}
    for event, entity in store.rows(query):
        if entity not in there:
            yield _finding("closure", event, f"{_short(entity)} takes part and is not in the graph", store)


def _shortcuts(store: Store) -> Iterator[Finding]:
    """Each merged event has the dyads of its actors and the calendar period of its time, and no others."""
    wanted: dict[str, set[str]] = defaultdict(set)
    actors, times = _values(store, v.SEM_ACTOR), {way: _values(store, way) for way in (v.EARLIEST, v.LATEST)}
    for event, keys in actors.items():
        wanted[event] |= {dyad_iri(*pair).value for pair in dyads(map(v.key_of, keys))}
    for event in _values(store, v.EDTF):
        first, last = (next(iter(times[way].get(event, ())), None) for way in (v.EARLIEST, v.LATEST))
        wanted[event].add(period_between(first, last).iri.value)
    found: dict[str, set[str]] = defaultdict(set)
    for way in SHORTCUTS:
        for event, nodes in _values(store, way).items():
            found[event] |= nodes
    for event in wanted.keys() | found.keys():
        for node in wanted[event] ^ found[event]:
            told = "lacks" if node in wanted[event] else "has, against its actors and time,"
            yield _finding("shortcut", event, f"it {told} the shortcut {_short(node)}", store)


def _values(store: Store, predicate: NamedNode) -> dict[str, set[str]]:
    """Return the values of a property of merged events, by event."""
    values: dict[str, set[str]] = defaultdict(set)
    query = f"SELECT ?event ?value {{ GRAPH {v.MERGED} {{ ?event a {v.EVENT} ; {predicate} ?value }} }}"
    for event, value in store.rows(query):
        values[event].add(value)
    return values


def _finding(check: str, node: str, problem: str, store: Store) -> Finding:
    """Return a finding with the article and the event that its node belongs to."""
    article = node.removeprefix(_ARTICLES).split("/")[0] if node.startswith(_ARTICLES) else None
    event = node if node.startswith(_EVENTS) else _event_of(node, store)
    return Finding(
        check=check,
        node=node,
        problem=problem,
        article=v.key_of(_ARTICLES + article) if article else None,
        event=v.key_of(event) if event else None,
    )


def _event_of(node: str, store: Store) -> str | None:
    """Return the event that a part of an event mention tells of."""
    before, event, after = node.partition("/event/")
    if not event or not node.startswith(_ARTICLES):
        return None
    mention = NamedNode(before + event + after.split("/")[0])
    return next((fact.value.value for fact in store.facts(mention, v.REFERS_TO, None, None)), None)


def _short(iri: str) -> str:
    return v.key_of(iri) if iri.startswith(v.DATA) else iri
