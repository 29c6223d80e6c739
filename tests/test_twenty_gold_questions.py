"""Twenty questions of an analyst of Russia-Iran relations on a graph made from six gold documents.

The answers were worked out by hand from the annotation (``shared/eval/gold-dev``), not from what the program
gives. They are facts of the news; no sentence of an article stands here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_documents import Extractor

from relgraph.annotation import read_gold
from relgraph.graph import EventGraph, build
from relgraph.kb import KnowledgeBase
from relgraph.model import Event, EventType, Factuality, PeriodLength, PlanOutcome, TimeRelation

pytestmark = pytest.mark.shared

ARTICLES = (
    "000_9056f58dcf9bdbfb",  # October 2021: defence ministers
    "002_aae7b71c6d6f855e",  # April 2018: Ankara
    "21473003",  # February 2017: Astana
    "21478122",  # February 2017: the Kremlin on Iran
    "21487123",  # February 2017: uranium
    "22328291",  # May 2017: an election
)
T = EventType


@pytest.fixture(scope="module")
def graph(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventGraph]:
    pairs = [
        pair
        for pair in read_gold(shared / "eval" / "gold-dev", [shared / "corpus"])
        if pair[1].id in ARTICLES
    ]
    assert len(pairs) == len(ARTICLES)
    folder = tmp_path_factory.mktemp("gold") / "store"
    extract = Extractor(*(told for _, told in pairs))
    build((source for source, _ in pairs), extract, folder, knowledge=KnowledgeBase.load())
    with EventGraph.open(folder) as opened:
        yield opened


def when(event: Event) -> str | None:
    return event.time.edtf if event.time else None


def who(event: Event) -> set[str]:
    return {actor.name for actor in (*event.agents, *event.patients)}


def the(events: list[Event]) -> Event:
    (event,) = events
    return event


def test_01_who_consulted_whom_in_april_2018(graph: EventGraph) -> None:
    found = graph.timeline("Nga", "Iran", "2018-04", "2018-04", types=[T.CONSULT])
    assert sorted(map(sorted, map(who, found))) == [
        ["Amir Hatami", "Dmitry Rogozin"],
        ["Hassan Rouhani", "Vladimir Putin"],
        ["Iran", "Russia", "Turkey"],
    ]


def test_02_what_did_iran_possibly_and_surely_do_on_a_day_of_july_2015(graph: EventGraph) -> None:
    found = graph.timeline("Iran", None, "2015-07-14", "2015-07-14")
    assert sorted((e.type, when(e)) for e in found) == [(T.AGREE, "2015-07"), (T.SUPPORT, "2015-07")]
    assert graph.timeline("Iran", None, "2015-07-14", "2015-07-14", certain=True) == []


def test_03_what_are_the_first_and_the_last_contact(graph: EventGraph) -> None:
    found = graph.contacts("Nga", "Iran")
    assert found.first and found.last
    assert (found.first.type, when(found.first), when(found.last)) == (T.COOPERATE, "2016", "2021-10-20")


def test_04_when_and_where_did_putin_and_rouhani_meet(graph: EventGraph) -> None:
    met = the(graph.timeline("Vladimir Putin", "Hassan Rouhani", types=[T.CONSULT]))
    assert (when(met), met.mode, met.place and met.place.name) == ("2018-04-04", "meeting", "Ankara")


def test_05_with_whom_does_the_russian_defence_minister_act(graph: EventGraph) -> None:
    found = graph.co_participants("Sergey Shoigu")
    assert {(c.actor.name, c.events) for c in found} == {
        ("Mohammad Bagheri", 2),
        ("Iran", 1),
        ("Russia", 1),
    }


def test_06_how_often_is_the_readiness_to_cooperate_told(graph: EventGraph) -> None:
    told = the(graph.timeline("Sergey Shoigu", "Iran", types=[T.AGREE], include_affiliated=False))
    assert len(graph.evidence(told.id)) == 4
    assert {e.article for e in told.evidence} == {"000_9056f58dcf9bdbfb"}


def test_07_when_and_where_did_iran_join_the_shanghai_organisation(graph: EventGraph) -> None:
    joined = the(graph.timeline("Iran", "SCO", types=[T.JOIN]))
    assert (when(joined), joined.place and joined.place.name) == ("2021-09-17", "Dushanbe")


def test_08_who_founded_it(graph: EventGraph) -> None:
    founded = the(graph.timeline("SCO", types=[T.FOUND]))
    assert when(founded) == "2001"
    assert {a.name for a in founded.agents} == {
        "China",
        "Kazakhstan",
        "Kyrgyzstan",
        "Russia",
        "Tajikistan",
        "Uzbekistan",
    }


def test_09_who_had_joined_it_before(graph: EventGraph) -> None:
    joined = the(graph.timeline("Iran", "SCO", types=[T.JOIN]))
    before = [r.event for r in graph.around(joined.id, TimeRelation.BEFORE, "SCO")]
    assert [(e.type, when(e)) for e in before] == [(T.FOUND, "2001"), (T.JOIN, "2017")]
    assert {a.name for a in before[1].agents} == {"India", "Pakistan"}


def test_10_what_did_russia_and_turkey_do_in_january_2017(graph: EventGraph) -> None:
    found = graph.timeline("Nga", "Thổ Nhĩ Kỳ", "2017-01", "2017-01")
    assert {(e.type, when(e)) for e in found} == {
        (T.AGREE, "2017-01-23/2017-01-24"),
        (T.CONSULT, "2017-01-23/2017-01-24"),
    }
    assert all(who(e) == {"Russia", "Iran", "Turkey"} for e in found)


def test_11_what_was_the_balance_of_2016(graph: EventGraph) -> None:
    (year,) = graph.series("Nga", "Iran", "2016", "2016", by=PeriodLength.YEAR).periods
    assert (year.material_cooperation, year.verbal_cooperation, year.balance) == (1, 0, 1)


def test_12_who_imposed_sanctions_on_whom(graph: EventGraph) -> None:
    found = graph.events(types=[T.SANCTION])
    assert [(when(e), sorted(a.name for a in e.agents), [p.name for p in e.patients]) for e in found] == [
        ("2014", ["Western world"], ["Russia"]),
        ("2017-02-03", ["Donald Trump"], ["Iran"]),
        (None, ["European Union", "United States"], ["Iran"]),
    ]


def test_13_did_the_talks_planned_for_february_2017_take_place(graph: EventGraph) -> None:
    (plan,) = graph.plans("Jordan", "2017-02", "2017-02")
    assert (plan.event.type, when(plan.event)) == (T.CONSULT, "2017-02-06")
    assert plan.outcome is PlanOutcome.HAPPENED


def test_14_who_was_president_of_iran_when_they_met_in_ankara(graph: EventGraph) -> None:
    offices = graph.as_of("2018-04-04", "Iran").offices
    assert {o.holder.name for o in offices if o.office == "iran/president"} == {"Hassan Rouhani"}


def test_15_who_was_it_when_iran_joined_the_shanghai_organisation(graph: EventGraph) -> None:
    offices = graph.as_of("2021-09-17", "Iran").offices
    assert {o.holder.name for o in offices if o.office == "iran/president"} == {"Ebrahim Raisi"}


def test_16_what_was_the_last_consultation_before_2018(graph: EventGraph) -> None:
    latest = {e.type: e for e in graph.as_of("2017-12-31", "Nga", "Iran").latest}
    assert (when(latest[T.CONSULT]), latest[T.CONSULT].mode) == ("2017-03", "visit")


def test_17_who_visited_whom(graph: EventGraph) -> None:
    visits = [e for e in graph.timeline("Nga", "Iran", types=[T.CONSULT]) if e.mode == "visit"]
    visit = the(visits)
    assert ([a.name for a in visit.agents], [p.name for p in visit.patients]) == (
        ["Hassan Rouhani"],
        ["Russia"],
    )


def test_18_when_was_rouhani_elected_and_how_often_is_it_told(graph: EventGraph) -> None:
    elected = the(graph.timeline("Hassan Rouhani", types=[T.ELECT]))
    assert (when(elected), len(elected.evidence)) == ("2017-05-19", 6)


def test_19_what_do_russia_and_iran_plan(graph: EventGraph) -> None:
    plans = graph.timeline("Nga", "Iran", factuality=[Factuality.PLANNED])
    assert [(e.type, when(e)) for e in plans] == [
        (T.CONSULT, "2017-02-06"),
        (T.CONSULT, None),
        (T.CONSULT, None),
    ]


def test_20_how_do_western_sanctions_lead_to_iran(graph: EventGraph) -> None:
    (path, *_) = graph.paths("Western world", "Iran", "2014", "2016")
    assert [(step.source.name, step.target.name) for step in path] == [
        ("Western world", "Russia"),
        ("Russia", "Iran"),
    ]
