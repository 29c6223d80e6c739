"""How Vietnamese is written: Unicode normal form with offsets kept, tone marks, syllables."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# Two ways to place the tone mark on oa, oe, uy are in use ("hoà" and "hòa"); the older one is the press's.
_NEW_TO_OLD = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_NEW_TO_OLD |= {new.upper(): old.upper() for new, old in _NEW_TO_OLD.items()} | {
    new.capitalize(): old.capitalize() for new, old in _NEW_TO_OLD.items()
}
_NEW_STYLE = re.compile(rf"(?<![qQ])(?:{'|'.join(_NEW_TO_OLD)})(?!\w)")
_PLAIN_TONE = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    r"(?:iê|yê|uô|ươ|oă|uâ|uyê|uya|oeo|oai|oay|uây|uê|uơ|ia|ua|ưa|oa|oe|uy|uyu|[aăâeêioôơuưy])"
    r"(?:ng|nh|ch|[cmnptiuoy])?"
)

# With its scheme or without: "www.pbs.org", "pbs.org/newshour".
_WEB_ADDRESS = re.compile(r"(?i:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,6}/\S*")


def in_web_address(text: str) -> Callable[[int], bool]:
    """Return what tells whether the character at an offset of ``text`` belongs to a web address.

    >>> inside = in_web_address("Xem pbs.org/iran nhé")
    >>> inside(4), inside(12), inside(17)
    (True, True, False)
    """
    addresses = [match.span() for match in _WEB_ADDRESS.finditer(text)]
    return lambda offset: any(start <= offset < end for start, end in addresses)


def nfc_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """Return ``text`` in NFC and, for each of its characters and its end, the offset in ``text``.

    The offsets are None where the text is NFC already (they would be 0, 1, 2, …).
    """
    if unicodedata.is_normalized("NFC", text):
        return text, None
    composed: list[str] = []
    offsets: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _composes(text[start:end], text[end]):
            continue
        cluster = unicodedata.normalize("NFC", text[start:end])
        composed.append(cluster)
        offsets += [start] * len(cluster)
        start = end
    return "".join(composed), [*offsets, len(text)]


def _composes(cluster: str, character: str) -> bool:
    """Tell whether ``character`` changes or marks what stands before it (an accent, a conjoining jamo)."""
    if cluster.isspace() or (cluster.isascii() and character.isascii()):
        return False
    apart = unicodedata.normalize("NFC", cluster) + unicodedata.normalize("NFC", character)
    return (
        bool(unicodedata.combining(character)) or unicodedata.normalize("NFC", cluster + character) != apart
    )


def old_tone_placement(text: str) -> str:
    """Return NFC ``text`` with tone marks where the older spelling has them; its length stays the same.

    >>> old_tone_placement("Khánh Hoà thuỷ lợi quý")
    'Khánh Hòa thủy lợi quý'
    """
    return _NEW_STYLE.sub(lambda match: _NEW_TO_OLD[match[0]], text)


def without_tones(text: str) -> str:
    """Return NFC ``text`` without marks of tone; those that make a letter of its own (ă, ê, đ) stay.

    >>> without_tones("Nghị viện")
    'Nghi viên'
    """
    decomposed = unicodedata.normalize("NFD", text).translate(_PLAIN_TONE)
    return unicodedata.normalize("NFC", decomposed)


@lru_cache(maxsize=100_000)
def is_vietnamese_syllable(syllable: str) -> bool:
    """Tell whether an NFC word could be one Vietnamese syllable, by its spelling; tones don't count.

    >>> is_vietnamese_syllable("Nghị"), is_vietnamese_syllable("Putin"), is_vietnamese_syllable("Trump")
    (True, False, False)
    """
    return _SYLLABLE.fullmatch(without_tones(syllable.lower())) is not None
