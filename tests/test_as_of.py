"""States of affairs on a day: offices, memberships, and what two actors had done last."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from graph_documents import ARTICLE_1, ARTICLE_2, DOCUMENT_1, DOCUMENT_2, Extractor, SmallKnowledge
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph, build
from relgraph.graph.states import surely_includes


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("as-of") / "store"
    build([ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), folder, knowledge=SmallKnowledge())
    return folder


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[EventGraph]:
    with EventGraph.open(store) as graph:
        yield graph


def held(graph: EventGraph, on: str) -> list[tuple[str, str]]:
    return [(office.office, office.holder.key) for office in graph.as_of(on).offices]


def test_an_office_is_held_from_its_beginning_to_its_end(graph: EventGraph) -> None:
    president = [("russia/president", "per/vladimir-putin")]
    assert held(graph, "2005-01-01") == president
    assert held(graph, "2008-05-07") == president
    assert held(graph, "2008-05-08") == held(graph, "2012-05-06") == held(graph, "1999-12-31") == []
    assert held(graph, "2012-05-07") == held(graph, "2030-01-01") == president


def test_what_the_dates_leave_open_is_not_certain(graph: EventGraph) -> None:
    assert [office.certain for office in graph.as_of("2000-06-01").offices] == [False]
    assert [office.certain for office in graph.as_of("2001-06-01").offices] == [True]


def test_an_office_tells_title_jurisdiction_and_term(graph: EventGraph) -> None:
    (office,) = graph.as_of("2005").offices
    assert (office.title, office.jurisdiction.name) == ("President of Russia", "Russia")
    assert (office.start, office.end) == (date(2000, 1, 1), date(2008, 5, 7))


def test_memberships_change_their_status(graph: EventGraph) -> None:
    def statuses(on: str) -> list[tuple[str, bool]]:
        return [(m.status, m.certain) for m in graph.as_of(on).memberships]

    assert statuses("2004-12-31") == []
    assert statuses("2010-01-01") == [("observer", True)]
    assert sorted(statuses("2023-08-01")) == [("member", True), ("observer", False)]
    assert statuses("2024-01-01") == [("member", True)]


def test_an_actor_limits_the_answer(graph: EventGraph) -> None:
    russia, iran = graph.as_of("2024-01-01", "Nga"), graph.as_of("2024-01-01", "Iran")
    assert (len(russia.offices), len(russia.memberships)) == (1, 0)
    assert (len(iran.offices), len(iran.memberships)) == (0, 1)
    assert graph.as_of("2024-01-01", "Putin" if graph.actors("Putin") else "Vladimir Putin").offices
    assert [m.member.name for m in graph.as_of("2024-01-01", "SCO").memberships] == ["Iran"]
    both = graph.as_of("2024-01-01", "Nga", "Iran")
    assert (both.offices, both.memberships) == (russia.offices, iran.memberships)


def test_without_affiliated_only_the_actor_itself_counts(graph: EventGraph) -> None:
    assert graph.as_of("2018-04-05", "Nga", "Iran", include_affiliated=False).latest
    assert {e.type for e in graph.as_of("2018-04-05", "Nga", "Iran", include_affiliated=False).latest} == {
        "CONSULT"
    }
    assert {e.type for e in graph.as_of("2018-04-05", "Nga", "Iran").latest} == {"CONSULT", "SUPPORT"}


def test_the_latest_events_are_over_by_the_day(graph: EventGraph) -> None:
    assert graph.as_of("2018-04-03", "Nga", "Iran").latest == ()
    (sanction,) = graph.as_of("2016-01-01", "Nga", "Thổ Nhĩ Kỳ").latest
    assert (sanction.type, sanction.time and sanction.time.edtf) == ("SANCTION", "2015")
    assert graph.as_of("2015-06-01", "Nga", "Thổ Nhĩ Kỳ").latest == ()
    assert graph.as_of("2018-04-05", "Nga").latest == ()


def test_the_answer_agrees_with_the_named_queries(graph: EventGraph) -> None:
    for day in ("2005", "2010", "2018-04-05", "2024"):
        states = graph.as_of(day, "Iran")
        rows = graph.query("memberships-on", on=day, actor="Iran", lang="vi")
        assert [row["status"] for row in rows] == [m.status for m in states.memberships]
    (row,) = graph.query("office-holders-on", on="2018", lang="vi")
    assert (row["title"], row["holder"]) == ("Tổng thống Nga", "per/vladimir-putin")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("soon",), "is not a date"),
        (("/2018",), "has no first day"),
        (("2018", "Irann"), "no actor in the graph has this name"),
        (("2018", None, "Iran"), "second of two actors"),
    ],
)
def test_wrong_questions_are_told(graph: EventGraph, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(RelgraphError, match=message):
        graph.as_of(*arguments)


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 800), st.integers(0, 800))
@settings(max_examples=60)
def test_a_state_surely_includes_the_days_between_its_bounds(begin: date, length: int, offset: int) -> None:
    end, day = begin + timedelta(length), begin + timedelta(offset)
    assert surely_includes(f"{begin}/{end}", day) == (offset <= length)
    assert surely_includes(f"{begin}/..", day)
    assert not surely_includes(f"../{end}", day)


def test_the_command_prints_one_table(store: Path) -> None:
    def rows(*arguments: str) -> list[dict[str, str]]:
        command = ["as-of", *arguments, "--store", str(store), "--format", "csv"]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        return list(csv.DictReader(io.StringIO(result.stdout)))

    assert [(row["kind"], row["who"]) for row in rows("2018-04-05")] == [
        ("membership", "Iran"),
        ("office", "Vladimir Putin"),
    ][::-1]
    between = rows("2018-04-05", "--actor", "Nga", "--actor", "Iran", "--only-self")
    assert ("latest event", "Iran, Russia", "CONSULT") in [(r["kind"], r["who"], r["what"]) for r in between]


def test_more_than_two_actors_are_too_many(store: Path) -> None:
    actors = ["-a", "Nga", "-a", "Iran", "-a", "SCO"]
    result = CliRunner().invoke(app, ["as-of", "2018", *actors, "--store", str(store)])
    assert result.exit_code == 2
    assert "two actors at most" in result.stderr
