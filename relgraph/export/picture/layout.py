"""Where the actors of a picture stand: a force-directed layout in which no two boxes overlap."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import log1p
from typing import Final, NamedTuple

import networkx as nx

_SEEDS: Final = range(32)  # layouts to choose from; more are hardly better and take time
_ROUNDS: Final = 200  # of pushing overlapping boxes apart; a few dozen are the rule
_FULL: Final = 14  # from so many actors on the layout fills the panel


class Box(NamedTuple):
    """The room that an actor takes, in points.

    Attributes:
        radius: of its circle, which stands at the top of the box, in the middle.
    """

    width: float
    height: float
    radius: float


class Point(NamedTuple):
    """A place in points, from the lower left."""

    x: float
    y: float


class Panel(NamedTuple):
    """A rectangle in points, from the lower left."""

    left: float
    bottom: float
    width: float
    height: float


def place(boxes: Mapping[str, Box], ties: Mapping[tuple[str, str], int], panel: Panel) -> dict[str, Point]:
    """Return the centre of each actor's circle.

    Of some force-directed layouts (Fruchterman & Reingold 1991), each pushed apart until no boxes overlap,
    the one is taken in which the fewest ties run through boxes and across each other.
    The same input gives the same places.

    Args:
        boxes: by actor.
        ties: number of events between two actors.
        panel: where all boxes must lie.
    """
    layouts = (_layout(boxes, ties, panel, seed) for seed in _SEEDS)
    return min(layouts, key=lambda places: _faults(places, boxes, ties))


def overlapping(places: Mapping[str, Point], boxes: Mapping[str, Box]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of actors whose boxes overlap."""
    for a, b in combinations(places, 2):
        x, y = _overlap(_middle(places[a], boxes[a]), boxes[a], _middle(places[b], boxes[b]), boxes[b])
        if x > 0 and y > 0:
            yield a, b


def _layout(
    boxes: Mapping[str, Box], ties: Mapping[tuple[str, str], int], panel: Panel, seed: int
) -> dict[str, Point]:
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from(boxes)
    network.add_weighted_edges_from((a, b, log1p(events)) for (a, b), events in ties.items())
    _join_parts(network)
    distance = 1.6 / max(len(boxes), 1) ** 0.5
    raw = nx.spring_layout(network, k=distance, iterations=150, seed=seed)
    middles = _stretched({key: (float(x), float(y)) for key, (x, y) in raw.items()}, panel)
    _push_apart(middles, boxes, panel)
    return {key: Point(x, y + boxes[key].height / 2 - boxes[key].radius) for key, (x, y) in middles.items()}


def _join_parts(network: "nx.Graph[str]") -> None:
    """Tie each further part to whoever has most ties: parts repel each other, out of all proportion."""
    parts = sorted(nx.connected_components(network), key=lambda part: (-len(part), min(part)))
    hubs = [max(sorted(part), key=lambda key: network.degree(key, "weight")) for part in parts]
    network.add_edges_from(((hubs[0], hub) for hub in hubs[1:]), weight=log1p(1))


def _stretched(raw: Mapping[str, tuple[float, float]], panel: Panel) -> dict[str, list[float]]:
    """Fill the panel, or for few actors its middle."""
    if not raw:
        return {}
    spread = min(1.0, 0.3 + 0.7 * len(raw) / _FULL)
    starts = (panel.left, panel.bottom)
    middles: dict[str, list[float]] = {key: [] for key in raw}
    for axis, (start, length) in enumerate(zip(starts, (panel.width, panel.height), strict=True)):
        values = [point[axis] for point in raw.values()]
        low, extent = min(values), (max(values) - min(values)) or 1.0
        for key, point in raw.items():
            share = (point[axis] - low) / extent if len(raw) > 1 else 0.5
            middles[key].append(start + length * (0.5 + spread * (share - 0.5)))
    return middles


def _push_apart(middles: dict[str, list[float]], boxes: Mapping[str, Box], panel: Panel) -> None:
    """Move boxes, each overlapping pair along the shorter way, until none overlap."""
    for _ in range(_ROUNDS):
        for key, middle in middles.items():
            _keep_inside(middle, boxes[key], panel)
        moved = False
        for a, b in combinations(middles, 2):
            one, other = middles[a], middles[b]
            overlap = _overlap(one, boxes[a], other, boxes[b])
            if min(overlap) <= 0:
                continue
            axis = 0 if overlap[0] < overlap[1] else 1
            step = (overlap[axis] / 2 + 0.1) * (1 if one[axis] > other[axis] else -1)
            one[axis] += step
            other[axis] -= step
            moved = True
        if not moved:
            return


def _keep_inside(middle: list[float], box: Box, panel: Panel) -> None:
    left, bottom = panel.left + box.width / 2, panel.bottom + box.height / 2
    middle[0] = min(max(middle[0], left), panel.left + panel.width - box.width / 2)
    middle[1] = min(max(middle[1], bottom), panel.bottom + panel.height - box.height / 2)


def _overlap(one: Iterable[float], box: Box, other: Iterable[float], box_2: Box) -> tuple[float, float]:
    (x, y), (x_2, y_2) = one, other
    return (box.width + box_2.width) / 2 - abs(x - x_2), (box.height + box_2.height) / 2 - abs(y - y_2)


def _middle(place: Point, box: Box) -> Point:
    return Point(place.x, place.y + box.radius - box.height / 2)


def _faults(
    places: Mapping[str, Point], boxes: Mapping[str, Box], ties: Mapping[tuple[str, str], int]
) -> tuple[int, float]:
    """Rate a layout: overlapping boxes first, then what ties run through, thick ones counting more.

    Through another actor's box is three times as bad as across a tie; through the label of an actor of one's
    own is in between.
    """
    faults = 0.0
    for (a, b), events in ties.items():
        start, end = places[a], places[b]
        for key, place in places.items():
            own = key in (a, b)
            middle, box = _label_of(place, boxes[key]) if own else (_middle(place, boxes[key]), boxes[key])
            if _runs_through(start, end, middle, box):
                faults += (2 if own else 3) * log1p(events)
    faults += sum(
        _cross(places[a], places[b], places[c], places[d])
        for (a, b), (c, d) in combinations(ties, 2)
        if len({a, b, c, d}) == 4
    )
    return sum(1 for _ in overlapping(places, boxes)), faults


def _label_of(place: Point, box: Box) -> tuple[Point, Box]:
    height = box.height - 2 * box.radius
    return Point(place.x, place.y - box.radius - height / 2), box._replace(height=height)


def _runs_through(start: Point, end: Point, middle: Point, box: Box) -> bool:
    """Tell whether a line meets a box: it crosses a diagonal."""
    half_x, half_y = box.width / 2, box.height / 2
    corners = [Point(middle.x + x * half_x, middle.y + y * half_y) for y in (-1, 1) for x in (-1, 1)]
    return _cross(start, end, corners[0], corners[3]) or _cross(start, end, corners[1], corners[2])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) != _turn(a, b, d) and _turn(c, d, a) != _turn(c, d, b)


def _turn(a: Point, b: Point, c: Point) -> bool:
    return (b.x - a.x) * (c.y - a.y) > (b.y - a.y) * (c.x - a.x)
