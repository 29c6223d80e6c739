"""Component ``relgraph_timex``: time expressions with TIMEX3 values."""

from spacy.language import Language
from spacy.tokens import Doc, Span

from relgraph.model import TimeExpression
from relgraph.nlp.extensions import readable_sentences
from relgraph.nlp.timex.tagging import tag_time_expressions

SPAN_KEY = "timexes"


@Language.factory(
    "relgraph_timex",
    assigns=["doc._.timexes", "doc.spans"],
    requires=["doc.sents"],
)
def create_timex_tagger(nlp: Language, name: str) -> "TimexTagger":
    """Return the component (spaCy's registered form)."""
    return TimexTagger()


class TimexTagger:
    """Set ``doc._.timexes`` to the time expressions of the article's readable sentences.

    The document date is ``doc._.article.published``. Offsets count characters of ``doc.text``. For displaCy
    and span rulers ``doc.spans["timexes"]`` mirrors them on the tokens that they touch, labelled with their
    type and carrying the value as ``kb_id_``. The rules are data: ``lexicon/timex/*.yaml``.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Tag ``doc`` in place and return it."""
        sentences = [(span.start_char, span.end_char) for span in readable_sentences(doc)]
        found = tag_time_expressions(doc._.article.text, doc._.article.published, sentences)
        doc._.timexes = found
        doc.spans[SPAN_KEY] = [_span(doc, timex) for timex in found]
        return doc


def _span(doc: Doc, timex: TimeExpression) -> Span:
    span = doc.char_span(timex.start, timex.end, timex.type, timex.value, alignment_mode="expand")
    if span is None:
        raise ValueError(f"{timex.text!r} at {timex.start} is not in the text of the Doc")
    return span
