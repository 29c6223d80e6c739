"""Writing files in one step."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from relgraph.errors import RelgraphError


@contextmanager
def replacing(path: Path | str) -> Iterator[BinaryIO]:
    """Give a stream whose content takes the place of the file ``path`` when the block ends without an error.

    Until then nobody sees it, and on an error the old file stays.

    Raises:
        RelgraphError: the file can't be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise RelgraphError(
            path, f"can't be written: {error.strerror}", "choose a file that you may write to"
        ) from None
    finally:
        temporary.unlink(missing_ok=True)


def cache_folder() -> Path:
    """Return the folder of what can be made anew: $XDG_CACHE_HOME/relgraph, else ~/.cache/relgraph."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "relgraph")
