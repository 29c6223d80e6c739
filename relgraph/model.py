"""The nouns of relgraph, as frozen pydantic models that every package shares.

Offsets count characters of an article's stored text (Unicode NFC), start inclusive, end exclusive:
``text[start:end]`` is always the quoted surface.
"""

import calendar
import hashlib
import re
import unicodedata
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Noun(BaseModel):
    """What all models share: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Noun):
    """A stretch of an article's stored text."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    text: str

    @model_validator(mode="after")
    def _covers_its_text(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"offsets {self.start}-{self.end} do not fit the text {self.text!r}")
        return self


# --- articles ---------------------------------------------------------------------------------------------


class ZoneKind(StrEnum):
    """What a paragraph of an article's file is; extraction reads every kind but ``FURNITURE``."""

    HEADLINE = "headline"
    DATELINE = "dateline"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"
    BYLINE = "byline"
    FURNITURE = "furniture"


class Zone(_Noun):
    """A paragraph of the stored text and what it is. An article's zones are ordered and never overlap."""

    kind: ZoneKind
    start: int
    end: int


class Article(_Noun):
    """One news article, with its text as a person can open it and what is known about it.

    Attributes:
        id: the file's stem unless the source gives one.
        text: the whole text as read: NFC, line ends as ``\\n``, stripped at both ends. Never cut.
        published: publication date (document creation time); None where neither text nor metadata tell.
        path: where it was read from, for messages.
        zones: one per paragraph of ``text``, blank lines left out.
    """

    id: str
    text: str
    title: str | None = None
    published: date | None = None
    source: str | None = None
    byline: str | None = None
    url: str | None = None
    path: str | None = None
    zones: tuple[Zone, ...] = ()

    @property
    def sha256(self) -> str:
        """Hash of the stored text in UTF-8, hexadecimal: the article's identity across runs."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def zone_at(self, offset: int) -> Zone | None:
        """Return the zone that holds the character at ``offset``, or None between zones."""
        return next((zone for zone in self.zones if zone.start <= offset < zone.end), None)


# --- time -------------------------------------------------------------------------------------------------


class Precision(StrEnum):
    """How exactly a time is known."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"


_SEASON_MONTHS = {"SP": (3, "21"), "SU": (6, "22"), "FA": (9, "23"), "WI": (12, "24")}  # EDTF level 1 codes
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")
_WEEK = re.compile(r"(\d{4})-W(\d{2})(-WE)?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-[QH](\d)")
_SEASON = re.compile(r"(\d{4})-(SP|SU|FA|WI)")
_YEAR = re.compile(r"(\d{4})")
_DECADE = re.compile(r"(\d{3})X?")
_CENTURY = re.compile(r"(\d{2})XX")


class Interval(_Noun):
    """A time with its two day bounds, both inclusive; a bound that is None is open or unknown.

    Attributes:
        edtf: the same in Extended Date/Time Format (ISO 8601-2:2019, level 1).
    """

    earliest: date | None
    latest: date | None
    precision: Precision
    edtf: str

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"{self.earliest} is after {self.latest}")
        return self

    @classmethod
    def from_value(cls, value: str | None) -> Self | None:
        """Read a TIMEX3 value (ISO 8601 date, week, month, quarter, year, decade, or A/B of these).

        Durations, sets, references such as PAST_REF and days that do not exist have no interval: None.

        >>> Interval.from_value("2018-04").latest
        datetime.date(2018, 4, 30)
        >>> Interval.from_value("2018-04-04/2018-04-05").edtf
        '2018-04-04/2018-04-05'
        >>> Interval.from_value("P3D") is None
        True
        """
        if not value:
            return None
        try:
            if "/" in value:
                return cls._between(*value.split("/", 1))
            return cls._single(value)
        except ValueError:  # a calendar that has no such day, month or week
            return None

    @classmethod
    def _between(cls, first: str, last: str) -> Self | None:
        begin, end = cls._single(first) if first else None, cls._single(last) if last else None
        if (first and not begin) or (last and not end) or not (begin or end):
            return None
        return cls(
            earliest=begin.earliest if begin else None,
            latest=end.latest if end else None,
            precision=Precision.INTERVAL,
            edtf=f"{begin.edtf if begin else '..'}/{end.edtf if end else '..'}",
        )

    @classmethod
    def _single(cls, value: str) -> Self | None:
        readers = (
            (_DAY, cls._day),
            (_WEEK, cls._week),
            (_MONTH, cls._month),
            (_QUARTER, cls._quarter),
            (_SEASON, cls._season),
            (_YEAR, cls._years),
            (_DECADE, cls._years),
            (_CENTURY, cls._years),
        )
        matches = ((pattern.fullmatch(value), read) for pattern, read in readers)
        return next((read(match) for match, read in matches if match), None)

    @classmethod
    def _day(cls, match: re.Match[str]) -> Self:
        day = date(*map(int, match.groups()[:3]))
        return cls(earliest=day, latest=day, precision=Precision.DAY, edtf=day.isoformat())

    @classmethod
    def _week(cls, match: re.Match[str]) -> Self:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        first, last = monday + timedelta(5 if match[3] else 0), monday + timedelta(6)
        return cls(earliest=first, latest=last, precision=Precision.WEEK, edtf=f"{first}/{last}")

    @classmethod
    def _month(cls, match: re.Match[str]) -> Self:
        return cls._months(int(match[1]), int(match[2]), 1, Precision.MONTH, match[0])

    @classmethod
    def _quarter(cls, match: re.Match[str]) -> Self:
        """Read a quarter or a half of a year; EDTF numbers them from 33 and from 40."""
        number, length, code = int(match[2]), 3, 32
        if "H" in match[0]:
            length, code = 6, 39
        edtf = f"{match[1]}-{code + number}"
        return cls._months(int(match[1]), (number - 1) * length + 1, length, Precision.QUARTER, edtf)

    @classmethod
    def _season(cls, match: re.Match[str]) -> Self:
        month, code = _SEASON_MONTHS[match[2]]
        return cls._months(int(match[1]), month, 3, Precision.SEASON, f"{match[1]}-{code}")

    @classmethod
    def _years(cls, match: re.Match[str]) -> Self:
        """Read a year, decade or century, by how many of its four figures are given."""
        missing = 4 - len(match[1])
        first, count = int(match[1]) * 10**missing, 10**missing
        return cls(
            earliest=date(first, 1, 1),
            latest=date(first + count - 1, 12, 31),
            precision=(Precision.YEAR, Precision.DECADE, Precision.CENTURY)[missing],
            edtf=match[1] + "X" * missing,
        )

    @classmethod
    def _months(cls, year: int, month: int, count: int, precision: Precision, edtf: str) -> Self:
        first = date(year, month, 1)
        years, last_month = divmod(month + count - 2, 12)
        last_day = calendar.monthrange(year + years, last_month + 1)[1]
        return cls(
            earliest=first,
            latest=date(year + years, last_month + 1, last_day),
            precision=precision,
            edtf=edtf,
        )


# --- documents --------------------------------------------------------------------------------------------


class EntityType(StrEnum):
    """Types of named entity (annotation guidelines, section 1)."""

    PER = "PER"
    ORG = "ORG"
    GPE = "GPE"
    LOC = "LOC"
    FAC = "FAC"
    EVT = "EVT"
    MISC = "MISC"


class TimexType(StrEnum):
    """Types of time expression (TIMEX3, ISO 24617-1)."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


class EventType(StrEnum):
    """PLOVER's sixteen event types and four extensions (STATE, JOIN, FOUND, ELECT)."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    COOPERATE = "COOPERATE"
    AID = "AID"
    CONCEDE = "CONCEDE"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"
    STATE = "STATE"
    JOIN = "JOIN"
    FOUND = "FOUND"
    ELECT = "ELECT"


class Factuality(StrEnum):
    """Whether the text presents the event as fact."""

    ACTUAL = "actual"
    PLANNED = "planned"
    POSSIBLE = "possible"
    NEGATED = "negated"


class Role(StrEnum):
    """A participant's part in an event."""

    AGENT = "agent"
    PATIENT = "patient"


class TimeAnchor(StrEnum):
    """Where an event's time was found."""

    CLAUSE = "clause"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    DOCUMENT = "document"


def slug(name: str) -> str:
    """Return ``name`` as lower-case ASCII words joined by hyphens, for identifiers and IRIs.

    >>> slug("Bộ Quốc phòng Nga"), slug("Đà Nẵng")
    ('bo-quoc-phong-nga', 'da-nang')
    """
    ascii_name = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    words = re.findall(r"[a-z0-9]+", ascii_name.encode("ascii", "ignore").decode().lower())
    return "-".join(words) or hashlib.sha256(name.encode()).hexdigest()[:12]


def entity_key(entity_type: "EntityType", name: str) -> str:
    """Return the identifier of an entity that is stable across articles and runs.

    >>> entity_key(EntityType.PER, "Vladimir Putin")
    'per/vladimir-putin'
    """
    return f"{entity_type.lower()}/{slug(name)}"


class Entity(_Noun):
    """What a document's mentions refer to.

    Attributes:
        id: unique within the document ("e1").
        name: canonical English label, in the style of Wikidata's.
        kb: Wikidata item, where the knowledge base bears one out.
        key: identifier that is stable across articles and runs ("per/vladimir-putin"), whether or not
            the knowledge base knows the entity.
        label_vi: Vietnamese label.
    """

    id: str
    type: EntityType
    name: str
    kb: str | None = None
    key: str | None = None
    label_vi: str | None = None


class Mention(Span):
    """A name in the text; ``entity`` is the id of the document's entity it refers to, None before linking.

    Attributes:
        confidence: how sure a trained model is of span and type, from 0 to 1; 1.0 by rules.
    """

    type: EntityType
    entity: str | None = None
    confidence: float = 1.0


class TimeExpression(Span):
    """A time expression and its TIMEX3 value; an empty value means that it could not be resolved."""

    type: TimexType
    value: str = ""


class Nominal(Span):
    """An office, pronoun or common noun that stands for an entity ("Tổng thống Iran", "ông").

    Attributes:
        entity: id of the document's entity it stands for.
        method: how that was found: "office", "pronoun", "state", …
        confidence: from 0 to 1.
    """

    entity: str
    method: str
    confidence: float = 1.0


class Participant(_Noun):
    """An entity's role in an event.

    Attributes:
        method: how the entity was found: "name" (its own mention), "office", "pronoun", …
        through: the office of a state or body that stands in the text for it without its holder's name
            ("Tổng thống Iran"), with who held it on the article's day.
        confidence: probability of the role, from 0 to 1.
    """

    entity: str
    role: Role
    method: str = "name"
    through: Nominal | None = None
    confidence: float = 1.0


class EventMention(_Noun):
    """An event as one sentence of one article tells it (annotation guidelines, section 3).

    Attributes:
        mode: what kind of its type it is ("meeting", "visit"), as in PLOVER.
        time: ISO 8601 date or interval; None where the article gives no way to tell.
        timex: position in the document's ``timexes`` of the expression the time came from.
        anchor: where the time was found; None where there is none.
        place: id of the entity where it happens.
        source: id of the entity that reports it, where the text names one.
        same_as: id of the document's first mention of the same event.
        confidence: probability that the trigger expresses an event of this type, from 0 to 1.
        factuality_confidence, time_confidence: probability of the factuality and of the time chosen; 1.0
            where a rule decides.
    """

    id: str
    trigger: Span
    type: EventType
    mode: str | None = None
    factuality: Factuality = Factuality.ACTUAL
    time: str | None = None
    timex: int | None = None
    anchor: TimeAnchor | None = None
    participants: tuple[Participant, ...] = ()
    place: str | None = None
    source: str | None = None
    same_as: str | None = None
    confidence: float = 1.0
    factuality_confidence: float = 1.0
    time_confidence: float = 1.0


class Document(_Noun):
    """What extraction hands on about one article: the contract between language and graph.

    As JSON it is one line of a ``.jsonl`` file. It carries the text, so that evidence can be shown and
    checked without the article's file.

    Attributes:
        model: what read the article: the pipeline's name and the start of its trained parts' SHA-256, such as
            "encoder-0a1b2c3d4e5f"; None where a person did.
    """

    id: str
    model: str | None = None
    dct: date | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    sha256: str
    text: str
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    timexes: tuple[TimeExpression, ...] = ()
    events: tuple[EventMention, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _text_is_nfc(cls, data: Any) -> Any:
        if isinstance(data, dict) and not unicodedata.is_normalized("NFC", data.get("text", "")):
            raise ValueError("the text is not in Unicode NFC, so offsets into it can't be trusted")
        return data

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        offices = [p.through for event in self.events for p in event.participants if p.through]
        spans = (*self.mentions, *self.timexes, *(event.trigger for event in self.events), *offices)
        for span in spans:
            if self.text[span.start : span.end] != span.text:
                raise ValueError(f"{span.text!r} does not stand at {span.start}-{span.end}")
        known = {entity.id for entity in self.entities}
        named = {mention.entity for mention in self.mentions} | {office.entity for office in offices}
        for event in self.events:
            named |= {participant.entity for participant in event.participants} | {event.place, event.source}
        if unknown := named - known - {None}:
            raise ValueError(f"entities {sorted(map(str, unknown))} are not in the document's list")
        return self


# --- knowledge base ---------------------------------------------------------------------------------------

PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class Tenure(_Noun):
    """A person held an office from one date to another; a missing end means that it goes on or is unknown."""

    office: str
    start: PartialDate | None = None
    end: PartialDate | None = None
    source: str


class Membership(_Noun):
    """A state or body belonged to an organisation from one date to another."""

    organisation: str
    status: str = "member"
    start: PartialDate | None = None
    end: PartialDate | None = None
    source: str


class Renaming(_Noun):
    """A name that an entity officially had from one date to another ("Nur-Sultan")."""

    name: str
    start: PartialDate | None = None
    end: PartialDate | None = None
    source: str


class Succession(_Noun):
    """An entity took the place of another on a date.

    Attributes:
        predecessor: id of the one that it took the place of.
    """

    predecessor: str
    on: PartialDate
    source: str


class KbEntity(_Noun):
    """An entity that the knowledge base knows.

    Attributes:
        id: stable slug of its name, prefixed by type ("per/vladimir-putin"); the same as Entity.key.
        name: canonical English label, in the style of Wikidata's.
        vi: usual Vietnamese name.
        aliases: further names and spellings, in any language, as they occur in the Vietnamese press.
        country: id of the state that it belongs to (a city's country, a ministry's state, a person's).
        capital: id of a state's capital.
        former_names: official names that it no longer has, or had for a time.
        predecessors: whose place it took.
        source: where the entry is from.
    """

    id: str
    type: EntityType
    name: str
    vi: str
    aliases: tuple[str, ...] = ()
    wikidata: Annotated[str, Field(pattern=r"^Q\d+$")] | None = None
    country: str | None = None
    capital: str | None = None
    held: tuple[Tenure, ...] = ()
    member_of: tuple[Membership, ...] = ()
    former_names: tuple[Renaming, ...] = ()
    predecessors: tuple[Succession, ...] = ()
    source: str


class Office(_Noun):
    """An office of a state or body that persons hold one after another.

    Attributes:
        role: key of the office title in the lexicon ("president", "foreign-minister").
        jurisdiction: id of the state or organisation.
        leads: whether who holds it leads the state, so that "nhà lãnh đạo Nga" is who is President of Russia.
    """

    id: str
    role: str
    jurisdiction: str
    name: str
    vi: str
    wikidata: Annotated[str, Field(pattern=r"^Q\d+$")] | None = None
    leads: bool = False


# --- the graph's answers ----------------------------------------------------------------------------------


class Actor(_Noun):
    """An entity as the graph answers with it: its key, type and labels."""

    key: str
    type: EntityType
    name: str
    label_vi: str | None = None


class Evidence(_Noun):
    """Where an event is reported: the article and the trigger's place in it."""

    article: str
    published: date | None = None
    source: str | None = None
    start: int
    end: int
    quote: str
    sentence: str


class Event(_Noun):
    """An event of the merged graph: one happening, with the mentions in articles that report it.

    Attributes:
        id: last part of its IRI; stable as long as type, participants, time and factuality are.
        time: None for an undated event.
    """

    id: str
    type: EventType
    mode: str | None = None
    factuality: Factuality = Factuality.ACTUAL
    time: Interval | None = None
    agents: tuple[Actor, ...] = ()
    patients: tuple[Actor, ...] = ()
    place: Actor | None = None
    evidence: tuple[Evidence, ...] = ()


class OfficeHeld(_Noun):
    """A person held an office on the day that was asked for.

    Attributes:
        office: id of the office ("iran/president").
        title: the office's English label.
        jurisdiction: the state or body whose office it is.
        start: first day on which the term may have begun; None where that is unknown.
        end: last day on which it may have ended; None where it goes on or the end is unknown.
        certain: whether the term surely includes the day, not only possibly.
    """

    office: str
    title: str
    jurisdiction: Actor
    holder: Actor
    start: date | None = None
    end: date | None = None
    certain: bool


class MembershipHeld(_Noun):
    """A state or body belonged to an organisation on the day that was asked for.

    Attributes:
        status: "member", "observer", "permanent-member", …
        start, end, certain: as those of ``OfficeHeld``.
    """

    organisation: Actor
    member: Actor
    status: str
    start: date | None = None
    end: date | None = None
    certain: bool


class StatesOfAffairs(_Noun):
    """What held on a day, by the knowledge base, and what had happened last between two actors.

    Attributes:
        latest: for each event type the last actual event between the two actors that was surely over by
            that day; several where the last day has several; empty unless two actors were asked for.
    """

    on: date
    offices: tuple[OfficeHeld, ...] = ()
    memberships: tuple[MembershipHeld, ...] = ()
    latest: tuple[Event, ...] = ()


class TimeRelation(StrEnum):
    """How an event lies to another in time, as far as their bounds tell."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class RelatedEvent(_Noun):
    """An event with how it lies to another one.

    Attributes:
        certain: for before and after always; for during, whether one surely lies within the other, which is
            a day or an explicit interval, and they do not only possibly fall together.
    """

    event: Event
    relation: TimeRelation
    certain: bool


class Contacts(_Noun):
    """The first and the last dated event that two actors both take part in, and how many there are."""

    first: Event | None = None
    last: Event | None = None
    events: int = 0


class CoParticipant(_Noun):
    """Who takes part in events together with an actor.

    Attributes:
        events: number of events.
        first: first day that one of them may have happened; None where none is dated.
        last: last day that one of them may have happened.
    """

    actor: Actor
    events: int
    first: date | None = None
    last: date | None = None


class PathStep(_Noun):
    """Two actors and the ids of the events that both take part in."""

    source: Actor
    target: Actor
    events: tuple[str, ...]


class PeriodLength(StrEnum):
    """Into what a stretch of time is divided."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class PeriodCounts(_Noun):
    """How many events of each quad class surely lie in a period.

    Attributes:
        period: "2018-04", "2018-Q2" or "2018".
        start, end: its first and last day.
        neutral: events of types that are neither cooperation nor conflict.
    """

    period: str
    start: date
    end: date
    verbal_cooperation: int = 0
    material_cooperation: int = 0
    verbal_conflict: int = 0
    material_conflict: int = 0
    neutral: int = 0

    @property
    def balance(self) -> float | None:
        """Cooperation less conflict as a share of both, from -1 to 1; None where there is neither."""
        cooperation = self.verbal_cooperation + self.material_cooperation
        conflict = self.verbal_conflict + self.material_conflict
        both = cooperation + conflict
        return (cooperation - conflict) / both if both else None


class Series(_Noun):
    """Counts of events by period, without gaps.

    Attributes:
        unplaced: number of events whose time is known too vaguely for one period, or not at all.
    """

    periods: tuple[PeriodCounts, ...] = ()
    unplaced: int = 0


class PlanOutcome(StrEnum):
    """What articles tell of a plan: that it happened, that it did not, or neither."""

    HAPPENED = "happened"
    DENIED = "denied"
    UNTOLD = "untold"


class Plan(_Noun):
    """A planned event and what became of it.

    Attributes:
        told_by: the actual, or else the negated, events that tell the outcome.
    """

    event: Event
    outcome: PlanOutcome
    told_by: tuple[Event, ...] = ()


class EventChange(_Noun):
    """An event as two stores tell it, recognised by its id or else by a mention that both have."""

    before: Event
    after: Event


class Changes(_Noun):
    """What one store tells otherwise than an earlier one."""

    added: tuple[Event, ...] = ()
    removed: tuple[Event, ...] = ()
    changed: tuple[EventChange, ...] = ()


class Finding(_Noun):
    """Something that validation found wrong with a store.

    Attributes:
        check: name of the check.
        node: what is wrong, as its IRI.
        problem: what is wrong with it.
        article: id of the article whose graph it is in; None outside articles' graphs.
        event: id of the merged event that it belongs to, where it belongs to one.
    """

    check: str
    node: str
    problem: str
    article: str | None = None
    event: str | None = None
