"""Commands that ask a store: query, timeline, as-of."""

from pathlib import Path
from typing import Annotated, Any

import typer

from relgraph.commands.common import (
    DEFAULT_STORE,
    FactualityOption,
    FormatOption,
    GraphOption,
    StoreOption,
    TableFormat,
    errors,
)
from relgraph.errors import RelgraphError
from relgraph.export import event_table, render, states_table
from relgraph.graph import EventGraph, NamedQuery, named_queries
from relgraph.graph.store import ARTICLES
from relgraph.model import EventType, Factuality


def query_command(
    query: Annotated[
        str | None, typer.Argument(help="Name of a query, or SPARQL text.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="File with SPARQL text.", show_default=False)
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", help="NAME=VALUE, of a named query.", show_default=False),
    ] = None,
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
    list_queries: Annotated[bool, typer.Option("--list", help="Show the named queries and stop.")] = False,
    show: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Print a named query's SPARQL for other tools and stop.", show_default=False
        ),
    ] = None,
) -> None:
    """Ask the graph by a named query or in SPARQL."""
    with errors():
        if list_queries:
            _list_queries()
            return
        if show is not None:
            print(_named(show).text, end="")
            return
        text = _query_text(query, file)
        with EventGraph.open(store, graph_names) as graph:
            result = graph.query(text, **_parameters(param or []))
            print(render(result, table_format), end="")


def timeline_command(
    a: Annotated[str, typer.Argument(help="An actor, by Vietnamese or English name.", show_default=False)],
    b: Annotated[str | None, typer.Argument(help="Another actor who takes part.", show_default=False)] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="First day (2018, 2018-04, 2018-04-05).", show_default=False)
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day.", show_default=False)] = None,
    event_type: Annotated[
        list[EventType] | None, typer.Option("--type", help="Only events of this type.", show_default=False)
    ] = None,
    factuality: FactualityOption = [Factuality.ACTUAL],  # noqa: B006  (typer reads it once)
    only_self: Annotated[
        bool, typer.Option("--only-self", help="Leave out events of a state's people, bodies and cities.")
    ] = False,
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    certain: Annotated[
        bool, typer.Option("--certain", help="Only what surely happened between the two days.")
    ] = False,
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show the events of an actor, or between two, in order of time."""
    with errors(), EventGraph.open(store, graph_names) as graph:
        events = graph.timeline(
            a,
            b,
            start,
            end,
            certain=certain,
            factuality=factuality,
            types=event_type or None,
            include_affiliated=not only_self,
        )
        print(render(event_table(events), table_format), end="")


def as_of_command(
    on: Annotated[str, typer.Argument(metavar="DATE", help="The day (2018-04-05).", show_default=False)],
    actor: Annotated[
        list[str] | None,
        typer.Option(
            "--actor",
            "-a",
            help="Only what concerns this actor; give it twice for the latest events between two as well.",
            show_default=False,
        ),
    ] = None,
    only_self: Annotated[
        bool, typer.Option("--only-self", help="Leave out a state's people, bodies and cities.")
    ] = False,
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show what held on a day: who held which office, and who belonged to what."""
    with errors():
        if len(actors := actor or []) > 2:
            raise RelgraphError("--actor", f"it is given {len(actors)} times", "give two actors at most")
        with EventGraph.open(store, graph_names) as graph:
            states = graph.as_of(on, *actors, include_affiliated=not only_self)
            print(render(states_table(states), table_format), end="")


def _query_text(query: str | None, file: Path | None) -> str:
    if (query is None) == (file is None):
        raise RelgraphError("query", "give either a query or a file", "see relgraph query --help")
    if file is None:
        return query or ""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RelgraphError(file, f"is not UTF-8 ({error.reason})", "save it as UTF-8") from error


def _named(name: str) -> NamedQuery:
    queries = named_queries()
    if name not in queries:
        raise RelgraphError(
            name, "there is no query of that name", f"the named queries are: {', '.join(queries)}"
        )
    return queries[name]


def _parameters(texts: list[str]) -> dict[str, Any]:
    """Return parameters by name; one that is given several times is a list."""
    parameters: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise RelgraphError(text, "is not NAME=VALUE", "write for example --param a=Nga")
        parameters.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in parameters.items()}


def _list_queries() -> None:
    for query in named_queries().values():
        print(f"{query.name}\n    {query.about}")
        for parameter in query.parameters:
            needed = "" if parameter.required else ", optional"
            kind = "|".join(parameter.choices) or parameter.kind
            print(f"      {parameter.name} ({kind}{needed}): {parameter.about}")
