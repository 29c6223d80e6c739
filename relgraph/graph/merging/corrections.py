"""What people settled by hand: which mentions are one event and which are not.

A corrections file has one JSON object a line, applied in their order, so that a later line wins::

    {"action": "merge", "mentions": ["bai-1:10-17", "bai-2:0-8"]}
    {"action": "split", "mentions": ["bai-2:0-8"], "others": ["bai-1:10-17"]}

``merge`` says that all the mentions are one event; ``split``, that the mentions are one event and none of
the others belongs to it. A mention is named by its article and its trigger's place in the text, which stay
the same when articles are extracted again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cached_property
from itertools import combinations, product
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relgraph.errors import RelgraphError
from relgraph.files import replacing

FILE_NAME: Final = "corrections.jsonl"
"""Name of the corrections file in a store's folder."""


class Action(StrEnum):
    """What a correction says."""

    MERGE = "merge"
    SPLIT = "split"


class Correction(BaseModel):
    """A correction of merging; see the module's description."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Action
    mentions: tuple[str, ...] = Field(min_length=1)
    others: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """All mentions that it names."""
        return frozenset(self.mentions + self.others)


class Constraints:
    """What corrections demand of pairs of mentions, by their places written out.

    Attributes:
        together: pairs that are one event.
        apart: pairs that are not.
    """

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self.together: set[frozenset[str]] = set()
        self.apart: set[frozenset[str]] = set()
        for correction in corrections:
            for pair in combinations(sorted(set(correction.mentions)), 2):
                self._set(frozenset(pair), self.together, self.apart)
            for pair in product(correction.mentions, correction.others):
                self._set(frozenset(pair), self.apart, self.together)

    def between(self, named: Iterable[tuple[str, str]]) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
        """Return the pairs of things that are one event and those that are not.

        Args:
            named: places of mentions, each with what stands for it; a place can stand for several.
        """
        things: dict[str, set[str]] = defaultdict(set)
        for name, thing in named:
            things[name].add(thing)
        together, apart = (
            {
                frozenset(two)
                for pair in pairs
                if pair <= things.keys()
                for two in product(*(things[name] for name in pair))
                if two[0] != two[1]
            }
            for pairs in (self.together, self.apart)
        )
        return together, apart

    def partners(self, name: str) -> frozenset[str]:
        """Return the mentions that are one event with that of this place."""
        return frozenset(self._partners.get(name, ()))

    @cached_property
    def _partners(self) -> dict[str, set[str]]:
        partners: dict[str, set[str]] = defaultdict(set)
        for pair in self.together:
            for name in pair:
                partners[name] |= pair - {name}
        return partners

    @staticmethod
    def _set(pair: frozenset[str], to: set[frozenset[str]], away: set[frozenset[str]]) -> None:
        to.add(pair)
        away.discard(pair)


def corrections_file(store: Path | str, given: Path | str | None = None) -> Path:
    """Return the file of corrections that merging a store obeys: the one given, or that in its folder."""
    return Path(given) if given else Path(store, FILE_NAME)


def read_corrections(path: Path) -> list[Correction]:
    """Return the corrections of a file, in order; none where there is no file.

    Raises:
        RelgraphError: a line is no correction, or the file can't be read.
    """
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RelgraphError(path, f"can't be read ({error})", "give a UTF-8 file of corrections") from error
    return [_read_line(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _read_line(path: Path, number: int, line: str) -> Correction:
    try:
        return Correction.model_validate_json(line)
    except ValidationError as error:
        problem = f"line {number} is no correction ({error.errors()[0]['msg']})"
        raise RelgraphError(path, problem, "mend or remove the line") from error


@contextmanager
def adding(path: Path, correction: Correction) -> Iterator[list[Correction]]:
    """Add a correction to a file for a block that obeys the corrections it is given.

    When the block raises, the file is as it was. A correction that changes nothing is not added.

    Raises:
        RelgraphError: the file can't be read or written, or holds something else.
    """
    before = read_corrections(path)
    after = [*before, correction]
    old_demands, new_demands = Constraints(before), Constraints(after)
    if (old_demands.together, old_demands.apart) == (new_demands.together, new_demands.apart):
        yield before
        return
    old = path.read_bytes() if path.exists() else None
    # before the block, so that a kill in between costs nothing: the next build obeys the file
    with replacing(path) as stream:
        stream.writelines(f"{one.model_dump_json(exclude_defaults=True)}\n".encode() for one in after)
    try:
        yield after
    except BaseException:
        _restore(path, old)
        raise


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    with replacing(path) as stream:
        stream.write(content)
