"""Reading events back from a store, with their actors and their evidence, and choosing them by time."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from relgraph.errors import RelgraphError
from relgraph.graph import vocabulary as v
from relgraph.graph.actors import Actors
from relgraph.graph.merge import interval_from
from relgraph.graph.store import ARTICLES, Store
from relgraph.graph.triples import date_literal
from relgraph.model import Event, EventType, Evidence, Factuality, Interval, Role

_Facts = dict[NamedNode, list[Any]]


class Window(NamedTuple):
    """A stretch of days, both included; None is no bound."""

    start: date | None
    end: date | None

    @classmethod
    def of(cls, start: date | str | None, end: date | str | None) -> "Window":
        """Return the window between two dates; partial dates ("2018-04") count from their first day, or to
        their last.

        Raises:
            RelgraphError: one of them is no date, or the end is before the start.
        """
        first, last = first_day(start), last_day(end)
        if first and last and first > last:
            raise RelgraphError(f"{start} to {end}", "the time ends before it begins", "swap the two dates")
        return cls(first, last)

    def holds(self, time: Interval | None, *, certain: bool = False) -> bool:
        """Tell whether something of that time possibly, or certainly, happened in the window.

        An unknown time is only held by a window without bounds.
        """
        if time is None:
            return self.start is None and self.end is None
        start, end = self.start or date.min, self.end or date.max
        earliest, latest = time.earliest or date.min, time.latest or date.max
        if certain:
            return start <= earliest and latest <= end
        return earliest <= end and latest >= start


def first_day(when: date | str | None) -> date | None:
    """Return the first day of a date or partial date; None for None."""
    return _bounds(when)[0]


def last_day(when: date | str | None) -> date | None:
    """Return the last day of a date or partial date; None for None."""
    return _bounds(when)[1]


def _bounds(when: date | str | None) -> tuple[date | None, date | None]:
    if when is None or isinstance(when, date):
        return when, when
    interval = Interval.from_value(when.strip())
    if interval is None:
        raise RelgraphError(when, "is not a date", "write it as 2018-04-05, 2018-04 or 2018")
    return interval.earliest, interval.latest


class _ArticleHead(NamedTuple):
    """What evidence tells of its article."""

    id: str
    published: date | None
    source: str | None


class EventReader:
    """Reads merged events from a store."""

    def __init__(self, store: Store, actors: Actors) -> None:
        self._store = store
        self._actors = actors
        self._articles: dict[NamedNode, _ArticleHead] = {}

    def with_actors(self, first: Collection[str], second: Collection[str] | None) -> list[NamedNode]:
        """Return the events that one of the first takes part in, together with another one of the second
        where given; both are keys of entities."""
        if second is None:
            return self._nodes(f"VALUES ?actor {{ {_entities(first)} }} ?event {v.SEM_ACTOR} ?actor")
        sides = " ".join(
            _linked("dyad", _members(side, keys), side) for side, keys in (("a", first), ("b", second))
        )
        return self._nodes(f"?event {v.DYAD} ?dyad", f"{sides} FILTER(?a != ?b)")

    def dated(self, window: Window) -> list[NamedNode]:
        """Return the events whose time is known, and that calendar periods which touch the window hold."""
        bounds = []
        if window.end:
            within = f"FILTER(?first <= {date_literal(window.end)})"
            bounds.append(_linked("period", f"GRAPH {v.MERGED} {{ ?period {v.FIRST_DAY} ?first }} {within}"))
        if window.start:
            within = f"FILTER(?last >= {date_literal(window.start)})"
            bounds.append(_linked("period", f"GRAPH {v.MERGED} {{ ?period {v.LAST_DAY} ?last }} {within}"))
        return self._nodes(f"?event {v.CALENDAR_PERIOD} ?period", " ".join(bounds))

    def all(self) -> list[NamedNode]:
        """Return all events."""
        return self._nodes(f"?event a {v.SEM_EVENT}")

    def choose(
        self,
        events: Iterable[NamedNode],
        window: Window,
        *,
        certain: bool = False,
        factuality: Collection[Factuality],
        types: Collection[EventType] | None,
    ) -> list[Event]:
        """Return those of the events that fit, earliest first, undated ones last."""
        factual = {v.FACTUALITIES[Factuality(value)] for value in factuality}
        typed = {v.TYPES[EventType(value)] for value in (EventType if types is None else types)}
        chosen = []
        for iri in events:
            facts = self._facts(iri)
            if facts[v.FACTUALITY][0] in factual and facts[v.SEM_TYPE][0] in typed:
                time = interval_from(facts)
                if window.holds(time, certain=certain):
                    chosen.append(self._event(iri, facts, time))
        return sorted(chosen, key=chronological)

    def event(self, event_id: str) -> Event:
        """Return the event of that id.

        Raises:
            RelgraphError: there is none.
        """
        iri = self.iri(event_id)
        facts = self._facts(iri)
        return self._event(iri, facts, interval_from(facts))

    def iri(self, event_id: str) -> NamedNode:
        """Return the IRI of the event of that id.

        Raises:
            RelgraphError: there is none; the message tells where the event is among those not asked for.
        """
        iri = v.data_iri("event", event_id)
        if any(self._store.facts(iri, v.FACTUALITY, None, v.MERGED)):
            return iri
        for fact in self._store.facts(iri, v.FACTUALITY, None, None):
            name = ARTICLES if fact.graph == v.MERGED else v.key_of(fact.graph.value)
            raise RelgraphError(
                event_id,
                f"the event is one of {name}, which are not asked",
                f"ask with --graph {name}, in Python with graphs=[{name!r}]",
            )
        raise RelgraphError(
            event_id, "there is no such event", "take an event's id from a timeline of the same --graph"
        )

    def _nodes(self, pattern: str, before: str = "") -> list[NamedNode]:
        """Return the events that a pattern in the merged graph finds, after what is looked up before."""
        return self._store.nodes(f"SELECT DISTINCT ?event {{ {before} GRAPH {v.MERGED} {{ {pattern} }} }}")

    def _facts(self, event: NamedNode) -> _Facts:
        facts: _Facts = defaultdict(list)
        for fact in self._store.facts(event, None, None, v.MERGED):
            facts[fact.predicate].append(fact.value)
        return facts

    def _event(self, iri: NamedNode, facts: _Facts, time: Interval | None) -> Event:
        event_type = EventType(v.local_name(facts[v.SEM_TYPE][0].value))
        mode = next((v.local_name(concept.value) for concept in facts[v.MODE]), None)
        agents, patients = (
            tuple(self._actors.load(key) for key in sorted(v.key_of(e.value) for e in facts[v.ROLES[role]]))
            for role in (Role.AGENT, Role.PATIENT)
        )
        evidence = (self._evidence(mention) for mention in facts[v.EVIDENCE])
        return Event(
            id=v.key_of(iri.value),
            type=event_type,
            mode=mode.removeprefix(f"{event_type}-") if mode else None,
            factuality=Factuality(v.local_name(facts[v.FACTUALITY][0].value).removeprefix("factuality-")),
            time=time,
            agents=agents,
            patients=patients,
            place=next((self._actors.load(v.key_of(e.value)) for e in facts[v.SEM_PLACE]), None),
            evidence=tuple(sorted(evidence, key=lambda e: (e.published or date.max, e.article, e.start))),
        )

    def _evidence(self, mention: NamedNode) -> Evidence:
        article = self._value(mention, v.PROV_DERIVED_FROM)
        trigger = v.part_iri(mention, "trigger")
        position, quote = v.part_iri(trigger, "position"), v.part_iri(trigger, "quote")
        about = self._article(article)
        return Evidence(
            article=about.id,
            published=about.published,
            source=about.source,
            start=int(self._value(position, v.OA_START).value),
            end=int(self._value(position, v.OA_END).value),
            quote=self._value(quote, v.OA_EXACT).value,
            sentence=self._value(mention, v.SENTENCE).value,
        )

    def _article(self, iri: NamedNode) -> _ArticleHead:
        if iri not in self._articles:
            published, source = self._value(iri, v.ISSUED), self._value(iri, v.PUBLISHER)
            self._articles[iri] = _ArticleHead(
                id=self._value(iri, v.IDENTIFIER).value,
                published=date.fromisoformat(published.value) if published else None,
                source=source.value if source else None,
            )
        return self._articles[iri]

    def _value(self, subject: NamedNode, predicate: NamedNode) -> Any:
        return next((fact.value for fact in self._store.facts(subject, predicate, None, None)), None)


def _entities(keys: Iterable[str]) -> str:
    return " ".join(str(v.entity_iri(key)) for key in keys)


def _members(side: str, keys: Iterable[str]) -> str:
    return f"VALUES ?{side} {{ {_entities(keys)} }} GRAPH {v.MERGED} {{ ?dyad {v.DYAD_MEMBER} ?{side} }}"


def _linked(variable: str, pattern: str, *selected: str) -> str:
    """Return a pattern as a sub-select that is joined on three equal variables; timeline.rq tells why."""
    names = " ".join(f"?{name}" for name in (variable, "same", "again", *selected))
    return f"{{ SELECT {names} {{ {pattern} BIND(?{variable} AS ?same) BIND(?{variable} AS ?again) }} }}"


def chronological(event: Event) -> tuple[bool, date, date, str]:
    """Return what orders events: the earliest first, undated ones last."""
    if event.time is None:
        return True, date.max, date.max, event.id
    return False, event.time.earliest or date.min, event.time.latest or date.max, event.id
