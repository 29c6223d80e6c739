"""The chosen part of a graph as RDF statements, in an order that is the same for the same graph.

Sorted by named graph, subject, predicate (the type first) and object, read one subject at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from relgraph.export.happenings import read_happenings
from relgraph.export.network import Network
from relgraph.export.selection import Selection
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.graph.store import Store
from relgraph.model import Factuality


def chosen_quads(graph: EventGraph, selection: Selection) -> Iterator[Quad]:
    """Yield the quads of the selection, graph by graph.

    A selection holds its events, the mentions and articles that report them, what is known of their actors
    and places, the offices and memberships between these that possibly held in the window, and the
    vocabulary. Events of every factuality, where it does not say which.

    Raises:
        RelgraphError: an actor or a date of the selection is none, or the store is damaged.
    """
    wanted = None if selection.is_everything else _chosen_subjects(graph, selection)
    for name in sorted((NamedNode(g.value) for g in graph.store.native.named_graphs()), key=str):
        only = None if name == v.VOCABULARY else wanted
        for subject in _subjects(graph.store, name, only):
            yield from sorted(graph.store.native.quads_for_pattern(subject, None, None, name), key=_order)


def chosen_triples(graph: EventGraph, selection: Selection) -> Iterator[Triple]:
    """Yield the selection flat, without named graphs and without the vocabulary; each triple stands once.

    Raises:
        RelgraphError: an actor or a date of the selection is none, or the store is damaged.
    """
    wanted = None if selection.is_everything else _chosen_subjects(graph, selection)
    for subject in _subjects(graph.store, None, wanted):
        quads = graph.store.native.quads_for_pattern(subject, None, None)
        yield from sorted({quad.triple for quad in quads if quad.graph_name != v.VOCABULARY}, key=_order)


def in_order(statements: Iterable[Triple]) -> list[Triple]:
    """Return triples by subject, the type first, then by predicate and object."""
    return sorted(statements, key=_order)


def write_with_prefixes(
    statements: Iterable[Triple] | Iterable[Quad],
    form: RdfFormat,
    file: BinaryIO,
    prefixes: Mapping[str, str] = v.PREFIXES,
) -> None:
    """Write statements as Turtle or TriG in their order, with the prefixes sorted above them.

    Oxigraph writes the prefixes in an order that changes from run to run, so its own are left out.
    """
    lines = sorted(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    file.write("".join(lines).encode())
    serialize(statements, cast(BinaryIO, _AfterHead(file, len(lines))), format=form, prefixes=dict(prefixes))


class _AfterHead:
    """A stream that drops the first lines of what is written and hands on the rest."""

    def __init__(self, file: BinaryIO, lines: int) -> None:
        self._file = file
        self._lines = lines

    def write(self, data: bytes) -> int:
        """Take the bytes, as a file does."""
        rest = bytes(data)
        while self._lines and rest:
            _, newline, rest = rest.partition(b"\n")
            self._lines -= len(newline)
        self._file.write(rest)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""


def _subjects(store: Store, name: NamedNode | None, only: set[NamedNode] | None) -> list[NamedNode]:
    """Return the subjects of a named graph, or of all, in order; ``only`` those among them where given."""
    graph = str(name) if name else "?graph"
    found = store.nodes(f"SELECT DISTINCT ?subject WHERE {{ GRAPH {graph} {{ ?subject ?p ?o }} }}")
    return sorted((subject for subject in found if only is None or subject in only), key=str)


def _chosen_subjects(graph: EventGraph, selection: Selection) -> set[NamedNode]:
    events = read_happenings(graph, selection, tuple(Factuality))
    chosen: set[NamedNode] = set()
    waiting = [v.data_iri("event", event.id) for event in events]
    while waiting:
        subject = waiting.pop()
        if subject not in chosen:
            chosen.add(subject)
            waiting += _reached_from(graph.store, subject)
    named = selection._replace(factuality=selection.factuality or tuple(Factuality))
    for state in Network(graph, named).states():
        statement = NamedNode(v.DATA + state.id)
        chosen.add(statement)
        chosen.update(fact.value for fact in graph.store.facts(statement, v.OFFICE, None, v.KNOWLEDGE))
    return chosen


def _reached_from(store: Store, subject: NamedNode) -> Iterator[NamedNode]:
    """Yield what tells of a subject: of an event its evidence and its actors, of a mention its article.

    Nothing is reached from an entity, nor another event from anything.
    """
    if subject.value.startswith(v.PREFIXES["entity"]):
        return
    for fact in store.facts(subject, None, None, None):
        iri = fact.value.value if isinstance(fact.value, NamedNode) else ""
        if iri.startswith(v.DATA) and not iri.startswith(v.PREFIXES["event"]):
            yield fact.value


def _order(statement: Triple | Quad) -> tuple[str, bool, str, str]:
    predicate = statement.predicate
    return str(statement.subject), predicate != v.RDF_TYPE, predicate.value, str(statement.object)
