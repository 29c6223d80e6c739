"""Speed of the graph on imported events, beside plain rdflib on the same triples in the same run."""

import gc
import multiprocessing
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, TypeVar

import pyoxigraph as ox
import rdflib

from relgraph.articles import read_articles
from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph, build, named_queries
from relgraph.graph import vocabulary as v
from relgraph.graph.shortcuts import dyad_iri
from relgraph.graph.store import MERGED_GRAPH, Store
from relgraph.graph.triples import date_literal
from relgraph.imports import ImportReport, import_events
from relgraph.kb import KnowledgeBase
from relgraph.model import Article, Document
from relgraph.pipeline import extract, load

_T = TypeVar("_T")

PEER_LIMIT: Final = 60.0
"""Seconds after which the peer is stopped; its time is then a lower bound."""

_TIMES: Final = 15  # a query is asked so often, and its median told; the peer's, which takes seconds, once
_DYAD: Final = ("gpe/russia", "gpe/iran")
_WINDOW: Final = ("2018-09-01", "2018-10-31")
_AS_OF: Final = "2018-10-01"


class Measurement(NamedTuple):
    """A task with its times in seconds.

    Attributes:
        peer: None for what plain rdflib was not asked.
        rows: size of the answer, or number of triples.
        bar: what the project holds itself to, as text; None for no bar.
        met: whether it does; None for no bar.
        ended: false where the peer was stopped after :data:`PEER_LIMIT` seconds.
    """

    task: str
    ours: float
    peer: float | None
    rows: int
    bar: str | None = None
    met: bool | None = None
    ended: bool = True

    @property
    def ratio(self) -> float | None:
        """How many times faster than the peer."""
        return self.peer / self.ours if self.peer is not None else None


class GraphBenchmark(NamedTuple):
    """What was measured, on which events, on what machine."""

    imported: ImportReport
    seconds_importing: float
    measurements: tuple[Measurement, ...]
    machine: str


def benchmark_graph(
    folder: Path, texts: Path, say: Callable[[str], None] = lambda task: None
) -> GraphBenchmark:
    """Import the ICEWS files of a folder and measure loading and asking.

    The articles in ``texts`` are built as well, to tell the graph's part of a build from extraction.

    The peer works in memory. Loading is held to a factor in memory too; the dyad query is held to one on
    disk, where relgraph's stores are, and told in memory beside it. It asks for the events of Russia and Iran
    in two months, as a bare pattern and as the shipped timeline query, which also gives names; the series
    counts their events by month over all data; the as-of view gives their offices and memberships and the
    latest event of each type. Both sides load the same N-Triples file, and answer the same SPARQL text.

    Raises:
        RelgraphError: there are no .txt files in the folder, or they are no events.
    """
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise RelgraphError(folder, "there are no .txt files here", "name the folder of the ICEWS files")
    knowledge = KnowledgeBase.load()
    problems: list[RelgraphError] = []
    with TemporaryDirectory(prefix="relgraph-benchmark-") as scratch:
        store, triples = Path(scratch, "store"), Path(scratch, "events.nt")
        say("importing")
        build((), lambda articles: iter(()), store, knowledge=knowledge)
        seconds, report = _timed(
            lambda: import_events("icews", files, store, knowledge=knowledge, on_error=problems.append)
        )
        with EventGraph.open(store, ["icews"]) as graph:
            graph.store.native.dump(str(triples), ox.RdfFormat.N_TRIPLES, from_graph=_ICEWS)
            measurements = tuple(_measure(graph, triples, texts, Path(scratch), say))
    return GraphBenchmark(report, seconds, measurements, machine())


_ICEWS: Final = v.import_graph("icews")


def _measure(
    graph: EventGraph, triples: Path, texts: Path, scratch: Path, say: Callable[[str], None]
) -> Iterator[Measurement]:
    """Yield the measurements; the peer comes last, whose million objects would slow down what follows."""
    say("loading by Oxigraph")
    on_disk, _ = _timed(lambda: _load_on_disk(scratch / "disk", triples))
    in_memory, native = _timed(lambda: _load_in_memory(triples))
    number = len(native)
    say("asking")
    memory = Store(scratch, scratch, None, native, (_ICEWS,))
    patterns = [_bare_query("GRAPH graph:merged", by_dyad=by_dyad) for by_dyad in (False, True)]
    by_actors, by_dyad = (_median(partial(_rows, graph.store, pattern)) for pattern in patterns)
    text = _timeline_query()
    dyad, dyad_in_memory = (_median(partial(_rows, store, text)) for store in (graph.store, memory))
    ours = list(_views(graph))
    del memory, native
    say("building articles")
    building = _build(texts, scratch / "articles")

    say("loading by rdflib")
    peer_load, peer = _timed(lambda: rdflib.Graph().parse(triples, format="nt"))
    yield _faster("load, in memory", _Asked(in_memory, number), peer_load, 10)
    yield Measurement("load, on disk", on_disk, peer_load, number)
    say("asking rdflib")
    prefixes = {name: rdflib.Namespace(iri) for name, iri in v.PREFIXES.items()}
    for task, asked, is_by_dyad in (
        ("bare pattern of actors", by_actors, False),
        ("bare pattern", by_dyad, True),
    ):
        query = _bare_query("", by_dyad=is_by_dyad)
        seconds, rows = _timed(partial(_peer_rows, peer, query, prefixes))
        if len(rows) != asked.rows:
            problem = f"rdflib finds {len(rows)} events, not {asked.rows}"
            raise RelgraphError("benchmark", problem, "report it")
        yield Measurement(f"dyad in a window, {task}, on disk", asked.seconds, seconds, asked.rows)
    seconds, ended = _limited(lambda: list(peer.query(MERGED_GRAPH.sub("", text))))
    task = "dyad in a window, timeline.rq"
    yield Measurement(f"{task}, in memory", dyad_in_memory.seconds, seconds, dyad_in_memory.rows, ended=ended)
    yield _faster(f"{task}, on disk", dyad, seconds, 500, ended=ended)
    yield _under(task, dyad, 0.020)
    yield from ours
    yield building


def _views(graph: EventGraph) -> Iterator[Measurement]:
    """Measure what the peer is not asked."""
    a, b = _DYAD
    series = _median(lambda: graph.query("series", a=a, b=b, by="month", affiliated=False).terms)
    yield _under("monthly series of a dyad", series, 0.050)
    as_of = _median(lambda: graph.as_of(_AS_OF, a, b, include_affiliated=False))
    yield _under("as-of view of a dyad", as_of, 0.100)
    yield _under("as-of view of all offices", _median(lambda: graph.as_of(_AS_OF)), 0.100)
    named = {
        "timeline with those who belong to both": ("timeline", {"a": a, "b": b}),
        "events of a day": ("events-between", {"start": _AS_OF, "end": _AS_OF}),
        "actors of a week": ("top-actors", {"start": "2018-10-01", "end": "2018-10-07"}),
        "pairs of actors of a week": ("edges", {"start": "2018-10-01", "end": "2018-10-07"}),
        "meetings": ("meetings", {"a": a, "b": b}),
    }
    for task, (name, asked) in named.items():
        answer = _median(partial(_table, graph, name, asked), times=3)
        yield Measurement(f"{task}, on disk", answer.seconds, None, answer.rows)


def _rows(store: Store, query: str) -> list[Any]:
    return store.select(query)[1]


def _peer_rows(peer: rdflib.Graph, query: str, prefixes: dict[str, Any]) -> list[Any]:
    return list(peer.query(query, initNs=prefixes))


def _table(graph: EventGraph, name: str, asked: dict[str, Any]) -> tuple[Any, ...]:
    return graph.query(name, **asked).terms


def _build(texts: Path, store: Path) -> Measurement:
    """Build a folder's articles and measure what is not extraction, once the knowledge base is cached."""
    extracting = 0.0

    def extracted(needed: Iterable[Article]) -> Iterator[Document]:
        nonlocal extracting
        started = time.perf_counter()
        for document in extract(load(), needed):
            extracting += time.perf_counter() - started
            yield document
            started = time.perf_counter()

    articles = list(read_articles([str(texts)]))
    knowledge = KnowledgeBase.load()
    build((), extracted, store.with_name("base"), knowledge=knowledge)
    extracting = 0.0
    seconds, report = _timed(lambda: build(articles, extracted, store, knowledge=knowledge))
    graph = seconds - extracting
    bar = f"< 10 % of {seconds:.1f} s"
    task = f"graph part of building {report.articles} articles"
    return Measurement(task, graph, None, report.events, bar, graph < seconds / 10)


def _bare_query(graph: str, *, by_dyad: bool = False) -> str:
    """Return the least that a dyad-window query can be: actors or dyad, type and bounds, no names."""
    a, b = (v.entity_iri(key) for key in _DYAD)
    found = f"{v.DYAD} {dyad_iri(*_DYAD)}" if by_dyad else f"sem:hasActor {a}, {b}"
    return f"""SELECT ?event ?type ?first WHERE {{ {graph} {{
        ?event {found} ; sem:eventType ?type ;
            sem:hasEarliestBeginTimeStamp ?first ; sem:hasLatestEndTimeStamp ?last .
        FILTER(?first <= "{_WINDOW[1]}"^^xsd:date && ?last >= "{_WINDOW[0]}"^^xsd:date) }} }}"""


def _timeline_query() -> str:
    """Return the shipped timeline query for the dyad and the window."""
    bounds = [date_literal(date.fromisoformat(day)) for day in _WINDOW]
    a, b = (v.entity_iri(key) for key in _DYAD)
    return named_queries()["timeline"].bind({"a": [a], "b": [b], "start": bounds[:1], "end": bounds[1:]})


class _Asked(NamedTuple):
    seconds: float
    rows: int


def _median(ask: Callable[[], Any], times: int = _TIMES) -> _Asked:
    answer = ask()  # the first time reads the files
    seconds = statistics.median(_timed(ask)[0] for _ in range(times))
    return _Asked(seconds, len(answer) if isinstance(answer, list | tuple) else 1)


def _timed(task: Callable[[], _T]) -> tuple[float, _T]:
    started = time.perf_counter()
    result = task()
    return time.perf_counter() - started, result


def _limited(task: Callable[[], object]) -> tuple[float, bool]:
    """Return the seconds of a task, run in a copy of this process, and whether it ended in time.

    The copy's garbage collector is spared what is there already, as Python's manual advises: it would
    copy the peer's graph page by page.
    """
    gc.freeze()
    process = multiprocessing.get_context("fork").Process(target=task)
    started = time.perf_counter()
    process.start()
    process.join(PEER_LIMIT)
    seconds, ended = time.perf_counter() - started, not process.is_alive()
    process.kill()
    process.join()
    gc.unfreeze()
    return seconds, ended


def _load_on_disk(folder: Path, triples: Path) -> None:
    store = ox.Store(folder)
    store.bulk_load(path=triples, format=ox.RdfFormat.N_TRIPLES, to_graph=_ICEWS, lenient=True)


def _load_in_memory(triples: Path) -> ox.Store:
    """Load in one transaction, which in memory is faster than the bulk loader; that one is made for disks."""
    store = ox.Store()
    store.load(path=triples, format=ox.RdfFormat.N_TRIPLES, to_graph=_ICEWS, lenient=True)
    return store


def _faster(task: str, asked: _Asked, peer: float, times: int, *, ended: bool = True) -> Measurement:
    met = peer / asked.seconds >= times
    return Measurement(task, asked.seconds, peer, asked.rows, f"≥ {times} × faster", met, ended)


def _under(task: str, asked: _Asked, limit: float) -> Measurement:
    bar = f"< {limit * 1000:.0f} ms"
    return Measurement(f"{task}, on disk", asked.seconds, None, asked.rows, bar, asked.seconds < limit)


def machine() -> str:
    """Return what the figures depend on: processor, cores, how busy it was, and versions."""
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if "model name" in line] if info.exists() else []
    processor = names[0].partition(": ")[2] if names else platform.processor()
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib"))
    return f"{processor}, {os.cpu_count()} cores, load {busy}; Python {platform.python_version()}, {packages}"
