"""Which part of a graph is written: a window of time, actors, event types, factualities."""

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from relgraph.graph import EventGraph
from relgraph.graph.actors import Actors
from relgraph.graph.events import Window
from relgraph.graph.store import ARTICLES
from relgraph.graph.vocabulary import MERGED, import_graph
from relgraph.model import EventType, Factuality


class Selection(NamedTuple):
    """What of a graph is written; by default all of it.

    Attributes:
        actors: names, labels or keys. One actor stands for the events it takes part in, several for the
            events that bring two of them together. Empty for everyone.
        start: first day, also partial ("2018-04"); an event counts if it may have happened from then on.
        end: last day. Undated events are left out as soon as there is a start or an end.
        types: event types; None for all.
        factuality: which events; None for what the format usually holds: actual events in a network or
            table, all events in RDF.
        include_affiliated: let a state stand also for its persons, bodies and cities.
        data_set: the coded events of this imported data set ("icews") instead of those of the "articles".
    """

    actors: Sequence[str] = ()
    start: str | None = None
    end: str | None = None
    types: Collection[EventType] | None = None
    factuality: Collection[Factuality] | None = None
    include_affiliated: bool = True
    data_set: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out, of a format that holds events of every factuality."""
        return self.named_graph == MERGED and self._replace(data_set=None) == EVERYTHING

    @property
    def named_graph(self) -> NamedNode:
        """The named graph that holds the events."""
        return MERGED if self.data_set in (None, ARTICLES) else import_graph(self.data_set)

    @property
    def window(self) -> Window:
        """The stretch of days.

        Raises:
            RelgraphError: a date is none, or the end is before the start.
        """
        return Window.of(self.start, self.end)

    def sides(self, graph: EventGraph) -> list[frozenset[str]]:
        """Return for each actor the keys of the entities that stand for it.

        Raises:
            RelgraphError: an actor is unknown or its name stands for several.
        """
        found = [graph.actor(name) for name in self.actors]
        if not self.include_affiliated:
            return [frozenset({actor.key}) for actor in found]
        actors = Actors(graph.store)
        return [actors.with_affiliated(actor) for actor in found]


EVERYTHING: Final = Selection()


def brings_together(participants: Collection[str], sides: Sequence[frozenset[str]]) -> bool:
    """Tell whether an event of these participants counts for these sides.

    No side is every event's; one side needs one participant; of several, two different participants must
    stand for two of them, as in :meth:`EventGraph.timeline`.

    >>> russia, iran = frozenset({"gpe/russia", "per/putin"}), frozenset({"gpe/iran"})
    >>> brings_together({"per/putin", "gpe/iran"}, [russia, iran])
    True
    >>> brings_together({"per/putin", "gpe/russia"}, [russia, iran])
    False
    """
    present = [side.intersection(participants) for side in sides]
    if len(sides) < 2:
        return all(present)
    return any(a and b and len(a | b) > 1 for a, b in combinations(present, 2))
