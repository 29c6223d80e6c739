"""The shape that all readers share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from relgraph.articles.article import MAX_CHARACTERS
from relgraph.articles.metadata import Metadata
from relgraph.errors import RelgraphError
from relgraph.model import Article

# A Vietnamese letter takes up to 3 bytes in UTF-8, a combining sequence in windows-1258 or UTF-16 up to 4.
MAX_ARTICLE_BYTES = 4 * MAX_CHARACTERS
# Markup and scripts outweigh the text on a page; trafilatura's own limit is the same.
MAX_PAGE_BYTES = 20_000_000

Report = Callable[[RelgraphError], None]


@dataclass(frozen=True)
class Source:
    """An open file with articles.

    Attributes:
        name: how messages name it.
        stem: what the ids of its articles are made from.
        stream: its bytes, from the start.
        metadata: what a sidecar file says; readers of files with many articles leave it aside.
    """

    name: str
    stem: str
    stream: BinaryIO
    metadata: Metadata


class Reader(Protocol):
    """Reads the articles of one format.

    What spoils one article of many is handed to ``report``, what spoils the whole file is raised.
    """

    def __call__(self, source: Source, report: Report) -> Iterator[Article]:
        """Yield the articles of ``source`` in order."""


def read_bytes(source: Source, limit: int) -> bytes:
    """Return all of a file that holds one article.

    Raises:
        RelgraphError: the file is empty or has more than ``limit`` bytes.
    """
    data = source.stream.read(limit + 1)
    if not data.strip():
        raise RelgraphError(source.name, "the file is empty", "remove it or put the article's text into it")
    if len(data) > limit:
        raise RelgraphError(
            source.name,
            f"the file is larger than the {limit // 1_000_000} MB that one article may have",
            "split it into articles, one a file or one a line of a .jsonl file",
        )
    return data
