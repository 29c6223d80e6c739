"""The rules of reading a news page, from the data files beside this module."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

_CAPITALS = "".join(letter for code in range(0x1F00) if (letter := chr(code)).isupper())


class _Rules(BaseModel):
    """A data file's shape; a misspelt key is an error of ours, found when the file is loaded."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pattern(_Rules):
    """A named regular expression with lines that it must match."""

    name: str
    pattern: str
    examples: tuple[str, ...]


class DatePattern(_Rules):
    """A named regular expression with the groups day, month and year, and texts with the date in them."""

    name: str
    pattern: str
    examples: dict[str, date]


class FurnitureRules(_Rules):
    """``furniture.yaml``: what stands on a page beside the article."""

    end_markers: frozenset[str]
    comment_markers: frozenset[str]
    related_markers: frozenset[str]
    lines: frozenset[str]
    sections: frozenset[str]
    share_words: frozenset[str]
    patterns: tuple[Pattern, ...]


class DatelineRules(_Rules):
    """``datelines.yaml``: how a page says when it was published."""

    dates: tuple[DatePattern, ...]
    months: dict[str, int]
    clock: str
    weekday: str
    labels: tuple[str, ...]
    update_labels: tuple[str, ...]
    fillers: tuple[str, ...]


class BylineRules(_Rules):
    """``bylines.yaml``: how an article is signed."""

    patterns: tuple[Pattern, ...]
    joiner: str


class CaptionRules(_Rules):
    """``captions.yaml``: how a picture's caption ends."""

    endings: tuple[Pattern, ...]


class Outlet(_Rules):
    """An outlet of ``outlets.yaml``; ``agency`` where others carry its texts."""

    name: str
    codes: tuple[str, ...]
    domains: tuple[str, ...]
    agency: bool = False


def load_data(name: str) -> Any:
    """Return the content of the data file ``name`` of this package."""
    return yaml.safe_load(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def furniture_rules() -> FurnitureRules:
    """Return the rules of ``furniture.yaml``."""
    return FurnitureRules.model_validate(load_data("furniture.yaml"))


@cache
def dateline_rules() -> DatelineRules:
    """Return the rules of ``datelines.yaml``."""
    return DatelineRules.model_validate(load_data("datelines.yaml"))


@cache
def byline_rules() -> BylineRules:
    """Return the rules of ``bylines.yaml``."""
    return BylineRules.model_validate(load_data("bylines.yaml"))


@cache
def caption_rules() -> CaptionRules:
    """Return the rules of ``captions.yaml``."""
    return CaptionRules.model_validate(load_data("captions.yaml"))


@cache
def outlets() -> tuple[Outlet, ...]:
    """Return the outlets of ``outlets.yaml``."""
    return tuple(Outlet.model_validate(entry) for entry in load_data("outlets.yaml"))


@cache
def field_names() -> Mapping[str, tuple[str, ...]]:
    """Return, for each field of an article, the names it goes by in files (``fields.yaml``)."""
    return {field: tuple(names) for field, names in load_data("fields.yaml").items()}


@cache
def file_signatures() -> Mapping[bytes, str]:
    """Return the first bytes of files that are not text, and what such a file is (``signatures.yaml``)."""
    return {bytes.fromhex(str(begin)): kind for begin, kind in load_data("signatures.yaml").items()}


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return one regular expression, case ignored, that matches where any of ``patterns`` does.

    ``{upper}`` in a pattern stands for one capital letter.
    """
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined.replace("{upper}", f"(?-i:[{_CAPITALS}])"), re.IGNORECASE)
