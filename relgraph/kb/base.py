"""The knowledge base: who and what the news names, and who held which office when.

It is read (`relgraph.kb.reading`) from the YAML files of one folder: ``data/kb``, described in its README.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pydantic_core import to_json
from rapidfuzz import fuzz, process

from relgraph.kb.dates import covers
from relgraph.kb.reading import Location, read_content
from relgraph.model import EntityType, KbEntity, Membership, Office, Tenure
from relgraph.resources import shipped

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_HYPHENS = str.maketrans(dict.fromkeys("-‐‑‒–—_.", " ") | {"’": "'", "‘": "'", "ʻ": "'", "`": "'"})
_LONGEST_ACRONYM = 5


class Match(NamedTuple):
    """An entity that a search found, by which of its names, and how alike they are (0 to 100)."""

    entity: KbEntity
    name: str
    score: float


class KnowledgeBase:
    """Entities with their names, offices, and who held them when.

    Args:
        entities: every entity; ids are unique.
        offices: every office; ids are unique.
        shared_roles: roles of offices that several persons hold at once ("vice-president" of some states,
            deputy heads of government).
        locations: where the entry of each id stands, for messages; and each fact that stands in a list of its
            own, by :func:`relgraph.kb.reading.fact_key`.

    >>> kb = KnowledgeBase.load()
    >>> kb.holder("office/iran/president", date(2018, 4, 4)).name
    'Hassan Rouhani'
    >>> [entity.id for entity in kb.find("Mátxcơva")]
    ['gpe/moscow']
    """

    def __init__(
        self,
        entities: Iterable[KbEntity],
        offices: Iterable[Office],
        *,
        shared_roles: Iterable[str] = (),
        locations: Mapping[str, Location] | None = None,
    ) -> None:
        self.entities: Mapping[str, KbEntity] = MappingProxyType({e.id: e for e in entities})
        self.offices: Mapping[str, Office] = MappingProxyType({o.id: o for o in offices})
        self.shared_roles = frozenset(shared_roles)
        self.locations: Mapping[str, Location] = MappingProxyType(dict(locations or {}))

    @classmethod
    def load(cls, folder: Path | None = None) -> "KnowledgeBase":
        """Read the knowledge base in ``folder``, by default the one that relgraph ships.

        A folder is read once in a process.

        Raises:
            RelgraphError: a file can't be read, or an entry is not as the schema says; names file and line.
        """
        return _load((folder or shipped("data", "kb")).resolve())

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all entities and offices, equal for equal knowledge in any order."""
        digest = hashlib.sha256()
        for entries in (self.entities, self.offices):
            for _, entry in sorted(entries.items()):
                digest.update(to_json(entry))
        return digest.hexdigest()

    def find(self, name: str) -> tuple[KbEntity, ...]:
        """Return the entities that bear exactly this name or alias.

        Case, hyphens, full stops and the place of the tone mark (hoà, hòa) make no difference; but an
        abbreviation such as "IS" is found in capitals only.

        >>> [entity.name for entity in KnowledgeBase.load().find("LB Nga")]
        ['Russia']
        """
        keys = {_plain(name), normalised(name)}
        found = dict.fromkeys(entity for key in keys for entity in self._by_name.get(key, ()))
        return tuple(found)

    def names(self) -> Iterator[tuple[str, EntityType]]:
        """Yield every name and alias with the type of its entity."""
        for entity in self.entities.values():
            for name in names_of(entity):
                yield name, entity.type

    def holder(self, office: str, on: date) -> KbEntity | None:
        """Return the person known to hold the office on that day.

        On the day of a handover that is who comes in. None where nobody is known to: the office was vacant,
        the sources say only the year and the day falls into it, or several persons share the office.

        Raises:
            KeyError: there is no such office.
        """
        if self.offices[office].role in self.shared_roles:
            return None
        held = [(entity, tenure) for entity, tenure in self.holders(office) if covers(tenure, on)]
        return max(held, key=lambda pair: pair[1].start or "")[0] if held else None

    def holders(self, office: str) -> tuple[tuple[KbEntity, Tenure], ...]:
        """Return all who held the office with their terms, earliest first; unknown beginnings come first.

        Raises:
            KeyError: there is no such office.
        """
        self.offices[office]
        return self._holders.get(office, ())

    def offices_of(self, entity: str, on: date) -> tuple[Office, ...]:
        """Return the offices that the person is known to hold on that day.

        Raises:
            KeyError: there is no such entity.
        """
        held = (tenure.office for tenure in self.entities[entity].held if covers(tenure, on))
        return tuple(self.offices[office] for office in dict.fromkeys(held))

    def members(self, organisation: str, on: date, *, status: str = "member") -> tuple[KbEntity, ...]:
        """Return the states and bodies known to have that status in the organisation on that day.

        Raises:
            KeyError: there is no such entity.
        """
        self.entities[organisation]
        return tuple(
            entity
            for entity, membership in self._members.get(organisation, ())
            if membership.status == status and covers(membership, on)
        )

    def search(self, text: str, *, limit: int = 10) -> list[Match]:
        """Return the entities with the names most like ``text``, best first, each entity once.

        Likeness is rapidfuzz's WRatio over names without marks and case.
        """
        by_name = self._searchable
        scored = process.extract(
            _bare(text), list(by_name), scorer=fuzz.WRatio, limit=limit * 5, score_cutoff=60
        )
        best: dict[str, Match] = {}
        for bare, score, _ in scored:
            for entity, name in by_name[bare]:
                best.setdefault(entity.id, Match(entity, name, score))
        return list(best.values())[:limit]

    @cached_property
    def _by_name(self) -> dict[str, list[KbEntity]]:
        index: dict[str, list[KbEntity]] = defaultdict(list)
        for entity in self.entities.values():
            for key in dict.fromkeys(map(name_key, names_of(entity))):
                index[key].append(entity)
        return dict(index)

    @cached_property
    def _searchable(self) -> dict[str, list[tuple[KbEntity, str]]]:
        names: dict[str, list[tuple[KbEntity, str]]] = defaultdict(list)
        for entity in self.entities.values():
            for name in names_of(entity):
                names[_bare(name)].append((entity, name))
        return dict(names)

    @cached_property
    def _holders(self) -> dict[str, tuple[tuple[KbEntity, Tenure], ...]]:
        holders: dict[str, list[tuple[KbEntity, Tenure]]] = defaultdict(list)
        for entity in self.entities.values():
            for tenure in entity.held:
                holders[tenure.office].append((entity, tenure))
        return {
            office: tuple(sorted(pairs, key=lambda p: (p[1].start or "", p[1].end or "9999", p[0].id)))
            for office, pairs in holders.items()
        }

    @cached_property
    def _members(self) -> dict[str, list[tuple[KbEntity, Membership]]]:
        members: dict[str, list[tuple[KbEntity, Membership]]] = defaultdict(list)
        for entity in self.entities.values():
            for membership in entity.member_of:
                members[membership.organisation].append((entity, membership))
        return dict(members)


def names_of(entity: KbEntity) -> tuple[str, ...]:
    """Return all names of an entity, each once: Vietnamese and English label, aliases, and the English label
    as a keyboard without foreign letters writes it ("Recep Tayyip Erdogan"), and former names."""
    former = (renaming.name for renaming in entity.former_names)
    return tuple(dict.fromkeys((entity.vi, entity.name, *entity.aliases, _ascii(entity.name), *former)))


def normalised(name: str) -> str:
    """Return a form of the name that is equal for spellings that differ in case, hyphens, full stops or the
    place of the tone mark.

    >>> normalised("Hòa-Bình") == normalised("HOÀ BÌNH")
    True
    """
    return " ".join(_tone_last(word) for word in _plain(name).lower().split())


def name_key(name: str) -> str:
    """Return the key under which a name is found: abbreviations keep their capitals ("IS" is not "is")."""
    return _plain(name) if is_acronym(name) else normalised(name)


def is_acronym(name: str) -> bool:
    """Tell whether the name is one short word in capitals, which in lower case might be another word."""
    return name.isupper() and len(name) <= _LONGEST_ACRONYM and " " not in name


@lru_cache(maxsize=4)
def _load(folder: Path) -> KnowledgeBase:
    content = read_content(folder)
    paths = {file: Path(file) for file, _ in content.locations.values()}  # a few files, thousands of places
    return KnowledgeBase(
        content.entities,
        content.offices,
        shared_roles=content.shared_roles,
        locations={key: Location(paths[file], line) for key, (file, line) in content.locations.items()},
    )


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).translate(_HYPHENS).split())


@lru_cache(maxsize=65_536)
def _tone_last(word: str) -> str:
    """Return the word with its tone marks after it, so that "hoà" and "hòa" are one."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in _TONES)
    rest = "".join(letter for letter in letters if letter not in _TONES)
    return unicodedata.normalize("NFC", rest) + tones


def _ascii(name: str) -> str:
    letters = name.translate(str.maketrans("đĐıłŁøØðßæŞş", "dDilLoOdsaSs"))
    return "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))


def _bare(name: str) -> str:
    return _plain(_ascii(name)).lower()
