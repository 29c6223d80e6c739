"""The linking benchmark: what it counts, and what the command prints."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from relgraph.articles import article_from_text
from relgraph.cli import app
from relgraph.evaluation.benchmark_linking import benchmark_linking
from relgraph.pipeline import load

TEXT = "Ngày 4/4, Ngoại trưởng Nga Sergei Lavrov gặp Ngoại trưởng Iran Mohammad Javad Zarif tại Moskva.\n"


def test_every_mention_is_counted_and_the_peer_gets_its_share() -> None:
    article = article_from_text(TEXT, article_id="a")
    figures = benchmark_linking(load(), [article], date(2018, 4, 5), peer=2)
    assert (figures.articles, figures.mentions, figures.known) == (1, 5, 5)
    assert figures.peer_mentions == 2
    assert figures.peer_names > figures.mentions
    assert figures.per_second > 0
    assert figures.peer_per_second > 0


def test_the_command_tells_both_speeds_and_their_ratio(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    printed = CliRunner().invoke(app, ["benchmark", "linking", str(tmp_path), "--peer", "1"])
    assert printed.exit_code == 0, printed.output
    assert "1 articles with 5 mentions, 5 of them known" in printed.stdout
    assert "bar 5,000" in printed.stdout
    assert "ratio" in printed.stdout


@pytest.mark.parametrize("name", ["nowhere", "file.txt"])
def test_what_is_no_corpus_is_named_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").write_text("không phải kho lưu trữ", encoding="utf-8")
    failed = CliRunner().invoke(app, ["benchmark", "linking", str(tmp_path / name)])
    assert failed.exit_code == 2
    assert name in failed.output
