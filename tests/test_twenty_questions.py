"""Twenty questions of an analyst of Russia-Iran relations, each answered by the public interface.

The reports are written for the test; what they tell is a matter of record.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from graph_documents import Extractor, article, document, event

from relgraph.annotation import read_gold
from relgraph.graph import EventGraph, build
from relgraph.kb import KnowledgeBase
from relgraph.model import (
    Article,
    Document,
    Entity,
    EntityType,
    Event,
    EventMention,
    EventType,
    Factuality,
    PeriodLength,
    PlanOutcome,
    TimeRelation,
)

RUSSIA = Entity(id="r", type=EntityType.GPE, name="Russia", key="gpe/russia", label_vi="Nga")
IRAN = Entity(id="i", type=EntityType.GPE, name="Iran", key="gpe/iran", label_vi="Iran")
TURKEY = Entity(id="t", type=EntityType.GPE, name="Turkey", key="gpe/turkey", label_vi="Thổ Nhĩ Kỳ")
ISRAEL = Entity(id="s", type=EntityType.GPE, name="Israel", key="gpe/israel", label_vi="Israel")
PUTIN = Entity(id="p", type=EntityType.PER, name="Vladimir Putin", key="per/vladimir-putin")
ROUHANI = Entity(id="h", type=EntityType.PER, name="Hassan Rouhani", key="per/hassan-rouhani")
RAISI = Entity(id="b", type=EntityType.PER, name="Ebrahim Raisi", key="per/ebrahim-raisi")
TEHRAN = Entity(id="c", type=EntityType.GPE, name="Tehran", key="gpe/tehran")
ANKARA = Entity(id="a", type=EntityType.GPE, name="Ankara", key="gpe/ankara")
ALL = (RUSSIA, IRAN, TURKEY, ISRAEL, PUTIN, ROUHANI, RAISI, TEHRAN, ANKARA)

T, F = EventType, Factuality
Told = tuple[Article, Document]


def report(name: str, published: date, text: str, *events: EventMention) -> Told:
    source = article(name, text, published, source="Báo Mẫu")
    numbered = [e.model_copy(update={"id": f"v{n}"}) for n, e in enumerate(events, start=1)]
    return source, document(source, *numbered, entities=ALL)


def reports() -> Iterator[Told]:
    text = "Năm 2001, Nga ký hiệp ước với Iran. Nga sẽ giao S-300 cho Iran trong năm 2010."
    yield report(
        "hiep-uoc",
        date(2009, 12, 1),
        text,
        event(text, "ký", T.SUPPORT, (RUSSIA, IRAN), (), "2001-03-12"),
        event(text, "giao", T.AID, (RUSSIA,), (IRAN,), "2010", factuality=F.PLANNED),
    )
    text = "Ngày 22/9, Nga cấm giao S-300 cho Iran. Nga không giao tên lửa cho Iran năm 2010."
    yield report(
        "lenh-cam",
        date(2010, 9, 23),
        text,
        event(text, "cấm", T.SANCTION, (RUSSIA,), (IRAN,), "2010-09-22"),
        event(text, "không giao", T.AID, (RUSSIA,), (IRAN,), "2010", factuality=F.NEGATED),
    )
    text = "Ngày 13/4, Nga bỏ lệnh cấm với Iran. Israel chỉ trích Nga hôm 14/4."
    yield report(
        "bo-lenh-cam",
        date(2015, 4, 15),
        text,
        event(text, "bỏ", T.COOPERATE, (RUSSIA,), (IRAN,), "2015-04-13"),
        event(text, "chỉ trích", T.ACCUSE, (ISRAEL,), (RUSSIA,), "2015-04-14"),
    )
    text = "Tháng 10/2016, Nga giao xong tên lửa cho Iran."
    yield report(
        "giao-xong", date(2016, 11, 2), text, event(text, "giao", T.AID, (RUSSIA,), (IRAN,), "2016-10")
    )
    text = "Ngày 4/4, ba ông gặp nhau ở Ankara. Ông Putin sẽ gặp ông Rouhani ở Tehran ngày 7/9."
    yield report(
        "ankara",
        date(2018, 4, 5),
        text,
        event(
            text, "gặp nhau", T.CONSULT, (PUTIN, ROUHANI, TURKEY), (), "2018-04-04", mode="meeting", place="a"
        ),
        event(text, "sẽ gặp", T.CONSULT, (PUTIN, ROUHANI), (), "2018-09-07", factuality=F.PLANNED, place="c"),
    )
    text = "Hôm 7/9, ông Putin và ông Rouhani hội đàm ở Tehran."
    yield report(
        "tehran",
        date(2018, 9, 8),
        text,
        event(text, "hội đàm", T.CONSULT, (PUTIN, ROUHANI), (), "2018-09-07", mode="meeting", place="c"),
    )
    text = "Ngày 19/7, ông Putin thăm Iran và gặp ông Raisi. Nga ủng hộ Iran, không rõ khi nào."
    yield report(
        "tham-iran",
        date(2022, 7, 20),
        text,
        event(text, "gặp", T.CONSULT, (PUTIN, RAISI), (), "2022-07-19", mode="visit", place="c"),
        event(text, "ủng hộ", T.SUPPORT, (RUSSIA,), (IRAN,), None),
    )


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventGraph]:
    folder = tmp_path_factory.mktemp("questions") / "store"
    told = list(reports())
    build((a for a, _ in told), Extractor(*(d for _, d in told)), folder, knowledge=KnowledgeBase.load())
    with EventGraph.open(folder) as opened:
        yield opened


def days(events: list[Event]) -> list[str]:
    return [f"{e.type} {e.time.edtf}" if e.time else f"{e.type} ?" for e in events]


def one(graph: EventGraph, day: str) -> str:
    (found,) = graph.between(day, day, certain=True)
    return found.id


def test_01_what_did_russia_and_iran_do_together_in_2018(graph: EventGraph) -> None:
    assert days(graph.timeline("Nga", "Iran", "2018", "2018")) == ["CONSULT 2018-04-04", "CONSULT 2018-09-07"]


def test_02_what_possibly_and_what_surely_happened_in_early_october_2016(graph: EventGraph) -> None:
    window = ("Nga", "Iran", "2016-10-01", "2016-10-15")
    assert days(graph.timeline(*window)) == ["AID 2016-10"]
    assert graph.timeline(*window, certain=True) == []


def test_03_when_were_the_first_and_the_last_contact(graph: EventGraph) -> None:
    found = graph.contacts("Nga", "Iran")
    assert found.first and found.last
    assert days([found.first, found.last]) == ["SUPPORT 2001-03-12", "CONSULT 2022-07-19"]
    assert found.events == 7


def test_04_when_did_putin_and_rouhani_first_meet(graph: EventGraph) -> None:
    first = graph.contacts("Vladimir Putin", "Hassan Rouhani", types=[T.CONSULT]).first
    assert first and first.place and (days([first]), first.place.name) == (["CONSULT 2018-04-04"], "Ankara")


def test_05_what_did_the_two_do_after_the_ban_on_the_missiles(graph: EventGraph) -> None:
    after = graph.around(one(graph, "2010-09-22"), TimeRelation.AFTER, "Iran")
    assert days([r.event for r in after]) == [
        "COOPERATE 2015-04-13",
        "AID 2016-10",
        "CONSULT 2018-04-04",
        "CONSULT 2018-09-07",
        "CONSULT 2022-07-19",
    ]


def test_06_what_came_before_the_ban(graph: EventGraph) -> None:
    before = graph.around(one(graph, "2010-09-22"), TimeRelation.BEFORE)
    assert days([r.event for r in before]) == ["SUPPORT 2001-03-12"]


def test_07_who_reacted_within_a_week_of_the_lifting_of_the_ban(graph: EventGraph) -> None:
    near = graph.around(one(graph, "2015-04-13"), TimeRelation.AFTER, days=7)
    assert [[a.name for a in r.event.agents] for r in near] == [["Israel"]]


def test_08_who_takes_part_in_events_with_iran(graph: EventGraph) -> None:
    found = graph.co_participants("Iran")
    assert [(c.actor.name, c.events) for c in found] == [("Russia", 5), ("Vladimir Putin", 3), ("Turkey", 1)]
    assert (found[1].first, found[1].last) == (date(2018, 4, 4), date(2022, 7, 19))


def test_09_how_is_israel_linked_to_iran_in_2015(graph: EventGraph) -> None:
    (path,) = graph.paths("Israel", "Iran", "2015", "2015")
    assert [(s.source.name, s.target.name, len(s.events)) for s in path] == [
        ("Israel", "Russia", 1),
        ("Russia", "Iran", 1),
    ]
    assert graph.paths("Israel", "Iran", "2016", "2018") == []


def test_10_how_does_cooperation_weigh_against_conflict_by_year(graph: EventGraph) -> None:
    found = graph.series("Nga", "Iran", "2010", "2018", by=PeriodLength.YEAR)
    balance = {p.period: p.balance for p in found.periods}
    assert balance == {"2010": -1, "2015": 1, "2016": 1, "2018": 1} | dict.fromkeys(
        ("2011", "2012", "2013", "2014", "2017")
    )


def test_11_in_which_quarters_did_they_talk(graph: EventGraph) -> None:
    found = graph.series("Nga", "Iran", "2018", "2018", by=PeriodLength.QUARTER)
    assert [(p.period, p.verbal_cooperation) for p in found.periods] == [("2018-Q2", 1), ("2018-Q3", 1)]


def test_12_how_many_events_have_no_place_in_a_monthly_series(graph: EventGraph) -> None:
    found = graph.series("Nga", "Iran")
    assert (len(found.periods), found.unplaced) == (12 * 21 + 5, 1)


def test_13_was_the_planned_delivery_of_2010_made(graph: EventGraph) -> None:
    (plan,) = graph.plans("Iran", "2010", "2010")
    assert (plan.outcome, [e.factuality for e in plan.told_by]) == (PlanOutcome.DENIED, [F.NEGATED])


def test_14_did_the_announced_meeting_of_2018_take_place(graph: EventGraph) -> None:
    (plan,) = graph.plans("Hassan Rouhani")
    assert (plan.outcome, days(list(plan.told_by))) == (PlanOutcome.HAPPENED, ["CONSULT 2018-09-07"])


def test_15_what_words_bear_out_the_ban(graph: EventGraph) -> None:
    (told,) = graph.evidence(one(graph, "2010-09-22"))
    assert (told.article, told.source, told.published) == ("lenh-cam", "Báo Mẫu", date(2010, 9, 23))
    assert (told.quote, told.sentence) == ("cấm", "Ngày 22/9, Nga cấm giao S-300 cho Iran.")


def test_16_who_was_president_of_iran_when_they_met_in_ankara(graph: EventGraph) -> None:
    offices = graph.as_of("2018-04-04", "Iran").offices
    assert "Hassan Rouhani" in {o.holder.name for o in offices if o.office == "iran/president"}


def test_17_was_iran_a_member_of_the_shanghai_organisation_in_2021(graph: EventGraph) -> None:
    assert [
        r["status"]
        for r in graph.query("members", organisation="SCO", on="2021-06")
        if r["member"] == "gpe/iran"
    ] == ["observer"]


def test_18_what_is_the_latest_meeting_before_2020(graph: EventGraph) -> None:
    latest = {e.type: e for e in graph.as_of("2019-12-31", "Nga", "Iran").latest}
    assert days([latest[T.CONSULT]]) == ["CONSULT 2018-09-07"]


def test_19_where_did_the_presidents_meet(graph: EventGraph) -> None:
    rows = graph.query("meetings", a="Nga", b="Iran")
    assert [(r["earliest"].year, r["place"]) for r in rows] == [
        (2018, "Ankara"),
        (2018, "Tehran"),
        (2022, "Tehran"),
    ]


def test_20_who_was_active_in_which_year(graph: EventGraph) -> None:
    views = graph.snapshots(PeriodLength.YEAR)
    assert {name: sorted(view) for name, view in views.items() if "2015" <= name <= "2018"} == {
        "2015": ["gpe/iran", "gpe/israel", "gpe/russia"],
        "2016": ["gpe/iran", "gpe/russia"],
        "2018": ["gpe/turkey", "per/hassan-rouhani", "per/vladimir-putin"],
    }


# --- the same kinds of question on gold documents: counted from the documents themselves ---


@pytest.fixture(scope="module")
def gold(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Document], EventGraph]]:
    pairs = read_gold(shared / "eval" / "gold-dev", [shared / "corpus"])
    folder = tmp_path_factory.mktemp("gold") / "store"
    extract = Extractor(*(told for _, told in pairs))
    build((source for source, _ in pairs), extract, folder, knowledge=KnowledgeBase.load())
    with EventGraph.open(folder) as opened:
        yield [told for _, told in pairs], opened


@pytest.mark.shared
def test_every_mention_of_the_gold_is_evidence_once(gold: tuple[list[Document], EventGraph]) -> None:
    documents, graph = gold
    evidence = [(e.article, e.start, e.end) for one in graph.events(factuality=list(F)) for e in one.evidence]
    told = [(d.id, e.trigger.start, e.trigger.end) for d in documents for e in d.events]
    assert sorted(evidence) == sorted(told)


@pytest.mark.shared
def test_questions_about_the_gold_agree_among_themselves(gold: tuple[list[Document], EventGraph]) -> None:
    _, graph = gold
    timeline = graph.timeline("Nga", "Iran")
    dated = [e for e in timeline if e.time and e.time.earliest and e.time.latest]
    contacts = graph.contacts("Nga", "Iran")
    assert dated and contacts.events == len(dated)
    assert contacts.first and contacts.first.time == dated[0].time
    series = graph.series("Nga", "Iran", by=PeriodLength.YEAR)
    placed = sum(
        p.verbal_cooperation + p.material_cooperation + p.verbal_conflict + p.material_conflict + p.neutral
        for p in series.periods
    )
    assert placed + series.unplaced == len(timeline)
    assert {r["id"] for r in graph.query("timeline", a="Nga", b="Iran")} == {e.id for e in timeline}
