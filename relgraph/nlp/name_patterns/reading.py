"""What the patterns read and what they find: sentences as rows of units, phrases in them, candidates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from relgraph.model import EntityType
from relgraph.nlp.names import Unit, fold, joined
from relgraph.nlp.orthography import is_vietnamese_syllable

TIES = frozenset("-–'’")  # what ties the syllables of one word
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
class Find:
    """A reading of the units from the present one up to ``last``; without a type it is no name.

    Attributes:
        first: where the name starts, if that is not the present unit.
    """

    last: int
    type: EntityType | None
    evidence: Evidence = Evidence.KNOWN
    first: int | None = None


class Phrases:
    """Longest match of folded phrases in a row of units."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = {tuple(fold(phrase).split()) for phrase in phrases}
        self._by_first = _lengths((phrase[0], len(phrase)) for phrase in self._phrases)
        self._by_last = _lengths((phrase[-1], len(phrase)) for phrase in self._phrases)

    def __contains__(self, word: str) -> bool:
        """Tell whether the folded word is a phrase by itself."""
        return (word,) in self._phrases

    def after(self, row: Sequence[Unit], first: int) -> int:
        """Return the length of the longest phrase that starts at ``first``, or 0."""
        lengths = self._by_first.get(row[first].key, ()) if first < len(row) else ()
        return self._longest(row, ((first, first + length) for length in lengths))

    def before(self, row: Sequence[Unit], last: int) -> int:
        """Return the length of the longest phrase that ends before ``last``, or 0."""
        lengths = self._by_last.get(row[last - 1].key, ()) if last else ()
        return self._longest(row, ((last - length, last) for length in lengths))

    def _longest(self, row: Sequence[Unit], places: Iterable[tuple[int, int]]) -> int:
        for first, last in places:
            inside = first >= 0 and last <= len(row)
            if inside and tuple(unit.key for unit in row[first:last]) in self._phrases:
                return last - first
        return 0


def _lengths(phrases: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Return the lengths of the phrases that a word begins or ends, longest first."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for word, length in phrases:
        lengths[word].add(length)
    return {word: sorted(found, reverse=True) for word, found in lengths.items()}


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
        return index == 0 or (not self.row[index - 1].is_word and self.row[index - 1].text not in ",-–/&.(")

    def is_headline(self) -> bool:
        """Tell whether the sentence is set in capitals, so that they say nothing."""
        letters = [unit for unit in self.row if unit.text.isalpha()]
        capitals = sum(unit.text.isupper() for unit in letters)
        return len(letters) > 3 and capitals > _HEADLINE_SHARE * len(letters)

    def joined(self, index: int) -> bool:
        """Tell whether the unit and the one before it may stand in one name."""
        return 0 < index < len(self.row) and joined(self.text, self.row[index - 1], self.row[index])

    def end_of_tied(self, index: int) -> int:
        """Return the end of the syllables that hyphens tie to the unit: "Jong-un", "Xéc-gây"."""
        row = self.row
        last = index + 1
        while last + 1 < len(row) and row[last].text in TIES and _touch(row[last - 1 : last + 2]):
            if not row[last + 1].text.isalpha() or row[last + 1].is_capital:
                break
            last += 2
        return last

    def is_foreign(self, index: int) -> bool:
        """Tell whether the unit is a capitalised word that can't be Vietnamese or is tied together."""
        unit = self.row[index]
        return unit.is_capital and (
            not is_vietnamese_syllable(unit.text) or self.end_of_tied(index) > index + 1
        )

    def end_of_word(self, index: int, last: int) -> int:
        """Return the end of the segmented word that holds the unit ("Quốc phòng"), at least ``last``."""
        row = self.row
        first = index
        while first and row[first].start not in self.words:
            first -= 1
        end, _ = self.words.get(row[first].start, (0, False))
        while last < len(row) and row[last].end <= end and row[last].is_word and row[last].text.islower():
            last += 1
        return last

    def ends_word(self, index: int) -> bool:
        """Tell whether no lower-case rest of a word follows the unit."""
        return self.end_of_word(index, index + 1) == index + 1

    def tagged(self, unit: Unit, unsegmented: bool) -> tuple[int, bool]:
        """Return where the segmented word that starts with the unit ends, and whether it is tagged as a name.

        Args:
            unsegmented: what to tell of a unit that starts no word.
        """
        return self.words.get(unit.start, (unit.end, unsegmented))


def _touch(units: Sequence[Unit]) -> bool:
    return all(before.end == after.start for before, after in pairwise(units))


def is_acronym(unit: Unit) -> bool:
    """Tell whether the unit is several capitals, and no accented syllable set in capitals ("QUỲNH")."""
    accented = not unit.text.isascii() and is_vietnamese_syllable(unit.text)
    return len(unit.text) > 1 and unit.text.isupper() and not accented
