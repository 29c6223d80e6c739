"""Evidence is only handed on while it can be checked: each quote stands in its article where it says."""

import hashlib

from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph

_TEXTS = """
PREFIX rg: <https://w3id.org/relgraph/ontology#>
SELECT ?article ?text ?hash WHERE { GRAPH ?g { ?article rg:text ?text . ?article rg:sha256 ?hash } }
"""
_QUOTES = """
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?article ?start ?end ?quote WHERE {
  GRAPH ?g {
    ?target oa:hasSource ?article .
    ?target oa:hasSelector ?position .
    ?position oa:start ?start .
    ?position oa:end ?end .
    ?target oa:hasSelector ?words .
    ?words oa:exact ?quote .
  }
}
"""


def refuse_wrong_quotes(graph: EventGraph) -> None:
    """Raise where an article's text is not the one that was read, or a quote does not stand in it.

    Raises:
        RelgraphError: names the article and the quote.
    """
    texts: dict[str, str] = {}
    for article, text, text_hash in graph.store.rows(_TEXTS):
        if hashlib.sha256(text.encode()).hexdigest() != text_hash:
            raise _wrong(graph, article, "its text is not the one that was read")
        texts[article] = text
    for article, start, end, quote in graph.store.rows(_QUOTES):
        if texts.get(article, "")[int(start) : int(end)] != quote:
            raise _wrong(graph, article, f"the quote {quote!r} does not stand at {start}-{end}")


def _wrong(graph: EventGraph, article: str, problem: str) -> RelgraphError:
    return RelgraphError(graph.folder, f"article {article}: {problem}", "build the store again")
