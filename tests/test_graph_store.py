"""The store keeps its promises: atomic under SIGKILL, closed to foreign and damaged folders, open to readers."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from graph_documents import ARTICLE_1, ARTICLE_2, DOCUMENT_1, DOCUMENT_2, Extractor, SmallKnowledge, synthetic
from rdflib import RDF, URIRef

from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph, build, vocabulary
from relgraph.graph.store import FORMAT, Store, StoreWriter

BUILDER = """
import sys
sys.path.insert(0, {tests!r})
from graph_documents import Extractor, synthetic
from relgraph.graph import build
pairs = [synthetic(n) for n in range({articles})]
print("ready", flush=True)
build([a for a, _ in pairs], Extractor(*[d for _, d in pairs]), {store!r}, publish_after={publish_after})
print("done", flush=True)
"""


def builder(store: Path, *, articles: int, publish_after: float) -> "subprocess.Popen[str]":
    code = BUILDER.format(
        tests=str(Path(__file__).parent), store=str(store), articles=articles, publish_after=publish_after
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def small(folder: Path) -> Path:
    build([ARTICLE_1], Extractor(DOCUMENT_1), folder, knowledge=SmallKnowledge())
    return folder


def merged(folder: Path) -> set[str]:
    with Store.open(folder) as store:
        return {str(q) for q in store.native.quads_for_pattern(None, None, None, vocabulary.MERGED)}


def articles_in(folder: Path) -> set[str]:
    with EventGraph.open(folder) as graph:
        return {row["article"] for row in graph.query("articles")}


# --- killed at any moment ---


def test_killed_at_random_moments_the_store_is_whole_and_the_next_build_goes_on(tmp_path: Path) -> None:
    store, chance = tmp_path / "s", random.Random(0)
    pairs = {a.id: (a, d) for a, d in map(synthetic, range(12))}
    before: set[str] = set()
    for _ in range(6):
        process = builder(store, articles=12, publish_after=0)
        time.sleep(chance.uniform(0, 0.8))
        process.kill()
        assert process.wait() in (-signal.SIGKILL, 0)
        if not (store / "store.json").exists():
            continue
        present = articles_in(store)
        assert before <= present
        before = present
        shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
        chosen = [pairs[one] for one in present]
        build([a for a, _ in chosen], Extractor(*[d for _, d in chosen]), tmp_path / "fresh")
        assert merged(store) == merged(tmp_path / "fresh")
    process = builder(store, articles=12, publish_after=0)
    assert process.wait() == 0
    assert articles_in(store) == set(pairs)
    assert sorted(p.name for p in store.iterdir() if not p.name.startswith("g")) == [
        "store.json",
        "writer.lock",
    ]
    assert len(list(store.glob("g*"))) == 1


@pytest.mark.parametrize("step", range(8))
def test_killed_between_any_two_steps_of_a_publication_the_store_is_old_or_new(
    tmp_path: Path, step: int
) -> None:
    """Every call that changes the file system from here on is counted; before the nth, the process dies."""
    store = small(tmp_path / "s")
    old = merged(store)
    build([ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "new")
    code = f"""
import os, signal, sys, shutil, pathlib
sys.path.insert(0, {str(Path(__file__).parent)!r})
from graph_documents import *
from relgraph.graph import build
from relgraph.graph.store import StoreWriter
calls = 0
def count(event, arguments):
    global calls
    writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if event in ("os.rename", "os.remove", "os.rmdir", "shutil.rmtree") or writing:
        if calls == {step}:
            os.kill(os.getpid(), signal.SIGKILL)
        calls += 1
publish = StoreWriter.publish
def counted(self):
    sys.addaudithook(count)
    publish(self)
StoreWriter.publish = counted
build([ARTICLE_2], Extractor(DOCUMENT_2), {str(store)!r})
"""
    process = subprocess.run([sys.executable, "-c", code], check=False)
    assert process.returncode == -signal.SIGKILL
    assert merged(store) in (old, merged(tmp_path / "new"))
    build([ARTICLE_2], Extractor(DOCUMENT_2), store)
    assert merged(store) == merged(tmp_path / "new")


# --- what is no store ---


def test_a_missing_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(RelgraphError, match="there is no such store; name the store's folder, or build it"):
        EventGraph.open(tmp_path / "nirgends")
    assert not (tmp_path / "nirgends").exists()


def test_a_folder_or_file_that_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(RelgraphError, match="is not a relgraph store"):
        EventGraph.open(tmp_path)
    with pytest.raises(RelgraphError, match="is a file, not a store"):
        EventGraph.open(tmp_path / "a.txt")
    with pytest.raises(RelgraphError, match="can't be written"):
        build([], Extractor(), tmp_path / "a.txt")


@pytest.mark.parametrize("write", [False, True])
def test_a_store_of_another_version_is_told(tmp_path: Path, write: bool) -> None:
    store = small(tmp_path / "s")
    manifest = json.loads((store / "store.json").read_text())
    (store / "store.json").write_text(json.dumps(manifest | {"format": FORMAT + 1}))
    with pytest.raises(RelgraphError, match=f"has format {FORMAT + 1}, this relgraph reads format {FORMAT}"):
        build([], Extractor(), store) if write else EventGraph.open(store)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        f'{{"format": {FORMAT}}}'.encode(),
        f'{{"format": {FORMAT}, "generation": "../.."}}'.encode(),
        b"\xff\xfe",
        f'{{"format": {FORMAT}, "generation": "g999999"}}'.encode(),
    ],
)
def test_a_damaged_manifest_is_told(tmp_path: Path, content: bytes) -> None:
    store = small(tmp_path / "s")
    (store / "store.json").write_bytes(content)
    for attempt in (lambda: EventGraph.open(store), lambda: build([], Extractor(), store)):
        with pytest.raises(
            RelgraphError, match=r"the store is damaged.*build it again from the articles into a new folder"
        ):
            attempt()


@pytest.mark.parametrize("publications", [1, 2])
def test_a_store_that_lost_its_manifest_is_told_and_kept(tmp_path: Path, publications: int) -> None:
    store = small(tmp_path / "s")
    if publications > 1:
        build([ARTICLE_2], Extractor(DOCUMENT_2), store)
    whole, manifest = merged(store), (store / "store.json").read_bytes()
    (store / "store.json").unlink()
    lost = r"the store is damaged \(store\.json is missing\); build it again .* into a new folder"
    with pytest.raises(RelgraphError, match=lost):
        build([ARTICLE_1], Extractor(DOCUMENT_1), store)
    (store / "store.json").write_bytes(manifest)
    assert merged(store) == whole


def test_what_a_killed_first_publication_leaves_is_no_lost_store(tmp_path: Path) -> None:
    store = small(tmp_path / "s")
    (store / "store.json").unlink()
    shutil.copytree(store / "g000001", store / "work")
    build([ARTICLE_2], Extractor(DOCUMENT_2), store)
    assert articles_in(store) == {ARTICLE_2.id}


@pytest.mark.parametrize("victim", ["CURRENT", "MANIFEST-*", "*.sst", "OPTIONS-*"])
@pytest.mark.parametrize("damage", ["removed", "cut", "scrambled"])
def test_a_damaged_database_is_an_error_of_one_line_or_still_whole(
    tmp_path: Path, victim: str, damage: str
) -> None:
    store = small(tmp_path / "s")
    whole = merged(store)
    (generation,) = store.glob("g*")
    for path in generation.glob(victim):
        content = path.read_bytes()
        path.unlink()  # the file is shared with other generations by hard links
        if damage == "cut":
            path.write_bytes(content[: len(content) // 2])
        elif damage == "scrambled":
            path.write_bytes(bytes(255 - byte for byte in content))
    try:
        assert merged(store) == whole
    except RelgraphError as error:
        assert "the store is damaged" in str(error) and "\n" not in str(error)


def test_a_store_without_its_generation_is_told(tmp_path: Path) -> None:
    store = small(tmp_path / "s")
    shutil.rmtree(next(store.glob("g*")))
    with pytest.raises(RelgraphError, match=r"damaged.*g000001 is missing"):
        EventGraph.open(store)


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    store = small(tmp_path / "s")
    with (
        StoreWriter(store, software="1"),
        pytest.raises(RelgraphError, match="another process is writing to this store; wait"),
    ):
        build([], Extractor(), store)
    build([ARTICLE_2], Extractor(DOCUMENT_2), store)


# --- readers ---


def test_a_reader_keeps_what_it_opened_while_a_writer_publishes(tmp_path: Path) -> None:
    store = small(tmp_path / "s")
    with EventGraph.open(store) as reader:
        before = reader.counts()["articles"]
        for number in range(3):
            source, told = synthetic(number)
            build([source], Extractor(told), store)
            with EventGraph.open(store) as newer:
                assert newer.counts()["articles"] == before + number + 1
        assert len(reader.query("articles")) == before
        assert len(reader.query("SELECT ?a { GRAPH ?g { ?a a rg:Article } }")) == before
        assert reader.events()
    build([ARTICLE_2], Extractor(DOCUMENT_2), store)
    assert len(list(store.glob("g*"))) == 1


def test_readers_in_another_process_are_never_disturbed_by_a_writer(tmp_path: Path) -> None:
    store = small(tmp_path / "s")
    process = builder(store, articles=10, publish_after=0)
    seen = [0]
    while process.poll() is None:
        with EventGraph.open(store) as graph:
            seen.append(len(graph.query("articles")))
            assert (
                len(
                    {
                        e.article
                        for event in graph.events(factuality=["actual", "planned"])
                        for e in event.evidence
                    }
                )
                == seen[-1]
            )
    assert process.returncode == 0
    assert seen == sorted(seen)


def test_reading_needs_no_right_to_write(tmp_path: Path) -> None:
    store = small(tmp_path / "s")
    files = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    for path in (*store.rglob("*"), store):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with EventGraph.open(store) as graph:
        assert graph.timeline("Nga", "Iran")
        assert len(graph.query("SELECT * { ?e a rg:Event }")) == 3
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == files
    for path in (store, *store.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_folders_that_may_not_be_used_are_told(tmp_path: Path) -> None:
    store = small(tmp_path / "s")
    store.chmod(0o000)
    try:
        with pytest.raises(RelgraphError, match="can't be read: Permission denied"):
            EventGraph.open(store)
        with pytest.raises(RelgraphError, match="can't be written: Permission denied"):
            build([], Extractor(), store)
    finally:
        store.chmod(0o755)


def test_the_data_set_is_read_only_through_rdflib(tmp_path: Path) -> None:
    with EventGraph.open(small(tmp_path / "s")) as graph:
        events = set(graph.merged.subjects(RDF.type, URIRef(vocabulary.EVENT.value)))
        assert len(events) == 3
        with pytest.raises(RuntimeError):
            graph.dataset.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
