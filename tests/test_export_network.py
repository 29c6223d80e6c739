"""Networks and tables are read back by igraph, networkx, graphology, pandas' formats: the same, with times."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import igraph
import networkx as nx
import pyoxigraph as ox
import pytest
from graph_documents import (
    ARTICLE_1,
    ARTICLE_2,
    DOCUMENT_1,
    DOCUMENT_2,
    IRAN,
    RUSSIA,
    TURKEY,
    Extractor,
    SmallKnowledge,
    article,
    document,
    event,
)

from relgraph.articles import read_articles
from relgraph.errors import RelgraphError
from relgraph.export import EVERYTHING, Selection, write
from relgraph.export.network import Network
from relgraph.graph import EventGraph, build
from relgraph.graph import vocabulary as v
from relgraph.graph.store import StoreWriter
from relgraph.graph.triples import interval_triples
from relgraph.kb import KnowledgeBase
from relgraph.model import EventType, Factuality, Interval, Role
from relgraph.pipeline import extract, load
from relgraph.resources import shipped

NODE_FOLDER = Path(__file__).parent / "node"
GEXF = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}
STRANGE = 'Nga & <b>"Iran"</b>\x0b 😀\u200d🔥 ]]> ’\ttab'
IN_XML = STRANGE.replace("\x0b", "")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventGraph]:
    """Two articles and their knowledge, and one of strange names, an undated event and one of three."""
    folder = tmp_path_factory.mktemp("store") / "s"
    text = "Nga, Iran gặp Thổ Nhĩ Kỳ. Nga họp Iran. Nga lại gặp Iran."
    source = article("a", text)
    strange = TURKEY.model_copy(update={"name": STRANGE, "label_vi": STRANGE, "key": "gpe/turkey"})
    told = document(
        source,
        event(text, "gặp", agents=(RUSSIA, IRAN, strange), patients=(strange,), time="2016"),
        event(text, "họp", time=None, id="v2"),
        event(text, "lại gặp", time="2018-04-04/..", mode="visit", id="v3"),
        entities=(RUSSIA, IRAN, strange),
    )
    build(
        [ARTICLE_1, ARTICLE_2, source],
        Extractor(DOCUMENT_1, DOCUMENT_2, told),
        folder,
        knowledge=SmallKnowledge(),
    )
    with EventGraph.open(folder) as opened:
        yield opened


# --- readers ---


class Read(NamedTuple):
    """A network as a reader has it: node values by id, and edges as source, target and values."""

    nodes: Mapping[str, Mapping[str, Any]]
    edges: list[tuple[str, str, Mapping[str, Any]]]


def by_networkx(path: Path) -> Read:
    if path.suffix == ".graphml":
        read = nx.read_graphml(path, force_multigraph=True)
    else:
        read = nx.read_gexf(path, version="1.3")
    return Read(dict(read.nodes(data=True)), list(read.edges(data=True)))


def by_igraph(path: Path) -> Read:
    read = igraph.Graph.Read_GraphML(str(path))
    names = read.vs["id"] if read.vcount() else []
    nodes = {node["id"]: known(node.attributes()) for node in read.vs}
    return Read(nodes, [(names[e.source], names[e.target], known(e.attributes())) for e in read.es])


def by_graphology(path: Path) -> Read:
    folder = graphology()
    memory = "--max-old-space-size=8192"  # MiB; its XML parser takes 50 times the file's size
    command = ["node", memory, str(folder / "read.js"), path.suffix[1:], str(path)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)
    nodes = {node["id"]: node["values"] for node in said["nodes"]}
    return Read(nodes, [(e["source"], e["target"], {"id": e["id"]} | e["values"]) for e in said["edges"]])


def graphology() -> Path:
    """The folder with graphology, installed once for each version of its lock file."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("reading back with graphology needs node and npm on the path")
    files = [NODE_FOLDER / name for name in ("package.json", "package-lock.json", "read.js")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"relgraph-graphology-{digest}"
    if not folder.exists():
        with tempfile.TemporaryDirectory() as work:
            for path in files:
                shutil.copy(path, work)
            command = ["npm", "ci", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=work, capture_output=True, timeout=60, check=False)
            if done.returncode:
                pytest.skip(f"npm can't install graphology: {done.stderr.decode()[-200:]}")
            shutil.copytree(work, folder)
    return folder


def known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what igraph fills in for unknown values: empty text and not-a-number."""
    return {name: value for name, value in values.items() if value not in ("", None) and str(value) != "nan"}


READERS: list[tuple[str, Callable[[Path], Read]]] = [
    ("graphml", by_networkx),
    ("graphml", by_igraph),
    ("graphml", by_graphology),
    ("gexf", by_networkx),
    ("gexf", by_graphology),
]
each_reader = pytest.mark.parametrize(
    ("form", "read"), READERS, ids=[f"{form} {read.__name__}" for form, read in READERS]
)


# --- the same network ---


@each_reader
def test_every_reader_finds_the_networkx_view(
    graph: EventGraph, tmp_path: Path, form: str, read: Callable[[Path], Read]
) -> None:
    write(graph, form, tmp_path / f"g.{form}")
    found, view = read(tmp_path / f"g.{form}"), graph.to_networkx()
    assert found.nodes.keys() == set(view)
    for key, values in view.nodes(data=True):
        expected = {name: in_xml(value) for name, value in values.items()}
        assert {name: found.nodes[key][name] for name in expected} == expected
    events = {(a, b, d["relation"], d["event"]): d for a, b, d in found.edges if "event" in d}
    told = {(a, b, d["relation"], d["event"]): d for a, b, d in view.edges(data=True)}
    assert events.keys() == told.keys()
    for edge, values in told.items():
        assert {name: events[edge].get(name) for name in values} == values


def in_xml(value: object) -> object:
    return value.replace("\x0b", "") if isinstance(value, str) else value


@each_reader
def test_edges_have_names_in_both_languages_and_typed_times(
    graph: EventGraph, tmp_path: Path, form: str, read: Callable[[Path], Read]
) -> None:
    write(graph, form, tmp_path / f"g.{form}")
    edges = read(tmp_path / f"g.{form}").edges
    sanction = next(values for *_, values in edges if values.get("event_type") == "SANCTION")
    assert (sanction["label"], sanction["label_vi"]) == ("sanction", "trừng phạt")
    assert sanction["quad_class"] == "material-conflict"
    assert (sanction["earliest"], sanction["latest"]) == ("2015-01-01", "2015-12-31")
    assert sanction["year"] == 2015 and "month" not in sanction
    talks = next(values for *_, values in edges if values.get("articles") == 2)
    assert talks["label_vi"] in ("cuộc gặp", "chuyến thăm")
    assert (talks["year"], talks["month"], talks["weight"]) == (2018, 4, 2.0)
    undated = [values for *_, values in edges if "event" in values and "edtf" not in values]
    assert len(undated) == 1 and not undated[0].keys() & {"earliest", "latest", "year", "month"}


@each_reader
def test_an_empty_graph_is_read_as_empty(tmp_path: Path, form: str, read: Callable[[Path], Read]) -> None:
    build([], Extractor(), tmp_path / "s")
    with EventGraph.open(tmp_path / "s") as opened:
        write(opened, form, tmp_path / f"g.{form}")
    found = read(tmp_path / f"g.{form}")
    assert not found.nodes and not found.edges


@each_reader
def test_nodes_look_right_on_opening(
    graph: EventGraph, tmp_path: Path, form: str, read: Callable[[Path], Read]
) -> None:
    write(graph, form, tmp_path / f"g.{form}")
    nodes = read(tmp_path / f"g.{form}").nodes
    if "viz" in nodes["gpe/iran"]:  # networkx keeps GEXF's appearance apart
        nodes = {
            key: {**values, **values["viz"], **values["viz"]["position"]} for key, values in nodes.items()
        }
    sizes = {key: float(values["size"]) for key, values in nodes.items()}
    assert max(sizes.values()) == sizes["gpe/russia"] == 50.0
    assert min(sizes.values()) > 8.0
    assert len({(float(values["x"]), float(values["y"])) for values in nodes.values()}) == len(nodes)
    colours = {
        key: json.dumps(values.get("color", [values.get(c) for c in "rgb"])) for key, values in nodes.items()
    }
    assert colours["gpe/iran"] == colours["gpe/russia"] != colours["per/vladimir-putin"]


# --- what is GraphML's and GEXF's own ---


def test_graphml_edges_have_ids_of_their_own_and_attributes_one_type(
    graph: EventGraph, tmp_path: Path
) -> None:
    write(graph, "graphml", tmp_path / "g.graphml")
    root = ET.parse(tmp_path / "g.graphml").getroot()
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    ids = [edge.get("id") for edge in root.iterfind(".//g:edge", space)]
    assert len(ids) == len(set(ids)) == graph.to_networkx().number_of_edges()
    names = [(key.get("for"), key.get("attr.name")) for key in root.iterfind("g:key", space)]
    assert len(names) == len(set(names))
    kinds = {key.get("id"): key.get("attr.type") for key in root.iterfind("g:key", space)}
    for data in root.iterfind(".//g:data", space):
        assert data.text and data.text != "None"
        if kinds[data.get("key")] == "int":
            int(data.text)
        elif kinds[data.get("key")] == "double":
            float(data.text)


def test_gexf_is_dynamic_with_a_kind_and_a_spell_for_each_event(graph: EventGraph, tmp_path: Path) -> None:
    write(graph, "gexf", tmp_path / "g.gexf")
    root = ET.parse(tmp_path / "g.gexf").getroot()
    assert root.get("version") == "1.3"
    form = root.find("g:graph", GEXF)
    assert form is not None
    assert (form.get("mode"), form.get("timeformat"), form.get("timerepresentation")) == (
        "dynamic",
        "date",
        "interval",
    )
    assert not {a.get("title") for a in form.iterfind(".//g:attribute", GEXF)} & {"type", "kind"}
    spells = {}
    for edge in form.iterfind(".//g:edge", GEXF):
        values = {value.get("for"): value.get("value") for value in edge.iterfind(".//g:attvalue", GEXF)}
        assert edge.get("kind") == values.get("event_type", values["relation"])
        spell = edge.find("g:spells/g:spell", GEXF)
        spells[edge.get("id")] = (spell.get("start"), spell.get("end")) if spell is not None else None
        assert spells[edge.get("id")] in ((values.get("earliest"), values.get("latest")), None)
    for told in graph.events():
        if told.id in spells:
            time = told.time
            bounds = time and (time.earliest and str(time.earliest), time.latest and str(time.latest))
            assert spells[told.id] == bounds


def test_gexf_shows_offices_and_memberships_between_its_actors_as_intervals(
    graph: EventGraph, tmp_path: Path
) -> None:
    write(graph, "gexf", tmp_path / "all.gexf")
    assert states(tmp_path / "all.gexf") == [
        ("President of Russia", "per/vladimir-putin", "gpe/russia", "2000-01-01", "2008-05-07"),
        ("President of Russia", "per/vladimir-putin", "gpe/russia", "2012-05-07", None),
    ]
    write(graph, "gexf", tmp_path / "now.gexf", Selection(start="2018"))
    assert [state[3] for state in states(tmp_path / "now.gexf")] == ["2012-05-07"]
    write(graph, "gexf", tmp_path / "none.gexf", Selection(start="2015", end="2015"))
    assert states(tmp_path / "none.gexf") == []  # Putin takes part in nothing of that year


def states(path: Path) -> list[tuple[str | None, ...]]:
    found = []
    for edge in ET.parse(path).getroot().iterfind(".//g:edge", GEXF):
        if edge.get("kind") == "holds-office":
            spell = edge.find("g:spells/g:spell", GEXF)
            assert spell is not None
            found.append(
                (
                    edge.get("label"),
                    edge.get("source"),
                    edge.get("target"),
                    spell.get("start"),
                    spell.get("end"),
                )
            )
    return sorted(found, key=str)


# --- a part of the graph ---


@pytest.mark.parametrize(
    ("selection", "asked"),
    [
        (Selection(actors=("Nga", "Iran")), {"a": "Nga", "b": "Iran"}),
        (
            Selection(actors=("Nga", "Iran"), include_affiliated=False),
            {"a": "Nga", "b": "Iran", "include_affiliated": False},
        ),
        (Selection(actors=("gpe/turkey",)), {"a": "gpe/turkey"}),
        (
            Selection(actors=("Nga",), start="2016", end="2018-03"),
            {"a": "Nga", "start": "2016", "end": "2018-03"},
        ),
        (
            Selection(actors=("Iran",), types=(EventType.SUPPORT,)),
            {"a": "Iran", "types": [EventType.SUPPORT]},
        ),
        (
            Selection(actors=("Iran",), factuality=(Factuality.PLANNED, Factuality.ACTUAL)),
            {"a": "Iran", "factuality": [Factuality.PLANNED, Factuality.ACTUAL]},
        ),
    ],
)
@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_selection_is_the_timeline(
    graph: EventGraph, tmp_path: Path, selection: Selection, asked: dict[str, Any], form: str
) -> None:
    write(graph, form, tmp_path / f"g.{form}", selection)
    found, view = by_networkx(tmp_path / f"g.{form}"), graph.to_networkx(graph.timeline(**asked))
    assert found.nodes.keys() == set(view) != set()
    told = sorted((a, b, values["event"]) for a, b, values in found.edges if "event" in values)
    assert told == sorted((a, b, values["event"]) for a, b, values in view.edges(data=True))


def test_of_several_actors_any_two_may_meet(graph: EventGraph, tmp_path: Path) -> None:
    write(graph, "csv", tmp_path, Selection(actors=("Nga", "Iran", "gpe/turkey"), include_affiliated=False))
    kinds = {row["kind"] for row in rows(tmp_path / "edges.csv")}
    assert kinds == {"CONSULT", "SANCTION"}  # Putin's support for Iran joins nobody else of the three


def test_wrong_selections_are_told(graph: EventGraph, tmp_path: Path) -> None:
    for selection, message in (
        (Selection(actors=("Ngaa",)), "no actor in the graph has this name"),
        (Selection(start="hôm qua"), "is not a date"),
        (Selection(start="2019", end="2018"), "the time ends before it begins"),
    ):
        for form in ("gexf", "csv", "trig"):
            with pytest.raises(RelgraphError, match=message):
                write(graph, form, tmp_path / form, selection)
    with pytest.raises(RelgraphError, match="a picture shows the whole graph"):
        write(graph, "svg", tmp_path / "g.svg", Selection(start="2018"))


# --- tables ---


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_tables_are_the_network(graph: EventGraph, tmp_path: Path) -> None:
    write(graph, "csv", tmp_path / "new" / "tables")
    nodes, edges = (rows(tmp_path / "new" / "tables" / f"{name}.csv") for name in ("nodes", "edges"))
    view = graph.to_networkx()
    assert {(node["id"], node["label"]) for node in nodes} == {
        (n, d["label"]) for n, d in view.nodes(data=True)
    }
    told = [(edge["id"], edge["source"], edge["target"], edge["earliest"]) for edge in edges]
    assert sorted(told) == sorted(
        (k, a, b, d.get("earliest", "")) for a, b, k, d in view.edges(keys=True, data=True)
    )
    assert [edge["earliest"] or "9999" for edge in edges] == sorted(
        edge["earliest"] or "9999" for edge in edges
    )
    assert "type" not in edges[0]


def test_parquet_tables_have_types(graph: EventGraph, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow")
    write(graph, "parquet", tmp_path / "p")
    write(graph, "csv", tmp_path / "c")
    for name in ("nodes", "edges"):
        table, plain = (
            parquet.read_table(tmp_path / "p" / f"{name}.parquet").to_pylist(),
            rows(tmp_path / "c" / f"{name}.csv"),
        )
        assert [{k: "" if x is None else str(x) for k, x in row.items()} for row in table] == plain
    sanction = next(row for row in table if row["kind"] == "SANCTION")
    assert (sanction["earliest"], sanction["year"], sanction["month"]) == (date(2015, 1, 1), 2015, None)


def test_tables_do_not_replace_old_ones_where_something_is_wrong(graph: EventGraph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(RelgraphError, match="can't be made"):
        write(graph, "csv", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "old"


# --- size ---

MEASURE = """
import sys, time  # processor time and the process's own peak: others may use the machine at the same time
from pathlib import Path
from relgraph.export import write
from relgraph.graph import EventGraph
with EventGraph.open(sys.argv[1]) as graph:
    write(graph, sys.argv[2], sys.argv[3])
peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(time.process_time(), int(peak) / 1024)
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of as many events as the four files of ICEWS have."""
    folder = tmp_path_factory.mktemp("large") / "s"
    build([], Extractor(), folder)
    with StoreWriter(folder, software="test") as writer:
        writer.native.bulk_extend(ox.Quad(*triple, v.MERGED) for triple in many_events(122_585))
        writer.publish()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_hundred_thousand_events_are_written_fast_and_in_little_memory(
    large: Path, tmp_path: Path, form: str
) -> None:
    command = [sys.executable, "-c", MEASURE, str(large), form, str(tmp_path / f"g.{form}")]
    said = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    seconds, mebibytes = map(float, said.split())
    assert len(re.findall(rb"<edge ", (tmp_path / f"g.{form}").read_bytes())) == 122_585
    assert seconds < 15 and mebibytes < 500


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples") / "s"
    articles = read_articles([shipped("data", "articles")])
    build(articles, lambda needed: extract(load(), needed), folder, knowledge=KnowledgeBase.load())
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("store", ["samples", "large"])
@each_reader
def test_the_samples_and_a_hundred_thousand_events_are_read_back_equal(
    store: str, request: pytest.FixtureRequest, tmp_path: Path, form: str, read: Callable[[Path], Read]
) -> None:
    with EventGraph.open(request.getfixturevalue(store)) as opened:
        write(opened, form, tmp_path / f"g.{form}")
        network = Network(opened, EVERYTHING)
        edges = [*network.edges(), *(network.states() if form == "gexf" else ())]
    written = [(edge.source, edge.target, edge.values) for edge in edges]
    found = read(tmp_path / f"g.{form}")
    assert_same_network(found, Read({node.id: node.values for node in network.nodes}, written))


def assert_same_network(found: Read, written: Read) -> None:
    """What was written is read, value by value; readers add what they need, such as ids and colours."""
    assert found.nodes.keys() == written.nodes.keys()
    for key, values in written.nodes.items():
        assert {name: found.nodes[key].get(name) for name in values} == values
    assert len(found.edges) == len(written.edges)
    for one, other in zip(sorted(found.edges, key=ends), sorted(written.edges, key=ends), strict=True):
        assert ends(one) == ends(other)
        assert {name: one[2].get(name) for name in other[2]} == other[2]


def ends(edge: tuple[str, str, Mapping[str, Any]]) -> tuple[str, ...]:
    source, target, values = edge
    return values.get("event", ""), source, target, values["relation"], values.get("earliest", "")


def many_events(count: int) -> Iterator[tuple[Any, Any, Any]]:
    """Coded events as an import gives them: two actors each, a day, no articles."""
    actors = [v.entity_iri(f"per/actor-{number}") for number in range(5000)]
    for number, actor in enumerate(actors):
        yield actor, v.RDF_TYPE, v.ENTITY_CLASSES[RUSSIA.type]
        yield actor, v.LABEL, ox.Literal(f"Actor {number}", language="en")
        yield actor, v.LABEL, ox.Literal(f"Nhân vật {number} & <b>", language="vi")
    types = list(v.TYPES.values())
    for number in range(count):
        day = date.fromordinal(date(2010, 1, 1).toordinal() + number % 4000)
        told = v.data_iri("event", f"made-{day}-{number:07}")
        yield told, v.RDF_TYPE, v.EVENT
        yield told, v.SEM_TYPE, types[number % 20]
        yield told, v.FACTUALITY, v.FACTUALITIES[Factuality.ACTUAL]
        for role, actor in ((Role.AGENT, actors[number % 4900]), (Role.PATIENT, actors[-1 - number % 37])):
            yield told, v.ROLES[role], actor
            yield told, v.SEM_ACTOR, actor
        yield from interval_triples(told, Interval.from_value(day.isoformat()))


def test_coded_events_are_exported_by_the_name_of_their_data_set(tmp_path: Path) -> None:
    """A network of its own graph, with names from the knowledge base before the data set's."""
    build([], Extractor(), tmp_path / "s", knowledge=SmallKnowledge())
    coded = v.import_graph("icews")
    with StoreWriter(tmp_path / "s", software="test") as writer:
        writer.native.bulk_extend(ox.Quad(*triple, coded) for triple in coded_events())
        writer.publish()
    with EventGraph.open(tmp_path / "s") as opened:
        write(opened, "graphml", tmp_path / "g.graphml", Selection(data_set="icews", actors=("Nga",)))
        write(opened, "graphml", tmp_path / "none.graphml")
        write(opened, "graphml", tmp_path / "articles.graphml", Selection(data_set="articles"))
        with pytest.raises(RelgraphError, match="gdelt: the store holds no such data set"):
            write(opened, "graphml", tmp_path / "x.graphml", Selection(data_set="gdelt"))
    read = by_networkx(tmp_path / "g.graphml")
    assert read.nodes["gpe/russia"]["label_vi"] == "Nga"
    assert read.nodes["misc/rebels"]["label"] == "Rebels"
    assert "entity_type" not in read.nodes["misc/rebels"]
    assert [(a, b, d["earliest"]) for a, b, d in read.edges] == [("gpe/russia", "misc/rebels", "2018-04-04")]
    assert not by_networkx(tmp_path / "none.graphml").nodes
    assert (tmp_path / "articles.graphml").read_bytes() == (tmp_path / "none.graphml").read_bytes()
    assert Selection(data_set="articles").is_everything and not Selection(data_set="icews").is_everything


def test_coded_events_without_the_vocabulary_are_refused_in_one_line(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", software="test") as writer:
        writer.native.bulk_extend(ox.Quad(*triple, v.import_graph("icews")) for triple in coded_events())
        writer.publish()
    with (
        EventGraph.open(tmp_path / "s") as opened,
        pytest.raises(RelgraphError, match="does not hold the vocabulary"),
    ):
        write(opened, "graphml", tmp_path / "g.graphml", Selection(data_set="icews"))


def coded_events() -> Iterator[tuple[Any, Any, Any]]:
    russia, rebels, told = v.entity_iri("gpe/russia"), v.entity_iri("misc/rebels"), v.data_iri("event", "c1")
    for actor, name in ((russia, "Russian Federation"), (rebels, "Rebels")):
        yield actor, v.RDF_TYPE, v.ANY_ENTITY
        yield actor, v.LABEL, ox.Literal(name, language="en")
        yield told, v.SEM_ACTOR, actor
    yield told, v.RDF_TYPE, v.CODED_EVENT
    yield told, v.SEM_TYPE, v.TYPES[EventType.ASSAULT]
    yield told, v.FACTUALITY, v.FACTUALITIES[Factuality.ACTUAL]
    yield told, v.ROLES[Role.AGENT], russia
    yield told, v.ROLES[Role.PATIENT], rebels
    yield from interval_triples(told, Interval.from_value("2018-04-04"))
