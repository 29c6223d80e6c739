"""The embedded store: Oxigraph on disk, in generations that are never changed once they can be read.

A store is a folder::

    store.json     format, and which generation is the current one; replaced in one step
    g000007/       an Oxigraph database, read-only from the moment store.json names it
    work/          the database that a writer is working on
    writer.lock    held by the one process that writes

A writer works on a copy (a RocksDB checkpoint, made of hard links) and publishes by making a checkpoint of
it and renaming a new ``store.json`` into place. Whenever a writer is killed, the store is the last published
generation; what lies about besides is removed by the next writer, but nothing where store.json is lost.
Readers hold a shared lock on the folder of their generation, which keeps it until they close; they need no
write access. Locks are ``flock(2)``.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Final, NamedTuple, Self

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from pydantic import BaseModel, Field
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from relgraph.errors import RelgraphError
from relgraph.graph.vocabulary import MERGED, PREFIXES, import_graph

FORMAT: Final = 2
"""Version of the store's layout and of the vocabulary in it; a store of another version is built anew."""

ARTICLES: Final = "articles"
"""What the merged graph is called where graphs are chosen by name."""

MERGED_GRAPH: Final = re.compile(rf"\bGRAPH\s*(?:graph:merged\b|{re.escape(str(MERGED))})")
"""Where a query asks the merged graph; without it, it asks the default graph."""

_XSD_STRING = PREFIXES["xsd"] + "string"
_MANIFEST: Final = "store.json"
_LOCK: Final = "writer.lock"
_WORK: Final = "work"
_GENERATION = re.compile(r"g\d{6,}")
_FIRST: Final = "g000001"
_BUILD = "build it with relgraph build"
_REBUILD = "build it again from the articles into a new folder"
_CACHED_TERMS = 50_000  # types, days and names come again and again, and rdflib is slow to make them
_ATTEMPTS = 20  # a writer may publish while a reader opens; each attempt needs one more publication to fail


class _Manifest(BaseModel):
    """What store.json says: the current generation, with its files' sizes in bytes."""

    format: int
    generation: Annotated[str, Field(pattern=r"^g\d{6,}$")]
    files: dict[str, int]
    software: str


class Fact(NamedTuple):
    """A quad as relgraph stores it: there are no blank nodes and nothing outside named graphs.

    Attributes:
        value: a NamedNode or Literal, as the predicate has it.
    """

    subject: ox.NamedNode
    predicate: ox.NamedNode
    value: Any
    graph: ox.NamedNode


def facts(
    native: ox.Store,
    subject: ox.NamedNode | None,
    predicate: ox.NamedNode | None,
    value: ox.NamedNode | ox.Literal | None,
    graph: ox.NamedNode | None = None,
) -> Iterator[Fact]:
    """Yield what an Oxigraph store holds of this pattern, where None stands for anything."""
    return (Fact(*quad) for quad in native.quads_for_pattern(subject, predicate, value, graph))


class Store:
    """The state of a store that was current when it was opened; read-only and unaffected by writers.

    Attributes:
        folder: the store's folder.
        generation: the folder of the Oxigraph database.
        events_in: the graphs that are asked for events and their actors. Where the merged graph is not the
            only one, they stand together in its place: :meth:`facts`, :meth:`nodes`, :meth:`rows` and
            :meth:`select` ask their union for what they are asked of the merged graph.
        native: the Oxigraph store.
        dataset: the same through rdflib's API; all data are in named graphs.
    """

    def __init__(
        self,
        folder: Path,
        generation: Path,
        lock: int | None,
        native: ox.Store,
        events_in: tuple[ox.NamedNode, ...] = (MERGED,),
    ) -> None:
        self.folder = folder
        self.events_in = events_in
        self.generation = generation
        self.native = native
        self._lock = lock
        self.dataset = Dataset(store=OxigraphStore(store=native), default_union=False)
        for prefix, namespace in PREFIXES.items():
            self.dataset.bind(prefix, namespace)

    @classmethod
    def open(cls, folder: Path | str, graphs: Collection[str] = (ARTICLES,)) -> "Store":
        """Open the current generation of a store.

        Args:
            graphs: where events are asked for: "articles", and the data sets that were imported ("icews").

        Raises:
            RelgraphError: there is no store, it is of another version, damaged, or may not be read; it has
                no such graph.
        """
        folder = Path(folder)
        events_in = tuple(MERGED if name == ARTICLES else import_graph(name) for name in graphs)
        for _ in range(_ATTEMPTS):
            manifest = _read_manifest(folder)
            generation = folder / manifest.generation
            lock = _lock_folder(generation)
            try:
                if _read_manifest(folder) == manifest:
                    native = _open_native(folder, manifest)
                    _check_graphs(folder, native, events_in)
                    return cls(folder, generation, lock, native, events_in)
            except RelgraphError:
                _unlock(lock)
                raise
            _unlock(lock)
        raise RelgraphError(folder, "it changes faster than it can be opened", "wait for the writer to end")

    def named_graph(self, iri: str) -> Graph:
        """Return one of the named graphs through rdflib's API, read-only."""
        return Graph(store=self.dataset.store, identifier=URIRef(iri))

    def facts(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        value: ox.NamedNode | ox.Literal | None,
        graph: ox.NamedNode | None,
    ) -> Iterator[Fact]:
        """Yield what the graph holds of this pattern, where None stands for anything.

        Raises:
            RelgraphError: the store is damaged.
        """
        with reading(self.folder):
            for one in self.events_in if graph == MERGED else (graph,):
                yield from facts(self.native, subject, predicate, value, one)

    def nodes(self, query: str) -> list[ox.NamedNode]:
        """Return the IRIs in the first column of a SELECT query; for many it is faster than :meth:`facts`.

        Raises:
            RelgraphError: the store is damaged.
        """
        with reading(self.folder):
            return [row[0] for row in self._solutions(query)]

    def rows(self, query: str) -> Iterator[list[str]]:
        """Yield the rows of a SELECT query as the text of their terms; all variables must be bound.

        Raises:
            RelgraphError: the store is damaged.
        """
        with reading(self.folder):
            for row in self._solutions(query):
                yield [term.value for term in row]

    def select(self, query: str) -> tuple[list[str], list[list[Node | None]]]:
        """Return the columns and rows of a SELECT query; the vocabulary's prefixes are known.

        Raises:
            RelgraphError: the store is damaged.
        """
        with reading(self.folder):
            solutions = self._solutions(query)
            columns = [variable.value for variable in solutions.variables]
            return columns, [[rdflib_term(term) for term in row] for row in solutions]

    def _solutions(self, query: str) -> Any:
        if self.events_in == (MERGED,):
            return self.native.query(query, prefixes=PREFIXES)
        query = MERGED_GRAPH.sub("", query)
        return self.native.query(query, prefixes=PREFIXES, default_graph=list(self.events_in))

    def close(self) -> None:
        """Let go of the generation; the store can't be used afterwards."""
        _unlock(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


class StoreWriter:
    """The one writer of a store, as a context manager; changes count once they are published.

    Leaving the context forgets what was not published.

    Args:
        base: may make the Oxigraph database that a new store begins with in the folder it is given.

    Attributes:
        native: the Oxigraph store to change.

    Raises:
        RelgraphError: on entering, where the folder is no store, of another version, damaged (also by the
            loss of store.json), or being written by another process.
    """

    native: ox.Store

    def __init__(
        self, folder: Path | str, *, software: str, base: Callable[[Path], None] | None = None
    ) -> None:
        self.folder = Path(folder)
        self._software = software
        self._base = base

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _refuse_foreign_folder(self.folder)
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise RelgraphError(
                self.folder, f"can't be written: {error.strerror}", "choose a folder that you may write to"
            ) from None
        try:
            self._begin()
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def _begin(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RelgraphError(
                self.folder, "another process is writing to this store", "wait until it is done or end it"
            ) from None
        published = is_store(self.folder)
        if not published:
            _refuse_lost_manifest(self.folder)
        manifest = _read_manifest(self.folder) if published else None
        current = _open_native(self.folder, manifest) if manifest else None
        self._current = manifest.generation if manifest else None
        self._remove_leftovers()
        work = self.folder / _WORK
        if self._base and not current:
            self._base(work)
        with reading(self.folder):
            if current:
                current.backup(work)
            self.native = ox.Store(work)

    @property
    def is_new(self) -> bool:
        """Whether nothing was published in this store so far."""
        return self._current is None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del self.native
        self._remove_leftovers()
        os.close(self._lock)

    def publish(self) -> None:
        """Make all changes so far the store's current state, in one step."""
        number = int(self._current[1:]) if self._current else 0
        generation = f"g{number + 1:06}"
        with reading(self.folder):
            self.native.backup(self.folder / generation)
        _sync(self.folder / generation)
        files = _sizes(self.folder / generation)
        _write_manifest(
            self.folder,
            _Manifest(format=FORMAT, generation=generation, files=files, software=self._software),
        )
        self._current = generation
        self._remove_leftovers(keep=_WORK)

    def _remove_leftovers(self, keep: str | None = None) -> None:
        """Remove what is neither current, nor to be kept, nor still read by someone."""
        for path in sorted(self.folder.iterdir()):  # the working copy last: see _refuse_lost_manifest
            if path.name in (self._current, keep):
                continue
            ours = path.name == _WORK or path.suffix == ".tmp"
            if ours or (_GENERATION.fullmatch(path.name) and not _is_being_read(path)):
                _remove(path)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn what Oxigraph raises on a damaged or unreadable database into a RelgraphError.

    Oxigraph raises plain OSError and RuntimeError, without an error number. What the system or Python itself
    raises in the block (another file can't be read, too deep a recursion) is none of the database's and
    passes through.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        if getattr(error, "errno", None) is not None or isinstance(error, RecursionError):
            raise
        problem = " ".join(str(error).split())
        if "Permission denied" in problem:
            raise _unreadable(folder, error) from None
        if "No space left" in problem:
            raise RelgraphError(folder, "the disk is full", "free some space and build again") from None
        raise _damaged(folder, problem) from None


@lru_cache(maxsize=_CACHED_TERMS)
def rdflib_term(term: Any) -> Node | None:
    """Return an Oxigraph term as one of rdflib's; None stays None."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term is None:
        return None
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    return Literal(term.value, datatype=None if datatype == _XSD_STRING else URIRef(datatype))


def _check_graphs(folder: Path, native: ox.Store, events_in: Iterable[ox.NamedNode]) -> None:
    for graph in events_in:
        if graph != MERGED and not native.contains_named_graph(graph):
            name = graph.value.rsplit("/", 1)[1]
            raise RelgraphError(
                folder, f"no events of {name} were imported", f"bring them in with relgraph import {name}"
            )


def is_store(folder: Path | str) -> bool:
    """Whether a store was published in this folder."""
    return Path(folder, _MANIFEST).exists()


def _read_manifest(folder: Path) -> _Manifest:
    manifest = folder / _MANIFEST
    try:
        content = manifest.read_bytes()
    except FileNotFoundError:
        problem = "is not a relgraph store" if folder.is_dir() else "there is no such store"
        raise RelgraphError(folder, problem, f"name the store's folder, or {_BUILD}") from None
    except NotADirectoryError:
        raise RelgraphError(folder, "is a file, not a store", f"name a store's folder, or {_BUILD}") from None
    except OSError as error:
        raise _unreadable(manifest, error) from None
    try:
        version = json.loads(content)["format"]
        if version == FORMAT:
            return _Manifest.model_validate_json(content)
    except (ValueError, KeyError, TypeError):
        raise _damaged(folder, f"{_MANIFEST} can't be read") from None
    raise RelgraphError(
        folder,
        f"the store has format {version}, this relgraph reads format {FORMAT}",
        f"use the relgraph that made it, or {_REBUILD}",
    )


def _open_native(folder: Path, manifest: _Manifest) -> ox.Store:
    """Open a generation after a look at its files: RocksDB takes some files that were cut for older ones."""
    generation = folder / manifest.generation
    if not generation.is_dir():
        raise _damaged(folder, f"its folder {generation.name} is missing")
    sizes = _sizes(generation)
    for name, size in manifest.files.items():
        if sizes.get(name) != size:
            raise _damaged(folder, f"the file {generation.name}/{name} is missing or cut")
    with reading(folder):
        return ox.Store.read_only(str(generation))


def _sizes(generation: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in generation.iterdir()}


def _refuse_foreign_folder(folder: Path) -> None:
    """A folder that holds other things than a store's is not written to."""
    names = {path.name for path in folder.iterdir()}
    if _MANIFEST in names or _LOCK in names or not names:
        return
    raise RelgraphError(
        folder, "the folder is not empty and is not a relgraph store", "choose a new or an empty folder"
    )


def _refuse_lost_manifest(folder: Path) -> None:
    """Generations without a manifest are not removed: they may be all that is left of a store.

    Only a writer that was killed in the very first publication leaves one, beside its working copy.
    """
    generations = (path for path in folder.iterdir() if _GENERATION.fullmatch(path.name))
    found = {path.name for path in generations if any(path.glob("*"))}
    was_first = found == {_FIRST} and (folder / _WORK).exists()
    if found and not was_first:
        raise _damaged(folder, f"{_MANIFEST} is missing")


def _write_manifest(folder: Path, manifest: _Manifest) -> None:
    temporary = folder / f"{_MANIFEST}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(manifest.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / _MANIFEST)
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock_folder(generation: Path) -> int | None:
    """Lock the folder against removal; None where it is not there (any more)."""
    try:
        descriptor = os.open(generation, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(generation, error) from None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _unlock(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)


def _is_being_read(generation: Path) -> bool:
    descriptor = os.open(generation, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _damaged(folder: Path, detail: str) -> RelgraphError:
    return RelgraphError(folder, f"the store is damaged ({detail})", _REBUILD)


def _unreadable(path: Path, error: Exception) -> RelgraphError:
    reason = getattr(error, "strerror", None) or " ".join(str(error).split())
    return RelgraphError(path, f"can't be read: {reason}", "check the folder's permissions")
