"""JSON lines: one object with one article a line."""

import json
from collections.abc import Iterator

from relgraph.articles.metadata import field_value, read_metadata
from relgraph.articles.readers.base import Report, Source
from relgraph.articles.readers.stream import MAX_RECORD_CHARACTERS, open_text, refuse_undecodable
from relgraph.articles.rules import field_names
from relgraph.errors import RelgraphError
from relgraph.model import Article


def read_jsonl(source: Source, report: Report) -> Iterator[Article]:
    """Yield the articles of a file with a JSON object a line; blank lines are passed over."""
    for number, line in _lines(source):
        if not line.strip():
            continue
        try:
            article = _article(line, f"{source.name}, line {number}", f"{source.stem}-{number}")
        except RelgraphError as error:
            report(error)
        else:
            yield article


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    stream = open_text(source)
    number = 0
    while line := stream.readline(MAX_RECORD_CHARACTERS):
        number += 1
        if len(line) == MAX_RECORD_CHARACTERS and not line.endswith("\n"):
            raise RelgraphError(
                f"{source.name}, line {number}",
                f"the line has over {MAX_RECORD_CHARACTERS:,} characters",
                "write one JSON object with one article a line",
            )
        yield number, line


def _article(line: str, where: str, default_id: str) -> Article:
    refuse_undecodable(line, where)
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        problem = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise RelgraphError(
            where, f"the line is not JSON ({problem})", "write one JSON object a line"
        ) from None
    if not isinstance(record, dict):
        raise RelgraphError(where, "the line is not a JSON object", 'write it as {"id": "…", "text": "…"}')
    text = field_value(record, "text", where)
    if text is None:
        names = '", "'.join(field_names()["text"])
        raise RelgraphError(where, "the object has no text", f'give the text as one of "{names}"')
    return read_metadata(record, where).article(text, default_id=default_id, where=where)
