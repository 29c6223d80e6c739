"""Tables: a header row, then one article a row."""

import csv
from collections.abc import Iterator, Sequence

from relgraph.articles.metadata import field_value, read_metadata
from relgraph.articles.readers.base import Report, Source
from relgraph.articles.readers.stream import MAX_RECORD_CHARACTERS, open_text, refuse_undecodable
from relgraph.articles.rules import field_names
from relgraph.errors import RelgraphError
from relgraph.model import Article

_DELIMITERS = ",;\t"  # Excel writes semicolons where the comma is the decimal sign, as in Vietnam


def read_csv(source: Source, report: Report) -> Iterator[Article]:
    """Yield the articles of a table whose header row names the columns as ``fields.yaml`` does.

    Rows are counted as a spreadsheet counts them: the header row is row 1.
    """
    for number, cells, header in _rows(source):
        where = f"{source.name}, row {number}"
        try:
            article = _article(cells, header, where, f"{source.stem}-{number}")
        except RelgraphError as error:
            report(error)
        else:
            yield article


def _rows(source: Source) -> Iterator[tuple[int, list[str], list[str]]]:
    stream = open_text(source)
    first_line = stream.readline(MAX_RECORD_CHARACTERS)
    # The limit is one of the whole process; it is only ever raised here.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_CHARACTERS))
    header, delimiter = _header(first_line, source.name)
    rows = csv.reader(stream, delimiter=delimiter)
    number = 1
    try:
        for cells in rows:
            number += 1
            if any(cell.strip() for cell in cells):
                yield number, cells, header
    except csv.Error as error:
        raise RelgraphError(
            f"{source.name}, row {number + 1}",
            f"the table breaks off ({error})",
            "mend the quotes in that row",
        ) from None


def _header(line: str, name: str) -> tuple[list[str], str]:
    """Return the column names and the delimiter with which the header row names a text column."""
    text_names = field_names()["text"]
    for delimiter in _DELIMITERS:
        header = [cell.strip().casefold() for cell in next(csv.reader([line], delimiter=delimiter))]
        if not set(text_names).isdisjoint(header):
            return header, delimiter
    names = '", "'.join(text_names)
    raise RelgraphError(name, "the header row has no column for the text", f'name a column one of "{names}"')


def _article(cells: Sequence[str], header: Sequence[str], where: str, default_id: str) -> Article:
    if len(cells) > len(header):
        raise RelgraphError(
            where,
            f"the row has {len(cells)} cells, the header row {len(header)}",
            "put texts with delimiters or line breaks in them in quotes",
        )
    for cell in cells:
        refuse_undecodable(cell, where)
    record = dict(zip(header, cells, strict=False))
    text = field_value(record, "text", where)
    if text is None:
        raise RelgraphError(where, "the row has no text", "remove the row or fill its text column")
    return read_metadata(record, where).article(text, default_id=default_id, where=where)
