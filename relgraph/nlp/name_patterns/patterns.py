"""All patterns together: at each place of a sentence the longest reading counts."""

from collections.abc import Container, Iterable, Iterator

from relgraph.model import EntityType
from relgraph.nlp.name_patterns.bodies import BodyNames
from relgraph.nlp.name_patterns.contexts import Contexts
from relgraph.nlp.name_patterns.known import KnownNames
from relgraph.nlp.name_patterns.reading import Candidate, Find, Sentence
from relgraph.nlp.name_patterns.shapes import ShapedNames
from relgraph.nlp.name_patterns.unknown import UnknownNames
from relgraph.nlp.name_patterns.vocabulary import bounding_titles, phrases, rules, words
from relgraph.nlp.names import NameMatcher, units

# Types to whose names no common noun before them belongs: "tàu sân bay **USS Nimitz**", "tỉnh **Homs**".
_BARE = (EntityType.GPE, EntityType.MISC)


def spans_only(names: Iterable[tuple[str, EntityType]]) -> Iterator[tuple[str, EntityType]]:
    """Yield the names that are spans by the guidelines.

    Those that "của", "tại", … split are not, nor those that say what it is before a name of its own.
    """
    listed = dict.fromkeys(names)
    splitters = phrases("splitters")
    for name, entity_type in listed:
        if entity_type in _BARE and _says_what_it_is(name, entity_type, listed):
            continue
        if not any(splitter in name for splitter in rules()["splitters"]):  # as nearly always
            yield name, entity_type
            continue
        row = units(name)
        if not any(unit.text.islower() and splitters.after(row, i) for i, unit in enumerate(row)):
            yield name, entity_type


def _says_what_it_is(name: str, entity_type: EntityType, names: Container[tuple[str, EntityType]]) -> bool:
    """Tell whether a common noun starts the name, and a name of its own ends it: "Xe tăng T-90"."""
    words = name.split()
    shorter = any((" ".join(words[start:]), entity_type) in names for start in range(1, len(words)))
    return shorter and any(
        name.lower().startswith(f"{noun} ") for noun in rules()["before"][entity_type.value]
    )


class NamePatterns:
    """The patterns of ``lexicon/entity-contexts.yaml``, joined with a list of known names.

    Args:
        known: the names of the knowledge base.
    """

    def __init__(self, known: NameMatcher) -> None:
        contexts = Contexts()
        self._titles = bounding_titles(known)
        self._known = KnownNames(known, self._titles, contexts)
        self._unknown = UnknownNames(self._known, self._titles, contexts)
        self._bodies = BodyNames(self._known, self._unknown, self._titles)
        self._shapes = ShapedNames(self._known, self._unknown, contexts)
        self._portfolio_titles = phrases("portfolio_titles")
        self._portfolios = phrases("portfolios")
        self._directions = phrases("directions")
        self._no_name_alone = words("not_names", "directions", "credits", "organisation_heads")

    def find(self, sentence: Sentence) -> Iterator[Candidate]:
        """Yield the names of the sentence in order, without overlaps."""
        headline = sentence.is_headline()
        row = sentence.row
        previous: Candidate | None = None
        index = 0
        while index < len(row):
            reading = None
            if row[index].is_word:
                reading = self._read(sentence, index, previous, headline)
            if reading is None:
                index += 1
                continue
            if reading.type:
                first = index if reading.first is None else reading.first
                previous = Candidate(
                    start=row[first].start,
                    end=row[reading.last - 1].end,
                    words=tuple(unit.key for unit in row[first : reading.last] if unit.is_word),
                    type=reading.type,
                    evidence=reading.evidence,
                )
                yield previous
            index = reading.last

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word in capitals is no name by itself."""
        return word in self._no_name_alone or word in self._titles

    def _read(
        self, sentence: Sentence, index: int, previous: Candidate | None, headline: bool
    ) -> Find | None:
        """Return the longest reading of what starts at ``index``; known names win over patterns."""
        known = self._known.at(sentence, index, headline)
        if headline:
            return known
        readings = [
            known,
            self._title_at(sentence, index),
            self._bodies.place_at(sentence, index),
            self._bodies.body_at(sentence, index),
            self._shapes.code_at(sentence, index),
            self._shapes.product_at(sentence, known),
            self._shapes.ship_at(sentence, index),
            self._shapes.byline_at(sentence, index, known),
            self._bodies.state_at(sentence, index),
            self._bodies.district_at(sentence, index),
            self._shapes.credit_at(sentence, index),
        ]
        best: Find | None = None
        for reading in readings:
            if reading and (best is None or reading.last > best.last):
                best = reading
        if best is None or (best is known and best.type is EntityType.PER):
            unknown = self._unknown.at(sentence, index, known, previous)
            if unknown and (best is None or unknown.last > best.last):
                return unknown
        return best

    def _title_at(self, sentence: Sentence, index: int) -> Find | None:
        """Read an office or a point of the compass in capitals, which is no name."""
        row = sentence.row
        if not row[index].is_capital:
            return None
        length = self._titles.after(row, index) or self._directions.after(row, index)
        if not length:
            return None
        last = index + length
        if self._portfolio_titles.after(row, index):
            last += self._portfolios.after(row, last)
        return Find(last, None)
