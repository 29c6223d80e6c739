"""Component ``relgraph_entities``: names and their types, from known names, patterns and a CRF.

Known names (the knowledge base's) and the patterns of ``lexicon/entity-contexts.yaml`` come first; where they
find nothing, underthesea's entity CRF has its say. Spans follow the annotation guidelines: the name alone,
the longest one where names nest, joined names apart.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, registry

from relgraph.model import EntityType, Mention
from relgraph.nlp.crf import EntityCrf
from relgraph.nlp.extensions import readable_sentences
from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.names import NameMatcher, Unit, fold, joined, units
from relgraph.nlp.orthography import is_vietnamese_syllable

Names = Iterable[tuple[str, EntityType]]

_CODE = re.compile(r"(?=[\w/-]*\d)[A-ZĐ][A-Za-zĐ]*(?:[-–/][A-Z\d][A-Za-z\d]*)+|[A-Z]{1,4}\d{1,3}[A-Z]{0,3}|\d[A-Z]\d+[A-Z]?")
_CRF_TYPES = {
    "PER": EntityType.PER,
    "ORG": EntityType.ORG,
    "LOC": EntityType.GPE,
    "MISC": EntityType.MISC,
}
_SENTENCE_OPENERS = frozenset("\"“‘'«([:•*-–—")


class Evidence(IntEnum):
    """How much a name's type rests on."""

    SHAPE = 0
    CRF = 1
    CONTEXT = 2
    KNOWN = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name found in a sentence, with its type and what the type rests on."""

    start: int
    end: int
    key: str
    type: EntityType
    evidence: Evidence


@registry.misc("relgraph.no_names.v1")
def no_names() -> Names:
    """Return the empty list of known names: entities by pattern and CRF alone."""
    return ()


@Language.factory(
    "relgraph_entities",
    assigns=["doc._.mentions", "doc.ents", "token.ent_iob", "token.ent_type"],
    requires=["doc.sents", "token.tag"],
    default_config={"names": {"@misc": "relgraph.no_names.v1"}},
)
def create_entities(nlp: Language, name: str, names: Names | Callable[[], Names]) -> "Entities":
    """Return the component (spaCy's registered form)."""
    return Entities(names=names)
