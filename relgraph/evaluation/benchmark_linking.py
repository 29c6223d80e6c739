"""Speed of linking names to the knowledge base, beside a search for the most similar name."""

import time
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict
from rapidfuzz import process, utils
from spacy.language import Language
from spacy.tokens import Doc

from relgraph.kb import KnowledgeBase
from relgraph.kb.linker import Linker
from relgraph.model import Article, Mention

BAR = 5000
"""Mentions a second that one core must link, at least."""

_BEFORE_LINKING = ("relgraph_sentences", "relgraph_tagger", "relgraph_entities")


class LinkingBenchmark(BaseModel):
    """What the linker did with the names of a number of articles, on one core.

    Attributes:
        known: mentions that it linked to an entity of the knowledge base.
        seconds: processor time of the component alone; it had seen none of the names before.
        peer_mentions: how many of the same mentions rapidfuzz looked up; 0 for none.
        peer_names: the names and aliases that it compared each of them with.
        peer_seconds: its processor time.
    """

    model_config = ConfigDict(frozen=True)

    articles: int
    mentions: int
    known: int
    seconds: float
    peer_mentions: int = 0
    peer_names: int = 0
    peer_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Mentions a second."""
        return self.mentions / self.seconds

    @property
    def peer_per_second(self) -> float:
        """The peer's mentions a second."""
        return self.peer_mentions / self.peer_seconds


def benchmark_linking(
    nlp: Language, articles: Iterable[Article], published: date, peer: int
) -> LinkingBenchmark:
    """Link the names of the articles as if published on one day, and look the first ``peer`` of them up too.

    The peer is the plainest way to link with spelling variants: ``rapidfuzz.process.extractOne`` with its
    own scorer (WRatio) over all names and aliases of the same knowledge base, folded by its own processor
    beforehand. It reads no article: it knows neither types nor who was named before.
    """
    kb = KnowledgeBase.load()
    docs = [_with_mentions(nlp, article, published) for article in articles]
    surfaces = [mention.text for doc in docs for mention in doc._.mentions]
    linker = Linker(kb)  # a fresh one: the pipeline's may remember names
    started = time.process_time()
    for doc in docs:
        linker(doc)
    seconds = time.process_time() - started
    figures = LinkingBenchmark(
        articles=len(docs),
        mentions=len(surfaces),
        known=sum(_known_mentions(kb, doc) for doc in docs),
        seconds=max(seconds, 1e-9),
    )
    return figures.model_copy(update=_peer(kb, surfaces[:peer])) if surfaces[:peer] else figures


def _with_mentions(nlp: Language, article: Article, published: date) -> Doc:
    doc = nlp.make_doc(article.text)
    doc._.article = article.model_copy(update={"published": published})
    for component in _BEFORE_LINKING:
        doc = nlp.get_pipe(component)(doc)
    return doc


def _known_mentions(kb: KnowledgeBase, doc: Doc) -> int:
    keys = {entity.id: entity.key for entity in doc._.entities}
    mentions: Sequence[Mention] = doc._.mentions
    return sum(keys[mention.entity] in kb.entities for mention in mentions if mention.entity)


def _peer(kb: KnowledgeBase, surfaces: Sequence[str]) -> dict[str, float]:
    names = [utils.default_process(name) for name, _ in kb.names()]
    started = time.process_time()
    for surface in surfaces:
        process.extractOne(surface, names, processor=utils.default_process)
    seconds = max(time.process_time() - started, 1e-9)
    return {"peer_mentions": len(surfaces), "peer_names": len(names), "peer_seconds": seconds}
