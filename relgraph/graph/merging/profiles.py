"""What is compared to tell whether two mentions, or two chains of mentions, tell of one event."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from relgraph.graph.merging.times import most_precise
from relgraph.model import EventType, Factuality, Interval

_SYLLABLE: Final = re.compile(r"[^\W_]+")
_RARE: Final = 6.0  # weight of a syllable that is not among the 3,000 most frequent of the press
_SENTENCES: Final = 6  # sentences of a chain that are compared with another's; later ones are echoes

Vector = Mapping[str, float]
"""A sentence as syllables with weights, of length 1 (Euclid)."""


class Place(NamedTuple):
    """Where a mention stands; it identifies the mention across builds.

    Attributes:
        article: the article's id.
        start: offset of the trigger's first character in the article's text.
        end: offset after its last.
    """

    article: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.article}:{self.start}-{self.end}"


class Profile(NamedTuple):
    """A mention, or a chain of mentions of one article, as far as merging looks at it.

    Attributes:
        first: where its first mention stands.
        agents, patients: keys of entities.
        published: the article's date.
        triggers: the triggers' words in small letters.
        sentences: the sentences that hold the triggers.
    """

    first: Place
    type: EventType
    factuality: Factuality
    mode: str | None
    location: str | None
    agents: frozenset[str]
    patients: frozenset[str]
    time: Interval | None
    published: date | None
    triggers: frozenset[str]
    sentences: tuple[Vector, ...]

    @property
    def participants(self) -> frozenset[str]:
        """Keys of all entities that take part."""
        return self.agents | self.patients


def joined(profiles: Iterable[Profile]) -> Profile:
    """Return the profile of a chain: what any of its mentions says, with the most precise time."""
    members = sorted(profiles, key=lambda profile: profile.first)
    first = members[0]
    return first._replace(
        mode=_first(member.mode for member in members),
        location=_first(member.location for member in members),
        agents=frozenset[str]().union(*(member.agents for member in members)),
        patients=frozenset[str]().union(*(member.patients for member in members)),
        time=most_precise(member.time for member in members),
        triggers=frozenset[str]().union(*(member.triggers for member in members)),
        sentences=tuple(vector for member in members for vector in member.sentences)[:_SENTENCES],
    )


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def sentence_vector(sentence: str) -> Vector:
    """Return a sentence as a TF-IDF vector of its syllables, Vietnamese being written syllable by syllable.

    The document frequencies come from a sample of 6,000 news articles and ship with relgraph, so that a score
    never depends on what else is in the store.
    """
    rarity = _rarity()
    counts = Counter(_SYLLABLE.findall(sentence.casefold()))
    weights = {
        word: (1 + math.log(count)) * rarity.get(word, _RARE) for word, count in sorted(counts.items())
    }
    norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {word: weight / norm for word, weight in weights.items()}


@cache
def _rarity() -> dict[str, float]:
    path = Path(__file__).with_name("syllables.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def cosine(one: Vector, other: Vector) -> float:
    """Return how alike two sentences are, from 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)
