"""Commands that ask about time, and about what is told of it: around, contacts, series, plans, evidence, …"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rdflib import Literal

from relgraph.commands.common import DEFAULT_STORE, FormatOption, StoreOption, TableFormat, errors
from relgraph.export import event_table, render
from relgraph.graph import EventGraph, QueryResult
from relgraph.model import Actor, Event, PeriodLength, TimeRelation

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
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show what happened before, during and after an event."""
    with errors(), EventGraph.open(store) as graph:
        found = graph.around(event, relation, a, days=days)
        added = [(one.relation.value, one.certain) for one in found]
        events = event_table(one.event for one in found)
        rows = [(*left, *right) for left, right in zip(_literals(added), events.terms, strict=True)]
        print(render(QueryResult(("relation", "certain", *events.columns), rows), table_format), end="")


def contacts_command(
    a: ActorArgument,
    b: ActorArgument,
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show the first and the last event between two actors."""
    with errors(), EventGraph.open(store) as graph:
        found = graph.contacts(a, b)
        # one event is both where there is only one
        events = {event.id: event for event in (found.first, found.last) if event}
        print(render(event_table(events.values()), table_format), end="")


def co_participants_command(
    a: ActorArgument,
    start: FromOption = None,
    end: ToOption = None,
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show who takes part in events together with an actor, most often first."""
    with errors(), EventGraph.open(store) as graph:
        rows = [
            (one.actor.key, one.actor.name, one.events, one.first, one.last)
            for one in graph.co_participants(a, start, end)
        ]
        print(render(table(("actor", "name", "events", "first", "last"), rows), table_format), end="")


def paths_command(
    a: ActorArgument,
    b: ActorArgument,
    start: FromOption = None,
    end: ToOption = None,
    longest: Annotated[int, typer.Option("--longest", min=1, help="Steps at most.")] = 3,
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show chains of actors that lead from one to another through dated events."""
    with errors(), EventGraph.open(store) as graph:
        rows = [
            (number, step.source.name, step.target.name, len(step.events), ", ".join(step.events))
            for number, path in enumerate(graph.paths(a, b, start, end, longest=longest), start=1)
            for step in path
        ]
        print(render(table(("path", "from", "to", "count", "events"), rows), table_format), end="")


def series_command(
    a: ActorArgument,
    b: ActorArgument,
    start: FromOption = None,
    end: ToOption = None,
    by: Annotated[PeriodLength, typer.Option("--by", help="How time is divided.")] = PeriodLength.MONTH,
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show how many events of each quad class two actors have, period by period, and their balance.

    The balance is cooperation less conflict as a share of both, from -1 to 1. A period of which no event is
    told has no row. The last row, without a period, counts events whose time is too vague for one.
    """
    with errors(), EventGraph.open(store) as graph:
        found = graph.series(a, b, start, end, by=by)
        classes = (
            "verbal_cooperation",
            "material_cooperation",
            "verbal_conflict",
            "material_conflict",
            "neutral",
        )
        rows: list[Sequence[Any]] = [
            (one.period, *counts, _rounded(one.balance), None)
            for one in found.periods
            if any(counts := [getattr(one, name) for name in classes])
        ]
        if found.unplaced:
            rows.append((None, *([None] * len(classes)), None, found.unplaced))
        print(render(table(("period", *classes, "balance", "unplaced"), rows), table_format), end="")


def plans_command(
    a: Annotated[str | None, typer.Argument(help="Only plans of this actor.", show_default=False)] = None,
    start: FromOption = None,
    end: ToOption = None,
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show what was planned and whether articles tell that it happened."""
    with errors(), EventGraph.open(store) as graph:
        rows = [
            (*_about(p.event), p.outcome, p.event.id, ", ".join(event.id for event in p.told_by) or None)
            for p in graph.plans(a, start, end)
        ]
        columns = ("time", "type", "agents", "patients", "outcome", "event", "told_by")
        print(render(table(columns, rows), table_format), end="")


def evidence_command(
    event: EventArgument,
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show where an event is reported, down to the words and the sentence."""
    with errors(), EventGraph.open(store) as graph:
        rows = [
            (e.published, e.article, e.source, e.start, e.end, e.quote, e.sentence)
            for e in graph.evidence(event)
        ]
        columns = ("published", "article", "source", "start", "end", "quote", "sentence")
        print(render(table(columns, rows), table_format), end="")


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
        print(render(table(columns, rows), table_format), end="")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> QueryResult:
    """Return Python values as a table that can be printed in any style; None is an empty cell."""
    return QueryResult(columns, _literals(rows))


def _literals(rows: Iterable[Sequence[Any]]) -> list[list[Literal | None]]:
    return [[None if value is None else Literal(value) for value in row] for row in rows]


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
