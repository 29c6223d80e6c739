"""Pairs that the encoder's heads judge: a trigger with a name, with a time, with another trigger.

A pair is the positions of its two members in a window, and categories that tell how they stand to each other.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from relgraph.model import EventMention
from relgraph.nlp.encoder.labels import ENTITY_TYPES, EVENT_TYPES, FACTUALITY
from relgraph.nlp.encoder.windows import Window
from relgraph.nlp.events.anchors import PARTS, RELATIONS, STANDINGS, SUPPLIES, Dated, TimeReader, relation
from relgraph.nlp.events.participants import ROLES, Told
from relgraph.nlp.events.reading import Reading

_FARTHEST = 12  # steps of distance either side
_STEPS_BACK = 4  # sentences
_BETWEEN = 2  # triggers between that are counted
_ELSEWHERE = _BETWEEN + 1

DISTANCES = 2 * _FARTHEST + 1
SENTENCES = _STEPS_BACK + 4
_EARLIER = 4  # events back whose roles and times may be the event's own
KINDS = 2 * len(ENTITY_TYPES) + len(ROLES)  # a name, what stands for one, or a role in an earlier event
TIME_KINDS = 1 + 8  # an expression, or an earlier event: of the same type, word, parties?
BETWEEN = _BETWEEN + 2
CHAIN_MEMORY = 60  # events back with which one is paired
# How many values each category of a pair has, in the order in which pairs carry them.
ROLE_CATEGORIES = (DISTANCES, SENTENCES, BETWEEN, KINDS, len(EVENT_TYPES))
TIME_CATEGORIES = (DISTANCES, SENTENCES, BETWEEN, TIME_KINDS, len(EVENT_TYPES), len(RELATIONS) + 1)
CHAIN_CATEGORIES = (SENTENCES, 2, 3, 4, 2, len(EVENT_TYPES))
EVENT_CATEGORIES = (len(EVENT_TYPES),)
FRAMES = 3  # undated, the day of publication, its month
FRAME_CATEGORIES = (len(EVENT_TYPES), len(FACTUALITY), len(SUPPLIES), len(STANDINGS), len(PARTS), 3)


class Place(NamedTuple):
    """Where something stands: number of the sentence, start and end in the article's text, what it is."""

    sentence: int
    start: int
    end: int
    kind: int = 0


class Pair(NamedTuple):
    """A trigger and something else in the same window.

    Attributes:
        of: position of what the pair counts for, among the alternatives.
        first, last: positions of the other member's first and last piece.
        categories: how they stand to each other.
    """

    of: int
    first: int
    last: int
    categories: tuple[int, ...]


def actor_places(reading: Reading) -> dict[str, list[Place]]:
    """Return where each entity is named or stood for."""
    places: dict[str, list[Place]] = {}
    for sentence in reading.sentences:
        for actor in sentence.actors:
            kind = ENTITY_TYPES.index(actor.type) + (0 if actor.method == "name" else len(ENTITY_TYPES))
            place = Place(sentence.number, sentence.starts[actor.first], sentence.ends[actor.last], kind)
            places.setdefault(actor.entity, []).append(place)
    return places


def trigger_position(window: Window, told: Told) -> tuple[int, int]:
    """Return the positions of a trigger's first and last piece in the window that owns it."""
    return window.nearest(told.candidate.start, told.candidate.end)


def role_pairs(
    window: Window,
    told: Told,
    entities: Sequence[str],
    places: Mapping[str, Sequence[Place]],
    earlier: Sequence[Told],
) -> list[Pair]:
    """Return what speaks for each entity: pairs of the trigger with the entity's places in its window, and
    with the triggers of the events just before in which the entity has a role."""
    event = EVENT_TYPES.index(told.type)
    number = {entity: i for i, entity in enumerate(entities)}
    stands = [(number[entity], place) for entity in entities for place in places[entity]]
    for other in earlier[-_EARLIER:]:
        for entity, role in other.roles.items():
            if entity in number:
                kind = 2 * len(ENTITY_TYPES) + ROLES.index(role)
                stands.append((number[entity], _place_of(other, kind)))
    return list(_pairs(window, told, stands, event))


def time_pairs(
    window: Window,
    told: Told,
    values: Sequence[str | None],
    times: TimeReader,
    earlier: Sequence[Dated],
) -> list[Pair]:
    """Return what speaks for each time: pairs of the trigger with the time's places in its window, and with
    the triggers of the events just before that have the time (or, like it, none)."""
    places = {value: [Place(*place) for place in found] for value, found in times.places.items()}
    event = EVENT_TYPES.index(told.type)
    number = {value: i for i, value in enumerate(values)}
    stands = [(number[value], place) for value in values if value for place in places.get(value, ())]
    for other, time in earlier[-_EARLIER:]:
        value = time.value if time else None
        if value in number:
            alike = (
                other.type == told.type,
                other.candidate.entry.phrase == told.candidate.entry.phrase,
                not other.roles.keys().isdisjoint(told.roles),
            )
            kind = 1 + sum(2**i for i, holds in enumerate(alike) if holds)
            stands.append((number[value], _place_of(other, kind)))
    lies = [
        RELATIONS.index(relation(value, times.published)) if value else len(RELATIONS) for value in values
    ]
    return [
        pair._replace(categories=(*pair.categories, lies[pair.of]))
        for pair in _pairs(window, told, stands, event)
    ]


def frame_categories(told: Told, times: TimeReader, earlier: Sequence[Dated]) -> tuple[int, ...]:
    """Return where an event stands among dates and other events, for ``FRAME_CATEGORIES``."""
    kind, factuality, supply, standing, part = times.situation(told, earlier)
    return (
        EVENT_TYPES.index(kind),
        FACTUALITY.index(factuality),
        SUPPLIES.index(supply),
        STANDINGS.index(standing),
        PARTS.index(part),
        0 if not earlier else 1 if earlier[-1][1] is None else 2,
    )


def chain_categories(
    one: EventMention, one_told: Told, other: EventMention, other_told: Told
) -> tuple[int, ...]:
    """Return how an event stands to an earlier one of its type, for ``CHAIN_CATEGORIES``."""
    parties = {participant.entity for participant in one.participants}
    others = {participant.entity for participant in other.participants}
    shared = 2 if parties == others else 1 if parties & others else 0
    if one.time and other.time:
        time = 0 if one.time == other.time else 1
    else:
        time = 2 if one.time or other.time else 3
    return (
        _steps(one_told.sentence.number, other_told.sentence.number),
        int(one_told.candidate.entry.phrase == other_told.candidate.entry.phrase),
        shared,
        time,
        int(one.factuality == other.factuality),
        EVENT_TYPES.index(str(one.type)),
    )


def _place_of(told: Told, kind: int) -> Place:
    return Place(told.sentence.number, told.candidate.start, told.candidate.end, kind)


def _pairs(window: Window, told: Told, stands: Iterable[tuple[int, Place]], event: int) -> Iterable[Pair]:
    trigger = trigger_position(window, told)
    for number, place in stands:
        if reached := window.reach(place.start, place.end):
            here = place.sentence == told.sentence.number
            categories = (
                _distance(trigger, reached),
                _steps(place.sentence, told.sentence.number),
                _between(told, place) if here else _ELSEWHERE,
                place.kind,
                event,
            )
            yield Pair(number, *reached, categories)


def _distance(trigger: tuple[int, int], other: tuple[int, int]) -> int:
    """Return on which side and how far off something stands, in steps that grow with the distance."""
    gap = other[0] - trigger[1] if other[0] > trigger[1] else min(0, other[1] - trigger[0])
    steps = min(_FARTHEST, round(1.5 * math.log2(1 + abs(gap))))
    return _FARTHEST + (steps if gap > 0 else -steps)


def _steps(sentence: int, of_trigger: int) -> int:
    """Return how many sentences before or after the trigger's something stands; the headline apart."""
    if sentence == of_trigger:
        return 0
    if sentence > of_trigger:
        return _STEPS_BACK + min(2, sentence - of_trigger)
    back = min(_STEPS_BACK, of_trigger - sentence)
    return SENTENCES - 1 if sentence == 0 and back > 1 else back


def _between(told: Told, place: Place) -> int:
    low, high = sorted((told.candidate.start, place.start))
    starts = (told.sentence.starts[head] for head in told.heads)
    return min(_BETWEEN, sum(1 for start in starts if low < start < high))
