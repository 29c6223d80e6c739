"""From documents to a graph of events that can be asked about any moment in time."""

from relgraph.graph.build import BuildReport, build
from relgraph.graph.event_graph import EventGraph
from relgraph.graph.knowledge import Knowledge
from relgraph.graph.query import NamedQuery, Parameter, QueryResult, named_queries

__all__ = [
    "BuildReport",
    "EventGraph",
    "Knowledge",
    "NamedQuery",
    "Parameter",
    "QueryResult",
    "build",
    "named_queries",
]
