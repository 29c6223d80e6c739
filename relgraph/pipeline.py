"""The whole way from articles to documents: the spaCy pipeline with the knowledge base in place."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy.util
from spacy.language import Language
from spacy.tokens import Doc

import relgraph.kb.linker
import relgraph.kb.offices
import relgraph.nlp
import relgraph.nlp.encoder.events  # noqa: F401  (they register their components with spaCy)
from relgraph.errors import RelgraphError
from relgraph.memory import collector_paused, long_lived_set_aside
from relgraph.model import Article, Document
from relgraph.nlp.documents import document_from
from relgraph.nlp.events.component import WEIGHTS
from relgraph.resources import DEFAULT_MODEL

_CONFIGS = Path(__file__).parent / "nlp" / "configs"
_ENCODER = "relgraph_encoder"
_DIGITS = 12


def load(model: str | Path = DEFAULT_MODEL) -> Language:
    """Return the Vietnamese pipeline as a spaCy Language; calling it with a text gives an annotated Doc.

    Args:
        model: which pipeline: "encoder" reads with the trained network that the package carries, "rules" with
            lexicons, grammars and underthesea's CRF alone; or a folder that ``relgraph train`` made.

    Raises:
        RelgraphError: there is no pipeline of that name, and no whole model in a folder of that name.
    """
    config = _config(model)
    with collector_paused():
        return _named(spacy.util.load_model_from_config(config, auto_fill=True), model)


def _config(model: str | Path) -> dict[str, Any]:
    path = _CONFIGS / f"{model}.cfg"
    if path.is_file():
        return spacy.util.load_config(path)
    if not Path(model).is_dir():
        known = ", ".join(sorted(config.stem for config in _CONFIGS.glob("*.cfg")))
        remedy = f"choose one of: {known}, or give the folder of a model"
        raise RelgraphError(model, "is not a pipeline of relgraph", remedy)
    overrides = {"components.relgraph_encoder.folder": str(model)}
    return spacy.util.load_config(_CONFIGS / "encoder.cfg", overrides=overrides)


def _named(nlp: Language, model: str | Path) -> Language:
    """Give the pipeline its name, and as version the start of the hash of what was trained of it."""
    digest = hashlib.sha256(WEIGHTS.read_bytes())
    if nlp.has_pipe(_ENCODER):
        digest.update(nlp.get_pipe(_ENCODER).network.sha256.encode())  # type: ignore[attr-defined]
    nlp.meta["name"], nlp.meta["version"] = Path(model).name, digest.hexdigest()[:_DIGITS]
    return nlp


def extract(nlp: Language, articles: Iterable[Article]) -> Iterator[Document]:
    """Yield the document of each article, in order, as ``nlp`` (from :func:`load`) reads it."""
    with long_lived_set_aside():
        for doc in nlp.pipe(_as_doc(nlp, article) for article in articles):
            yield document_from(doc, "{name}-{version}".format_map(nlp.meta))


def _as_doc(nlp: Language, article: Article) -> Doc:
    doc = nlp.make_doc(article.text)
    doc._.article = article
    return doc
