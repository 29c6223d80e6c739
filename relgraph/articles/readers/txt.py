"""Plain text: one article a file."""

from collections.abc import Iterator

from relgraph.articles.encoding import decode
from relgraph.articles.readers.base import MAX_ARTICLE_BYTES, Report, Source, read_bytes
from relgraph.model import Article


def read_txt(source: Source, report: Report) -> Iterator[Article]:
    """Yield the article of a text file."""
    text = decode(read_bytes(source, MAX_ARTICLE_BYTES), source.name)
    yield source.metadata.article(text, default_id=source.stem, where=source.name)
