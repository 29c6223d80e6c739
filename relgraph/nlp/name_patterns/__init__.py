"""Find the names of one sentence: known ones, and unknown ones by their capitals, heads and neighbours."""

from relgraph.nlp.name_patterns.patterns import NamePatterns, spans_only
from relgraph.nlp.name_patterns.reading import Candidate, Evidence, Sentence

__all__ = ["Candidate", "Evidence", "NamePatterns", "Sentence", "spans_only"]
