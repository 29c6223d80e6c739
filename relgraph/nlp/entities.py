"""Component ``relgraph_entities``: names and their types, from known names, patterns and a CRF.

Known names (the knowledge base's) and the patterns of ``lexicon/entity-contexts.yaml`` come first; where they
find nothing, underthesea's entity CRF has its say. Spans follow the annotation guidelines: the name alone,
the longest one where names nest, joined names apart.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, registry

from relgraph.model import EntityType, Mention
from relgraph.nlp.crf import EntityCrf
from relgraph.nlp.extensions import readable_sentences
from relgraph.nlp.name_patterns import Candidate, Evidence, NamePatterns, Sentence, spans_only
from relgraph.nlp.names import NameMatcher, Unit, fold, units
from relgraph.nlp.orthography import in_web_address

Names = Iterable[tuple[str, EntityType]]

_CRF_TYPES = {
    "PER": EntityType.PER,
    "ORG": EntityType.ORG,
    "LOC": EntityType.GPE,  # the CRF's training data had no type for states
    "MISC": EntityType.MISC,
}
_NAME_TAGS = frozenset(("Np", "Ny"))  # underthesea's tags of names and abbreviations

_NAME = re.compile(r"(?=[^\W\d_])(?=[^a-z])\w[\w\s.'’-]*")


@registry.misc("relgraph.no_names.v1")  # type: ignore[untyped-decorator]
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


class Entities:
    """Set ``doc._.mentions`` (each without its entity) and, for displaCy, ``doc.ents``.

    Args:
        names: pairs of a known name and its type, or what returns them. Of a name with several types its
            neighbours choose one.
    """

    def __init__(self, *, names: Names | Callable[[], Names] = ()) -> None:
        self._patterns = NamePatterns(NameMatcher(spans_only(names() if callable(names) else names)))
        self._crf = EntityCrf()

    def __call__(self, doc: Doc) -> Doc:
        """Find the mentions of ``doc``; page furniture has none."""
        text = doc._.article.text  # spaCy joins its own anew each time
        sentences = [(span, units(text, span.start_char, span.end_char)) for span in readable_sentences(doc)]
        inside = _capitals_inside(row for _, row in sentences)
        found: list[Candidate] = []
        for span, row in sentences:
            named = list(self._patterns.find(Sentence(text, row, _words(span), inside)))
            found += _with_crf(named, self._crf_names(text, span, inside))
        in_address = in_web_address(text)
        names = [name for name in _consistent(_with_acronyms(text, found)) if not in_address(name.start)]
        mentions = sorted(names, key=lambda candidate: candidate.start)
        doc._.mentions = tuple(
            Mention(start=name.start, end=name.end, text=text[name.start : name.end], type=name.type)
            for name in mentions
        )
        mark_entities(doc)
        return doc

    def _crf_names(self, text: str, sentence: Span, inside: frozenset[str]) -> Iterator[Candidate]:
        """Yield what underthesea's CRF takes for names."""
        tokens = [token for token in sentence if not token.is_space]
        if not any(token.text[0].isupper() for token in tokens):
            return
        tags = self._crf.tag([token.text for token in tokens], [token.tag_ for token in tokens])
        first = 0
        for index in range(1, len(tokens) + 1):
            if index < len(tokens) and tags[index].startswith("I-") and tags[first] != "O":
                continue
            if tags[first] != "O":
                start, end = tokens[first].idx, tokens[index - 1].idx + len(tokens[index - 1])
                name = text[start:end]
                words = tuple(fold(name).split())
                lone = len(words) == 1 and words[0] not in inside
                opening = first == 0 and tokens[0].tag_ not in _NAME_TAGS
                if _NAME.fullmatch(name) and not (lone or opening or self._patterns.is_common(words[0])):
                    yield Candidate(start, end, words, _CRF_TYPES[tags[first][2:]], Evidence.CRF)
            first = index


def _words(sentence: Span) -> dict[int, tuple[int, bool]]:
    return {token.idx: (token.idx + len(token), token.tag_ in _NAME_TAGS) for token in sentence}


def _capitals_inside(rows: Iterable[Sequence[Unit]]) -> frozenset[str]:
    """Return the capitalised words that follow a lower-case word somewhere: capitals that mean something."""
    return frozenset(
        unit.key
        for row in rows
        for before, unit in pairwise(row)
        if unit.is_capital and before.text.islower()
    )


def _with_crf(named: list[Candidate], proposed: Iterable[Candidate]) -> list[Candidate]:
    """Add the CRF's names where the patterns found none, and its types where only the shape spoke."""
    result = list(named)
    for candidate in proposed:
        overlapping = [
            i for i, name in enumerate(named) if name.start < candidate.end and candidate.start < name.end
        ]
        if not overlapping:
            result.append(candidate)
        for i in overlapping:
            if named[i].evidence is Evidence.SHAPE and len(named[i].words) == 1:
                result[i] = replace(named[i], type=candidate.type, evidence=Evidence.CRF)
    return result


def _with_acronyms(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Give an unknown acronym in brackets the type of the name that it follows."""
    ends = {name.end: name for name in found}
    return [_typed_as_full_name(text, name, ends.get(name.start - 2)) for name in found]


def _typed_as_full_name(text: str, name: Candidate, full: Candidate | None) -> Candidate:
    in_brackets = text[name.start - 2 : name.start] == " (" and text[name.end : name.end + 1] == ")"
    unknown_acronym = name.evidence <= Evidence.CRF and text[name.start : name.end].isupper()
    if full and in_brackets and unknown_acronym:
        return replace(name, type=full.type, evidence=Evidence.CONTEXT)
    return name


def _consistent(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the names, weakly typed ones with the type that stronger evidence elsewhere in the text gives."""
    votes: defaultdict[tuple[str, ...], Counter[EntityType]] = defaultdict(Counter)
    people: set[tuple[str, ...]] = set()
    for name in found:
        votes[name.words][name.type] += 10 ** int(name.evidence)
        if name.type is EntityType.PER and (len(name.words) > 1 or name.evidence >= Evidence.CONTEXT):
            people.update(_parts(name.words))
    for name in found:
        if name.evidence is Evidence.KNOWN:
            yield name
        elif name.evidence < Evidence.CONTEXT and name.words in people:
            yield replace(name, type=EntityType.PER)
        else:
            yield replace(name, type=votes[name.words].most_common(1)[0][0])


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what a person may be called for short: some words of the name in their order, or its only one."""
    for length in range(1, max(2, len(words))):
        for start in range(len(words) - length + 1):
            yield words[start : start + length]


def mark_entities(doc: Doc) -> None:
    """Set ``doc.ents`` to the mentions, for displaCy and other readers of spaCy's own annotation."""
    doc.ents = filter_spans(_spans(doc))


def _spans(doc: Doc) -> list[Span]:
    """Return the mentions as spans of whole tokens, each the smallest that holds the mention."""
    starts = doc.to_array("IDX").tolist()  # Doc.char_span would search all tokens for each mention
    return [
        Span(
            doc,
            bisect_right(starts, mention.start) - 1,
            bisect_left(starts, mention.end),
            label=mention.type.value,
        )
        for mention in doc._.mentions
    ]
