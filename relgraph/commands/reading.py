"""Commands that read articles: extract, build, demo."""

import sys
import time
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import typer

from relgraph.commands.common import (
    DEFAULT_STORE,
    CorrectionsOption,
    ErrorLog,
    FolderOption,
    ModelOption,
    Paths,
    StoreOption,
    counted,
    errors,
    messages,
    noting_undated,
    progress,
)
from relgraph.demo import show as show_demo
from relgraph.errors import RelgraphError
from relgraph.files import replacing
from relgraph.graph import BuildReport, build
from relgraph.graph.endpoint import working_copy
from relgraph.graph.store import is_store
from relgraph.kb import KnowledgeBase
from relgraph.resources import DEFAULT_MODEL, shipped


def demo_command(
    store: FolderOption = DEFAULT_STORE,
    picture: Annotated[
        Path | None, typer.Option(help="Also write what is printed as an SVG picture.", show_default=False)
    ] = None,
) -> None:
    """Build a graph from the sample articles and show what it holds and answers."""
    with errors() as log:
        started = time.perf_counter()
        report = _build([str(shipped("data", "articles"))], store, log)
        show_demo(store, report, time.perf_counter() - started, picture)


def extract_command(
    paths: Paths,
    out: Annotated[str, typer.Option("--out", "-o", help="File to write, - for standard output.")] = "-",
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Read articles and write their documents, one JSON object a line."""
    from relgraph.articles import read_articles
    from relgraph.pipeline import extract, load

    with errors() as log, progress("extracting") as advance:
        articles = read_articles(paths, on_error=log.add, stdin=sys.stdin.buffer)
        documents = extract(load(model), counted(noting_undated(articles), advance))
        lines = (document.model_dump_json() + "\n" for document in documents)
        if out == "-":
            sys.stdout.writelines(lines)
        else:
            with replacing(Path(out)) as stream:
                stream.writelines(line.encode() for line in lines)


def build_command(
    paths: Paths,
    store: StoreOption = DEFAULT_STORE,
    corrections: CorrectionsOption = None,
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Add articles to a store; what is there already is not processed again, whichever model read it."""
    with errors() as log:
        with working_copy(store) as folder:
            report = _build(paths, folder, log, corrections, model)
        messages.print(
            f"{store}: {len(report.new)} new, {len(report.replaced)} replaced, "
            f"{len(report.unchanged)} unchanged; now {report.articles} articles, "
            f"{report.entities} entities, {report.events} events"
        )


def _build(
    paths: list[str],
    store: Path,
    log: ErrorLog,
    corrections: Path | None = None,
    model: str = DEFAULT_MODEL,
) -> BuildReport:
    from relgraph.articles import read_articles
    from relgraph.pipeline import extract, load

    with progress("building") as advance:
        articles = noting_undated(read_articles(paths, on_error=log.add, stdin=sys.stdin.buffer))
        foremost = list(islice(articles, 1))
        if not foremost and not is_store(store):
            raise RelgraphError(store, "no article was read, so no store was made", "name articles to read")
        report = build(
            chain(foremost, articles),
            lambda needed: extract(load(model), needed),
            store,
            knowledge=KnowledgeBase.load(),
            progress=lambda article_id, outcome: advance(f"{article_id}: {outcome}"),
            corrections=corrections,
        )
    for article_id, first in report.duplicates.items():
        log.add(RelgraphError(article_id, f"the same text as {first}", "remove one of the two"))
    for problem in report.problems:
        log.add(RelgraphError(store, problem, "mend the article and build again"))
    return report
