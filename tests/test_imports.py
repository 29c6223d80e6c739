"""Coded events become a graph of their own, asked apart from or together with what articles tell."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from graph_documents import ARTICLE_1, ARTICLE_2, DOCUMENT_1, DOCUMENT_2, Extractor, SmallKnowledge
from typer.testing import CliRunner, Result

from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph, build
from relgraph.graph.vocabulary import DATA_SETS, EVENT_TYPES
from relgraph.imports import FORMATS, Cameo, ImportReport, import_events
from relgraph.kb import KnowledgeBase
from relgraph.model import EntityType, EventType
from relgraph.resources import shipped

ICEWS = (
    "Vladimir_Putin\tMake_a_visit\tIran\t2018-09-07",
    "Iran\tHost_a_visit\tVladimir_Putin\t2018-09-07",
    "Russia\tSign_formal_agreement\tIran\t2018-10-02",
    "Citizen_(Russia)\tDemonstrate_or_rally\tUnspecified_Actor\t2018-10-03",
    "Zorblax_Quennevil\tAccuse\tRussia\t2018-11-05",
)


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return KnowledgeBase.load()


@pytest.fixture
def bring(tmp_path: Path, knowledge: KnowledgeBase) -> Callable[..., ImportReport]:
    """Import these lines; fails on a malformed one unless a list for the errors is given."""

    def bring(form: str, *lines: str, errors: list[str] | None = None, name: str = "e.txt") -> ImportReport:
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        noted: list[str] = [] if errors is None else errors
        report = import_events(
            form,
            [tmp_path / name],
            tmp_path / "store",
            knowledge=knowledge,
            on_error=lambda error: noted.append(str(error)),
        )
        assert errors is not None or not noted
        return report

    return bring


def opened(folder: Path, *graphs: str) -> EventGraph:
    return EventGraph.open(folder / "store", graphs)


def gdelt_line(columns: int, **values: str) -> str:
    """A line of GDELT's with these columns filled in, by the codebook's positions."""
    places = {57: 49, 58: 49, 61: 51}
    at = {"id": 0, "day": 1, "actor1": 6, "country1": 7, "actor2": 16, "country2": 17, "code": 26}
    at |= {"articles": 33, "place_type": places[columns], "place": places[columns] + 1, "url": columns - 1}
    line = [""] * columns
    for name, value in values.items():
        line[at[name]] = value
    return "\t".join(line)


# --- ICEWS ---


def test_a_coded_event_has_type_day_and_linked_actors(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    report = bring("icews", *ICEWS)
    assert (report.lines, report.events, report.malformed) == (5, 5, 0)
    with opened(tmp_path, "icews") as graph:
        visit = graph.timeline("Vladimir Putin", "Iran")[0]
        assert (visit.type, visit.mode) == (EventType.CONSULT, "visit")
        assert visit.time and visit.time.earliest == visit.time.latest == date(2018, 9, 7)
        assert {actor.key for actor in visit.agents} < {"per/vladimir-putin", "gpe/iran"}
        assert visit.evidence == ()
        assert [event.type for event in graph.timeline("Nga", "Iran", "2018-10-01")] == [EventType.SUPPORT]


def test_an_unknown_actor_is_no_participant_and_a_new_one_has_its_country(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    bring("icews", *ICEWS)
    with opened(tmp_path, "icews") as graph:
        (protest,) = graph.events(types=[EventType.PROTEST])
        assert [actor.name for actor in protest.agents] == ["Citizen (Russia)"]
        assert protest.patients == ()
        assert protest in graph.timeline("Russia")
        assert protest not in graph.timeline("Russia", include_affiliated=False)
        # Nothing tells whether this is a person or a body, so the graph does not say so either.
        assert graph.actor("Zorblax Quennevil").type is EntityType.MISC
        assert graph.query("SELECT ?s { ?s a rg:Entity }").rows == (
            ("https://w3id.org/relgraph/id/entity/actor/zorblax-quennevil",),
        )


def test_events_keep_where_they_come_from(tmp_path: Path, bring: Callable[..., ImportReport]) -> None:
    bring("icews", *ICEWS, name="some.txt")
    with opened(tmp_path, "icews") as graph:
        rows = graph.query(
            "SELECT ?line ?title ?code { ?e rg:cameoCode ?code ; dcterms:identifier ?line ;"
            " prov:wasDerivedFrom ?file . ?file dcterms:title ?title } ORDER BY ?line"
        ).rows
    assert rows[0] == ("some.txt:1", "some.txt", "042")
    assert len(rows) == 5


def test_no_edge_leads_to_a_node_that_is_not_described(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    bring("icews", "Citizen_(Iran)\tAccuse\tMoscow\t2018-01-01")
    with opened(tmp_path, "icews") as graph:
        assert (
            graph.query(
                "SELECT ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?o), STR(entity:)))"
                " FILTER NOT EXISTS { ?o rdfs:label ?label } }"
            ).rows
            == ()
        )


def test_importing_again_replaces_and_the_same_line_is_one_event(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    bring("icews", *ICEWS)
    assert bring("icews", ICEWS[0], ICEWS[0]).events == 1
    with opened(tmp_path, "icews") as graph:
        assert graph.counts()["events"] == 1


def test_malformed_lines_are_named_and_left_out(tmp_path: Path, bring: Callable[..., ImportReport]) -> None:
    errors: list[str] = []
    lines = (
        "Iran\tConsult\tRussia",
        "Iran\tFrobnicate\tRussia\t2018-01-01",
        "Iran\tConsult\tRussia\t2018-02-30",
    )
    report = bring("icews", ICEWS[0], "", *lines, errors=errors)
    assert (report.events, report.malformed) == (1, 3)
    assert [error.split(":")[1] for error in errors] == ["3", "4", "5"]
    assert "4 (source" in errors[0] and "Frobnicate" in errors[1] and "2018-02-30" in errors[2]


def test_a_file_of_another_format_leaves_the_store_as_it_was(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    bring("icews", *ICEWS)
    with pytest.raises(RelgraphError, match="none of its first"):
        bring("icews", *["no event here"] * 200, errors=[])
    with opened(tmp_path, "icews") as graph:
        assert graph.counts()["events"] == 5


def test_articles_and_coded_events_are_asked_apart_or_together(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    extract = Extractor(DOCUMENT_1, DOCUMENT_2)
    build([ARTICLE_1, ARTICLE_2], extract, tmp_path / "store", knowledge=SmallKnowledge())
    bring("icews", *ICEWS)
    with opened(tmp_path, "articles") as told, opened(tmp_path, "icews") as coded:
        apart = len(told.events()), len(coded.events())
        assert len(told.timeline("Russia")) and len(coded.timeline("Russia"))
        asked = {"a": "Russia", "b": "Iran"}
        rows = len(told.query("timeline", **asked)), len(coded.query("timeline", **asked))
        assert all(rows)
    with opened(tmp_path, "articles", "icews") as both:
        assert len(both.events()) == sum(apart)
        assert len(both.query("timeline", a="Russia", b="Iran")) == sum(rows)
        total = both.counts()["events"]
        assert both.query("SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a sem:Event }").rows == ((total,),)


def test_a_data_set_that_was_not_imported_is_named(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    assert set(DATA_SETS) == set(FORMATS)
    bring("icews", *ICEWS)
    with pytest.raises(
        RelgraphError, match=r"foo: there are no events .*; choose one of: articles, icews, gdelt"
    ):
        opened(tmp_path, "foo")
    with pytest.raises(RelgraphError, match=r"no events of gdelt.*relgraph import gdelt"):
        opened(tmp_path, "gdelt")


# --- GDELT ---


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_gdelt_files_of_each_version_are_read(
    tmp_path: Path, bring: Callable[..., ImportReport], columns: int
) -> None:
    line = gdelt_line(
        columns,
        id="4711",
        day="20180404",
        actor1="RUSSIA",
        country1="RUS",
        actor2="MINISTER",
        country2="IRN",
        code="0421",
        articles="12",
        place_type="4",
        place="Ankara, Ankara, Turkey",
    )
    bring("gdelt", line)
    with opened(tmp_path, "gdelt") as graph:
        event = graph.event("gdelt-2018-04-04-4711")
        assert (event.type, event.mode) == (EventType.CONSULT, "visit")
        assert [actor.key for actor in event.agents] == ["gpe/russia"]
        assert [actor.name for actor in event.patients] == ["Minister (Iran)"]
        assert event.place and event.place.key == "gpe/ankara"
        assert event in graph.timeline("Russia", "Iran")
        assert graph.query("SELECT ?n { ?e rg:reportingArticles ?n }").rows == ((12,),)


def test_gdelt_names_that_contradict_their_country_are_not_linked(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    line = gdelt_line(
        58, id="1", day="20180101", actor1="GEORGIA", country1="USA", code="010", url="http://x.test/a"
    )
    report = bring("gdelt", line, gdelt_line(58, id="2", day="20180101", code="010"))
    assert (report.events, report.nameless) == (1, 1)
    with opened(tmp_path, "gdelt") as graph:
        (event,) = graph.events()
        assert [actor.name for actor in event.agents] == ["Georgia (United States)"]
        assert graph.query("SELECT ?u { ?e schema:url ?u }").rows == (("http://x.test/a",),)


# --- the mapping files ---


def test_every_mode_of_the_mapping_is_a_concept() -> None:
    types = shipped("ontology", "event-types.ttl").read_text(encoding="utf-8")
    assert f"<{EVENT_TYPES}>" in types
    for code in Cameo.load().codes.values():
        assert code.mode is None or f"rgt:{code.type}-{code.mode} " in types, code


def test_a_code_that_is_missing_stands_for_the_one_above_it() -> None:
    cameo = Cameo.load()
    visit = cameo.by_code("042")
    assert visit and cameo.by_code("0429") == visit
    assert cameo.by_code("999") is None


@pytest.mark.parametrize("name", FORMATS)
def test_the_mappings_name_entities_that_there_are(name: str, knowledge: KnowledgeBase) -> None:
    FORMATS[name](knowledge)
    for key in Cameo.load().codes:
        assert key.isdecimal()


@pytest.mark.shared
def test_every_relation_of_icews_is_mapped(shared: Path) -> None:
    relations = {
        line.split("\t")[1]
        for path in (shared / "datasets" / "icews").glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert relations
    assert [relation for relation in relations if Cameo.load().by_name(relation) is None] == []


@pytest.mark.shared
def test_cameo_agrees_with_the_conversion_table(shared: Path) -> None:
    table = (shared / "datasets" / "cameo-to-plover.txt").read_text(encoding="utf-8")
    rows = [line.partition(":") for line in table.splitlines() if line[:3].isdecimal()]
    assert len(rows) > 200
    for code, _, rest in rows:
        mapped = Cameo.load().codes[code]
        assert mapped.type == rest.split(",")[0].strip(), code


# --- the command ---


def test_the_command_reports_and_ends_with_status_2_on_malformed_lines(tmp_path: Path) -> None:
    file = tmp_path / "events.txt"
    file.write_text("\n".join([*ICEWS, "broken"]) + "\n", encoding="utf-8")
    store = str(tmp_path / "store")
    result = CliRunner().invoke(app, ["import", "icews", str(file), "--store", store])
    assert result.exit_code == 2
    assert f"{file}:6" in result.stderr and "5 events of 6 lines" in result.stderr
    asked = ["timeline", "Nga", "Iran", "--graph", "icews", "--store", store, "--format", "csv"]
    assert len(CliRunner().invoke(app, asked).stdout.splitlines()) == 4


def test_the_commands_follow_imported_events(tmp_path: Path, bring: Callable[..., ImportReport]) -> None:
    articles, extract = [ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2)
    build(articles, extract, tmp_path / "store", knowledge=SmallKnowledge())
    bring("icews", *ICEWS)
    with opened(tmp_path, "icews") as graph:
        (agreed,) = graph.events(types=[EventType.SUPPORT])
    with opened(tmp_path, "articles") as graph:
        (told, *_) = graph.timeline("Nga", "Iran")
        with pytest.raises(RelgraphError, match="one of icews, which are not asked; ask with --graph icews"):
            graph.evidence(agreed.id)
        with pytest.raises(RelgraphError, match="ask with --graph icews"):
            graph.query("evidence", event=agreed.id)

    def ask(*arguments: str) -> Result:
        asked = [*arguments, "--store", str(tmp_path / "store"), "--format", "csv"]
        return CliRunner().invoke(app, asked)

    coded = ("--graph", "icews")
    for command in (
        ("around", agreed.id, "Nga"),
        ("contacts", "Nga", "Iran"),
        ("co-participants", "Nga"),
        ("paths", "Nga", "Iran"),
        ("series", "Nga", "Iran"),
    ):
        answer = ask(*command, *coded)
        assert answer.exit_code == 0, answer.output
        assert "2018-09" in answer.stdout or agreed.id in answer.stdout
    assert ask("plans", *coded).stdout.splitlines() == ["time,type,agents,patients,outcome,event,told_by"]
    assert "quote no article" in ask("evidence", agreed.id, *coded).stderr
    both = ask("contacts", "Nga", "Iran", "--graph", "articles", *coded).stdout
    assert told.id in both and agreed.id in both
    assert "ask with --graph icews" in ask("around", agreed.id).stderr
    assert "ask with --graph articles" in ask("around", told.id, *coded).stderr
    assert "(--graph) are never merged" in ask("explain", agreed.id).stderr


def test_coded_events_alone_come_with_what_their_types_and_offices_mean(
    tmp_path: Path, bring: Callable[..., ImportReport]
) -> None:
    bring("icews", *ICEWS)
    graph = opened(tmp_path, "icews")
    concepts = graph.query("SELECT ?type WHERE { GRAPH ?g { ?type a skos:Concept } } LIMIT 1")
    assert len(concepts) == 1
    store = str(tmp_path / "store")
    held = CliRunner().invoke(app, ["as-of", "2018-09-01", "--store", store, "--format", "csv"]).stdout
    assert "Vladimir Putin" in held and "Hassan Rouhani" in held
