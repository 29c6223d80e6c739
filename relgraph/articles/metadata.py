"""What is known about an article beside its text, from sidecar files, JSON objects and table rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from relgraph.articles.article import article_from_text
from relgraph.articles.datelines import parse_date
from relgraph.articles.encoding import decode, refuse_garbled
from relgraph.articles.rules import field_names
from relgraph.articles.text import clean_text
from relgraph.errors import RelgraphError
from relgraph.model import Article


@dataclass(frozen=True)
class Metadata:
    """What a source gives about an article; None where it gives nothing."""

    id: str | None = None
    published: date | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    byline: str | None = None

    def article(self, text: str, *, default_id: str, where: str) -> Article:
        """Return the article of ``text``; ``where`` names its place for messages.

        Raises:
            RelgraphError: the text can't be used.
        """
        refuse_garbled(text, where)
        return article_from_text(
            text,
            article_id=self.id or default_id,
            published=self.published,
            title=self.title,
            source=self.source,
            url=self.url,
            byline=self.byline,
            path=where,
        )


def read_metadata(mapping: Mapping[str, object], where: str) -> Metadata:
    """Return what ``mapping`` gives under the names of ``fields.yaml``.

    Raises:
        RelgraphError: a value has the wrong type, or the date can't be read.
    """
    return Metadata(
        id=field_value(mapping, "id", where),
        published=_published(mapping, where),
        title=field_value(mapping, "title", where),
        source=field_value(mapping, "source", where),
        url=field_value(mapping, "url", where),
        byline=field_value(mapping, "byline", where),
    )


def field_value(mapping: Mapping[str, object], field: str, where: str) -> str | None:
    """Return the text that ``mapping`` gives for ``field``, None where it gives none.

    Raises:
        RelgraphError: the value is not text or a number.
    """
    folded = {key.strip().casefold(): value for key, value in mapping.items()}
    for name in field_names()[field]:
        value = folded.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise RelgraphError(where, f'"{name}" is not text', f'give "{name}" as a string in quotes')
        if bare := clean_text(str(value)):
            return bare
    return None


def read_sidecar(path: Path) -> Metadata:
    """Return what the file ``X.json`` beside the article's ``path`` gives; nothing where there is none.

    Raises:
        RelgraphError: the sidecar is no JSON object, or a value in it can't be used.
    """
    sidecar = path.with_suffix(".json")
    if not sidecar.is_file():
        return Metadata()
    try:
        content = json.loads(decode(sidecar.read_bytes(), sidecar))
    except json.JSONDecodeError as error:
        raise RelgraphError(
            sidecar, f"line {error.lineno} is not JSON ({error.msg})", "mend or remove the sidecar file"
        ) from None
    if not isinstance(content, dict):
        raise RelgraphError(sidecar, "it is not a JSON object", 'write it as {"published": "2018-04-05", …}')
    return read_metadata(content, str(sidecar))


def _published(mapping: Mapping[str, object], where: str) -> date | None:
    value = field_value(mapping, "published", where)
    if value is None:
        return None
    if day := parse_date(value):
        return day
    raise RelgraphError(
        where, f'the date "{value[:60]}" can\'t be read', "write it as year-month-day, such as 2018-04-05"
    )
