"""Component ``relgraph_sentences``: where sentences start, by punctuation and line breaks.

underthesea's own splitter cuts inside "vnexpress.net" and puts closing quotes into the next sentence.
"""

import re
from collections.abc import Iterator

import numpy as np
from spacy.attrs import SENT_START  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc

from relgraph.nlp.lexicon import read_lexicon

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LAST_WORD = re.compile(r"[\w.]+$")


@Language.factory("relgraph_sentences", assigns=["token.is_sent_start", "doc.sents"])
def create_sentences(nlp: Language, name: str) -> "Sentences":
    """Return the component (spaCy's registered form)."""
    return Sentences()


class Sentences:
    """Set ``token.is_sent_start`` of every token.

    A sentence never crosses a line break and never starts with white space. Abbreviations, initials,
    decimals and ellipses don't end one; closing quotes and brackets stay with the sentence before them.
    The rules' vocabulary is ``lexicon/sentences.yaml``.
    """

    def __init__(self) -> None:
        rules = read_lexicon("sentences")
        self._abbreviations = frozenset(rules["abbreviations"])
        ends, closers, openers = (re.escape(rules[key]) for key in ("terminators", "closers", "openers"))
        self._end = re.compile(rf"([{ends}]+)(?:[{closers}]+|\s[{closers}]+(?=\s))?(?=\s)")
        self._next = re.compile(rf"\s+(?:[{openers}]\s*)*(\w)")

    def __call__(self, doc: Doc) -> Doc:
        """Mark the sentence starts of ``doc``; the first token always is one."""
        text = doc._.article.text
        starts = iter([*self.starts(text), len(text)])
        start = next(starts)
        marks = [-1] * len(doc)
        for token in doc:
            if token.i == 0:
                marks[0] = 1
            if token.idx >= start and not token.is_space:
                marks[token.i] = 1
                while start <= token.idx:
                    start = next(starts)
        # Setting token.is_sent_start one by one would look through the whole Doc each time.
        doc.from_array([SENT_START], np.asarray(marks, dtype="int32").astype("uint64"))  # type: ignore[arg-type]
        return doc

    def starts(self, text: str) -> Iterator[int]:
        """Yield the offset of the first character of every sentence of ``text``.

        >>> list(Sentences().starts("Ông S. Lavrov tới TP. Sochi. Hai bên ký 3.5 tỷ USD."))
        [0, 29]
        """
        for line in _LINE.finditer(text):
            begin = _first_visible(text, *line.span())
            if begin is None:
                continue
            yield begin
            for end in self._end.finditer(text, begin, line.end()):
                if self._ends_sentence(text, begin, end, line.end()):
                    following = _first_visible(text, end.end(), line.end())
                    if following is not None:
                        begin = following
                        yield begin

    def _ends_sentence(self, text: str, begin: int, end: re.Match[str], line_end: int) -> bool:
        following = self._next.match(text, end.end(), line_end)
        if not following or following[1].islower():
            return False
        if end[1] != "." or end.end() > end.end(1):
            return True
        word = _LAST_WORD.search(text, begin, end.start(1))
        if not word:
            return True
        is_initial = all(len(part) == 1 and part.isupper() for part in word[0].split("."))
        is_list_number = word[0].isdigit() and word.start() == begin
        return not (is_initial or is_list_number or word[0].lower() in self._abbreviations)


def _first_visible(text: str, start: int, end: int) -> int | None:
    """Return the offset of the first character of text[start:end] that is not white space."""
    return next((i for i in range(start, end) if not text[i].isspace()), None)
