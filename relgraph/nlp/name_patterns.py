"""Find the names of one sentence: known ones, and unknown ones by their capitals, heads and neighbours."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from relgraph.model import EntityType
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.names import NameMatcher, Unit, fold, joined
from relgraph.nlp.orthography import is_vietnamese_syllable

_CODE = re.compile(
    r"[A-ZĐ][A-Za-zĐ]*(?:[-–/][A-Z]+)?[-–]\d+[A-Za-z\d]*(?:-[A-Z\d]+)?|[A-Z]{1,4}\d{1,3}[A-Z]{0,3}|\d[A-Z]\d+[A-Z]?"
)
_OPENERS = frozenset("\"“‘'«([:•*")
_CONTEXT_WORDS = 5
_LONGEST_PERSONAL_NAME = 4  # syllables of a Vietnamese, Chinese or Korean personal name
_HEADLINE_SHARE = 0.7


class Evidence(IntEnum):
    """What the type of a name rests on, weakest first."""

    SHAPE = 0
    CRF = 1
    CONTEXT = 2
    KNOWN = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name found in a sentence, with its type and what the type rests on.

    Attributes:
        start, end: offsets in the text.
        words: the folded words of the name.
    """

    start: int
    end: int
    words: tuple[str, ...]
    type: EntityType
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Find:
    """A reading of the units from the present one up to ``last``; without a type it is no name."""

    last: int
    type: EntityType | None
    evidence: Evidence = Evidence.KNOWN
    first: int | None = None


class Phrases:
    """Longest match of folded phrases in a row of units."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = {tuple(fold(phrase).split()) for phrase in phrases}
        self._longest = max(map(len, self._phrases), default=0)

    def after(self, row: Sequence[Unit], first: int) -> int:
        """Return the length of the longest phrase that starts at ``first``, or 0."""
        for length in range(min(self._longest, len(row) - first), 0, -1):
            if tuple(unit.key for unit in row[first : first + length]) in self._phrases:
                return length
        return 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the patterns read it.

    Attributes:
        text: the whole article's text.
        row: the sentence's units.
        words: for the start of each word of the segmentation, its end and whether it is tagged as a name.
        inside: keys of the capitalised words that stand inside a sentence somewhere in the article.
    """

    text: str
    row: Sequence[Unit]
    words: Mapping[int, tuple[int, bool]]
    inside: frozenset[str]

    def opens(self, index: int) -> bool:
        """Tell whether the unit starts the sentence, a quotation or what follows a colon."""
        return index == 0 or (not self.row[index - 1].is_word and self.row[index - 1].text not in ",-–/&.")

    def is_headline(self) -> bool:
        """Tell whether the sentence is set in capitals, so that they say nothing."""
        letters = [unit for unit in self.row if unit.text.isalpha()]
        capitals = sum(unit.text.isupper() for unit in letters)
        return len(letters) > 3 and capitals > _HEADLINE_SHARE * len(letters)

    def joined(self, index: int) -> bool:
        """Tell whether the unit and the one before it may stand in one name."""
        return 0 < index < len(self.row) and joined(self.text, self.row[index - 1], self.row[index])


class NamePatterns:
    """The patterns of ``lexicon/entity-contexts.yaml``, joined with a list of known names.

    Args:
        known: the names of the knowledge base.
    """

    def __init__(self, known: NameMatcher) -> None:
        rules = read_lexicon("entity-contexts")
        self._known = known
        self._before = {
            tuple(fold(phrase).split()): EntityType(entity_type)
            for entity_type, phrases in rules["before"].items()
            for phrase in phrases
        }
        self._titles = Phrases(rules["titles"])
        self._portfolio_titles = Phrases(rules["portfolio_titles"])
        self._portfolios = Phrases(rules["portfolios"])
        self._heads = {
            EntityType.ORG: Phrases(rules["organisation_heads"]),
            EntityType.EVT: Phrases(rules["event_heads"]),
            EntityType.FAC: Phrases(rules["facility_heads"]),
        }
        self._complete = Phrases([body["head"] for body in read_lexicon("bodies")])
        self._common = Phrases(rules["common_at_start"])
        self._detached = Phrases(rules["detached_heads"])
        self._links = Phrases(rules["links"])
        self._tails = Phrases(rules["tails"])
        self._place_heads = Phrases(rules["place_heads"])
        for name in ("name_links", "family_names", "ordinary_too", "not_names", "organisation_endings"):
            setattr(self, f"_{name}", frozenset(map(fold, rules[name])))
        self._place_prepositions = frozenset(map(fold, rules["place_prepositions"]))
