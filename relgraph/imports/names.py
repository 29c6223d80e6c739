"""The actors that coded data sets name, as entities of the knowledge base or as new ones."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from relgraph.imports.cameo import read_mapping
from relgraph.kb import KnowledgeBase
from relgraph.model import EntityType, KbEntity, entity_key, slug
from relgraph.resources import shipped

_SECTOR: Final = re.compile(r"(?P<sector>.+?) \((?P<country>.+)\)")


class CodedActor(NamedTuple):
    """An entity that coded events name.

    Attributes:
        key: as ``Entity.key``; what the knowledge base does not know and whose type the data set does not
            tell has a key that begins with "actor/".
        type: None where it is not known.
        country: key of the state that it belongs to.
    """

    key: str
    name: str
    type: EntityType | None = None
    label_vi: str | None = None
    country: str | None = None


class NameRules(BaseModel):
    """What a data set's mapping file says about its names (``data/imports/*.yaml``)."""

    model_config = ConfigDict(frozen=True)

    unknown: frozenset[str]
    prefer: tuple[EntityType, ...]
    organisation_words: frozenset[str]
    same_as: dict[str, str]


class ActorNames:
    """Finds the entity for a name; asked again for a name, it gives the same."""

    def __init__(self, knowledge: KnowledgeBase, rules: NameRules) -> None:
        self._knowledge = knowledge
        self._rules = rules
        self._countries: dict[str, str] = read_mapping(shipped("data", "imports", "country-codes.yaml"))[
            "countries"
        ]
        self.named = lru_cache(maxsize=None)(self._named)
        self.coded = lru_cache(maxsize=None)(self._coded)
        self.place = lru_cache(maxsize=None)(self._place)

    def _named(self, name: str) -> CodedActor | None:
        """Return who bears the name, in ICEWS's manner: "Iran", "Citizen (Iran)"; None for nobody known."""
        if name in self._rules.unknown:
            return None
        if known := self._known(name):
            return actor_of(known)
        if match := _SECTOR.fullmatch(name):
            state = self._known(match["country"])
            country = state.id if state and state.type is EntityType.GPE else None
            return self._new(name, EntityType.ORG, country)
        words = set(re.findall(r"\w+", name.lower()))
        is_organisation = not words.isdisjoint(self._rules.organisation_words)
        return self._new(name, EntityType.ORG if is_organisation else None, None)

    def _coded(self, name: str, country_code: str) -> CodedActor | None:
        """Return who bears the name, in GDELT's manner: in capitals, with a code for its state beside it."""
        country = self._countries.get(country_code)
        titled = name.title()
        if not titled:
            return None
        known = self._known(titled)
        if known and (not country or country in (known.id, known.country)):
            return actor_of(known)
        if not country:
            return self._new(titled, None, None)
        return self._new(f"{titled} ({self._knowledge.entities[country].name})", EntityType.ORG, country)

    def _place(self, name: str, is_country: bool) -> CodedActor | None:
        """Return the place of a name such as "Tehran, Tehran, Iran"; None for no name."""
        parts = [part.strip() for part in name.split(",") if part.strip()]
        if not parts:
            return None
        state = self._state(parts[-1])
        if is_country:
            return actor_of(state) if state else self._new(name, EntityType.GPE, None)
        country = state.id if state else None
        inside = [e for e in self._knowledge.find(parts[0]) if e.country == country and country]
        cities = [entity for entity in inside if entity.type is EntityType.GPE]
        return actor_of(cities[0]) if len(cities) == 1 else self._new(name, EntityType.GPE, country)

    def _state(self, name: str) -> KbEntity | None:
        states = [e for e in self._knowledge.find(name) if e.type is EntityType.GPE and e.country is None]
        return states[0] if len(states) == 1 else None

    def _known(self, name: str) -> KbEntity | None:
        """Return the knowledge base's entity of that name; of several, the only one of the preferred type."""
        if name in self._rules.same_as:
            return self._knowledge.entities[self._rules.same_as[name]]
        found = self._knowledge.find(name)
        for preferred in self._rules.prefer:
            of_type = [entity for entity in found if entity.type is preferred]
            if of_type:
                return of_type[0] if len(of_type) == 1 else None
        return None

    def _new(self, name: str, entity_type: EntityType | None, country: str | None) -> CodedActor:
        key = entity_key(entity_type, name) if entity_type else f"actor/{slug(name)}"
        known = self._knowledge.entities.get(key)
        return actor_of(known) if known else CodedActor(key, name, entity_type, None, country)


def rules_from(content: dict[str, object]) -> NameRules:
    """Return the rules for names that a mapping file holds."""
    return NameRules.model_validate({name: content[name] for name in NameRules.model_fields})


def different(actors: Iterable[CodedActor | None]) -> tuple[CodedActor, ...]:
    """Return the actors that are known, each once."""
    return tuple(dict.fromkeys(actor for actor in actors if actor))


def actor_of(entity: KbEntity) -> CodedActor:
    """Return an entity of the knowledge base as events name it."""
    return CodedActor(entity.id, entity.name, entity.type, entity.vi, entity.country)
