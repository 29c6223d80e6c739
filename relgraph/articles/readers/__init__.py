"""One reader a file format, under the suffixes of its files."""

from relgraph.articles.readers.base import Reader, Report, Source
from relgraph.articles.readers.csv import read_csv
from relgraph.articles.readers.html import read_html
from relgraph.articles.readers.jsonl import read_jsonl
from relgraph.articles.readers.txt import read_txt

READERS: dict[str, Reader] = {
    ".txt": read_txt,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
    ".csv": read_csv,
}

__all__ = ["READERS", "Reader", "Report", "Source"]
