"""Text as relgraph stores it."""

import unicodedata


def clean_text(text: str) -> str:
    r"""Return ``text`` in NFC, with ``\n`` as line end, without byte order mark and blank edges.

    Text that is clean already comes back unchanged, so that offsets into it hold.

    >>> clean_text("\ufeff Nga\r\nIran\n\n")
    'Nga\nIran'
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    while (bare := text.strip().strip("\ufeff")) != text:
        text = bare
    return text
