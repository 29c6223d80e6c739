"""The ontology files and the code use the same terms, and every term has both its labels."""

import re
from pathlib import Path

import owlrl
import pyoxigraph
import pytest
from graph_documents import ARTICLE_1, ARTICLE_2, DOCUMENT_1, DOCUMENT_2, Extractor, SmallKnowledge
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from relgraph.graph import EventGraph, build, named_queries, vocabulary
from relgraph.graph.reference import reference_page
from relgraph.model import EventType
from relgraph.resources import shipped

OWN = (vocabulary.ONTOLOGY, vocabulary.EVENT_TYPES)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(shipped("ontology", "relgraph.ttl"))


@pytest.fixture(scope="module")
def event_types() -> Graph:
    return Graph().parse(shipped("ontology", "event-types.ttl"))


@pytest.fixture(scope="module")
def used() -> set[str]:
    """The terms of relgraph's own namespaces that the code has constants for."""
    terms: set[str] = set()
    for value in vars(vocabulary).values():
        values = value.values() if isinstance(value, dict) else [value]
        terms |= {v.value for v in values if isinstance(v, pyoxigraph.NamedNode)}
    return {term for term in terms if term.startswith(OWN)}


def defined(graph: Graph, namespace: str) -> set[str]:
    return {str(s) for s in set(graph.subjects(RDF.type, None)) if str(s).startswith(namespace)}


def test_each_term_of_the_code_is_defined(ontology: Graph, event_types: Graph, used: set[str]) -> None:
    known = defined(ontology, vocabulary.ONTOLOGY) | defined(event_types, vocabulary.EVENT_TYPES)
    assert used <= known


def test_each_term_that_is_defined_is_used(ontology: Graph, used: set[str]) -> None:
    abstract = {
        f"{vocabulary.ONTOLOGY}{name}"
        for name in ("Factuality", "Precision", "TimeAnchor", "ParticipantRole")
    }
    assert defined(ontology, vocabulary.ONTOLOGY) - used == abstract


def test_each_term_has_labels_and_definitions_in_both_languages(ontology: Graph, event_types: Graph) -> None:
    for term in defined(ontology, vocabulary.ONTOLOGY):
        for predicate in (RDFS.label, RDFS.comment):
            assert {o.language for o in ontology.objects(URIRef(term), predicate)} == {"en", "vi"}, term
    for concept in event_types.subjects(RDF.type, SKOS.Concept):
        for predicate in (SKOS.prefLabel, SKOS.definition):
            assert {o.language for o in event_types.objects(concept, predicate)} == {"en", "vi"}, concept


def test_terms_have_one_kind_and_known_parents(ontology: Graph) -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
    for term in defined(ontology, vocabulary.ONTOLOGY):
        assert len(kinds & set(ontology.objects(URIRef(term), RDF.type))) <= 1, term
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range):
            for parent in ontology.objects(URIRef(term), predicate):
                if str(parent).startswith(vocabulary.ONTOLOGY):
                    assert str(parent) in defined(ontology, vocabulary.ONTOLOGY), (term, parent)


def test_event_types_have_a_quad_class_and_mappings_point_to_concepts(event_types: Graph) -> None:
    quads = {str(o) for o in event_types.objects(None, SKOS.hasTopConcept)}
    for event_type in EventType:
        concept = URIRef(vocabulary.EVENT_TYPES + event_type)
        assert str(event_types.value(concept, SKOS.broader)) in quads
        assert str(event_types.value(concept, SKOS.notation)) == event_type
    for predicate in (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, SKOS.broader):
        for target in event_types.objects(None, predicate):
            assert (target, RDF.type, SKOS.Concept) in event_types


def test_every_cameo_root_code_is_mapped(event_types: Graph) -> None:
    mapped = {
        str(target).removeprefix("https://w3id.org/relgraph/cameo#")
        for predicate in (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
        for target in event_types.objects(None, predicate)
        if "/cameo#" in str(target)
    }
    assert mapped == {f"{code:02}" for code in range(1, 21)}


@pytest.mark.shared
def test_cameo_mappings_agree_with_plover(event_types: Graph, shared: Path) -> None:
    table = (shared / "datasets" / "cameo-to-plover.txt").read_text(encoding="utf-8")
    for code, event_type in re.findall(r"^(\d\d): (\w+)$", table, re.MULTILINE):
        concept = URIRef(vocabulary.EVENT_TYPES + event_type)
        targets = {
            str(o)
            for p in (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch)
            for o in event_types.objects(concept, p)
        }
        assert f"https://w3id.org/relgraph/cameo#{code}" in targets


def test_modes_of_the_lexicon_are_concepts(event_types: Graph) -> None:
    notations = {str(o) for o in event_types.objects(None, SKOS.notation)}
    lexicons = Path(vocabulary.__file__).parents[1].joinpath("nlp").rglob("*.yaml")
    modes = {
        m for path in lexicons for m in re.findall(r"\bmode: *([a-z-]+)", path.read_text(encoding="utf-8"))
    }
    assert modes <= notations


def test_shapes_parse_and_constrain_terms_that_exist(ontology: Graph) -> None:
    shapes = Graph().parse(shipped("ontology", "shapes.ttl"))
    terms = {str(o) for o in shapes.objects() if str(o).startswith(vocabulary.ONTOLOGY)}
    assert terms and terms <= defined(ontology, vocabulary.ONTOLOGY)


def test_a_built_graph_uses_defined_terms_only(ontology: Graph, event_types: Graph, tmp_path: Path) -> None:
    known = defined(ontology, vocabulary.ONTOLOGY) | defined(event_types, vocabulary.EVENT_TYPES)
    build(
        [ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), tmp_path / "s", knowledge=SmallKnowledge()
    )
    with EventGraph.open(tmp_path / "s") as graph:
        terms = {
            t.value
            for q in graph.store.native
            for t in (q.predicate, q.object)
            if isinstance(t, pyoxigraph.NamedNode)
        }
    assert {term for term in terms if term.startswith(OWN)} <= known


def test_named_queries_use_defined_terms_only(ontology: Graph, event_types: Graph) -> None:
    known = defined(ontology, vocabulary.ONTOLOGY) | defined(event_types, vocabulary.EVENT_TYPES)
    for query in named_queries().values():
        for name in re.findall(r"\brg:([\w-]+)", query.text):
            assert vocabulary.ONTOLOGY + name in known, (query.name, name)


# --- the reference page, reasoning, alignments ---


def test_the_reference_page_is_up_to_date() -> None:
    page = shipped("ontology", "reference.md").read_text(encoding="utf-8")
    assert page == reference_page(), "make it again: relgraph vocabulary -o ontology/reference.md"


def test_the_reference_page_has_every_term(ontology: Graph, event_types: Graph) -> None:
    page = reference_page()
    for term in defined(ontology, vocabulary.ONTOLOGY):
        assert f"### `rg:{term.removeprefix(vocabulary.ONTOLOGY)}`" in page
    for term in defined(event_types, vocabulary.EVENT_TYPES):
        assert f"`rgt:{term.removeprefix(vocabulary.EVENT_TYPES)}`" in page


def contradictions(graph: Graph) -> list[str]:
    reasoner = owlrl.OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=True)
    reasoner.closure()
    return list(reasoner.error_messages)


def test_a_reasoner_finds_no_contradiction(ontology: Graph, event_types: Graph, tmp_path: Path) -> None:
    build([ARTICLE_1], Extractor(DOCUMENT_1), tmp_path / "s", knowledge=SmallKnowledge())
    everything = Graph() + ontology + event_types
    with EventGraph.open(tmp_path / "s") as graph:
        names = [vocabulary.MERGED, vocabulary.KNOWLEDGE, vocabulary.article_graph("bai-1")]
        for name in names:
            everything += graph.store.named_graph(name.value)
    assert contradictions(everything) == []


def test_the_reasoner_would_find_a_contradiction(ontology: Graph) -> None:
    both = URIRef("urn:both")
    wrong = Graph() + ontology
    for kind in ("Event", "EventMention"):
        wrong.add((both, RDF.type, URIRef(vocabulary.ONTOLOGY + kind)))
    assert contradictions(wrong)


@pytest.mark.parametrize("prefix", ["sem", "time", "prov", "oa", "org", "skos"])
def test_the_vocabulary_is_aligned_with_the_standards(ontology: Graph, prefix: str) -> None:
    namespace = dict(ontology.namespaces())[prefix]
    relations = (
        RDFS.subClassOf,
        RDFS.subPropertyOf,
        OWL.equivalentClass,
        OWL.equivalentProperty,
        SKOS.closeMatch,
    )
    aligned = [
        (s, o)
        for relation in relations
        for s, o in ontology.subject_objects(relation)
        if str(s).startswith(vocabulary.ONTOLOGY) and str(o).startswith(str(namespace))
    ]
    assert aligned
