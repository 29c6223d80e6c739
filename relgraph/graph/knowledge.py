"""The knowledge base as a named graph: entities with their names, and states with their validity.

Offices held and memberships are statement nodes with a begin and an end (Wikidata's qualifier pattern, W3C
ORG). Their bounds are the first and the last day that the source's partial dates allow.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad

from relgraph.graph import vocabulary as v
from relgraph.graph.triples import Triples, date_literal, text_literal
from relgraph.model import Interval, KbEntity, Membership, Office, Tenure


class Knowledge(Protocol):
    """What the graph reads of a knowledge base; ``relgraph.kb.KnowledgeBase`` is one."""

    @property
    def entities(self) -> Mapping[str, KbEntity]:
        """Entities by id."""

    @property
    def offices(self) -> Mapping[str, Office]:
        """Offices by id."""

    @property
    def fingerprint(self) -> str:
        """Hash of all entries, equal for equal knowledge in any order."""


def knowledge_quads(knowledge: Knowledge) -> Iterator[Quad]:
    """Yield the knowledge base as quads of its named graph."""
    yield Quad(v.KNOWLEDGE, v.FINGERPRINT, Literal(knowledge.fingerprint), v.KNOWLEDGE)
    for office in knowledge.offices.values():
        for subject, predicate, value in _office(office):
            yield Quad(subject, predicate, value, v.KNOWLEDGE)
    for entity in knowledge.entities.values():
        for subject, predicate, value in _entity(entity):
            yield Quad(subject, predicate, value, v.KNOWLEDGE)


def office_iri(office_id: str) -> NamedNode:
    """Return the IRI of an office."""
    return v.data_iri("office", *office_id.removeprefix("office/").split("/"))


def _office(office: Office) -> Triples:
    iri = office_iri(office.id)
    yield iri, v.RDF_TYPE, v.OFFICE_CLASS
    yield iri, v.LABEL, text_literal(office.name, "en")
    yield iri, v.LABEL, text_literal(office.vi, "vi")
    yield iri, v.OFFICE_ROLE, Literal(office.role)
    yield iri, v.ORG_POST_IN, v.entity_iri(office.jurisdiction)
    if office.wikidata:
        yield iri, v.SAME_AS, NamedNode(v.PREFIXES["wd"] + office.wikidata)


def _entity(entity: KbEntity) -> Triples:
    iri = v.entity_iri(entity.id)
    yield iri, v.RDF_TYPE, v.ENTITY_CLASSES[entity.type]
    yield iri, v.LABEL, text_literal(entity.name, "en")
    yield iri, v.LABEL, text_literal(entity.vi, "vi")
    yield iri, v.SOURCE, Literal(entity.source)
    for alias in entity.aliases:
        yield iri, v.ALT_LABEL, Literal(alias)
    if entity.wikidata:
        yield iri, v.SAME_AS, NamedNode(v.PREFIXES["wd"] + entity.wikidata)
    if entity.country:
        yield iri, v.COUNTRY, v.entity_iri(entity.country)
    if entity.capital:
        yield iri, v.CAPITAL, v.entity_iri(entity.capital)
    for number, tenure in enumerate(entity.held, start=1):
        statement = v.data_iri("tenure", entity.id, str(number))
        yield statement, v.RDF_TYPE, v.TENURE
        yield statement, v.OFFICE, office_iri(tenure.office)
        yield from _statement(statement, iri, tenure)
    for number, membership in enumerate(entity.member_of, start=1):
        statement = v.data_iri("membership", entity.id, str(number))
        yield statement, v.RDF_TYPE, v.MEMBERSHIP
        yield statement, v.ORG_ORGANIZATION, v.entity_iri(membership.organisation)
        yield statement, v.MEMBERSHIP_STATUS, Literal(membership.status)
        yield from _statement(statement, iri, membership)


def _statement(statement: NamedNode, member: NamedNode, state: Tenure | Membership) -> Triples:
    yield statement, v.ORG_MEMBER, member
    yield statement, v.SOURCE, Literal(state.source)
    begin, end = Interval.from_value(state.start), Interval.from_value(state.end)
    if begin and begin.earliest:
        yield statement, v.EARLIEST, date_literal(begin.earliest)
    if end and end.latest:
        yield statement, v.LATEST, date_literal(end.latest)
    if begin or end:
        yield statement, v.EDTF, Literal(f"{begin.edtf if begin else '..'}/{end.edtf if end else '..'}")
