"""Telling what stands on a page beside the article, line by line and in blocks."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from relgraph.articles.rules import any_of, furniture_rules
from relgraph.articles.signs import is_byline, is_caption, looks_like_headline
from relgraph.articles.source import source_of_lead

_MAX_LINE = 320  # longer lines are paragraphs, whatever they begin with
LONG = 80  # characters from which a line counts as a paragraph of the article
_MIN_BEFORE_END = 150  # an end marker with less text before it stands in the page's head
_MIN_SHARE_BEFORE_COMMENTS = 0.4
_MIN_TEASER_WORDS = 4
_MIN_RELATED_WORDS = 6  # shorter lines after a "related" marker may be the article's subheadings
_MAX_TEASER_LEAD = 400
_MIN_BEFORE_TEASERS = 200
_MAX_TEASER_LINES = 60  # a page has no more lines of teasers without a marker
_MAX_LINES_PER_TEASER = 2  # lead and section name, after the headline


def find_furniture(lines: Sequence[str]) -> set[int]:
    """Return the positions of the lines that are not part of the article.

    Args:
        lines: a page's lines without blank ones, stripped.
    """
    found = {position for position, line in enumerate(lines) if is_furniture(line)}
    found |= _related_teasers(lines)
    found |= _bullet_list_at_head(lines)
    ends = (_end_marker, _doubled_teasers, _teasers_with_outlet_sign, _headlines_after_byline)
    for find_end in ends:
        begin = find_end(lines, found)
        if begin is not None:
            found |= set(range(begin, len(lines)))
    return found


def is_furniture(line: str) -> bool:
    """Whether ``line`` alone shows that it is not part of an article.

    >>> is_furniture("0 Trả lời"), is_furniture("Facebook Twitter Zalo"), is_furniture("Iran trả lời Nga")
    (True, True, False)
    """
    if len(line) > _MAX_LINE:
        return False
    rules = furniture_rules()
    phrase = _phrase(line)
    return (
        phrase in rules.lines
        or phrase in rules.sections
        or phrase in _markers()
        or all(word in rules.share_words for word in line.casefold().split())
        or _patterns().fullmatch(line) is not None
    )


def _phrase(line: str) -> str:
    """Return ``line`` without bullets, arrows, colons and counts at its edges, in lower case."""
    return _EDGES.sub("", line.casefold())


_EDGES = re.compile(r"^[\W_]+|[\W_]*\(?\s?\d*\s?\)?[\W_]*$")


@cache
def _markers() -> frozenset[str]:
    rules = furniture_rules()
    return rules.end_markers | rules.comment_markers | rules.related_markers


@cache
def _patterns() -> re.Pattern[str]:
    return any_of(rule.pattern for rule in furniture_rules().patterns)


def _end_marker(lines: Sequence[str], furniture: set[int]) -> int | None:
    """Return the first marker after which nothing of the article comes."""
    rules = furniture_rules()
    total = _readable_before(lines, furniture)[-1]
    before, last = 0, ""
    for position, line in enumerate(lines):
        if position not in furniture:
            before, last = before + len(line), line
        elif before >= _MIN_BEFORE_END:
            phrase = _phrase(line)
            if phrase in rules.end_markers:
                return position
            if phrase in rules.related_markers and _may_end_article(last):
                return position
            if phrase in rules.comment_markers and before >= _MIN_SHARE_BEFORE_COMMENTS * total:
                return position
    return None


def _may_end_article(line: str) -> bool:
    """Whether an article that has this line is over: it signs the article or ends in "./."."""
    return line.endswith("./.") or is_byline(line)


def _readable_before(lines: Sequence[str], furniture: set[int]) -> list[int]:
    """Return how many characters of the article stand before each position, and before the end."""
    lengths = (0 if position in furniture else len(line) for position, line in enumerate(lines))
    return list(accumulate(lengths, initial=0))


def _related_teasers(lines: Sequence[str]) -> set[int]:
    """Return the teaser headlines that stand right after a marker such as "Bài liên quan"."""
    found = set()
    for position, line in enumerate(lines):
        if _phrase(line) not in furniture_rules().related_markers:
            continue
        following = position + 1
        while following < len(lines) and _is_teaser_headline(lines[following], _MIN_RELATED_WORDS):
            found.add(following)
            following += 1
    return found


def _is_teaser_headline(line: str, min_words: int) -> bool:
    return looks_like_headline(line) and len(line.split()) >= min_words and not line.startswith(("“", '"'))


def _bullet_list_at_head(lines: Sequence[str]) -> set[int]:
    """Return the items of a list of headlines, each after a line with a bullet, that opens a page."""
    items = set()
    for position, line in enumerate(lines[:-1]):
        if len(line) >= LONG and position not in items:
            break
        if line in {"-", "•", "+", "*"}:
            items.add(position + 1)
    return items if len(items) > 1 else set()


def _doubled_teasers(lines: Sequence[str], furniture: set[int]) -> int | None:
    """Return where a block of teasers begins that runs to the end, each headline standing there twice."""
    pairs = [
        position
        for position in range(1, len(lines) - 1)
        if lines[position] == lines[position + 1]
        and _is_teaser_headline(lines[position], _MIN_TEASER_WORDS)
        and lines[position] != lines[0]
    ]
    block: list[int] = []
    end = len(lines)
    for position in reversed(pairs):
        between = [lines[number] for number in range(position + 2, end) if number not in furniture]
        if len(between) > _MAX_LINES_PER_TEASER or any(len(line) > _MAX_TEASER_LEAD for line in between):
            break
        block.append(position)
        end = position
    return block[-1] if len(block) > 1 else None


def _teasers_with_outlet_sign(lines: Sequence[str], furniture: set[int]) -> int | None:
    """Return where teasers begin whose leads open like the article's own ("(CLO) …")."""
    signed = [position for position, line in enumerate(lines) if source_of_lead(line)]
    before = _readable_before(lines, furniture)
    for position in signed[1:]:
        headline = position - 1
        for _ in range(_MAX_LINES_PER_TEASER):  # past a section's name, and the second of a doubled headline
            if headline > 0 and (headline in furniture or lines[headline] == lines[headline - 1]):
                headline -= 1
        if before[headline] < _MIN_BEFORE_TEASERS:
            continue
        if _is_teaser_headline(lines[headline], _MIN_TEASER_WORDS):
            return headline
    return None


def _headlines_after_byline(lines: Sequence[str], furniture: set[int]) -> int | None:
    """Return where headlines of other articles begin that follow the byline without any marker."""
    before = _readable_before(lines, furniture)
    for position in range(max(1, len(lines) - _MAX_TEASER_LINES), len(lines) - 2):
        signed = is_byline(lines[position]) and lines[position - 1].endswith((".", '"', "”"))
        if signed and before[position] >= _MIN_BEFORE_TEASERS:
            begin = _teaser_list(lines, furniture, position + 1)
            if begin is not None:
                return begin
    return None


def _teaser_list(lines: Sequence[str], furniture: set[int], begin: int) -> int | None:
    """Return the first headline from ``begin`` on, if all that follows is headlines with their leads."""
    rest = [position for position in range(begin, len(lines)) if position not in furniture]
    headlines = [position for position in rest if _is_teaser_headline(lines[position], _MIN_TEASER_WORDS)]
    leads = [
        lines[position]
        for position in sorted(set(rest) - set(headlines))
        if not is_byline(lines[position]) and not is_caption(lines[position])
    ]
    if (
        len(headlines) < 2
        or len(leads) > len(headlines)
        or any(len(lead) > _MAX_TEASER_LEAD for lead in leads)
    ):
        return None
    return headlines[0]
