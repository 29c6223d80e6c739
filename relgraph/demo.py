"""What the demonstration prints: what a store holds, its timeline, and two questions answered."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from relgraph.files import replacing
from relgraph.graph import BuildReport, EventGraph
from relgraph.model import Actor, Event, EventType, Precision

_ACTORS = ("Russia", "Iran")
_SPEECH = EventType.STATE  # a timeline of who said what is long; the rest is what was done
_WIDTH = 120  # columns, in the picture and where the output is no terminal


def show(store: Path, report: BuildReport, seconds: float, picture: Path | None = None) -> None:
    """Print the demonstration on standard output, and as an SVG picture where a path is given.

    Args:
        report: of the build that came before.
        seconds: how long that took.
    """
    console = Console(record=picture is not None, highlight=False)
    if picture or not console.is_terminal:
        console.width = _WIDTH
    with EventGraph.open(store) as graph:
        _show_counts(console, graph, report, seconds)
        _show_timeline(console, graph)
        _show_contact(console, graph)
        _show_office_holders(console, graph)
    console.print(
        f"\nAsk more: [bold]relgraph timeline Nga Iran --from 2025 --store {store}[/], "
        f"[bold]relgraph query --list[/]"
    )
    if picture:
        with replacing(picture) as stream:
            stream.write(console.export_svg(title="relgraph demo").encode())


def _show_counts(console: Console, graph: EventGraph, report: BuildReport, seconds: float) -> None:
    console.print(
        f"Read {len(report.new)} new and {len(report.unchanged)} known articles in {seconds:.1f} s into "
        f"[bold]{graph.folder}[/]"
    )
    console.print(" · ".join(f"{number:,} {what}" for what, number in graph.counts().items()))


def _show_timeline(console: Console, graph: EventGraph) -> None:
    types = [event_type for event_type in EventType if event_type is not _SPEECH]
    events = graph.timeline(*_ACTORS, types=types)
    table = Table(title=f"\nWhat happened between {' and '.join(_ACTORS)}", box=None, title_justify="left")
    for column in ("when", "what", "who", "whom", "where", "word"):
        table.add_column(column, no_wrap=column in ("when", "what", "word"))
    for event in events:
        if event.time is not None:
            table.add_row(
                event.time.edtf,
                _what(event),
                _names(event.agents),
                _names(event.patients),
                event.place.name if event.place else "",
                event.evidence[0].quote,
            )
    console.print(table)


def _what(event: Event) -> str:
    return f"{event.type} ({event.mode})" if event.mode else str(event.type)


def _names(actors: Iterable[Actor]) -> str:
    return ", ".join(actor.name for actor in actors)


def _show_contact(console: Console, graph: EventGraph) -> None:
    console.print("\n[bold]When did Russia and Iran first and last have contact?[/]")
    console.print("[dim]relgraph query first-and-last-contact --param a=Nga --param b=Iran[/]")
    for row in graph.query("first-and-last-contact", a="Nga", b="Iran"):
        console.print(f"  first on {row['first']}, last on {row['last']}, {row['events']} events in all")


def _show_office_holders(console: Console, graph: EventGraph) -> None:
    meetings = [
        (len(event.evidence), event.time.edtf)
        for event in graph.timeline(*_ACTORS, types=[EventType.CONSULT])
        if event.time and event.time.precision is Precision.DAY
    ]
    if not meetings:
        return
    _, day = max(meetings)
    console.print(f"\n[bold]Who were the presidents of Russia and Iran when they met on {day}?[/]")
    for state in _ACTORS:
        asked = f"--param jurisdiction={state} --param role=president --param on={day}"
        console.print(f"[dim]relgraph query office-holder {asked}[/]")
        for row in graph.query("office-holder", jurisdiction=state, role="president", on=day):
            until = row["until"] or "today"
            console.print(f"  {row['name']}, {row['office']} from {row['from']} to {until}")
