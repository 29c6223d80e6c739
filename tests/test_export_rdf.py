"""RDF exports are parsed back by parsers that are not ours and hold the same; SPARQL tools find what they need."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from graph_documents import ARTICLE_1, ARTICLE_2, DOCUMENT_1, DOCUMENT_2, Extractor, SmallKnowledge
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCTERMS, OWL, RDF, Dataset, Graph, Literal, Namespace, URIRef
from typer.testing import CliRunner

from relgraph.cli import app
from relgraph.export import Selection, describe, jsonld, write
from relgraph.graph import EventGraph, build, named_queries
from relgraph.graph import vocabulary as v
from relgraph.model import EventType, Factuality
from relgraph.resources import shipped

QUADS = {"trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}
RDFLIB = {"trig": "trig", "nq": "nquads", "jsonld": "json-ld"}
VOID, DCAT = Namespace("http://rdfs.org/ns/void#"), Namespace("http://www.w3.org/ns/dcat#")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "s"
    build([ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), folder, knowledge=SmallKnowledge())
    return folder


@pytest.fixture(scope="module")
def graph(folder: Path) -> Iterator[EventGraph]:
    with EventGraph.open(folder) as opened:
        yield opened


# --- the same statements ---


@pytest.mark.parametrize("form", QUADS)
def test_oxigraph_reads_the_same_quads(graph: EventGraph, tmp_path: Path, form: str) -> None:
    write(graph, form, tmp_path / f"g.{form}")
    assert set(ox.parse(path=str(tmp_path / f"g.{form}"), format=QUADS[form])) == set(graph.store.native)


def rdflib_term(term: Any) -> Literal | URIRef:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    plain = term.language or term.datatype.value == f"{v.XSD}string"
    return Literal(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))


@pytest.mark.parametrize("form", QUADS)
def test_rdflib_reads_the_same_quads(graph: EventGraph, tmp_path: Path, form: str) -> None:
    """The graphs have no blank nodes, so they are isomorphic if they are equal."""
    write(graph, form, tmp_path / f"g.{form}")
    read = Dataset()
    read.parse(tmp_path / f"g.{form}", format=RDFLIB[form])
    found = {(s, p, o, URIRef(str(g))) for s, p, o, g in read.quads()}
    expected = {
        (*map(rdflib_term, quad.triple), URIRef(quad.graph_name.value)) for quad in graph.store.native
    }
    assert found == expected


@pytest.mark.parametrize("form", [*QUADS, "ttl"])
def test_files_are_sorted_and_the_same_each_time(graph: EventGraph, tmp_path: Path, form: str) -> None:
    for name in ("a", "b"):
        write(graph, form, tmp_path / name)
    text = (tmp_path / "a").read_text(encoding="utf-8")
    assert text == (tmp_path / "b").read_text(encoding="utf-8")
    if form == "nq":
        graphs = [line.rsplit(" ", 2)[1] for line in text.splitlines()]
        assert graphs == sorted(graphs)


# --- a part ---


@pytest.mark.parametrize("form", QUADS)
def test_a_selection_holds_its_events_with_all_that_tells_of_them(
    graph: EventGraph, tmp_path: Path, form: str
) -> None:
    write(graph, form, tmp_path / "g", Selection(types=(EventType.SUPPORT,)))
    part = set(ox.parse(path=str(tmp_path / "g"), format=QUADS[form]))
    assert part < set(graph.store.native)
    subjects = {quad.subject for quad in part}
    (told,) = graph.events(types=[EventType.SUPPORT])
    events = {s.value for s in subjects if s.value.startswith(v.PREFIXES["event"])}
    assert events == {v.data_iri("event", told.id).value}
    texts = [quad.object.value for quad in part if quad.predicate == v.TEXT]
    assert texts == [ARTICLE_1.text]
    quotes = {quad.object.value for quad in part if quad.predicate == v.OA_EXACT}
    assert quotes == {"ca ngợi"}
    keys = {v.key_of(s.value) for s in subjects if s.value.startswith(v.PREFIXES["entity"])}
    assert keys == {"per/vladimir-putin", "gpe/iran", "gpe/russia"}  # Russia is named as the source


def test_a_selection_holds_the_states_of_its_time(graph: EventGraph, tmp_path: Path) -> None:
    for start, expected in (("2018", 1), (None, 2)):
        write(graph, "nq", tmp_path / "g", Selection(actors=("Nga",), start=start))
        part = list(ox.parse(path=str(tmp_path / "g"), format=ox.RdfFormat.N_QUADS))
        types = [quad.object for quad in part if quad.predicate == v.RDF_TYPE]
        assert (types.count(v.TENURE), types.count(v.OFFICE_CLASS)) == (expected, 1)


def test_rdf_holds_every_factuality_unless_told(graph: EventGraph, tmp_path: Path) -> None:
    for factuality, expected in ((None, {"actual", "planned"}), ((Factuality.PLANNED,), {"planned"})):
        write(graph, "ttl", tmp_path / "g.ttl", Selection(actors=("Iran",), factuality=factuality))
        rg = Namespace(v.ONTOLOGY)
        read = Graph().parse(tmp_path / "g.ttl")
        found = {read.value(e, rg.factuality) for e in read.subjects(RDF.type, rg.Event)}
        assert found == {rg[f"factuality-{value}"] for value in expected}


# --- JSON-LD's context ---


def test_the_context_has_a_name_for_every_term_of_the_ontology(graph: EventGraph) -> None:
    """A new term of ``ontology/relgraph.ttl`` gets its line in ``ontology/context.jsonld``; none is ever changed."""
    context = json.loads(shipped("ontology", "context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert {prefix: context[prefix] for prefix in v.PREFIXES} == v.PREFIXES
    named = {term["@id"] if isinstance(term, dict) else term for term in context.values() if term != 1.1}
    ontology = Graph().parse(shipped("ontology", "relgraph.ttl"))
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.Class)
    terms = {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    ours = {f"rg:{term.removeprefix(v.ONTOLOGY)}" for term in terms if term.startswith(v.ONTOLOGY)}
    assert ours - named == set()


def test_an_event_in_json_reads_plainly(graph: EventGraph, tmp_path: Path) -> None:
    write(graph, "jsonld", tmp_path / "g.jsonld")
    document = json.loads((tmp_path / "g.jsonld").read_text(encoding="utf-8"))
    merged = next(part["@graph"] for part in document["@graph"] if part["@id"] == "graph:merged")
    sanction = next(thing for thing in merged if "rgt:SANCTION" in thing.get("eventType", []))
    assert set(sanction["@type"]) == {"Event", "sem:Event"}
    assert (sanction["agent"], sanction["patient"]) == (["entity:gpe/russia"], ["entity:gpe/turkey"])
    assert (sanction["earliest"], sanction["latest"]) == (["2015-01-01"], ["2015-12-31"])
    assert sanction["reportingArticles"] == [1]
    russia = next(thing for thing in merged if thing["@id"] == "entity:gpe/russia")
    assert russia["label"] == {"en": ["Russia"], "vi": ["Nga"]}


LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(ox.Literal),
    st.builds(
        ox.Literal, st.text(st.characters(exclude_categories=["Cs"])), language=st.sampled_from(["vi", "en"])
    ),
    st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(v.XSD + kind)),
        st.sampled_from(["1", "01", "+1", "-0", "true", "1.50", "2018-04-04", "x"]),
        st.sampled_from(["integer", "boolean", "decimal", "date", "dateTime", "string", "anyURI"]),
    ),
)
PROPERTIES = [v.LABEL, v.ALT_LABEL, v.EARLIEST, v.REPORTING_ARTICLES, v.EDTF, v.URL]


@given(st.lists(st.tuples(st.sampled_from(PROPERTIES), LITERALS), max_size=6))
def test_any_value_comes_back_from_json_ld(said: list[tuple[ox.NamedNode, ox.Literal]]) -> None:
    thing = v.data_iri("entity", "gpe", "a:b//c")
    quads = {ox.Quad(thing, predicate, value, v.MERGED) for predicate, value in said}
    text = jsonld.text_of(sorted(quads, key=str))
    assert set(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == quads


# --- for SPARQL tools ---

EXAMPLES = sorted(shipped("ontology", "examples").glob("*.rq"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_answer_over_the_turtle_export(graph: EventGraph, tmp_path: Path, path: Path) -> None:
    write(graph, "ttl", tmp_path / "g.ttl")
    query = path.read_text(encoding="utf-8")
    rows = list(Graph().parse(tmp_path / "g.ttl").query(query))
    store = ox.Store()
    store.load(path=str(tmp_path / "g.ttl"), format=ox.RdfFormat.TURTLE)
    assert len(rows) == len(list(store.query(query)))  # type: ignore[arg-type]
    assert rows or path.stem == "office-holders"  # the small knowledge base has no office of Iran


@pytest.mark.parametrize("name", named_queries())
def test_named_queries_are_whole_sparql_for_other_tools(graph: EventGraph, name: str) -> None:
    shown = CliRunner().invoke(app, ["query", "--show", name])
    assert shown.exit_code == 0
    list(graph.store.native.query(shown.stdout))  # type: ignore[call-overload]


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    shown = CliRunner().invoke(app, ["query", "--show", "nothing"])
    assert shown.exit_code == 2 and "the named queries are: " in shown.stderr


def test_the_prefixes_file_is_the_vocabulary_s() -> None:
    lines = shipped("ontology", "prefixes.rq").read_text(encoding="utf-8")
    assert dict(re.findall(r"^PREFIX (\w+): <(.+)>$", lines, re.MULTILINE)) == v.PREFIXES


def test_the_description_counts_what_is_there(graph: EventGraph, tmp_path: Path) -> None:
    for name in ("a", "b"):
        with (tmp_path / name).open("wb") as file:
            describe(graph, file)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    read, dataset = Graph().parse(tmp_path / "a", format="turtle"), URIRef(f"{v.DATA}dataset")
    assert {VOID.Dataset, DCAT.Dataset} == set(read.objects(dataset, RDF.type))
    assert read.value(dataset, VOID.triples) == Literal(len(graph.store.native))
    assert read.value(dataset, VOID.documents) == Literal(2)
    assert {label.language for label in read.objects(dataset, DCTERMS.title)} == {"en", "vi"}  # type: ignore[attr-defined]
    counts = {
        read.value(p, VOID["class"]): read.value(p, VOID.entities)
        for p in read.objects(dataset, VOID.classPartition)
    }
    assert counts[URIRef(v.EVENT.value)] == Literal(graph.counts()["events"])
    period = read.value(dataset, DCTERMS.temporal)
    assert read.value(period, DCAT.startDate).toPython() == date(2015, 1, 1)  # type: ignore[union-attr]
    assert read.value(period, DCAT.endDate).toPython() == date(2018, 4, 4)  # type: ignore[union-attr]


def test_an_empty_store_is_described(tmp_path: Path) -> None:
    build([], Extractor(), tmp_path / "s")
    said = CliRunner().invoke(app, ["describe", "--store", str(tmp_path / "s")])
    assert said.exit_code == 0
    read = Graph().parse(data=said.stdout, format="turtle")
    assert read.value(URIRef(f"{v.DATA}dataset"), DCTERMS.temporal) is None


# --- the command ---


def test_the_command_writes_a_part(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    arguments = ["export", "csv", str(out), "--store", str(folder), "--actor", "Nga", "--actor", "Iran"]
    said = CliRunner().invoke(app, [*arguments, "--from", "2018", "--type", "CONSULT"])
    assert said.exit_code == 0
    assert re.findall(r"(\w+\.csv): written", said.stderr) == ["nodes.csv", "edges.csv"]
    assert len((out / "edges.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_the_command_tells_wrong_input(folder: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(
        app, ["export", "gexf", str(tmp_path / "g"), "--store", str(folder), "--from", "x"]
    )
    assert said.exit_code == 2 and "x: is not a date; write it as" in said.stderr
    assert not list(tmp_path.iterdir())
