"""From a text to an `Article`: cleaned, zoned, with what its head and foot tell about it."""

from datetime import date

from relgraph.articles.layout import read_layout
from relgraph.articles.source import source_of_url
from relgraph.articles.text import clean_text
from relgraph.errors import RelgraphError
from relgraph.model import Article

# The longest real article in the reference corpus has under 100,000 characters, and spaCy's pipelines refuse
# texts over a million; what is longer is a book, or a collection that should come in as one article a line.
MAX_CHARACTERS = 1_000_000


def article_from_text(
    text: str,
    *,
    article_id: str,
    published: date | None = None,
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    byline: str | None = None,
    path: str | None = None,
) -> Article:
    """Return the article that ``text`` holds; what is given wins over what the text itself tells.

    Args:
        text: the text as a page or file has it. It is stored in NFC with ``\\n`` as line end, without byte
            order mark and without blank edges; text that is so already is stored unchanged.
        article_id: the article's identifier.
        published: publication date.
        title: headline.
        source: name of the outlet.
        url: address of the page.
        byline: who wrote it.
        path: where it was read from, for messages.

    Raises:
        RelgraphError: the text is empty, too long, or holds characters that no text has.
    """
    stored = clean_text(text)
    _check(stored, path or article_id)
    layout = read_layout(stored, title)
    return Article(
        id=article_id,
        text=stored,
        title=title or layout.headline,
        published=published or layout.published,
        source=source or (source_of_url(url) if url else None) or layout.source,
        byline=byline or layout.byline,
        url=url,
        path=path,
        zones=layout.zones,
    )


def _check(text: str, subject: str) -> None:
    if not text:
        raise RelgraphError(subject, "the article is empty", "remove it or put the article's text into it")
    if len(text) > MAX_CHARACTERS:
        raise RelgraphError(
            subject,
            f"the text has {len(text):,} characters, over the limit of {MAX_CHARACTERS:,} for one article",
            "split it into articles, one a file or one a line of a .jsonl file",
        )
    if "\0" in text:
        raise RelgraphError(
            subject, "the text holds zero bytes, so it is binary", "give the article's plain text"
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RelgraphError(
            subject,
            f"character {error.start} is half of a surrogate pair",
            "write the text out again as UTF-8",
        ) from None
