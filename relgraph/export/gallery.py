"""A gallery: one picture of each kind, of the same articles."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from relgraph.errors import RelgraphError
from relgraph.export import picture
from relgraph.files import replacing
from relgraph.graph import EventGraph
from relgraph.model import Document

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NAMES: Final = "vi"  # the language of names and offices, which is that of the articles


class _Picture(NamedTuple):
    file: str
    title: str
    draw: Callable[[EventGraph, str, str], "Figure"]


_PICTURES: Final = (
    _Picture("demo.png", "The whole", lambda graph, a, b: picture.overview_picture(graph)),
    _Picture(
        "timeline.png", "Timeline", lambda graph, a, b: picture.timeline_chart(graph, a, b, language=_NAMES)
    ),
    _Picture("months.png", "Month by month", picture.series_chart),
    _Picture(
        "meetings.png",
        "Who met whom",
        lambda graph, a, b: picture.meetings_chart(graph, a, b, language=_NAMES),
    ),
    _Picture("planned.png", "Planned and happened", lambda graph, a, b: picture.told_chart(graph, "2000")),
)


def write_gallery(
    graph: EventGraph, documents: Sequence[Document], folder: Path, a: str = "Russia", b: str = "Iran"
) -> Iterator[Path]:
    """Write a picture of each kind into a folder, and yield the files one by one.

    The picture of a text shows the document that tells most events for its length.

    Args:
        documents: those that the graph was built from; at least one.
        a, b: the two actors whose relation the charts show.

    Raises:
        RelgraphError: there is no document, an actor is unknown, matplotlib is not installed, or the folder
            can't be written.
    """
    if not documents:
        raise RelgraphError("gallery", "there is no article to draw", "name articles that can be read")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RelgraphError(folder, f"can't be made: {error.strerror}", "name another folder") from None
    fullest = max(documents, key=lambda document: (len(document.events) / len(document.text), document.id))
    yield _write(picture.document_picture(fullest), folder / "text.png", fullest.id)
    for file, title, draw in _PICTURES:
        yield _write(draw(graph, a, b), folder / file, title)


def _write(figure: "Figure", path: Path, title: str) -> Path:
    with replacing(path) as stream:
        picture.save_figure(figure, stream, "png", title)
    return path
