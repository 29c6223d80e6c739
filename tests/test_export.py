"""Exports are read back by readers that are not ours and hold the same; tables are what their formats say."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import pyoxigraph
import pytest
from graph_documents import (
    ARTICLE_1,
    ARTICLE_2,
    DOCUMENT_1,
    DOCUMENT_2,
    IRAN,
    RUSSIA,
    Extractor,
    SmallKnowledge,
    article,
    document,
    event,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from relgraph.errors import RelgraphError
from relgraph.export import FORMATS, STYLES, event_table, render, write
from relgraph.graph import EventGraph, QueryResult, build, vocabulary
from relgraph.graph.store import StoreWriter


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventGraph]:
    folder = tmp_path_factory.mktemp("store") / "s"
    build([ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), folder, knowledge=SmallKnowledge())
    with EventGraph.open(folder) as opened:
        yield opened


def rdflib_triple(quad: pyoxigraph.Quad) -> tuple[object, object, object]:
    def term(one: object) -> object:
        if isinstance(one, pyoxigraph.Literal):
            datatype = (
                None if one.language or one.datatype.value.endswith("#string") else URIRef(one.datatype.value)
            )
            return Literal(one.value, lang=one.language, datatype=datatype)
        return URIRef(one.value)  # type: ignore[attr-defined]

    return term(quad.subject), term(quad.predicate), term(quad.object)


def test_turtle_holds_all_graphs_but_the_vocabulary(graph: EventGraph, tmp_path: Path) -> None:
    write(graph, "ttl", tmp_path / "g.ttl")
    expected = Graph()
    for quad in graph.store.native:
        if quad.graph_name != vocabulary.VOCABULARY:
            expected.add(rdflib_triple(quad))  # type: ignore[arg-type]
    assert isomorphic(Graph().parse(tmp_path / "g.ttl"), expected)


def test_trig_holds_each_graph(graph: EventGraph, tmp_path: Path) -> None:
    write(graph, "trig", tmp_path / "g.trig")
    read = Dataset()
    read.parse(tmp_path / "g.trig", format="trig")
    for name in graph.store.native.named_graphs():
        expected = Graph()
        for quad in graph.store.native.quads_for_pattern(None, None, None, name):
            expected.add(rdflib_triple(quad))  # type: ignore[arg-type]
        found = Graph()
        for triple in read.graph(URIRef(name.value)):  # type: ignore[union-attr]
            found.add(triple)
        assert isomorphic(found, expected), name


WRITTEN = tuple(form for form in FORMATS if form not in ("png", "svg"))
"""Formats without the pictures, which have tests of their own."""

NASTY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("\x00\x08\x0b\x1f\ufffe]]>&<\"'\u200d😀")
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NASTY, NASTY)
def test_any_label_gives_files_that_can_be_read(label: str, source_name: str) -> None:
    text = "Nga gặp Iran."
    source = article("a", text, source=source_name)
    strange = RUSSIA.model_copy(update={"name": label, "label_vi": label})
    told = document(source, event(text, "gặp", agents=(strange, IRAN)), entities=(strange, IRAN))
    with TemporaryDirectory() as folder:
        build([source], Extractor(told), Path(folder, "s"))
        with EventGraph.open(Path(folder, "s")) as opened:
            for form in WRITTEN:
                write(opened, form, Path(folder, form))
            read = nx.read_graphml(Path(folder, "graphml"), force_multigraph=True)
            assert read.number_of_edges() == 1
            in_xml = re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "", label)
            found = read.nodes["gpe/russia"].get("label") or ""
            assert " ".join(found.split()) == " ".join(in_xml.split())
            quads = set(pyoxigraph.parse(path=str(Path(folder, "trig")), format=pyoxigraph.RdfFormat.TRIG))
            assert quads == set(opened.store.native)


def test_an_empty_graph_gives_files_that_can_be_read(tmp_path: Path) -> None:
    build([], Extractor(), tmp_path / "s")
    with EventGraph.open(tmp_path / "s") as opened:
        for form in WRITTEN:
            write(opened, form, tmp_path / f"g.{form}")
    assert nx.read_graphml(tmp_path / "g.graphml").number_of_nodes() == 0
    assert len(Graph().parse(tmp_path / "g.ttl")) == 0


def test_the_same_graph_gives_the_same_file(tmp_path: Path) -> None:
    """Not the run's start, which is another each time; so the file is compared without it."""
    files = []
    for order in ([ARTICLE_1, ARTICLE_2], [ARTICLE_2, ARTICLE_1]):
        folder = tmp_path / order[0].id
        build(order, Extractor(DOCUMENT_1, DOCUMENT_2), folder / "s", knowledge=SmallKnowledge())
        with EventGraph.open(folder / "s") as opened:
            for form in WRITTEN:
                write(opened, form, folder / f"g.{form}")
        written = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "s"]
        written = [path for path in written if folder / "s" not in path.parents]
        files.append(
            {
                path.name: re.sub(rb"run[/:][^>\"\s]*|\d{4}-[-0-9T:.]+Z", b"", path.read_bytes())
                for path in written
            }
        )
    assert files[0].keys() == files[1].keys() >= {"g.jsonld", "edges.csv", "edges.parquet"}
    for name, content in files[0].items():
        assert content == files[1][name], name


# --- refusals ---


@pytest.mark.parametrize("form", [form for form, kind in FORMATS.items() if kind == "file"])
def test_a_quote_that_does_not_match_is_refused_and_the_old_file_stays(tmp_path: Path, form: str) -> None:
    store, out = tmp_path / "s", tmp_path / "out"
    build([ARTICLE_1], Extractor(DOCUMENT_1), store)
    exact = vocabulary.OA_EXACT
    with StoreWriter(store, software="test") as writer:
        quad = next(
            q for q in writer.native.quads_for_pattern(None, exact, None) if q.object.value == "hội đàm"
        )
        writer.native.remove(quad)
        writer.native.add(pyoxigraph.Quad(quad.subject, exact, pyoxigraph.Literal("hội ý"), quad.graph_name))
        writer.publish()
    out.write_text("old")
    with (
        EventGraph.open(store) as opened,
        pytest.raises(RelgraphError, match=r"article .*bai-1: the quote 'hội ý' does not stand at 22-29"),
    ):
        write(opened, form, out)
    assert out.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "s"]


def test_a_text_that_was_changed_is_refused(tmp_path: Path) -> None:
    build([ARTICLE_1], Extractor(DOCUMENT_1), tmp_path / "s")
    with StoreWriter(tmp_path / "s", software="test") as writer:
        quad = next(iter(writer.native.quads_for_pattern(None, vocabulary.TEXT, None)))
        writer.native.remove(quad)
        writer.native.add(
            pyoxigraph.Quad(
                quad.subject, vocabulary.TEXT, pyoxigraph.Literal(quad.object.value + "!"), quad.graph_name
            )
        )
        writer.publish()
    with (
        EventGraph.open(tmp_path / "s") as opened,
        pytest.raises(RelgraphError, match="its text is not the one that was read"),
    ):
        write(opened, "ttl", tmp_path / "out")


def test_wrong_formats_and_places_are_told(graph: EventGraph, tmp_path: Path) -> None:
    with pytest.raises(RelgraphError, match="is not a format for export; choose one of: graphml, gexf, ttl"):
        write(graph, "xls", tmp_path / "g")
    with pytest.raises(RelgraphError, match="can't be written: No such file or directory"):
        write(graph, "ttl", tmp_path / "nowhere" / "g.ttl")
    with pytest.raises(RelgraphError, match="can't be written: Is a directory"):
        write(graph, "ttl", tmp_path)


# --- tables ---


TABLE = QueryResult(
    ("actor", "số", "câu"),
    [
        (
            URIRef("https://w3id.org/relgraph/id/entity/gpe/russia"),
            Literal(2),
            Literal('Nga, "Iran"\nhọp', lang="vi"),
        ),
        (None, None, Literal("x" * 100)),
    ],
)


def test_a_text_table_is_aligned_and_cut() -> None:
    head, rule, first, second = render(TABLE, "text").splitlines()
    assert head.index("số") == first.index("2") == rule.index("  -") + 2
    assert first == 'entity:gpe/russia  2   Nga, "Iran" họp'
    assert second.endswith("x…") and len(second.strip()) == 72


def test_csv_is_whole() -> None:
    rows = list(csv.reader(io.StringIO(render(TABLE, "csv"), newline="")))
    assert rows == [
        ["actor", "số", "câu"],
        ["https://w3id.org/relgraph/id/entity/gpe/russia", "2", 'Nga, "Iran"\nhọp'],
        ["", "", "x" * 100],
    ]


def test_json_is_sparql_results() -> None:
    text = render(TABLE, "json")
    first, second = json.loads(text)["results"]["bindings"]
    assert first["câu"] == {"type": "literal", "value": 'Nga, "Iran"\nhọp', "xml:lang": "vi"}
    assert first["số"]["datatype"].endswith("integer")
    assert second.keys() == {"câu"}
    read = pyoxigraph.parse_query_results(text.encode(), pyoxigraph.QueryResultsFormat.JSON)
    assert len(list(read)) == 2  # type: ignore[arg-type]


def test_events_are_tables_in_either_language(graph: EventGraph) -> None:
    rows = event_table(graph.events(), language="vi").rows
    assert rows[0][:6] == ("2015", "SANCTION", None, "actual", "Nga", "Thổ Nhĩ Kỳ")
    assert event_table(graph.events()).rows[1][6:8] == ("Sochi", 2)
    for style in STYLES:
        assert render(event_table([]), style)
    with pytest.raises(RelgraphError, match="is not a style of table; choose one of: text, csv, json"):
        render(TABLE, "xls")
