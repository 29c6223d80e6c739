"""GraphML for Gephi, igraph and networkx: actors and the actual events between them.

Gephi drops edges whose ids are not unique and knows no dates in GraphML: each edge has an id of its own, and
times are ISO text beside integer years. Each attribute has one type; what is unknown has no ``data`` element.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from relgraph.graph import EventGraph

NODE_ATTRIBUTES: Final = {"label": "string", "label_vi": "string", "entity_type": "string", "events": "int"}
EDGE_ATTRIBUTES: Final = {
    "label": "string",
    "event": "string",
    "event_type": "string",
    "relation": "string",
    "mode": "string",
    "factuality": "string",
    "place": "string",
    "earliest": "string",
    "latest": "string",
    "edtf": "string",
    "precision": "string",
    "year": "int",
    "evidence": "int",
    "articles": "int",
    "weight": "double",
}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


class _Edge(NamedTuple):
    earliest: str
    id: str
    source: str
    target: str
    values: dict[str, Any]


def write(graph: EventGraph, file: BinaryIO) -> None:
    """Write the view of :meth:`EventGraph.to_networkx`, nodes by key and edges by time, undated ones first.

    Edges carry a ``weight``, the number of articles that report the event, and a ``label``, its type.
    """
    view = graph.to_networkx()
    _write(file, _HEAD)
    for element, attributes in (("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
        for name, kind in attributes.items():
            key = f'id="{element}_{name}" for="{element}" attr.name="{name}" attr.type="{kind}"'
            _write(file, f"  <key {key}/>\n")
    _write(file, '  <graph id="relgraph" edgedefault="directed">\n')
    for node in sorted(view):
        _write(file, f"    <node id={_attribute(node)}>\n")
        _write_data(file, "node", NODE_ATTRIBUTES, view.nodes[node])
        _write(file, "    </node>\n")
    edges = [
        _Edge(values.get("earliest", ""), key, source, target, values)
        for source, target, key, values in view.edges(keys=True, data=True)
    ]
    for edge in sorted(edges, key=lambda edge: edge[:2]):
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        derived = {"label": edge.values["event_type"], "weight": float(edge.values["articles"])}
        _write(file, f"    <edge id={_attribute(edge.id)} {ends}>\n")
        _write_data(file, "edge", EDGE_ATTRIBUTES, edge.values | derived)
        _write(file, "    </edge>\n")
    _write(file, "  </graph>\n</graphml>\n")


def _write_data(file: BinaryIO, element: str, names: Iterable[str], values: Mapping[str, Any]) -> None:
    for name in names:
        if name in values:
            text = escape(_NOT_XML.sub("", str(values[name])))
            _write(file, f'      <data key="{element}_{name}">{text}</data>\n')


def _attribute(value: str) -> str:
    return quoteattr(_NOT_XML.sub("", value))


def _write(file: BinaryIO, text: str) -> None:
    file.write(text.encode("utf-8"))
