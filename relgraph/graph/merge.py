"""Which mentions tell of one event, and what the merged graph says of it.

Mentions are joined when they agree on type, factuality, participants and time; within an article also along
``same_as``, so far as type and factuality agree (a plan and its fulfilment stay two events). The identifier
is a hash of what they agree on, so it is the same in every build. An event without a date or without
participants has no identity beyond its article and is never joined across articles.

A merged event's triples are a function of its mentions alone: whenever one comes or goes, they are made anew.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from relgraph.graph import vocabulary as v
from relgraph.graph.triples import Triples, interval_triples, key_of_entity
from relgraph.model import Document, EventMention, Interval, Precision, Role

_HASH_DIGITS = 16  # 64 bits: a chance of one in a million that two of six million events collide


def event_ids(document: Document) -> dict[str, str]:
    """Return the id of the merged event that each of the document's event mentions tells of."""
    keys = {entity.id: key_of_entity(entity) for entity in document.entities}
    ids: dict[str, str] = {}
    for group in _chains(document.events):
        event_id = _event_id(document.id, group, keys)
        ids |= dict.fromkeys((mention.id for mention in group), event_id)
    return ids


def _chains(events: Sequence[EventMention]) -> Iterable[list[EventMention]]:
    """Group the mentions along ``same_as``, apart by type and factuality, in the order of the text."""
    by_id = {event.id: event for event in events}
    groups: dict[tuple[str, str, str], list[EventMention]] = defaultdict(list)
    for event in events:
        first, seen = event, {event.id}
        while first.same_as in by_id and first.same_as not in seen:
            seen.add(first.same_as)
            first = by_id[first.same_as]
        groups[min(seen) if first.same_as in seen else first.id, event.type, event.factuality].append(event)
    return groups.values()


def _event_id(article: str, group: list[EventMention], keys: dict[str, str]) -> str:
    first = group[0]
    participants = sorted({(p.role.value, keys[p.entity]) for event in group for p in event.participants})
    time = most_precise(Interval.from_value(event.time) for event in group)
    identity: list[object] = [first.type, first.factuality, participants]
    if time and participants:
        identity.append([time.edtf, time.precision])
    else:
        identity.append([article, first.id, first.trigger.start])
    digest = hashlib.sha256(json.dumps(identity, ensure_ascii=False).encode()).hexdigest()
    when = (time.earliest or time.latest) if time else None
    return f"{first.type.lower()}-{when.isoformat() if when else 'undated'}-{digest[:_HASH_DIGITS]}"


def most_precise(times: Iterable[Interval | None]) -> Interval | None:
    """Return the shortest of the times, the earliest of equals; None if all are unknown."""

    def order(time: Interval) -> tuple[int, date, date, str]:
        first, last = time.earliest or date.min, time.latest or date.max
        return (last - first).days, first, last, time.precision

    return min((time for time in times if time), key=order, default=None)


MENTION_PREDICATES: Final = frozenset(
    {v.SEM_TYPE, v.FACTUALITY, v.MODE, v.SEM_PLACE, v.EARLIEST, v.LATEST, v.PRECISION, v.EDTF}
).union(v.ROLES.values())
"""What an article's graph says of a mention that its merged event takes up."""


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
        cls, mention: NamedNode, said: Iterable[tuple[NamedNode, Any]], text_hash: str
    ) -> "MentionRecord":
        """Read the record from what the article's graph says of the mention: predicates and values."""
        values: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for predicate, value in said:
            values[predicate].append(value)
        return cls(
            mention=mention,
            type=values[v.SEM_TYPE][0],
            factuality=values[v.FACTUALITY][0],
            mode=next(iter(values[v.MODE]), None),
            place=next(iter(values[v.SEM_PLACE]), None),
            participants=frozenset((r, entity) for r, iri in v.ROLES.items() for entity in values[iri]),
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

    Place and mode are those that most mentions give; of equals, the first by IRI.
    """
    first = mentions[0]
    yield event, v.RDF_TYPE, v.EVENT
    yield event, v.RDF_TYPE, v.SEM_EVENT
    yield event, v.SEM_TYPE, first.type
    yield event, v.FACTUALITY, first.factuality
    participants = frozenset.union(*(mention.participants for mention in mentions))
    for role, entity in participants:
        yield event, v.ROLES[role], entity
    for entity in {entity for _, entity in participants}:
        yield event, v.SEM_ACTOR, entity
    yield from interval_triples(event, most_precise(mention.time for mention in mentions))
    if place := _commonest(mention.place for mention in mentions):
        yield event, v.SEM_PLACE, place
    if mode := _commonest(mention.mode for mention in mentions):
        yield event, v.MODE, mode
    for mention in mentions:
        yield event, v.EVIDENCE, mention.mention
    yield event, v.REPORTING_ARTICLES, Literal(len({mention.text_hash for mention in mentions}))


def _commonest(iris: Iterable[NamedNode | None]) -> NamedNode | None:
    counts = Counter(iri for iri in iris if iri)
    return min(counts, key=lambda iri: (-counts[iri], iri.value), default=None)
