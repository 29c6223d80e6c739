"""Offices whose holder the article does not name: who held them on its day, and what that changes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc

import relgraph
from relgraph.articles import article_from_text
from relgraph.graph import EventGraph
from relgraph.kb import KnowledgeBase
from relgraph.model import Article, Document, Nominal
from relgraph.nlp.documents import document_from
from relgraph.pipeline import extract

Read = Callable[[str, str | None], Doc]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return relgraph.load()


def article(text: str, day: str | None) -> Article:
    read = article_from_text(text, article_id="bai")
    return read.model_copy(update={"published": date.fromisoformat(day) if day else None})


@pytest.fixture(scope="module")
def read(nlp: Language) -> Read:
    def read_text(text: str, day: str | None) -> Doc:
        doc = nlp.make_doc(text)
        doc._.article = article(text, day)
        for _, component in nlp.pipeline:
            doc = component(doc)
        return doc

    return read_text


def offices(doc: Doc) -> dict[str, str]:
    """Words for an office → who was found by its history."""
    names = {entity.id: entity.name for entity in doc._.entities}
    return {n.text: names[n.entity] for n in doc._.nominals if n.method == "office-history"}


@pytest.mark.parametrize(
    ("name", "day", "words"),
    [
        ("Hassan Rouhani", "2018-04-05", "Tổng thống Iran"),
        ("Ebrahim Raisi", "2021-10-05", "Tổng thống Iran"),
        ("Masoud Pezeshkian", "2025-02-01", "Tổng thống Iran"),
        ("Dmitry Medvedev", "2010-02-01", "Tổng thống Nga"),
        ("Vladimir Putin", "2010-02-01", "Thủ tướng Nga"),
        ("Sergey Shoigu", "2018-04-05", "Bộ trưởng Quốc phòng Nga"),
        ("Andrey Belousov", "2025-02-01", "Bộ trưởng Quốc phòng Nga"),
        ("Mohammad Javad Zarif", "2018-04-05", "Ngoại trưởng Iran"),
        ("Emmanuel Macron", "2018-04-05", "Tổng thống của Pháp"),
        ("Xi Jinping", "2018-04-05", "Chủ tịch Trung Quốc"),
        ("Vladimir Putin", "2018-04-05", "Nhà lãnh đạo Nga"),
        ("António Guterres", "2018-04-05", "Tổng Thư ký Liên hợp quốc"),
        ("Maria Zakharova", "2018-04-05", "Người phát ngôn Bộ Ngoại giao Nga"),
        ("Levan Dzhagaryan", "2015-07-01", "Đại sứ Nga tại Iran"),
        ("Vasily Nebenzya", "2018-04-10", "Đại sứ Nga tại Liên hợp quốc"),
    ],
)
def test_an_office_alone_means_who_held_it_on_the_articles_day(
    read: Read, day: str, words: str, name: str
) -> None:
    doc = read(f"{words} hoan nghênh quyết định mới.", day)
    assert offices(doc) == {words: name}
    (person,) = (entity for entity in doc._.entities if entity.name == name)
    assert person.key and person.key.startswith("per/")


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (None, "Tổng thống Iran hoan nghênh quyết định."),
        ("2018-04-05", "Cựu Tổng thống Iran hoan nghênh quyết định."),
        ("2018-04-05", "Bầu cử Tổng thống Iran diễn ra trong ba tuần."),
        ("2018-04-05", "Các Tổng thống Mỹ đều tránh điều này."),
        ("2018-04-05", "Tổng thống Iran khi đó từ chối ký."),
        ("2018-04-05", "Năm 2003, Tổng thống Iran thăm Ý."),
        ("2018-04-05", "Nhà lãnh đạo Iran cảnh báo Mỹ."),
        ("2018-04-05", "Đại sứ Iran lên tiếng."),
        ("2018-04-05", "Phó Thủ tướng Nga thăm Iran."),
        ("2018-04-05", "Nga và Mỹ đã trao đổi, nguyên thủ hai nước sẽ tiếp tục."),
        ("2018-04-05", "Bộ trưởng Y tế Iran thăm Nga."),
        ("2017-05-09", "Tổng thống hoan nghênh quyết định."),
    ],
)
def test_what_is_not_sure_stays_unresolved(read: Read, day: str | None, text: str) -> None:
    assert offices(read(text, day)) == {}


def test_the_articles_own_name_comes_first(read: Read) -> None:
    doc = read("Tổng thống Iran Ebrahim Raisi thăm Nga. Tổng thống Iran sẽ gặp báo chí.", "2018-04-05")
    names = {entity.id: entity.name for entity in doc._.entities}
    assert {(n.text, n.method, names[n.entity]) for n in doc._.nominals} == {
        ("Tổng thống Iran", "office", "Ebrahim Raisi")
    }


def test_a_counterpart_holds_the_same_office_of_the_other_state(read: Read) -> None:
    text = "Tổng thống Nga Vladimir Putin có mặt. Ngoại trưởng Iran hội đàm với người đồng cấp Nga."
    assert offices(read(text, "2018-04-05")) == {
        "Ngoại trưởng Iran": "Mohammad Javad Zarif",
        "người đồng cấp Nga": "Sergey Lavrov",
    }


def test_this_state_is_the_one_named_last(read: Read) -> None:
    doc = read("Nga cảm ơn Iran. Tổng thống nước này sẽ thăm Ankara.", "2018-04-05")
    assert offices(doc) == {"Tổng thống nước này": "Hassan Rouhani"}


def test_a_person_whom_the_article_names_is_not_added_again(read: Read) -> None:
    doc = read("Ông Rouhani lên đường sáng nay. Tổng thống Iran sẽ tới Nga.", "2018-04-05")
    assert [entity.name for entity in doc._.entities].count("Hassan Rouhani") == 1


def test_the_state_takes_part_and_its_office_holder_stands_beside(read: Read) -> None:
    doc = read("Tổng thống Iran thăm Nga.", "2018-04-05")
    names = {entity.id: entity.name for entity in doc._.entities}
    (visit,) = doc._.events
    through = {names[p.entity]: p.through for p in visit.participants}
    assert set(through) == {"Iran", "Russia"}
    office = through["Iran"]
    assert isinstance(office, Nominal) and names[office.entity] == "Hassan Rouhani"
    assert (office.text, office.method) == ("Tổng thống Iran", "office-history")
    assert 0 < office.confidence < 1
    assert through["Russia"] is None


def test_the_host_of_an_ambassador_does_not_act_through_him(read: Read) -> None:
    doc = read("Đại sứ Nga tại Liên hợp quốc chỉ trích Mỹ.", "2018-04-10")
    names = {entity.id: entity.name for entity in doc._.entities}
    acting = {names[p.entity] for event in doc._.events for p in event.participants if p.through}
    assert acting == {"Russia"}


def test_the_document_keeps_it_and_survives_writing(read: Read) -> None:
    document = document_from(read("Tổng thống Iran thăm Nga.", "2018-04-05"))
    assert Document.model_validate_json(document.model_dump_json()) == document


def test_an_office_that_is_not_in_the_text_is_refused(read: Read) -> None:
    data = document_from(read("Tổng thống Iran thăm Nga.", "2018-04-05")).model_dump()
    (event,) = data["events"]
    part = next(p for p in event["participants"] if p["through"])
    part["through"]["entity"] = "e99"
    with pytest.raises(ValueError, match="e99"):
        Document.model_validate(data)


def test_the_graph_tells_through_whom_a_state_took_part(nlp: Language, tmp_path: Path) -> None:
    store = tmp_path / "store"
    relgraph.build(
        [article("Tổng thống Iran thăm Nga.", "2018-04-05")],
        lambda articles: extract(nlp, articles),
        store,
        knowledge=KnowledgeBase.load(),
    )
    with EventGraph.open(store) as graph:
        (row,) = graph.query(
            "SELECT ?state ?person ?method ?quote WHERE { GRAPH ?article {"
            " ?part rg:entity ?state ; rg:through ?office ."
            " ?office oa:hasBody ?person ; rg:method ?method ; rg:confidence ?sure ;"
            " oa:hasTarget/oa:hasSelector/oa:exact ?quote } }"
        )
        assert row["state"].endswith("gpe/iran")
        assert row["person"].endswith("per/hassan-rouhani")
        assert (row["method"], row["quote"]) == ("office-history", "Tổng thống Iran")


def test_every_leading_office_is_its_states_only_one() -> None:
    leading = [office.jurisdiction for office in KnowledgeBase.load().offices.values() if office.leads]
    assert len(leading) == len(set(leading)) > 40
