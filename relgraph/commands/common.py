"""What the commands share: arguments, messages, errors and progress."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from relgraph.errors import RelgraphError
from relgraph.graph.endpoint import endpoint_url
from relgraph.model import Article, Document, Factuality

_Read = TypeVar("_Read", Article, Document)

DEFAULT_STORE = Path("relgraph-store")

messages = Console(stderr=True, highlight=False, soft_wrap=True)
"""Standard error, for everything that is not the answer itself."""


class TableFormat(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def _refuse_address(store: Path) -> Path:
    with errors():
        if url := endpoint_url(store):
            raise RelgraphError(url, "this needs the whole store at hand", "give the folder of a store")
    return store


Paths = Annotated[
    list[str],
    typer.Argument(help="Files, folders, glob patterns, or - for standard input.", show_default=False),
]
StoreOption = Annotated[
    Path, typer.Option("--store", "-s", help="Folder of the store, or address of a server.")
]
FolderOption = Annotated[
    Path, typer.Option("--store", "-s", help="Folder of the store.", callback=_refuse_address)
]
ModelOption = Annotated[
    str,
    typer.Option(
        help="What reads: encoder (the trained network), rules (lighter, no network), or a folder that "
        "relgraph train made."
    ),
]
GraphOption = Annotated[
    list[str],
    typer.Option(
        "--graph", help="Whose events: articles, icews, gdelt; give it again to ask several together."
    ),
]
CorrectionsOption = Annotated[
    Path | None,
    typer.Option(
        "--corrections",
        help="File of corrections of merging; default: corrections.jsonl in the store's folder.",
        show_default=False,
    ),
]
FormatOption = Annotated[TableFormat, typer.Option("--format", help="How the answer is printed.")]
FactualityOption = Annotated[
    list[Factuality], typer.Option("--factuality", help="Which events; give it again for several.")
]


class ErrorLog:
    """The errors of a run: each is printed when it comes, and the exit status tells of them at the end."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, error: RelgraphError) -> None:
        """Print the error and count it."""
        self.count += 1
        messages.print(f"error: {' '.join(str(error).split())}", markup=False, style="red")


@contextmanager
def errors() -> Iterator[ErrorLog]:
    """Print errors as one line each; leave with exit status 2 if there were any."""
    log = ErrorLog()
    try:
        yield log
    except RelgraphError as error:
        log.add(error)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        name = error.filename or "this machine"
        log.add(RelgraphError(name, error.strerror or str(error), "see that it can be read and written"))
    if log.count:
        raise typer.Exit(2)


@contextmanager
def progress(task: str, total: int | None = None) -> Iterator[Any]:
    """Show a count of articles on standard error where it is a terminal."""
    columns = (SpinnerColumn(), TextColumn(task), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns,
        TextColumn("{task.description}"),
        console=messages,
        transient=True,
        disable=not messages.is_terminal,  # else a file or pipe gets an empty line
    ) as progress:
        bar = progress.add_task("", total=total)
        yield lambda name: progress.update(bar, advance=1, description=name)


def counted(articles: Iterable[_Read], advance: Any) -> Iterator[_Read]:
    """Yield the articles or documents, telling ``advance`` the id of each when it is done with."""
    for article in articles:
        yield article
        advance(article.id)


def noting_undated(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield the articles, with a message for each that has no date."""
    for article in articles:
        if article.published is None:
            messages.print(f"note: {article.path or article.id}: has no date; kept as undated", markup=False)
        yield article
