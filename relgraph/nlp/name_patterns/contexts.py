"""What the words before a name tell of its type."""

from relgraph.model import EntityType
from relgraph.nlp.name_patterns.reading import Candidate, Phrases, Sentence
from relgraph.nlp.name_patterns.vocabulary import before_names, phrases, rules

_CONTEXT_WORDS = 5
_LONGEST_QUALIFYING = 6  # syllables between a noun and the name that it introduces
_QUOTES = "\"“‘'«"


class Contexts:
    """The phrases that stand before names, offices' portfolios, credits."""

    def __init__(self) -> None:
        self._before = before_names()
        self._portfolios = phrases("portfolios")
        self._credits = phrases("credits")
        self._qualified = {
            EntityType(entity_type): Phrases(nouns)
            for entity_type, nouns in rules()["before_qualified"].items()
        }
        self._never_qualify = phrases("never_qualify")

    def type_at(self, sentence: Sentence, index: int, previous: Candidate | None) -> EntityType | None:
        """Return the type that the words before the unit give to a name there.

        Args:
            previous: the name found last in the sentence.
        """
        row = sentence.row
        last = index
        while last and row[last - 1].text in _QUOTES:
            last -= 1
        found = self.phrase_before(sentence, last)
        if found or not (previous and last and previous.end == row[last - 1].end):
            return found
        if previous.type not in (EntityType.GPE, EntityType.ORG):
            return None
        while last and row[last - 1].start >= previous.start:  # "Tổng thống Nga X": the office counts for X
            last -= 1
        office = self.phrase_before(sentence, last)
        return office if office is EntityType.PER else None

    def qualified_noun(self, sentence: Sentence, index: int) -> EntityType | None:
        """Return the type that a noun gives whose qualifying words lead up to the unit.

        "công ty **an ninh mạng** Avast", "hệ thống **phòng thủ** GMD".
        """
        row = sentence.row
        first = index
        while first and index - first < _LONGEST_QUALIFYING and row[first - 1].text.islower():
            if not sentence.joined(first):
                return None
            for entity_type, nouns in self._qualified.items():
                if nouns.before(row, first):
                    return entity_type
            if self._never_qualify.before(row, first):
                return None
            first -= 1
        return None

    def phrase_before(self, sentence: Sentence, last: int) -> EntityType | None:
        """Return the type that the longest known phrase right before ``last`` gives."""
        row = sentence.row
        for length in range(min(_CONTEXT_WORDS, last), 0, -1):
            found = self._before.get(tuple(unit.key for unit in row[last - length : last]))
            if found:
                return found
        portfolio = self._portfolios.before(row, last)
        return self.phrase_before(sentence, last - portfolio) if portfolio else None

    def follows_credit(self, sentence: Sentence, index: int) -> bool:
        """Tell whether the unit names a source: "(Nguồn: …"."""
        row = sentence.row
        return index > 1 and row[index - 1].text == ":" and self._credits.before(row, index - 1) > 0
