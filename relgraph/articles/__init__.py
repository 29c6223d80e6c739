"""Getting articles in: readers for files, cleaning, dates and bylines, page furniture told from text."""

from relgraph.articles.article import MAX_CHARACTERS, article_from_text
from relgraph.articles.batch import read_articles
from relgraph.articles.layout import read_layout

__all__ = ["MAX_CHARACTERS", "article_from_text", "read_articles", "read_layout"]
