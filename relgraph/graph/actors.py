"""Actors by name: which entity "Nga", "Russia" or "gpe/russia" is, and who belongs to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process, utils

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.store import Fact, Store
from relgraph.model import Actor, EntityType

_CLASS_TYPES: Final = {iri: entity_type for entity_type, iri in v.ENTITY_CLASSES.items()}
_ALIKE: Final = 75  # rapidfuzz score, 0 to 100, from which a name is suggested for a mistyped one
_SUGGESTED: Final = 5  # actors in a message
_LOOKED_AT: Final = 30  # names like a mistyped one; many are of the same actor

# Where a name may stand, most trusted first; a key is trusted above all.
_SOURCES: Final = (
    (v.KNOWLEDGE, v.LABEL),
    (v.KNOWLEDGE, v.ALT_LABEL),
    (v.MERGED, v.LABEL),
    (v.MERGED, v.HIDDEN_LABEL),
)


class Actors:
    """The entities of a store, found by name."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaded: dict[str, Actor] = {}
        self._affiliated: dict[str, frozenset[str]] = {}

    def find(self, name: str) -> list[Actor]:
        """Return the entities that bear this name, label or key; empty where none does.

        What is exactly so called hides what is so called in other case, names of the knowledge base hide
        names that only articles give, and labels hide further names.
        """
        wanted = " ".join(name.split())
        ranked = self._names.get(wanted) or self._names_in_any_case.get(wanted.casefold()) or {}
        best = min(ranked.values(), default=None)
        return [self.load(key) for key in sorted(ranked) if ranked[key] == best]

    def one(self, name: str) -> Actor:
        """Return the one entity that bears this name.

        Raises:
            RelgraphError: there is none (the message suggests names like it), or there are several.
        """
        found = self.find(name)
        if len(found) == 1:
            return found[0]
        if found:
            keys = ", ".join(actor.key for actor in found)
            raise RelgraphError(name, "the name stands for several actors", f"give one of the keys {keys}")
        alike = process.extract(
            name,
            list(self._names),
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            score_cutoff=_ALIKE,
            limit=_LOOKED_AT,
        )
        suggested = ", ".join(self._suggestions(other for other, _, _ in alike))
        remedy = f"did you mean {suggested}?" if suggested else "relgraph query top-actors shows some"
        raise RelgraphError(name.strip() or "the empty name", "no actor in the graph has this name", remedy)

    def two(self, a: str, b: str) -> tuple[Actor, Actor]:
        """Return the two entities that bear these names.

        Raises:
            RelgraphError: as :meth:`one`; or both names are the same entity's.
        """
        one, other = self.one(a), self.one(b)
        if one.key == other.key:
            raise RelgraphError(f"{a} and {b}", "these are the same actor", "name two different actors")
        return one, other

    def _suggestions(self, names: Iterable[str]) -> list[str]:
        """Return the first actors that the names stand for, each once, as a name with its key."""
        chosen: dict[str, str] = {}
        for name in names:
            for key in self._names[name]:
                chosen.setdefault(key, f"{self.load(key).name if name == key else name} ({key})")
        return list(chosen.values())[:_SUGGESTED]

    def with_affiliated(self, actor: Actor) -> frozenset[str]:
        """Return the keys of a state and of the persons, bodies and cities that belong to it, as the
        knowledge base has it."""
        if actor.key not in self._affiliated:
            self._affiliated[actor.key] = frozenset({actor.key}) | {
                v.key_of(fact.subject.value)
                for graph in (v.KNOWLEDGE, v.MERGED)
                for fact in self._store.facts(None, v.COUNTRY, v.entity_iri(actor.key), graph)
            }
        return self._affiliated[actor.key]

    def load(self, key: str) -> Actor:
        """Return the entity of that key, with the knowledge base's labels or else the articles' first."""
        if key not in self._loaded:
            iri = v.entity_iri(key)
            facts = list(self._store.facts(iri, None, None, v.KNOWLEDGE)) or list(
                self._store.facts(iri, None, None, v.MERGED)
            )
            labels = sorted((f.value.language, f.value.value) for f in facts if f.predicate == v.LABEL)
            types = (f.value for f in facts if f.predicate == v.RDF_TYPE)
            self._loaded[key] = Actor(
                key=key,
                type=min(filter(None, map(_CLASS_TYPES.get, types)), default=EntityType.MISC),
                name=next(label for language, label in labels if language == "en"),
                label_vi=next((label for language, label in labels if language == "vi"), None),
            )
        return self._loaded[key]

    @cached_property
    def _names(self) -> dict[str, dict[str, int]]:
        """Keys by name, each with the rank of the best source that has it; 0 is best."""
        names: dict[str, dict[str, int]] = defaultdict(dict)
        for rank, (graph, label) in enumerate(_SOURCES, start=1):
            for fact in self._label_quads(graph, label):
                key = v.key_of(fact.subject.value)
                names[fact.value.value].setdefault(key, rank)
                names[key].setdefault(key, 0)
        return dict(names)

    @cached_property
    def _names_in_any_case(self) -> dict[str, dict[str, int]]:
        names: dict[str, dict[str, int]] = defaultdict(dict)
        for name, ranked in self._names.items():
            lower = names[name.casefold()]
            for key, rank in ranked.items():
                lower[key] = min(rank, lower.get(key, rank))
        return dict(names)

    def _label_quads(self, graph: NamedNode, label: NamedNode) -> Iterator[Fact]:
        facts: Iterable[Fact] = self._store.facts(None, label, None, graph)
        return (fact for fact in facts if fact.subject.value.startswith(v.PREFIXES["entity"]))
