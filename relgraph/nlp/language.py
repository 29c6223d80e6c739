"""Vietnamese as relgraph's own spaCy language: underthesea's words instead of pyvi's, nothing to download."""

from typing import Any

from spacy.attrs import NORM  # type: ignore[import-not-found]
from spacy.lang.vi.lex_attrs import LEX_ATTRS
from spacy.lang.vi.stop_words import STOP_WORDS
from spacy.language import BaseDefaults, Language
from spacy.util import load_config_from_str, registry

import relgraph.nlp.tokenizer  # noqa: F401 - registers the tokenizer that the default configuration names
from relgraph.nlp.names import fold

_DEFAULT_CONFIG = """
[nlp]

[nlp.tokenizer]
@tokenizers = "relgraph.tokenizer.v1"
"""


class VietnameseDefaults(BaseDefaults):
    """Defaults of the language: tokenizer, stop words, attributes of words.

    NORM is the word in lower case, NFC, with the older placement of tone marks.
    """

    config = load_config_from_str(_DEFAULT_CONFIG)
    lex_attr_getters: dict[Any, Any] = {**LEX_ATTRS, NORM: fold}  # noqa: RUF012 - as spaCy declares it
    stop_words: set[str] = {word.replace("_", " ") for word in STOP_WORDS}  # noqa: RUF012


@registry.languages("vi_relgraph")
class Vietnamese(Language):  # type: ignore[no-untyped-call]
    """Vietnamese with relgraph's tokenizer: ``spacy.blank("vi_relgraph")``.

    It has a name of its own, so that spaCy's "vi" (which wants pyvi) stays what it is for other users.
    """

    lang = "vi_relgraph"
    Defaults = VietnameseDefaults
