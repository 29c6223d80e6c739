"""The tokenizer keeps every character of any text and finds Vietnamese words in it."""

import unicodedata

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

import relgraph.nlp.language
import relgraph.nlp.sentences
import relgraph.nlp.tagger  # noqa: F401 - registers the component
from relgraph.nlp.orthography import is_vietnamese_syllable, nfc_with_offsets, old_tone_placement

NLP: Language = spacy.blank("vi_relgraph")
NLP.add_pipe("relgraph_sentences")
NLP.add_pipe("relgraph_tagger")
ODD = "aảẢđĐð ơAB.,-/&'’\"”“…?!\n\r\t\u2028\u00a0\u200b\u200d\ufe0f👨👩🏽🇻🇳\u0301\u0323\u0302ẻ1239%:()_\x00\x1c한ᄀ\ud7b0\x1f\x85"


def words(text: str) -> list[str]:
    return [token.text for token in NLP.make_doc(text)]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet=ODD)))
def test_no_character_is_lost_or_changed(text: str) -> None:
    doc = NLP(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)
    assert all(token.tag_ and token.pos_ for token in doc)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet=ODD)))
def test_no_word_crosses_a_line_break(text: str) -> None:
    visible = [token.text for token in NLP.make_doc(text) if not token.is_space]
    assert all(len(word.splitlines()) == 1 or not word.splitlines()[0].strip() for word in visible)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_composed_text_points_back_to_its_source(text: str) -> None:
    composed, offsets = nfc_with_offsets(text)
    if offsets is None:
        assert composed == text
    else:
        assert len(offsets) == len(composed) + 1
        assert offsets == sorted(offsets)
        assert offsets[-1] == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Thổ Nhĩ Kỳ ký kết hiệp định", ["Thổ Nhĩ Kỳ", "ký kết", "hiệp định"]),
        ("Quan hệ Nga-Iran", ["Quan hệ", "Nga", "-", "Iran"]),
        ("Ảnh: AFP/TTXVN", ["Ảnh", ":", "AFP", "/", "TTXVN"]),
        ("tên lửa S-400", ["tên lửa", "S-400"]),
        ("tới TP.HCM.", ["tới", "TP.HCM", "."]),
        ("vào EU. Đây là", ["vào", "EU", ".", "Đây", "là"]),
        ("xem vnexpress.net/the-gioi nhé", ["xem", "vnexpress.net/the-gioi", "nhé"]),
        ("👨‍👩‍👧 và 👍🏽", ["👨‍👩‍👧", "và", "👍🏽"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_decomposed_text_has_the_words_of_composed_text() -> None:
    text = "Tổng thống Nga hội đàm với Thủ tướng Thổ Nhĩ Kỳ."
    decomposed = unicodedata.normalize("NFD", text)
    assert [unicodedata.normalize("NFC", word) for word in words(decomposed)] == words(text)


def test_a_very_long_line_is_read_whole() -> None:
    text = "Hai bên ký thỏa thuận hợp tác năng lượng. " * 1_000
    assert NLP.make_doc(text).text == text
    assert NLP.make_doc("a" * 20_000).text == "a" * 20_000


def test_words_carry_underthesea_and_universal_tags() -> None:
    doc = NLP("Nga ký hiệp định.")
    assert [(token.text, token.tag_, token.pos_) for token in doc] == [
        ("Nga", "Np", "PROPN"),
        ("ký", "V", "VERB"),
        ("hiệp định", "N", "NOUN"),
        (".", "CH", "PUNCT"),
    ]


def test_norm_joins_both_spellings_of_tone_marks() -> None:
    doc = Doc(NLP.vocab, words=["Hoà bình", "Hòa bình"])
    assert doc[0].norm_ == doc[1].norm_ == "hòa bình"
    assert old_tone_placement("thuỷ quân, quý") == "thủy quân, quý"


@pytest.mark.parametrize("syllable", ["Nghị", "Quốc", "thuyền", "Ý", "khoẻ", "giường", "Đức"])
def test_vietnamese_syllables(syllable: str) -> None:
    assert is_vietnamese_syllable(syllable)


@pytest.mark.parametrize("word", ["Putin", "Iran", "Rouhani", "Trump", "S", "NATO", "Sergei"])
def test_foreign_words(word: str) -> None:
    assert not is_vietnamese_syllable(word)
