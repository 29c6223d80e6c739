"""Known names in a sentence: which of their types is meant, and where the span begins and ends."""

import re

from relgraph.model import EntityType
from relgraph.nlp.name_patterns.contexts import Contexts
from relgraph.nlp.name_patterns.reading import Find, Phrases, Sentence
from relgraph.nlp.name_patterns.vocabulary import phrases, rules, words
from relgraph.nlp.names import Match, NameMatcher
from relgraph.nlp.orthography import is_vietnamese_syllable

_DASH = "-"  # key of all dashes
_LONGEST_PLACE = 4  # units of a place's name: "Thổ Nhĩ Kỳ"
_ORDINAL = re.compile(r"\d{1,3}|[IVXL]+")
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


class KnownNames:
    """The names of the knowledge base as they stand in sentences.

    Args:
        known: their matcher.
        titles: the titles that are no part of a person's name.
        contexts: what the words before a name tell.
    """

    def __init__(self, known: NameMatcher, titles: Phrases, contexts: Contexts) -> None:
        self._known = known
        self._contexts = contexts
        before = rules()["before"]
        self._classifiers = {
            EntityType.PER: titles,
            EntityType.GPE: Phrases([*before["GPE"], *before["LOC"]]),
            EntityType.MISC: Phrases(before["MISC"]),
            EntityType.FAC: Phrases(before["FAC"]),
            EntityType.EVT: phrases("event_classifiers"),
            EntityType.ORG: phrases("organisation_classifiers"),
        }
        self._ordinal_words = phrases("ordinal_words")
        self._common_events = phrases("common_events")
        self._common_events_at_start = phrases("common_events_at_start")
        self._common_bodies_at_start = phrases("common_bodies_at_start")
        self._houses = phrases("houses")
        self._house_prepositions = phrases("house_prepositions")
        self._ordinary_too = words("ordinary_too")
        self._only_joined = words("only_joined")
        self._name_suffixes = words("name_suffixes")

    def at(self, sentence: Sentence, index: int, headline: bool = False) -> Find | None:
        """Return the longest known name that starts at the unit, or None.

        Args:
            headline: whether capitals say nothing here.
        """
        match = self._known.longest_at(sentence.text, sentence.row, index)
        if match is None or self._is_ordinary(sentence, index, match, headline):
            return None
        entity_type = self._type(sentence, index, match)
        if entity_type is EntityType.ORG and self._is_common_body(sentence, index, match):
            return None
        first = self._after_classifier(sentence, index, match.last, entity_type)
        last = match.last
        if entity_type is EntityType.EVT:
            if self._is_common_event(sentence, first):
                return None
            last = self._with_ordinal(sentence, last)
        elif entity_type is EntityType.PER:
            last = self.with_suffix(sentence, last)
        return Find(last, entity_type, first=first)

    def is_house(self, sentence: Sentence, index: int) -> bool:
        """Tell whether the organisation at ``index`` is meant as the building that it sits in."""
        row = sentence.row
        return bool(self._houses.after(row, index)) and self._house_prepositions.before(row, index) > 0

    def with_suffix(self, sentence: Sentence, last: int) -> int:
        """Return the end of a person's name that ends at ``last`` with its "Jr."."""
        row = sentence.row
        if sentence.joined(last) and row[last].key in self._name_suffixes:
            last += 1
        suffixed = row[last - 1].key in self._name_suffixes
        stopped = last < len(row) and row[last].text == "." and row[last].start == row[last - 1].end
        return last + 1 if suffixed and stopped else last

    def _is_ordinary(self, sentence: Sentence, index: int, match: Match, headline: bool) -> bool:
        """Tell whether the name is the ordinary word that it is spelt as ("Anh", "Ý")."""
        unit = sentence.row[index]
        if match.last != index + 1:
            return False
        if unit.key in self._only_joined:
            return not self._is_joined_with_place(sentence, index)
        if unit.key not in self._ordinary_too:
            return False
        if not sentence.ends_word(index):  # "Nhật báo"
            return True
        opens = headline or sentence.opens(index)
        return (opens and unit.key not in sentence.inside) or _starts_longer_name(sentence, index)

    def _is_joined_with_place(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a dash joins the word with a state or city: "Mỹ - Trung", "Trung–Ấn"."""
        row = sentence.row
        if index + 2 < len(row) and row[index + 1].key == _DASH and self._place_end(sentence, index + 2):
            return True
        if index < 2 or row[index - 1].key != _DASH:
            return False
        starts = range(max(0, index - 1 - _LONGEST_PLACE), index - 1)
        return any(self._place_end(sentence, start) == index - 1 for start in starts)

    def _place_end(self, sentence: Sentence, start: int) -> int | None:
        """Return where the state or city ends that starts at the unit, or None."""
        match = self._known.longest_at(sentence.text, sentence.row, start)
        return match.last if match and EntityType.GPE in match.types else None

    def _is_common_event(self, sentence: Sentence, first: int) -> bool:
        """Tell whether a known event is written as a common noun: "khủng hoảng Qatar" holds only a state."""
        common = self._common_events
        if sentence.row[first].is_capital:
            if not sentence.opens(first):
                return False
            common = self._common_events_at_start
        return common.after(sentence.row, first) > 0

    def _is_common_body(self, sentence: Sentence, index: int, match: Match) -> bool:
        """Tell whether a sentence begins with a common noun before a state: "Quân đội Nga" as "quân đội"."""
        head_end = index + self._common_bodies_at_start.after(sentence.row, index)
        if not index < head_end < match.last or not sentence.opens(index):
            return False
        rest = self._known.longest_at(sentence.text, sentence.row, head_end)
        return rest is not None and rest.last == match.last and EntityType.GPE in rest.types

    def _type(self, sentence: Sentence, index: int, match: Match) -> EntityType:
        """Return the type that a known name has here, of those it may have."""
        if EntityType.ORG in match.types and self.is_house(sentence, index):
            return EntityType.FAC
        if len(match.types) > 1:
            context = self._contexts.phrase_before(sentence, index)
            if context in match.types:
                return context
            if self._contexts.follows_credit(sentence, index) and EntityType.ORG in match.types:
                return EntityType.ORG
        return min(match.types, key=_USUAL_ORDER.index)

    def _after_classifier(self, sentence: Sentence, index: int, last: int, entity_type: EntityType) -> int:
        """Return where a known name starts that is listed with an office or classifier ("Sheikh Tamim")."""
        row = sentence.row
        if row[index].is_capital and entity_type in (EntityType.FAC, EntityType.LOC, EntityType.EVT):
            return index
        inside = not sentence.opens(index) and row[index - 1].text != "/"
        if row[index].is_capital and entity_type is EntityType.ORG and inside:
            return index
        classifiers = self._classifiers.get(entity_type)
        first = index + (classifiers.after(row, index) if classifiers else 0)
        named = entity_type is EntityType.EVT or (first < last and row[first].is_capital)
        if first == last or not named or not sentence.ends_word(first - 1):  # "cuộc chiến Syria"
            return index
        return first

    def _with_ordinal(self, sentence: Sentence, last: int) -> int:
        """Return the end of a conference's name with its number: "Hội nghị An ninh … lần thứ 7"."""
        row = sentence.row
        number = last + self._ordinal_words.after(row, last)
        numbered = last < number < len(row) and _ORDINAL.fullmatch(row[number].text)
        return number + 1 if numbered and sentence.joined(last) else last


def _starts_longer_name(sentence: Sentence, index: int) -> bool:
    """Tell whether an ordinary word with a capital is followed by a personal name ("Anh Hải")."""
    if not sentence.joined(index + 1) or not sentence.opens(index):
        return False
    following = sentence.row[index + 1]
    return following.is_capital and is_vietnamese_syllable(following.text)
