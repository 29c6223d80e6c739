"""Commands that ask about time, and about what is told of it: around, contacts, series, plans, evidence, …"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from relgraph.commands.common import (
    DEFAULT_STORE,
    FactualityOption,
    FormatOption,
    GraphOption,
    StoreOption,
    TableFormat,
    errors,
    messages,
)
from relgraph.export import event_table, render
from relgraph.graph import EventGraph, QueryResult
from relgraph.graph.store import ARTICLES
from relgraph.graph.temporal import LONGEST_PATH, QUAD_CLASSES
from relgraph.model import Actor, Event, Factuality, PeriodLength, TimeRelation

ActorArgument = Annotated[
    str, typer.Argument(help="An actor, by Vietnamese or English name.", show_default=False)
]
EventArgument = Annotated[str, typer.Argument(help="An event's id, from a timeline.", show_default=False)]
FromOption = Annotated[
    str | None, typer.Option("--from", help="First day (2018, 2018-04, 2018-04-05).", show_default=False)
]
ToOption = Annotated[str | None, typer.Option("--to", help="Last day.", show_default=False)]


def around_command(
    event: EventArgument,
    a: Annotated[
        str | None, typer.Argument(help="An actor; else the event's participants.", show_default=False)
    ] = None,
    relation: Annotated[
        TimeRelation | None, typer.Option("--relation", help="Only events that lie so.", show_default=False)
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=0, help="Only within so many days of the event.", show_default=False),
    ] = None,
    factuality: FactualityOption = [Factuality.ACTUAL],  # noqa: B006  (typer reads it once)
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show what happened before, during and after an event."""
    with errors(), EventGraph.open(store, graph_names) as graph:
        found = graph.around(event, relation, a, days=days, factuality=factuality)
        added = QueryResult.of(("relation", "certain"), [(one.relation.value, one.certain) for one in found])
        events = event_table(one.event for one in found)
        rows = [(*left, *right) for left, right in zip(added.terms, events.terms, strict=True)]
        print(render(QueryResult((*added.columns, *events.columns), rows), table_format), end="")


def contacts_command(
    a: ActorArgument,
    b: ActorArgument,
    factuality: FactualityOption = [Factuality.ACTUAL],  # noqa: B006  (typer reads it once)
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show the first and the last event between two actors."""
    with errors(), EventGraph.open(store, graph_names) as graph:
        found = graph.contacts(a, b, factuality=factuality)
        # one event is both where there is only one
        events = {event.id: event for event in (found.first, found.last) if event}
        print(render(event_table(events.values()), table_format), end="")


def co_participants_command(
    a: ActorArgument,
    start: FromOption = None,
    end: ToOption = None,
    factuality: FactualityOption = [Factuality.ACTUAL],  # noqa: B006  (typer reads it once)
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show who takes part in events together with an actor, most often first."""
    with errors(), EventGraph.open(store, graph_names) as graph:
        rows = [
            (one.actor.key, one.actor.name, one.events, one.first, one.last)
            for one in graph.co_participants(a, start, end, factuality=factuality)
        ]
        columns = ("actor", "name", "events", "first", "last")
        print(render(QueryResult.of(columns, rows), table_format), end="")


def paths_command(
    a: ActorArgument,
    b: ActorArgument,
    start: FromOption = None,
    end: ToOption = None,
    longest: Annotated[int, typer.Option("--longest", min=1, max=LONGEST_PATH, help="Steps at most.")] = 3,
    factuality: FactualityOption = [Factuality.ACTUAL],  # noqa: B006  (typer reads it once)
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show chains of actors that lead from one to another through dated events."""
    with errors(), EventGraph.open(store, graph_names) as graph:
        found = graph.paths(a, b, start, end, longest=longest, factuality=factuality)
        rows = [
            (number, step.source.name, step.target.name, len(step.events), ", ".join(step.events))
            for number, path in enumerate(found, start=1)
            for step in path
        ]
        print(render(QueryResult.of(("path", "from", "to", "count", "events"), rows), table_format), end="")


def series_command(
    a: ActorArgument,
    b: ActorArgument,
    start: FromOption = None,
    end: ToOption = None,
    by: Annotated[PeriodLength, typer.Option("--by", help="How time is divided.")] = PeriodLength.MONTH,
    factuality: FactualityOption = [Factuality.ACTUAL],  # noqa: B006  (typer reads it once)
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show how many events of each quad class two actors have, period by period, and their balance.

    The balance is cooperation less conflict as a share of both, from -1 to 1. A period of which no event is
    told has no row. The last row, without a period, counts events whose time is too vague for one.
    """
    with errors(), EventGraph.open(store, graph_names) as graph:
        found = graph.series(a, b, start, end, by=by, factuality=factuality)
        rows: list[tuple[object, ...]] = [
            (one.period, *counts, _rounded(one.balance), None)
            for one in found.periods
            if any(counts := [getattr(one, name) for name in QUAD_CLASSES])
        ]
        if found.unplaced:
            rows.append((None, *([None] * len(QUAD_CLASSES)), None, found.unplaced))
        columns = ("period", *QUAD_CLASSES, "balance", "unplaced")
        print(render(QueryResult.of(columns, rows), table_format), end="")


def plans_command(
    a: Annotated[str | None, typer.Argument(help="Only plans of this actor.", show_default=False)] = None,
    start: FromOption = None,
    end: ToOption = None,
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show what was planned and whether articles tell that it happened."""
    with errors(), EventGraph.open(store, graph_names) as graph:
        rows = [
            (*_about(p.event), p.outcome, p.event.id, ", ".join(event.id for event in p.told_by) or None)
            for p in graph.plans(a, start, end)
        ]
        columns = ("time", "type", "agents", "patients", "outcome", "event", "told_by")
        print(render(QueryResult.of(columns, rows), table_format), end="")


def evidence_command(
    event: EventArgument,
    graph_names: GraphOption = [ARTICLES],  # noqa: B006  (typer reads it once)
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show where an event is reported, down to the words and the sentence."""
    with errors(), EventGraph.open(store, graph_names) as graph:
        rows = [
            (e.published, e.article, e.source, e.start, e.end, e.quote, e.sentence)
            for e in graph.evidence(event)
        ]
        if not rows:
            messages.print(f"note: {event}: comes from coded data, which quote no article", markup=False)
        columns = ("published", "article", "source", "start", "end", "quote", "sentence")
        print(render(QueryResult.of(columns, rows), table_format), end="")


def changes_command(
    earlier: Annotated[Path, typer.Argument(help="Folder of the earlier store.", show_default=False)],
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show which events a store tells otherwise than an earlier one."""
    with errors(), EventGraph.open(earlier) as before, EventGraph.open(store) as after:
        found = after.changes_since(before)
        rows = [
            *(_change("added", event, None) for event in found.added),
            *(_change("removed", event, None) for event in found.removed),
            *(_change("changed", pair.after, pair.before) for pair in found.changed),
        ]
        columns = ("change", "time", "type", "agents", "patients", "event", "before")
        print(render(QueryResult.of(columns, rows), table_format), end="")


def _change(kind: str, event: Event, before: Event | None) -> tuple[str | None, ...]:
    return (kind, *_about(event), event.id, before.id if before else None)


def _about(event: Event) -> tuple[str | None, ...]:
    """Return the event's time, type, agents and patients."""
    when = event.time.edtf if event.time else None
    return when, event.type.value, _names(event.agents), _names(event.patients)


def _names(actors: Iterable[Actor]) -> str | None:
    return ", ".join(actor.name for actor in actors) or None


def _rounded(balance: float | None) -> float | None:
    return None if balance is None else round(balance, 2)
