"""Where the files that relgraph ships (knowledge base, ontology, sample articles) lie on disk."""

from pathlib import Path

_PACKAGE = Path(__file__).parent

DEFAULT_MODEL = "encoder"  # the pipeline that reads where none is named; known without loading spaCy


def shipped(*parts: str) -> Path:
    """Return the path of a shipped folder or file, such as ``shipped("data", "kb")``.

    An installed wheel carries them inside the package; a checkout keeps them at its top level.

    Raises:
        FileNotFoundError: neither place has it (a broken installation).
    """
    for root in (_PACKAGE / "_shipped", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"relgraph's own file {'/'.join(parts)} is missing; install relgraph again")
