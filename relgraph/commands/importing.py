"""Commands that move whole graphs: import (coded events into a store), push (a store to a server)."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from relgraph.commands.common import DEFAULT_STORE, FolderOption, StoreOption, errors, messages
from relgraph.graph.endpoint import push, working_copy
from relgraph.imports import import_events
from relgraph.kb import KnowledgeBase


class EventFormatName(StrEnum):
    """Formats of coded events."""

    ICEWS = "icews"
    GDELT = "gdelt"


def import_command(
    event_format: Annotated[EventFormatName, typer.Argument(metavar="FORMAT", help="icews or gdelt.")],
    files: Annotated[list[Path], typer.Argument(help="Files of coded events.", show_default=False)],
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Bring coded events into a graph of their own beside the articles; an earlier import is replaced."""
    with errors() as log:
        with messages.status(f"importing {event_format}") as status, working_copy(store) as folder:
            report = import_events(
                event_format.value,
                files,
                folder,
                knowledge=KnowledgeBase.load(),
                on_error=log.add,
                progress=lambda name, lines: status.update(f"importing {name}: {lines:,} lines"),
            )
        messages.print(
            f"{store}: {report.events:,} events of {report.lines:,} lines in {report.graph}, "
            f"{report.actors:,} actors of which {report.linked:,} are in the knowledge base; "
            f"{report.malformed:,} lines malformed, {report.nameless:,} without participants"
        )


def push_command(
    url: Annotated[str, typer.Argument(help="Address of a SPARQL 1.1 server.", show_default=False)],
    store: FolderOption = DEFAULT_STORE,
) -> None:
    """Bring a SPARQL server's graphs to the state of a store; what is the same there is not sent again."""
    with errors():
        with messages.status("pushing") as status:
            changed = push(store, url, lambda graph: status.update(f"pushing {graph}"))
        messages.print(f"{url}: {changed} graphs changed")
