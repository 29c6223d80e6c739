"""Titles in Vietnamese, and the knowledge base's curated files: organisations, places, events, weapons."""

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from relgraph.kb import KnowledgeBase
from relgraph.kb.base import name_key, names_of
from relgraph.model import EntityType, KbEntity, Membership
from relgraph.nlp.lexicon import read_lexicon
from relgraph.resources import shipped

CURATED = {
    "organisations": "ORG",
    "media": "ORG",
    "armed-groups": "ORG",
    "state-bodies": "ORG",
    "companies": "ORG",
    "places": "LOC",
    "facilities": "FAC",
    "events": "EVT",
    "weapons": "MISC",
}
WORD_LISTS = ("ranks", "callings", "name_titles", "honorifics", "former", "incoming")


@pytest.fixture(scope="module")
def titles() -> dict[str, Any]:
    content: dict[str, Any] = read_lexicon("titles")
    return content


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


def curated(kb: KnowledgeBase) -> list[KbEntity]:
    return [entity for entity in kb.entities.values() if kb.locations[entity.id].file.stem in CURATED]


def all_phrases(titles: dict[str, Any]) -> list[str]:
    offices = [phrase for office in titles["offices"] for phrase in office["phrases"]]
    return offices + [word for key in WORD_LISTS for word in titles[key]]


def test_titles_have_their_fields(titles: dict[str, Any]) -> None:
    for office in titles["offices"]:
        assert set(office) == {"role", "en", "scope", "phrases"}, office
        assert office["scope"] in {"state", "organisation", "any"}
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", office["role"])
        assert office["phrases"] and office["en"]


def test_a_title_belongs_to_one_role(titles: dict[str, Any]) -> None:
    counts = Counter(phrase.casefold() for phrase in all_phrases(titles))
    assert [phrase for phrase, count in counts.items() if count > 1] == []
    assert max(Counter(office["role"] for office in titles["offices"]).values()) == 1


def test_titles_are_nfc_and_trimmed(titles: dict[str, Any]) -> None:
    for phrase in all_phrases(titles):
        assert unicodedata.is_normalized("NFC", phrase) and phrase == " ".join(phrase.split())


def test_roles_read_with_a_state_exist(titles: dict[str, Any]) -> None:
    roles = {office["role"] for office in titles["offices"]}
    assert set(titles["with_state"]) | set(titles["with_state"].values()) <= roles


def test_every_office_of_the_knowledge_base_has_a_title(titles: dict[str, Any], kb: KnowledgeBase) -> None:
    assert {office.role for office in kb.offices.values()} <= {office["role"] for office in titles["offices"]}


@pytest.mark.parametrize(
    ("phrase", "role"),
    [
        ("Tổng thống", "president"),
        ("Ngoại trưởng", "foreign-minister"),
        ("Bộ trưởng Bộ Quốc phòng", "defence-minister"),
        ("Thư ký Hội đồng An ninh Quốc gia Tối cao", "security-council-secretary"),
        ("Phát ngôn viên Bộ Ngoại giao", "spokesperson-mfa"),
        ("Phó Thủ tướng thứ nhất", "first-deputy-prime-minister"),
    ],
)
def test_title_has_its_role(titles: dict[str, Any], phrase: str, role: str) -> None:
    assert [office["role"] for office in titles["offices"] if phrase in office["phrases"]] == [role]


def test_curated_files_hold_what_their_name_says(kb: KnowledgeBase) -> None:
    entities = curated(kb)
    assert len(entities) >= 2000
    for entity in entities:
        assert entity.type == EntityType(CURATED[kb.locations[entity.id].file.stem]), entity.id


def test_at_least_150_organisations(kb: KnowledgeBase) -> None:
    assert sum(kb.locations[entity.id].file.stem == "organisations" for entity in curated(kb)) >= 150


def test_no_name_of_a_curated_entity_is_anothers_of_its_type(kb: KnowledgeBase) -> None:
    bearers: dict[tuple[str, str], set[str]] = {}
    for entity in kb.entities.values():
        for name in names_of(entity):
            bearers.setdefault((entity.type, name_key(name)), set()).add(entity.id)
    ours = {entity.id for entity in curated(kb)}
    assert {key: ids for key, ids in bearers.items() if len(ids) > 1 and ids & ours} == {}


def test_names_are_no_common_words_or_scraps(kb: KnowledgeBase) -> None:
    titles = {phrase.casefold() for phrase in all_phrases(read_lexicon("titles"))}
    for entity in curated(kb):
        for name in (entity.name, entity.vi, *entity.aliases):
            assert unicodedata.is_normalized("NFC", name) and name == " ".join(name.split()), name
            assert len(name) >= 2 and name.casefold() not in titles, name
            assert not name.islower() or name.isascii() or " " in name, f"{name!r} is a common word"


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        ("LHQ", "org/united-nations"),
        ("HĐBA LHQ", "org/united-nations-security-council"),
        ("Lầu Năm Góc", "org/united-states-department-of-defense"),
        ("Bộ Ngoại giao Liên bang Nga", "org/ministry-of-foreign-affairs-of-the-russian-federation"),
        ("Vệ binh Cách mạng Hồi giáo Iran", "org/islamic-revolutionary-guard-corps"),
        ("Nhà nước Hồi giáo", "org/islamic-state"),
        ("THX", "org/xinhua-news-agency"),
        ("vùng Vịnh", "loc/persian-gulf"),
        ("Hmeymim", "fac/khmeimim-air-base"),
        ("thỏa thuận Minsk", "evt/minsk-agreements"),
        ("S-300PMU2", "misc/s-300pmu2"),
        ("Sukhoi-24", "misc/sukhoi-su-24"),
    ],
)
def test_spellings_of_the_press_are_known(kb: KnowledgeBase, surface: str, key: str) -> None:
    assert key in [entity.id for entity in kb.find(surface)]


def memberships() -> list[dict[str, str]]:
    [file] = shipped("data", "kb").rglob("memberships.yaml")
    content = yaml.load(Path(file).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    rows: list[dict[str, str]] = content["memberships"]
    return rows


def test_memberships_name_known_entities_and_are_in_order(kb: KnowledgeBase) -> None:
    for row in memberships():
        membership = Membership(**{field: value for field, value in row.items() if field != "member"})
        assert row["member"] in kb.entities and membership.organisation in kb.entities, row
        assert (membership.start or "") <= (membership.end or "9999"), row


def test_a_wikidata_item_stands_for_one_entity(kb: KnowledgeBase) -> None:
    items = Counter((entity.type, entity.wikidata) for entity in curated(kb) if entity.wikidata)
    assert [item for item, count in items.items() if count > 1] == []


def test_memberships_of_one_status_do_not_repeat() -> None:
    counts = Counter(
        (row["member"], row["organisation"], row["status"], row.get("start")) for row in memberships()
    )
    assert max(counts.values()) == 1


@pytest.mark.parametrize(
    ("organisation", "day", "count"),
    [
        ("org/shanghai-cooperation-organisation", "2017-06-08", 6),
        ("org/shanghai-cooperation-organisation", "2023-07-05", 9),
        ("org/shanghai-cooperation-organisation", "2025-01-01", 10),
        ("org/brics", "2023-12-31", 5),
        ("org/brics", "2024-06-01", 9),
        ("org/nato", "2000-01-01", 19),
        ("org/nato", "2024-06-01", 32),
        ("org/european-union", "2004-04-30", 15),
        ("org/european-union", "2015-01-01", 28),
        ("org/european-union", "2020-02-01", 27),
        ("org/eurasian-economic-union", "2020-01-01", 5),
        ("org/gulf-cooperation-council", "2017-06-05", 6),
        ("org/opec", "2025-01-01", 12),
    ],
)
def test_number_of_members_on_a_day(organisation: str, day: str, count: int) -> None:
    members = [
        row["member"]
        for row in memberships()
        if row["organisation"] == organisation
        and row["status"] == "member"
        and row["start"] <= day < row.get("end", "9999")
    ]
    assert len(members) == count, members
