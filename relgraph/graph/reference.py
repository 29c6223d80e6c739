"""The reference page of the vocabulary, made from the ontology files."""

from collections.abc import Iterable, Iterator

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from relgraph.graph import vocabulary as v
from relgraph.resources import shipped

_PREFIXES = v.PREFIXES | {"time": "http://www.w3.org/2006/time#", "foaf": "http://xmlns.com/foaf/0.1/"}
_MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.narrowMatch, SKOS.broadMatch, SKOS.relatedMatch)
_RELATIONS = (
    (RDFS.subClassOf, "a kind of"),
    (RDFS.subPropertyOf, "a kind of"),
    (OWL.disjointWith, "never a"),
    (RDFS.domain, "of"),
    (RDFS.range, "gives"),
    (OWL.inverseOf, "the other way round"),
    (OWL.equivalentClass, "the same as"),
    (OWL.equivalentProperty, "the same as"),
    (SKOS.closeMatch, "close to"),
)
_HEAD = """# The vocabulary of relgraph

Made from `relgraph.ttl` and `event-types.ttl` by `relgraph vocabulary -o ontology/reference.md`; do not edit.
Terms of relgraph's own are in the namespace `rg:` (`{rg}`), types of events in `rgt:` (`{rgt}`). They are
aligned with the Simple Event Model, OWL-Time, PROV-O, the Web Annotation vocabulary, W3C ORG and SKOS.
"""


def reference_page() -> str:
    """Return the page as Markdown: classes, properties, values, event types with their modes and mappings."""
    ontology = Graph().parse(shipped("ontology", "relgraph.ttl"))
    types = Graph().parse(shipped("ontology", "event-types.ttl"))
    lines = [_HEAD.format(rg=v.ONTOLOGY, rgt=v.EVENT_TYPES)]
    own = _sorted({term for term in ontology.subjects(RDF.type, None) if str(term).startswith(v.ONTOLOGY)})
    classes = [term for term in own if (term, RDF.type, OWL.Class) in ontology]
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = [term for term in own if any((term, RDF.type, kind) in ontology for kind in kinds)]
    values = [term for term in own if term not in classes and term not in properties]
    for title, terms in (("Classes", classes), ("Properties", properties), ("Values", values)):
        lines.append(f"## {title}\n")
        for term in terms:
            lines += _term(ontology, term)
    lines.append("## Event types\n")
    for quad in _sorted(types.objects(None, SKOS.hasTopConcept)):
        lines += _concept(types, quad, "###")
        for concept in _sorted(types.subjects(SKOS.broader, quad)):
            lines += _concept(types, concept, "####")
            for mode in _sorted(types.subjects(SKOS.broader, concept)):
                lines.append(f"- `{_short(mode)}` {_texts(types, mode, SKOS.prefLabel)}")
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _term(graph: Graph, term: Node) -> list[str]:
    told = [
        f"{words} {', '.join(f'`{_short(value)}`' for value in values)}"
        for relation, words in _RELATIONS
        if (values := _sorted(value for value in graph.objects(term, relation) if isinstance(value, URIRef)))
    ]
    definitions = (f"{text}  " for text in _definitions(graph, term, RDFS.comment))
    about = f"{'; '.join(told)}.\n" if told else ""
    return [f"### `{_short(term)}`\n", f"**{_texts(graph, term, RDFS.label)}**  ", *definitions, about]


def _concept(graph: Graph, concept: Node, heading: str) -> list[str]:
    targets = [f"`{_short(t)}`" for p in _MAPPINGS for t in _sorted(graph.objects(concept, p))]
    mapped = f"Corresponds to {', '.join(targets)}.\n" if targets else ""
    definitions = (f"{text}  " for text in _definitions(graph, concept, SKOS.definition))
    title = f"{heading} `{_short(concept)}`\n"
    return [title, f"**{_texts(graph, concept, SKOS.prefLabel)}**  ", *definitions, mapped]


def _texts(graph: Graph, term: Node, predicate: URIRef) -> str:
    """Return the English and the Vietnamese label."""
    return " · ".join(_definitions(graph, term, predicate))


def _definitions(graph: Graph, term: Node, predicate: URIRef) -> Iterator[str]:
    texts = {text.language: str(text) for text in graph.objects(term, predicate) if isinstance(text, Literal)}
    return (texts[language] for language in ("en", "vi") if language in texts)


def _sorted(terms: Iterable[Node]) -> list[Node]:
    return sorted(terms, key=str)


def _short(term: Node) -> str:
    schemes = {"cameo": "https://w3id.org/relgraph/cameo#", "ace": "https://w3id.org/relgraph/ace#"}
    for prefix, namespace in (_PREFIXES | schemes).items():
        if str(term).startswith(namespace):
            return f"{prefix}:{str(term)[len(namespace) :]}"
    return str(term)
