"""The linguistic rules and vocabularies: YAML files beside this module, which a linguist can mend."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: ten times faster


@cache
def read_lexicon(name: str) -> Any:
    """Return the content of ``name``.yaml as plain lists and mappings; callers must not change it."""
    return yaml.load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Loader)
