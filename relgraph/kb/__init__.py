"""Who and what the news names: the knowledge base, its checks, and linking."""

from relgraph.kb.base import KnowledgeBase, Match, name_key, names_of, normalised
from relgraph.kb.reading import Location

__all__ = ["KnowledgeBase", "Location", "Match", "name_key", "names_of", "normalised"]
