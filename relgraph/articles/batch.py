"""Reading whatever paths a user names: files, folders, patterns and standard input, duplicates left out."""

import glob
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from relgraph.articles.metadata import Metadata, read_sidecar
from relgraph.articles.readers import READERS, Report, Source
from relgraph.errors import RelgraphError
from relgraph.model import Article

_STDIN = "-"


def read_articles(
    paths: Iterable[str | Path],
    *,
    on_error: Callable[[RelgraphError], None] | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Article]:
    """Yield the articles of ``paths`` one by one, in the order of the paths, folders in the order of names.

    Args:
        paths: files (.txt, .html, .htm, .jsonl, .csv), folders (with all that is in them), glob patterns
            (``news/**/*.txt``), and "-" for standard input, which may be text, a web page or JSON lines. What
            a file ``X.json`` beside ``X.txt`` or ``X.html`` says (id, published, title, source, url) wins
            over what is read from the text. A file that is reached twice is read once.
        on_error: is told of each file, line or row that can't be used, and of each duplicate; all others are
            read. Without it, the first error is raised.
        stdin: stream of bytes for "-".

    Raises:
        RelgraphError: something can't be used and there is no ``on_error``. Two articles of one id and
            different texts, and the same text twice, are errors that name both; the first is kept.
    """
    report = on_error or _raise
    seen = _Seen()
    for source_path in _distinct_files(paths, report):
        try:
            for article in _read_source(source_path, report, stdin):
                try:
                    seen.add(article)
                except RelgraphError as error:
                    report(error)
                else:
                    yield article
        except RelgraphError as error:
            report(error)


def _raise(error: RelgraphError) -> None:
    raise error


class _Seen:
    """The articles of a batch so far, to tell duplicates by."""

    def __init__(self) -> None:
        self._place_of_text: dict[str, str] = {}
        self._place_of_id: dict[str, str] = {}

    def add(self, article: Article) -> None:
        """Remember ``article``.

        Raises:
            RelgraphError: its text or its id was there before.
        """
        place, sha256 = article.path or article.id, article.sha256
        if first := self._place_of_text.get(sha256):
            raise RelgraphError(place, f"the same text as {first}", "remove one of the two")
        if first := self._place_of_id.get(article.id):
            raise RelgraphError(
                place,
                f'another text under the id "{article.id}" is in {first}',
                "rename the file or give it another id",
            )
        self._place_of_text[sha256] = self._place_of_id[article.id] = place


def _read_source(path: Path | None, report: Report, stdin: BinaryIO | None) -> Iterator[Article]:
    if path is None:
        yield from _read_stdin(stdin, report)
        return
    metadata = read_sidecar(path)
    with _open(path) as stream:
        source = Source(name=str(path), stem=path.stem, stream=stream, metadata=metadata)
        yield from READERS[path.suffix.lower()](source, report)


def _read_stdin(stdin: BinaryIO | None, report: Report) -> Iterator[Article]:
    if stdin is None:
        raise RelgraphError("standard input", "nothing is connected to it", "name files or folders instead")
    data = stdin.read()
    source = Source(name="standard input", stem="stdin", stream=io.BytesIO(data), metadata=Metadata())
    yield from READERS[_sniff(data)](source, report)


def _sniff(data: bytes) -> str:
    """Return the suffix of the format that ``data`` looks like."""
    begin = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<!doctype", b"<html", b"<?xml")):
        return ".html"
    return ".jsonl" if begin.startswith(b'{"') else ".txt"


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    with _readable(path), path.open("rb") as stream:
        yield stream


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RelgraphError(
            path, f"it can't be read ({error.strerror or error})", "check that it exists and may be read"
        ) from None


def _distinct_files(paths: Iterable[str | Path], report: Report) -> Iterator[Path | None]:
    """Yield each file once; None stands for standard input."""
    seen: set[Path | None] = set()
    for path in paths:
        for file in _files(path, report):
            key = file.resolve() if file else None
            if key not in seen:
                seen.add(key)
                yield file


def _files(given: str | Path, report: Report) -> Iterator[Path | None]:
    """Yield the article files that ``given`` names, told apart as folder, file or pattern."""
    if given == _STDIN:
        yield None
        return
    path = Path(given)
    try:
        if path.is_dir():
            yield from _files_of_folder(path, report)
        elif path.exists():
            yield _supported(path)
        elif glob.has_magic(str(given)):
            yield from _files_of_pattern(str(given), report)
        else:
            raise RelgraphError(path, "there is no such file or folder", "check the path")
    except RelgraphError as error:
        report(error)
    except OSError as error:
        report(RelgraphError(path, f"it can't be read ({error.strerror or error})", "check who may read it"))


def _supported(path: Path) -> Path:
    if path.suffix.lower() not in READERS:
        raise RelgraphError(
            path,
            f'no reader for files of type "{path.suffix}"' if path.suffix else "the file's type is not known",
            f"give it one of the types {', '.join(READERS)}",
        )
    return path


def _files_of_folder(folder: Path, report: Report) -> Iterator[Path]:
    unreadable: list[RelgraphError] = []

    def remember(error: OSError) -> None:
        place = error.filename or folder
        unreadable.append(
            RelgraphError(place, f"it can't be read ({error.strerror})", "check who may read it")
        )

    found = [
        Path(parent, name)
        for parent, folders, names in os.walk(folder, onerror=remember)
        if not any(part.startswith(".") for part in Path(parent).relative_to(folder).parts)
        for name in names
        if Path(name).suffix.lower() in READERS and not name.startswith(".")
    ]
    for error in unreadable:
        report(error)
    if not found and not unreadable:
        raise RelgraphError(folder, "the folder has no articles", f"put {', '.join(READERS)} files into it")
    yield from sorted(found)


def _files_of_pattern(pattern: str, report: Report) -> Iterator[Path]:
    # Path.glob takes no absolute patterns.
    matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    files = [path for path in matches if path.is_file() and path.suffix.lower() in READERS]
    folders = [path for path in matches if path.is_dir()] if not files else []
    if not files and not folders:
        raise RelgraphError(pattern, "no article matches the pattern", "check it, and put it in quotes")
    yield from files
    for folder in folders:
        yield from _files_of_folder(folder, report)
