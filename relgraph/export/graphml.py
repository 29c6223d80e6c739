"""GraphML for Gephi, igraph and networkx: actors and the events between them.

Gephi drops edges whose ids are not unique and knows no dates in GraphML: each edge has an id of its own, and
times are ISO text beside integer years and months. Each attribute has one type; what is unknown has no
``data`` element. Gephi takes ``label``, ``weight``, ``x``, ``y``, ``size``, ``r``, ``g`` and ``b`` by name.
"""

from collections.abc import Mapping
from typing import BinaryIO, Final

from relgraph.export.appearance import EDGE_APPEARANCE, NODE_APPEARANCE, edge_colour, node_appearances
from relgraph.export.network import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Network, Value
from relgraph.export.selection import Selection
from relgraph.export.xml import attribute_text, element_text
from relgraph.graph import EventGraph

_TYPES: Final = {str: "string", int: "int", float: "double"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(graph: EventGraph, selection: Selection, file: BinaryIO) -> None:
    """Write the network of the chosen events, nodes by key and edges by time.

    Raises:
        RelgraphError: an actor or a date of the selection is none.
    """
    network = Network(graph, selection)
    file.write(_HEAD.encode())
    file.write(_keys("node", {**NODE_ATTRIBUTES, **NODE_APPEARANCE}).encode())
    file.write(_keys("edge", {**EDGE_ATTRIBUTES, **EDGE_APPEARANCE}).encode())
    file.write(b'  <graph id="relgraph" edgedefault="directed">\n')
    appearances = node_appearances(network.nodes)
    for node in network.nodes:
        x, y, size, colour = appearances[node.id]
        data = _data("node", {**node.values, "x": x, "y": y, "size": size, **colour._asdict()})
        file.write(f"    <node id={attribute_text(node.id)}>\n{data}    </node>\n".encode())
    for edge in network.edges():
        ends = f"source={attribute_text(edge.source)} target={attribute_text(edge.target)}"
        data = _data("edge", {**edge.values, **edge_colour(edge)._asdict()})
        file.write(f"    <edge id={attribute_text(edge.id)} {ends}>\n{data}    </edge>\n".encode())
    file.write(b"  </graph>\n</graphml>\n")


def _keys(element: str, attributes: Mapping[str, type]) -> str:
    return "".join(
        f'  <key id="{element}_{name}" for="{element}" attr.name="{name}" attr.type="{_TYPES[kind]}"/>\n'
        for name, kind in attributes.items()
    )


def _data(element: str, values: Mapping[str, Value]) -> str:
    return "".join(
        f'      <data key="{element}_{name}">{element_text(str(value))}</data>\n'
        for name, value in values.items()
    )
