"""The lists of ``lexicon/entity-contexts.yaml`` and ``lexicon/titles.yaml`` as the patterns use them."""

from functools import cache
from typing import Any

from relgraph.model import EntityType
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.name_patterns.reading import Phrases
from relgraph.nlp.names import NameMatcher, fold, units

_TITLE_LISTS = ("ranks", "callings", "name_titles", "honorifics")


def rules() -> Any:
    """Return the content of ``entity-contexts.yaml``."""
    return read_lexicon("entity-contexts")


@cache
def phrases(*lists: str) -> Phrases:
    """Return the phrases of the named lists together."""
    return Phrases(phrase for name in lists for phrase in rules()[name])


@cache
def words(*lists: str) -> frozenset[str]:
    """Return the folded words of the named lists together."""
    return frozenset(fold(word) for name in lists for word in rules()[name])


@cache
def before_names() -> dict[tuple[str, ...], EntityType]:
    """Return the type of the name that a phrase stands before, by the phrase's folded words."""
    typed = {tuple(fold(title).split()): EntityType.PER for title in (*_common_titles(), *rules()["titles"])}
    for entity_type, listed in rules()["before"].items():
        typed |= {tuple(fold(phrase).split()): EntityType(entity_type) for phrase in listed}
    return typed


def bounding_titles(known: NameMatcher) -> Phrases:
    """Return the titles that are no part of a name also where they are written with a capital.

    Of titles.yaml's not those that hold the name of a body, which is a name itself: "Giám đốc **CIA**",
    "Người phát ngôn **Bộ** Ngoại giao".
    """
    heads = phrases("organisation_heads")

    def names_a_body(title: str) -> bool:
        row = units(title)
        return any(heads.after(row, i) or known.longest_at(title, row, i) for i in range(1, len(row)))

    bounding = [title for title in _common_titles() if not names_a_body(title)]
    return Phrases([*bounding, *rules()["titles"]])


def _common_titles() -> list[str]:
    """Return the titles of ``titles.yaml``, which the reading of offices uses too."""
    titles = read_lexicon("titles")
    offices = [phrase for office in titles["offices"] for phrase in office["phrases"]]
    return offices + [word for name in _TITLE_LISTS for word in titles[name]]
