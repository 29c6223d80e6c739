"""Files with many articles, read as a stream of text in a detected encoding."""

import io
from typing import cast

from relgraph.articles.encoding import REMEDY, detect_encoding
from relgraph.articles.readers.base import Source
from relgraph.errors import RelgraphError

_SAMPLE = 65_536  # bytes by which the encoding is told

# A record carries little beside its article's text, but JSON may write a letter in 6 characters.
MAX_RECORD_CHARACTERS = 8_000_000


def open_text(source: Source) -> io.TextIOWrapper:
    """Return the text of ``source`` as a stream with line ends as they stand.

    Bytes that can't be decoded come as lone surrogates, so that they spoil their own record only (see
    `refuse_undecodable`).

    Raises:
        RelgraphError: the file is empty, binary or in an unknown encoding.
    """
    stream = io.BufferedReader(cast(io.RawIOBase, source.stream), _SAMPLE)
    begin = stream.peek(_SAMPLE)
    if not begin.strip():
        raise RelgraphError(source.name, "the file is empty", "remove it or put articles into it")
    codec = detect_encoding(begin, source.name)
    return io.TextIOWrapper(stream, codec, errors="surrogateescape", newline="")


def refuse_undecodable(record: str, where: str) -> None:
    """Raise if ``record`` holds bytes that could not be decoded.

    Raises:
        RelgraphError: it does.
    """
    if any("\udc80" <= character <= "\udcff" for character in record if character > "\ud7ff"):
        raise RelgraphError(where, "some bytes can't be read in the encoding of the rest of the file", REMEDY)
