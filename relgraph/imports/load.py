"""Coded events into a named graph of their own, streaming, in one step."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.base import add_knowledge, add_vocabulary
from relgraph.graph.shortcuts import dyad_iri, dyad_triples, dyads, period_between, period_triples
from relgraph.graph.store import StoreWriter, reading
from relgraph.graph.triples import Triples, text_literal
from relgraph.imports.formats import FORMATS, CodedEvent, EventFormat
from relgraph.imports.names import CodedActor, actor_of
from relgraph.kb import KnowledgeBase
from relgraph.model import Factuality, Precision, Role

_CHUNK_LINES = 500  # lines that are turned into bytes at once
_FIRST_LINES = 100  # a file without an event in these is of another format

Progress = Callable[[str, int], None]
"""Told of each file's name and of how many of its lines were read, every some thousand lines."""
_PROGRESS_LINES: Final = 5000


class ImportReport(BaseModel):
    """What an import brought.

    Attributes:
        graph: IRI of the named graph.
        lines: lines read, empty ones left out.
        events: events in the graph now; lines that say the same are one event.
        actors: entities in it.
        linked: how many of these the knowledge base knows.
        malformed: lines that were left out.
        nameless: lines left out because they name no participant.
    """

    model_config = ConfigDict(frozen=True)

    graph: str
    lines: int
    events: int
    actors: int
    linked: int
    malformed: int
    nameless: int


def import_events(
    format_name: str,
    files: Iterable[Path | str],
    store: Path | str,
    *,
    knowledge: KnowledgeBase,
    on_error: Callable[[RelgraphError], None],
    progress: Progress = lambda name, lines: None,
) -> ImportReport:
    """Bring coded events into the named graph of their data set; what it held before is replaced.

    The store's readers see the state before or after, also when the process is killed. Memory holds the
    entities and a hash of each event.

    Args:
        format_name: one of :data:`relgraph.imports.formats.FORMATS`.
        on_error: told of each malformed line, which is left out.

    Raises:
        RelgraphError: a file can't be read or is of another format; the store can't be written. The store
            then stays as it was.
    """
    if format_name not in FORMATS:
        raise RelgraphError(format_name, "is not a known format", f"choose one of: {', '.join(FORMATS)}")
    importer = _Importer(FORMATS[format_name](knowledge), knowledge, on_error, progress)
    paths = list(map(Path, files))
    for path in paths:
        _check(path)
    with StoreWriter(store, software=version("relgraph")) as writer, reading(writer.folder):
        add_vocabulary(writer.native)
        add_knowledge(writer.native, knowledge)
        writer.native.remove_graph(importer.graph)
        stream: Any = _Stream(importer.lines(paths))
        # The IRIs are percent-encoded and the literals escaped, so there is nothing left to validate.
        writer.native.bulk_load(stream, ox.RdfFormat.N_TRIPLES, to_graph=importer.graph, lenient=True)
        if importer.events:
            # Bulk loading leaves several sorted files, and each look-up searches them all. Merged, they
            # answer twice as fast; otherwise RocksDB merges them in the background of every later writer.
            writer.native.optimize()
            writer.publish()
    return importer.report()


class _Stream:
    """Lines of text as a binary file to read from, made as they are asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._chunk = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; none at the end."""
        if not self._chunk:
            self._chunk = memoryview("".join(islice(self._lines, _CHUNK_LINES)).encode())
        piece, self._chunk = self._chunk[:size], self._chunk[size:]
        return bytes(piece)


class _Importer:
    """An import under way."""

    def __init__(
        self,
        event_format: EventFormat,
        knowledge: KnowledgeBase,
        on_error: Callable[[RelgraphError], None],
        progress: Progress,
    ) -> None:
        self._format = event_format
        self._knowledge = knowledge
        self._on_error = on_error
        self._progress = progress
        self._actors: dict[CodedActor, set[str]] = {}
        self._seen: set[str] = set()
        self._nodes: dict[str, str] = {}
        self._dyads: dict[tuple[str, str], str] = {}
        self._periods: dict[date, str] = {}
        self.graph = v.import_graph(event_format.name)
        self.read = self.malformed = self.nameless = 0

    @property
    def events(self) -> int:
        """How many different events were read."""
        return len(self._seen)

    def lines(self, paths: list[Path]) -> Iterator[str]:
        """Yield the graph as N-Triples: first the events, then what they point to."""
        yield from _n_triples(self._about())
        for path in paths:
            file = v.data_iri("import", self._format.name, path.name)
            yield from _n_triples(_file(file, path))
            for number, event in self._events(path):
                yield from self._event(event, file, f"{path.name}:{number}")
        self._add_countries()
        for actor, names in self._actors.items():
            yield from _n_triples(_actor(actor, names))
        for one, other in self._dyads:
            yield from _n_triples(dyad_triples(one, other))
        for day in map(date.isoformat, self._periods):
            yield from _n_triples(period_triples(period_between(day, day)))

    def _add_countries(self) -> None:
        """Describe also the states that entities belong to: no edge leads to a node without a name."""
        described = {actor.key for actor in self._actors}
        while missing := {actor.country for actor in self._actors if actor.country} - described:
            for key in sorted(missing):
                self._actors[actor_of(self._knowledge.entities[key])] = set()
            described |= missing

    def _about(self) -> Triples:
        yield self.graph, v.TITLE, text_literal(self._format.title, "en")

    def _events(self, path: Path) -> Iterator[tuple[int, CodedEvent]]:
        """Yield the file's events with the numbers of their lines, counted from 1."""
        found = 0
        with _readable(path), path.open("rb") as stream:
            for number, raw in enumerate(stream, start=1):
                if number % _PROGRESS_LINES == 0:
                    self._progress(path.name, number)
                if not raw.strip():
                    continue
                self.read += 1
                try:
                    event = self._format.event(_text(raw))
                except ValueError as error:
                    if not found and number >= _FIRST_LINES:
                        raise _foreign(path, self._format, str(error)) from None
                    self.malformed += 1
                    self._on_error(
                        RelgraphError(f"{path}:{number}", str(error), "mend the line and import again")
                    )
                    continue
                found += 1
                if event.agents or event.patients:
                    yield number, event
                else:
                    self.nameless += 1

    def _event(self, event: CodedEvent, file: ox.NamedNode, line: str) -> Iterator[str]:
        """Yield an event's triples as text; for a hundred thousand of them term objects are too slow."""
        if event.id in self._seen:
            return
        self._seen.add(event.id)
        for actor in (*event.agents, *event.patients, *([event.place] if event.place else [])):
            self._actors.setdefault(actor, set())
        for actor, name in event.names:
            if name not in (actor.name, actor.label_vi):
                self._actors[actor].add(name)
        subject = f"<{v.DATA}event/{event.id}>"
        day = event.day.isoformat()
        statements = [
            *_ALWAYS,
            f"{v.SEM_TYPE} {v.TYPES[event.code.type]}",
            f'{v.CAMEO_CODE} "{event.code.code}"',
            f'{v.EARLIEST} "{day}"^^{v.XSD_DATE}',
            f'{v.LATEST} "{day}"^^{v.XSD_DATE}',
            f'{v.EDTF} "{day}"',
            f"{v.CALENDAR_PERIOD} {self._period(event.day)}",
            f"{v.PROV_DERIVED_FROM} {file}",
            f"{v.IDENTIFIER} {ox.Literal(line)}",
        ]
        if event.code.mode:
            statements.append(f"{v.MODE} {v.mode_iri(event.code.type, event.code.mode)}")
        for role, actors in ((Role.AGENT, event.agents), (Role.PATIENT, event.patients)):
            statements += [f"{v.ROLES[role]} {self._node(actor.key)}" for actor in actors]
        keys = {actor.key for actor in (*event.agents, *event.patients)}
        statements += [f"{v.SEM_ACTOR} {self._node(key)}" for key in keys]
        statements += [f"{v.DYAD} {self._dyad(*pair)}" for pair in dyads(keys)]
        if event.place:
            statements.append(f"{v.SEM_PLACE} {self._node(event.place.key)}")
        if event.articles:
            statements.append(f"{v.REPORTING_ARTICLES} {ox.Literal(event.articles)}")
        if event.url:
            statements.append(f"{v.URL} {ox.Literal(event.url, datatype=v.XSD_ANYURI)}")
        yield "".join(f"{subject} {statement} .\n" for statement in statements)

    def _node(self, key: str) -> str:
        if key not in self._nodes:
            self._nodes[key] = str(v.entity_iri(key))
        return self._nodes[key]

    def _dyad(self, one: str, other: str) -> str:
        if (one, other) not in self._dyads:
            self._dyads[one, other] = str(dyad_iri(one, other))
        return self._dyads[one, other]

    def _period(self, day: date) -> str:
        if day not in self._periods:
            iso = day.isoformat()
            self._periods[day] = str(period_between(iso, iso).iri)
        return self._periods[day]

    def report(self) -> ImportReport:
        """Return what was done."""
        keys = {actor.key for actor in self._actors}
        return ImportReport(
            graph=self.graph.value,
            lines=self.read,
            events=self.events,
            actors=len(keys),
            linked=len(keys & self._knowledge.entities.keys()),
            malformed=self.malformed,
            nameless=self.nameless,
        )


_ALWAYS: Final = (
    f"{v.RDF_TYPE} {v.CODED_EVENT}",
    f"{v.RDF_TYPE} {v.SEM_EVENT}",
    f"{v.FACTUALITY} {v.FACTUALITIES[Factuality.ACTUAL]}",
    f"{v.PRECISION} {v.PRECISIONS[Precision.DAY]}",
)
"""What is said of every coded event."""


def _actor(actor: CodedActor, names: set[str]) -> Triples:
    iri = v.entity_iri(actor.key)
    yield iri, v.RDF_TYPE, v.ENTITY_CLASSES[actor.type] if actor.type else v.ANY_ENTITY
    yield iri, v.LABEL, text_literal(actor.name, "en")
    if actor.label_vi:
        yield iri, v.LABEL, text_literal(actor.label_vi, "vi")
    if actor.country:
        yield iri, v.COUNTRY, v.entity_iri(actor.country)
    for name in sorted(names):
        yield iri, v.HIDDEN_LABEL, text_literal(name, "en")


def _file(iri: ox.NamedNode, path: Path) -> Triples:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    yield iri, v.TITLE, text_literal(path.name)
    yield iri, v.FINGERPRINT, text_literal(digest)


def _n_triples(triples: Triples) -> Iterator[str]:
    return (f"{subject} {predicate} {value} .\n" for subject, predicate, value in triples)


def _check(path: Path) -> None:
    with _readable(path):
        path.open("rb").close()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RelgraphError(path, f"can't be read: {error.strerror}", "name a file of events") from None


def _text(raw: bytes) -> str:
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None


def _foreign(path: Path, event_format: EventFormat, problem: str) -> RelgraphError:
    return RelgraphError(
        path,
        f"none of its first {_FIRST_LINES} lines is an event of {event_format.title} ({problem})",
        "name a file of that format, unpacked",
    )
