"""Find the names of one sentence: known ones, and unknown ones by their capitals, heads and neighbours."""

import re
from collections.abc import Iterator, Mapping, Sequence
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
        self._name_links = frozenset(map(fold, rules["name_links"]))
        self._family_names = frozenset(map(fold, rules["family_names"]))
        self._ordinary_too = frozenset(map(fold, rules["ordinary_too"]))
        self._not_names = frozenset(map(fold, rules["not_names"]))
        self._organisation_endings = frozenset(map(fold, rules["organisation_endings"]))
        self._place_prepositions = frozenset(map(fold, rules["place_prepositions"]))

    def find(self, sentence: Sentence) -> Iterator[Candidate]:
        """Yield the names of the sentence in order, without overlaps."""
        headline = sentence.is_headline()
        row = sentence.row
        previous: Candidate | None = None
        index = 0
        while index < len(row):
            reading = self._read(sentence, index, previous, headline) if row[index].is_word else None
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

    def _read(
        self, sentence: Sentence, index: int, previous: Candidate | None, headline: bool
    ) -> _Find | None:
        """Return the longest reading of what starts at ``index``; known names win over patterns."""
        known = self._known_at(sentence, index, headline)
        if headline:
            return known
        readings = [
            known,
            self._title(sentence, index),
            self._place(sentence, index),
            self._body(sentence, index),
            self._code(sentence, index),
        ]
        best: _Find | None = None
        for reading in readings:
            if reading and (best is None or reading.last > best.last):
                best = reading
        if best is None or (best is known and best.last == index + 1):
            unknown = self._unknown(sentence, index, known, previous)
            if unknown and (best is None or unknown.last > best.last):
                return unknown
        return best

    # --- known names --------------------------------------------------------------------------------------

    def _known_at(self, sentence: Sentence, index: int, headline: bool = False) -> _Find | None:
        match = self._known.longest_at(sentence.text, sentence.row, index)
        if match is None:
            return None
        unit = sentence.row[index]
        if match.last == index + 1 and unit.key in self._ordinary_too:
            opens = headline or sentence.opens(index)
            if (opens and unit.key not in sentence.inside) or self._starts_longer_name(sentence, index):
                return None
        return _Find(match.last, match.types[0])

    def _starts_longer_name(self, sentence: Sentence, index: int) -> bool:
        """Tell whether an ordinary word with a capital is followed by a personal name ("Anh Hải")."""
        if not sentence.joined(index + 1) or not sentence.opens(index):
            return False
        following = sentence.row[index + 1]
        return following.is_capital and is_vietnamese_syllable(following.text)

    # --- offices ------------------------------------------------------------------------------------------

    def _title(self, sentence: Sentence, index: int) -> _Find | None:
        row = sentence.row
        if not row[index].is_capital:
            return None
        length = self._titles.after(row, index)
        if not length:
            return None
        last = index + length
        if self._portfolio_titles.after(row, index):
            last += self._portfolios.after(row, last)
        return _Find(last, None)

    # --- places, bodies, events by their head -------------------------------------------------------------

    def _place(self, sentence: Sentence, index: int) -> _Find | None:
        """Read a classifier that belongs to the name of a place: "biển Nhật Bản"."""
        length = self._place_heads.after(sentence.row, index)
        last = index + length
        if not length or not sentence.joined(last) or not sentence.row[last].is_capital:
            return None
        known = self._known_at(sentence, last)
        if known is None:
            known = self._unknown(sentence, last, None, None)
        return _Find(known.last, EntityType.LOC, Evidence.CONTEXT) if known else None

    def _body(self, sentence: Sentence, index: int) -> _Find | None:
        """Read a name that starts with a common noun in capitals: "Ủy ban Điều tra Nga"."""
        row = sentence.row
        if not row[index].is_capital:
            return None
        complete = self._complete.after(row, index)
        for entity_type, heads in self._heads.items():
            length = complete if complete and entity_type is EntityType.ORG else heads.after(row, index)
            if not length:
                continue
            head_end = index + length
            if self._is_common_noun(sentence, index, head_end):
                return None
            detached = self._detached_name(sentence, index, head_end)
            if detached:
                return detached
            last = self._right_edge(sentence, index, head_end)
            if last > head_end or complete:
                return _Find(last, entity_type, Evidence.CONTEXT)
        return None

    def _is_common_noun(self, sentence: Sentence, index: int, head_end: int) -> bool:
        """Tell whether a sentence begins with a common noun before a name ("Quân đội Nga")."""
        if not sentence.opens(index) or self._common.after(sentence.row, index) != head_end - index:
            return False
        return not sentence.joined(head_end) or (
            not sentence.row[head_end].is_capital
            or not is_vietnamese_syllable(sentence.row[head_end].text)
            or self._known_at(sentence, head_end) is not None
        )

    def _detached_name(self, sentence: Sentence, index: int, head_end: int) -> _Find | None:
        """Read "Tổ chức Nhà nước Hồi giáo": a known organisation after a noun that is no part of it."""
        if self._detached.after(sentence.row, index) != head_end - index or not sentence.joined(head_end):
            return None
        known = self._known_at(sentence, head_end)
        if known and known.type is EntityType.ORG:
            return _Find(known.last, known.type, known.evidence, first=head_end)
        return None

    def _right_edge(self, sentence: Sentence, index: int, head_end: int) -> int:
        """Return where the name ends that has its head at ``index``."""
        row = sentence.row
        last = self._end_of_word(sentence, head_end - 1, head_end)
        while last < len(row) and (sentence.joined(last) or row[last].text in "-–"):
            step = self._continuation(sentence, head_end, last)
            if step is None:
                break
            last, ended = step
            if ended:
                break
        return last

    def _continuation(self, sentence: Sentence, head_end: int, last: int) -> tuple[int, bool] | None:
        """Return how far the next piece of a body's name goes and whether it must be the last one."""
        row = sentence.row
        unit = row[last]
        if not unit.is_word:
            return (last + 1, False) if sentence.joined(last + 1) and row[last + 1].is_capital else None
        known = self._known_at(sentence, last)
        if known and known.type is not EntityType.EVT:
            if known.type is EntityType.PER and last > head_end:
                return None
            return known.last, known.type is EntityType.GPE
        if unit.is_capital:
            if self._titles.after(row, last) and last > head_end:
                return None
            if is_vietnamese_syllable(unit.text) or last == head_end or not is_vietnamese_syllable(row[last - 1].text):
                return self._end_of_word(sentence, last, last + 1), False
            return None
        if unit.text[0].isdigit():
            return (last + 1, False) if row[last - 1].key in ("thứ", "số") else None
        length = self._links.after(row, last)
        if length and sentence.joined(last + length):
            following = row[last + length]
            if following.is_capital or (following.text[0].isdigit() and row[last + length - 1].key == "thứ"):
                return last + length, False
        length = self._tails.after(row, last)
        return (last + length, False) if length else None

    def _end_of_word(self, sentence: Sentence, index: int, last: int) -> int:
        """Return the end of the segmented word that holds the unit ("Quốc phòng"), at least ``last``."""
        row = sentence.row
        end = next((sentence.words[unit.start][0] for unit in reversed(row[: index + 1]) if unit.start in sentence.words), 0)
        while last < len(row) and row[last].end <= end and row[last].is_word and row[last].text.islower():
            last += 1
        return last

    # --- names by their capitals --------------------------------------------------------------------------

    def _code(self, sentence: Sentence, index: int) -> _Find | None:
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
        return _Find(last, EntityType.MISC, Evidence.CONTEXT) if last > index else None

    def _unknown(
        self, sentence: Sentence, index: int, known: _Find | None, previous: Candidate | None
    ) -> _Find | None:
        """Read a row of capitalised words that no list knows, up to the next known name."""
        row = sentence.row
        first = row[index]
        if not (first.is_capital or (first.key in self._name_links and self._links_name(sentence, index))):
            return None
        last = self._capitals_end(sentence, index, known)
        if known and (last <= known.last or known.type is not EntityType.PER):
            return None
        run = [unit for unit in row[index:last] if unit.is_word]
        if self._is_ordinary(sentence, index, run):
            return None
        entity_type, evidence = self._type_of(sentence, index, last, run, previous)
        return _Find(last, entity_type, evidence) if entity_type else None

    def _links_name(self, sentence: Sentence, index: int) -> bool:
        row = sentence.row
        following = index + 2 if index + 1 < len(row) and row[index + 1].text in "-–" else index + 1
        return (
            following == index + 2
            and following < len(row)
            and sentence.joined(following)
            and row[following].is_capital
        )

    def _capitals_end(self, sentence: Sentence, index: int, known: _Find | None) -> int:
        row = sentence.row
        personal = row[index].key in self._family_names and is_vietnamese_syllable(row[index].text)
        last = known.last if known else index + 1
        while last < len(row):
            at = last if row[last].is_word else last + 1
            if at >= len(row) or not row[at].is_word or not joined(sentence.text, row[last - 1], row[at]):
                break
            unit = row[at]
            if unit.key in self._name_links and not unit.is_capital:
                if at + 1 < len(row) and not self._name_goes_on(sentence, at + 1):
                    break
            elif not unit.is_capital:
                hyphenated = at == last + 1 and row[last].text in "-–'’" and row[last].start == row[last - 1].end
                if not (hyphenated and unit.start == row[last].end and unit.text.isalpha()):
                    break
            elif self._titles.after(row, at) > 1:
                break
            elif self._known_at(sentence, at) and not (
                personal and is_vietnamese_syllable(unit.text) and at - index < _LONGEST_PERSONAL_NAME
            ):
                break
            elif row[at - 1].text in "-–" and at == last + 1 and sentence.text[row[last].start - 1] == " ":
                break
            last = at + 1
        return last

    def _name_goes_on(self, sentence: Sentence, index: int) -> bool:
        row = sentence.row
        while index < len(row) and (not row[index].is_word or row[index].key in self._name_links):
            index += 1
        return index < len(row) and row[index].is_capital and sentence.joined(index)

    def _is_ordinary(self, sentence: Sentence, index: int, run: Sequence[Unit]) -> bool:
        """Tell whether the capitals are those of a sentence's start or of a common noun."""
        first = run[0]
        if len(run) == 1 and (first.key in self._not_names or len(first.text) == 1):
            return True
        if not all(is_vietnamese_syllable(unit.text) for unit in run) or (
            first.text.isupper() and len(first.text) > 1
        ):
            return False
        end, is_name = sentence.words.get(first.start, (first.end, False))
        if len(run) == 1:
            return end > first.end or sentence.opens(index) or not is_name
        return sentence.opens(index) and (not is_name and end <= first.end)

    def _type_of(
        self, sentence: Sentence, index: int, last: int, run: Sequence[Unit], previous: Candidate | None
    ) -> tuple[EntityType | None, Evidence]:
        acronym = len(run) == 1 and run[0].text.isupper() and len(run[0].text) > 1
        foreign = not all(is_vietnamese_syllable(unit.text) for unit in run)
        if run[-1].key in self._organisation_endings and len(run) > 1:
            return EntityType.ORG, Evidence.CONTEXT
        context = self._context_type(sentence, index, previous)
        if context and not (acronym and context is EntityType.PER):
            return context, Evidence.CONTEXT
        if acronym:
            return EntityType.ORG, Evidence.SHAPE
        if not foreign:
            personal = run[0].key in self._family_names and 1 < len(run) <= _LONGEST_PERSONAL_NAME
            return (EntityType.PER if personal else None), Evidence.SHAPE
        if len(run) == 1 and index and sentence.row[index - 1].key in self._place_prepositions:
            return EntityType.GPE, Evidence.CONTEXT
        return EntityType.PER, Evidence.SHAPE

    def _context_type(self, sentence: Sentence, index: int, previous: Candidate | None) -> EntityType | None:
        """Return the type that the words before the unit give to a name there."""
        row = sentence.row
        last = index
        while last and row[last - 1].text in "\"“‘'«":
            last -= 1
        found = self._phrase_before(sentence, last)
        if found is None and previous and last and previous.end == row[last - 1].end:
            if previous.type in (EntityType.GPE, EntityType.ORG):
                while last and row[last - 1].start >= previous.start:
                    last -= 1
                found = self._phrase_before(sentence, last)
                return found if found is EntityType.PER else None
        return found

    def _phrase_before(self, sentence: Sentence, last: int) -> EntityType | None:
        row = sentence.row
        for length in range(min(_CONTEXT_WORDS, last), 0, -1):
            found = self._before.get(tuple(unit.key for unit in row[last - length : last]))
            if found:
                return found
        for length in range(min(_CONTEXT_WORDS, last), 0, -1):
            if self._portfolios.after(row[:last], last - length) == length:
                return self._phrase_before(sentence, last - length)
        return None
