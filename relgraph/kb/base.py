"""The knowledge base: who and what the news names, and who held which office when.

It is read from the YAML files of one folder (``data/kb``, described in its README). Every scalar is read as
text, so that dates and words such as "No" stay what the file says.
"""

import hashlib
import json
import unicodedata
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from rapidfuzz import fuzz, process

from relgraph.errors import RelgraphError
from relgraph.files import cache_folder, replacing
from relgraph.model import (
    EntityType,
    KbEntity,
    Membership,
    Office,
    Renaming,
    Succession,
    Tenure,
    entity_key,
)
from relgraph.resources import shipped

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_HYPHENS = str.maketrans(dict.fromkeys("-‐‑‒–—_.", " ") | {"’": "'", "‘": "'", "ʻ": "'", "`": "'"})
_LONGEST_ACRONYM = 5


class Location(NamedTuple):
    """Where an entry stands: its file and its first line, counted from 1."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


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
        locations: where the entry of each id stands, for messages; and by :func:`fact_key` each
            fact that stands in a list of its own.

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


def fact_key(owner: str, fact: Membership | Renaming | Succession) -> str:
    """Return the key of ``KnowledgeBase.locations`` for a fact that stands in a list of its own."""
    return f"{owner}: {fact}"


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


@cache
def bounds(when: str) -> tuple[date, date]:
    """Return the first and the last day that a partial date ("2005", "2005-08") may mean.

    Raises:
        ValueError: the calendar has no such day or month.
    """
    if len(when) == len("2005-08-03"):
        day = date.fromisoformat(when)
        return day, day
    if len(when) == len("2005-08"):
        month = date.fromisoformat(f"{when}-01")
        return month, month.replace(day=monthrange(month.year, month.month)[1])
    return date(int(when), 1, 1), date(int(when), 12, 31)


def covers(term: Tenure | Membership | Renaming, on: date) -> bool:
    """Tell whether the term surely includes the day: only the sure part of partial dates counts."""
    if term.start is None or on < bounds(term.start)[1]:
        return False
    return term.end is None or on <= bounds(term.end)[0]


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).translate(_HYPHENS).split())


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


# --- reading the files ------------------------------------------------------------------------------------

_Fact = Membership | Renaming | Succession


class _FactList(NamedTuple):
    """A section of facts about entities that stand elsewhere: who owns a fact, of what kind it is, and which
    field of the entity it comes to."""

    owner: str
    kind: type[Membership] | type[Renaming] | type[Succession]
    field: str


_KINDS: Mapping[str, type[KbEntity] | type[Office]] = {"entities": KbEntity, "offices": Office}
_FACTS: Mapping[str, _FactList] = {
    "memberships": _FactList("member", Membership, "member_of"),
    "renamings": _FactList("entity", Renaming, "former_names"),
    "successions": _FactList("entity", Succession, "predecessors"),
}


_KEPT = 4  # knowledge bases in the cache


@lru_cache(maxsize=4)
def _load(folder: Path) -> KnowledgeBase:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise RelgraphError(folder, "there is no knowledge base here", "name a folder with .yaml files")
    content = _cached(folder, files)
    return KnowledgeBase(
        content.entities,
        content.offices,
        shared_roles=content.shared_roles,
        locations={key: Location(Path(file), line) for key, (file, line) in content.locations.items()},
    )


class _Content(BaseModel):
    """What the files of a knowledge base hold, once read and found good."""

    entities: tuple[KbEntity, ...]
    offices: tuple[Office, ...]
    shared_roles: tuple[str, ...]
    locations: dict[str, tuple[str, int]]


def _cached(folder: Path, files: Sequence[Path]) -> _Content:
    """Return the content of the files; reading YAML takes a second, so it is kept under a hash of them.

    Where nothing can be kept, or what is kept is damaged, the files are read.
    """
    kept = cache_folder() / f"kb-{_fingerprint(folder, files)}.json"
    with suppress(OSError, ValidationError):
        return _Content.model_validate_json(kept.read_bytes())
    reader = _Reader()
    for file in files:
        reader.read(file)
    content = _Content(
        entities=tuple(reader.all_entities()),
        offices=tuple(reader.offices),
        shared_roles=tuple(reader.shared_roles),
        locations={key: (str(place.file), place.line) for key, place in reader.locations.items()},
    )
    with suppress(OSError, RelgraphError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with replacing(kept) as stream:
            stream.write(content.model_dump_json(exclude_defaults=True).encode())
        _forget_old(kept)
    return content


def _fingerprint(folder: Path, files: Sequence[Path]) -> str:
    digest = hashlib.sha256(json.dumps(_Content.model_json_schema(), sort_keys=True).encode())
    digest.update(str(folder).encode())
    for file in files:
        with suppress(OSError):  # reading it will tell what is wrong
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _forget_old(kept: Path) -> None:
    others = sorted(kept.parent.glob("kb-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        old.unlink(missing_ok=True)


class _Reader:
    """Collects the entries of several files."""

    def __init__(self) -> None:
        self.entities: list[KbEntity] = []
        self.offices: list[Office] = []
        self.shared_roles: list[str] = []
        self.locations: dict[str, Location] = {}
        self._facts: dict[str, dict[str, list[_Fact]]] = defaultdict(lambda: defaultdict(list))
        self._owners: dict[str, Location] = {}

    def read(self, file: Path) -> None:
        sections = _fields(_compose(file), file)
        source = _value(sections.pop("source"), file) if "source" in sections else None
        if "shared_roles" in sections:
            self.shared_roles += _value(sections.pop("shared_roles"), file)
        for section, node in sections.items():
            if section not in (*_KINDS, *_FACTS):
                raise RelgraphError(
                    _at(file, node),
                    f"there is no section {section}",
                    f"use source, shared_roles, {', '.join((*_KINDS, *_FACTS))}",
                )
            if not isinstance(node, yaml.SequenceNode):
                raise RelgraphError(
                    _at(file, node), f"{section} is not a list", "write one entry after a dash"
                )
            for entry in node.value:
                if section in _FACTS:
                    self._add_fact(_FACTS[section], entry, source, file)
                else:
                    self._add(_KINDS[section], entry, source, file)

    def all_entities(self) -> list[KbEntity]:
        """Return the entities with the facts that stand in lists of their own.

        Raises:
            RelgraphError: a fact is of an entity that there is not.
        """
        known = {entity.id for entity in self.entities}
        for owner, here in self._owners.items():
            if owner not in known:
                raise RelgraphError(here, f"there is no entity {owner}", "mend the id or add the entity")
        return [
            entity.model_copy(
                update={
                    field: (*getattr(entity, field), *facts)
                    for field, facts in self._facts[entity.id].items()
                }
            )
            if entity.id in self._facts
            else entity
            for entity in self.entities
        ]

    def _add_fact(self, section: "_FactList", node: yaml.Node, source: str | None, file: Path) -> None:
        here = _at(file, node)
        values = {"source": source, **_value(node, file)}
        owner = values.pop(section.owner, None)
        if not isinstance(owner, str):
            raise RelgraphError(
                here, f"the {section.owner} is missing", f"give the id of an entity as {section.owner}"
            )
        fact = _validated(section.kind, values, here)
        _check_days(_days(fact), here)
        self._facts[owner][section.field].append(fact)
        self._owners.setdefault(owner, here)
        self.locations[fact_key(owner, fact)] = here

    def _add(
        self, kind: type[KbEntity] | type[Office], node: yaml.Node, source: str | None, file: Path
    ) -> None:
        here = _at(file, node)
        values = {field: _value(value, file) for field, value in _fields(node, file).items()}
        entry = _entry(kind, values, source, here)
        if entry.id in self.locations:
            raise RelgraphError(
                here, f"the id {entry.id} stands already at {self.locations[entry.id]}", "keep one entry"
            )
        self.locations[entry.id] = here
        if isinstance(entry, KbEntity):
            self.entities.append(entry)
        else:
            self.offices.append(entry)


def _entry(
    kind: type[KbEntity] | type[Office], values: dict[str, Any], source: str | None, here: Location
) -> KbEntity | Office:
    try:
        entry = kind.model_validate(_completed(values, source) if kind is KbEntity else values)
    except ValidationError as error:
        # An id that is left out can't be made without type and name: their mistake is the one to tell.
        mistake = max(error.errors(), key=lambda mistake: mistake["loc"] != ("id",))
        field = ".".join(map(str, mistake["loc"]))
        raise RelgraphError(
            here, f"{field}: {mistake['msg']}", "see data/kb/README.md for the fields"
        ) from None
    if isinstance(entry, KbEntity):
        facts: tuple[_Fact | Tenure, ...] = (
            *entry.held,
            *entry.member_of,
            *entry.former_names,
            *entry.predecessors,
        )
        _check_days(chain.from_iterable(map(_days, facts)), here)
    return entry


def _days(fact: "_Fact | Tenure") -> tuple[str | None, ...]:
    return (fact.on,) if isinstance(fact, Succession) else (fact.start, fact.end)


def _check_days(days: Iterable[str | None], here: Location) -> None:
    for day in filter(None, days):
        try:
            bounds(day)
        except ValueError as error:
            raise RelgraphError(
                here, f"{day} is not a date: {error}", "write a day of the calendar"
            ) from None


_M = TypeVar("_M", bound=BaseModel)


def _validated(kind: type[_M], values: Mapping[str, Any], here: Location) -> _M:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise RelgraphError(
            here, f"{field}: {first['msg']}", "see data/kb/README.md for the fields"
        ) from None


def _completed(values: dict[str, Any], source: str | None) -> dict[str, Any]:
    """Fill in what an entry may leave out: its id, its source, the source of its dated facts."""
    values = {"source": source, **values}
    if "id" not in values and values.get("name") and values.get("type") in list(EntityType):
        values["id"] = entity_key(EntityType(values["type"]), values["name"])
    for facts in ("held", "member_of", "former_names", "predecessors"):
        if isinstance(dated := values.get(facts), list):
            values[facts] = [
                {"source": values["source"], **fact} if isinstance(fact, dict) else fact for fact in dated
            ]
    return values


def _compose(file: Path) -> yaml.Node:
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    except UnicodeDecodeError as error:
        raise RelgraphError(file, f"not UTF-8: {error.reason}", "save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RelgraphError(Location(file, line), str(error.problem), "mend the YAML there") from None
    except yaml.YAMLError as error:
        raise RelgraphError(file, " ".join(str(error).split()), "mend the YAML") from None
    if node is None:
        raise RelgraphError(file, "the file is empty", "remove it or write entries into it")
    return node


def _fields(node: yaml.Node, file: Path) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise RelgraphError(_at(file, node), "there are no fields here", 'write "field: value"')
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value in fields:
            raise RelgraphError(_at(file, key), f"{key.value} is given twice", "keep one of them")
        fields[key.value] = value
    return fields


def _value(node: yaml.Node, file: Path) -> Any:
    """Return the node as text, list or dictionary; what stands in no quotes is text as well."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, file) for item in node.value]
    return {field: _value(value, file) for field, value in _fields(node, file).items()}


def _at(file: Path, node: yaml.Node) -> Location:
    return Location(file, node.start_mark.line + 1)
