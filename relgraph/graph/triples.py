"""From a document to the triples of its article's named graph: provenance to the character.

Every function here is pure: the same document and run give the same quads.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from relgraph.graph import vocabulary as v
from relgraph.model import Article, Document, Entity, EventMention, Interval, Nominal, Span, entity_key

_CONTEXT = 32  # characters of prefix and suffix in a TextQuoteSelector, as annotation tools commonly keep
_SENTENCE_END = re.compile(
    r"""(?<!\b[A-ZĐ]\.)(?<!\b[A-ZĐ]\w\.)  # not after an initial or abbreviation: "V. Putin", "TP. Vinh"
        (?<=[.!?…])["”’»)\]]*\s+(?=["“‘«(\[\-–]*[^\W\d_a-z]|["“‘«(\[\-–]*\d)|\n+""",
    re.VERBOSE,
)

Triples = Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]


class Run(NamedTuple):
    """A run of the software: the PROV activity that a graph's annotations come from.

    Attributes:
        started: time zone UTC.
    """

    version: str
    started: datetime

    @property
    def iri(self) -> NamedNode:
        """The activity's IRI, made of its start and the software's version."""
        return v.data_iri("run", f"{self.started:%Y%m%dT%H%M%S.%fZ}-{self.version}")


def fingerprint(article: Article) -> str:
    """Return a hash of all that extraction reads of an article: its text and its metadata."""
    published = article.published.isoformat() if article.published else None
    return _hash([article.sha256, published, article.title, article.source, article.url])


def document_fingerprint(document: Document) -> str:
    """Return the :func:`fingerprint` of the article that the document was made from."""
    published = document.dct.isoformat() if document.dct else None
    return _hash([document.sha256, published, document.title, document.source, document.url])


def _hash(parts: list[str | None]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class ArticleTriples:
    """What a document says: the triples of its article's named graph.

    Which event a mention tells of is not in them; merging adds it.
    """

    def __init__(self, document: Document, run: Run) -> None:
        builder = _ArticleBuilder(document, run)
        self.article = list(builder.article_triples())
        self.entities = list(builder.entity_triples())
        self.annotations = list(builder.annotation_triples())
        self.events = list(builder.event_triples())

    def __iter__(self) -> Triples:
        return chain(self.article, self.entities, self.annotations, self.events)


def article_triples(document: Document, run: Run) -> Triples:
    """Yield all of :class:`ArticleTriples`."""
    yield from ArticleTriples(document, run)


def text_literal(value: str, language: str | None = None) -> Literal:
    """Return a plain or language-tagged string."""
    return Literal(value, language=language) if language else Literal(value)


def date_literal(value: date) -> Literal:
    """Return an ``xsd:date``; every time bound in the graph is one, because engines do not compare
    ``xsd:gYear`` with it alike."""
    return Literal(value.isoformat(), datatype=v.XSD_DATE)


def decimal_literal(value: float) -> Literal:
    """Return an ``xsd:decimal`` of four places at most."""
    return Literal(format(Decimal(str(round(value, 4))).normalize(), "f"), datatype=v.XSD_DECIMAL)


def interval_triples(subject: NamedNode, interval: Interval | None) -> Triples:
    """Yield a time's bounds, precision and EDTF form; nothing for an unknown time."""
    if interval is None:
        return
    if interval.earliest:
        yield subject, v.EARLIEST, date_literal(interval.earliest)
    if interval.latest:
        yield subject, v.LATEST, date_literal(interval.latest)
    yield subject, v.PRECISION, v.PRECISIONS[interval.precision]
    yield subject, v.EDTF, Literal(interval.edtf)


def key_of_entity(entity: Entity) -> str:
    """Return the identifier of a document's entity that is stable across articles."""
    return entity.key or entity_key(entity.type, entity.name)


class _ArticleBuilder:
    """Yields the triples of one article's graph."""

    def __init__(self, document: Document, run: Run) -> None:
        self.document = document
        self.run = run
        self.article = v.data_iri("article", document.id)
        self.entities = {entity.id: v.entity_iri(key_of_entity(entity)) for entity in document.entities}

    def article_triples(self) -> Triples:
        """Yield what is said of the article and of the run that read it."""
        yield from self._run()
        yield from self._article()

    def annotation_triples(self) -> Triples:
        """Yield the mentions of entities and times."""
        for mention in self.document.mentions:
            iri = v.data_iri("article", self.document.id, "mention", f"{mention.start}-{mention.end}")
            body = self.entities.get(mention.entity) if mention.entity else None
            yield iri, v.RDF_TYPE, v.ENTITY_MENTION
            yield from self._annotation(iri, mention, v.OA_IDENTIFYING, body)
        for office in self._offices():
            iri = self._office_iri(office)
            yield iri, v.RDF_TYPE, v.ENTITY_MENTION
            yield iri, v.METHOD, Literal(office.method)
            yield iri, v.CONFIDENCE, decimal_literal(office.confidence)
            yield from self._annotation(iri, office, v.OA_IDENTIFYING, self.entities[office.entity])
        for timex in self.document.timexes:
            iri = self._timex_iri(timex)
            yield iri, v.RDF_TYPE, v.TIME_EXPRESSION_CLASS
            yield iri, v.TIMEX_TYPE, Literal(timex.type.value)
            if timex.value:
                yield iri, v.TIME_VALUE, Literal(timex.value)
            yield from self._annotation(iri, timex, v.OA_DESCRIBING, None)

    def event_triples(self) -> Triples:
        """Yield the mentions of events."""
        for event in self.document.events:
            yield from self._event(event)

    def _run(self) -> Triples:
        run = self.run.iri
        started = self.run.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        yield run, v.RDF_TYPE, v.EXTRACTION
        yield run, v.PROV_STARTED, Literal(started, datatype=v.XSD_DATETIME)
        yield run, v.PROV_ASSOCIATED_WITH, v.SOFTWARE
        yield run, v.HAS_VERSION, Literal(self.run.version)
        yield v.SOFTWARE, v.RDF_TYPE, v.PROV_SOFTWARE_AGENT
        yield v.SOFTWARE, v.LABEL, Literal("relgraph")

    def _article(self) -> Triples:
        document, article = self.document, self.article
        yield article, v.RDF_TYPE, v.ARTICLE
        yield article, v.IDENTIFIER, Literal(document.id)
        yield article, v.SHA256, Literal(document.sha256)
        yield article, v.FINGERPRINT, Literal(document_fingerprint(document))
        if document.model:
            yield article, v.MODEL, Literal(document.model)
        yield article, v.LANGUAGE, Literal("vi")
        yield article, v.TEXT, Literal(document.text)
        yield article, v.PROV_GENERATED_BY, self.run.iri
        if document.title:
            yield article, v.TITLE, text_literal(document.title, "vi")
        if document.dct:
            yield article, v.ISSUED, date_literal(document.dct)
        if document.source:
            yield article, v.PUBLISHER, Literal(document.source)
        if document.url:
            yield article, v.URL, Literal(document.url, datatype=v.XSD_ANYURI)

    def entity_triples(self) -> Triples:
        """Yield what is said of the entities that the article names."""
        surfaces: dict[str, set[str]] = {}
        for mention in self.document.mentions:
            if mention.entity:
                surfaces.setdefault(mention.entity, set()).add(mention.text)
        for entity in self.document.entities:
            iri = self.entities[entity.id]
            yield iri, v.RDF_TYPE, v.ENTITY_CLASSES[entity.type]
            yield iri, v.LABEL, text_literal(entity.name, "en")
            if entity.label_vi:
                yield iri, v.LABEL, text_literal(entity.label_vi, "vi")
            if entity.kb:
                yield iri, v.SAME_AS, NamedNode(v.PREFIXES["wd"] + entity.kb)
            for surface in sorted(surfaces.get(entity.id, ())):
                yield iri, v.HIDDEN_LABEL, text_literal(surface, "vi")

    def _event(self, event: EventMention) -> Triples:
        mention = v.data_iri("article", self.document.id, "event", event.id)
        trigger = v.part_iri(mention, "trigger")
        yield mention, v.RDF_TYPE, v.EVENT_MENTION
        if event.same_as and event.same_as != event.id:
            yield mention, v.REPEATS, v.data_iri("article", self.document.id, "event", event.same_as)
        yield mention, v.SEM_TYPE, v.TYPES[event.type]
        yield mention, v.FACTUALITY, v.FACTUALITIES[event.factuality]
        yield mention, v.CONFIDENCE, decimal_literal(event.confidence)
        yield mention, v.PROV_DERIVED_FROM, self.article
        yield mention, v.PROV_GENERATED_BY, self.run.iri
        yield mention, v.TRIGGER, trigger
        yield mention, v.SENTENCE, text_literal(sentence_around(self.document.text, event.trigger), "vi")
        if event.mode:
            yield mention, v.MODE, v.mode_iri(event.type, event.mode)
        if event.place:
            yield mention, v.SEM_PLACE, self.entities[event.place]
        if event.source:
            yield mention, v.REPORTER, self.entities[event.source]
        yield from self._event_time(mention, event)
        for number, participant in enumerate(event.participants, start=1):
            part = v.part_iri(mention, f"participation/{number}")
            entity = self.entities[participant.entity]
            yield mention, v.ROLES[participant.role], entity
            yield mention, v.HAS_PARTICIPATION, part
            yield part, v.RDF_TYPE, v.PARTICIPATION
            yield part, v.ENTITY, entity
            yield part, v.ROLE, v.ROLE_CONCEPTS[participant.role]
            yield part, v.METHOD, Literal(participant.method)
            if participant.through:
                yield part, v.THROUGH, self._office_iri(participant.through)
        yield trigger, v.RDF_TYPE, v.EVENT_TRIGGER
        yield from self._annotation(trigger, event.trigger, v.OA_DESCRIBING, mention)

    def _event_time(self, mention: NamedNode, event: EventMention) -> Triples:
        yield from interval_triples(mention, Interval.from_value(event.time))
        if event.time:
            yield mention, v.TIME_VALUE, Literal(event.time)
        if event.anchor:
            yield mention, v.TIME_ANCHOR, v.ANCHORS[event.anchor]
        if event.timex is not None:
            yield mention, v.TIME_EXPRESSION, self._timex_iri(self.document.timexes[event.timex])

    def _offices(self) -> Iterable[Nominal]:
        """Return the offices without their holders' names through which states take part in events."""
        participants = (participant for event in self.document.events for participant in event.participants)
        return dict.fromkeys(participant.through for participant in participants if participant.through)

    def _office_iri(self, office: Nominal) -> NamedNode:
        return v.data_iri("article", self.document.id, "office", f"{office.start}-{office.end}")

    def _timex_iri(self, timex: Span) -> NamedNode:
        return v.data_iri("article", self.document.id, "time", f"{timex.start}-{timex.end}")

    def _annotation(
        self, iri: NamedNode, span: Span, motivation: NamedNode, body: NamedNode | None
    ) -> Triples:
        text = self.document.text
        target, position, quote = (v.part_iri(iri, part) for part in ("target", "position", "quote"))
        yield iri, v.RDF_TYPE, v.OA_ANNOTATION
        yield iri, v.OA_MOTIVATED_BY, motivation
        yield iri, v.OA_TARGET, target
        if body:
            yield iri, v.OA_BODY, body
        yield target, v.RDF_TYPE, v.OA_SPECIFIC_RESOURCE
        yield target, v.OA_SOURCE, self.article
        yield target, v.OA_SELECTOR, position
        yield target, v.OA_SELECTOR, quote
        yield position, v.RDF_TYPE, v.OA_POSITION_SELECTOR
        yield position, v.OA_START, Literal(span.start)
        yield position, v.OA_END, Literal(span.end)
        yield quote, v.RDF_TYPE, v.OA_QUOTE_SELECTOR
        yield quote, v.OA_EXACT, Literal(span.text)
        yield quote, v.OA_PREFIX, Literal(text[max(0, span.start - _CONTEXT) : span.start])
        yield quote, v.OA_SUFFIX, Literal(text[span.end : span.end + _CONTEXT])


def sentence_around(text: str, span: Span) -> str:
    """Return the sentence of ``text`` that holds the span, for a person to read.

    Sentences end at line breaks and at final punctuation before a capital or a digit; a point after an
    initial or a short abbreviation does not end one.

    >>> sentence_around("Hai bên đã gặp nhau. Ông V. Putin đến sau.", Span(start=31, end=34, text="đến"))
    'Ông V. Putin đến sau.'
    """
    begin, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    end = len(text) if end < 0 else end
    for boundary in _SENTENCE_END.finditer(text, begin, end):
        if boundary.end() <= span.start:
            begin = boundary.end()
        elif boundary.start() >= span.end:
            end = boundary.start()
            break
    return text[begin:end].strip()
