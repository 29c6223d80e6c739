"""The command line as a user meets it: what it prints, what it writes, how it fails."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from relgraph.cli import app

MEETING = """Nga và Iran bàn về hợp tác năng lượng

09:15 06/03/2019

Ngày 5/3, Tổng thống Nga Vladimir Putin đã gặp Tổng thống Iran Hassan Rouhani tại Moskva.

Bộ trưởng Quốc phòng Nga Sergei Shoigu sẽ thăm Tehran vào tuần tới.
"""
SIGNING = """Iran và Nga ký thỏa thuận mới

Thứ tư, 10/04/2019 08:00 AM

Hôm 9/4, Ngoại trưởng Nga Sergey Lavrov và Ngoại trưởng Iran Mohammad Javad Zarif đã ký một thỏa thuận ở Tehran.
"""


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "gap-go.txt").write_text(MEETING, encoding="utf-8")
    (folder / "ky-ket.txt").write_text(SIGNING, encoding="utf-16")
    return folder


@pytest.fixture(scope="module")
def store(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stores") / "store"
    result = run("build", articles, "--store", folder)
    assert result.exit_code == 0, result.output
    assert "2 new" in result.stderr
    return folder


def rows(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def test_a_timeline_shows_the_meeting_with_its_day_and_people(store: Path) -> None:
    result = run("timeline", "Nga", "Iran", "--store", store, "--format", "csv")
    assert result.exit_code == 0
    meetings = [row for row in rows(result.stdout) if row["type"] == "CONSULT"]
    assert {row["time"] for row in meetings} == {"2019-03-05"}
    assert any({"Vladimir Putin", "Hassan Rouhani"} <= set(row["agents"].split(", ")) for row in meetings)


def test_planned_events_are_shown_only_when_asked_for(store: Path) -> None:
    happened = run("timeline", "Nga", "--store", store, "--format", "csv").stdout
    assert "planned" not in happened
    planned = run("timeline", "Nga", "--store", store, "--format", "csv", "--factuality", "planned").stdout
    assert any("Sergey Shoigu" in row["agents"] for row in rows(planned))


def test_a_timeline_can_be_limited_in_time(store: Path) -> None:
    window = ("--from", "2019-04", "--to", "2019-04", "--store", store, "--format", "csv")
    times = {row["time"] for row in rows(run("timeline", "Nga", "Iran", *window).stdout)}
    assert times
    assert all(time.startswith("2019-04") for time in times)


def test_tables_come_as_text_csv_and_json(store: Path) -> None:
    query = "SELECT (COUNT(*) AS ?articles) WHERE { GRAPH ?g { ?a a rg:Article } }"
    text, table, data = (
        run("query", query, "--store", store, "--format", style) for style in ("text", "csv", "json")
    )
    assert text.stdout.split() == ["articles", "--------", "2"]
    assert rows(table.stdout) == [{"articles": "2"}]
    assert json.loads(data.stdout)["results"]["bindings"][0]["articles"]["value"] == "2"


def test_a_query_comes_from_a_file_or_by_name_with_parameters(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("ASK { ?event a sem:Event }", encoding="utf-8")
    assert "true" in run("query", "--file", file, "--store", store).stdout.lower()
    named = run(
        "query", "first-and-last-contact", "-p", "a=Nga", "-p", "b=Iran", "-s", store, "--format", "csv"
    )
    assert rows(named.stdout)[0]["first"] == "2019-03-05"


def test_named_queries_are_listed_with_their_parameters() -> None:
    listing = run("query", "--list").stdout
    assert "timeline" in listing
    assert "jurisdiction" in listing


@pytest.mark.parametrize(("form", "mark"), [("graphml", b"<graphml"), ("ttl", b"@prefix"), ("trig", b"{")])
def test_exports_are_written(store: Path, tmp_path: Path, form: str, mark: bytes) -> None:
    out = tmp_path / f"out.{form}"
    result = run("export", form, out, "--store", store)
    assert result.exit_code == 0, result.output
    assert mark in out.read_bytes()


def test_an_export_names_the_files_it_wrote(store: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a\n")
    told = run("export", "csv", tmp_path, "--store", store).stderr
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        f"{tmp_path}/nodes.csv",
        f"{tmp_path}/edges.csv",
    ]


def test_building_again_processes_nothing(store: Path, articles: Path) -> None:
    result = run("build", articles, "--store", store)
    assert result.exit_code == 0
    assert "0 new, 0 replaced, 2 unchanged" in result.stderr


def test_extract_writes_documents_whose_offsets_hold(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "docs.jsonl"
    assert run("extract", articles, "-o", out).exit_code == 0
    documents = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [document["id"] for document in documents] == ["gap-go", "ky-ket"]
    for document in documents:
        spans = [*document["mentions"], *document["timexes"], *(e["trigger"] for e in document["events"])]
        assert spans
        assert all(document["text"][s["start"] : s["end"]] == s["text"] for s in spans)


def test_extract_reads_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "docs.jsonl"
    result = run("extract", "-", "-o", out, stdin=MEETING.encode())
    assert result.exit_code == 0, result.output
    assert result.stderr == ""  # it is no terminal: no progress, not even its empty line
    assert json.loads(out.read_text(encoding="utf-8"))["dct"] == "2019-03-06"


def test_an_undated_article_is_kept_and_said_to_be_so(tmp_path: Path) -> None:
    file = tmp_path / "khong-ngay.txt"
    file.write_text("Nga và Iran hợp tác\n\nÔng Putin hôm qua gặp ông Rouhani tại Sochi.\n", encoding="utf-8")
    out = tmp_path / "docs.jsonl"
    result = run("extract", file, "-o", out)
    assert "has no date" in result.stderr
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["dct"] is None
    assert {event["time"] for event in document["events"]} == {None}


# --- bad input --------------------------------------------------------------------------------------------

TCVN3 = b"T\xe6ng th\xe8ng Nga g\xc6p T\xe6ng th\xe8ng Iran \xae\xd3 b\xb5n v\xd2 hi\xd6p \xad\xedc. "

HARD_TO_READ: dict[str, tuple[str, Callable[[Path], object]]] = {
    "empty": ("a.txt", lambda path: path.write_bytes(b"")),
    "blank": ("a.txt", lambda path: path.write_text(" \n\n\t")),
    "binary": ("a.txt", lambda path: path.write_bytes(bytes(range(256)) * 40)),
    "image": ("a.txt", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 200)),
    "10 MB": ("a.txt", lambda path: path.write_text("Nga và Iran ký thỏa thuận. " * 400_000)),
    "broken HTML": ("a.html", lambda path: path.write_text("<html><body><div><p></div><scr")),
    "TCVN3": ("a.txt", lambda path: path.write_bytes(TCVN3 * 9)),
    "bad JSON": ("a.jsonl", lambda path: path.write_text('{"id": "x", "text": \n')),
    "no text column": ("a.csv", lambda path: path.write_text("id,name\n1,2\n")),
}


@pytest.mark.parametrize("kind", HARD_TO_READ)
def test_what_cannot_be_read_is_named_and_the_rest_is_processed(kind: str, tmp_path: Path) -> None:
    name, write = HARD_TO_READ[kind]
    write(tmp_path / name)
    (tmp_path / "good.txt").write_text(MEETING, encoding="utf-8")
    out = tmp_path.parent / f"{tmp_path.name}.jsonl"
    result = run("extract", tmp_path, "-o", out)
    errors = [line for line in result.stderr.splitlines() if line.startswith("error:")]
    assert result.exit_code == 2
    assert len(errors) == 1
    assert name in errors[0]
    assert ";" in errors[0], "the remedy is missing"
    assert "Traceback" not in result.output
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()] == ["good"]


@pytest.mark.parametrize("name", ["nowhere.txt", "nothing-*.txt"])
def test_paths_that_lead_nowhere_are_named(name: str, tmp_path: Path) -> None:
    result = run("extract", tmp_path / name, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 2
    assert name in result.stderr


def test_a_build_that_reads_nothing_makes_no_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    result = run("build", tmp_path / "nowhere.txt", "--store", store)
    assert result.exit_code == 2
    assert "nowhere.txt" in result.stderr and "no article was read, so no store was made" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_reads_nothing_leaves_a_store_as_it_was(store: Path, tmp_path: Path) -> None:
    result = run("build", tmp_path / "nowhere.txt", "--store", store)
    assert result.exit_code == 2
    assert "now 2 articles" in result.stderr


def test_duplicates_are_named_and_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(MEETING, encoding="utf-8")
    (tmp_path / "b.txt").write_text(MEETING, encoding="utf-8")
    result = run("build", tmp_path, "--store", tmp_path / "store")
    assert result.exit_code == 2
    assert "a.txt" in result.stderr
    assert "b.txt" in result.stderr
    assert "1 new" in result.stderr


BAD_QUERIES = {
    "syntax": "SELECT ?x WHERE { ?x ?y",
    "update": "DELETE WHERE { ?s ?p ?o }",
    "remote": "SELECT * WHERE { SERVICE <http://example.org/sparql> { ?s ?p ?o } }",
    "unknown name": "no-such-query",
}


@pytest.mark.parametrize("kind", BAD_QUERIES)
def test_bad_queries_are_told_in_one_line(store: Path, kind: str) -> None:
    result = run("query", BAD_QUERIES[kind], "--store", store)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "ASK { ?s ?p ?o }"),
        ("timeline", "Nga"),
        ("export", "ttl", "out.ttl"),
    ],
)
def test_a_store_that_is_not_there_is_told(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = run(*arguments, "--store", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("explain", "e"),
        ("split", "e", "a:1-2"),
        ("merge", "e", "f"),
        ("validate",),
        ("push", "http://127.0.0.1:7879"),
    ],
)
def test_commands_that_need_a_folder_refuse_an_address(arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--store", "http://127.0.0.1:7878")
    assert result.exit_code == 2
    told = "error: http://127.0.0.1:7878: this needs the whole store at hand; give the folder of a store\n"
    assert result.output == told


def test_an_unknown_actor_brings_suggestions(store: Path) -> None:
    result = run("timeline", "Shoygu Sergej", "--store", store)
    assert result.exit_code == 2
    assert "(per/sergey-shoigu)" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("query", ""), "the query is empty"),
        (
            ("timeline", ""),
            "error: the empty name: no actor in the graph has this name; relgraph query top-actors",
        ),
        (("timeline", "Nga", "Nga"), "these are the same actor; name two different actors"),
        (("timeline", "Nga", "--graph", "foo"), "choose one of: articles, icews, gdelt"),
        (("query", "series", "-p", "a=Nga", "-p", "b=Iran", "-p", "by=decade"), "month, quarter, year"),
        (("query", "SELECT ?e FROM <http://nowhere/> { ?e a sem:Event }"), "FROM"),
    ],
)
def test_wrong_use_is_told_in_one_line(store: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments, "--store", store)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""


def test_a_parameter_that_is_none_is_told(store: Path) -> None:
    result = run("query", "timeline", "-p", "Nga", "--store", store)
    assert result.exit_code == 2
    assert "NAME=VALUE" in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_files_that_may_not_be_read_or_written_are_named(articles: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed.txt"
    closed.write_text(MEETING, encoding="utf-8")
    closed.chmod(0)
    assert "closed.txt" in run("extract", closed).stderr


def test_output_that_cannot_be_written_is_named(articles: Path, tmp_path: Path) -> None:
    result = run("extract", articles, "-o", tmp_path / "no-folder" / "docs.jsonl")
    assert result.exit_code == 2
    assert "docs.jsonl" in result.stderr


def test_a_reader_that_closes_the_pipe_is_no_error(articles: Path) -> None:
    command = f"{sys.executable} -m relgraph extract {articles} | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.stdout == '{"id":"gap'
