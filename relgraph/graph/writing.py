"""Writing quads into an Oxigraph store in the way that is fastest for their number."""

from collections.abc import Sequence
from typing import Final

import pyoxigraph as ox

_BULK_QUADS: Final = 20_000  # from here on writing files at once is faster than a transaction


def write(native: ox.Store, quads: Sequence[ox.Quad]) -> None:
    """Add quads to a store."""
    if len(quads) >= _BULK_QUADS:
        native.bulk_extend(quads)
    else:
        native.extend(quads)
