"""Text in XML 1.0: what may stand there, escaped."""

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_SAFE: Final = re.compile(r"[\w .,:/+()-]*", re.ASCII)  # most values; they need no escaping


def element_text(value: object) -> str:
    """Return a value as the content of an element; characters that XML does not allow are left out."""
    text = str(value)
    return text if _SAFE.fullmatch(text) else escape(_NOT_XML.sub("", text), {"\r": "&#13;"})


def attribute_text(value: object) -> str:
    """Return a value as an attribute's, in quotes; characters that XML does not allow are left out."""
    text = str(value)
    return f'"{text}"' if _SAFE.fullmatch(text) else quoteattr(_NOT_XML.sub("", text), {"\r": "&#13;"})
