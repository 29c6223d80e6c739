"""Saved web pages: trafilatura finds the main text and what the page says about itself."""

from collections.abc import Iterator
from dataclasses import replace

import trafilatura
from trafilatura.settings import Document

from relgraph.articles.datelines import parse_date, read_dateline
from relgraph.articles.encoding import decode
from relgraph.articles.metadata import Metadata
from relgraph.articles.readers.base import MAX_PAGE_BYTES, Report, Source, read_bytes
from relgraph.articles.text import clean_text
from relgraph.errors import RelgraphError
from relgraph.model import Article

# A page's own statements only (meta elements, JSON-LD, its address): an extensive search takes dates out of
# the text, which are about what happened.
_DATE_SEARCH = {"extensive_search": False, "original_date": True}
_MIN_MAIN_TEXT = 80  # less is a menu or a notice, not an article


def read_html(source: Source, report: Report) -> Iterator[Article]:
    """Yield the article of a web page."""
    page = clean_text(decode(read_bytes(source, MAX_PAGE_BYTES), source.name))
    found = trafilatura.bare_extraction(
        page, with_metadata=True, include_comments=False, date_extraction_params=_DATE_SEARCH
    )
    if not isinstance(found, Document) or len(found.text or "") < _MIN_MAIN_TEXT:
        raise RelgraphError(
            source.name,
            "no article text is found in the page",
            "save the whole page again, or its article's text as a .txt file",
        )
    metadata = _with_page_metadata(source.metadata, found)
    text = _stored_text(page, found, metadata.title)
    yield metadata.article(text, default_id=source.stem, where=source.name)


def _with_page_metadata(sidecar: Metadata, found: Document) -> Metadata:
    """Fill what the sidecar leaves open with what the page says."""
    return replace(
        sidecar,
        published=sidecar.published or (parse_date(found.date) if found.date else None),
        title=sidecar.title or found.title or None,
        source=sidecar.source or found.sitename or None,
        url=sidecar.url or found.url or None,
        byline=sidecar.byline or found.author or None,
    )


def _stored_text(page: str, found: Document, title: str | None) -> str:
    """Return headline, the page's dateline where it prints one, and main text, one paragraph a line."""
    paragraphs = [line.strip() for line in (found.text or "").split("\n") if line.strip()]
    head = [title] if title and title not in paragraphs[:2] else []
    dateline = _printed_dateline(page)
    if dateline and dateline not in paragraphs:
        head.append(dateline)
    return "\n".join(head + paragraphs)


def _printed_dateline(page: str) -> str | None:
    """Return the first line of the page that is nothing but a date and time of publication."""
    tree = trafilatura.load_html(page)
    if tree is None:
        return None
    for element in tree.iter("time", "span", "div", "p", "li", "td", "em", "i", "small", "b", "h3", "h4"):
        if len(element) > 3:
            continue
        line = " ".join(element.text_content().split())
        dateline = read_dateline(line)
        if dateline and dateline.certain and dateline.text_from is None:
            return line
    return None
