"""From a spaCy Doc that the pipeline has annotated to the Document that the graph is built from."""

from spacy.tokens import Doc

from relgraph.model import Document


def document_from(doc: Doc, model: str | None = None) -> Document:
    """Return the annotations of ``doc`` as a Document, with the entities in order of first mention.

    Args:
        model: what made the annotations.
    """
    article = doc._.article
    return Document(
        id=article.id,
        model=model,
        dct=article.published,
        title=article.title,
        source=article.source,
        url=article.url,
        sha256=article.sha256,
        text=article.text,
        entities=doc._.entities,
        mentions=doc._.mentions,
        timexes=doc._.timexes,
        events=doc._.events,
    )
