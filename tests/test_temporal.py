"""Questions about time: methods, named queries and commands give the same answers."""

import csv
import io
from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from graph_documents import (
    ARTICLE_1,
    ARTICLE_2,
    DOCUMENT_1,
    DOCUMENT_2,
    IRAN,
    PUTIN,
    RUSSIA,
    TURKEY,
    Extractor,
    SmallKnowledge,
    article,
    document,
    event,
)
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph, build
from relgraph.graph.periods import period_of, periods
from relgraph.graph.temporal import paths, related
from relgraph.model import (
    Actor,
    EntityType,
    Event,
    EventType,
    Factuality,
    Interval,
    PeriodCounts,
    PeriodLength,
    TimeRelation,
)

TEXT = "Nga a Iran. Nga b Iran. Nga c Iran. Nga d Iran. Nga e Thổ Nhĩ Kỳ. Putin g. Nga h Iran. Nga i."
ARTICLE = article("bai-3", TEXT, date(2020, 1, 1))
DOCUMENT = document(
    ARTICLE,
    event(TEXT, "a", EventType.AGREE, time="2019-03-05"),
    event(TEXT, "b", EventType.SANCTION, (RUSSIA,), (IRAN,), time="2019-03", id="v2"),
    event(TEXT, "c", EventType.ACCUSE, (RUSSIA,), (IRAN,), time="2019-12/", id="v3"),
    event(TEXT, "d", EventType.REJECT, time=None, id="v4"),
    event(TEXT, "e", EventType.ASSAULT, (TURKEY,), (RUSSIA,), time="2019-07-01", id="v5"),
    event(TEXT, "g", EventType.CONSULT, (PUTIN, IRAN), time="2019-06-15", id="v6"),
    event(
        TEXT, "h", EventType.CONSULT, (RUSSIA, IRAN), time="2019-06", factuality=Factuality.PLANNED, id="v7"
    ),
    event(TEXT, "i", EventType.ELECT, (RUSSIA,), time="2019-06", factuality=Factuality.PLANNED, id="v8"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "s"
    extract = Extractor(DOCUMENT_1, DOCUMENT_2, DOCUMENT)
    build([ARTICLE_1, ARTICLE_2, ARTICLE], extract, folder, knowledge=SmallKnowledge())
    return folder


@pytest.fixture(scope="module")
def graph(folder: Path) -> Iterator[EventGraph]:
    with EventGraph.open(folder) as opened:
        yield opened


def rows(folder: Path, *arguments: str) -> list[dict[str, str]]:
    command = [*arguments, "--store", str(folder), "--format", "csv"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def only(graph: EventGraph, event_type: EventType) -> Event:
    (found,) = (e for e in graph.events(types=[event_type]))
    return found


# --- a window, surely or possibly ---


def test_a_timeline_tells_what_surely_happened_in_a_window(graph: EventGraph, folder: Path) -> None:
    window = ("Nga", "Iran", "2019-03-01", "2019-03-20")
    assert [e.type for e in graph.timeline(*window)] == ["SANCTION", "AGREE"]
    assert [e.type for e in graph.timeline(*window, certain=True)] == ["AGREE"]
    days = ("--from", "2019-03-01", "--to", "2019-03-20")
    assert [r["type"] for r in rows(folder, "timeline", "Nga", "Iran", *days, "--certain")] == ["AGREE"]
    told = graph.query("timeline", a="Nga", b="Iran", start="2019-03-01", end="2019-03-20")
    assert {row["type"]: row["certain"] for row in told} == {"SANCTION": False, "AGREE": True}


# --- before, during, after ---


def test_what_lies_around_an_event_agrees_in_method_query_and_command(
    graph: EventGraph, folder: Path
) -> None:
    (meeting,) = graph.timeline("Nga", "Iran", "2019-06", "2019-06")
    found = [(r.event.type, r.relation, r.certain) for r in graph.around(meeting.id, a="Nga")]
    assert ("AGREE", TimeRelation.BEFORE, True) in found
    assert ("ASSAULT", TimeRelation.AFTER, True) in found
    queried = graph.query("events-around", event=meeting.id, a="Nga")
    assert [(r["type"], r["relation"], r["certain"]) for r in queried] == found
    listed = rows(folder, "around", meeting.id, "Nga")
    assert [(r["type"], r["relation"], r["certain"] == "true") for r in listed] == found
    before = graph.query("events-around", event=meeting.id, a="Nga", relation="before")
    assert {r["type"] for r in before} == {t for t, relation, _ in found if relation == "before"}


def test_what_possibly_falls_together_is_not_certain(graph: EventGraph) -> None:
    ban = only(graph, EventType.SANCTION) if len(graph.events(types=[EventType.SANCTION])) == 1 else None
    ban = ban or next(
        e for e in graph.events(types=[EventType.SANCTION]) if e.time and e.time.edtf == "2019-03"
    )
    agreed = only(graph, EventType.AGREE)
    during = {r.event.id: r.certain for r in graph.around(ban.id, TimeRelation.DURING)}
    assert during == {agreed.id: False}  # nobody told on which day of the month
    during = {r.event.id: r.certain for r in graph.around(agreed.id, TimeRelation.DURING)}
    assert during == {ban.id: False}


def test_an_undated_event_has_nothing_around_it(graph: EventGraph) -> None:
    undated = only(graph, EventType.REJECT)
    with pytest.raises(RelgraphError, match="the event has no date"):
        graph.around(undated.id)


dated = st.sampled_from(["2018", "2018-04", "2018-04-04", "2018-03-31/2018-04-04", "2018-05/", "/2018-04-10"])


@given(dated, dated)
def test_how_two_times_lie_is_told_alike_from_both_sides(one: str, other: str) -> None:
    mirror = {"before": "after", "after": "before", "during": "during"}
    first, second = Interval.from_value(one), Interval.from_value(other)
    assert first and second
    there = related(Event(id="a", type=EventType.CONSULT, time=first), second)
    back = related(Event(id="b", type=EventType.CONSULT, time=second), first)
    assert back.relation == mirror[there.relation]
    assert back.certain == there.certain


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        ("2018-04-04", "2018-04-04", True),
        ("2018-04-04", "2018-04", False),
        ("2018-04", "2018-04", False),
        ("2018-04-04", "2018-03-31/2018-04-04", True),
        ("2018-04", "2018-01-01/2018-06-30", True),
        ("2018-04-04", "2018-04-01/", False),
        ("2018-04-04/", "2018-04-01/", False),
    ],
)
def test_times_surely_fall_together_only_where_one_surely_holds_the_other(
    one: str, other: str, certain: bool
) -> None:
    first, second = Interval.from_value(one), Interval.from_value(other)
    assert first and second
    there = related(Event(id="a", type=EventType.CONSULT, time=first), second)
    assert (there.relation, there.certain) == (TimeRelation.DURING, certain)


def test_method_and_query_agree_on_what_is_certain(tmp_path: Path) -> None:
    times = ("2018", "2018-04", "2018-04-04", "2018-04-01/2018-04-30", "2018-04-04/", "/2018-04-04")
    text = " ".join(f"Nga gặp{number} Iran." for number in range(len(times)))
    source = article("thoi-gian", text)
    types = list(EventType)
    told = document(
        source,
        *(event(text, f"gặp{n}", types[n], time=time, id=f"v{n}") for n, time in enumerate(times)),
    )
    build([source], Extractor(told), tmp_path / "s", knowledge=SmallKnowledge())
    with EventGraph.open(tmp_path / "s") as graph:
        assert len(graph.events()) == len(times)
        for one in graph.events():
            found = {r.event.id: (r.relation, r.certain) for r in graph.around(one.id)}
            queried = graph.query("events-around", event=one.id, a="Nga")
            assert {r["id"]: (r["relation"], r["certain"]) for r in queried} == found


# --- contacts, participants, paths ---


def test_contacts_agree_in_method_query_and_command(graph: EventGraph, folder: Path) -> None:
    found = graph.contacts("Nga", "Iran")
    assert found.first and found.last and found.first.time and found.last.time
    (row,) = graph.query("first-and-last-contact", a="Nga", b="Iran").rows
    assert row == (found.first.time.earliest, found.last.time.latest, found.events)
    assert [r["event"] for r in rows(folder, "contacts", "Nga", "Iran")] == [found.first.id, found.last.id]
    assert graph.contacts("Iran", "Thổ Nhĩ Kỳ").events == 0
    assert rows(folder, "contacts", "Iran", "Thổ Nhĩ Kỳ") == []


def test_co_participants_agree_in_method_query_and_command(graph: EventGraph, folder: Path) -> None:
    for a in ("Nga", "Iran"):
        found = [(c.actor.key, c.events, c.first, c.last) for c in graph.co_participants(a, "2015", "2019")]
        queried = graph.query("co-participants", a=a, start="2015", end="2019")
        assert [(r["actor"], r["events"], r["first"], r["last"]) for r in queried] == found
        listed = rows(folder, "co-participants", a, "--from", "2015", "--to", "2019")
        assert [(r["actor"], int(r["events"])) for r in listed] == [c[:2] for c in found]


def test_paths_lead_through_events_of_the_window_only(graph: EventGraph, folder: Path) -> None:
    (path,) = graph.paths("Thổ Nhĩ Kỳ", "Iran", "2019", "2019")
    assert [step.target.key for step in path] == ["gpe/russia", "gpe/iran"]
    assert [graph.event(i).type for i in path[0].events] == ["ASSAULT"]
    assert graph.paths("Thổ Nhĩ Kỳ", "Iran", "2019-07", "2019-07") == []
    assert graph.paths("Thổ Nhĩ Kỳ", "Iran", "2019", "2019", longest=1) == []
    listed = rows(folder, "paths", "Thổ Nhĩ Kỳ", "Iran", "--from", "2019", "--to", "2019")
    assert [(r["from"], r["to"]) for r in listed] == [("Turkey", "Russia"), ("Russia", "Iran")]


def test_edges_of_a_snapshot_agree_with_its_view(graph: EventGraph) -> None:
    view = graph.to_networkx(graph.between("2019", "2019"))
    edges = {(s, t, d["relation"], d["event"]) for s, t, d in view.edges(data=True)}
    queried = graph.query("edges", start="2019", end="2019")
    counts = {(r["source"], r["target"], r["relation"]): r["events"] for r in queried}
    assert sum(counts.values()) == len(edges)
    assert counts.keys() == {edge[:3] for edge in edges}


def test_a_chain_needs_an_event_for_each_step(tmp_path: Path) -> None:
    text = "Ngày 4/4, Nga, Iran và Thổ Nhĩ Kỳ họp."
    source = article("hop", text)
    told = document(source, event(text, "họp", EventType.CONSULT, (RUSSIA, IRAN, TURKEY)))
    build([source], Extractor(told), tmp_path / "s", knowledge=SmallKnowledge())
    with EventGraph.open(tmp_path / "s") as graph:
        (path,) = graph.paths("Nga", "Iran")
    assert [(step.source.key, step.target.key) for step in path] == [("gpe/russia", "gpe/iran")]


def crowd(*events: tuple[int, ...]) -> list[Event]:
    return [
        Event(id=f"e{number}", type=EventType.CONSULT, agents=tuple(person(n) for n in numbers))
        for number, numbers in enumerate(events)
    ]


def person(number: int) -> Actor:
    return Actor(key=f"per/{number:02}", type=EntityType.PER, name=f"Person {number}")


def chains(events: list[Event], longest: int, most: int = 100) -> list[list[int]]:
    """The chains from the first person to the last, by their numbers."""

    def events_of(keys: Collection[str]) -> list[Event]:
        return [event for event in events if any(actor.key in keys for actor in event.agents)]

    found = paths(events_of, person(0), person(99), longest=longest, most=most)
    return [[int(path[0].source.key[4:]), *(int(step.target.key[4:]) for step in path)] for path in found]


def test_an_event_with_many_participants_does_not_make_paths_explode() -> None:
    everybody = tuple(range(40))
    assert chains(crowd((*everybody, 99)), longest=6) == [[0, 99]]
    assert chains(crowd(everybody, (39, 99)), longest=6) == [[0, 39, 99]]
    twice = chains(crowd(everybody, everybody, (39, 99)), longest=4, most=39)
    assert twice == [[0, 39, 99], *([0, n, 39, 99] for n in range(1, 39))]


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 99]), min_size=1, max_size=3, unique=True), max_size=7))
def test_paths_are_all_chains_that_no_event_shortens(members: list[list[int]]) -> None:
    events = crowd(*map(tuple, members))
    shared = {
        (a, b): {n for n, numbers in enumerate(members) if a in numbers and b in numbers}
        for a in (0, 1, 2, 3, 99)
        for b in (0, 1, 2, 3, 99)
    }
    ways = [[0, *between, 99] for size in range(4) for between in permutations((1, 2, 3), size)]
    expected = [
        way
        for way in ways
        if all(shared[pair] for pair in pairwise(way))
        and all(len(shared[a, b] | shared[b, c]) > 1 for a, b, c in zip(way, way[1:], way[2:], strict=False))
    ]
    assert chains(events, longest=4) == expected


def test_paths_have_a_sensible_length(graph: EventGraph, folder: Path) -> None:
    with pytest.raises(RelgraphError, match="7 steps: chains so long say nothing; ask for 6 at most"):
        graph.paths("Nga", "Iran", longest=7)
    result = CliRunner().invoke(app, ["paths", "Nga", "Iran", "--longest", "7", "--store", str(folder)])
    assert result.exit_code == 2


# --- series ---


def test_a_series_has_no_gaps_and_tells_what_it_leaves_out(graph: EventGraph, folder: Path) -> None:
    found = graph.series("Nga", "Iran", "2019")
    assert [p.period for p in found.periods] == ["2019-03", "2019-04", "2019-05", "2019-06"]
    assert [p.balance for p in found.periods] == [0, None, None, 1]
    assert found.unplaced == 1  # open at its end
    listed = rows(folder, "series", "Nga", "Iran", "--from", "2019", "--by", "quarter")
    assert [(r["period"], r["balance"], r["unplaced"]) for r in listed] == [
        ("2019-Q1", "0.0", ""),
        ("2019-Q2", "1.0", ""),
        ("", "", "1"),
    ]


def test_balance_is_a_share_between_minus_one_and_one() -> None:
    counts = {"period": "2018", "start": date(2018, 1, 1), "end": date(2018, 12, 31)}
    assert PeriodCounts(**counts, verbal_cooperation=3, material_conflict=1, neutral=9).balance == 0.5
    assert PeriodCounts(**counts, neutral=4).balance is None


@given(st.dates(), st.sampled_from(PeriodLength))
def test_every_day_is_in_one_period(day: date, by: PeriodLength) -> None:
    name, first, last = period_of(day, by)
    assert first <= day <= last
    if day.year > 999:
        interval = Interval.from_value(name)
        assert interval and (interval.earliest, interval.latest) == (first, last)


def test_periods_reach_to_the_end_of_the_calendar() -> None:
    assert [name for name, *_ in periods(date(9999, 11, 3), date.max, PeriodLength.MONTH)] == [
        "9999-11",
        "9999-12",
    ]


# --- plans ---


def test_a_plan_is_told_by_what_its_people_then_did(graph: EventGraph, folder: Path) -> None:
    outcomes = {p.event.type: (p.outcome, [e.type for e in p.told_by]) for p in graph.plans(start="2019")}
    assert outcomes == {"CONSULT": ("happened", ["CONSULT"]), "ELECT": ("untold", [])}
    exact = {p.event.type: p.outcome for p in graph.plans(start="2019", include_affiliated=False)}
    assert exact == {"CONSULT": "untold", "ELECT": "untold"}
    assert [r["outcome"] for r in rows(folder, "plans", "Iran", "--from", "2019")] == ["happened"]


# --- factuality ---


def test_commands_tell_what_is_planned_when_asked(graph: EventGraph, folder: Path) -> None:
    planned = ("--factuality", "planned")
    (told,) = graph.timeline("Nga", "Iran", "2019", factuality=[Factuality.PLANNED])
    assert [r["event"] for r in rows(folder, "contacts", "Nga", "Iran", *planned)] == [told.id]
    assert [r["actor"] for r in rows(folder, "co-participants", "Nga", *planned)] == ["gpe/iran"]
    (step,) = rows(folder, "paths", "Nga", "Iran", *planned)
    assert step["events"] == told.id
    months = rows(folder, "series", "Nga", "Iran", "--from", "2019", *planned)
    assert [r["period"] for r in months] == ["2019-06"]
    agreed = only(graph, EventType.AGREE)
    around = rows(folder, "around", agreed.id, "Iran", *planned)
    assert [r["event"] for r in around] == [told.id]


# --- evidence and changes ---


def test_evidence_is_shown_to_the_sentence(graph: EventGraph, folder: Path) -> None:
    agreed = only(graph, EventType.AGREE)
    (row,) = rows(folder, "evidence", agreed.id)
    assert (row["article"], row["quote"], row["sentence"]) == ("bai-3", "a", "Nga a Iran.")


def test_changes_between_two_stores(folder: Path, tmp_path: Path) -> None:
    moved = document(
        ARTICLE,
        event(TEXT, "a", EventType.AGREE, time="2019-03-06"),
        event(TEXT, "b", EventType.SANCTION, (RUSSIA,), (IRAN,), time="2019-03", place="e5", id="v2"),
    )
    build([ARTICLE], Extractor(DOCUMENT), tmp_path / "old")
    build([ARTICLE], Extractor(moved), tmp_path / "new")
    with EventGraph.open(tmp_path / "old") as old, EventGraph.open(tmp_path / "new") as new:
        found = new.changes_since(old)
        assert found.added == ()
        assert len(found.removed) == 6
        assert {(c.before.type, c.before.id == c.after.id) for c in found.changed} == {
            ("AGREE", False),
            ("SANCTION", True),
        }
        assert not any(old.changes_since(old).model_dump().values())
    listed = rows(tmp_path / "new", "changes", str(tmp_path / "old"))
    assert [r["change"] for r in listed].count("removed") == 6


def test_what_was_read_since_a_day(graph: EventGraph) -> None:
    assert {r["id"] for r in graph.query("changed-since", since="2020")} == {
        e.id for e in graph.events(factuality=list(Factuality))
    }
    assert all(r["new"] for r in graph.query("changed-since", since="2020"))
    assert len(graph.query("changed-since", since="9000")) == 0
