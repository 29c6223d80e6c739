"""What a single line of an article looks like: headline, byline or caption."""

import re
from functools import cache

from relgraph.articles.rules import any_of, byline_rules, caption_rules
from relgraph.articles.source import is_outlet

MAX_HEADLINE = 200
_MIN_HEADLINE_WORDS = 3
_MAX_CAPTION = 420
_CREDIT_WITHIN = 130  # a credit stands within this many characters of a caption's end
_MAX_BYLINE = 90
_MAX_NAME_WORDS = 5


def looks_like_headline(line: str) -> bool:
    """Whether ``line`` is short and does not end as a sentence, a caption or a colon does.

    >>> looks_like_headline("Nga và Iran nối lại đàm phán"), looks_like_headline("Hai bên đã gặp nhau.")
    (True, False)
    """
    if len(line) > MAX_HEADLINE or len(line.split()) < _MIN_HEADLINE_WORDS:
        return False
    ends_openly = line.endswith(("...", "…")) or not line.endswith((".", ":", ";", ","))
    return ends_openly and not is_caption(line)


def is_byline(line: str) -> bool:
    """Whether ``line`` could sign an article: people's or outlets' names and nothing else.

    >>> is_byline("TTXVN/Báo Tin tức"), is_byline("Hoàng Hiệp - Thu Thảo"), is_byline("Kết luận")
    (True, True, False)
    """
    if len(line) > _MAX_BYLINE:
        return False
    return _byline_patterns().fullmatch(line) is not None or _is_names(line.strip("()[] ."))


def is_caption(line: str) -> bool:
    """Whether ``line`` is a caption, which shows in its credit: "… Ảnh: AFP", "(Nguồn: IRNA)", "Ảnh tư liệu".

    >>> is_caption("Hai đoàn ngoại giao tại phòng họp. Ảnh: AFP"), is_caption("Hình ảnh ấy: sai.")
    (True, False)
    """
    if len(line) > _MAX_CAPTION:
        return False
    # Searched from the end, so that each place is tried only once.
    return _caption_endings().search(line, max(0, len(line) - _CREDIT_WITHIN)) is not None


def _is_names(text: str) -> bool:
    parts = [part.strip() for part in _joiner().split(text)]
    # A single word is a name only beside an outlet ("VOV-Moskva"): "Nga - Iran" signs nothing.
    min_words = 1 if any(is_outlet(part) for part in parts) else 2
    return bool(text) and all(is_outlet(part) or _is_name(part, min_words) for part in parts)


def _is_name(text: str, min_words: int) -> bool:
    """Whether all words are capitalised, as in "Quốc Thiên", "P.Thúy", "Nguyễn Văn A"."""
    words = text.split()
    if not words or len(words) > _MAX_NAME_WORDS or (len(words) < min_words and "." not in text):
        return False
    return all(word[0].isupper() and word.replace(".", "").isalpha() for word in words)


@cache
def _byline_patterns() -> re.Pattern[str]:
    return any_of(rule.pattern for rule in byline_rules().patterns)


@cache
def _joiner() -> re.Pattern[str]:
    return re.compile(byline_rules().joiner)


@cache
def _caption_endings() -> re.Pattern[str]:
    return re.compile(
        f"(?:{any_of(rule.pattern for rule in caption_rules().endings).pattern})$", re.IGNORECASE
    )
