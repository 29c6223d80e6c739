"""GEXF 1.3 for Gephi's timeline: actors, the events between them, and the states that held between them.

Each edge has its time as a spell and its event type as its ``kind``: Gephi keeps parallel edges of different
kinds apart. No attribute is called ``type``, which readers take for an edge's direction. Readers that know no
spells find the same bounds in the attributes ``earliest`` and ``latest``. networkx cannot write ``kind``.
"""

from collections.abc import Mapping
from typing import BinaryIO, Final

from relgraph.export.appearance import Colour, edge_colour, node_appearances
from relgraph.export.network import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Edge, Network, Node, Value
from relgraph.export.selection import Selection
from relgraph.export.xml import attribute_text
from relgraph.graph import EventGraph

_TYPES: Final = {str: "string", int: "integer", float: "double"}
_OWN_PLACE: Final = frozenset({"label", "weight"})
"""Attributes that GEXF has itself, so they are not written as values."""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
  <meta>
    <creator>relgraph</creator>
    <description>Events between actors, and the offices and memberships that joined them</description>
  </meta>
  <graph mode="dynamic" timeformat="date" timerepresentation="interval" defaultedgetype="directed" \
idtype="string">
"""


def write(graph: EventGraph, selection: Selection, file: BinaryIO) -> None:
    """Write the network of the chosen events, nodes by key and edges by time, states after events.

    Raises:
        RelgraphError: an actor or a date of the selection is none.
    """
    network = Network(graph, selection)
    file.write(_HEAD.encode())
    file.write(_model("node", NODE_ATTRIBUTES).encode())
    file.write(_model("edge", EDGE_ATTRIBUTES).encode())
    appearances = node_appearances(network.nodes)
    file.write(b"    <nodes>\n")
    for node in network.nodes:
        x, y, size, colour = appearances[node.id]
        place = f'<viz:position x="{x}" y="{y}" z="0.0"/><viz:size value="{size}"/>'
        file.write(_node(node, f"{place}{_colour(colour)}").encode())
    file.write(b"    </nodes>\n    <edges>\n")
    for edges in (network.edges(), network.states()):
        for edge in edges:
            file.write(_edge(edge).encode())
    file.write(b"    </edges>\n  </graph>\n</gexf>\n")


def _model(element: str, attributes: Mapping[str, type]) -> str:
    lines = "".join(
        f'      <attribute id="{name}" title="{name}" type="{_TYPES[kind]}"/>\n'
        for name, kind in attributes.items()
        if name not in _OWN_PLACE
    )
    return f'    <attributes class="{element}" mode="static">\n{lines}    </attributes>\n'


def _node(node: Node, appearance: str) -> str:
    head = f"id={attribute_text(node.id)} label={attribute_text(str(node.values['label']))}"
    return f"      <node {head}>{_values(node.values)}{appearance}</node>\n"


def _edge(edge: Edge) -> str:
    ends = f"source={attribute_text(edge.source)} target={attribute_text(edge.target)}"
    label, weight = (attribute_text(str(edge.values[name])) for name in ("label", "weight"))
    head = (
        f"id={attribute_text(edge.id)} {ends} kind={attribute_text(edge.kind)} label={label} weight={weight}"
    )
    return f"      <edge {head}>{_values(edge.values)}{_spell(edge)}{_colour(edge_colour(edge))}</edge>\n"


def _values(values: Mapping[str, Value]) -> str:
    lines = "".join(
        f'<attvalue for="{name}" value={attribute_text(str(value))}/>'
        for name, value in values.items()
        if name not in _OWN_PLACE
    )
    return f"<attvalues>{lines}</attvalues>"


def _spell(edge: Edge) -> str:
    """Return the edge's time, both days included; a bound that is open or unknown is left out."""
    bounds = (("start", edge.values.get("earliest")), ("end", edge.values.get("latest")))
    said = "".join(f' {name}="{day}"' for name, day in bounds if day)
    return f"<spells><spell{said}/></spells>" if said else ""


def _colour(colour: Colour) -> str:
    return f'<viz:color r="{colour.r}" g="{colour.g}" b="{colour.b}"/>'
