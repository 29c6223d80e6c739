"""Joining the mentions of a store to events, and keeping them joined as articles come and go.

In two steps: the mentions of an article are joined to chains, then chains of different articles to events.
A chain is a function of its article alone (and of corrections); an event, of the chains that are connected by
scores from the threshold on. So only what is connected with articles that come or go is made anew, and the
result does not depend on the order in which they come.
"""

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Final, NamedTuple

import pyoxigraph as ox

from relgraph.graph import vocabulary as v
from relgraph.graph.merge import merged_event
from relgraph.graph.merging.blocking import keys
from relgraph.graph.merging.clustering import Pair, clusters
from relgraph.graph.merging.copies import Signature, independent, signature
from relgraph.graph.merging.corrections import Constraints, Correction
from relgraph.graph.merging.features import features
from relgraph.graph.merging.profiles import Profile, joined
from relgraph.graph.merging.scoring import (
    ACROSS,
    THRESHOLDS,
    WITHIN,
    score_across,
    score_within,
    weights_file,
)
from relgraph.graph.merging.stored import (
    MentionReader,
    Said,
    StoredMention,
    article_of,
    graphs_of_articles,
)
from relgraph.graph.shortcuts import SHORTCUTS
from relgraph.graph.store import FORMAT, facts
from relgraph.graph.triples import decimal_literal
from relgraph.graph.writing import write

_HASH_DIGITS: Final = 16  # 64 bits: a chance of one in a million that two of six million events collide


class Chain(NamedTuple):
    """Mentions of one article that tell of one event."""

    iri: ox.NamedNode
    mentions: tuple[StoredMention, ...]
    profile: Profile

    @property
    def names(self) -> tuple[str, ...]:
        """The mentions' places, written out as corrections name them."""
        return tuple(str(mention.profile.first) for mention in self.mentions)


class Reason(NamedTuple):
    """Why a mention is in its event.

    Attributes:
        method: "alone" (its only mention), "same-as" (extraction says so), "within" (scored with its
            article's other mentions), "across" (its chain scored with chains of other articles),
            "correction".
        score: from 0 to 1.
    """

    method: str
    score: float


class _NewChains:
    """Chains that are not in the store yet, found as those that are."""

    def __init__(self) -> None:
        self.quads: list[ox.Quad] = []
        self.of_article: dict[str, list[str]] = defaultdict(list)
        self.by_key: dict[str, set[str]] = defaultdict(set)
        self._iris: set[str] = set()

    def add(self, chain: Chain, quads: Iterable[ox.Quad]) -> None:
        """Take a chain with what the store will say of it."""
        iri = chain.iri.value
        self._iris.add(iri)
        self.of_article[chain.profile.first.article].append(iri)
        for quad in quads:
            self.quads.append(quad)
            if quad.predicate == v.BLOCKING_KEY and isinstance(quad.object, ox.Literal):
                self.by_key[quad.object.value].add(iri)

    def __contains__(self, iri: str) -> bool:
        return iri in self._iris


class Merger:
    """Reads and changes what a store holds of chains and events.

    Args:
        native: the store; only :meth:`rechain`, :meth:`replace`, :meth:`forget` and :meth:`merge` change it.
        corrections: in the order of their file.
        unwritten: by named graph, articles that :meth:`merge` will write; their mentions are read from here.
    """

    def __init__(
        self,
        native: ox.Store,
        corrections: Iterable[Correction] = (),
        unwritten: Mapping[ox.NamedNode, Said] | None = None,
    ) -> None:
        self.native = native
        self.reader = MentionReader(native, unwritten)
        self.constraints = Constraints(corrections)
        self._chains: dict[str, Chain] = {}
        self._new = _NewChains()
        self._links: dict[str, dict[str, float]] = {}
        self._signatures: dict[str, Signature] = {}

    # --- chains ---

    def rechain(self, graphs: Iterable[ox.NamedNode], *, scored: bool = True) -> list[str]:
        """Join the mentions of articles to chains, store these instead of the former, and return their IRIs.

        Args:
            graphs: the articles' named graphs.
            scored: whether mentions are joined by scores beside what extraction and corrections say.
        """
        made = self.replace(graphs, scored=scored)
        self._write(())
        return made

    def replace(self, graphs: Iterable[ox.NamedNode], *, scored: bool = True) -> list[str]:
        """Do as :meth:`rechain` does, but leave it to :meth:`merge` to write the chains."""
        made: list[str] = []
        for graph in graphs:
            self.forget(graph)
            mentions = {mention.iri.value: mention for mention in self.reader.of_article(graph)}
            for group in self._group(mentions, scored):
                chain = self._chain([mentions[iri] for iri in group])
                self._chains[chain.iri.value] = chain
                self._new.add(chain, self._chain_quads(chain))
                made.append(chain.iri.value)
        self._links.clear()
        return made

    def has_chain(self, iri: str) -> bool:
        """Tell whether there is a chain of that IRI."""
        known = ox.Quad(ox.NamedNode(iri), v.RDF_TYPE, v.MENTION_CHAIN, v.MERGING)
        return iri in self._new or known in self.native

    def forget(self, graph: ox.NamedNode) -> None:
        """Remove the chains of an article from the store."""
        for chain in self.chains_of(graph):
            for mention in facts(self.native, ox.NamedNode(chain), v.CHAIN_MEMBER, None, v.MERGING):
                self._remove_all(mention.value)
            self._remove_all(ox.NamedNode(chain))
            self._chains.pop(chain, None)
        self._links.clear()

    def chains_of(self, graph: ox.NamedNode) -> list[str]:
        """Return the IRIs of an article's chains."""
        article = article_of(graph)
        derived = facts(self.native, None, v.PROV_DERIVED_FROM, v.data_iri("article", article), v.MERGING)
        return [fact.subject.value for fact in derived] + self._new.of_article[article]

    def chain(self, iri: str) -> Chain:
        """Return a chain of the store."""
        if iri not in self._chains:
            members = facts(self.native, ox.NamedNode(iri), v.CHAIN_MEMBER, None, v.MERGING)
            (article,) = facts(self.native, ox.NamedNode(iri), v.PROV_DERIVED_FROM, None, v.MERGING)
            graph = v.article_graph(v.key_of(article.value.value))
            self._chains[iri] = self._chain([self.reader.read(member.value, graph) for member in members])
        return self._chains[iri]

    def chain_of(self, mention: ox.NamedNode) -> str | None:
        """Return the IRI of the chain that a mention is in."""
        found = facts(self.native, None, v.CHAIN_MEMBER, mention, v.MERGING)
        return next((fact.subject.value for fact in found), None)

    def _group(self, mentions: dict[str, StoredMention], scored: bool) -> list[list[str]]:
        """Cluster the mentions of one article."""
        named = ((str(mention.profile.first), iri) for iri, mention in mentions.items())
        together, never = self.constraints.between(named)
        must = together | {pair for pair in repeated(mentions) if not self._differ(mentions, pair)}
        scores = self._scores_within(mentions) if scored else ()
        return clusters(mentions, dict(scores), THRESHOLDS[WITHIN], must, never)

    def _differ(self, mentions: dict[str, StoredMention], pair: Pair) -> bool:
        """Tell whether two mentions that extraction takes for one event are of other persons or another kind:
        a visit and the talks held on it are two events."""
        one, other = (mentions[iri].profile for iri in pair)
        figures = features(one, other, self.reader.state)
        return figures["persons-conflict"] == 1 or figures["mode-conflict"] == 1

    def _scores_within(self, mentions: dict[str, StoredMention]) -> Iterator[tuple[Pair, float]]:
        for one, other in combinations(mentions.values(), 2):
            score = score_within(one.profile, other.profile, self.reader.state)
            if score > 0:
                yield frozenset((one.iri.value, other.iri.value)), score

    @staticmethod
    def _chain(mentions: list[StoredMention]) -> Chain:
        mentions = sorted(mentions, key=lambda mention: (mention.profile.first, mention.iri.value))
        profile = joined(mention.profile for mention in mentions)
        iri = v.data_iri("chain", profile.first.article, v.local_name(mentions[0].iri.value))
        return Chain(iri, tuple(mentions), profile)

    def _chain_quads(self, chain: Chain) -> Iterator[ox.Quad]:
        article = v.data_iri("article", chain.profile.first.article)
        yield ox.Quad(chain.iri, v.RDF_TYPE, v.MENTION_CHAIN, v.MERGING)
        yield ox.Quad(chain.iri, v.PROV_DERIVED_FROM, article, v.MERGING)
        for mention in chain.mentions:
            yield ox.Quad(chain.iri, v.CHAIN_MEMBER, mention.iri, v.MERGING)
        found, _ = keys(chain.profile, self.reader.state)
        for key in found:
            yield ox.Quad(chain.iri, v.BLOCKING_KEY, ox.Literal(key), v.MERGING)

    # --- links between chains ---

    def links(self, iri: str) -> dict[str, float]:
        """Return the chains of other articles that a chain was compared with, with scores above 0."""
        if iri not in self._links:
            chain = self.chain(iri)
            others = (self.chain(other) for other in sorted(self.candidates(chain)))
            scores = {other.iri.value: self._score(chain, other) for other in others}
            self._links[iri] = {other: score for other, score in scores.items() if score > 0}
        return self._links[iri]

    def _score(self, one: Chain, other: Chain) -> float:
        known = self._links.get(other.iri.value)
        if known is not None:
            return known.get(one.iri.value, 0.0)
        return score_across(one.profile, other.profile, self.reader.state)

    def candidates(self, chain: Chain) -> set[str]:
        """Return the IRIs of the chains of other articles that a chain is to be compared with."""
        _, sought = keys(chain.profile, self.reader.state)
        found = {
            fact.subject.value
            for key in sought
            for fact in facts(self.native, None, v.BLOCKING_KEY, ox.Literal(key), v.MERGING)
        }.union(*(self._new.by_key[key] for key in sought if key in self._new.by_key))
        prefix = v.data_iri("chain", chain.profile.first.article, "").value
        return {other for other in found if not other.startswith(prefix)}

    def component(self, seeds: Iterable[str]) -> set[str]:
        """Return the chains connected with these by corrections or by scores from the threshold on."""
        waiting = list(seeds)
        reached = set(waiting)
        while waiting:
            iri = waiting.pop()
            near = {other for other, score in self.links(iri).items() if score >= THRESHOLDS[ACROSS]}
            new = (near | self._corrected(self.chain(iri))) - reached
            reached |= new
            waiting += new
        return reached

    def _corrected(self, chain: Chain) -> set[str]:
        """Return the chains that corrections join with this one."""
        partners = {name for own in chain.names for name in self.constraints.partners(own)}
        found = {iri for name in partners for iri in self.chains_named(name)}
        return found - {chain.iri.value}

    def chains_named(self, name: str) -> list[str]:
        """Return the IRIs of the chains that hold the mentions of that place."""
        graph = v.article_graph(name.rpartition(":")[0])
        return [iri for iri in self.chains_of(graph) if name in self.chain(iri).names]

    # --- events ---

    def merge(
        self, seeds: Iterable[str], lost: Iterable[ox.NamedNode] = (), also: Iterable[ox.Quad] = ()
    ) -> None:
        """Make the events anew that these chains, and those connected with them, tell of.

        Everything is written at once, which leaves the store with fewer files than writing bit by bit.

        Args:
            lost: events that mentions which are gone told of.
            also: further quads to write.
        """
        waiting = sorted(set(seeds))
        gone, done = set(lost), set[str]()
        events: list[tuple[ox.NamedNode, list[Chain]]] = []
        for seed in waiting:
            if seed not in done:
                component = self.component([seed])
                done |= component
                events += self._events(component)
        for chain in (chain for _, chains in events for chain in chains):
            gone |= self._unlink(chain)
        shortcuts = {node for event in gone for node in self._shortcuts(event)}
        for event in gone:
            self._remove_all(event, v.MERGED)
        made = (quad for event, chains in events for quad in self._event_quads(event, chains))
        self._write(itertools.chain(also, made))
        for node in shortcuts:
            if not any(facts(self.native, None, None, node, v.MERGED)):
                self._remove_all(node, v.MERGED)

    def _write(self, quads: Iterable[ox.Quad]) -> None:
        """Write the new chains and these quads."""
        write(self.native, [*self._new.quads, *quads])
        self._new = _NewChains()

    def _shortcuts(self, event: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the dyads and the period that lead to an event."""
        return [fact.value for way in SHORTCUTS for fact in facts(self.native, event, way, None, v.MERGED)]

    def _events(self, component: set[str]) -> list[tuple[ox.NamedNode, list[Chain]]]:
        """Cluster connected chains to events."""
        if len(component) == 1:
            groups = [list(component)]
        else:
            named = ((name, iri) for iri in component for name in self.chain(iri).names)
            together, never = self.constraints.between(named)
            scores = {
                frozenset((one, other)): score
                for one in sorted(component)
                for other, score in self.links(one).items()
                if other in component
            }
            groups = clusters(component, scores, THRESHOLDS[ACROSS], together, never)
        chains = [[self.chain(iri) for iri in group] for group in groups]
        return [(event_iri(group), group) for group in chains]

    def _unlink(self, chain: Chain) -> set[ox.NamedNode]:
        """Remove what says which event a chain's mentions are in, and return these events."""
        events = set()
        for mention in chain.mentions:
            for fact in list(facts(self.native, mention.iri, v.REFERS_TO, None, mention.graph)):
                events.add(fact.value)
                self.native.remove(ox.Quad(*fact))
            self._remove_all(mention.iri)
        return events

    def _event_quads(self, event: ox.NamedNode, chains: list[Chain]) -> Iterator[ox.Quad]:
        ordered = sorted(chains, key=_age)
        mentions = [mention for chain in ordered for mention in chain.mentions]
        for triple in merged_event(event, [mention.record for mention in mentions]):
            yield ox.Quad(*triple, v.MERGED)
        sources = ox.Literal(self._independent(chains))
        yield ox.Quad(event, v.INDEPENDENT_SOURCES, sources, v.MERGED)
        for chain in ordered:
            for mention in chain.mentions:
                reason = self.reason(mention, chain, chains)
                yield ox.Quad(mention.iri, v.REFERS_TO, event, mention.graph)
                yield ox.Quad(mention.iri, v.MERGE_METHOD, ox.Literal(reason.method), v.MERGING)
                yield ox.Quad(mention.iri, v.MERGE_SCORE, decimal_literal(reason.score), v.MERGING)

    def reason(self, mention: StoredMention, chain: Chain, chains: Collection[Chain]) -> Reason:
        """Say why a mention is in the event that these chains tell of."""
        name = str(mention.profile.first)
        names = {other for one in chains for other in one.names} - {name}
        if any(frozenset((name, other)) in self.constraints.together for other in names):
            return Reason("correction", 1.0)
        if len(chains) > 1:
            scores = self.links(chain.iri.value)
            others = [one.iri.value for one in chains if one is not chain]
            return Reason("across", sum(scores.get(other, 0.0) for other in others) / len(others))
        if not names:
            return Reason("alone", 1.0)
        if mention.repeats or any(other.repeats == mention.iri for other in chain.mentions):
            return Reason("same-as", 1.0)
        others_within = [other for other in chain.mentions if other is not mention]
        scores_within = [
            score_within(mention.profile, other.profile, self.reader.state) for other in others_within
        ]
        return Reason("within", sum(scores_within) / len(scores_within))

    def _independent(self, chains: list[Chain]) -> int:
        articles = {chain.profile.first.article for chain in chains}
        if len(articles) == 1:
            return 1
        return independent({article: self._signature(article) for article in articles})

    def _signature(self, article: str) -> Signature:
        if article not in self._signatures:
            self._signatures[article] = signature(self.reader.text(article))
        return self._signatures[article]

    # --- the store ---

    def fingerprint(self) -> str:
        """Return a hash of all that merging depends on beside articles and corrections."""
        knowledge = facts(self.native, v.KNOWLEDGE, v.FINGERPRINT, None, v.KNOWLEDGE)
        parts = [*(fact.value.value for fact in knowledge), str(FORMAT), str(THRESHOLDS), _weights()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def all_articles(self) -> list[ox.NamedNode]:
        """Return the named graphs of all articles."""
        return list(graphs_of_articles(self.native))

    def _remove_all(self, subject: ox.NamedNode, graph: ox.NamedNode = v.MERGING) -> None:
        for quad in list(self.native.quads_for_pattern(subject, None, None, graph)):
            self.native.remove(quad)


def _weights() -> str:
    return weights_file().read_text(encoding="utf-8")


def repeated(mentions: Mapping[str, StoredMention]) -> set[Pair]:
    """Return the pairs that extraction takes for one event, so far as type and factuality agree.

    A plan and its fulfilment in one chain stay two events.

    Args:
        mentions: of one article, by IRI.
    """
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for iri, mention in mentions.items():
        first, seen = mention, {iri}
        while first.repeats and first.repeats.value in mentions and first.repeats.value not in seen:
            first = mentions[first.repeats.value]
            seen.add(first.iri.value)
        bites_its_tail = first.repeats is not None and first.repeats.value in seen
        root = min(seen) if bites_its_tail else first.iri.value
        groups[root, mention.profile.type, mention.profile.factuality].append(iri)
    return {frozenset(pair) for group in groups.values() for pair in combinations(group, 2)}


def event_iri(chains: Iterable[Chain]) -> ox.NamedNode:
    """Return the IRI of the event that these chains tell of.

    It is made of the type and time of the chain that was published first, and a hash of that chain's first
    mention: reports that are published later do not change it.
    """
    earliest = min(chains, key=_age)
    first = earliest.profile
    digest = hashlib.sha256(earliest.iri.value.encode()).hexdigest()[:_HASH_DIGITS]
    when = (first.time.earliest or first.time.latest) if first.time else None
    return v.data_iri("event", f"{first.type.lower()}-{when.isoformat() if when else 'undated'}-{digest}")


def _age(chain: Chain) -> tuple[date, str, int, str]:
    profile = chain.profile
    return (
        profile.published or date.max,
        profile.first.article,
        profile.first.start,
        chain.iri.value,
    )
