"""Vietnamese time expressions: a grammar in data files, its resolvers, and the spaCy component."""

from relgraph.nlp.timex.component import TimexTagger
from relgraph.nlp.timex.tagging import tag_time_expressions

__all__ = ["TimexTagger", "tag_time_expressions"]
