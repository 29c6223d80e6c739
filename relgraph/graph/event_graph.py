"""The event graph as Python asks it: actors, timelines, evidence, SPARQL."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import networkx as nx
import pyoxigraph as ox
from rdflib import Dataset, Graph

from relgraph.errors import RelgraphError
from relgraph.graph import temporal
from relgraph.graph import vocabulary as v
from relgraph.graph.actors import Actors
from relgraph.graph.endpoint import Endpoint, endpoint_url
from relgraph.graph.events import EventReader, Window, first_day
from relgraph.graph.parameters import Found, terms_for
from relgraph.graph.query import TIME_LIMIT, QueryResult, answer, named_queries, select
from relgraph.graph.states import memberships_from, offices_from
from relgraph.graph.store import ARTICLES, Store
from relgraph.graph.views import actor_graph, snapshots
from relgraph.model import (
    Actor,
    Changes,
    Contacts,
    CoParticipant,
    Event,
    EventType,
    Evidence,
    Factuality,
    PathStep,
    PeriodLength,
    Plan,
    RelatedEvent,
    Series,
    StatesOfAffairs,
    TimeRelation,
)

ACTUAL: Final = (Factuality.ACTUAL,)
_TOLD: Final = (Factuality.ACTUAL, Factuality.NEGATED)


class EventGraph:
    """A store of events, open for reading in the state it had when it was opened.

    >>> EventGraph.open("nowhere")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    relgraph.errors.RelgraphError: nowhere: there is no such store; name the store's folder, or build it ...
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._actors = Actors(store)
        self._events = EventReader(store, self._actors)

    @classmethod
    def open(cls, folder: Path | str, graphs: Collection[str] = (ARTICLES,)) -> "EventGraph":
        """Open the store in ``folder``, or on the SPARQL 1.1 server of that address; needs no right to write.

        Args:
            graphs: whose events are asked for: those that "articles" tell, those of an imported data set
                ("icews", "gdelt"), or of several together.

        Raises:
            RelgraphError: there is no store, it is of another version, or damaged; it has no such graph.
        """
        for name in graphs:
            if name != ARTICLES and name not in v.DATA_SETS:
                known = ", ".join((ARTICLES, *v.DATA_SETS))
                raise RelgraphError(name, "there are no events of that name", f"choose one of: {known}")
        return cls(Endpoint.open(folder, graphs) if endpoint_url(folder) else Store.open(folder, graphs))

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self._store.folder

    @property
    def dataset(self) -> Dataset:
        """The graph as an rdflib Dataset, read-only; all data are in named graphs."""
        return self._store.dataset

    @property
    def merged(self) -> Graph:
        """The graph of merged events and their actors as an rdflib Graph, read-only."""
        return self._store.named_graph(v.MERGED.value)

    @property
    def store(self) -> Store:
        """The store beneath, for bulk work."""
        return self._store

    # --- SPARQL ---

    def query(self, query: str, *, time_limit: float = TIME_LIMIT, **parameters: Any) -> QueryResult:
        """Answer a named query with these parameters, or a SPARQL query that only reads.

        Args:
            query: the name of a query (:func:`relgraph.graph.named_queries`) or SPARQL 1.1 text. The
                vocabulary's prefixes are known; the default graph is the merged one, the others are asked
                with ``GRAPH graph:knowledge { }``, ``GRAPH graph:vocabulary { }``, ``GRAPH ?article { }``.
            time_limit: seconds after which a SPARQL text is ended; named queries run without limit.
            parameters: of a named query. An actor is given by name, label or key; a date as date or ISO
                text ("2018", "2018-04"); a list stands for any of its values. With ``affiliated=False``
                a state does not stand for its persons, bodies and cities.

        Raises:
            RelgraphError: there is no such query or parameter, a value is not of its kind, an actor is
                unknown; or the SPARQL text is empty or invalid, would change the graph, asks another server,
                chooses graphs by FROM, or asks for too much.
        """
        named = named_queries().get(query.strip())
        if named:
            found = Found(self._store, self._actors, self._events)
            return select(self._store, named.bind(terms_for(named, parameters, found)))
        if not query.strip():
            raise RelgraphError(
                "query", "the query is empty", "give SPARQL text, or a name that relgraph query --list shows"
            )
        if query.strip() and not any(character in query for character in " {\n\t"):
            known = ", ".join(named_queries())
            raise RelgraphError(query, "there is no query of that name", f"the named queries are: {known}")
        if parameters:
            raise RelgraphError(
                "query", "only named queries take parameters", "write the values into the SPARQL text"
            )
        return answer(self._store, query, subject="query", time_limit=time_limit)

    # --- actors ---

    def actors(self, name: str) -> list[Actor]:
        """Return the entities that bear this name, label (English or Vietnamese), alias or key.

        What is exactly so called hides what is so called in other case, and the knowledge base's names hide
        those that only articles give. Empty where nothing is so called.
        """
        return self._actors.find(name)

    def actor(self, name: str) -> Actor:
        """Return the one entity of that name, as above.

        Raises:
            RelgraphError: there is none (the message suggests names like it), or there are several.
        """
        return self._actors.one(name)

    # --- events ---

    def timeline(
        self,
        a: str,
        b: str | None = None,
        start: date | str | None = None,
        end: date | str | None = None,
        *,
        certain: bool = False,
        factuality: Collection[Factuality] = ACTUAL,
        types: Collection[EventType] | None = None,
        include_affiliated: bool = True,
    ) -> list[Event]:
        """Return the events that ``a`` takes part in, together with ``b`` where given, earliest first.

        Args:
            a: an actor's name, label, alias or key.
            start: first day; an event counts if it may have happened from that day on. A partial date
                ("2018-04") stands for its first day, as ``end`` for its last.
            end: last day. Without start and end, undated events stand at the end of the list.
            certain: only events that surely happened from start to end, not those that possibly did.
            include_affiliated: let a state stand also for its persons, bodies and cities.

        Raises:
            RelgraphError: an actor is unknown or its name stands for several; both are the same; a date is
                none.
        """
        if b is not None:
            self._actors.two(a, b)
        first = self._side(a, include_affiliated)
        second = None if b is None else self._side(b, include_affiliated)
        events = self._events.with_actors(first, second)
        return self._events.choose(
            events, Window.of(start, end), certain=certain, factuality=factuality, types=types
        )

    def between(
        self,
        start: date | str | None,
        end: date | str | None,
        *,
        certain: bool = False,
        factuality: Collection[Factuality] = ACTUAL,
        types: Collection[EventType] | None = None,
    ) -> list[Event]:
        """Return the dated events of a time, earliest first.

        Args:
            start: first day; None for no bound.
            end: last day; None for no bound.
            certain: only events that surely happened inside; otherwise also those that possibly did.

        Raises:
            RelgraphError: a date is none.
        """
        window = Window.of(start, end)
        return self._events.choose(
            self._events.dated(window), window, certain=certain, factuality=factuality, types=types
        )

    def events(
        self, *, factuality: Collection[Factuality] = ACTUAL, types: Collection[EventType] | None = None
    ) -> list[Event]:
        """Return all events, earliest first, undated ones last."""
        return self._events.choose(self._events.all(), Window(None, None), factuality=factuality, types=types)

    def event(self, event_id: str) -> Event:
        """Return one event.

        Raises:
            RelgraphError: there is none of that id.
        """
        return self._events.event(event_id)

    def evidence(self, event_id: str) -> tuple[Evidence, ...]:
        """Return where an event is reported, by date of the article.

        Raises:
            RelgraphError: there is no event of that id.
        """
        return self.event(event_id).evidence

    def _side(self, name: str, include_affiliated: bool) -> frozenset[str]:
        actor = self.actor(name)
        return self._actors.with_affiliated(actor) if include_affiliated else frozenset({actor.key})

    # --- states of affairs ---

    def as_of(
        self,
        on: date | str,
        a: str | None = None,
        b: str | None = None,
        *,
        include_affiliated: bool = True,
    ) -> StatesOfAffairs:
        """Return what held on a day: who held which office, and who belonged to what.

        It is what the named queries office-holders-on, memberships-on and latest-events answer. A state that
        holds only possibly, because its dates are not known to the day, is marked as not certain; on the day
        of a handover both holders are there.

        Args:
            on: the day; a partial date ("2018-04") stands for its first day.
            a: only offices and memberships of this actor, or in it; by default those of all.
            b: also those of this one, and the latest events between the two.
            include_affiliated: let a state stand also for its persons, bodies and cities.

        Raises:
            RelgraphError: an actor is unknown or its name stands for several; the date is none; b without a.
        """
        if b is not None and a is None:
            raise RelgraphError(b, "it is the second of two actors, and there is no first", "give both")
        day = first_day(on)
        if day is None:
            raise RelgraphError(on, "has no first day", "write it as 2018-04-05, 2018-04 or 2018")
        asked: dict[str, Any] = {"on": day, "affiliated": include_affiliated}
        concerning = asked | {"actor": [name for name in (a, b) if name is not None] or None}
        between = self.query("latest-events", a=a, b=b, **asked) if a is not None and b is not None else ()
        return StatesOfAffairs(
            on=day,
            offices=offices_from(self.query("office-holders-on", **concerning), day, self._actors),
            memberships=memberships_from(self.query("memberships-on", **concerning), day, self._actors),
            latest=tuple(self.event(row["id"]) for row in between),
        )

    # --- questions about time ---

    def around(
        self,
        event_id: str,
        relation: TimeRelation | None = None,
        a: str | None = None,
        *,
        days: int | None = None,
        factuality: Collection[Factuality] = ACTUAL,
        include_affiliated: bool = True,
    ) -> list[RelatedEvent]:
        """Return what happened before, during and after an event, earliest first.

        Before and after are sure; during is marked as not certain where the times only possibly fall
        together.

        Args:
            relation: only events that lie so.
            a: only events of this actor; by default those of the event's own participants.
            days: only events that may lie within so many days of the event.
            include_affiliated: let a state stand also for its persons, bodies and cities.

        Raises:
            RelgraphError: there is no event of that id, it has no date, or the actor is unknown.
        """
        reference = self.event(event_id)
        if reference.time is None:
            raise RelgraphError(event_id, "the event has no date", "ask about one that has")
        if a is None:
            side = frozenset(actor.key for actor in (*reference.agents, *reference.patients))
        else:
            side = self._side(a, include_affiliated)
        window = Window(*temporal.span_around(reference.time, days))
        events = self._events.choose(
            self._events.with_actors(side, None), window, factuality=factuality, types=None
        )
        found = [
            temporal.related(event, reference.time)
            for event in events
            if event.time and event.id != reference.id
        ]
        return [one for one in found if relation is None or one.relation == relation]

    def contacts(
        self,
        a: str,
        b: str,
        *,
        factuality: Collection[Factuality] = ACTUAL,
        types: Collection[EventType] | None = None,
        include_affiliated: bool = True,
    ) -> Contacts:
        """Return the first and the last event between two actors whose both bounds are known.

        Raises:
            RelgraphError: an actor is unknown or its name stands for several.
        """
        return temporal.contacts(
            self.timeline(a, b, factuality=factuality, types=types, include_affiliated=include_affiliated)
        )

    def co_participants(
        self,
        a: str,
        start: date | str | None = None,
        end: date | str | None = None,
        *,
        factuality: Collection[Factuality] = ACTUAL,
        include_affiliated: bool = True,
    ) -> list[CoParticipant]:
        """Return who takes part in events together with an actor in a time, most often first.

        Raises:
            RelgraphError: the actor is unknown or its name stands for several; a date is none.
        """
        events = self.timeline(
            a, None, start, end, factuality=factuality, include_affiliated=include_affiliated
        )
        return temporal.co_participants(events, self._side(a, include_affiliated))

    def paths(
        self,
        a: str,
        b: str,
        start: date | str | None = None,
        end: date | str | None = None,
        *,
        longest: int = 3,
        most: int = temporal.MOST_PATHS,
        factuality: Collection[Factuality] = ACTUAL,
    ) -> list[tuple[PathStep, ...]]:
        """Return chains of actors that lead from one to the other through the dated events of a time.

        Args:
            longest: number of steps at most, no more than six.
            most: number of chains at most, shortest first.

        Raises:
            RelgraphError: an actor is unknown or its name stands for several; a date is none; the chains
                may be too long.
        """
        source, target = self._actors.two(a, b)
        window = Window.of(start, end)

        def events_of(keys: Collection[str]) -> list[Event]:
            found = self._events.with_actors(keys, None)
            events = self._events.choose(found, window, factuality=factuality, types=None)
            return [event for event in events if event.time]

        return temporal.paths(events_of, source, target, longest=longest, most=most)

    def series(
        self,
        a: str,
        b: str,
        start: date | str | None = None,
        end: date | str | None = None,
        *,
        by: PeriodLength = PeriodLength.MONTH,
        factuality: Collection[Factuality] = ACTUAL,
        include_affiliated: bool = True,
    ) -> Series:
        """Return how many events of each quad class two actors both take part in, period by period.

        Events count in the period that surely holds them; the others are told as ``unplaced``.

        Raises:
            RelgraphError: an actor is unknown or its name stands for several; a date is none.
        """
        window = Window.of(start, end)
        rows = self.query(
            "series",
            a=a,
            b=b,
            start=window.start,
            end=window.end,
            by=PeriodLength(by).value,
            factuality=list(factuality),
            affiliated=include_affiliated,
        )
        counts = {row["period"]: {name: int(row[name]) for name in temporal.QUAD_CLASSES} for row in rows}
        return temporal.series(counts, by)

    def plans(
        self,
        a: str | None = None,
        start: date | str | None = None,
        end: date | str | None = None,
        *,
        include_affiliated: bool = True,
    ) -> list[Plan]:
        """Return the events that were planned for a time, with what articles tell of their outcome.

        A plan came true where an event of its type with all who were to take part (a state's persons, bodies
        and cities may stand for it) is told as actual at a time that may be the same. Plans without a date
        or without participants can't be told from others and are left out.

        Args:
            a: only plans of this actor.

        Raises:
            RelgraphError: the actor is unknown or its name stands for several; a date is none.
        """
        window = Window.of(start, end)
        side = None if a is None else self._side(a, include_affiliated)
        planned = self._events.dated(window) if side is None else self._events.with_actors(side, None)
        events = self._events.choose(planned, window, factuality=(Factuality.PLANNED,), types=None)
        return [self._plan(event, include_affiliated) for event in events if event.time and _parties(event)]

    def _plan(self, event: Event, include_affiliated: bool) -> Plan:
        stands_for = [
            self._actors.with_affiliated(actor) if include_affiliated else frozenset({actor.key})
            for actor in _parties(event)
        ]
        window = Window(event.time.earliest, event.time.latest) if event.time else Window(None, None)
        told = self._events.choose(
            self._events.with_actors(stands_for[0], None), window, factuality=_TOLD, types=[event.type]
        )
        facts = [
            fact
            for fact in told
            if fact.time and all(any(p.key in keys for p in _parties(fact)) for keys in stands_for)
        ]
        outcome = temporal.outcome(facts)
        deciding = Factuality.ACTUAL if outcome == "happened" else Factuality.NEGATED
        told_by = tuple(fact for fact in facts if fact.factuality is deciding)
        return Plan(event=event, outcome=outcome, told_by=told_by)

    def changes_since(self, earlier: "EventGraph") -> Changes:
        """Return what this graph tells of events otherwise than an earlier one: another store, or this
        store's state from before a build (keep it open meanwhile)."""
        everything = tuple(Factuality)
        return temporal.changes(earlier.events(factuality=everything), self.events(factuality=everything))

    def snapshots(
        self,
        by: PeriodLength = PeriodLength.YEAR,
        *,
        start: date | str | None = None,
        end: date | str | None = None,
        factuality: Collection[Factuality] = ACTUAL,
    ) -> "dict[str, nx.MultiDiGraph[str]]":
        """Return the actors and events of each period as networkx graphs, by the period's name.

        See :func:`relgraph.graph.views.snapshots`.
        """
        return snapshots(self.between(start, end, factuality=factuality), by)

    # --- the whole ---

    def counts(self) -> dict[str, int]:
        """Return how many articles, entities, event mentions and merged events the store holds, and how
        many of the events are of each factuality."""
        return self._counts.copy()

    @cached_property
    def _counts(self) -> dict[str, int]:
        counts = {
            "articles": self._count(v.RDF_TYPE, v.ARTICLE, None),
            "entities": sum(self._count(v.RDF_TYPE, kind, v.MERGED) for kind in v.ENTITY_CLASSES.values()),
            "event mentions": self._count(v.RDF_TYPE, v.EVENT_MENTION, None),
            "events": self._count(v.RDF_TYPE, v.SEM_EVENT, v.MERGED),
        }
        for value, iri in v.FACTUALITIES.items():
            counts[f"{value} events"] = self._count(v.FACTUALITY, iri, v.MERGED)
        return counts

    def _count(self, predicate: ox.NamedNode, value: ox.NamedNode, graph: ox.NamedNode | None) -> int:
        return sum(1 for _ in self._store.facts(None, predicate, value, graph))

    def to_networkx(self, events: Iterable[Event] | None = None) -> "nx.MultiDiGraph[str]":
        """Return the actors as a networkx graph with the events between them as edges.

        See :func:`relgraph.graph.views.actor_graph`.

        Args:
            events: by default all actual events.
        """
        return actor_graph(self.events() if events is None else events)


def _parties(event: Event) -> tuple[Actor, ...]:
    return (*event.agents, *event.patients)
