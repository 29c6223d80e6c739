"""Checks of the knowledge base that go beyond the shape of a single entry."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

from relgraph.kb.base import KnowledgeBase, name_key, names_of
from relgraph.kb.dates import bounds
from relgraph.kb.reading import Location, fact_key
from relgraph.model import KbEntity, Membership, Office, Renaming, Tenure, entity_key

_NOWHERE = Location(Path("knowledge base"), 0)


class Finding(NamedTuple):
    """A mistake in the knowledge base and where to mend it."""

    location: Location
    problem: str

    def __str__(self) -> str:
        return f"{self.location}: {self.problem}"


def check(kb: KnowledgeBase) -> list[Finding]:
    """Return what is wrong with the knowledge base, ordered by file and line; nothing for a sound one.

    Looked for: an empty name; an id that does not begin with its type; ids of entities and offices that do
    not exist; an end before its beginning; one name for two entities of one type; an office that nobody has
    held; two persons surely in one office at one time.
    """
    findings = [
        *(finding for entity in kb.entities.values() for finding in _entity(kb, entity)),
        *(finding for office in kb.offices.values() for finding in _office(kb, office)),
        *_shared_names(kb),
        *(finding for office in kb.offices.values() for finding in _overlaps(kb, office)),
    ]
    return sorted(findings, key=lambda finding: (str(finding.location.file), finding.location.line))


def _at(kb: KnowledgeBase, key: str) -> Location:
    return kb.locations.get(key, _NOWHERE)


def _entity(kb: KnowledgeBase, entity: KbEntity) -> Iterator[Finding]:
    here = _at(kb, entity.id)
    if not entity.vi.strip():
        yield Finding(here, f"{entity.id} has no Vietnamese name")
    if any(not name.strip() for name in (entity.name, *entity.aliases)):
        yield Finding(here, f"{entity.id} has an empty name")
    if not entity.id.startswith(entity_key(entity.type, "x")[:-1]):
        yield Finding(here, f"{entity.id} is of type {entity.type}: its id begins with another type")
    for field, other in (("country", entity.country), ("capital", entity.capital)):
        if other is not None and other not in kb.entities:
            yield Finding(here, f"{field} of {entity.id}: there is no entity {other}")
    for tenure in entity.held:
        if tenure.office not in kb.offices:
            yield Finding(here, f"{entity.id}: there is no office {tenure.office}")
        yield from _dates(here, entity, tenure, tenure.office)
    for membership in entity.member_of:
        there = kb.locations.get(fact_key(entity.id, membership), here)
        if membership.organisation not in kb.entities:
            yield Finding(there, f"{entity.id}: there is no organisation {membership.organisation}")
        yield from _dates(there, entity, membership, membership.organisation)
    for renaming in entity.former_names:
        there = kb.locations.get(fact_key(entity.id, renaming), here)
        yield from _dates(there, entity, renaming, renaming.name)
    for succession in entity.predecessors:
        if succession.predecessor not in kb.entities:
            there = kb.locations.get(fact_key(entity.id, succession), here)
            yield Finding(there, f"{entity.id}: there is no predecessor {succession.predecessor}")


def _dates(
    here: Location, entity: KbEntity, term: Tenure | Membership | Renaming, what: str
) -> Iterator[Finding]:
    days = [bounds(when) for when in (term.start, term.end) if when]
    if any(begin[0] > end[1] for begin, end in pairwise(days)):
        yield Finding(here, f"{entity.id}, {what}: the end {term.end} is before the beginning {term.start}")


def _office(kb: KnowledgeBase, office: Office) -> Iterator[Finding]:
    here = _at(kb, office.id)
    if not office.vi.strip():
        yield Finding(here, f"{office.id} has no Vietnamese name")
    if office.jurisdiction not in kb.entities:
        yield Finding(here, f"{office.id}: there is no entity {office.jurisdiction}")
    if not kb.holders(office.id):
        yield Finding(here, f"{office.id}: nobody has held it")


def _shared_names(kb: KnowledgeBase) -> Iterator[Finding]:
    bearers: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for entity in kb.entities.values():
        for name in names_of(entity):
            bearers[entity.type, name_key(name)].setdefault(entity.id, name)
    for entities in bearers.values():
        first, *others = entities
        for other in others:
            yield Finding(_at(kb, other), f"{other} has the name {entities[other]!r}, which {first} has too")


def _overlaps(kb: KnowledgeBase, office: Office) -> Iterator[Finding]:
    if office.role in kb.shared_roles:
        return
    terms = [(entity, tenure, sure) for entity, tenure in kb.holders(office.id) if (sure := _sure(tenure))]
    for (one, _, first), (other, tenure, second) in combinations(terms, 2):
        if max(first[0], second[0]) < min(first[1], second[1]):
            yield Finding(
                _at(kb, other.id),
                f"{other.id} holds {office.id} from {tenure.start}, and so does {one.id} then",
            )


def _sure(tenure: Tenure) -> tuple[date, date] | None:
    """Return the first and the last day that the term surely includes."""
    if tenure.start is None:
        return None
    first = bounds(tenure.start)[1]
    last = bounds(tenure.end)[0] if tenure.end else date.max
    return (first, last) if first <= last else None
