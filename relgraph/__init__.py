"""relgraph: Vietnamese news on Russia-Iran relations as an event knowledge graph.

>>> import relgraph
>>> nlp = relgraph.load()
>>> doc = nlp("Ngày 4/4/2018, ông Putin gặp ông Rouhani tại Ankara.")
>>> [entity.name for entity in doc._.entities]
['Vladimir Putin', 'Hassan Rouhani', 'Ankara']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relgraph.graph import EventGraph, build
    from relgraph.pipeline import extract, load

__all__ = ["EventGraph", "build", "extract", "load"]

_HOMES = {
    "EventGraph": "relgraph.graph",
    "build": "relgraph.graph",
    "extract": "relgraph.pipeline",
    "load": "relgraph.pipeline",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: the pipeline and the store take a second to load."""
    if name not in _HOMES:
        raise AttributeError(f"module 'relgraph' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
