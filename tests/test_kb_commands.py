"""The commands about the knowledge base: kb search, kb show, kb check."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from relgraph.cli import app

BASE = """source: a book
entities:
- {type: GPE, name: Iran, vi: Iran}
- {type: PER, name: Ann, vi: Ann, held: [{office: office/iran/president, start: 2000, end: 2005-08}]}
offices:
- {id: office/iran/president, role: president, jurisdiction: gpe/iran, name: President, vi: Tổng thống}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["kb", *(str(argument) for argument in arguments)])


def test_search_finds_misspelt_names_best_first() -> None:
    result = run("search", "Masud Pezeshkyan", "--limit", 3, "--format", "csv")
    assert result.exit_code == 0
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert found[0]["id"] == "per/masoud-pezeshkian"
    assert len(found) <= 3
    likeness = [int(row["likeness"]) for row in found]
    assert likeness == sorted(likeness, reverse=True)


@pytest.mark.parametrize("name", ["Hassan Rouhani", "Ha-xan Ru-ha-ni", "per/hassan-rouhani"])
def test_show_tells_names_offices_and_wikidata(name: str) -> None:
    result = run("show", name)
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert lines[0] == "Hassan Rouhani (PER, per/hassan-rouhani)"
    assert "Wikidata: https://www.wikidata.org/wiki/Q348144" in lines
    assert "country: Iran (gpe/iran)" in lines
    assert any(line.startswith("2013-08-03 – 2021-08-03  President of Iran") for line in lines)


def test_show_on_a_day_tells_only_what_held_then() -> None:
    then, later = (run("show", "per/vladimir-putin", "--on", day).stdout for day in ("2010-03", "2018"))
    assert "Prime Minister of Russia" in then and "President of Russia" not in then
    assert "President of Russia" in later and "Prime Minister of Russia" not in later


def test_show_tells_a_states_capital_memberships_and_office_holders() -> None:
    shown = run("show", "Iran", "--on", "2024-01-01").stdout
    assert "capital: Tehran (gpe/tehran)" in shown
    assert "member of Shanghai Cooperation Organisation" in shown
    assert "observer of Shanghai Cooperation Organisation" not in shown
    assert "President of Iran: Ebrahim Raisi" in shown


def test_show_tells_an_organisations_members() -> None:
    assert "observer: Iran" in run("show", "SCO", "--on", "2018-04-05").stdout
    assert "member: India" not in run("show", "SCO", "--on", "2016-04-05").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "Hasan Rouhanni"), "did you mean"),
        (("show", "Iran", "--on", "soon"), "is not a date"),
    ],
)
def test_wrong_use_is_told_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_shipped_knowledge_base_passes_its_check() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "nothing to mend" in result.stdout


def test_check_names_file_and_line_of_every_finding(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(BASE.replace("vi: Iran", "vi: ''").replace("gpe/iran,", "gpe/nowhere,"), encoding="utf-8")
    result = run("check", tmp_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert first.startswith(f"error: {file}:3: ") and "no Vietnamese name" in first
    assert second.startswith(f"error: {file}:6: ") and "gpe/nowhere" in second


def test_check_tells_what_can_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(BASE.replace("type: GPE", "type: PLANET"), encoding="utf-8")
    result = run("check", tmp_path)
    assert result.exit_code == 2
    assert f"{tmp_path / 'small.yaml'}:3: " in result.stderr
    assert run("check", tmp_path / "nowhere").exit_code == 2


def test_check_passes_a_sound_folder(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(BASE, encoding="utf-8")
    result = run("check", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "2 entities and 1 offices, nothing to mend\n")
