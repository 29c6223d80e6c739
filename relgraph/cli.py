"""The command line: parses arguments, calls the library, prints."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

import relgraph.export
from relgraph.demo import show as show_demo
from relgraph.errors import RelgraphError
from relgraph.export import event_table, render
from relgraph.files import replacing
from relgraph.graph import BuildReport, EventGraph, build, named_queries
from relgraph.kb import KnowledgeBase
from relgraph.model import Article, EventType, Factuality
from relgraph.resources import shipped

if TYPE_CHECKING:  # spaCy and underthesea take seconds to load: only the commands that read articles do
    from relgraph.evaluation import Scores

DEFAULT_STORE = Path("relgraph-store")

app = typer.Typer(
    name="relgraph",
    help="Vietnamese news on Russia-Iran relations as an event knowledge graph.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_messages = Console(stderr=True, highlight=False, soft_wrap=True)


class TableFormat(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


class ExportFormat(StrEnum):
    """Formats that the graph is exported to."""

    GRAPHML = "graphml"
    TTL = "ttl"
    TRIG = "trig"


Paths = Annotated[
    list[str],
    typer.Argument(help="Files, folders, glob patterns, or - for standard input.", show_default=False),
]
StoreOption = Annotated[Path, typer.Option("--store", "-s", help="Folder of the store.")]
FormatOption = Annotated[TableFormat, typer.Option("--format", help="How the answer is printed.")]
FactualityOption = Annotated[
    list[Factuality], typer.Option("--factuality", help="Which events; give it again for several.")
]


# --- commands ---------------------------------------------------------------------------------------------


@app.command("demo")
def demo_command(
    store: StoreOption = DEFAULT_STORE,
    picture: Annotated[
        Path | None, typer.Option(help="Also write what is printed as an SVG picture.", show_default=False)
    ] = None,
) -> None:
    """Build a graph from the sample articles and show what it holds and answers."""
    with _errors() as errors:
        started = time.perf_counter()
        report = _build([str(shipped("data", "articles"))], store, errors)
        show_demo(store, report, time.perf_counter() - started, picture)


@app.command("extract")
def extract_command(
    paths: Paths,
    out: Annotated[str, typer.Option("--out", "-o", help="File to write, - for standard output.")] = "-",
    model: Annotated[str, typer.Option(help="Which pipeline.")] = "rules",
) -> None:
    """Read articles and write their documents, one JSON object a line."""
    from relgraph.articles import read_articles
    from relgraph.pipeline import extract, load

    with _errors() as errors, _progress("extracting") as advance:
        articles = read_articles(paths, on_error=errors.add, stdin=sys.stdin.buffer)
        documents = extract(load(model), _counted(_noting_undated(articles), advance))
        lines = (document.model_dump_json() + "\n" for document in documents)
        if out == "-":
            sys.stdout.writelines(lines)
        else:
            with replacing(Path(out)) as stream:
                stream.writelines(line.encode() for line in lines)


@app.command("build")
def build_command(paths: Paths, store: StoreOption = DEFAULT_STORE) -> None:
    """Add articles to a store; what is there already is not processed again."""
    with _errors() as errors:
        report = _build(paths, store, errors)
        _messages.print(
            f"{store}: {len(report.new)} new, {len(report.replaced)} replaced, "
            f"{len(report.unchanged)} unchanged; now {report.articles} articles, "
            f"{report.entities} entities, {report.events} events"
        )


@app.command("query")
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
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
    list_queries: Annotated[bool, typer.Option("--list", help="Show the named queries and stop.")] = False,
) -> None:
    """Ask the graph by a named query or in SPARQL."""
    with _errors():
        if list_queries:
            _list_queries()
            return
        text = _query_text(query, file)
        with EventGraph.open(store) as graph:
            result = graph.query(text, **_parameters(param or []))
            print(render(result, table_format), end="")


@app.command("timeline")
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
    store: StoreOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show the events of an actor, or between two, in order of time."""
    with _errors(), EventGraph.open(store) as graph:
        events = graph.timeline(
            a,
            b,
            start,
            end,
            factuality=factuality,
            types=event_type or None,
            include_affiliated=not only_self,
        )
        print(render(event_table(events), table_format), end="")


@app.command("export")
def export_command(
    export_format: Annotated[ExportFormat, typer.Argument(metavar="FORMAT", help="graphml, ttl or trig.")],
    out: Annotated[Path, typer.Argument(help="File to write.", show_default=False)],
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Write the graph for other tools: GraphML for Gephi, Turtle (merged events), TriG (everything)."""
    with _errors(), EventGraph.open(store) as graph:
        relgraph.export.write(graph, export_format.value, out)
        _messages.print(f"{out}: written, {out.stat().st_size:,} bytes")


@app.command("evaluate")
def evaluate_command(
    gold_dir: Annotated[Path, typer.Argument(help="Folder of ID.gold.json files.", show_default=False)],
    articles_dir: Annotated[
        Path | None,
        typer.Argument(help="Folder of the articles ID.txt; default: the gold folder.", show_default=False),
    ] = None,
    aliases: Annotated[
        Path | None,
        typer.Option(help="Names of one entity; default: aliases.tsv in or beside the gold folder."),
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="Also write the extracted documents here.", show_default=False)
    ] = None,
    model: Annotated[str, typer.Option(help="Which pipeline.")] = "rules",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score extraction against gold documents."""
    from relgraph.evaluation import NameNormaliser, read_gold, score
    from relgraph.pipeline import extract, load

    with _errors():
        pairs = read_gold(gold_dir, articles_dir)
        names = aliases or next(
            (p for p in (gold_dir / "aliases.tsv", gold_dir.parent / "aliases.tsv") if p.is_file()), None
        )
        with _progress("extracting", total=len(pairs)) as advance:
            articles = _counted((article for article, _ in pairs), advance)
            predictions = {document.id: document for document in extract(load(model), articles)}
        if documents:
            with replacing(documents) as stream:
                stream.writelines(f"{d.model_dump_json()}\n".encode() for d in predictions.values())
        scores = score((gold for _, gold in pairs), predictions, NameNormaliser(names))
        print(_scores_json(scores) if as_json else _scores_text(scores))


# --- what commands share ----------------------------------------------------------------------------------


class _ErrorLog:
    """The errors of a run: each is printed when it comes, and the exit status tells of them at the end."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, error: RelgraphError) -> None:
        self.count += 1
        _messages.print(f"error: {' '.join(str(error).split())}", markup=False, style="red")


@contextmanager
def _errors() -> Iterator[_ErrorLog]:
    """Print errors as one line each; leave with exit status 2 if there were any."""
    log = _ErrorLog()
    try:
        yield log
    except RelgraphError as error:
        log.add(error)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        name = error.filename or "this machine"
        log.add(RelgraphError(name, error.strerror or str(error), "see that it can be read and written"))
    if log.count:
        raise typer.Exit(2)


@contextmanager
def _progress(task: str, total: int | None = None) -> Iterator[Any]:
    """Show a count of articles on standard error where it is a terminal."""
    columns = (SpinnerColumn(), TextColumn(task), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=_messages, transient=True) as progress:
        bar = progress.add_task("", total=total)
        yield lambda name: progress.update(bar, advance=1, description=name)


def _counted(articles: Iterable[Article], advance: Any) -> Iterator[Article]:
    for article in articles:
        yield article
        advance(article.id)


def _noting_undated(articles: Iterable[Article]) -> Iterator[Article]:
    for article in articles:
        if article.published is None:
            _messages.print(f"note: {article.path or article.id}: has no date; kept as undated", markup=False)
        yield article


def _build(paths: list[str], store: Path, errors: _ErrorLog) -> BuildReport:
    from relgraph.articles import read_articles
    from relgraph.pipeline import extract, load

    with _progress("building") as advance:
        articles = read_articles(paths, on_error=errors.add, stdin=sys.stdin.buffer)
        report = build(
            _noting_undated(articles),
            lambda needed: extract(load(), needed),
            store,
            knowledge=KnowledgeBase.load(),
            progress=lambda article_id, outcome: advance(f"{article_id}: {outcome}"),
        )
    for article_id, first in report.duplicates.items():
        errors.add(RelgraphError(article_id, f"the same text as {first}", "remove one of the two"))
    for problem in report.problems:
        errors.add(RelgraphError(store, problem, "mend the article and build again"))
    return report


def _query_text(query: str | None, file: Path | None) -> str:
    if (query is None) == (file is None):
        raise RelgraphError("query", "give either a query or a file", "see relgraph query --help")
    if file is None:
        return query or ""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RelgraphError(file, f"is not UTF-8 ({error.reason})", "save it as UTF-8") from error


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
            print(f"      {parameter.name} ({parameter.kind}{needed}): {parameter.about}")


def _scores_text(scores: "Scores") -> str:
    lines = [f"{'':14}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'pred':>7}"]
    lines += [
        f"{row:14}{f.precision:7.1f}{f.recall:7.1f}{f.f1:7.1f}{f.gold:7}{f.predicted:7}"
        for row, f in scores.rows.items()
    ]
    lines.append(f"{'factuality':14}{scores.factuality:7.1f} % of {scores.factuality_total} events found")
    return "\n".join(lines)


def _scores_json(scores: "Scores") -> str:
    import json

    rows: dict[str, Any] = {
        row: {
            "P": round(f.precision, 1),
            "R": round(f.recall, 1),
            "F1": round(f.f1, 1),
            "gold": f.gold,
            "pred": f.predicted,
        }
        for row, f in scores.rows.items()
    }
    rows["factuality"] = {"accuracy": round(scores.factuality, 1), "events": scores.factuality_total}
    return json.dumps(rows)


def main() -> None:
    """Run the command line; what a pipe's reader does not want is not an error."""
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        _messages.print("interrupted; what was published stays")
        sys.exit(130)
