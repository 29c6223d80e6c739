"""What the merged graph says of an event, from the mentions that tell of it.

A merged event's triples are a function of its mentions alone: whenever one comes or goes, they are made
anew. Which mentions tell of one event is decided in :mod:`relgraph.graph.merging`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from relgraph.graph import vocabulary as v
from relgraph.graph.merging.times import most_precise
from relgraph.graph.shortcuts import shortcut_triples
from relgraph.graph.triples import Triples, interval_triples
from relgraph.model import Interval, Precision, Role


class MentionRecord(NamedTuple):
    """What a merged event takes from one of its mentions, as it stands in the article's graph."""

    mention: NamedNode
    type: NamedNode
    factuality: NamedNode
    mode: NamedNode | None
    place: NamedNode | None
    participants: frozenset[tuple[Role, NamedNode]]
    time: Interval | None
    text_hash: str

    @classmethod
    def read(
        cls, mention: NamedNode, values: Mapping[NamedNode, Sequence[Any]], text_hash: str
    ) -> "MentionRecord":
        """Read the record from what the article's graph says of the mention: values by predicate."""
        return cls(
            mention=mention,
            type=values[v.SEM_TYPE][0],
            factuality=values[v.FACTUALITY][0],
            mode=next(iter(values.get(v.MODE, ())), None),
            place=next(iter(values.get(v.SEM_PLACE, ())), None),
            participants=frozenset((r, one) for r, iri in v.ROLES.items() for one in values.get(iri, ())),
            time=interval_from(values),
            text_hash=text_hash,
        )


def interval_from(values: Mapping[NamedNode, Sequence[NamedNode | Literal]]) -> Interval | None:
    """Return the time that these facts about an event or mention give; None where they give none."""
    if not values.get(v.EDTF):
        return None
    earliest, latest = values.get(v.EARLIEST), values.get(v.LATEST)
    return Interval(
        earliest=date.fromisoformat(earliest[0].value) if earliest else None,
        latest=date.fromisoformat(latest[0].value) if latest else None,
        precision=Precision(v.local_name(values[v.PRECISION][0].value).removeprefix("precision-")),
        edtf=values[v.EDTF][0].value,
    )


def merged_event(event: NamedNode, mentions: Sequence[MentionRecord]) -> Triples:
    """Yield what the merged graph says of an event that these mentions report.

    Place and mode are those that most mentions give; of equals, the first by IRI. So are type and factuality,
    on which mentions only disagree where a correction joined them.
    """
    yield event, v.RDF_TYPE, v.EVENT
    yield event, v.RDF_TYPE, v.SEM_EVENT
    for predicate, values in (
        (v.SEM_TYPE, [mention.type for mention in mentions]),
        (v.FACTUALITY, [mention.factuality for mention in mentions]),
        (v.SEM_PLACE, [mention.place for mention in mentions]),
        (v.MODE, [mention.mode for mention in mentions]),
    ):
        if value := _commonest(values):
            yield event, predicate, value
    participants = frozenset.union(*(mention.participants for mention in mentions))
    for role, entity in participants:
        yield event, v.ROLES[role], entity
    actors = {entity for _, entity in participants}
    for entity in actors:
        yield event, v.SEM_ACTOR, entity
    time = most_precise(mention.time for mention in mentions)
    yield from interval_triples(event, time)
    yield from shortcut_triples(event, (v.key_of(entity.value) for entity in actors), time)
    for mention in mentions:
        yield event, v.EVIDENCE, mention.mention
    yield event, v.REPORTING_ARTICLES, Literal(len({mention.text_hash for mention in mentions}))


def _commonest(iris: Iterable[NamedNode | None]) -> NamedNode | None:
    given = [iri for iri in iris if iri]
    return min(set(given), key=lambda iri: (-given.count(iri), iri.value), default=None)
