"""What every store begins with: the vocabulary and the knowledge base, each in a named graph of its own.

Writing the knowledge base takes most of a second, so an Oxigraph database that holds just these graphs is
kept in the user's cache folder (``$XDG_CACHE_HOME/relgraph``, else ``~/.cache/relgraph``) under a hash of
what is in it. A new store begins as a checkpoint of it, made of hard links where the file system allows.
"""

import hashlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyoxigraph as ox

from relgraph.files import cache_folder
from relgraph.graph import vocabulary as v
from relgraph.graph.knowledge import Knowledge, knowledge_quads
from relgraph.graph.store import FORMAT
from relgraph.graph.writing import write
from relgraph.resources import shipped

_ONTOLOGY_FILES: Final = ("relgraph.ttl", "event-types.ttl")
_UNFINISHED: Final = "new-"  # begins the name of a folder that a database is being made in
_KEPT: Final = 3  # databases in the cache, of some 20 MB each
_LAYOUT: Final = "2"  # of the databases in the cache, apart from what is in them


def add_vocabulary(native: ox.Store) -> bool:
    """Put the ontology and the event types into their graph; returns whether that changed anything."""
    texts = _ontology()
    digest = _digest(texts)
    if has_fingerprint(native, v.VOCABULARY, digest):
        return False
    native.remove_graph(v.VOCABULARY)
    for text in texts:
        native.load(text, ox.RdfFormat.TURTLE, to_graph=v.VOCABULARY)
    native.add(ox.Quad(v.VOCABULARY, v.FINGERPRINT, ox.Literal(digest), v.VOCABULARY))
    return True


def add_knowledge(native: ox.Store, knowledge: Knowledge) -> bool:
    """Put the knowledge base into its graph; returns whether that changed anything."""
    if has_fingerprint(native, v.KNOWLEDGE, knowledge.fingerprint):
        return False
    native.remove_graph(v.KNOWLEDGE)
    write(native, list(knowledge_quads(knowledge)))
    return True


def has_fingerprint(native: ox.Store, graph: ox.NamedNode, digest: str) -> bool:
    """Tell whether a graph says that it was made from what has this hash."""
    return ox.Quad(graph, v.FINGERPRINT, ox.Literal(digest), graph) in native


def begin_with_base(work: Path, knowledge: Knowledge) -> None:
    """Make a database with the vocabulary and this knowledge base in a new folder, as a copy of a cached one.

    Where there is none, because the cache can't be written or is damaged, nothing is made. A damaged one is
    removed, so that the next store makes it anew.
    """
    folder = _cached(knowledge)
    if folder is None:
        return
    try:
        ox.Store.read_only(str(folder)).backup(work)
    except (OSError, RuntimeError):
        for damaged in (folder, work):
            shutil.rmtree(damaged, ignore_errors=True)


def _cached(knowledge: Knowledge) -> Path | None:
    """Return the folder of the cached database, made if it is not there yet; None where it can't be."""
    parts = [_LAYOUT, str(FORMAT), ox.__version__, _digest(_ontology()), knowledge.fingerprint]
    folder = cache_folder() / _digest(parts)
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=_UNFINISHED) as scratch:
            _make(Path(scratch, "base"), knowledge)
            Path(scratch, "base").replace(folder)
        _remove_old(folder)
    except OSError:
        return folder if folder.is_dir() else None  # another process made it, or nobody can
    return folder


def _make(folder: Path, knowledge: Knowledge) -> None:
    native = ox.Store(folder)
    add_vocabulary(native)
    add_knowledge(native, knowledge)
    native.optimize()  # once here, not by each store that begins with it
    native.flush()  # what is only in the write-ahead log would not be copied
    del native


def _remove_old(newest: Path) -> None:
    others = (path for path in newest.parent.iterdir() if path.is_dir() and path != newest)
    bases = [path for path in others if not path.name.startswith(_UNFINISHED)]
    for path in sorted(bases, key=lambda path: path.stat().st_mtime)[: 1 - _KEPT]:
        shutil.rmtree(path, ignore_errors=True)  # what another process removes at the same time is gone


def _ontology() -> list[str]:
    return [shipped("ontology", name).read_text(encoding="utf-8") for name in _ONTOLOGY_FILES]


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("".join(parts).encode()).hexdigest()
