"""Commands that hand the graph to other tools: export, describe."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import relgraph.export
from relgraph.commands.common import DEFAULT_STORE, StoreOption, errors, messages
from relgraph.export import Selection
from relgraph.graph import EventGraph
from relgraph.model import EventType, Factuality


class ExportFormat(StrEnum):
    """Formats that the graph is exported to."""

    GRAPHML = "graphml"
    GEXF = "gexf"
    TTL = "ttl"
    TRIG = "trig"
    NQ = "nq"
    JSONLD = "jsonld"
    CSV = "csv"
    PARQUET = "parquet"
    PNG = "png"
    SVG = "svg"


def export_command(
    export_format: Annotated[ExportFormat, typer.Argument(metavar="FORMAT", help="See above.")],
    out: Annotated[
        Path, typer.Argument(help="File to write; for csv and parquet a folder.", show_default=False)
    ],
    actor: Annotated[
        list[str] | None,
        typer.Option(
            help="Events of this actor, by name or key; given several times, those that bring two together.",
            show_default=False,
        ),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="First day (2018, 2018-04, 2018-04-05).", show_default=False)
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day.", show_default=False)] = None,
    event_type: Annotated[
        list[EventType] | None,
        typer.Option("--type", help="Events of this type; give it again for several.", show_default=False),
    ] = None,
    factuality: Annotated[
        list[Factuality] | None,
        typer.Option(help="Which events; give it again for several.", show_default=False),
    ] = None,
    only_self: Annotated[
        bool, typer.Option("--only-self", help="Leave out events of a state's people, bodies and cities.")
    ] = False,
    data_set: Annotated[
        str | None,
        typer.Option(
            help="Coded events of this imported data set instead of the articles'.", show_default=False
        ),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Write the graph, or a part of it, for other tools.

    \b
    For Gephi     graphml, gexf  (gexf has a timeline, and offices and memberships as intervals)
    Tables        csv, parquet   (OUT is a folder for the tables of nodes and of edges)
    RDF           ttl            (one flat graph)
                  trig, nq, jsonld  (with the named graphs)
    Pictures      png, svg       (always of the whole graph)

    Networks and tables hold actual events, RDF those of every factuality, unless --factuality says otherwise.

    \b
    Examples:
      relgraph export gexf all.gexf
      relgraph export graphml russia-iran.graphml --actor Nga --actor Iran --from 2015 --to 2018-06
      relgraph export csv tables/ --type CONSULT --type AGREE --factuality planned
      relgraph export graphml putin.graphml --actor "Vladimir Putin"
      relgraph export trig iran.trig --actor Iran --only-self
    """
    selection = Selection(
        actors=tuple(actor or ()),
        start=start,
        end=end,
        types=tuple(event_type) if event_type else None,
        factuality=tuple(factuality) if factuality else None,
        include_affiliated=not only_self,
        data_set=data_set,
    )
    with errors(), EventGraph.open(store) as graph:
        for file in relgraph.export.write(graph, export_format.value, out, selection):
            messages.print(f"{file}: written, {file.stat().st_size:,} bytes", markup=False)


def describe_command(store: StoreOption = DEFAULT_STORE) -> None:
    """Describe the data set for catalogues and SPARQL tools, as Turtle in the terms of VoID and DCAT."""
    with errors(), EventGraph.open(store) as graph:
        relgraph.export.describe(graph, sys.stdout.buffer)
