"""Text in XML 1.0: what may stand there, escaped."""

import re
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_SAFE: Final = re.compile(r"[\w .,:/+()-]*", re.ASCII)  # most values; they need no escaping


@lru_cache(maxsize=20_000)  # the same names, types and dates stand on many edges
def element_text(text: str) -> str:
    """Return text as the content of an element; characters that XML does not allow are left out."""
    return text if _SAFE.fullmatch(text) else escape(_NOT_XML.sub("", text), {"\r": "&#13;"})


@lru_cache(maxsize=20_000)
def attribute_text(text: str) -> str:
    """Return text as an attribute's value, in quotes; characters that XML does not allow are left out."""
    return f'"{text}"' if _SAFE.fullmatch(text) else quoteattr(_NOT_XML.sub("", text), {"\r": "&#13;"})
