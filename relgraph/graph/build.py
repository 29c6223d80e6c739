"""From articles to a store: incremental, atomic, and keeping most of its work when it is interrupted."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.base import add_knowledge, add_vocabulary, begin_with_base, has_fingerprint
from relgraph.graph.knowledge import Knowledge
from relgraph.graph.merging.corrections import Correction, adding, corrections_file, read_corrections
from relgraph.graph.merging.merger import Merger
from relgraph.graph.merging.stored import said
from relgraph.graph.store import Fact, StoreWriter, facts, reading
from relgraph.graph.triples import ArticleTriples, Run, document_fingerprint, fingerprint
from relgraph.memory import long_lived_set_aside
from relgraph.model import Article, Document

PUBLISH_AFTER_S: Final = 5.0  # seconds of work that an interruption may cost
_BATCH_ARTICLES = 1000  # documents held in memory at most; a publication costs some tens of milliseconds
_ENTITIES = v.PREFIXES["entity"]


class BuildReport(BaseModel):
    """What a build did, and what the store holds now.

    Attributes:
        new: ids of articles added.
        replaced: ids of articles whose text or metadata had changed.
        unchanged: ids of articles that were there already, with the same text and metadata.
        duplicates: id of an article whose text is there under another id, and that id.
        problems: articles that could not be taken, told as messages.
        articles: number of articles in the store.
        entities: number of entities that its articles name.
        events: number of merged events.
    """

    model_config = ConfigDict(frozen=True)

    new: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    duplicates: dict[str, str] = {}
    problems: tuple[str, ...] = ()
    articles: int = 0
    entities: int = 0
    events: int = 0


Progress = Callable[[str, str], None]
"""Told of each article: its id and what became of it: new, replaced, unchanged, duplicate, refused."""


def build(
    articles: Iterable[Article],
    extract: Callable[[Iterable[Article]], Iterator[Document]],
    store: Path | str,
    *,
    knowledge: Knowledge | None = None,
    progress: Progress | None = None,
    corrections: Path | str | None = None,
    publish_after: float = PUBLISH_AFTER_S,
) -> BuildReport:
    """Add articles to the store in a folder, which is made if need be.

    An article that is there already with the same text and metadata is not extracted again; one whose text
    or metadata changed replaces what the store held of it, and the events it told of are made anew. The
    store's readers see the state before or after, also when the process is killed. What was extracted when
    ``extract`` raises is kept.

    Args:
        extract: turns articles into documents, one for each and in order (``relgraph.pipeline.extract``).
        knowledge: the knowledge base to store beside the articles; None keeps the one that is there.
        corrections: file of corrections that merging obeys (:mod:`relgraph.graph.merging.corrections`);
            default: corrections.jsonl in the store's folder, where there is one.
        publish_after: seconds of work after which the state so far is published.

    Raises:
        RelgraphError: the folder is no store, of another version, damaged, or being written, or the
            corrections can't be read.
    """
    software = version("relgraph")
    settled = read_corrections(corrections_file(store, corrections))
    base = partial(begin_with_base, knowledge=knowledge) if knowledge is not None else None
    with long_lived_set_aside(), StoreWriter(store, software=software, base=base) as writer:
        run = Run(software, datetime.now(UTC))
        builder = _Builder(writer, run, progress or _silent, publish_after, settled)
        builder.add_base(knowledge)
        try:
            for document in extract(builder.needed(articles)):
                builder.add(document)
        except BaseException:
            if builder.has_documents:  # else a store that is new would hold nothing
                builder.finish()
            raise
        builder.finish()
        return builder.report()


def remerge(
    store: Path | str, *, corrections: Path | str | None = None, added: Correction | None = None
) -> BuildReport:
    """Join the mentions of a store anew as corrections say, without adding articles.

    Args:
        corrections: as for :func:`build`.
        added: a correction to add to the file, which stays as it was where joining fails.

    Raises:
        RelgraphError: as for :func:`build`, or the corrections can't be written.
    """
    software, path = version("relgraph"), corrections_file(store, corrections)
    with long_lived_set_aside(), StoreWriter(store, software=software) as writer:
        # while no other writes to the store: what it is merged by and what the file says stay the same
        with adding(path, added) if added else nullcontext(read_corrections(path)) as settled:
            builder = _Builder(writer, Run(software, datetime.now(UTC)), _silent, PUBLISH_AFTER_S, settled)
            builder.add_base(None)
            builder.finish()
        return builder.report()


class _Builder:
    """A build under way: what was asked for, what is waiting to be written, what was done."""

    def __init__(
        self,
        writer: StoreWriter,
        run: Run,
        progress: Progress,
        publish_after: float,
        corrections: Sequence[Correction],
    ) -> None:
        self._writer = writer
        self._run = run
        self._progress = progress
        self._corrections = corrections
        self._publish_after = publish_after
        self._published_at = time.monotonic()
        self._unpublished = False
        self._waiting: list[Document] = []
        self._outcomes: dict[str, list[str]] = {"new": [], "replaced": [], "unchanged": [], "refused": []}
        self._duplicates: dict[str, str] = {}
        self._seen: dict[str, Article] = {}
        native = writer.native
        self._fingerprints = {
            v.key_of(fact.subject.value): fact.value.value
            for fact in facts(native, None, v.FINGERPRINT, None)
            if fact.subject.value.startswith(v.PREFIXES["article"])
        }
        self._hashes = {fact.graph: fact.value.value for fact in facts(native, None, v.SHA256, None)}
        self._article_of_text = {
            text_hash: v.key_of(graph.value).removeprefix("article/")
            for graph, text_hash in self._hashes.items()
        }

    # --- what is asked for ---

    def needed(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield the articles that must be extracted; note the others."""
        for article in articles:
            if outcome := self._known(article):
                self._progress(article.id, outcome)
            else:
                self._seen[article.id] = article
                self._article_of_text[article.sha256] = article.id
                yield article

    def _known(self, article: Article) -> str | None:
        """Say why the article needs no extraction; None where it does."""
        earlier = self._seen.get(article.id)
        if earlier and earlier.sha256 != article.sha256:
            self._outcomes["refused"].append(str(_same_id(earlier, article)))
            return "refused"
        if earlier:
            return self._duplicate(article, article.id)
        if self._fingerprints.get(article.id) == fingerprint(article):
            self._seen[article.id] = article
            self._outcomes["unchanged"].append(article.id)
            return "unchanged"
        other = self._article_of_text.get(article.sha256, article.id)
        return self._duplicate(article, other) if other != article.id else None

    def _duplicate(self, article: Article, other: str) -> str:
        self._duplicates[article.path or article.id] = other
        return "duplicate"

    # --- what is written ---

    def add_base(self, knowledge: Knowledge | None) -> None:
        """Store the vocabulary and the knowledge base."""
        changed = add_vocabulary(self._writer.native)
        if knowledge is not None:
            changed |= add_knowledge(self._writer.native, knowledge)
        self._unpublished |= changed or self._writer.is_new

    def add(self, document: Document) -> None:
        """Take a document; from time to time, write and publish what is waiting."""
        outcome = "replaced" if document.id in self._fingerprints else "new"
        self._waiting.append(document)
        self._outcomes[outcome].append(document.id)
        self._progress(document.id, outcome)
        waited = time.monotonic() - self._published_at
        if waited >= self._publish_after or len(self._waiting) >= _BATCH_ARTICLES:
            with reading(self._writer.folder):
                self._write_waiting()
            self._publish()

    @property
    def has_documents(self) -> bool:
        """Whether any document was taken."""
        return bool(self._outcomes["new"] or self._outcomes["replaced"])

    def finish(self) -> None:
        """Write and publish the rest."""
        with reading(self._writer.folder):
            self._write_waiting()
        if self._unpublished:
            self._publish()

    def _publish(self) -> None:
        self._writer.publish()
        self._published_at = time.monotonic()
        self._unpublished = False

    def _write_waiting(self) -> None:
        """Write the articles that are waiting, and join their mentions with those that are there."""
        documents, self._waiting = self._waiting, []
        told = {v.article_graph(document.id): ArticleTriples(document, self._run) for document in documents}
        unwritten = {graph: said(triples) for graph, triples in told.items()}
        merger = Merger(self._writer.native, self._corrections, unwritten)
        stale = self._stale_articles(merger)
        if not documents and not stale and self._corrections_hold():
            return
        replaced = {v.article_graph(d.id) for d in documents if d.id in self._fingerprints}
        near = self._connected(replaced | stale)
        lost = {event for graph in replaced for event in self._remove(graph)}
        quads = [ox.Quad(*triple, graph) for graph, triples in told.items() for triple in triples]
        quads += [ox.Quad(*name, v.MERGED) for triples in told.values() for name in triples.entities]
        quads += self._notes(merger)
        for graph, document in zip(told, documents, strict=True):
            self._fingerprints[document.id] = document_fingerprint(document)
            self._hashes[graph] = document.sha256
        near |= set(merger.replace(stale | told.keys()))
        merger.merge(filter(merger.has_chain, near), lost, quads)
        self._unpublished = True

    def _connected(self, graphs: set[ox.NamedNode]) -> set[str]:
        """Return the chains that these articles' chains are connected with, as the store has it now."""
        if graphs >= self._hashes.keys():
            return set()  # all are made anew anyway
        before = Merger(self._writer.native, map(Correction.model_validate_json, self._obeyed()))
        return before.component(chain for graph in graphs for chain in before.chains_of(graph))

    def _stale_articles(self, merger: Merger) -> set[ox.NamedNode]:
        """Return the articles in the store whose chains are to be made anew.

        They are those named by corrections that came or went, or all where the way of merging or the
        knowledge that it rests on has changed.
        """
        if not has_fingerprint(self._writer.native, v.MERGING, merger.fingerprint()):
            return set(merger.all_articles())
        wanted, obeyed = set(self._corrections_as_text()), set(self._obeyed())
        changed = wanted ^ obeyed
        if not changed and list(self._corrections_as_text()) != self._obeyed():
            changed = wanted
        named = {name for text in changed for name in Correction.model_validate_json(text).named}
        graphs = {v.article_graph(name.rpartition(":")[0]) for name in named}
        return {graph for graph in graphs if graph in self._hashes}

    def _corrections_as_text(self) -> list[str]:
        return [correction.model_dump_json(exclude_defaults=True) for correction in self._corrections]

    def _obeyed(self) -> list[str]:
        """Return the corrections that the store was merged by, in their order."""
        found = facts(self._writer.native, v.MERGING, v.CORRECTION, None, v.MERGING)
        numbered = (fact.value.value.split(" ", 1) for fact in found)
        return [text for _, text in sorted((int(number), text) for number, text in numbered)]

    def _corrections_hold(self) -> bool:
        return self._obeyed() == self._corrections_as_text()

    def _notes(self, merger: Merger) -> Iterator[ox.Quad]:
        """Yield what mentions are joined by, the way of merging and corrections; remove what was noted."""
        native = self._writer.native
        for quad in list(native.quads_for_pattern(v.MERGING, None, None, v.MERGING)):
            native.remove(quad)
        yield ox.Quad(v.MERGING, v.FINGERPRINT, ox.Literal(merger.fingerprint()), v.MERGING)
        for number, text in enumerate(self._corrections_as_text(), start=1):
            yield ox.Quad(v.MERGING, v.CORRECTION, ox.Literal(f"{number} {text}"), v.MERGING)

    def _remove(self, graph: ox.NamedNode) -> set[ox.NamedNode]:
        """Remove an article's graph and chains, and from the merged graph the names that only it gave.

        Returns:
            the events it told of.
        """
        native = self._writer.native
        Merger(native).forget(graph)
        old = list(facts(native, None, None, None, graph))
        native.remove_graph(graph)
        for fact in filter(_names_entity, old):
            others = facts(native, fact.subject, fact.predicate, fact.value)
            if all(other.graph in (v.MERGED, v.KNOWLEDGE) for other in others):
                native.remove(_in_merged(fact))
        return {fact.value for fact in old if fact.predicate == v.REFERS_TO}

    # --- what was done ---

    def report(self) -> BuildReport:
        """Return what was done and what the store holds."""
        native = self._writer.native
        events, *entities = (
            sum(1 for _ in native.quads_for_pattern(None, v.RDF_TYPE, kind, v.MERGED))
            for kind in (v.EVENT, *v.ENTITY_CLASSES.values())
        )
        return BuildReport(
            new=tuple(self._outcomes["new"]),
            replaced=tuple(self._outcomes["replaced"]),
            unchanged=tuple(self._outcomes["unchanged"]),
            duplicates=self._duplicates,
            problems=tuple(self._outcomes["refused"]),
            articles=len(self._fingerprints),
            entities=sum(entities),
            events=events,
        )


def _names_entity(fact: Fact) -> bool:
    return fact.subject.value.startswith(_ENTITIES)


def _in_merged(fact: Fact) -> ox.Quad:
    return ox.Quad(fact.subject, fact.predicate, fact.value, v.MERGED)


def _same_id(first: Article, second: Article) -> RelgraphError:
    return RelgraphError(
        second.path or second.id,
        f"it has the same id ({first.id}) as {first.path or 'an article before it'} but another text",
        "rename one of the files",
    )


def _silent(article: str, outcome: str) -> None:
    """Tell nobody."""
