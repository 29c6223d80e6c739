"""Where the pipeline's annotations are kept: extension attributes of spaCy's Doc."""

from collections.abc import Iterator

from spacy.tokens import Doc, Span

from relgraph.articles import read_layout
from relgraph.model import Article, ZoneKind


def _article(doc: Doc) -> Article:
    """Return the article that the text was read from; plain text is read as an article of its own."""
    article = doc.user_data.get("relgraph_article")
    if article is None:
        layout = read_layout(doc.text)
        article = doc.user_data["relgraph_article"] = Article(
            id="text",
            text=doc.text,
            title=layout.headline,
            published=layout.published,
            source=layout.source,
            byline=layout.byline,
            zones=layout.zones,
        )
    return article


def _set_article(doc: Doc, article: Article) -> None:
    if article.text != doc.text:
        raise ValueError(f"the article {article.id} and the Doc have different texts")
    if not article.zones:  # made by hand, not by `relgraph.articles`
        article = article.model_copy(update={"zones": read_layout(article.text, article.title).zones})
    doc.user_data["relgraph_article"] = article


Doc.set_extension("article", getter=_article, setter=_set_article, force=True)
for _name in ("timexes", "mentions", "entities", "nominals", "events"):
    Doc.set_extension(_name, default=(), force=True)
Doc.set_extension("seen", default=None, force=True)  # what the encoder sees: relgraph.nlp.encoder.seeing.Seen


def readable_sentences(doc: Doc) -> Iterator[Span]:
    """Yield the sentences that are part of the article, in order: all but those in page furniture."""
    furniture = [(zone.start, zone.end) for zone in doc._.article.zones if zone.kind is ZoneKind.FURNITURE]
    for sentence in doc.sents:
        if sentence.text.strip() and not any(a <= sentence.start_char < b for a, b in furniture):
            yield sentence
