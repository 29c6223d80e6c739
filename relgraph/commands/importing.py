"""Commands that bring in other people's events: import."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from relgraph.commands.common import DEFAULT_STORE, StoreOption, errors, messages
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
        with messages.status(f"importing {event_format}") as status:
            report = import_events(
                event_format.value,
                files,
                store,
                knowledge=KnowledgeBase.load(),
                on_error=log.add,
                progress=lambda name, lines: status.update(f"importing {name}: {lines:,} lines"),
            )
        messages.print(
            f"{store}: {report.events:,} events of {report.lines:,} lines in {report.graph}, "
            f"{report.actors:,} actors of which {report.linked:,} are in the knowledge base; "
            f"{report.malformed:,} lines malformed, {report.nameless:,} without participants"
        )
