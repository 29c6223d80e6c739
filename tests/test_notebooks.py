"""The notebooks run with a real kernel, and hold the answers that they gave when they were committed."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from relgraph.graph import named_queries

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def by_name(path: Path) -> str:
    return path.stem


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def kinds_of_output(notebook: nbformat.NotebookNode) -> list[set[str]]:
    """The MIME types and streams that each cell of code put out."""
    return [
        {kind for output in cell.outputs for kind in output.get("data", {output.get("name", "error"): ""})}
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_there_are_notebooks() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook with what its cells put out now; raises where one raises."""
    fresh = read(path)
    folder = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources=folder).execute()
    return fresh


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_a_notebook_runs_and_puts_out_what_is_committed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELGRAPH_SHARED", str(tmp_path / "absent"))
    assert kinds_of_output(executed(path)) == kinds_of_output(read(path))


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", ["04-two-founding-articles", "05-articles-against-coded-data"])
def test_a_notebook_runs_on_the_shared_folder(
    name: str, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELGRAPH_SHARED", str(shared.resolve()))
    first = executed(FOLDER / f"{name}.ipynb").cells[1].outputs
    said = "".join(output.get("text", "") for output in first)
    assert "founding articles" in said or "icews18_test.txt" in said


def test_what_is_committed_comes_from_the_samples() -> None:
    """Sentences of the founding articles must not enter the repository."""
    for name, samples in (
        ("04-two-founding-articles", "two sample articles"),
        ("05-articles-against-coded-data", "icews-sample.txt"),
    ):
        first = next(cell for cell in read(FOLDER / f"{name}.ipynb").cells if cell.cell_type == "code")
        assert samples in "".join(output.get("text", "") for output in first.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_committed_outputs_are_there_without_errors_or_local_paths(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell.outputs for cell in cells)
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [
        output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"
    ]
    text = "".join(str(output) for output in outputs)
    assert "/tmp/" not in text
    assert str(Path.home()) + "/" not in text


def test_every_named_query_is_shown() -> None:
    source = "".join(cell.source for cell in read(FOLDER / "03-sparql-by-example.ipynb").cells)
    assert not [name for name in named_queries() if f'graph.query("{name}"' not in source]
