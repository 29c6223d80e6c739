"""Reading a knowledge base: from the YAML files of a folder to their content, each entry with its place.

Every scalar is read as text, so that dates and words such as "No" stay what the file says. What is wrong is
told with file and line. The content is kept in the user's cache folder, for reading YAML takes a second.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from relgraph.errors import RelgraphError
from relgraph.files import cache_folder, replacing
from relgraph.kb.dates import bounds
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

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_KEPT = 4  # knowledge bases in the cache


class Location(NamedTuple):
    """Where an entry stands: its file and its first line, counted from 1."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Content(BaseModel):
    """What the files of a knowledge base hold, once read and found good."""

    entities: tuple[KbEntity, ...]
    offices: tuple[Office, ...]
    shared_roles: tuple[str, ...]
    locations: dict[str, tuple[str, int]]


def read_content(folder: Path) -> Content:
    """Return what the YAML files of the folder hold, or what the cache has of them.

    Raises:
        RelgraphError: there are no files, one can't be read, or an entry is not as the schema says.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise RelgraphError(folder, "there is no knowledge base here", "name a folder with .yaml files")
    return _cached(folder, files)


def fact_key(owner: str, fact: Membership | Renaming | Succession) -> str:
    """Return the key of ``KnowledgeBase.locations`` for a fact that stands in a list of its own."""
    return f"{owner}: {fact}"


def _cached(folder: Path, files: Sequence[Path]) -> Content:
    """Return the content of the files, which is kept under a hash of them.

    Where nothing can be kept, or what is kept is damaged, the files are read.
    """
    kept = cache_folder() / f"kb-{_fingerprint(folder, files)}.json"
    with suppress(OSError, ValidationError):
        return Content.model_validate_json(kept.read_bytes())
    reader = _Reader()
    for file in files:
        reader.read(file)
    content = Content(
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
    digest = hashlib.sha256(json.dumps(Content.model_json_schema(), sort_keys=True).encode())
    digest.update(str(folder).encode())
    for file in files:
        with suppress(OSError):  # reading it will tell what is wrong
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _forget_old(kept: Path) -> None:
    others = sorted(kept.parent.glob("kb-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        old.unlink(missing_ok=True)


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
