"""Answers one SPARQL query in a process of its own, so that it can be ended when it runs too long.

pyoxigraph can't cancel a query (https://github.com/oxigraph/oxigraph/issues/1926). This file is run as a
script and imports nothing of relgraph, so that it starts in some tens of milliseconds. It reads a request as
JSON from standard input and writes JSON lines: the columns, one list of terms a row, and how it ended.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

ALLOWED_MEMORY = 4 * 2**30  # bytes of address space; a query that needs more is ended by the system


def main() -> None:
    """Answer the request on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (ALLOWED_MEMORY, ALLOWED_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    request = json.load(sys.stdin)
    try:
        for message in answer(request):
            print(json.dumps(message))
        ending = {"end": "complete"}
    except SyntaxError as error:
        ending = {"end": "syntax", "detail": str(error)}
    except (OSError, RuntimeError, ValueError) as error:
        ending = {"end": "failed", "detail": str(error)}
    except MemoryError:
        ending = {"end": "memory"}
    print(json.dumps(ending))


def answer(request: dict[str, Any]) -> Iterator[object]:
    """Yield the columns and then the rows; a row too many ends it with a message of its own."""
    store = ox.Store.read_only(request["store"])
    graphs: list[Any] = [ox.NamedNode(graph) for graph in request["graphs"]]
    result = store.query(request["query"], prefixes=request["prefixes"], default_graph=graphs)
    if isinstance(result, ox.QueryBoolean):
        yield ["answer"]
        yield [["literal", str(bool(result)).lower(), "http://www.w3.org/2001/XMLSchema#boolean", None]]
        return
    if isinstance(result, ox.QuerySolutions):
        yield [variable.value for variable in result.variables]
    else:
        yield ["subject", "predicate", "object"]
    for number, row in enumerate(result):
        if number == request["rows"]:
            raise ValueError(f"it has more than {number} rows")
        yield [_encoded(term) for term in row]


def _encoded(term: Any) -> list[Any] | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return ["iri", term.value]
    if isinstance(term, ox.BlankNode):
        return ["blank", term.value]
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.datatype.value, term.language]
    raise ValueError("it gives a triple as a value, which has no place in a table")


if __name__ == "__main__":
    main()
