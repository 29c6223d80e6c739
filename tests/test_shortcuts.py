"""Shortcuts to events follow from their actors and times, come and go with them, and a new store's base is cached."""

from datetime import date
from pathlib import Path

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
from hypothesis import given
from hypothesis import strategies as st

from relgraph.graph import EventGraph, build
from relgraph.graph import vocabulary as v
from relgraph.graph.shortcuts import ALWAYS, calendar_period
from relgraph.graph.store import reading
from relgraph.model import EventType, Factuality, Interval, Precision

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(DAYS, DAYS)
def test_a_period_holds_the_time_and_no_smaller_one_does(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    edtf = f"{first}/{last}"
    period = calendar_period(Interval(earliest=first, latest=last, precision=Precision.INTERVAL, edtf=edtf))
    assert period.first <= first and last <= period.last
    if first == last:
        assert period.name == first.isoformat()
    elif first.isoformat()[:7] == last.isoformat()[:7]:
        assert period.name == first.isoformat()[:7]
    elif first.year == last.year:
        assert period.name == f"{first.year:04}"


def test_an_open_time_is_only_held_by_the_whole_calendar() -> None:
    time = Interval(
        earliest=date(2018, 4, 4), latest=None, precision=Precision.INTERVAL, edtf="2018-04-04/.."
    )
    assert calendar_period(time) == ALWAYS


def nodes(folder: Path, kind: str) -> set[str]:
    with EventGraph.open(folder) as graph:
        found = graph.store.nodes(f"SELECT ?n {{ GRAPH {v.MERGED} {{ ?n a <{v.ONTOLOGY}{kind}> }} }}")
        return {v.key_of(node.value) for node in found}


def test_shortcuts_go_with_the_last_event_that_needs_them(tmp_path: Path) -> None:
    text = "Năm 2017, Nga ủng hộ Iran."
    before = article("doi", text)
    told = event(text, "ủng hộ", EventType.SUPPORT, (RUSSIA,), (IRAN,), "2017")
    build([before], Extractor(document(before, told)), tmp_path / "s", knowledge=SmallKnowledge())
    assert nodes(tmp_path / "s", "Dyad") == {"gpe%2Firan/gpe%2Frussia".replace("%2F", "/")}
    assert nodes(tmp_path / "s", "CalendarPeriod") == {"2017"}
    text = "Năm 2018, Nga phát triển."
    after = article("doi", text)
    alone = event(text, "phát triển", EventType.SUPPORT, (RUSSIA,), (), "2018")
    build([after], Extractor(document(after, alone)), tmp_path / "s")
    assert nodes(tmp_path / "s", "Dyad") == set()
    assert nodes(tmp_path / "s", "CalendarPeriod") == {"2018"}


def test_a_meeting_without_a_mode_is_one_row(tmp_path: Path) -> None:
    text = "Ngày 4/4, Nga và Iran trao đổi."
    source = article("trao-doi", text)
    build(
        [source],
        Extractor(document(source, event(text, "trao đổi"))),
        tmp_path / "s",
        knowledge=SmallKnowledge(),
    )
    with EventGraph.open(tmp_path / "s") as graph:
        (row,) = graph.query("meetings", a="Nga", b="Iran")
    assert row["mode"] is None and row["agents"] == "Iran, Russia"


def test_a_plan_of_one_actor_is_told_by_what_that_one_did(tmp_path: Path) -> None:
    text = "Năm 2018, Nga sẽ tuần tra. Năm 2018, Nga tuần tiễu. Năm 2018, Iran diễn tập."
    source = article("tuan-tra", text)
    told = document(
        source,
        event(text, "tuần tra", EventType.MOBILIZE, (RUSSIA,), (), "2018", factuality=Factuality.PLANNED),
        event(text, "tuần tiễu", EventType.MOBILIZE, (RUSSIA,), (), "2018", id="v2"),
        event(text, "diễn tập", EventType.MOBILIZE, (IRAN,), (), "2018", id="v3"),
    )
    build([source], Extractor(told), tmp_path / "s", knowledge=SmallKnowledge())
    with EventGraph.open(tmp_path / "s") as graph:
        (row,) = graph.query("planned")
        assert (row["agents"], row["happened"], row["denied"]) == ("Russia", True, False)
        (plan,) = graph.plans()
        assert plan.outcome == "happened"


# --- what a new store begins with ---


def content(folder: Path) -> set[str]:
    with EventGraph.open(folder) as graph:
        native = graph.store.native
        quads = {str(quad) for quad in native if "/run/" not in str(quad)}
        return quads | {str(name) for name in native.named_graphs()}


def test_stores_are_the_same_with_and_without_the_cache_and_with_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(name: str, cache: Path) -> set[str]:
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        extract = Extractor(DOCUMENT_1, DOCUMENT_2)
        build([ARTICLE_1, ARTICLE_2], extract, tmp_path / name, knowledge=SmallKnowledge())
        return content(tmp_path / name)

    no_folder = tmp_path / "file"
    no_folder.write_text("")
    without = built("without", no_folder)
    assert built("making", tmp_path / "cache") == without
    (base,) = (tmp_path / "cache" / "relgraph").iterdir()
    assert built("using", tmp_path / "cache") == without
    (base / "CURRENT").write_text("?")
    assert built("damaged", tmp_path / "cache") == without
    assert built("mended", tmp_path / "cache") == without
    assert (base / "CURRENT").read_text() != "?"


def test_what_fails_beside_the_database_is_not_called_damage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), reading(tmp_path):
        (tmp_path / "other").read_text()
