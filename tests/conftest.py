"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine may be slow for a moment; and CI judges a change, not the luck of the draw.
settings.register_profile("relgraph", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("relgraph")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The evaluation folder that stands beside the checkout; tests that need it skip without it."""
    folder = Path(os.environ.get("RELGRAPH_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "eval" / "gold-dev").is_dir():
        pytest.skip(f"the evaluation folder is not at {folder}; set RELGRAPH_SHARED to its path")
    return folder
