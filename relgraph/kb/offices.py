"""Who holds an office that the article names without its holder, by the office's history ("Tổng thống Iran").

What the article tells itself comes first (`relgraph.nlp.nominals`). Here, for the offices that it leaves
open, the knowledge base says who held them on the article's day. Where it does not surely know one person,
or the sentence also speaks of a time at which another held the office, nobody is named.

The annotation guidelines let the state take part in an event where the article does not name who holds the
office. So the holder is told beside: as a nominal of method "office-history", and by the component
``relgraph_representation`` as that through which the state takes part.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from relgraph.kb.base import KnowledgeBase
from relgraph.model import (
    Entity,
    EntityType,
    EventMention,
    Interval,
    KbEntity,
    Mention,
    Nominal,
    Office,
    Participant,
    TimexType,
)
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.nominals import NominalResolver, Phrase

METHOD: Final = "office-history"
# By Laplace's rule of succession from how often the history names the same person as the articles of
# gold-train do, where they name the holder beside the office: 286 of 289, 4 of 4, 15 of 15.
_CONFIDENCE = {"title": 0.99, "leader_of_state": 0.83, "counterpart": 0.94}
_LONGEST = 24  # characters between a title and what it belongs to, or of the words that bar it
_AMBASSADOR, _UN_AMBASSADOR, _UNITED_NATIONS = "ambassador", "un-ambassador", "org/united-nations"


class _Asked(NamedTuple):
    """An office that is asked for, and where the words for it end."""

    offices: tuple[Office, ...]
    end: int


class OfficeHolders:
    """Adds to ``doc._.nominals`` the offices whose holder only their history tells, to ``doc._.entities`` who
    held them.

    Args:
        kb: the knowledge base that knows the offices and their holders.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._phrases = NominalResolver()
        titles, words = read_lexicon("titles"), read_lexicon("nominals")
        self._with_state: dict[str, str] = titles["with_state"]
        self._barred_before = re.compile(
            rf"(?<!\w)(?:{_any_of([*words['not_the_holder'], *titles['former']])})\s+$", re.I
        )
        self._barred_after = re.compile(rf"\s+(?:{_any_of(words['at_another_time'])})(?!\w)", re.I)
        self._of_state = re.compile(rf"\s*(?:(?:{_any_of(words['of_state'])})\s+)*", re.I)
        self._sent_to = re.compile(rf"\s+(?:{_any_of(words['sent_to'])})\s+", re.I)
        self._offices: dict[tuple[str, str], list[Office]] = defaultdict(list)
        self._leading: dict[str, list[Office]] = defaultdict(list)
        for office in kb.offices.values():
            self._offices[office.jurisdiction, office.role].append(office)
            if office.leads:
                self._leading[office.jurisdiction].append(office)

    def __call__(self, doc: Doc) -> Doc:
        """Resolve the offices of one document."""
        published: date | None = doc._.article.published
        if published is None:
            return doc
        entities = _Entities(doc._.entities)
        taken = {nominal.start for nominal in doc._.nominals}
        found = []
        for phrase in self._phrases.open_phrases(doc):
            asked = self._asked(phrase, doc, entities) if phrase.start not in taken else None
            holder = self._holder(asked, [published, *_days_told(doc, phrase.start)]) if asked else None
            if asked and holder:
                found.append(_nominal(doc._.article.text, phrase, asked.end, entities.of(holder)))
        doc._.nominals = tuple(sorted((*doc._.nominals, *found), key=lambda nominal: nominal.start))
        doc._.entities = entities.all()
        return doc

    def _asked(self, phrase: Phrase, doc: Doc, entities: "_Entities") -> _Asked | None:
        """Return the offices that the phrase may mean together with what follows it."""
        if phrase.kind not in _CONFIDENCE or self._is_barred(doc._.article.text, phrase.start):
            return None
        place = self._jurisdiction(phrase, doc, entities)
        if place is None:
            return None
        jurisdiction, end = place
        if phrase.kind == "leader_of_state":
            asked = _Asked(tuple(self._leading[jurisdiction]), end)
        elif phrase.role == _AMBASSADOR:
            asked = self._embassy(jurisdiction, end, doc, entities)
        else:
            role = phrase.role or ""
            if (jurisdiction, role) not in self._offices:
                role = self._with_state.get(role, role)
            asked = _Asked(tuple(self._offices.get((jurisdiction, role), ())), end)
        return None if self._barred_after.match(doc._.article.text, asked.end) else asked

    def _is_barred(self, text: str, start: int) -> bool:
        """Tell whether the words before a title say that its holder of the day is not meant."""
        return self._barred_before.search(text[max(0, start - _LONGEST) : start]) is not None

    def _jurisdiction(self, phrase: Phrase, doc: Doc, entities: "_Entities") -> tuple[str, int] | None:
        """Return the key of the state or body whose office it is, and where its name ends.

        The name may begin inside the title: "Người phát ngôn **Bộ Ngoại giao Nga**"; or "nước này" stands for
        it.
        """
        deictic = (nominal for nominal in doc._.nominals if nominal.method == "deictic")
        near = [n for n in (*doc._.mentions, *deictic) if phrase.start < n.start <= phrase.end + _LONGEST]
        text = doc._.article.text
        for named in sorted(near, key=lambda span: span.start):
            inside = named.start < phrase.end <= named.end
            after = named.start >= phrase.end and self._of_state.fullmatch(text, phrase.end, named.start)
            if (inside or after) and (key := entities.key(named.entity)):
                return self._having_offices(key, phrase), named.end
        return None

    def _having_offices(self, key: str, phrase: Phrase) -> str:
        """Return the body itself where the office is its own, else the state that it belongs to."""
        entity = self._kb.entities.get(key)
        if (key, phrase.role or "") in self._offices or entity is None or entity.type is EntityType.GPE:
            return key
        return entity.country or key

    def _embassy(self, sender: str, end: int, doc: Doc, entities: "_Entities") -> _Asked:
        """Return the sender's embassy to the state, or to the United Nations, that is named next."""
        link = self._sent_to.match(doc._.article.text, end)
        host = next((m for m in doc._.mentions if link and m.start == link.end()), None)
        key = entities.key(host.entity) if host else None
        if host is None or key is None:
            return _Asked((), end)
        if key == _UNITED_NATIONS:
            return _Asked(tuple(self._offices.get((sender, _UN_AMBASSADOR), ())), host.end)
        embassies = self._offices.get((sender, _AMBASSADOR), ())
        suffix = f"/{_AMBASSADOR}/{key.partition('/')[2]}"
        return _Asked(tuple(office for office in embassies if office.id.endswith(suffix)), host.end)

    def _holder(self, asked: _Asked, days: Iterable[date]) -> KbEntity | None:
        """Return who held the office on all of the days, if it is one person who is surely known."""
        holders = {self._kb.holder(office.id, day) for office in asked.offices for day in days}
        return holders.pop() if len(holders) == 1 else None


class Representation:
    """Sets through which unnamed office-holder a state or body takes part in an event.

    Only where all that stands for it in the trigger's sentence stands inside the words for the office.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Complete the participants of one document's events."""
        offices = [nominal for nominal in doc._.nominals if nominal.method == METHOD]
        if offices:
            named = {mention.entity for mention in doc._.mentions}
            unnamed = [office for office in offices if office.entity not in named]
            sentences = [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
            doc._.events = tuple(_represented(event, doc, unnamed, sentences) for event in doc._.events)
        return doc


def _represented(
    event: EventMention, doc: Doc, offices: Sequence[Nominal], sentences: Sequence[tuple[int, int]]
) -> EventMention:
    start, end = next((a, b) for a, b in sentences if a <= event.trigger.start < b)
    here = sorted(
        (span for span in (*doc._.mentions, *doc._.nominals) if start <= span.start < end),
        key=lambda span: span.start,
    )
    # An office's state or body is what its words name first: not the host in "Đại sứ Nga tại Mỹ".
    of: dict[Mention | Nominal, Nominal] = {}
    for office in offices:
        inside = (span for span in here if office.start < span.start and span.end <= office.end)
        if first := next(inside, None):
            of[first] = office
    participants = tuple(_with_office(one, here, of) for one in event.participants)
    return event.model_copy(update={"participants": participants})


def _with_office(
    participant: Participant, here: Iterable[Mention | Nominal], of: Mapping[Mention | Nominal, Nominal]
) -> Participant:
    around = {of.get(span) for span in here if span.entity == participant.entity}
    office = around.pop() if len(around) == 1 else None
    return participant.model_copy(update={"through": office}) if office else participant


class _Entities:
    """A document's entities, to which persons are added."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._by_id = {entity.id: entity for entity in entities}
        self._ids = {entity.key: entity.id for entity in self._by_id.values()}

    def all(self) -> tuple[Entity, ...]:
        return tuple(self._by_id.values())

    def key(self, entity_id: str | None) -> str | None:
        entity = self._by_id.get(entity_id or "")
        return entity.key if entity and entity.type in (EntityType.GPE, EntityType.ORG) else None

    def of(self, person: KbEntity) -> str:
        """Return the id of the person in the document, who is added if need be."""
        if person.id not in self._ids:
            entity_id = next(
                name for number in count(len(self._by_id) + 1) if (name := f"e{number}") not in self._by_id
            )
            self._ids[person.id] = entity_id
            self._by_id[entity_id] = Entity(
                id=entity_id,
                type=person.type,
                name=person.name,
                kb=person.wikidata,
                key=person.id,
                label_vi=person.vi,
            )
        return self._ids[person.id]


def _nominal(text: str, phrase: Phrase, end: int, entity: str) -> Nominal:
    return Nominal(
        start=phrase.start,
        end=end,
        text=text[phrase.start : end],
        entity=entity,
        method=METHOD,
        confidence=_CONFIDENCE[phrase.kind],
    )


def _days_told(doc: Doc, offset: int) -> Iterator[date]:
    """Yield the first and the last day of each date that the sentence at ``offset`` tells."""
    sentence = next(s for s in doc.sents if s.start_char <= offset < s.end_char)
    for timex in doc._.timexes:
        if timex.type is TimexType.DATE and sentence.start_char <= timex.start < sentence.end_char:
            interval = Interval.from_value(timex.value)
            if interval and interval.earliest and interval.latest:
                yield from (interval.earliest, interval.latest)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@Language.factory(
    "relgraph_offices",
    requires=["doc._.mentions", "doc._.entities", "doc._.nominals", "doc._.timexes"],
    assigns=["doc._.nominals", "doc._.entities"],
)
def make_office_holders(nlp: Language, name: str) -> OfficeHolders:
    """Make the component over the shipped knowledge base."""
    return OfficeHolders(KnowledgeBase.load())


@Language.factory(
    "relgraph_representation",
    requires=["doc._.events", "doc._.mentions", "doc._.nominals"],
    assigns=["doc._.events"],
)
def make_representation(nlp: Language, name: str) -> Representation:
    """Make the component."""
    return Representation()
