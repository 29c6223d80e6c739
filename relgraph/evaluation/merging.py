"""Measuring merging: chains within articles against ``same_as``, events across articles against judged
pairs.

Gold documents are merged in memory as a build merges what extraction hands on. Figures are pairwise: a pair
of mentions is found where both are in one event.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relgraph.errors import RelgraphError
from relgraph.evaluation.score import Figures
from relgraph.graph import Knowledge, vocabulary
from relgraph.graph.knowledge import knowledge_quads
from relgraph.graph.merging.merger import Merger
from relgraph.graph.store import facts
from relgraph.graph.triples import Run, article_triples
from relgraph.model import Document

Events = Mapping[tuple[str, str], str]
"""The event that each mention is in, by the ids of article and mention."""


class MentionRef(BaseModel):
    """An event mention of a gold document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    event: str

    @property
    def key(self) -> tuple[str, str]:
        """The ids of article and mention."""
        return self.article, self.event


class JudgedPair(BaseModel):
    """Two mentions in different articles, and whether they tell of one event."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    a: MentionRef
    b: MentionRef
    same: bool = Field(strict=True)


class MergingScores(BaseModel):
    """The figures of merging.

    Attributes:
        chains: pairs of mentions within articles, where merging has to find the chains itself.
        chains_given: the same where the documents tell their chains.
        pairs: judged pairs across articles, where merging has to find the chains itself.
        pairs_given: the same where the documents tell their chains.
    """

    model_config = ConfigDict(frozen=True)

    chains: Figures
    chains_given: Figures
    pairs: Figures
    pairs_given: Figures


def read_pairs(path: Path) -> list[JudgedPair]:
    """Return the judged pairs of a file with one JSON object a line.

    Raises:
        RelgraphError: the file can't be read, or a line is no judged pair.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RelgraphError(path, f"can't be read ({error})", "give a UTF-8 file of judged pairs") from error
    pairs = []
    for number, line in enumerate(lines, start=1):
        try:
            pairs.append(JudgedPair.model_validate_json(line))
        except ValidationError as error:
            problem = f"line {number} is no judged pair ({error.errors()[0]['msg']})"
            raise RelgraphError(path, problem, "mend or remove the line") from error
    return pairs


def score_merging(
    documents: Sequence[Document], pairs: Sequence[JudgedPair], knowledge: Knowledge
) -> MergingScores:
    """Merge gold documents and compare with their chains and with judged pairs.

    Pairs of which an article is not among the documents are left out.

    Raises:
        RelgraphError: a pair names a mention that its document does not have.
    """
    articles = {document.id for document in documents}
    known = [pair for pair in pairs if {pair.a.article, pair.b.article} <= articles]
    mentions = {(document.id, event.id) for document in documents for event in document.events}
    for ref in (ref for pair in known for ref in (pair.a, pair.b)):
        if ref.key not in mentions:
            raise RelgraphError(f"{ref.article} {ref.event}", "no such gold mention", "mend the judged pair")
    blank = merged_in_memory([without_chains(document) for document in documents], knowledge)
    given = merged_in_memory(documents, knowledge)
    return MergingScores(
        chains=score_chains(documents, blank),
        chains_given=score_chains(documents, given),
        pairs=score_pairs(known, blank),
        pairs_given=score_pairs(known, given),
    )


def without_chains(document: Document) -> Document:
    """Return the document with every ``same_as`` blanked."""
    events = tuple(event.model_copy(update={"same_as": None}) for event in document.events)
    return document.model_copy(update={"events": events})


def merged_in_memory(documents: Iterable[Document], knowledge: Knowledge) -> Events:
    """Return the event that merging puts each mention into."""
    merger = Merger(stored_in_memory(documents, knowledge))
    merger.merge(merger.rechain(merger.all_articles()))
    links = facts(merger.native, None, vocabulary.REFERS_TO, None)
    return {mention_key(fact.subject): fact.value.value for fact in links}


def stored_in_memory(documents: Iterable[Document], knowledge: Knowledge) -> ox.Store:
    """Return a store in memory with the documents' article graphs and the knowledge base, not yet merged."""
    native = ox.Store()
    run = Run("evaluation", datetime.now(UTC))
    native.extend(knowledge_quads(knowledge))
    for document in documents:
        graph = vocabulary.article_graph(document.id)
        native.extend(ox.Quad(*triple, graph) for triple in article_triples(document, run))
    return native


def mention_key(iri: ox.NamedNode) -> tuple[str, str]:
    """Return the ids of article and mention that an event mention's IRI is made of."""
    article, _, mention = vocabulary.key_of(iri.value).rpartition("/event/")
    return article, mention


def score_chains(documents: Iterable[Document], events: Events) -> Figures:
    """Compare with the chains of ``same_as`` in each document, also across types and factuality."""
    correct = gold = predicted = 0
    for document in documents:
        chains, found = defaultdict(set), defaultdict(set)
        for event in document.events:
            chains[event.same_as or event.id].add(event.id)
            found[events[document.id, event.id]].add(event.id)
        right, ours = _pairs(chains.values()), _pairs(found.values())
        correct, gold, predicted = correct + len(right & ours), gold + len(right), predicted + len(ours)
    return Figures(correct=correct, gold=gold, predicted=predicted)


def _pairs(groups: Iterable[set[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def score_pairs(pairs: Iterable[JudgedPair], events: Events) -> Figures:
    """Compare with judged pairs."""
    outcomes = [(pair.same, events[pair.a.key] == events[pair.b.key]) for pair in pairs]
    return Figures(
        correct=sum(same and found for same, found in outcomes),
        gold=sum(same for same, _ in outcomes),
        predicted=sum(found for _, found in outcomes),
    )
