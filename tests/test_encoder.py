"""The encoder's way of reading: windows, labels, hints, and the pipeline that joins it with the rules."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.articles import article_from_text, read_articles
from relgraph.errors import RelgraphError
from relgraph.model import Article, TimeExpression
from relgraph.nlp.encoder.hints import hints
from relgraph.nlp.encoder.judging import painted, trigger_scores
from relgraph.nlp.encoder.labels import ENTITY_TYPES, EVENT_TYPES, begins, log_odds_of_spans, spans
from relgraph.nlp.encoder.network import SHIPPED, EncoderNetwork, gathered, shipped_network
from relgraph.nlp.encoder.pairs import Pair
from relgraph.nlp.encoder.windows import END, Window, owner, windows
from relgraph.pipeline import extract, load
from relgraph.resources import shipped

WORDS = st.sampled_from(
    [
        "Nga",
        "Iran",
        "hội đàm",
        "ngày 19/10",
        "Tehran,",
        "(SCO)",
        "Kovtunenko",
        "…",
        "“hòa bình”",
        "Su-35",
        "ở",
    ]
)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=400).map(" ".join), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def nlp():
    return load("encoder")


def _window(count: int) -> Window:
    """Return a window of one sentence of ``count`` pieces, each a word of one letter."""
    starts = [-1, *(2 * i for i in range(count)), -1]
    ends = [-1, *(2 * i + 1 for i in range(count)), -1]
    return Window(
        [0, *range(5, 5 + count), END], starts, ends, [-1, *[0] * count, -1], [False] * (count + 2), 1
    )


def _article(text: str) -> Article:
    article = article_from_text(text, article_id="a")
    return article.model_copy(update={"published": date(2021, 10, 20)})


@given(SENTENCES)
def test_each_sentence_is_one_windows_own_and_offsets_slice_to_the_text(parts):
    text = "\n".join(parts)
    edges, at = [], 0
    for part in parts:
        edges.append((at, at + len(part)))
        at += len(part) + 1
    found = windows(text, edges, shipped_network().processor)

    assert all(len(window.ids) <= 448 for window in found)
    owned = [
        (window.starts[i], window.ends[i])
        for window in found
        for i in range(window.first, len(window.ids))
        if window.starts[i] >= 0
    ]
    assert owned == sorted(set(owned))
    covered = "".join(text[start:end] for start, end in owned)
    assert covered.replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(SENTENCES)
def test_a_windows_pieces_are_found_by_the_characters_they_touch(parts):
    text = "\n".join(parts)
    window = windows(text, [(0, len(text))], shipped_network().processor)[0]
    for i, (start, end) in enumerate(zip(window.starts, window.ends, strict=True)):
        if 0 <= start < end:
            first, last = window.reach(start, end)
            assert first <= i <= last


@given(SENTENCES, st.integers(0, 400))
def test_each_character_is_owned_by_one_window_and_has_a_piece_near(parts, offset):
    text = "\n".join(parts)
    edges = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    found = windows(text, edges, shipped_network().processor)
    offset = min(offset, len(text) - 1)
    mine = found[owner(found, offset)]
    assert mine.opening <= max(offset, found[0].opening)
    first, last = mine.nearest(offset, offset + 1)
    assert mine.first <= first <= last < len(mine.ids)
    if not text[offset].isspace():
        assert mine.starts[first] <= offset < mine.ends[first]


def test_a_time_expression_is_painted_with_how_it_lies_to_the_day_of_publication():
    text = "Nga và Iran hội đàm\nHai bên gặp nhau ngày 19/10, sau chuyến thăm năm 2015 và trước hội nghị tháng tới."
    doc = load("rules").make_doc(text)
    doc._.article = _article(text)
    times = (("ngày 19/10", "2021-10-19"), ("năm 2015", "2015"), ("tháng tới", "2021-11"))
    doc._.timexes = tuple(
        TimeExpression(start=text.index(s), end=text.index(s) + len(s), text=s, type="DATE", value=value)
        for s, value in times
    )
    window = windows(text, [(0, 19), (20, len(text))], shipped_network().processor)[0]
    table = hints(window, doc, [])
    kinds = [
        frozenset(np.flatnonzero(table[window.reach(timex.start, timex.end)[0]])) for timex in doc._.timexes
    ]
    assert len(set(kinds)) == 3 and all(len(kind) == 2 for kind in kinds)
    assert (table != hints(window, doc, [], elsewhere=True)).any(axis=1).all()
    doc._.article = doc._.article.model_copy(update={"published": date(2021, 10, 19)})
    assert not np.array_equal(table, hints(window, doc, []))


def test_spans_are_read_off_labels_and_do_not_cross_the_threshold():
    window = _window(6)
    scores = np.full((8, 1 + 2 * len(ENTITY_TYPES)), -9.0)
    scores[:, 0] = 0
    person = begins(ENTITY_TYPES, "PER")
    scores[2, person] = scores[3, person + 1] = 9
    scores[5, begins(ENTITY_TYPES, "GPE")] = 0.5

    odds = log_odds_of_spans(scores)
    found = list(spans(window, scores, ENTITY_TYPES, 0.5, odds))

    assert [(span.first, span.last, span.type) for span in found] == [(2, 3, "PER"), (5, 5, "GPE")]
    assert found[0].confidence > 0.99 and 0.5 < found[1].confidence < 0.7
    assert [span.first for span in spans(window, scores, ENTITY_TYPES, 0.9, odds)] == [2]


def test_a_phrase_of_the_lexicon_has_a_say_in_what_is_a_trigger():
    window = _window(4)
    scores = np.full((6, 1 + 2 * len(EVENT_TYPES)), -9.0)
    scores[:, 0] = 0
    scores[2, begins(EVENT_TYPES, "AGREE")] = scores[4, begins(EVENT_TYPES, "CONSULT")] = -0.5
    mix = {
        name: np.float32(value)
        for name, value in {"trigger": 0.5, "trigger_unread": -1.0, "trigger_trust": 1.0}.items()
    }

    (told,) = painted([window], [(window.starts[4], window.ends[4], 3.0)])
    total = trigger_scores(log_odds_of_spans(scores), told, mix)

    assert np.flatnonzero(~np.isnan(told)).tolist() == [4]
    assert not list(spans(window, scores, EVENT_TYPES, 0.5, log_odds_of_spans(scores)))
    found = list(spans(window, scores, EVENT_TYPES, 0.5, total))
    assert [(span.first, span.type) for span in found] == [(4, "CONSULT")]
    assert found[0].confidence == pytest.approx(1 / (1 + np.exp(-1)), abs=0.01)


def test_an_alternative_gathers_its_pairs_and_one_without_any_stays_unseen():
    pairs = [Pair(0, 1, 1, ()), Pair(2, 2, 2, ()), Pair(0, 3, 3, ())]
    result = gathered(np.array([[1.0], [5.0], [1.0]]), pairs, 3, np.array([-7.0]))
    assert result[:, 0].tolist() == pytest.approx([1 + np.log(2), -7, 5], abs=1e-6)


def test_a_name_that_nobody_knows_is_read_with_its_confidence(nlp):
    text = (
        "Bộ trưởng Kvashenkov thăm Tehran\n"
        "Bộ trưởng Năng lượng Nga Arkady Kvashenkov ngày 19/10 đã hội đàm với người đồng cấp Iran Behnam Sorouzadeh tại Tehran.\n"
        "Ông Sorouzadeh cho biết hai bên đã ký thỏa thuận về dầu khí."
    )
    (document,) = extract(nlp, [_article(text)])

    people = {m.text: m for m in document.mentions if m.type == "PER"}
    assert {"Arkady Kvashenkov", "Behnam Sorouzadeh"} <= people.keys()
    assert all(0.5 <= mention.confidence <= 1 for mention in document.mentions)
    names = {entity.id: entity.name for entity in document.entities}
    talks = [event for event in document.events if event.type == "CONSULT" and event.time == "2021-10-19"]
    assert any(
        {names[p.entity] for p in event.participants} >= {"Arkady Kvashenkov", "Behnam Sorouzadeh"}
        for event in talks
    )
    for event in document.events:
        assert text[event.trigger.start : event.trigger.end] == event.trigger.text
        assert (
            0 < event.confidence <= 1
            and 0 < event.time_confidence <= 1
            and 0 < event.factuality_confidence <= 1
        )
        assert all(0 < participant.confidence <= 1 for participant in event.participants)


def test_what_is_planned_or_denied_is_not_told_as_done(nlp):
    text = (
        "Nga và Iran chuẩn bị tập trận\n"
        "Ngoại trưởng Nga Sergei Lavrov sẽ thăm Tehran vào tuần tới.\n"
        "Iran bác bỏ cáo buộc của Mỹ."
    )
    (document,) = extract(nlp, [_article(text)])
    visits = [event for event in document.events if event.type == "CONSULT"]
    assert visits and all(event.factuality == "planned" for event in visits)
    assert any(event.type == "REJECT" and event.factuality == "actual" for event in document.events)


def test_a_name_has_one_type_in_an_article(nlp):
    for document in extract(nlp, read_articles([str(shipped("data", "articles"))])):
        types: dict[str, set[str]] = {}
        for mention in document.mentions:
            types.setdefault(mention.text, set()).add(str(mention.type))
        assert all(len(found) == 1 or found == {"ORG", "FAC"} for found in types.values()), document.id


def test_a_web_address_tells_nothing(nlp):
    text = "Nga và Iran ký thỏa thuận\nNguồn tham khảo: pbs.org/newshour/isis-attack-iran-escalates-conflict/ và sách."
    (document,) = extract(nlp, [_article(text)])
    start = text.index("pbs.org")
    end = text.index(" và sách")
    assert all(not start <= event.trigger.start < end for event in document.events)
    assert all(not start <= mention.start < end for mention in document.mentions)


def test_reading_twice_gives_the_same_document(nlp):
    article = _article("Nga viện trợ Iran\nNga ngày 19/10 đã gửi 50 tấn lương thực viện trợ cho Iran.")
    first, second = extract(nlp, [article, article])
    assert first == second


@pytest.mark.parametrize("text", ["…", "A", "Nga\n\n\n", "12345 " * 2000, "Nga " * 900])
def test_odd_texts_are_read_without_complaint(nlp, text):
    article = _article(text.strip())
    (document,) = extract(nlp, [article])
    assert document.text == article.text


def test_a_folder_without_a_whole_model_is_told_of(tmp_path: Path):
    (tmp_path / "encoder.onnx").write_bytes(b"")
    with pytest.raises(RelgraphError, match=r"holds no trained model .*roles\.onnx"):
        EncoderNetwork(tmp_path)
    with pytest.raises(RelgraphError, match="choose one of: encoder, rules"):
        load("nonsense")


def test_a_broken_model_file_is_told_of(tmp_path: Path):
    for path in SHIPPED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "roles.onnx").write_bytes(b"no graph")
    with pytest.raises(RelgraphError, match="can't be read"):
        EncoderNetwork(tmp_path)


def test_a_model_without_a_weight_is_told_of(tmp_path: Path):
    for path in SHIPPED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "mix.json").write_text('{"role": [0.5, 0.5, 0.5]}')
    with pytest.raises(RelgraphError, match=r"mix\.json has no .*trigger"):
        EncoderNetwork(tmp_path)


def test_a_model_of_another_version_is_told_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("relgraph.nlp.encoder.network.WIDTH", 5)
    with pytest.raises(RelgraphError, match="of another version of relgraph"):
        EncoderNetwork(SHIPPED)


def test_reading_sets_up_no_telemetry(tmp_path: Path):
    told = "import relgraph; print(len(relgraph.load()('Nga và Iran ký thỏa thuận.')._.events) > 0)"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
    assert [path.name for path in tmp_path.rglob("*") if "microsoft" in path.name.lower()] == []


def test_the_shipped_model_is_small_and_has_its_card():
    size = sum(path.stat().st_size for path in SHIPPED.iterdir())
    assert size < 40e6
    card = (SHIPPED / "README.md").read_text(encoding="utf-8")
    assert "multilingual-e5-small" in card and "MIT" in card
    assert json.loads((SHIPPED / "mix.json").read_text())["role"]
