"""Mentions as they stand in a store: what an article's graph says of them, read back for merging."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

import pyoxigraph as ox

from relgraph.graph import vocabulary as v
from relgraph.graph.merge import MentionRecord
from relgraph.graph.merging.profiles import Place, Profile, sentence_vector
from relgraph.graph.store import facts
from relgraph.model import Role

_TYPES = {iri: event_type for event_type, iri in v.TYPES.items()}
_FACTUALITIES = {iri: factuality for factuality, iri in v.FACTUALITIES.items()}


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
    """Reads mentions from an Oxigraph store."""

    def __init__(self, native: ox.Store) -> None:
        self.native = native
        self._states: dict[str, str] = {}

    def of_article(self, graph: ox.NamedNode) -> list[StoredMention]:
        """Return the mentions of an article, in the order of its text."""
        iris = [f.subject for f in facts(self.native, None, v.RDF_TYPE, v.EVENT_MENTION, graph)]
        read = (self.read(iri, graph) for iri in iris)
        return sorted(read, key=lambda mention: (mention.profile.first, mention.iri.value))

    def read(self, iri: ox.NamedNode, graph: ox.NamedNode) -> StoredMention:
        """Return one mention of an article."""
        said = [(fact.predicate, fact.value) for fact in facts(self.native, iri, None, None, graph)]
        values: dict[ox.NamedNode, list[Any]] = defaultdict(list)
        for predicate, value in said:
            values[predicate].append(value)
        article = v.data_iri("article", article_of(graph))
        published, text_hash = (self._one(article, predicate, graph) for predicate in (v.ISSUED, v.SHA256))
        record = MentionRecord.read(iri, said, text_hash or "")
        return StoredMention(
            iri=iri,
            graph=graph,
            profile=self._profile(iri, graph, values, record, published),
            record=record,
            repeats=next(iter(values[v.REPEATS]), None),
        )

    def _profile(
        self,
        iri: ox.NamedNode,
        graph: ox.NamedNode,
        values: Mapping[ox.NamedNode, list[Any]],
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
            sentences=tuple(sentence_vector(sentence.value) for sentence in values[v.SENTENCE]),
        )

    def _one(self, subject: ox.NamedNode, predicate: ox.NamedNode, graph: ox.NamedNode) -> str | None:
        return next((fact.value.value for fact in facts(self.native, subject, predicate, None, graph)), None)

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


def article_of(graph: ox.NamedNode) -> str:
    """Return the id of the article whose named graph it is."""
    return v.key_of(graph.value).removeprefix("article/")


def graphs_of_articles(native: ox.Store) -> Iterator[ox.NamedNode]:
    """Yield the named graphs of all articles."""
    return (fact.graph for fact in facts(native, None, v.SHA256, None))
