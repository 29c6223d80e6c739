"""Reading Vietnamese: the spaCy pipeline's components, one a file, registered with spaCy on import."""

from relgraph.nlp import (
    entities,
    events,
    language,
    nominals,
    sentences,
    tagger,
    timex,
    tokenizer,
)

__all__ = ["entities", "events", "language", "nominals", "sentences", "tagger", "timex", "tokenizer"]
