"""The command that draws the pictures of the README: gallery."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from relgraph.commands.common import errors, messages
from relgraph.export.gallery import write_gallery
from relgraph.graph import EventGraph, build
from relgraph.kb import KnowledgeBase
from relgraph.model import Article, Document
from relgraph.resources import shipped


def gallery_command(
    folder: Annotated[
        Path, typer.Argument(help="Where to write the pictures; made if missing.", show_default=False)
    ],
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Articles to draw; by default the sample articles.", show_default=False),
    ] = None,
    pair: Annotated[
        tuple[str, str], typer.Option("--between", help="The two actors whose relation is drawn.")
    ] = ("Russia", "Iran"),
) -> None:
    """Draw a picture of each kind from articles: text, network, timeline, months, meetings, plans.

    \b
    The README's own pictures:
      relgraph gallery data/pictures
    """
    from relgraph.articles import read_articles
    from relgraph.pipeline import extract, load

    documents: list[Document] = []

    def extracted(articles: Iterable[Article]) -> Iterator[Document]:
        for document in extract(load(), articles):
            documents.append(document)
            yield document

    with errors() as log, tempfile.TemporaryDirectory() as work:
        store = Path(work, "store")
        with messages.status("reading articles"):
            articles = read_articles(paths or [shipped("data", "articles")], on_error=log.add)
            build(articles, extracted, store, knowledge=KnowledgeBase.load())
        with EventGraph.open(store) as graph:
            for path in write_gallery(graph, documents, folder, *pair):
                messages.print(f"{path}: written, {path.stat().st_size:,} bytes")
