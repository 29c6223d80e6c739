"""Commands that hand the graph to other tools: export."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import relgraph.export
from relgraph.commands.common import DEFAULT_STORE, StoreOption, errors, messages
from relgraph.graph import EventGraph


class ExportFormat(StrEnum):
    """Formats that the graph is exported to."""

    GRAPHML = "graphml"
    TTL = "ttl"
    TRIG = "trig"
    PNG = "png"
    SVG = "svg"


def export_command(
    export_format: Annotated[
        ExportFormat, typer.Argument(metavar="FORMAT", help="graphml, ttl, trig, png or svg.")
    ],
    out: Annotated[Path, typer.Argument(help="File to write.", show_default=False)],
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Write the graph for other tools: GraphML for Gephi, Turtle (merged events), TriG (everything).

    Or draw it as a picture, PNG or SVG: the most active actors, what is between them, and when.
    """
    with errors(), EventGraph.open(store) as graph:
        relgraph.export.write(graph, export_format.value, out)
        messages.print(f"{out}: written, {out.stat().st_size:,} bytes")
