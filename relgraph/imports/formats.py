"""The formats of coded events: a line of a file becomes a :class:`CodedEvent`."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple, Protocol

from relgraph.imports.cameo import Cameo, CameoCode, read_mapping
from relgraph.imports.names import ActorNames, CodedActor, different, rules_from
from relgraph.kb import KnowledgeBase
from relgraph.resources import shipped

_HASH_DIGITS: Final = 16  # as in the ids of merged events
_COMPACT_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")


class CodedEvent(NamedTuple):
    """An event as a coded data set tells it.

    Attributes:
        id: last part of its IRI, the same in every import.
        agents: who acts; empty where the data set does not know.
        names: the names that the data set gives the participants.
        articles: number of reports, where the data set counts them.
    """

    id: str
    day: date
    code: CameoCode
    agents: tuple[CodedActor, ...]
    patients: tuple[CodedActor, ...]
    names: tuple[tuple[CodedActor, str], ...]
    place: CodedActor | None = None
    articles: int | None = None
    url: str | None = None


class EventFormat(Protocol):
    """A format of coded events; its name is also that of the named graph."""

    name: str
    title: str

    def __init__(self, knowledge: KnowledgeBase) -> None: ...

    def event(self, line: str) -> CodedEvent:
        """Return the event that a line tells.

        Raises:
            ValueError: the line is not of the format; the message says why, as a clause.
        """


class Icews:
    """ICEWS as the temporal knowledge graph benchmarks give it: source, relation, target and day."""

    name = "icews"
    title = "ICEWS coded event data"

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._names = ActorNames(knowledge, rules_from(_mapping(self.name)))
        self._cameo = Cameo.load()

    def event(self, line: str) -> CodedEvent:
        """Return the event that a line tells."""
        columns = line.split("\t")
        if len(columns) != 4:
            raise ValueError(f"{len(columns)} columns instead of 4 (source, relation, target, day)")
        source, relation, target, day = columns
        code = self._cameo.by_name(relation)
        if code is None:
            raise ValueError(f"the relation {relation!r} is not in data/imports/cameo.yaml")
        named = [(self._names.named(name), name) for name in (_spaced(source), _spaced(target))]
        return CodedEvent(
            id=f"{self.name}-{_day(day)}-{hashlib.sha256(line.encode()).hexdigest()[:_HASH_DIGITS]}",
            day=_day(day),
            code=code,
            agents=different([named[0][0]]),
            patients=different([named[1][0]]),
            names=tuple((actor, name) for actor, name in named if actor),
        )


class Gdelt:
    """GDELT's event files, versions 1.0 and 2.0."""

    name = "gdelt"
    title = "GDELT event database"

    def __init__(self, knowledge: KnowledgeBase) -> None:
        content = _mapping(self.name)
        self._names = ActorNames(knowledge, rules_from(content))
        self._cameo = Cameo.load()
        self._columns: Mapping[int, Mapping[str, int]] = content["columns"]
        self._country_place: str = content["country_place"]

    def event(self, line: str) -> CodedEvent:
        """Return the event that a line tells."""
        values = line.split("\t")
        positions = self._columns.get(len(values))
        if positions is None:
            known = ", ".join(map(str, self._columns))
            raise ValueError(f"{len(values)} columns instead of one of {known}")
        field = {name: values[position].strip() for name, position in positions.items()}
        code = self._cameo.by_code(field["code"])
        if code is None:
            raise ValueError(f"the CAMEO code {field['code']!r} is not in data/imports/cameo.yaml")
        if not field["id"].isdecimal():
            raise ValueError(f"the event's number {field['id']!r} is no number")
        agent = self._names.coded(field["actor1"], field["country1"])
        patient = self._names.coded(field["actor2"], field["country2"])
        return CodedEvent(
            id=f"{self.name}-{_day(field['day'])}-{field['id']}",
            day=_day(field["day"]),
            code=code,
            agents=different([agent]),
            patients=different([patient]),
            names=(),
            place=self._names.place(field["place"], field["place_type"] == self._country_place),
            articles=int(field["articles"]) if field["articles"].isdecimal() else None,
            url=field.get("url") or None,
        )


FORMATS: Final[Mapping[str, type[EventFormat]]] = {kind.name: kind for kind in (Icews, Gdelt)}
"""The formats by name."""


def _mapping(name: str) -> dict[str, Any]:
    content: dict[str, Any] = read_mapping(shipped("data", "imports", f"{name}.yaml"))
    return content


def _spaced(name: str) -> str:
    return " ".join(name.replace("_", " ").split())


def _day(text: str) -> date:
    match = _COMPACT_DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day") from None
