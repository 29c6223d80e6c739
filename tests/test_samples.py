"""The sample articles of data/articles/ and the table of facts about them hold what they promise."""

import csv
import html
import json
import re
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from relgraph.model import EntityType, EventType, Factuality, Interval
from relgraph.resources import shipped

ARTICLES = shipped("data", "articles")
MARK = "Bài viết mẫu của dự án relgraph"
FACTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "sample-facts.yaml").read_text(encoding="utf-8")
)["articles"]

every_article = pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts["id"])


@cache
def decoded(file: str, encoding: str) -> str:
    return unicodedata.normalize("NFC", (ARTICLES / file).read_bytes().decode(encoding))


def records(facts: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The articles of a .jsonl or .csv file by id."""
    lines = decoded(facts["file"], facts["encoding"]).splitlines(keepends=True)
    rows = csv.DictReader(lines) if facts["file"].endswith(".csv") else map(json.loads, lines)
    return {row["id"]: row for row in rows}


def page(facts: dict[str, Any]) -> str:
    """The article as it stands in its file, markup and page furniture included."""
    if Path(facts["file"]).suffix in {".jsonl", ".csv"}:
        row = records(facts)[facts["id"]]
        return f"{row['title']}\n\n{row['text']}"
    return html.unescape(decoded(facts["file"], facts["encoding"]))


def stated_date(facts: dict[str, Any]) -> str | None:
    """The publication date as the metadata or the page itself writes it."""
    path = ARTICLES / facts["file"]
    if path.suffix in {".jsonl", ".csv"}:
        return records(facts)[facts["id"]]["published"]
    if (sidecar := path.with_suffix(".json")).exists():
        return json.loads(sidecar.read_text(encoding="utf-8"))["published"]
    day = date.fromisoformat(facts["published"])
    numeric = rf"0?{day.day}[/-]0?{day.month}[/-]{day.year}"
    words = f"Ngày {day:%d} tháng {day:%m} năm {day.year}"
    found = re.search(rf"{numeric}|{words}|{day.isoformat()}", page(facts))
    return found and found[0]


def test_there_are_twenty_articles_and_no_other_files() -> None:
    assert len({facts["id"] for facts in FACTS}) == len(FACTS) == 20
    sidecars = {"hop-tac-quan-su-tehran-2015.json"}
    assert {path.name for path in ARTICLES.iterdir()} == {f["file"] for f in FACTS} | sidecars | {"README.md"}
    for file in {f["file"] for f in FACTS if f["file"].endswith(("jsonl", "csv"))}:
        listed = [f for f in FACTS if f["file"] == file]
        assert set(records(listed[0])) == {f["id"] for f in listed}


def test_the_readme_lists_every_article() -> None:
    readme = (ARTICLES / "README.md").read_text(encoding="utf-8")
    assert [facts["id"] for facts in FACTS if f"`{facts['id']}`" not in readme] == []


@every_article
def test_text_is_vietnamese_in_the_stated_encoding(facts: dict[str, Any]) -> None:
    text = page(facts)
    assert "\ufffd" not in text
    assert len(re.findall(r"\b(?:của|và|được|nước|ngày)\b", text)) >= 10


def test_two_files_need_their_encoding_to_be_found() -> None:
    unusual = {facts["file"]: facts["encoding"] for facts in FACTS if facts["encoding"] != "utf-8"}
    assert sorted(unusual.values()) == ["cp1258", "utf-16"]
    for file in unusual:
        with pytest.raises(UnicodeDecodeError):
            (ARTICLES / file).read_bytes().decode("utf-8")


@every_article
def test_article_is_marked_as_written_for_the_project(facts: dict[str, Any]) -> None:
    assert f"({MARK})" in page(facts)


@every_article
def test_publication_date_is_given_where_it_should_be(facts: dict[str, Any]) -> None:
    if facts["published"] is None:
        assert not re.search(r"\d{1,2}[/-]\d{1,2}|\d{1,2}:\d{2}|tháng \d", page(facts))
        return
    day = date.fromisoformat(facts["published"])
    stated = stated_date(facts)
    assert stated is not None
    assert [int(part) for part in re.findall(r"\d+", stated)[:3]] in (
        [day.year, day.month, day.day],
        [day.day, day.month, day.year],
    )


@every_article
def test_facts_use_the_vocabulary_and_the_calendar(facts: dict[str, Any]) -> None:
    assert facts["actors"]
    assert 1 <= len(facts["events"]) <= 3
    for actor in facts["actors"]:
        EntityType(actor["type"])
    for event in facts["events"]:
        EventType(event["type"])
        Factuality(event["factuality"])
        if event["time"] is not None:
            assert Interval.from_value(event["time"]) is not None, event["time"]


@every_article
def test_nothing_that_happened_is_later_than_its_report(facts: dict[str, Any]) -> None:
    for event in facts["events"]:
        when = Interval.from_value(event["time"])
        if facts["published"] and when and when.earliest and event["factuality"] == Factuality.ACTUAL:
            assert when.earliest <= date.fromisoformat(facts["published"])


@every_article
def test_actors_triggers_and_furniture_stand_in_the_text(facts: dict[str, Any]) -> None:
    text = page(facts)
    wordings = [actor["as"] for actor in facts["actors"]] + [event["trigger"] for event in facts["events"]]
    assert [wording for wording in wordings if wording not in text] == []
    for name in facts.get("furniture", []):
        assert name["as"] in text
        assert name["name"] not in {actor["name"] for actor in facts["actors"]}
