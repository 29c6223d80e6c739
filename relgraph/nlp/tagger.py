"""Component ``relgraph_tagger``: parts of speech by underthesea's CRF (VLSP 2013, model of 2023-03-03)."""

import re
import unicodedata
from pathlib import Path

import underthesea
from spacy.language import Language
from spacy.tokens import Doc, Token
from underthesea.models.fast_crf_sequence_tagger import FastCRFSequenceTagger

from relgraph.nlp.lexicon import read_lexicon
from relgraph.nlp.orthography import old_tone_placement

_MODEL = Path(underthesea.__file__).parent / "pipeline" / "pos_tag" / "models" / "pos_crf_vlsp2013_20230303"
_LONGEST_SENTENCE = 500  # words; text without punctuation is tagged in pieces
_SPACES = re.compile(r"\s+")


@Language.factory(
    "relgraph_tagger", assigns=["token.tag", "token.pos"], requires=["token.is_sent_start", "doc.sents"]
)
def create_tagger(nlp: Language, name: str) -> "Tagger":
    """Return the component (spaCy's registered form)."""
    return Tagger()


class Tagger:
    """Set ``token.tag_`` to underthesea's tag and ``token.pos_`` to the Universal POS tag it stands for.

    White space gets the tag "_SP" and the Universal POS tag SPACE, as spaCy does.
    """

    def __init__(self) -> None:
        self._universal: dict[str, str] = read_lexicon("upos")
        self._crf = FastCRFSequenceTagger()
        self._crf.load(str(_MODEL))

    def __reduce__(self) -> tuple[type["Tagger"], tuple[()]]:
        return Tagger, ()

    def __call__(self, doc: Doc) -> Doc:
        """Tag ``doc`` sentence by sentence."""
        for sentence in doc.sents:
            words = [token for token in sentence if not token.is_space]
            for token in sentence:
                if token.is_space:
                    token.tag_, token.pos_ = "_SP", "SPACE"
            for first in range(0, len(words), _LONGEST_SENTENCE):
                self._tag(words[first : first + _LONGEST_SENTENCE])
        return doc

    def _tag(self, words: list[Token]) -> None:
        tags = self._crf.predict([[_readable(token.text)] for token in words])
        for token, tag in zip(words, tags, strict=True):
            token.tag_ = tag.removeprefix("B-").removeprefix("I-")
            token.pos_ = self._universal.get(token.tag_, "X")


def _readable(word: str) -> str:
    """Return ``word`` as the CRF's training data spelled it."""
    if word.isascii() and " " not in word:
        return word
    return old_tone_placement(unicodedata.normalize("NFC", _SPACES.sub(" ", word)))
