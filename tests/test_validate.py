"""Validation: a good store is clean, and each kind of damage is found and placed."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from graph_documents import ARTICLE_1, ARTICLE_2, DOCUMENT_1, DOCUMENT_2, Extractor, SmallKnowledge
from typer.testing import CliRunner

from relgraph.cli import app
from relgraph.graph import EventGraph, build
from relgraph.graph import vocabulary as v
from relgraph.graph.store import StoreWriter
from relgraph.graph.validate import validate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(
        [ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s", knowledge=SmallKnowledge()
    )
    return tmp_path / "s"


def first(native: ox.Store, predicate: ox.NamedNode, graph: ox.NamedNode | None) -> ox.Quad:
    return min(native.quads_for_pattern(None, predicate, None, graph), key=str)


def replace(native: ox.Store, quad: ox.Quad, value: ox.NamedNode | ox.Literal) -> None:
    native.remove(quad)
    native.add(ox.Quad(quad.subject, quad.predicate, value, quad.graph_name))


def change_quote(native: ox.Store) -> None:
    replace(native, first(native, v.OA_EXACT, v.article_graph("bai-1")), ox.Literal("khác"))


def change_text(native: ox.Store) -> None:
    replace(native, first(native, v.TEXT, v.article_graph("bai-2")), ox.Literal("Văn bản khác."))


def swap_bounds(native: ox.Store) -> None:
    late = ox.Literal("2099-01-01", datatype=v.XSD_DATE)
    replace(native, first(native, v.EARLIEST, v.MERGED), late)


def forget_actor(native: ox.Store) -> None:
    for quad in list(native.quads_for_pattern(v.entity_iri("gpe/turkey"), None, None, v.MERGED)):
        native.remove(quad)


def lose_mention(native: ox.Store) -> None:
    native.remove(first(native, v.REFERS_TO, v.article_graph("bai-1")))


def lose_shortcut(native: ox.Store) -> None:
    native.remove(first(native, v.DYAD, v.MERGED))


def wrong_period(native: ox.Store) -> None:
    replace(native, first(native, v.CALENDAR_PERIOD, v.MERGED), v.data_iri("period", "always"))


def two_types(native: ox.Store) -> None:
    quad = first(native, v.SEM_TYPE, v.article_graph("bai-1"))
    native.add(ox.Quad(quad.subject, quad.predicate, v.TYPES["SANCTION"], quad.graph_name))


def test_a_built_store_is_clean(folder: Path) -> None:
    with EventGraph.open(folder) as graph:
        assert validate(graph) == []


@pytest.mark.parametrize(
    ("damage", "check", "article"),
    [
        (change_quote, "quote", "bai-1"),
        (change_text, "text", "bai-2"),
        (swap_bounds, "bounds", None),
        (forget_actor, "closure", None),
        (lose_mention, "evidence", None),
        (lose_mention, "shape", "bai-1"),
        (two_types, "shape", "bai-1"),
        (lose_shortcut, "shortcut", None),
        (wrong_period, "shortcut", None),
    ],
)
def test_damage_is_found_and_placed(
    folder: Path, damage: Callable[[ox.Store], None], check: str, article: str | None
) -> None:
    with StoreWriter(folder, software="test") as writer:
        damage(writer.native)
        writer.publish()
    with EventGraph.open(folder) as graph:
        findings = [f for f in validate(graph) if f.check == check]
        assert findings
        assert article in {f.article for f in findings}
        if check in ("bounds", "closure", "evidence", "shortcut"):
            assert any(f.event for f in findings)


def test_the_command_lists_findings_and_ends_with_status_2(folder: Path) -> None:
    clean = CliRunner().invoke(app, ["validate", "--store", str(folder)])
    assert (clean.exit_code, clean.stdout) == (0, "")
    with StoreWriter(folder, software="test") as writer:
        change_quote(writer.native)
        writer.publish()
    found = CliRunner().invoke(app, ["validate", "--store", str(folder), "--format", "csv"])
    assert found.exit_code == 2
    assert {row["article"] for row in csv.DictReader(io.StringIO(found.stdout))} == {"bai-1"}


def test_a_machine_without_pyshacl_is_told_how_to_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyshacl", None)
    result = CliRunner().invoke(app, ["validate", "--store", str(folder)])
    assert result.exit_code == 2
    assert "pip install pyshacl" in result.stderr
