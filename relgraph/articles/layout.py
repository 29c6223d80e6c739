"""The layout of an article's text: what each paragraph is, and what head and foot tell about the article.

A paragraph is a line that is not blank. Each step below decides some lines and leaves those already decided
alone, so the order of steps in `read_layout` is the order of certainty.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile

from relgraph.articles.datelines import Dateline, read_dateline
from relgraph.articles.furniture import LONG, find_furniture
from relgraph.articles.signs import MAX_HEADLINE, is_byline, is_caption, looks_like_headline
from relgraph.articles.source import source_of_byline, source_of_lead
from relgraph.model import Zone, ZoneKind

_PARAGRAPHS_IN_HEADER = 2  # some pages print the date under the lead
_FOOTER_LINES = 3
_BYLINE_WITHIN = 3  # lines from the article's end
_REPEATED_WITH_NUMBER = re.compile(r"\s*[-–]\s*(?:ảnh|hình|photo)\s*\d*\.?$", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """What an article's text tells by its layout; None where it doesn't."""

    zones: tuple[Zone, ...]
    headline: str | None
    published: date | None
    source: str | None
    byline: str | None


@dataclass
class _Line:
    start: int
    text: str
    kind: ZoneKind | None = None


def read_layout(text: str, title: str | None = None) -> Layout:
    """Return the layout of ``text``, whose headline is ``title`` where that is known."""
    lines = list(_lines(text))
    _mark_furniture(lines)
    published = _mark_datelines(lines)
    headline = _mark_headline(lines, title)
    bylines = _mark_bylines(lines)
    _mark_captions(lines)
    _mark_body(lines, titled=bool(headline or title))
    return Layout(
        zones=tuple(
            Zone(kind=line.kind or ZoneKind.BODY, start=line.start, end=line.start + len(line.text))
            for line in lines
        ),
        headline=headline,
        published=published,
        source=_source(lines, bylines),
        byline=", ".join(bylines) or None,
    )


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        if bare := line.strip():
            yield _Line(start + line.index(bare), bare)
        start += len(line) + 1


def _mark_furniture(lines: list[_Line]) -> None:
    for position in find_furniture([line.text for line in lines]):
        lines[position].kind = ZoneKind.FURNITURE


def _mark_datelines(lines: list[_Line]) -> date | None:
    """Mark the lines that say when the page was published and return the best of their dates.

    Dates in the body are about what happened, so only the page's head counts, and its foot where the line
    shows more than a date.
    """
    undecided = [line for line in lines if line.kind is None]
    found = list(_datelines(_head(undecided)))
    if not found:
        foot = _datelines(_foot(undecided))
        found = [(line, read) for line, read in foot if read.certain and read.text_from is None]
    for line, dateline in found:
        if dateline.text_from is None:
            line.kind = ZoneKind.DATELINE
    # A page's clock ("Thứ Hai, 29/04/2024" at the very top) has no time of day; an article's date mostly has.
    best = min((dateline for _, dateline in found), key=lambda d: (d.update, not d.clock), default=None)
    return best.day if best else None


def _head(lines: list[_Line]) -> Iterator[_Line]:
    """Yield the lines up to the end of the second paragraph."""
    paragraphs = 0
    for line in lines:
        if paragraphs == _PARAGRAPHS_IN_HEADER:
            return
        paragraphs += (
            len(line.text) >= LONG and not looks_like_headline(line.text) and not is_caption(line.text)
        )
        yield line


def _foot(lines: list[_Line]) -> list[_Line]:
    """Return the short lines after the last paragraph."""
    short = list(takewhile(lambda line: len(line.text) < LONG, reversed(lines)))
    return short[:_FOOTER_LINES]


def _datelines(lines: Iterator[_Line] | list[_Line]) -> Iterator[tuple[_Line, Dateline]]:
    body_began = False
    for line in lines:
        dateline = read_dateline(line.text)
        if dateline and (not body_began or (dateline.certain and dateline.text_from is None)):
            yield line, dateline
        body_began = body_began or (len(line.text) >= LONG and not looks_like_headline(line.text))


def _mark_headline(lines: list[_Line], title: str | None) -> str | None:
    """Mark the headline, and what repeats it, and return it; None where the text has none."""
    undecided = [line for line in lines if line.kind is None]
    headline = next((line for line in undecided if _is_headline(line.text, title)), None) if title else None
    if headline is None and not title and undecided and _may_open(undecided):
        headline = undecided[0]
    if headline is None:
        return None
    headline.kind = ZoneKind.HEADLINE
    dateline = read_dateline(headline.text)
    for line in undecided:
        if line.text == headline.text:
            line.kind = ZoneKind.HEADLINE
        elif _REPEATED_WITH_NUMBER.sub("", line.text) == headline.text:
            line.kind = ZoneKind.FURNITURE
    return headline.text[dateline.text_from :] if dateline else headline.text


def _is_headline(line: str, title: str) -> bool:
    """Whether ``line`` is ``title``, which may carry the outlet's name ("… | VnExpress")."""
    line, title = (" ".join(text.casefold().split()) for text in (line, title))
    return line == title or (len(line.split()) > 2 and title.startswith(line) and len(line) > len(title) / 2)


def _may_open(undecided: list[_Line]) -> bool:
    """Whether the first line is a headline: it looks like one, or it is short and a longer one follows."""
    first = undecided[0].text
    if looks_like_headline(first):
        return True
    is_shorter = len(undecided) > 1 and 2 * len(first) < len(undecided[1].text)
    return is_shorter and len(first) < LONG and not first.endswith((".", ",", ";")) and not is_caption(first)


def _mark_bylines(lines: list[_Line]) -> list[str]:
    """Mark the names that sign the article at its end, or stand between headline and lead; return them."""
    signed: list[_Line] = []
    undecided = [line for line in lines if line.kind is None]
    for line in reversed(undecided[1:][-_BYLINE_WITHIN:]):
        if not is_byline(line.text):
            break
        signed.insert(0, line)
    if not signed and any(line.kind is ZoneKind.HEADLINE for line in lines):
        for line in undecided:
            if len(line.text) >= LONG:
                break
            if is_byline(line.text):
                signed.append(line)
    for line in signed:
        line.kind = ZoneKind.BYLINE
    return [line.text for line in signed]


def _mark_captions(lines: list[_Line]) -> None:
    undecided = [line for line in lines if line.kind is None]
    for line in undecided:
        if is_caption(line.text):
            line.kind = ZoneKind.CAPTION
    for title, caption in pairwise(undecided[1:]):  # a picture's title and its caption; the first is the lead
        if title.text == caption.text and len(title.text) <= MAX_HEADLINE:
            title.kind = caption.kind = ZoneKind.CAPTION


def _mark_body(lines: list[_Line], titled: bool) -> None:
    undecided = [line for line in lines if line.kind is None]
    for line in undecided:
        line.kind = ZoneKind.BODY
    if titled and undecided:
        lead = next((line for line in undecided if len(line.text) >= LONG), undecided[0])
        lead.kind = ZoneKind.LEAD


def _source(lines: list[_Line], bylines: list[str]) -> str | None:
    """Return the outlet that a paragraph's opening, or else the byline, names."""
    openings = (source_of_lead(line.text) for line in lines if line.kind in {ZoneKind.LEAD, ZoneKind.BODY})
    signatures = (source_of_byline(byline) for byline in bylines)
    return next(filter(None, openings), None) or next(filter(None, signatures), None)
