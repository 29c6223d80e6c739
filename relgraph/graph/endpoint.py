"""A SPARQL 1.1 server as a store: asked by its query protocol, written by the graph store protocol.

Reading goes to the server question by question, so an open endpoint is no snapshot: it shows what the server
holds at the moment. Writing is done on a working copy: the server's graphs are fetched, the local store is
built on, and the graphs that changed are put back. They are first uploaded under names of their own, and then
take the place of the old ones in a single update request.

That is as safe as SPARQL 1.1 allows. What remains: the protocol only recommends that a request be atomic
(Oxigraph's is; Virtuoso commits as it is set up to); a question over all graphs (``GRAPH ?g``) that is asked
during the upload also sees the new ones; what an interrupted upload leaves is removed by the next; and of two
who write at the same time, the last one wins.

Nothing is asked but the host that the user named: redirects and proxies are not followed.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
from rdflib import Graph
from rdflib.term import Node

from relgraph.errors import RelgraphError
from relgraph.graph.store import ARTICLES, MERGED_GRAPH, Fact, Store, StoreWriter, rdflib_term
from relgraph.graph.vocabulary import DATA, MERGED, PREFIXES, import_graph

TIME_LIMIT: Final = 60.0
"""Seconds that a server may take for an answer."""

_URL = re.compile(r"(https?):/+(.+?)/*")
_OURS = f"{DATA}graph/"
_INCOMING = f"{DATA}incoming/"
_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
_N_TRIPLES = "application/n-triples"
_LINES = 200  # of an error page that are looked at
_CACHED_SUBJECTS = 50_000


def endpoint_url(store: Path | str) -> str | None:
    """Return the address of an endpoint, or None where ``store`` is a folder.

    A ``Path`` keeps only one of the slashes of an address; it is read all the same.

    >>> endpoint_url(Path("http://127.0.0.1:7878/"))
    'http://127.0.0.1:7878'
    >>> endpoint_url("relgraph-store") is None
    True
    """
    match = _URL.fullmatch(str(store))
    return f"{match[1]}://{match[2]}" if match else None


class Server:
    """The three protocols of a SPARQL 1.1 server.

    The addresses are those of Oxigraph (``/query``, ``/store``); an address that ends in ``/sparql`` is
    taken for Virtuoso's (``/sparql``, ``/sparql-graph-crud``).
    """

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        try:
            self._connection = kind(parts.hostname or "", parts.port, timeout=TIME_LIMIT)
        except ValueError as error:
            raise RelgraphError(
                url, f"is no address of a server ({error})", "write http://HOST:PORT"
            ) from None
        is_virtuoso = parts.path.endswith("/sparql")
        self._query = parts.path if is_virtuoso else f"{parts.path}/query"
        self._update = parts.path if is_virtuoso else f"{parts.path}/update"
        self._graphs = f"{parts.path}-graph-crud" if is_virtuoso else f"{parts.path}/store"

    def ask(self, query: str, default: Collection[str] = (), named: Collection[str] = ()) -> Any:
        """Return the solutions, the boolean or the triples that answer a query.

        Args:
            default: graphs whose union is the default graph; the server's own without.
            named: graphs that GRAPH finds; all without.
        """
        fields = [("query", query)]
        fields += [("default-graph-uri", graph) for graph in default]
        fields += [("named-graph-uri", graph) for graph in named]
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": _ACCEPT}
        kind, body = self._request("POST", self._query, urlencode(fields).encode(), headers)
        if kind == _N_TRIPLES:
            return list(ox.parse(body, ox.RdfFormat.N_TRIPLES))
        try:
            return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError):
            raise self._refused("its answer is not in SPARQL's JSON format") from None

    def update(self, operations: Collection[str]) -> None:
        """Carry out SPARQL update operations in one request."""
        body = urlencode([("update", " ;\n".join(operations))]).encode()
        self._request("POST", self._update, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def graphs(self, beginning: str = _OURS) -> list[str]:
        """Return the IRIs of relgraph's graphs on the server, or of others that begin so."""
        rows = self.ask("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        return sorted(row[0].value for row in rows if row[0].value.startswith(beginning))

    def fetch(self, graph: str) -> bytes:
        """Return a graph as N-Triples."""
        return self._request("GET", self._of(graph), None, {"Accept": _N_TRIPLES})[1]

    def put(self, graph: str, triples: bytes) -> None:
        """Replace a graph by these N-Triples, which are not none."""
        self._request("PUT", self._of(graph), triples, {"Content-Type": _N_TRIPLES})

    def delete(self, graph: str) -> None:
        """Remove a graph."""
        self._request("DELETE", self._of(graph), None, {})

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _of(self, graph: str) -> str:
        return f"{self._graphs}?graph={quote(graph, safe='')}"

    def _request(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[str, bytes]:
        """Return the content type and the content of the server's answer."""
        try:
            self._connection.request(method, target, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except TimeoutError:
            self._connection.close()
            raise self._refused(f"it gave no answer within {TIME_LIMIT:g} seconds") from None
        except (OSError, HTTPException) as error:
            self._connection.close()
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise RelgraphError(
                self.url, f"the server can't be reached: {reason}", "start it, or mend the address"
            ) from None
        if not 200 <= answer.status < 300:
            detail = " ".join(content.decode("utf-8", errors="replace").split())[:_LINES]
            raise self._refused(
                f"{method} was answered with {answer.status} {answer.reason} {detail}".strip()
            )
        return (answer.headers.get_content_type(), content)

    def _refused(self, problem: str) -> RelgraphError:
        return RelgraphError(self.url, problem, "see that it is a SPARQL 1.1 server that allows this")


class Endpoint(Store):
    """A store on a server, for reading.

    What needs the whole store at hand (exports of RDF, the rdflib dataset) is not to be had from a server.
    """

    def __init__(self, server: Server, events_in: tuple[ox.NamedNode, ...]) -> None:
        self.folder = Path(server.url)
        self.events_in = events_in
        self._server = server
        self._lock = None
        self._about = lru_cache(maxsize=_CACHED_SUBJECTS)(self._fetch_about)

    @classmethod
    def open(cls, folder: Path | str, graphs: Collection[str] = (ARTICLES,)) -> "Endpoint":
        """Open a server's store.

        Args:
            folder: its address.
            graphs: as in :meth:`Store.open`.

        Raises:
            RelgraphError: the server can't be reached, or has no such graph.
        """
        server = Server(endpoint_url(folder) or str(folder))
        events_in = tuple(MERGED if name == ARTICLES else import_graph(name) for name in graphs)
        endpoint = cls(server, events_in)
        for name, graph in zip(graphs, events_in, strict=True):
            if graph.value not in endpoint.graphs:
                server.close()
                problem = f"the server has no events of {name}"
                raise RelgraphError(server.url, problem, "bring them there with relgraph push")
        return endpoint

    @cached_property
    def graphs(self) -> tuple[str, ...]:
        """The IRIs of relgraph's graphs on the server, when they were first asked for."""
        return tuple(self._server.graphs())

    @property
    def native(self) -> ox.Store:  # type: ignore[override]
        """Not to be had.

        Raises:
            RelgraphError: always.
        """
        raise self._local_only()

    def named_graph(self, iri: str) -> Graph:
        """Not to be had.

        Raises:
            RelgraphError: always.
        """
        raise self._local_only()

    def facts(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        value: ox.NamedNode | ox.Literal | None,
        graph: ox.NamedNode | None,
    ) -> Iterator[Fact]:
        """Yield what the graph holds of this pattern, where None stands for anything."""
        graphs = self.events_in if graph == MERGED else (graph,)
        found = self._about(subject) if subject else self._fetch(None, predicate, value)
        for fact in found:
            fits = predicate in (None, fact.predicate) and value in (None, fact.value)
            if fits and (graph is None or fact.graph in graphs):
                yield fact

    def nodes(self, query: str) -> list[ox.NamedNode]:
        """Return the IRIs in the first column of a SELECT query."""
        return [row[0] for row in self._solutions(query)]

    def rows(self, query: str) -> Iterator[list[str]]:
        """Yield the rows of a SELECT query as the text of their terms; all variables must be bound."""
        for row in self._solutions(query):
            yield [term.value for term in row]

    def select(self, query: str) -> tuple[list[str], list[list[Node | None]]]:
        """Return the columns and rows of a SELECT query; the vocabulary's prefixes are known."""
        return _table(self._solutions(query))

    def answer(self, query: str) -> tuple[list[str], list[list[Node | None]]]:
        """Return the columns and rows that answer a user's query, as :func:`relgraph.graph.query.answer`."""
        default = [graph.value for graph in self.events_in]
        return _table(self._server.ask(_with_prefixes(query), default, self.graphs))

    def close(self) -> None:
        """Let go of the connection."""
        self._server.close()

    def _solutions(self, query: str) -> Any:
        query = _with_prefixes(query)
        if self.events_in == (MERGED,):
            return self._server.ask(query)
        default = [graph.value for graph in self.events_in]
        return self._server.ask(MERGED_GRAPH.sub("", query), default, self.graphs)

    def _fetch_about(self, subject: ox.NamedNode) -> tuple[Fact, ...]:
        return tuple(self._fetch(subject, None, None))

    def _fetch(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        value: ox.NamedNode | ox.Literal | None,
    ) -> Iterator[Fact]:
        asked = dict(zip("spo", (subject, predicate, value), strict=True))
        pattern = " ".join(str(term or f"?{name}") for name, term in asked.items())
        for row in self._server.ask(f"SELECT * WHERE {{ GRAPH ?g {{ {pattern} }} }}"):
            told: dict[str, Any] = {name: term or row[name] for name, term in asked.items()}
            yield Fact(told["s"], told["p"], told["o"], row["g"])

    def _local_only(self) -> RelgraphError:
        return RelgraphError(
            self._server.url, "this needs the whole store at hand", "use a store in a folder"
        )


@contextmanager
def working_copy(store: Path | str) -> Iterator[Path]:
    """Give a folder to build in: the store's own, or a copy of a server's that is put back at the end.

    When the block raises, the server stays as it was.

    Raises:
        RelgraphError: the server can't be reached or refuses to be written.
    """
    url = endpoint_url(store)
    if url is None:
        yield Path(store)
        return
    server = Server(url)
    with TemporaryDirectory(prefix="relgraph-endpoint-") as scratch:
        folder = Path(scratch, "store")
        fetched = _fetch_all(server, folder)
        yield folder
        _put_changed(folder, server, fetched)
    server.close()


def push(folder: Path | str, url: str, progress: Callable[[str], None] = lambda graph: None) -> int:
    """Bring a server's graphs to the state of a local store; returns how many were put or removed.

    Graphs that are the same already are not sent again; graphs that are none of relgraph's stay.

    Raises:
        RelgraphError: the store can't be read, or the server refuses to be written.
    """
    server = Server(endpoint_url(url) or url)
    fetched = {graph: _digest(server.fetch(graph)) for graph in server.graphs()}
    changed = _put_changed(Path(folder), server, fetched, progress)
    server.close()
    return changed


def _fetch_all(server: Server, folder: Path) -> dict[str, str]:
    """Make a local store of the server's graphs and return a digest of each."""
    digests: dict[str, str] = {}
    with StoreWriter(folder, software=version("relgraph")) as writer:
        for graph in server.graphs():
            triples = server.fetch(graph)
            digests[graph] = _digest(triples)
            writer.native.load(triples, ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))
        writer.publish()
    return digests


def _put_changed(
    folder: Path,
    server: Server,
    there: dict[str, str],
    progress: Callable[[str], None] = lambda graph: None,
) -> int:
    for left_over in server.graphs(_INCOMING):
        server.delete(left_over)
    changed = 0
    operations: list[str] = []
    with Store.open(folder) as store:
        here = {graph.value for graph in store.native.named_graphs()}
        for number, graph in enumerate(sorted(here)):
            triples = store.native.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph)) or b""
            if there.get(graph) != _digest(triples):
                progress(graph)
                incoming = f"{_INCOMING}{number}"
                server.put(incoming, triples)
                # what MOVE stands for; Virtuoso's fails where there is no such graph yet
                operations += [f"DROP SILENT GRAPH <{graph}>", f"ADD <{incoming}> TO <{graph}>"]
                operations.append(f"DROP SILENT GRAPH <{incoming}>")
                changed += 1
    for graph in sorted(there.keys() - here):
        progress(graph)
        operations.append(f"DROP SILENT GRAPH <{graph}>")
        changed += 1
    if operations:
        server.update(operations)
    return changed


def _digest(triples: bytes) -> str:
    """Return a hash of a set of triples, the same in any order and however a server escapes them."""
    lines = sorted(str(triple) for triple in ox.parse(triples, ox.RdfFormat.N_TRIPLES))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _with_prefixes(query: str) -> str:
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items()) + query


def _table(result: Any) -> tuple[list[str], list[list[Node | None]]]:
    if isinstance(result, ox.QueryBoolean):
        return ["answer"], [[rdflib_term(ox.Literal(bool(result)))]]
    if isinstance(result, list):
        return ["subject", "predicate", "object"], [
            [rdflib_term(triple.subject), rdflib_term(triple.predicate), rdflib_term(triple.object)]
            for triple in result
        ]
    columns = [variable.value for variable in result.variables]
    return columns, [[rdflib_term(term) for term in row] for row in result]
