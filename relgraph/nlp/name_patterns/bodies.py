"""Names that begin with a common noun: bodies, events, facilities, places, states."""

from relgraph.model import EntityType
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.name_patterns.known import KnownNames
from relgraph.nlp.name_patterns.reading import Evidence, Find, Phrases, Sentence, is_acronym
from relgraph.nlp.name_patterns.unknown import UnknownNames
from relgraph.nlp.name_patterns.vocabulary import phrases, words
from relgraph.nlp.names import joined
from relgraph.nlp.orthography import is_vietnamese_syllable

_NUMBERED = ("thứ", "số")  # what stands before a number inside a name
_LONGEST_REST = 14  # syllables between the capitals of a name and its abbreviation


class BodyNames:
    """The reading of names by the noun that they begin with.

    Args:
        known: the known names.
        unknown: the reading of the others.
        titles: the titles that end a body's name.
    """

    def __init__(self, known: KnownNames, unknown: UnknownNames, titles: Phrases) -> None:
        self._known = known
        self._unknown = unknown
        self._titles = titles
        self._heads = {
            EntityType.ORG: phrases("organisation_heads"),
            EntityType.EVT: phrases("event_heads"),
            EntityType.FAC: phrases("facility_heads"),
        }
        self._complete = Phrases(body["head"] for body in read_lexicon("bodies")["bodies"])
        self._common = phrases("common_at_start")
        self._detached = phrases("detached_heads")
        self._standalone = phrases("standalone")
        self._links = phrases("links")
        self._never_in_names = phrases("never_in_names")
        self._tails = phrases("tails")
        self._place_heads = phrases("place_heads")
        self._sea_heads = phrases("sea_heads")
        self._before_seas = phrases("before_seas")
        self._state_heads = phrases("state_heads")
        self._not_names = words("not_names")
        self._directions = phrases("directions")
        self._districts = phrases("districts")
        self._schools = phrases("schools")

    def place_at(self, sentence: Sentence, index: int) -> Find | None:
        """Read a classifier that belongs to the name of a place: "biển Nhật Bản"."""
        length = self._place_heads.after(sentence.row, index)
        last = index + length
        if not length or not sentence.joined(last) or not sentence.row[last].is_capital:
            return None
        known = self._known.at(sentence, last)
        if self._sea_heads.after(sentence.row, index):
            if self._before_seas.before(sentence.row, index):  # "bờ biển Yokosuka"
                return None
            if known and known.type is EntityType.GPE:  # "trên biển Syria": seas named after states are known
                return None
        name = known or self._unknown.at(sentence, last)
        if name is None or (name.type is EntityType.LOC and name.last > last + 1):
            return None  # "biển Địa Trung Hải" has a name of its own
        return Find(name.last, EntityType.LOC, Evidence.CONTEXT)

    def state_at(self, sentence: Sentence, index: int) -> Find | None:
        """Read a state's name with its form of government: "Cộng hòa Madagascar"."""
        length = self._state_heads.after(sentence.row, index)
        last = index + length
        if not length or not sentence.row[index].is_capital or not sentence.joined(last):
            return None
        known = self._known.at(sentence, last)
        return Find(known.last, EntityType.GPE) if known and known.type is EntityType.GPE else None

    def district_at(self, sentence: Sentence, index: int) -> Find | None:
        """Read a district's name with its point of the compass: "tỉnh **Bắc Hwanghae**"."""
        last = index + self._directions.after(sentence.row, index)
        if last == index or not sentence.row[index].is_capital or not sentence.joined(last):
            return None
        if not self._districts.before(sentence.row, index):
            return None
        name = self._known.at(sentence, last) or self._unknown.at(sentence, last)
        return Find(name.last, EntityType.GPE, Evidence.CONTEXT) if name else None

    def body_at(self, sentence: Sentence, index: int) -> Find | None:
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
        last = self._up_to_abbreviation(sentence, last, entity_type) or last
        if last == head_end and length > complete:
            return None
        if entity_type is EntityType.ORG and self._known.is_house(sentence, index):
            entity_type = EntityType.FAC
        return Find(last, entity_type, Evidence.CONTEXT)

    def _is_common_noun(self, sentence: Sentence, index: int, head_end: int) -> bool:
        """Tell whether a sentence begins with a common noun before a name ("Quân đội Nga")."""
        if not sentence.opens(index) or self._common.after(sentence.row, index) != head_end - index:
            return False
        return not sentence.joined(head_end) or (
            not sentence.row[head_end].is_capital
            or not is_vietnamese_syllable(sentence.row[head_end].text)
            or self._known.at(sentence, head_end) is not None
        )

    def _detached_name(self, sentence: Sentence, index: int, head_end: int) -> Find | None:
        """Read "Tổ chức Nhà nước Hồi giáo": a known organisation after a noun that is no part of it."""
        if self._detached.after(sentence.row, index) != head_end - index or not sentence.joined(head_end):
            return None
        known = self._known.at(sentence, head_end)
        foreign = not is_vietnamese_syllable(sentence.row[head_end].text)
        if (
            known
            and known.type is EntityType.ORG
            and (foreign or self._standalone.after(sentence.row, head_end))
        ):
            return Find(known.last, known.type, known.evidence, first=head_end)
        if known is None and foreign:
            unknown = self._unknown.at(sentence, head_end)
            if unknown:
                return Find(unknown.last, EntityType.ORG, Evidence.CONTEXT, first=head_end)
        return None

    # --- where a body's name ends -------------------------------------------------------------------------

    def _right_edge(self, sentence: Sentence, head_end: int, *, takes_foreign: bool) -> int:
        """Return where the name ends whose head ends at ``head_end``.

        A foreign word right after the head is the body's ("Viện Brookings") where ``takes_foreign``, else
        a person's ("Hạ viện Nancy Pelosi").
        """
        row = sentence.row
        last = head_end
        if takes_foreign and sentence.joined(last) and self._unknown.foreign_at(sentence, last):
            return sentence.end_of_tied(last)
        while last < len(row) and (sentence.joined(last) or row[last].text in "-–"):
            step = self._continuation(sentence, head_end, last)
            if step is None:
                break
            last, ended = step
            if ended:
                break
        return self._with_seat(sentence, head_end, last)

    def _with_seat(self, sentence: Sentence, head_end: int, last: int) -> int:
        """Return the end of a school's name with its foreign town: "Học viện Bách khoa **Worcester**"."""
        if head_end < last and self._schools.before(sentence.row, head_end):
            while sentence.joined(last) and sentence.is_foreign(last):
                last = sentence.end_of_tied(last)
        return last

    def _up_to_abbreviation(self, sentence: Sentence, last: int, entity_type: EntityType) -> int | None:
        """Return the end of a name whose small words go on up to its abbreviation in brackets.

        "Hiệp định Đối tác **toàn diện khu vực** (RCEP)"; a known state may stand only at its end.
        """
        row = sentence.row
        at = last
        while at < len(row) and row[at].is_word and sentence.joined(at) and at - last < _LONGEST_REST:
            if self._ends_names(sentence, at) or self._titles.after(row, at) or self._heads_at(sentence, at):
                return None
            known = self._known.at(sentence, at)
            at = known.last if known else at + 1
        if at == last or at + 2 >= len(row) or row[at].text != "(" or row[at + 2].text != ")":
            return None
        short = self._known.at(sentence, at + 1)
        fits = short is None or entity_type in (short.type, EntityType.EVT)
        return at if fits and is_acronym(row[at + 1]) else None

    def _ends_names(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a word starts there that no name goes over: "không", but not that of "không gian"."""
        last = index + self._never_in_names.after(sentence.row, index)
        end, _ = sentence.tagged(sentence.row[index], False)
        return last > index and end <= sentence.row[last - 1].end

    def _heads_at(self, sentence: Sentence, index: int) -> bool:
        """Tell whether another body's name begins there."""
        row = sentence.row
        return row[index].is_capital and (
            self._complete.after(row, index) > 0 or self._heads[EntityType.ORG].after(row, index) > 0
        )

    def _continuation(self, sentence: Sentence, head_end: int, last: int) -> tuple[int, bool] | None:
        """Return how far the next piece of a body's name goes and whether it must be the last one."""
        row = sentence.row
        unit = row[last]
        if not unit.is_word:
            following = row[last + 1] if last + 1 < len(row) else None
            linked = following and following.is_capital and joined(sentence.text, row[last - 1], following)
            return (last + 1, False) if linked else None
        known = self._known.at(sentence, last)
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
        opening = unit.key in self._not_names and len(unit.text) > 1 and sentence.ends_word(last)
        person = self._unknown.person_at(sentence, last)
        if office or opening or person or sentence.is_foreign(last):
            return None
        return sentence.end_of_word(last, last + 1)

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
