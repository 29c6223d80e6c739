"""Sentences start where a reader would say they do."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import relgraph.nlp.language  # noqa: F401 - registers the language
from relgraph.nlp.sentences import Sentences

NLP = spacy.blank("vi_relgraph")
NLP.add_pipe("relgraph_sentences")


def sentences(text: str) -> list[str]:
    return [sentence.text.strip() for sentence in NLP(text).sents]


@pytest.mark.parametrize(
    "text",
    [
        "Ông S. Lavrov tới TP. Sochi hôm thứ Hai.",
        "Tướng H.R. McMaster rời chức.",
        "Kim ngạch đạt 3.5 tỷ USD.",
        'Ông nói: "Chúng tôi sẵn sàng... nếu họ muốn", rồi rời đi.',
        "1. Hai bên nối lại đàm phán.",
        "Trang vnexpress.net đưa tin.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert list(Sentences().starts(text)) == [0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nga ký. Iran từ chối.", ["Nga ký.", "Iran từ chối."]),
        ("Tiêu đề bài báo\nĐoạn thứ nhất\n\nĐoạn hai.", ["Tiêu đề bài báo", "Đoạn thứ nhất", "Đoạn hai."]),
        ("“Chúng tôi phản đối.” Ông Rouhani nói thêm.", ["“Chúng tôi phản đối.”", "Ông Rouhani nói thêm."]),
        ("(Theo TASS.) Hai bên im lặng.", ["(Theo TASS.)", "Hai bên im lặng."]),
        ("Phiến quân IS. Ảnh: RT.", ["Phiến quân IS.", "Ảnh: RT."]),
        ("Sao lại thế? Không ai biết! Chờ xem…", ["Sao lại thế?", "Không ai biết!", "Chờ xem…"]),
        ("  Nga ký.   Iran ký.", ["Nga ký.", "Iran ký."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [sentence for sentence in sentences(text) if sentence] == expected


def test_text_without_a_character_has_no_sentence() -> None:
    assert sentences("") == []


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='aBĐ. ?!"”\n\r\t\u2028…1'))
def test_sentences_cover_the_text_and_never_cross_a_line_break(text: str) -> None:
    doc = NLP(text)
    assert "".join(sentence.text_with_ws for sentence in doc.sents) == text
    assert all(len(sentence.text.strip().splitlines()) <= 1 for sentence in doc.sents)
