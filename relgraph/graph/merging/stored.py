"""Mentions as they stand in a store, or are about to: what an article's graph says of them, for merging."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from relgraph.graph import vocabulary as v
from relgraph.graph.merge import MentionRecord
from relgraph.graph.merging.profiles import Place, Profile, sentence_vector
from relgraph.graph.store import facts
from relgraph.graph.triples import ArticleTriples
from relgraph.model import Role

_TYPES = {iri: event_type for event_type, iri in v.TYPES.items()}
_FACTUALITIES = {iri: factuality for factuality, iri in v.FACTUALITIES.items()}

_NOTHING: Final[Mapping[ox.NamedNode, Sequence[Any]]] = {}

Said = Mapping[ox.NamedNode, Mapping[ox.NamedNode, Sequence[Any]]]
"""What an article's graph says of the article and its event mentions: by subject, values by predicate."""


class StoredMention(NamedTuple):
    """An event mention of a store.

    Attributes:
        graph: its article's named graph.
        repeats: the mention that extraction says it repeats.
    """

    iri: ox.NamedNode
    graph: ox.NamedNode
    profile: Profile
    record: MentionRecord
    repeats: ox.NamedNode | None


class MentionReader:
    """Reads mentions from an Oxigraph store.

    Args:
        unwritten: by named graph, articles that are read from here instead.
    """

    def __init__(self, native: ox.Store, unwritten: Mapping[ox.NamedNode, Said] | None = None) -> None:
        self.native = native
        self._unwritten = unwritten or {}
        self._states: dict[str, str] = {}
        self._heads: dict[ox.NamedNode, tuple[str | None, str | None]] = {}

    def of_article(self, graph: ox.NamedNode) -> list[StoredMention]:
        """Return the mentions of an article, in the order of its text."""
        read = (self.read(iri, graph) for iri in self._mentions(graph))
        return sorted(read, key=lambda mention: (mention.profile.first, mention.iri.value))

    def read(self, iri: ox.NamedNode, graph: ox.NamedNode) -> StoredMention:
        """Return one mention of an article."""
        values = self._said(iri, graph)
        published, text_hash = self._head(graph)
        record = MentionRecord.read(iri, values, text_hash or "")
        return StoredMention(
            iri=iri,
            graph=graph,
            profile=self._profile(iri, graph, values, record, published),
            record=record,
            repeats=next(iter(values.get(v.REPEATS, ())), None),
        )

    def _profile(
        self,
        iri: ox.NamedNode,
        graph: ox.NamedNode,
        values: Mapping[ox.NamedNode, Sequence[Any]],
        record: MentionRecord,
        published: str | None,
    ) -> Profile:
        trigger = v.part_iri(iri, "trigger")
        position, quote = v.part_iri(trigger, "position"), v.part_iri(trigger, "quote")
        start, end = (self._one(position, bound, graph) for bound in (v.OA_START, v.OA_END))
        agents, patients = (
            frozenset(v.key_of(entity.value) for r, entity in record.participants if r is role)
            for role in (Role.AGENT, Role.PATIENT)
        )
        return Profile(
            first=Place(article_of(graph), int(start or 0), int(end or 0)),
            type=_TYPES[record.type],
            factuality=_FACTUALITIES[record.factuality],
            mode=record.mode.value if record.mode else None,
            location=record.place.value if record.place else None,
            agents=agents,
            patients=patients,
            time=record.time,
            published=date.fromisoformat(published) if published else None,
            triggers=frozenset({(self._one(quote, v.OA_EXACT, graph) or "").casefold()}),
            sentences=tuple(sentence_vector(sentence.value) for sentence in values.get(v.SENTENCE, ())),
        )

    def _mentions(self, graph: ox.NamedNode) -> list[ox.NamedNode]:
        if graph in self._unwritten:
            said = self._unwritten[graph].items()
            return [iri for iri, values in said if v.EVENT_MENTION in values.get(v.RDF_TYPE, ())]
        return [fact.subject for fact in facts(self.native, None, v.RDF_TYPE, v.EVENT_MENTION, graph)]

    def _head(self, graph: ox.NamedNode) -> tuple[str | None, str | None]:
        """Return the article's date and the hash of its text."""
        if graph not in self._heads:
            article = v.data_iri("article", article_of(graph))
            self._heads[graph] = (self._one(article, v.ISSUED, graph), self._one(article, v.SHA256, graph))
        return self._heads[graph]

    def _said(self, subject: ox.NamedNode, graph: ox.NamedNode) -> Mapping[ox.NamedNode, Sequence[Any]]:
        if graph in self._unwritten:
            return self._unwritten[graph].get(subject, _NOTHING)
        values: dict[ox.NamedNode, list[Any]] = defaultdict(list)
        for fact in facts(self.native, subject, None, None, graph):
            values[fact.predicate].append(fact.value)
        return values

    def _one(self, subject: ox.NamedNode, predicate: ox.NamedNode, graph: ox.NamedNode) -> str | None:
        if graph in self._unwritten:
            found: Iterable[Any] = self._unwritten[graph].get(subject, _NOTHING).get(predicate, ())
        else:
            found = (fact.value for fact in facts(self.native, subject, predicate, None, graph))
        return next((value.value for value in found), None)

    def text(self, article: str) -> str:
        """Return an article's text."""
        return self._one(v.data_iri("article", article), v.TEXT, v.article_graph(article)) or ""

    def state(self, entity: str) -> str:
        """Return the state that an entity stands for by the knowledge base, or the entity itself.

        Persons, bodies and cities stand for their country, capitals for theirs.
        """
        if entity not in self._states:
            iri = v.entity_iri(entity)
            countries = (f.value for f in facts(self.native, iri, v.COUNTRY, None, v.KNOWLEDGE))
            capital_of = (f.subject for f in facts(self.native, None, v.CAPITAL, iri, v.KNOWLEDGE))
            state = next(chain(countries, capital_of), iri)
            self._states[entity] = v.key_of(state.value)
        return self._states[entity]


def said(triples: ArticleTriples) -> Said:
    """Return what an article's triples say of the article and its event mentions."""
    by_subject: dict[ox.NamedNode, dict[ox.NamedNode, list[Any]]] = {}
    for subject, predicate, value in chain(triples.article, triples.events):
        by_subject.setdefault(subject, {}).setdefault(predicate, []).append(value)
    return by_subject


def article_of(graph: ox.NamedNode) -> str:
    """Return the id of the article whose named graph it is."""
    return v.key_of(graph.value).removeprefix("article/")


def graphs_of_articles(native: ox.Store) -> Iterator[ox.NamedNode]:
    """Yield the named graphs of all articles."""
    return (fact.graph for fact in facts(native, None, v.SHA256, None))
