"""Scoring: figures worked out by hand, and agreement with the evaluation folder's own scorer."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import relgraph
from relgraph.articles import article_from_text
from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.evaluation import NameNormaliser, Scores, extract_given, read_gold, score
from relgraph.evaluation.score import ROWS
from relgraph.model import Article, Document, EntityType, EventType, Factuality

TEXT = "Ngày 4/4, Putin gặp Rouhani ở Ankara."


def document(**changes: object) -> Document:
    data: dict[str, object] = {
        "id": "a",
        "sha256": "0" * 64,
        "text": TEXT,
        "entities": [
            {"id": "e1", "type": "PER", "name": "Vladimir Putin"},
            {"id": "e2", "type": "PER", "name": "Hassan Rouhani"},
            {"id": "e3", "type": "GPE", "name": "Ankara"},
        ],
        "mentions": [
            {"start": 10, "end": 15, "text": "Putin", "type": "PER", "entity": "e1"},
            {"start": 20, "end": 27, "text": "Rouhani", "type": "PER", "entity": "e2"},
            {"start": 30, "end": 36, "text": "Ankara", "type": "GPE", "entity": "e3"},
        ],
        "timexes": [{"start": 0, "end": 8, "text": "Ngày 4/4", "type": "DATE", "value": "2018-04-04"}],
        "events": [
            {
                "id": "v1",
                "trigger": {"start": 16, "end": 19, "text": "gặp"},
                "type": "CONSULT",
                "time": "2018-04-04",
                "participants": [{"entity": "e1", "role": "agent"}, {"entity": "e2", "role": "agent"}],
                "place": "e3",
            }
        ],
    }
    return Document.model_validate(data | changes)


def scores_of(prediction: Document) -> Scores:
    return score([document()], {prediction.id: prediction}, NameNormaliser())


def test_gold_against_itself_is_all_right() -> None:
    scores = scores_of(document())
    assert {row: figures.f1 for row, figures in scores.rows.items()} == dict.fromkeys(ROWS, 100.0)
    assert scores.factuality == 100.0


def test_a_document_that_was_not_predicted_counts_as_missed() -> None:
    scores = score([document()], {}, NameNormaliser())
    assert {figures.f1 for figures in scores.rows.values()} == {0.0}
    assert scores.rows["mention"].gold == 3


def test_each_kind_of_mistake_counts_where_it_should() -> None:
    right = document()
    event = right.events[0]
    wrong = right.model_copy(
        update={
            "mentions": (right.mentions[0], right.mentions[1].model_copy(update={"type": EntityType.ORG})),
            "events": (
                event.model_copy(
                    update={
                        "time": "2018-04-05",
                        "factuality": Factuality.PLANNED,
                        "participants": event.participants[:1],
                    }
                ),
            ),
        }
    )
    scores = scores_of(wrong)
    figures = {row: (f.correct, f.gold, f.predicted) for row, f in scores.rows.items()}
    assert figures["mention"] == (1, 3, 2)
    assert figures["mention-span"] == (2, 3, 2)
    assert figures["entity"] == (2, 3, 2)
    assert figures["event-type"] == (1, 1, 1)
    assert figures["event-time"] == (0, 1, 1)
    assert figures["participant"] == (1, 2, 1)
    assert figures["fact"] == (0, 1, 1)
    assert scores.factuality == 0.0


def test_a_trigger_of_another_type_counts_as_event_but_not_as_type() -> None:
    event = document().events[0].model_copy(update={"type": EventType.SUPPORT})
    rows = scores_of(document().model_copy(update={"events": (event,)})).rows
    assert (rows["event"].correct, rows["event-type"].correct) == (1, 0)


def test_names_in_good_use_count_as_the_same(tmp_path: Path) -> None:
    aliases = tmp_path / "aliases.tsv"
    aliases.write_text("# names\nIslamic State\tISIS\tISIL\n", encoding="utf-8")
    same = NameNormaliser(aliases)
    assert same("ISIS") == same("Islamic State") == same("ISLAMIC-STATE")
    assert same("Đà Nẵng") == "da nang"


def test_gold_that_does_not_fit_its_article_is_named(tmp_path: Path) -> None:
    gold = json.loads(document().model_dump_json(exclude={"text", "sha256"}))
    (tmp_path / "a.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    with pytest.raises(RelgraphError, match=r"a\.txt is not under"):
        read_gold(tmp_path)
    (tmp_path / "a.txt").write_text("Một văn bản khác, dài hơn hẳn văn bản kia một chút.", encoding="utf-8")
    with pytest.raises(RelgraphError, match="is no gold document"):
        read_gold(tmp_path)
    with pytest.raises(RelgraphError, match="holds no"):
        read_gold(tmp_path / "nowhere")


def perturbed(gold: Document, chance: random.Random) -> Document:
    """Return the document with mistakes of all kinds, at random."""
    kept = [mention for mention in gold.mentions if chance.random() < 0.8]
    mentions = [
        m.model_copy(update={"type": chance.choice(list(EntityType))}) if chance.random() < 0.2 else m
        for m in kept
    ]
    entities = [
        e.model_copy(update={"name": "Somebody else"}) if chance.random() < 0.1 else e for e in gold.entities
    ]
    timexes = [
        t.model_copy(update={"value": "2017"}) if chance.random() < 0.2 else t
        for t in gold.timexes
        if chance.random() < 0.9
    ]
    events = []
    for event in gold.events:
        changes: dict[str, object] = {}
        if chance.random() < 0.2:
            changes["type"] = chance.choice(list(EventType))
        if chance.random() < 0.2:
            changes["time"] = chance.choice([None, "2017-02-05TMO", "PRESENT_REF", "2017-02-05/2017-02-06"])
        if chance.random() < 0.2:
            changes["participants"] = event.participants[:1]
        if chance.random() < 0.2:
            changes["factuality"] = Factuality.POSSIBLE
        events += [event.model_copy(update=changes)] * chance.choice([0, 1, 1, 1, 2])
    return gold.model_copy(
        update={
            "entities": tuple(entities),
            "mentions": tuple(mentions),
            "timexes": tuple(timexes),
            "events": tuple(events),
        }
    )


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["gold-dev", "gold-train"])
def test_figures_agree_with_the_shared_scorer(shared: Path, tmp_path: Path, folder: str) -> None:
    golds = [gold for _, gold in read_gold(shared / "eval" / folder, [shared / "corpus"])]
    chance = random.Random(folder)
    predictions = {gold.id: perturbed(gold, chance) for gold in golds}
    lines = tmp_path / "predictions.jsonl"
    lines.write_text("".join(p.model_dump_json() + "\n" for p in predictions.values()), encoding="utf-8")
    scorer = [sys.executable, shared / "eval" / "score.py", shared / "eval" / folder, lines, "--json"]
    theirs = json.loads(subprocess.run(scorer, capture_output=True, check=True, text=True).stdout)

    ours = score(golds, predictions, NameNormaliser(shared / "eval" / "aliases.tsv"))

    for row, figures in ours.rows.items():
        assert (round(figures.precision, 1), round(figures.recall, 1)) == (theirs[row]["P"], theirs[row]["R"])
        assert (figures.gold, figures.predicted) == (theirs[row]["gold"], theirs[row]["pred"])
        assert abs(figures.f1 - theirs[row]["F1"]) <= 0.1
    assert round(ours.factuality, 1) == theirs["factuality"]["accuracy"]


GIVEN_TEXT = """Nga và Iran bàn hợp tác

08:00 05/04/2018

Ngày 4/4, ông Lavrov gặp ông Zarif tại Sochi. Ông Lavrov nhấn mạnh vai trò của Tehran. Hai bên khởi xướng sáng kiến."""


@pytest.fixture(scope="module")
def given_pair() -> tuple[Article, Document]:
    """An article whose annotation calls its people and places by names that no reader would choose."""
    article = article_from_text(GIVEN_TEXT, article_id="given")

    def span(surface: str) -> dict[str, object]:
        start = GIVEN_TEXT.index(surface)
        return {"start": start, "end": start + len(surface), "text": surface}

    entities = [("e1", "PER", "First Person"), ("e2", "PER", "Second Person"), ("e3", "GPE", "Some Town")]
    gold = {
        "id": "given",
        "sha256": article.sha256,
        "text": article.text,
        "entities": [{"id": key, "type": kind, "name": name} for key, kind, name in entities],
        "mentions": [
            span(surface) | {"type": kind, "entity": key}
            for surface, (key, kind, _) in zip(("Lavrov", "Zarif", "Sochi"), entities, strict=True)
        ],
        "timexes": [span("Ngày 4/4") | {"type": "DATE", "value": "2018-04-04"}],
        "events": [
            {"id": "v1", "trigger": span("gặp"), "type": "CONSULT"},
            {"id": "v2", "trigger": span("khởi xướng sáng kiến"), "type": "AGREE"},
        ],
    }
    return article, Document.model_validate(gold)


def test_given_mentions_are_taken_as_they_are(given_pair: tuple[Article, Document]) -> None:
    gold = given_pair[1]
    (document,) = extract_given(relgraph.load(), [given_pair])
    assert (document.mentions, document.timexes) == (gold.mentions, gold.timexes)
    assert [entity.name for entity in document.entities] == [entity.name for entity in gold.entities]
    meeting = next(event for event in document.events if event.trigger.text == "gặp")
    assert {participant.entity for participant in meeting.participants} == {"e1", "e2"}
    assert (meeting.time, meeting.place) == ("2018-04-04", "e3")


def test_given_triggers_are_all_events_there_are(given_pair: tuple[Article, Document]) -> None:
    gold = given_pair[1]
    (document,) = extract_given(relgraph.load(), [given_pair], triggers=True)
    assert [(e.trigger, e.type) for e in document.events] == [(e.trigger, e.type) for e in gold.events]
    rows = score([gold], {"given": document}, NameNormaliser()).rows
    assert (rows["event-type"].f1, rows["entity"].f1, rows["timex-value"].f1) == (100.0, 100.0, 100.0)
    assert {p.entity for p in document.events[0].participants} == {"e1", "e2"}


def test_the_command_takes_gold_as_input(given_pair: tuple[Article, Document], tmp_path: Path) -> None:
    article, gold = given_pair
    (tmp_path / "given.txt").write_text(article.text, encoding="utf-8")
    text = gold.model_dump_json(exclude={"text", "sha256"})
    (tmp_path / "given.gold.json").write_text(text, encoding="utf-8")
    f1 = {}
    for given in ((), ("--given", "mentions"), ("--given", "triggers")):
        result = CliRunner().invoke(app, ["evaluate", str(tmp_path), "--json", *given])
        assert result.exit_code == 0, result.output
        rows = json.loads(result.stdout)
        f1[given] = rows["mention"]["F1"] == 100, rows["event-type"]["F1"] == 100
    assert f1 == {
        (): (False, False),
        ("--given", "mentions"): (True, False),
        ("--given", "triggers"): (True, True),
    }
