"""Which encoding a file is in: UTF-8, UTF-16 or windows-1258, told from its bytes.

UTF-8 is self-checking and UTF-16 shows in byte order mark or in its zero bytes, so both are certain. Almost
any bytes are valid windows-1258, so that reading counts only where the words come out as Vietnamese
syllables; this also keeps text in the legacy font encodings (TCVN3, VNI) from passing as text.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from relgraph.articles.rules import file_signatures
from relgraph.errors import RelgraphError

REMEDY = "save it as UTF-8 text"

# At least this share of the words with letters beyond ASCII must be Vietnamese syllables. Of 1,500
# real articles none has less than 0.79 (foreign names are the rest), 1,492 more than 0.95; the same articles
# in TCVN3 or misread as windows-1252 have 0.5 at most.
MIN_SYLLABLE_SHARE = 0.6
# UTF-8 is certain, so there few odd words (foreign names in a short text) are no ground to refuse it.
MIN_WORDS_TO_DOUBT = 10
_SAMPLE = 50_000  # characters that are enough to judge by

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_SYLLABLE = re.compile(
    r"(?:ngh?|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    r"[aăâeêioôơuưy]{1,3}"
    r"(?:ch|ng|nh|[cmnpt])?"
)
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~\u2000-\u206f\xa0\xab\xbb\ufeff]+")
_LATIN = re.compile(r"[A-Za-z\u0080-\u024f\u0300-\u036f\u1e00-\u1eff\u02b0-\u02ff\u0192\u20ac\u2122\u2212]+")


def detect_encoding(begin: bytes, subject: object, *, is_whole: bool = False) -> str:
    """Return the Python codec that reads a file which begins with ``begin`` and goes on likewise.

    Args:
        begin: the first bytes of the file.
        subject: the file, for messages.
        is_whole: these are all of them, so that no character may be cut off at their end.

    Raises:
        RelgraphError: the bytes are no text, or in none of the encodings.
    """
    _refuse_binary(begin, subject)
    for bom, codec in _BOMS.items():
        if begin.startswith(bom):
            return codec
    if b"\0" in begin:
        return _utf16_without_mark(begin, subject)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begin, final=is_whole)
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(begin):
            return "utf-8"
        _refuse_unless_1258(begin, subject, error.start)
        return "cp1258"
    return "utf-8"


def decode(data: bytes, subject: object) -> str:
    """Return the text of a whole file.

    Raises:
        RelgraphError: the bytes are no text, or in none of the encodings.
    """
    try:
        return data.decode(detect_encoding(data, subject, is_whole=True))
    except UnicodeDecodeError as error:
        raise RelgraphError(
            subject, f"byte {error.start} can't be read as {error.encoding}", REMEDY
        ) from None


def refuse_garbled(text: str, subject: object) -> None:
    """Raise if ``text`` is in Latin script with accents that make no Vietnamese, from a wrong encoding.

    Raises:
        RelgraphError: the text is garbled.
    """
    good, bad = _count_syllables(text)
    if good + bad >= MIN_WORDS_TO_DOUBT and good / (good + bad) < MIN_SYLLABLE_SHARE:
        raise RelgraphError(
            subject,
            "its accented letters don't make Vietnamese words; it is in a legacy font encoding (TCVN3, VNI)"
            " or was saved in a wrong one",
            "convert it to Unicode (UTF-8)",
        )


def _refuse_binary(begin: bytes, subject: object) -> None:
    for signature, kind in file_signatures().items():
        if begin.startswith(signature):
            raise RelgraphError(
                subject, f"the file is {kind}, not text", "save its text as a UTF-8 .txt file"
            )


def _utf16_without_mark(begin: bytes, subject: object) -> str:
    """Tell UTF-16 by its zero bytes: ASCII letters and spaces have them all in the same half of each pair."""
    even, odd = begin[0::2].count(0), begin[1::2].count(0)
    for codec, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > len(begin) / 10 and others < zeros / 50:
            return codec
    raise RelgraphError(
        subject, "the file is binary (it holds zero bytes), not text", "save its text as a UTF-8 .txt file"
    )


def _is_damaged_utf8(begin: bytes) -> bool:
    """Whether most bytes beyond ASCII form UTF-8 characters; in windows-1258 next to none do."""
    text = begin.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(not character.isascii() for character in text) > 2 * bad


def _refuse_unless_1258(begin: bytes, subject: object, bad_byte: int) -> None:
    try:
        good, bad = _count_syllables(begin.decode("cp1258"))
    except UnicodeDecodeError:
        good, bad = 0, 1
    if good < MIN_SYLLABLE_SHARE * (good + bad) or good + bad == 0:
        raise RelgraphError(
            subject,
            f"it is neither UTF-8 (byte {bad_byte} can't be read) nor UTF-16 nor Vietnamese in windows-1258;"
            " it may be damaged or in a legacy font encoding (TCVN3, VNI)",
            REMEDY,
        )


def _count_syllables(text: str) -> tuple[int, int]:
    """Count the words with letters beyond ASCII that are Vietnamese syllables, and those that are not."""
    good = bad = 0
    for word in _accented_words(text[:_SAMPLE]):
        bare = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONES))
        if _SYLLABLE.fullmatch(bare):
            good += 1
        else:
            bad += 1
    return good, bad


def _accented_words(text: str) -> Iterator[str]:
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        if not word.isascii() and _LATIN.fullmatch(word):
            yield word.lower()
