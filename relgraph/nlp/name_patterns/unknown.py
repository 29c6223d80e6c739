"""Names that no list knows: a row of capitalised words, bounded and typed by neighbours and shape."""

from collections.abc import Sequence

from relgraph.model import EntityType
from relgraph.nlp.name_patterns.contexts import Contexts
from relgraph.nlp.name_patterns.known import KnownNames
from relgraph.nlp.name_patterns.reading import (
    TIES,
    Candidate,
    Evidence,
    Find,
    Phrases,
    Sentence,
    is_acronym,
)
from relgraph.nlp.name_patterns.vocabulary import phrases, words
from relgraph.nlp.names import Unit, joined
from relgraph.nlp.orthography import is_vietnamese_syllable

_SHORT = 2  # syllables of a word that is more often none of a name
LONGEST_PERSONAL_NAME = 4  # syllables of a Vietnamese, Chinese or Korean personal name


class UnknownNames:
    """The reading of capitalised words that no list knows.

    Args:
        known: the known names, at which an unknown one ends.
        titles: the titles that are no part of a person's name.
        contexts: what the words before a name tell.
    """

    def __init__(self, known: KnownNames, titles: Phrases, contexts: Contexts) -> None:
        self._known = known
        self._titles = titles
        self._contexts = contexts
        self._name_links = words("name_links")
        self._family_names = words("family_names")
        self._not_names = words("not_names")
        self._organisation_endings = words("organisation_endings")
        self._loan_words = phrases("loan_words")
        self._place_prepositions = words("place_prepositions")
        self._lying_prepositions = words("lying_prepositions")

    def at(
        self,
        sentence: Sentence,
        index: int,
        known: Find | None = None,
        previous: Candidate | None = None,
    ) -> Find | None:
        """Return the name that starts at the unit and goes on up to the next known name, or None.

        Args:
            known: the known name at the unit, which may be the beginning of a longer, unknown one.
            previous: the name found last in the sentence.
        """
        row = sentence.row
        first = row[index]
        if not (first.is_capital or (first.key in self._name_links and _links_name(sentence, index))):
            return None
        last = self._known.with_suffix(sentence, self._end(sentence, index, known))
        if known and (last <= known.last or known.type is not EntityType.PER):
            return None
        run = [unit for unit in row[index:last] if unit.is_word]
        if self._is_loan_word(sentence, index):
            return None
        if not self._is_name_by_sound(sentence, index, run) and self._is_ordinary(sentence, index, run):
            return None
        entity_type, evidence = self._type(sentence, index, run, previous)
        return Find(last, entity_type, evidence, known.first if known else None) if entity_type else None

    def foreign_at(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a capitalised foreign word stands there that starts no known name."""
        return sentence.is_foreign(index) and self._known.at(sentence, index) is None

    def person_at(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a Vietnamese, Chinese or Korean personal name starts at the unit."""
        row = sentence.row
        return (
            row[index].key in self._family_names
            and sentence.ends_word(index)
            and sentence.joined(index + 1)
            and row[index + 1].is_capital
            and is_vietnamese_syllable(row[index + 1].text)
            and sentence.ends_word(index + 1)
        )

    # --- where it ends ------------------------------------------------------------------------------------

    def _end(self, sentence: Sentence, index: int, known: Find | None) -> int:
        row = sentence.row
        personal = row[index].key in self._family_names and is_vietnamese_syllable(row[index].text)
        last = known.last if known else index + 1
        while last < len(row):
            at = last if row[last].is_word else last + 1
            if at >= len(row) or not row[at].is_word or not joined(sentence.text, row[last - 1], row[at]):
                break
            unit = row[at]
            if unit.key in self._name_links and not unit.is_capital:
                if at + 1 < len(row) and not self._goes_on(sentence, at + 1):
                    break
            elif not unit.is_capital:
                if sentence.end_of_tied(last - 1) == last:
                    break
            elif self._titles.after(row, at) > 1 or self._breaks(sentence, last, at):
                break
            elif (other := self._known.at(sentence, at)) and not (
                personal and is_vietnamese_syllable(unit.text) and at - index < LONGEST_PERSONAL_NAME
            ):
                if (
                    known is None
                    and other.type is EntityType.PER
                    and _may_be_forenames(sentence, index, last)
                ):
                    return other.last
                if row[index].key in self._name_links and at == index + 2:  # "al-Bukamal"
                    return other.last
                break
            elif row[at - 1].text in "-–" and at == last + 1 and sentence.text[row[last].start - 1] == " ":
                break
            last = at + 1
        return last

    def _breaks(self, sentence: Sentence, last: int, index: int) -> bool:
        """Tell whether a capitalised word after a name belongs to what follows ("Unian Đó là")."""
        row = sentence.row
        unit = row[index]
        if not is_vietnamese_syllable(unit.text):
            return False
        if unit.key in self._not_names and len(unit.text) > 1:
            return True
        if is_vietnamese_syllable(row[last - 1].text):
            return False
        _, is_name = sentence.tagged(unit, True)
        return not is_name or not sentence.ends_word(index) or self.person_at(sentence, index)

    def _goes_on(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a capitalised word follows the links from ``index`` on: "bin Salman", "al-Masri"."""
        row = sentence.row
        before = row[index - 1]
        while index < len(row) and (row[index].text in TIES or row[index].key in self._name_links):
            before = row[index] if row[index].is_word else before
            index += 1
        return index < len(row) and row[index].is_capital and joined(sentence.text, before, row[index])

    # --- whether it is one --------------------------------------------------------------------------------

    def _is_ordinary(self, sentence: Sentence, index: int, run: Sequence[Unit]) -> bool:
        """Tell whether the capitals are those of a sentence's start or of a common noun."""
        first = run[0]
        if len(run) == 1 and (first.key in self._not_names or len(first.text) == 1):
            return True
        if first.key in self._not_names and is_vietnamese_syllable(first.text):
            return True
        if len(run) > 1 and sentence.opens(index) and self._opens_sentence(sentence, first):
            return True
        if is_acronym(first) or not all(is_vietnamese_syllable(unit.text) for unit in run):
            return False
        end, is_name = sentence.tagged(first, False)
        if len(run) == 1:
            return end > first.end or sentence.opens(index) or not is_name
        return sentence.opens(index) and (not is_name and end <= first.end)

    def _is_loan_word(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a common noun of syllables has the capital of a sentence's start: "Đô-la"."""
        return sentence.opens(index) and self._loan_words.after(sentence.row, index) > 0

    def _is_name_by_sound(self, sentence: Sentence, index: int, run: Sequence[Unit]) -> bool:
        """Tell whether a word of syllables is a name; at a sentence's start it must not stand alone."""
        further = any(unit.is_capital for unit in run[1:])
        common = run[0].key in self._not_names and len(run[0].text) > 1
        return _is_by_sound(sentence, index) and not common and (further or not sentence.opens(index))

    def _opens_sentence(self, sentence: Sentence, first: Unit) -> bool:
        """Tell whether the first word of a sentence has its capital only for that ("Theo Reuters")."""
        end, is_name = sentence.tagged(first, False)
        vietnamese = is_vietnamese_syllable(first.text) and first.key not in self._family_names
        return vietnamese and end == first.end and not is_name

    # --- of what type -------------------------------------------------------------------------------------

    def _type(
        self, sentence: Sentence, index: int, run: Sequence[Unit], previous: Candidate | None
    ) -> tuple[EntityType | None, Evidence]:
        """Return the type of an unknown name by its neighbours, else by its shape; None: no name."""
        acronym = len(run) == 1 and is_acronym(run[0])
        if self._is_source(sentence, index, run, previous):
            return EntityType.ORG, Evidence.CONTEXT
        context = self._contexts.type_at(sentence, index, previous)
        if context and not (acronym and context in (EntityType.PER, EntityType.GPE)):
            return context, Evidence.CONTEXT
        if qualified := self._contexts.qualified_noun(sentence, index):
            return qualified, Evidence.CONTEXT
        if acronym:
            return EntityType.ORG, Evidence.CRF  # surer than the CRF's own guess
        return self._type_by_shape(sentence, index, run)

    def _is_source(
        self, sentence: Sentence, index: int, run: Sequence[Unit], previous: Candidate | None
    ) -> bool:
        """Tell whether an unknown name is a medium's or company's by its last word or as a credit."""
        foreign = _is_foreign_name(sentence, index, run)
        if len(run) > 1 and run[-1].key in self._organisation_endings:
            return True
        if self._contexts.follows_credit(sentence, index) and (foreign or len(run) == 1):
            return True
        slash = sentence.row[index - 1] if index else None
        after_slash = slash and slash.text == "/" and previous and previous.end == slash.start
        return bool(foreign and after_slash and previous and previous.type is EntityType.ORG)

    def _type_by_shape(
        self, sentence: Sentence, index: int, run: Sequence[Unit]
    ) -> tuple[EntityType | None, Evidence]:
        if not _is_foreign_name(sentence, index, run):
            personal = run[0].key in self._family_names and 1 < len(run) <= LONGEST_PERSONAL_NAME
            return (EntityType.PER if personal else None), Evidence.SHAPE
        if sentence.row[sentence.end_of_tied(index) - 1] is run[-1]:  # one word
            placed = index and sentence.row[index - 1].key in self._place_prepositions
            return (EntityType.GPE, Evidence.CONTEXT) if placed else (EntityType.PER, Evidence.SHAPE)
        if index and sentence.row[index - 1].key in self._lying_prepositions:
            return EntityType.GPE, Evidence.CONTEXT
        if is_acronym(run[0]):
            return EntityType.ORG, Evidence.SHAPE
        surname = self._known.at(sentence, index + len(run) - 1)
        known_person = surname is not None and surname.type is EntityType.PER
        return EntityType.PER, Evidence.CONTEXT if known_person else Evidence.SHAPE


def _is_by_sound(sentence: Sentence, index: int) -> bool:
    """Tell whether the word at the unit is a foreign name written by its syllables: "La-vrốp", "I-ta-li-a".

    Two Vietnamese syllables are more often a loan-word ("Cát-xê") or two words that a dash parts, if no such
    name follows: "Vích-to Y-a-nu-cô-vích".
    """
    row, end = sentence.row, sentence.end_of_tied(index)
    tied = [unit.text for unit in row[index:end] if unit.is_word]
    if len(tied) != _SHORT or not all(map(is_vietnamese_syllable, tied)):
        return len(tied) > 1
    return sentence.joined(end) and row[end].is_capital and _is_by_sound(sentence, end)


def _is_foreign_name(sentence: Sentence, index: int, run: Sequence[Unit]) -> bool:
    return _is_by_sound(sentence, index) or not all(is_vietnamese_syllable(unit.text) for unit in run)


def _links_name(sentence: Sentence, index: int) -> bool:
    """Tell whether a name starts with the article at ``index``: "al-Tanf"."""
    row = sentence.row
    if index + 2 >= len(row) or row[index + 1].text not in "-–":
        return False
    return row[index + 2].is_capital and joined(sentence.text, row[index], row[index + 2])


def _may_be_forenames(sentence: Sentence, index: int, last: int) -> bool:
    """Tell whether a row of capitalised words may go before a known surname: "Xéc-gây", "B.An"."""
    row = sentence.row[index:last]
    if len(row) > 1 and len(row[0].text) == 1 and row[1].text == ".":
        return True
    return not any(
        unit.is_capital and (is_acronym(unit) or (len(unit.text) > 1 and not sentence.is_foreign(i)))
        for i, unit in enumerate(row, index)
    )
