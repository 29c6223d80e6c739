"""JSON-LD 1.1: all named graphs, each thing as one JSON object, by the context that relgraph ships.

``ontology/context.jsonld`` gives properties a short name and says what their values are; each file carries
it, so that it can be read without the network. A property that has no short name, or whose value is not what
that says, stands under its prefixed name, as in JSON-LD's compaction (https://www.w3.org/TR/json-ld11-api/).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any, BinaryIO, Final

from pyoxigraph import Literal, NamedNode, Quad

from relgraph.export.selection import Selection
from relgraph.export.statements import chosen_quads
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.resources import shipped

_STRING: Final = f"{v.XSD}string"
_NATIVE: Final = {f"{v.XSD}integer": int, f"{v.XSD}boolean": {"true": True, "false": False}.get}
"""Datatypes that JSON has itself, with how their canonical forms are read."""


def write(graph: EventGraph, selection: Selection, file: BinaryIO) -> None:
    """Write the chosen part as JSON-LD, one thing a line, ordered by graph and id.

    Raises:
        RelgraphError: an actor or a date of the selection is none.
    """
    for text in _texts(chosen_quads(graph, selection)):
        file.write(text.encode())


def text_of(quads: Iterable[Quad]) -> str:
    """Return quads that are ordered by graph and subject as JSON-LD; blank nodes may not be among them."""
    return "".join(_texts(quads))


def _texts(quads: Iterable[Quad]) -> Iterator[str]:
    yield f'{{"@context": {json.dumps(_context(), ensure_ascii=False)},\n"@graph": ['
    for number, (name, of_graph) in enumerate(groupby(quads, key=lambda quad: quad.graph_name)):
        yield f'{"," if number else ""}\n{{"@id": {json.dumps(_short(_iri(name)))}, "@graph": ['
        for position, (subject, about) in enumerate(groupby(of_graph, key=lambda quad: quad.subject)):
            yield f"{',' if position else ''}\n{json.dumps(_thing(_iri(subject), about), ensure_ascii=False)}"
        yield "\n]}"
    yield "\n]}\n"


def _thing(subject: str, quads: Iterable[Quad]) -> dict[str, Any]:
    """Return what the quads say of their subject as a node object."""
    thing: dict[str, Any] = {"@id": _short(subject)}
    for quad in quads:
        if quad.predicate == v.RDF_TYPE:
            thing.setdefault("@type", []).append(_short_by_vocabulary(_iri(quad.object)))
        else:
            _add(thing, quad.predicate.value, quad.object)
    return thing


def _add(thing: dict[str, Any], predicate: str, value: Any) -> None:
    for term, definition in _terms().get(predicate, ()):
        if isinstance(value, Literal) and value.language and definition.get("@container") == "@language":
            thing.setdefault(term, {}).setdefault(value.language, []).append(value.value)
            return
        if _fits(value, definition):
            thing.setdefault(term, []).append(_plain(value))
            return
    thing.setdefault(_short(predicate), []).append(_full(value))


def _fits(value: Any, definition: Mapping[str, str]) -> bool:
    """Tell whether a value can stand plain under a term of that definition."""
    kind = definition.get("@type")
    if "@container" in definition:
        return False
    if isinstance(value, NamedNode):
        return kind == "@id"
    if not isinstance(value, Literal) or value.language:
        return False
    if kind:
        return _expanded(kind) == value.datatype.value
    return value.datatype.value == _STRING or _native(value) is not None


def _plain(value: NamedNode | Literal) -> Any:
    if isinstance(value, NamedNode):
        return _short(value.value)
    native = _native(value)
    return value.value if native is None else native


def _full(value: Any) -> Any:
    if isinstance(value, Literal):
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if value.datatype.value == _STRING:
            return value.value
        return {"@value": value.value, "@type": _short(value.datatype.value)}
    return {"@id": _short(_iri(value))}


def _native(value: Literal) -> int | bool | None:
    """Return the JSON value of a number or truth value, if it can be told from it again."""
    read = _NATIVE.get(value.datatype.value)
    try:
        native: int | bool | None = read(value.value) if read else None  # type: ignore[operator]
    except ValueError:
        return None
    return native if json.dumps(native) == value.value else None


def _iri(term: Any) -> str:
    """Return the IRI of a term that is one; relgraph's graphs have no blank nodes."""
    iri: str = term.value
    return iri


def _short(iri: str) -> str:
    """Return an IRI with the longest prefix that the context has for it, or as it is."""
    for namespace, prefix in _prefixes():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _short_by_vocabulary(iri: str) -> str:
    """Return the name that the context gives a class."""
    return _classes().get(iri) or _short(iri)


def _expanded(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{_context()[prefix]}{local}" if colon and prefix in _context() else name


@lru_cache(maxsize=1)
def _context() -> dict[str, Any]:
    document = json.loads(shipped("ontology", "context.jsonld").read_text(encoding="utf-8"))
    context: dict[str, Any] = document["@context"]
    return context


@lru_cache(maxsize=1)
def _prefixes() -> list[tuple[str, str]]:
    """Namespaces and their prefixes, longest namespace first."""
    simple = ((iri, name) for name, iri in _context().items() if isinstance(iri, str) and iri[-1] in "#/")
    return sorted(simple, key=lambda pair: (-len(pair[0]), pair))


@lru_cache(maxsize=1)
def _classes() -> dict[str, str]:
    """Names of classes by IRI: terms that say nothing but their IRI."""
    simple = ((name, iri) for name, iri in _context().items() if isinstance(iri, str))
    return {_expanded(iri): name for name, iri in simple if iri[-1] not in "#/"}


@lru_cache(maxsize=1)
def _terms() -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Names of properties with their definitions, by the property's IRI."""
    terms: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for name, definition in _context().items():
        if isinstance(definition, dict):
            terms.setdefault(_expanded(definition["@id"]), []).append((name, definition))
    return terms
