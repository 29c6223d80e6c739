"""A SPARQL 1.1 server is a store like a folder: real servers, started on loopback."""

import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from graph_documents import ARTICLE_1, ARTICLE_2, DOCUMENT_1, DOCUMENT_2, Extractor, SmallKnowledge
from typer.testing import CliRunner

from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph, build
from relgraph.graph.endpoint import Server, push, working_copy
from relgraph.graph.vocabulary import DATA

_OXIGRAPH = shutil.which("oxigraph") or shutil.which("oxigraph", path=sysconfig.get_path("scripts"))
_VIRTUOSO, _ISQL = shutil.which("virtuoso-t"), shutil.which("isql-vt")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server."""
    if _OXIGRAPH is None:
        pytest.skip("Oxigraph's server is not installed (pip install oxigraph)")
    port, folder = free_port(), tmp_path_factory.mktemp("oxigraph")
    command = [_OXIGRAPH, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = {sql}
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 10000000
"""


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso server on which anyone may write."""
    if _VIRTUOSO is None or _ISQL is None:
        pytest.skip("Virtuoso is not installed (apt-get install virtuoso-opensource)")
    folder, sql, http = tmp_path_factory.mktemp("virtuoso"), free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(folder=folder, sql=sql, http=http))
    process = subprocess.Popen(
        [_VIRTUOSO, "+foreground", "+configfile", str(ini)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(http, process)
        grant = "DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7); GRANT SPARQL_UPDATE TO \"SPARQL\";"
        subprocess.run([_ISQL, str(sql), "dba", "dba", f"exec={grant}"], check=True, capture_output=True)
        yield f"http://127.0.0.1:{http}/sparql"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["oxigraph", pytest.param("virtuoso", marks=pytest.mark.slow)])
def server(request: pytest.FixtureRequest) -> str:
    address: str = request.getfixturevalue(request.param)
    return address


@pytest.fixture
def local(tmp_path: Path) -> Path:
    build(
        [ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s", knowledge=SmallKnowledge()
    )
    return tmp_path / "s"


def test_a_server_answers_as_the_folder_does(server: str, local: Path) -> None:
    push(local, server)
    with EventGraph.open(local) as here, EventGraph.open(server) as there:
        assert there.events() == here.events()
        assert there.timeline("Nga", "Iran") == here.timeline("Nga", "Iran") != []
        assert there.counts() == here.counts()
        event = here.events()[0].id
        assert there.evidence(event) == here.evidence(event)
        asked = {"a": "Nga", "b": "Iran", "start": "2000"}
        shown = [(row["id"], row["earliest"], row["agents"]) for row in here.query("timeline", **asked)]
        assert [(r["id"], r["earliest"], r["agents"]) for r in there.query("timeline", **asked)] == shown
        sparql = "SELECT ?e ?t { ?e a rg:Event ; sem:eventType ?t } ORDER BY ?e"
        assert there.query(sparql).rows == here.query(sparql).rows
        assert there.query("ASK { ?e a rg:Event }").rows == ((True,),)


def test_oxigraph_gives_the_very_same_rows(oxigraph: str, local: Path) -> None:
    push(local, oxigraph)
    asked = {"a": "Nga", "b": "Iran", "start": "2000"}
    with EventGraph.open(local) as here, EventGraph.open(oxigraph) as there:
        assert there.query("timeline", **asked).rows == here.query("timeline", **asked).rows


def test_pushing_sends_what_changed(server: str, local: Path, tmp_path: Path) -> None:
    push(local, server)
    assert push(local, server) == 0
    build([ARTICLE_1], Extractor(DOCUMENT_1), tmp_path / "one", knowledge=SmallKnowledge())
    assert push(tmp_path / "one", server) > 0
    with EventGraph.open(server) as there:
        assert there.counts()["articles"] == 1


def test_a_push_leaves_nothing_behind_not_even_of_an_interrupted_one(server: str, local: Path) -> None:
    there = Server(server)
    incoming = f"{DATA}incoming/"
    there.put(f"{incoming}0", b"<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n")
    assert there.graphs(incoming) == [f"{incoming}0"]
    push(local, server)
    assert there.graphs(incoming) == []
    assert {graph.value for graph in named_graphs(local)} == set(there.graphs())
    there.close()


def named_graphs(folder: Path) -> list[Any]:
    with EventGraph.open(folder) as graph:
        return list(graph.store.native.named_graphs())


def test_a_working_copy_is_built_on_and_put_back(server: str, local: Path, tmp_path: Path) -> None:
    build([ARTICLE_1], Extractor(DOCUMENT_1), tmp_path / "one", knowledge=SmallKnowledge())
    push(tmp_path / "one", server)
    with working_copy(server) as folder:
        report = build([ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_2), folder)
    assert (report.new, report.unchanged) == ((ARTICLE_2.id,), (ARTICLE_1.id,))
    with EventGraph.open(local) as here, EventGraph.open(server) as there:
        assert there.events() == here.events()


def test_a_failed_build_leaves_the_server_as_it_was(oxigraph: str, local: Path) -> None:
    push(local, oxigraph)
    with pytest.raises(ValueError, match="stop"), working_copy(oxigraph) as folder:
        build([], Extractor(), folder, knowledge=SmallKnowledge())
        raise ValueError("stop")
    assert push(local, oxigraph) == 0


def test_a_server_is_not_changed_and_asks_no_other_by_a_query(oxigraph: str, local: Path) -> None:
    push(local, oxigraph)
    with EventGraph.open(oxigraph) as there:
        for sparql in (
            "DELETE WHERE { ?s ?p ?o }",
            "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        ):
            with pytest.raises(RelgraphError):
                there.query(sparql)
        with pytest.raises(RelgraphError, match="400"):
            there.query("SELECT ?x { ?x")


def test_what_can_t_be_reached_or_is_no_server_is_one_line(oxigraph: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    result = CliRunner().invoke(app, ["timeline", "Nga", "--store", nobody])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1 and f"{nobody}: the server can't be reached" in result.stderr
    with pytest.raises(RelgraphError, match="404"):
        EventGraph.open(f"{oxigraph}/elsewhere")


def test_the_commands_take_an_address_for_a_store(oxigraph: str, local: Path, tmp_path: Path) -> None:
    pushed = CliRunner().invoke(app, ["push", oxigraph, "--store", str(local)])
    assert pushed.exit_code == 0, pushed.stderr
    file = tmp_path / "events.txt"
    file.write_text("Russia\tConsult\tIran\t2018-09-07\n", encoding="utf-8")
    brought = CliRunner().invoke(app, ["import", "icews", str(file), "--store", oxigraph])
    assert brought.exit_code == 0, brought.stderr
    asked = ["timeline", "Nga", "Iran", "--store", oxigraph, "--format", "csv"]
    alone = CliRunner().invoke(app, asked).stdout
    both = CliRunner().invoke(app, [*asked, "--graph", "articles", "--graph", "icews"]).stdout
    assert "2018-09-07" not in alone and "2018-09-07" in both
    assert len(both.splitlines()) == len(alone.splitlines()) + 1


def test_tables_networks_and_the_description_come_from_a_server_too_but_not_rdf(
    oxigraph: str, local: Path, tmp_path: Path
) -> None:
    push(local, oxigraph)
    results = []
    for store, out in ((str(local), tmp_path / "here"), (oxigraph, tmp_path / "there")):
        out.mkdir()
        for form in ("csv", "gexf"):
            told = CliRunner().invoke(app, ["export", form, str(out / form), "--store", store])
            assert told.exit_code == 0, told.stderr
        files = {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        results.append((files, CliRunner().invoke(app, ["describe", "--store", store]).stdout))
    assert results[0] == results[1]
    refused = CliRunner().invoke(app, ["export", "ttl", str(tmp_path / "g.ttl"), "--store", oxigraph])
    assert refused.exit_code == 2 and f"{oxigraph}: this needs the whole store at hand" in refused.stderr
    assert not (tmp_path / "g.ttl").exists()
