"""Extraction with part of the gold as input, so that the stages after it are measured alone."""

from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from relgraph.model import Article, Document, Entity, entity_key
from relgraph.nlp.documents import document_from
from relgraph.nlp.events.component import EventReaderBase

_GIVEN = frozenset({"doc._.entities", "doc._.mentions", "doc._.timexes"})


def extract_given(
    nlp: Language, pairs: Iterable[tuple[Article, Document]], *, triggers: bool = False
) -> Iterator[Document]:
    """Yield the document of each article, in order, read by the components of ``nlp`` that remain.

    The gold's entities, mentions and time expressions are put on the Doc, and the components that would find
    them are left out.

    Args:
        pairs: articles with their gold documents (:func:`relgraph.evaluation.read_gold`).
        triggers: also take the triggers of the gold's events, with their types.
    """
    components = [component for name, component in nlp.pipeline if not _finds_the_given(nlp, name)]
    for article, gold in pairs:
        doc = _with_given(nlp.make_doc(article.text), article, gold)
        for component in components:
            if triggers and isinstance(component, EventReaderBase):
                doc = component.read_given(doc, gold.events)
            else:
                doc = component(doc)
        yield document_from(doc)


def _finds_the_given(nlp: Language, name: str) -> bool:
    """Tell whether the component makes what is given, rather than reads it and adds to it."""
    meta = nlp.get_pipe_meta(name)
    return not _GIVEN.isdisjoint(set(meta.assigns) - set(meta.requires))


def _with_given(doc: Doc, article: Article, gold: Document) -> Doc:
    doc._.article = article
    doc._.entities = tuple(_keyed(entity) for entity in gold.entities)
    doc._.mentions = gold.mentions
    doc._.timexes = gold.timexes
    return doc


def _keyed(entity: Entity) -> Entity:
    return entity.model_copy(update={"key": entity.key or entity_key(entity.type, entity.name)})
