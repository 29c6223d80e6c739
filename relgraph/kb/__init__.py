"""Who and what the news names: the knowledge base, its checks, and linking."""

from relgraph.kb.base import KnowledgeBase, Location, Match, name_key, names_of, normalised

__all__ = ["KnowledgeBase", "Location", "Match", "name_key", "names_of", "normalised"]
