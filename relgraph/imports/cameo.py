"""CAMEO's event codes as PLOVER types: the table in ``data/imports/cameo.yaml``."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from relgraph.model import EventType
from relgraph.resources import shipped


class CameoCode(NamedTuple):
    """A CAMEO code and what it is in PLOVER.

    Attributes:
        code: two to four figures; the first two are the root code.
        mode: None where PLOVER has none for it.
        names: how coded data sets name the code.
    """

    code: str
    type: EventType
    mode: str | None
    contexts: tuple[str, ...]
    names: tuple[str, ...]


class Cameo:
    """The codes, found by figure or by name.

    >>> Cameo.load().by_name("Make_a_visit").type
    <EventType.CONSULT: 'CONSULT'>
    """

    def __init__(self, codes: Mapping[str, CameoCode]) -> None:
        self.codes = codes
        self._by_name = {name_key(name): code for code in codes.values() for name in code.names}

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> "Cameo":
        """Read the table that relgraph ships."""
        content = read_mapping(shipped("data", "imports", "cameo.yaml"))
        return cls({code: _code(code, fields) for code, fields in content["codes"].items()})

    def by_code(self, code: str) -> CameoCode | None:
        """Return the code, or the nearest code above it in CAMEO's hierarchy; None where there is none."""
        return next((self.codes[code[:n]] for n in (4, 3) if code[:n] in self.codes), None)

    def by_name(self, name: str) -> CameoCode | None:
        """Return the code of that name, whatever its case, underscores and punctuation; None for no such."""
        return self._by_name.get(name_key(name))


def name_key(name: str) -> str:
    """Return the letters of a name, in lower case.

    >>> name_key("Meet_at_a_'third'_location")
    'meet at a third location'
    """
    return " ".join(re.findall(r"[a-z]+", name.lower()))


def read_mapping(path: Path) -> Any:
    """Return the content of one of the mapping files."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _code(code: str, fields: dict[str, Any]) -> CameoCode:
    return CameoCode(
        code=code,
        type=EventType(fields["type"]),
        mode=fields.get("mode"),
        contexts=tuple(fields.get("contexts", ())),
        names=tuple(fields["names"]),
    )
