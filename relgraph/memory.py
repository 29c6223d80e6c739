"""Sparing Python's garbage collector what stays as long as the process: models and knowledge.

They are a million objects. Going through them takes a fifth of a second, and that comes several times in a
minute.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let nothing be collected during the block, in which much is made that stays."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def long_lived_set_aside() -> Iterator[None]:
    """Spare the collector, during the block, what has been loaded so far."""
    if gc.get_freeze_count():  # the caller has done so
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
