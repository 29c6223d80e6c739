"""How things look: colours by ``appearance.yaml``; sizes and places of a network, the same each time."""

from collections.abc import Sequence
from functools import lru_cache
from math import cos, pi, sin, sqrt
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from relgraph.export.network import Edge, Node

_SETTINGS = Path(__file__).parent / "appearance.yaml"
_GOLDEN_ANGLE: Final = pi * (3 - sqrt(5))  # radians; spreads points evenly over a disc (Vogel 1979)

NODE_APPEARANCE: Final[dict[str, type]] = {
    "x": float,
    "y": float,
    "size": float,
    "r": int,
    "g": int,
    "b": int,
}
EDGE_APPEARANCE: Final[dict[str, type]] = {"r": int, "g": int, "b": int}
"""The attributes from which Gephi takes how a node or an edge looks, with their types."""


class Colour(NamedTuple):
    """Red, green and blue, each from 0 to 255."""

    r: int
    g: int
    b: int


class NodeAppearance(NamedTuple):
    """Where a node stands, how large it is, and its colour."""

    x: float
    y: float
    size: float
    colour: Colour


def node_appearances(nodes: Sequence[Node]) -> dict[str, NodeAppearance]:
    """Return how each node looks, by its id.

    The area grows with the number of events. Nodes stand on a disc without covering each other, the busiest
    in the middle; layouts that start from there give the same picture each time.
    """
    sizes = {name: float(value) for name, value in _settings()["sizes"].items()}
    busiest = sorted(nodes, key=lambda node: (-int(node.values["events"]), node.id))
    most = int(busiest[0].values["events"]) if busiest else 1
    distance = sizes["smallest"] + sizes["range"]
    return {
        node.id: NodeAppearance(
            x=round(distance * on_disc(rank)[0], 2),
            y=round(distance * on_disc(rank)[1], 2),
            size=round(sizes["smallest"] + sizes["range"] * sqrt(int(node.values["events"]) / most), 2),
            colour=_colour("entities", str(node.values.get("entity_type", "MISC"))),
        )
        for rank, node in enumerate(busiest)
    }


def colour_code(group: str, name: str) -> str:
    """Return a colour of ``appearance.yaml`` as text.

    >>> colour_code("edges", "material-conflict")
    '#D55E00'
    """
    return str(_settings()[group][name])


def term_colours() -> tuple[str, ...]:
    """Return the colours in which the terms of an office follow one another."""
    return tuple(_settings()["terms"])


def all_colour_codes() -> tuple[str, ...]:
    """Return every colour, each once."""
    groups = (group.values() for group in _settings().values() if isinstance(group, dict))
    codes = [code for group in groups for code in group if isinstance(code, str)]
    return tuple(dict.fromkeys((*codes, *term_colours())))


def on_disc(rank: int) -> tuple[float, float]:
    """Return a place on a disc, of which each rank has its own, the lowest in the middle."""
    return sqrt(rank) * cos(rank * _GOLDEN_ANGLE), sqrt(rank) * sin(rank * _GOLDEN_ANGLE)


def edge_colour(edge: Edge) -> Colour:
    """Return the colour of an edge: an event's by its quad class, a state's by its kind."""
    return _colour("edges", str(edge.values.get("quad_class", edge.kind)))


@lru_cache(maxsize=64)
def _colour(group: str, name: str) -> Colour:
    code = colour_code(group, name)
    return Colour(*(int(code[place : place + 2], 16) for place in (1, 3, 5)))


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load(_SETTINGS.read_text(encoding="utf-8"))
    return settings
