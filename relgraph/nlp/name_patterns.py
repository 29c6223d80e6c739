"""Find the names of one sentence: known ones, and unknown ones by their capitals, heads and neighbours."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from relgraph.model import EntityType
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.names import Match, NameMatcher, Unit, fold, joined, units
from relgraph.nlp.orthography import is_vietnamese_syllable

_CODE = re.compile(
    r"[A-ZĐ][A-Za-zĐ]*(?:[-–/][A-Z]+)?(?:[-–]|(?<=[a-z])-[A-Z]{1,2})\d+[A-Za-z\d]*(?:-[A-Z\d]+)?|[A-Z]{1,4}\d{1,3}[A-Z]{0,3}|\d[A-Z]\d+[A-Z]?"
)
_QUOTES = "\"“‘'«"
_URL = re.compile(r"(?:https?://|www\.)\S+")
_NUMBERED = ("thứ", "số")  # what stands before a number inside a name
_CONTEXT_WORDS = 5
_LONGEST_PERSONAL_NAME = 4  # syllables of a Vietnamese, Chinese or Korean personal name
# Which type a known name of several has where its neighbours don't tell.
_USUAL_ORDER = (
    EntityType.GPE,
    EntityType.PER,
    EntityType.ORG,
    EntityType.LOC,
    EntityType.MISC,
    EntityType.EVT,
    EntityType.FAC,
)
_HEADLINE_SHARE = 0.7
_ORDINAL = re.compile(r"\d{1,3}|[IVXL]+")


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

    def before(self, row: Sequence[Unit], last: int) -> int:
        """Return the length of the longest phrase that ends before ``last``, or 0."""
        for length in range(min(self._longest, last), 0, -1):
            if tuple(unit.key for unit in row[last - length : last]) in self._phrases:
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
        return index == 0 or (not self.row[index - 1].is_word and self.row[index - 1].text not in ",-–/&.(")

    def is_headline(self) -> bool:
        """Tell whether the sentence is set in capitals, so that they say nothing."""
        letters = [unit for unit in self.row if unit.text.isalpha()]
        capitals = sum(unit.text.isupper() for unit in letters)
        return len(letters) > 3 and capitals > _HEADLINE_SHARE * len(letters)

    def joined(self, index: int) -> bool:
        """Tell whether the unit and the one before it may stand in one name."""
        return 0 < index < len(self.row) and joined(self.text, self.row[index - 1], self.row[index])


def spans_only(names: Iterable[tuple[str, EntityType]]) -> Iterator[tuple[str, EntityType]]:
    """Yield the names that are spans by the guidelines: not those that "của", "tại", … split."""
    splitters = Phrases(read_lexicon("entity-contexts")["splitters"])
    for name, entity_type in names:
        row = units(name)
        if not any(unit.text.islower() and splitters.after(row, i) for i, unit in enumerate(row)):
            yield name, entity_type


class NamePatterns:
    """The patterns of ``lexicon/entity-contexts.yaml``, joined with a list of known names.

    Args:
        known: the names of the knowledge base.
    """

    def __init__(self, known: NameMatcher) -> None:
        rules = read_lexicon("entity-contexts")
        self._known = known
        self._before = {tuple(fold(title).split()): EntityType.PER for title in rules["titles"]} | {
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
        self._classifiers = {
            EntityType.PER: self._titles,
            EntityType.GPE: Phrases([*rules["before"]["GPE"], *rules["before"]["LOC"]]),
            EntityType.MISC: Phrases(rules["before"]["MISC"]),
            EntityType.FAC: Phrases(rules["before"]["FAC"]),
            EntityType.EVT: Phrases(rules["event_classifiers"]),
            EntityType.ORG: Phrases(rules["organisation_classifiers"]),
        }
        self._ordinal_words = Phrases(rules["ordinal_words"])
        self._byline_notes = Phrases(rules["byline_notes"])
        self._common_events = Phrases(rules["common_events"])
        self._standalone = Phrases(rules["standalone"])
        self._state_heads = Phrases(rules["state_heads"])
        self._credits = Phrases(rules["credits"])
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
        self._name_suffixes = frozenset(map(fold, rules["name_suffixes"]))
        self._directions = Phrases(rules["directions"])
        self._ordinary_words = frozenset(
            fold(phrase)
            for key in ("directions", "titles", "credits", "organisation_heads")
            for phrase in rules[key]
        )
        self._houses = Phrases(rules["houses"])
        self._house_prepositions = Phrases(rules["house_prepositions"])
        self._place_prepositions = frozenset(map(fold, rules["place_prepositions"]))

    def find(self, sentence: Sentence) -> Iterator[Candidate]:
        """Yield the names of the sentence in order, without overlaps."""
        headline = sentence.is_headline()
        row = sentence.row
        previous: Candidate | None = None
        urls = (
            [match.span() for match in _URL.finditer(sentence.text, row[0].start, row[-1].end)] if row else []
        )
        index = 0
        while index < len(row):
            in_url = any(start <= row[index].start < end for start, end in urls)
            reading = None
            if row[index].is_word and not in_url:
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
            self._byline(sentence, index, known),
            self._state(sentence, index),
            self._credit(sentence, index),
        ]
        best: _Find | None = None
        for reading in readings:
            if reading and (best is None or reading.last > best.last):
                best = reading
        if best is None or (best is known and best.type is EntityType.PER):
            unknown = self._unknown(sentence, index, known, previous)
            if unknown and (best is None or unknown.last > best.last):
                return unknown
        return best

    # --- known names --------------------------------------------------------------------------------------

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word in capitals is no name by itself."""
        return word in self._not_names or word in self._ordinary_words

    def _known_at(self, sentence: Sentence, index: int, headline: bool = False) -> _Find | None:
        match = self._known.longest_at(sentence.text, sentence.row, index)
        if match is None:
            return None
        unit = sentence.row[index]
        if match.last == index + 1 and unit.key in self._ordinary_too:
            opens = headline or sentence.opens(index)
            if not self._ends_word(sentence, index):  # "Nhật báo"
                return None
            if (opens and unit.key not in sentence.inside) or self._starts_longer_name(sentence, index):
                return None
        entity_type = self._known_type(sentence, index, match)
        first = self._after_classifier(sentence, index, match.last, entity_type)
        if entity_type is EntityType.EVT and self._is_common_event(sentence, first):
            return None
        last = match.last
        if entity_type is EntityType.PER:
            last = self._with_suffix(sentence, last)
        elif entity_type is EntityType.EVT:
            last = self._with_ordinal(sentence, last)
        return _Find(last, entity_type, first=first)

    def _is_common_event(self, sentence: Sentence, first: int) -> bool:
        """Tell whether a known event is written as a common noun: "khủng hoảng Qatar" holds only a state."""
        return not sentence.row[first].is_capital and self._common_events.after(sentence.row, first) > 0

    def _known_type(self, sentence: Sentence, index: int, match: Match) -> EntityType:
        """Return the type that a known name has here, of those it may have."""
        if EntityType.ORG in match.types and self._is_house(sentence, index):
            return EntityType.FAC
        if len(match.types) > 1:
            context = self._phrase_before(sentence, index)
            if context in match.types:
                return context
            if self._follows_credit(sentence, index) and EntityType.ORG in match.types:
                return EntityType.ORG
        return min(match.types, key=_USUAL_ORDER.index)

    def _after_classifier(self, sentence: Sentence, index: int, last: int, entity_type: EntityType) -> int:
        """Return where a known name starts that is listed with an office or classifier ("Sheikh Tamim")."""
        row = sentence.row
        if row[index].is_capital and entity_type in (EntityType.FAC, EntityType.LOC, EntityType.EVT):
            return index
        classifiers = self._classifiers.get(entity_type)
        first = index + (classifiers.after(row, index) if classifiers else 0)
        named = entity_type is EntityType.EVT or (first < last and row[first].is_capital)
        return first if first < last and named else index

    def _with_suffix(self, sentence: Sentence, last: int) -> int:
        """Return the end of a person's name with its "Jr."."""
        row = sentence.row
        if sentence.joined(last) and row[last].key in self._name_suffixes:
            last += 1
        suffixed = row[last - 1].key in self._name_suffixes
        stopped = last < len(row) and row[last].text == "." and row[last].start == row[last - 1].end
        return last + 1 if suffixed and stopped else last

    def _with_ordinal(self, sentence: Sentence, last: int) -> int:
        """Return the end of a conference's name with its number: "Hội nghị An ninh … lần thứ 7"."""
        row = sentence.row
        number = last + self._ordinal_words.after(row, last)
        numbered = last < number < len(row) and _ORDINAL.fullmatch(row[number].text)
        return number + 1 if numbered and sentence.joined(last) else last

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
        length = self._titles.after(row, index) or self._directions.after(row, index)
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
        if index and sentence.row[index - 1].key == "vùng":  # "vùng biển Philippines": a state's waters
            return None
        known = self._known_at(sentence, last) or self._unknown(sentence, last, None, None)
        if known is None or (known.type is EntityType.LOC and known.last > last + 1):
            return None  # "biển Địa Trung Hải" has a name of its own
        return _Find(known.last, EntityType.LOC, Evidence.CONTEXT)

    def _body(self, sentence: Sentence, index: int) -> _Find | None:
        """Read a name that starts with a common noun in capitals: "Ủy ban Điều tra Nga"."""
        row = sentence.row
        if not row[index].is_capital:
            return None
        complete = self._complete.after(row, index)
        length, entity_type = max(
            (complete, EntityType.ORG),
            *((heads.after(row, index), entity_type) for entity_type, heads in self._heads.items()),
            key=lambda option: option[0],
        )
        head_end = index + length
        if not length or self._titles.after(row, index) > length:
            return None
        if self._is_common_noun(sentence, index, head_end):
            return None
        detached = self._detached_name(sentence, index, head_end)
        if detached:
            return detached
        last = self._right_edge(sentence, head_end, takes_foreign=length > complete)
        if last == head_end and length > complete:
            return None
        if entity_type is EntityType.ORG and self._is_house(sentence, index):
            entity_type = EntityType.FAC
        return _Find(last, entity_type, Evidence.CONTEXT)

    def _is_house(self, sentence: Sentence, index: int) -> bool:
        """Tell whether the organisation at ``index`` is meant as the building that it sits in."""
        row = sentence.row
        return bool(self._houses.after(row, index)) and self._house_prepositions.before(row, index) > 0

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
        foreign = not is_vietnamese_syllable(sentence.row[head_end].text)
        if (
            known
            and known.type is EntityType.ORG
            and (foreign or self._standalone.after(sentence.row, head_end))
        ):
            return _Find(known.last, known.type, known.evidence, first=head_end)
        if known is None and foreign:
            unknown = self._unknown(sentence, head_end, None, None)
            if unknown:
                return _Find(unknown.last, EntityType.ORG, Evidence.CONTEXT, first=head_end)
        return None

    def _right_edge(self, sentence: Sentence, head_end: int, *, takes_foreign: bool) -> int:
        """Return where the name ends whose head ends at ``head_end``.

        A foreign word right after the head is the body's ("Viện Brookings") where ``takes_foreign``, else
        a person's ("Hạ viện Nancy Pelosi").
        """
        row = sentence.row
        last = head_end
        if takes_foreign and sentence.joined(last) and self._is_unknown_foreign(sentence, last):
            return last + 1
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
            following = row[last + 1] if last + 1 < len(row) else None
            linked = following and following.is_capital and joined(sentence.text, row[last - 1], following)
            return (last + 1, False) if linked else None
        known = self._known_at(sentence, last)
        if known and known.type is EntityType.PER:
            return None
        if known and known.type is not EntityType.EVT:
            return known.last, known.type is EntityType.GPE
        end = (
            self._capital_continuation(sentence, head_end, last)
            if unit.is_capital
            else self._small_continuation(sentence, last)
        )
        return (end, False) if end else None

    def _capital_continuation(self, sentence: Sentence, head_end: int, last: int) -> int | None:
        """Return the end of the capitalised word at ``last`` if it goes on with a body's name."""
        row = sentence.row
        unit = row[last]
        office = last > head_end and self._titles.after(row, last) > 0
        opening = unit.key in self._not_names and len(unit.text) > 1 and self._ends_word(sentence, last)
        if office or opening or not is_vietnamese_syllable(unit.text) or self._starts_person(sentence, last):
            return None
        return self._end_of_word(sentence, last, last + 1)

    def _small_continuation(self, sentence: Sentence, last: int) -> int | None:
        """Return the end of the lower-case words or number at ``last`` if they go on with a body's name."""
        row = sentence.row
        if row[last].text[0].isdigit():
            return last + 1 if row[last - 1].key in _NUMBERED else None
        after_link = last + self._links.after(row, last)
        if after_link > last and sentence.joined(after_link):
            if self._complete.after(row, after_link):
                return None
            numbered = row[after_link - 1].key in _NUMBERED and row[after_link].text[0].isdigit()
            if row[after_link].is_capital or numbered:
                return after_link
        return last + self._tails.after(row, last) if self._tails.after(row, last) else None

    def _end_of_word(self, sentence: Sentence, index: int, last: int) -> int:
        """Return the end of the segmented word that holds the unit ("Quốc phòng"), at least ``last``."""
        row = sentence.row
        first = index
        while first and row[first].start not in sentence.words:
            first -= 1
        end, _ = sentence.words.get(row[first].start, (0, False))
        while last < len(row) and row[last].end <= end and row[last].is_word and row[last].text.islower():
            last += 1
        return last

    def _starts_person(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a Vietnamese, Chinese or Korean personal name starts at ``index``."""
        row = sentence.row
        return (
            row[index].key in self._family_names
            and self._ends_word(sentence, index)
            and sentence.joined(index + 1)
            and row[index + 1].is_capital
            and is_vietnamese_syllable(row[index + 1].text)
            and self._ends_word(sentence, index + 1)
        )

    def _ends_word(self, sentence: Sentence, index: int) -> bool:
        """Tell whether no lower-case rest of a word follows the unit."""
        return self._end_of_word(sentence, index, index + 1) == index + 1

    def _state(self, sentence: Sentence, index: int) -> _Find | None:
        """Read a state's name with its form of government: "Cộng hòa Madagascar"."""
        length = self._state_heads.after(sentence.row, index)
        last = index + length
        if not length or not sentence.row[index].is_capital or not sentence.joined(last):
            return None
        known = self._known_at(sentence, last)
        return _Find(known.last, EntityType.GPE) if known and known.type is EntityType.GPE else None

    def _credit(self, sentence: Sentence, index: int) -> _Find | None:
        """Read a source in lower case: "(Nguồn: sputniknews)"."""
        unit = sentence.row[index]
        if not self._follows_credit(sentence, index) or not unit.text.islower():
            return None
        foreign = len(unit.text) > 2 and not is_vietnamese_syllable(unit.text)
        return _Find(index + 1, EntityType.ORG, Evidence.CONTEXT) if foreign else None

    def _follows_credit(self, sentence: Sentence, index: int) -> bool:
        row = sentence.row
        return index > 1 and row[index - 1].text == ":" and self._credits.before(row, index - 1) > 0

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
        if last == index:
            return None
        if self._is_lone_foreign_word(sentence, last):  # "S-400 Triumf"
            last += 1
        return _Find(last, EntityType.MISC, Evidence.CONTEXT)

    def _is_lone_foreign_word(self, sentence: Sentence, index: int) -> bool:
        alone = not sentence.joined(index + 1) or not sentence.row[index + 1].is_capital
        return sentence.joined(index) and alone and self._is_unknown_foreign(sentence, index)

    def _is_unknown_foreign(self, sentence: Sentence, index: int) -> bool:
        unit = sentence.row[index]
        foreign = unit.is_capital and not is_vietnamese_syllable(unit.text)
        return foreign and self._known_at(sentence, index) is None

    def _unknown(
        self, sentence: Sentence, index: int, known: _Find | None, previous: Candidate | None
    ) -> _Find | None:
        """Read a row of capitalised words that no list knows, up to the next known name."""
        row = sentence.row
        first = row[index]
        if not (first.is_capital or (first.key in self._name_links and self._links_name(sentence, index))):
            return None
        last = self._with_suffix(sentence, self._capitals_end(sentence, index, known))
        if known and (last <= known.last or known.type is not EntityType.PER):
            return None
        run = [unit for unit in row[index:last] if unit.is_word]
        if self._is_ordinary(sentence, index, run):
            return None
        entity_type, evidence = self._type_of(sentence, index, run, previous)
        return _Find(last, entity_type, evidence, known.first if known else None) if entity_type else None

    def _links_name(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a name starts with the article at ``index``: "al-Tanf"."""
        row = sentence.row
        if index + 2 >= len(row) or row[index + 1].text not in "-–":
            return False
        return row[index + 2].is_capital and joined(sentence.text, row[index], row[index + 2])

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
                hyphenated = (
                    at == last + 1 and row[last].text in "-–'’" and row[last].start == row[last - 1].end
                )
                if not (hyphenated and unit.start == row[last].end and unit.text.isalpha()):
                    break
            elif self._titles.after(row, at) > 1 or self._breaks_run(sentence, last, at):
                break
            elif (other := self._known_at(sentence, at)) and not (
                personal and is_vietnamese_syllable(unit.text) and at - index < _LONGEST_PERSONAL_NAME
            ):
                if known is None and other.type is EntityType.PER and _may_be_forenames(row[index:last]):
                    return other.last
                break
            elif row[at - 1].text in "-–" and at == last + 1 and sentence.text[row[last].start - 1] == " ":
                break
            last = at + 1
        return last

    def _breaks_run(self, sentence: Sentence, last: int, index: int) -> bool:
        """Tell whether a capitalised word after a name belongs to what follows ("Unian Đó là")."""
        row = sentence.row
        unit = row[index]
        if not is_vietnamese_syllable(unit.text):
            return False
        if unit.key in self._not_names and len(unit.text) > 1:
            return True
        if is_vietnamese_syllable(row[last - 1].text):
            return False
        _, is_name = sentence.words.get(unit.start, (unit.end, True))
        return not is_name or not self._ends_word(sentence, index) or self._starts_person(sentence, index)

    def _name_goes_on(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a capitalised word follows the links from ``index`` on: "bin Salman", "al-Masri"."""
        row = sentence.row
        before = row[index - 1]
        while index < len(row) and (row[index].text in "-–'’" or row[index].key in self._name_links):
            before = row[index] if row[index].is_word else before
            index += 1
        return index < len(row) and row[index].is_capital and joined(sentence.text, before, row[index])

    def _is_ordinary(self, sentence: Sentence, index: int, run: Sequence[Unit]) -> bool:
        """Tell whether the capitals are those of a sentence's start or of a common noun."""
        first = run[0]
        if len(run) == 1 and (first.key in self._not_names or len(first.text) == 1):
            return True
        if first.key in self._not_names and is_vietnamese_syllable(first.text):
            return True
        if len(run) > 1 and sentence.opens(index) and self._opens_sentence(sentence, first):
            return True
        if not all(is_vietnamese_syllable(unit.text) for unit in run) or (
            first.text.isupper() and len(first.text) > 1
        ):
            return False
        end, is_name = sentence.words.get(first.start, (first.end, False))
        if len(run) == 1:
            return end > first.end or sentence.opens(index) or not is_name
        return sentence.opens(index) and (not is_name and end <= first.end)

    def _opens_sentence(self, sentence: Sentence, first: Unit) -> bool:
        """Tell whether the first word of a sentence has its capital only for that ("Theo Reuters")."""
        end, is_name = sentence.words.get(first.start, (first.end, False))
        vietnamese = is_vietnamese_syllable(first.text) and first.key not in self._family_names
        return vietnamese and end == first.end and not is_name

    def _type_of(
        self, sentence: Sentence, index: int, run: Sequence[Unit], previous: Candidate | None
    ) -> tuple[EntityType | None, Evidence]:
        """Return the type of an unknown name by its neighbours, else by its shape; None: no name."""
        acronym = len(run) == 1 and _is_acronym(run[0])
        if self._is_source(sentence, index, run, previous):
            return EntityType.ORG, Evidence.CONTEXT
        context = self._context_type(sentence, index, previous)
        if context and not (acronym and context in (EntityType.PER, EntityType.GPE)):
            return context, Evidence.CONTEXT
        if acronym:
            return EntityType.ORG, Evidence.CRF  # surer than the CRF's own guess
        return self._type_by_shape(sentence, index, run)

    def _is_source(
        self, sentence: Sentence, index: int, run: Sequence[Unit], previous: Candidate | None
    ) -> bool:
        """Tell whether an unknown name is a medium's or company's by its last word or as a credit."""
        foreign = not all(is_vietnamese_syllable(unit.text) for unit in run)
        if len(run) > 1 and run[-1].key in self._organisation_endings:
            return True
        if self._follows_credit(sentence, index) and (foreign or len(run) == 1):
            return True
        slash = sentence.row[index - 1] if index else None
        after_slash = slash and slash.text == "/" and previous and previous.end == slash.start
        return bool(foreign and after_slash and previous and previous.type is EntityType.ORG)

    def _type_by_shape(
        self, sentence: Sentence, index: int, run: Sequence[Unit]
    ) -> tuple[EntityType | None, Evidence]:
        if all(is_vietnamese_syllable(unit.text) for unit in run):
            personal = run[0].key in self._family_names and 1 < len(run) <= _LONGEST_PERSONAL_NAME
            return (EntityType.PER if personal else None), Evidence.SHAPE
        if len(run) == 1:
            placed = index and sentence.row[index - 1].key in self._place_prepositions
            return (EntityType.GPE, Evidence.CONTEXT) if placed else (EntityType.PER, Evidence.SHAPE)
        if _is_acronym(run[0]):
            return EntityType.ORG, Evidence.SHAPE
        surname = self._known_at(sentence, index + len(run) - 1)
        known_person = surname is not None and surname.type is EntityType.PER
        return EntityType.PER, Evidence.CONTEXT if known_person else Evidence.SHAPE

    def _byline(self, sentence: Sentence, index: int, known: _Find | None) -> _Find | None:
        """Read a Vietnamese name that stands alone or beside its agency: "Thu Phương/TTXVN"."""
        row = sentence.row
        last = index
        while (
            last < len(row)
            and _is_vietnamese_name_part(row[last])
            and (last == index or sentence.joined(last))
        ):
            last += 1
        if index or not 1 < last <= _LONGEST_PERSONAL_NAME or not self._ends_byline(row, last):
            return None
        if (known and known.last > index + 1) or row[index].key in self._not_names:
            return None
        return _Find(last, EntityType.PER, Evidence.CONTEXT)

    def _ends_byline(self, row: Sequence[Unit], last: int) -> bool:
        """Tell whether nothing follows a name but its agency or a note in brackets."""
        if last == len(row) or row[last].text == "/":
            return True
        return row[last].text == "(" and self._byline_notes.after(row, last + 1) > 0

    def _context_type(self, sentence: Sentence, index: int, previous: Candidate | None) -> EntityType | None:
        """Return the type that the words before the unit give to a name there."""
        row = sentence.row
        last = index
        while last and row[last - 1].text in _QUOTES:
            last -= 1
        found = self._phrase_before(sentence, last)
        if found or not (previous and last and previous.end == row[last - 1].end):
            return found
        if previous.type not in (EntityType.GPE, EntityType.ORG):
            return None
        while last and row[last - 1].start >= previous.start:  # "Tổng thống Nga X": the office counts for X
            last -= 1
        office = self._phrase_before(sentence, last)
        return office if office is EntityType.PER else None

    def _phrase_before(self, sentence: Sentence, last: int) -> EntityType | None:
        row = sentence.row
        for length in range(min(_CONTEXT_WORDS, last), 0, -1):
            found = self._before.get(tuple(unit.key for unit in row[last - length : last]))
            if found:
                return found
        portfolio = self._portfolios.before(row, last)
        return self._phrase_before(sentence, last - portfolio) if portfolio else None


def _is_acronym(unit: Unit) -> bool:
    return len(unit.text) > 1 and unit.text.isupper()


def _is_vietnamese_name_part(unit: Unit) -> bool:
    return unit.is_capital and not unit.text[1:].isupper() and is_vietnamese_syllable(unit.text)


def _may_be_forenames(row: Sequence[Unit]) -> bool:
    """Tell whether a row of capitalised words may go before a known surname."""
    words = [unit for unit in row if unit.is_word]
    return not any(_is_acronym(unit) for unit in words) and not any(
        is_vietnamese_syllable(unit.text) and len(unit.text) > 1 for unit in words
    )
