"""Names by their shape alone: codes of weapons, bylines, credits in lower case."""

import re

from relgraph.model import EntityType
from relgraph.nlp.name_patterns.contexts import Contexts
from relgraph.nlp.name_patterns.known import KnownNames
from relgraph.nlp.name_patterns.reading import Evidence, Find, Sentence
from relgraph.nlp.name_patterns.unknown import LONGEST_PERSONAL_NAME, UnknownNames
from relgraph.nlp.name_patterns.vocabulary import phrases, words
from relgraph.nlp.names import Unit
from relgraph.nlp.orthography import is_vietnamese_syllable

# Letters and figures: "Su-30SM", "S-400", "MiG-31K"; "F16", "T72B3"; "9M729", "3M14".
_CODE = re.compile(
    r"[A-ZĐ][A-Za-zĐ]*(?:[-–/][A-Z]+)?(?:[-–]|(?<=[a-z])-[A-Z]{1,2})\d+[A-Za-z\d]*(?:-[A-Z\d]+)?"
    r"|[A-Z]{1,4}\d{1,3}[A-Z]{0,3}(?:-\d{2,3})?"
    r"|\d[A-Z]\d+[A-Z]?"
)


class ShapedNames:
    """The reading of names that their shape gives away.

    Args:
        known: the known names.
        unknown: the reading of the others.
        contexts: what the words before a name tell.
    """

    def __init__(self, known: KnownNames, unknown: UnknownNames, contexts: Contexts) -> None:
        self._known = known
        self._unknown = unknown
        self._contexts = contexts
        self._byline_notes = phrases("byline_notes")
        self._ship_prefixes = words("ship_prefixes")
        self._not_names = words("not_names")

    def code_at(self, sentence: Sentence, index: int) -> Find | None:
        """Read the name of a weapon or product made of letters and figures: "Su-30SM"."""
        row = sentence.row
        start = row[index].start
        if not sentence.text[start].isalnum() or (index and sentence.text[start - 1] in "-–/.,"):
            return None
        match = _CODE.match(sentence.text, start)
        if not match or not any(character.isalpha() for character in match[0]):
            return None
        after = sentence.text[match.end() : match.end() + 1]
        if after.isalnum() or after in ("/", "%"):
            return None
        last = index
        while last < len(row) and row[last].end <= match.end():
            last += 1
        if last == index:
            return None
        if self._is_lone_foreign_word(sentence, last):  # "S-400 Triumf"
            last += 1
        return Find(last, EntityType.MISC, Evidence.CONTEXT)

    def product_at(self, sentence: Sentence, known: Find | None) -> Find | None:
        """Read a code together with the maker's known name before it: "Boeing X-51"."""
        if known is None or known.type is not EntityType.ORG or not sentence.joined(known.last):
            return None
        code = self.code_at(sentence, known.last)
        return Find(code.last, EntityType.MISC, Evidence.CONTEXT, known.first) if code else None

    def ship_at(self, sentence: Sentence, index: int) -> Find | None:
        """Read a warship's name behind its navy's prefix: "USS Hue City"."""
        row = sentence.row
        last = index + 1
        if row[index].key not in self._ship_prefixes or not row[index].text.isupper():
            return None
        if not (sentence.joined(last) and row[last].is_capital):
            return None
        while sentence.joined(last + 1):
            links = row[last + 1].text == "of" and sentence.joined(last + 2)
            following = last + 2 if links else last + 1
            if not row[following].is_capital or is_vietnamese_syllable(row[following].text):
                break
            last = following
        return Find(last + 1, EntityType.MISC, Evidence.CONTEXT)

    def byline_at(self, sentence: Sentence, index: int, known: Find | None) -> Find | None:
        """Read a Vietnamese name that stands alone or beside its agency: "Thu Phương/TTXVN"."""
        row = sentence.row
        last = index
        while (
            last < len(row)
            and row[last].is_capital
            and is_vietnamese_syllable(row[last].text)
            and (last == index or sentence.joined(last))
        ):
            last += 1
        if index or not 1 < last <= LONGEST_PERSONAL_NAME or not self._ends_byline(sentence, last):
            return None
        if last == len(row) and any(_is_set_in_capitals(unit) for unit in row):  # a heading
            return None
        if (known and known.last > index + 1) or row[index].key in self._not_names:
            return None
        return Find(last, EntityType.PER, Evidence.CONTEXT)

    def credit_at(self, sentence: Sentence, index: int) -> Find | None:
        """Read a source in lower case: "(Nguồn: sputniknews)"."""
        unit = sentence.row[index]
        if not self._contexts.follows_credit(sentence, index) or not unit.text.islower():
            return None
        foreign = len(unit.text) > 2 and not is_vietnamese_syllable(unit.text)
        return Find(index + 1, EntityType.ORG, Evidence.CONTEXT) if foreign else None

    def _is_lone_foreign_word(self, sentence: Sentence, index: int) -> bool:
        alone = not sentence.joined(index + 1) or not sentence.row[index + 1].is_capital
        return sentence.joined(index) and alone and self._unknown.foreign_at(sentence, index)

    def _ends_byline(self, sentence: Sentence, last: int) -> bool:
        """Tell whether nothing follows a name but its agency or a note in brackets."""
        row = sentence.row
        if last == len(row) or row[last].text == "/":
            return True
        if row[last].text != "(" or last + 1 == len(row):
            return False
        agency = self._known.at(sentence, last + 1)
        return self._byline_notes.after(row, last + 1) > 0 or (
            agency is not None and agency.type is EntityType.ORG
        )


def _is_set_in_capitals(unit: Unit) -> bool:
    return unit.text[1:].isupper()
