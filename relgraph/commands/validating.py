"""Commands that check the graph and explain its terms: validate, vocabulary."""

from pathlib import Path
from typing import Annotated

import typer

from relgraph.commands.common import DEFAULT_STORE, FolderOption, FormatOption, TableFormat, errors, messages
from relgraph.export import render
from relgraph.files import replacing
from relgraph.graph import EventGraph, QueryResult
from relgraph.graph.reference import reference_page


def validate_command(
    store: FolderOption = DEFAULT_STORE, table_format: FormatOption = TableFormat.TEXT
) -> None:
    """Check the graph: shapes, quotes, bounds, evidence, closure; exit status 2 where something is wrong."""
    from relgraph.graph.validate import validate

    with errors(), EventGraph.open(store) as graph:
        findings = validate(graph)
        if not findings:
            messages.print(f"{store}: nothing wrong")
            return
        columns = ("article", "event", "check", "node", "problem")
        rows = [(f.article, f.event, f.check, f.node, f.problem) for f in findings]
        print(render(QueryResult.of(columns, rows), table_format), end="")
        raise typer.Exit(2)


def vocabulary_command(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write.", show_default=False)
    ] = None,
) -> None:
    """Print the reference page of the vocabulary, in Markdown."""
    with errors():
        page = reference_page()
        if out is None:
            print(page, end="")
            return
        with replacing(out) as file:
            file.write(page.encode())
