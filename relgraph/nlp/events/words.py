"""The function words and marks of the lexicon "clauses", as sets."""

from functools import cache

from relgraph.nlp.lexicon import read_lexicon


@cache
def clause_words(kind: str) -> frozenset[str]:
    """Return the words of one group of the lexicon "clauses"."""
    return frozenset(read_lexicon("clauses")[kind])


def boundaries() -> frozenset[str]:
    """Return the marks at which a clause ends."""
    return clause_words("boundaries")
