"""Tokenizer: underthesea's word segmentation with exact offsets for any text.

A token is a Vietnamese word, which may hold spaces ("Thổ Nhĩ Kỳ"). No character is lost or changed:
``doc.text == text`` for every string. Words never cross a line break; joined names ("Nga-Iran",
"AFP/TTXVN") are split, alphanumeric names ("S-400") are not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab
from underthesea import word_tokenize

from relgraph.nlp.orthography import is_vietnamese_syllable, nfc_with_offsets, old_tone_placement

# underthesea's CRF holds a whole sequence in memory, so that longer lines are read piece by piece.
_LONGEST_PIECE = 5_000
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_PIECE = re.compile(rf"\S[\s\S]{{0,{_LONGEST_PIECE}}}(?:(?<=[.?!…])(?=\s)|(?=\s)|$)|\S{{1,{_LONGEST_PIECE}}}")
_PLAIN_WORD = re.compile(r"\w+|[^\w\s]")
_JOINABLE = re.compile(r".*[^\W_].*|[-–&.']")
_JOINS_NEXT = re.compile(r".*[^\W_]|.*[^\W_][^.]|[-–&.']")
_NAME_JOINT = re.compile(r"(?<=[^\W\d_])[-–—/](?=[^\W\d_]{2})")
_FINAL_STOP = re.compile(r"(?<=\w\w)(\.)$")
_SPACE = re.compile(r"\s+")
_ALIASES = str.maketrans("ðÐ", "đĐ")  # what underthesea itself rewrites
# Characters that belong to the one before: joiner, variation selectors, skin tones, tags.
_EXTENDS = re.compile(r"[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")

_Span = tuple[int, int]


@registry.tokenizers("relgraph.tokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], "VietnameseTokenizer"]:
    """Return what makes the tokenizer for a pipeline (spaCy's registered form)."""
    return lambda nlp: VietnameseTokenizer(nlp.vocab)


class VietnameseTokenizer(DummyTokenizer):
    """Split text into Vietnamese words with underthesea's CRF (VLSP 2013, model of 2023-07-27).

    Args:
        vocab: the pipeline's vocabulary.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __reduce__(self) -> tuple[type["VietnameseTokenizer"], tuple[Vocab]]:
        return VietnameseTokenizer, (self.vocab,)

    def __call__(self, text: str) -> Doc:
        """Return ``text`` as a Doc whose ``doc.text`` equals it."""
        words: list[str] = []
        spaces: list[bool] = []
        position = 0
        for start, end in [*word_spans(text), (len(text), len(text))]:
            gap = text[position:start]
            if gap.startswith(" ") and words:
                spaces[-1] = True
                gap = gap[1:]
            for word in (gap, text[start:end]):
                if word:
                    words.append(word)
                    spaces.append(False)
            position = end
        return Doc(self.vocab, words=words, spaces=spaces)


def word_spans(text: str) -> Iterator[_Span]:
    """Yield the offsets of the words of ``text``, in order, without those of white space.

    >>> text = "Quan hệ Nga-Iran"
    >>> [text[start:end] for start, end in word_spans(text)]
    ['Quan hệ', 'Nga', '-', 'Iran']
    """
    composed, offsets = nfc_with_offsets(text)
    readable = old_tone_placement(composed).translate(_ALIASES)
    last: _Span | None = None
    for start, end in _composed_spans(readable):
        span = (start, end) if offsets is None else (offsets[start], offsets[end])
        if last and _belongs_to_last(text, last, span):
            last = (last[0], max(last[1], span[1]))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _belongs_to_last(text: str, last: _Span, span: _Span) -> bool:
    """Tell whether a split between two spans would cut a character as the reader sees it."""
    if span[0] < last[1]:
        return True
    first = text[span[0]]
    return span[0] == last[1] and bool(
        unicodedata.combining(first) or _EXTENDS.match(first) or text[last[1] - 1] == "\u200d"
    )


def _composed_spans(text: str) -> Iterator[_Span]:
    for line in _LINE.finditer(text):
        for piece in _PIECE.finditer(text, *line.span()):
            for start, end in _piece_spans(piece[0]):
                yield piece.start() + start, piece.start() + end


def _piece_spans(piece: str) -> Iterator[_Span]:
    words = word_tokenize(piece, use_token_normalize=False)
    spans = _align(piece, words)
    if spans is None:  # underthesea changed the text in a way that can't be traced back
        spans = [match.span() for match in _PLAIN_WORD.finditer(piece)]
    for start, end in spans:
        for whole in _parts(piece[start:end]):
            yield start + whole[0], start + whole[1]


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[_Span, ...]:
    """Return where ``word`` falls into words of their own; most are one."""
    joints = [match.span() for match in _NAME_JOINT.finditer(word) if _joins_names(word, match.start())]
    joints += [match.span(1) for match in _FINAL_STOP.finditer(word)]
    joints += _foreign_joints(word)
    edges = [0, *(edge for joint in sorted(joints) for edge in joint), len(word)]
    return tuple((start, end) for start, end in pairwise(edges) if word[start:end].strip())


def _joins_names(word: str, joint: int) -> bool:
    """Tell whether the hyphen or slash at ``joint`` stands between two names ("Nga-Iran")."""
    return joint > 1 and word[0].isupper() and word[joint + 1].isupper()


def _foreign_joints(word: str) -> Iterator[_Span]:
    """Yield the spaces between a Vietnamese and a foreign syllable, which never are one word."""
    for space in _SPACE.finditer(word):
        before, after = word[: space.start()].rsplit(maxsplit=1)[-1], word[space.end() :].split(maxsplit=1)[0]
        if is_vietnamese_syllable(before) != is_vietnamese_syllable(after) and (before + after).isalpha():
            yield space.span()


def _align(piece: str, words: list[str]) -> list[_Span] | None:
    """Return where ``words`` stand in ``piece``, or None where they aren't its text.

    A word's syllables stay together unless one of them is punctuation ("ông ( Putin").
    """
    spans: list[_Span] = []
    position = 0
    for word in words:
        start, previous = -1, ""
        for part in word.split(" "):
            end = position
            while position < len(piece) and piece[position].isspace():
                position += 1
            if not piece.startswith(part, position):
                return None
            if start >= 0 and not (_JOINS_NEXT.fullmatch(previous) and _JOINABLE.fullmatch(part)):
                spans.append((start, end))
                start = -1
            start = position if start < 0 else start
            position += len(part)
            previous = part
        spans.append((start, position))
    return None if piece[position:].strip() else spans
