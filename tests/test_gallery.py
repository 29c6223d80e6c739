"""Charts say what the graph says, and the gallery is drawn by one command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_documents import (
    ARTICLE_1,
    ARTICLE_2,
    DOCUMENT_1,
    DOCUMENT_2,
    IRAN,
    RUSSIA,
    Extractor,
    SmallKnowledge,
    article,
    document,
    event,
)
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from typer.testing import CliRunner

from relgraph.cli import app
from relgraph.errors import RelgraphError
from relgraph.export.appearance import all_colour_codes, colour_code
from relgraph.export.gallery import write_gallery
from relgraph.export.picture import (
    document_picture,
    meetings_chart,
    save_figure,
    series_chart,
    timeline_chart,
    told_chart,
)
from relgraph.graph import EventGraph, build
from relgraph.model import EntityType, Factuality, PeriodLength
from relgraph.resources import shipped

PICTURES = {"demo.png", "text.png", "timeline.png", "months.png", "meetings.png", "planned.png"}
PLAN = article("plan", "Nga sẽ gặp Iran. Nga đã gặp Iran.")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventGraph]:
    folder = tmp_path_factory.mktemp("store") / "s"
    planned = document(
        PLAN,
        event(PLAN.text, "gặp", time="2019-05", factuality=Factuality.PLANNED),
        event(PLAN.text, "đã gặp", time="2019-05-03", id="v2"),
    )
    documents = Extractor(DOCUMENT_1, DOCUMENT_2, planned)
    build([ARTICLE_1, ARTICLE_2, PLAN], documents, folder, knowledge=SmallKnowledge())
    with EventGraph.open(folder) as opened:
        yield opened


def texts(figure: Figure) -> list[str]:
    figure.canvas.draw()
    return [found.get_text() for found in figure.findobj(Text) if found.get_text()]


def joined(figure: Figure) -> str:
    return "\n".join(texts(figure))


def marks(figure: Figure) -> dict[str, int]:
    """How many marks of each colour a figure's first axes hold."""
    found: dict[str, int] = {}
    for collection in figure.axes[0].collections:
        if hasattr(collection, "get_offsets") and len(collection.get_offsets()):
            for colour in collection.get_facecolor():
                code = to_hex(colour).upper()
                found[code] = found.get(code, 0) + len(collection.get_offsets())
    return found


# --- charts ---


def test_a_timeline_marks_each_time_and_names_who_held_office(graph: EventGraph) -> None:
    figure = timeline_chart(graph, "Nga", "Iran", roles=["president"])
    dated = [told for told in graph.timeline("Nga", "Iran") if told.time and told.time.earliest]
    assert "Events between Russia and Iran" in joined(figure)
    assert {"President of Russia", "Vladimir Putin"} <= set(texts(figure))
    classes = {
        "material-cooperation",
        "verbal-cooperation",
        "neutral",
        "material-conflict",
        "verbal-conflict",
    }
    assert marks(figure).keys() <= {colour_code("edges", name) for name in classes}
    assert 0 < sum(marks(figure).values()) <= len(dated)


def test_the_first_and_the_last_mark_of_a_timeline_are_not_cut(graph: EventGraph) -> None:
    figure = timeline_chart(graph, "Nga", "Iran", start="2007", roles=["president"])
    low, high = figure.axes[0].get_xlim()
    days = [day for collection in figure.axes[0].collections for day, _ in collection.get_offsets()]
    assert days and low < min(days) - 1 and max(days) + 1 < high


def test_a_timeline_bears_vietnamese_names(graph: EventGraph) -> None:
    figure = timeline_chart(graph, "Nga", "Iran", roles=["president"], language="vi")
    assert "Tổng thống Nga" in joined(figure) and "hợp tác bằng lời" in joined(figure)


def test_a_series_has_the_counts_of_the_graph(graph: EventGraph) -> None:
    for by in PeriodLength:
        figure = series_chart(graph, "Nga", "Iran", by=by)
        heights: dict[str, float] = {}
        for bar in figure.axes[0].patches:
            code = to_hex(bar.get_facecolor()).upper()
            heights[code] = heights.get(code, 0) + abs(getattr(bar, "get_height", lambda: 0)())
        series = graph.series("Nga", "Iran", by=by)
        for name in ("verbal-cooperation", "material-conflict"):
            expected = sum(getattr(period, name.replace("-", "_")) for period in series.periods)
            assert heights.get(colour_code("edges", name), 0) == expected
        assert f"Events per {by}" in joined(figure)


def test_meetings_are_counted_for_each_two_persons(tmp_path: Path) -> None:
    persons = [
        RUSSIA.model_copy(
            update={
                "id": f"p{n}",
                "type": EntityType.PER,
                "name": name,
                "key": f"per/{n}",
                "kb": None,
                "label_vi": name,
            }
        )
        for n, name in enumerate(("Đỗ Văn Ấn", "Nguyễn Thị Hường"))
    ]
    text = "Họ gặp Nga và Iran."
    source = article("a", text)
    told = document(
        source,
        event(text, "gặp", agents=(RUSSIA, persons[0]), patients=(IRAN, persons[1])),
        entities=(RUSSIA, IRAN, *persons),
    )
    build([source], Extractor(told), tmp_path / "s")
    with EventGraph.open(tmp_path / "s") as opened:
        figure = meetings_chart(opened, "Nga", "Iran", language="vi")
        assert {"Đỗ Văn Ấn", "Nguyễn Thị Hường", "1"} <= set(texts(figure))


def test_what_came_true_is_ringed(graph: EventGraph) -> None:
    figure = told_chart(graph)
    assert "planned (1)" in texts(figure)
    drawn = [one for one in figure.axes[0].collections if isinstance(one, PathCollection)]
    rings = [one for one in drawn if len(one.get_facecolor()) == 0]
    assert [len(ring.get_offsets()) for ring in rings] == [1]


def test_empty_charts_say_so(tmp_path: Path) -> None:
    source = article("a", "Nga. Iran.")
    build([source], Extractor(document(source)), tmp_path / "s", knowledge=SmallKnowledge())
    with EventGraph.open(tmp_path / "s") as opened:
        assert "No event with a date." in texts(timeline_chart(opened, "Nga", "Iran"))
        assert "No event of cooperation or conflict that lies in a single month." in texts(
            series_chart(opened, "Nga", "Iran")
        )
        assert "No meeting of two persons." in texts(meetings_chart(opened, "Nga", "Iran"))
        assert "No event with a date." in texts(told_chart(opened))


def test_unknown_actors_are_told(graph: EventGraph) -> None:
    with pytest.raises(RelgraphError, match="no actor in the graph has this name"):
        timeline_chart(graph, "Nga", "Narnia")


def test_a_text_is_drawn_whole_with_its_marks() -> None:
    figure = document_picture(DOCUMENT_1)
    drawn = texts(figure)
    words = (word.strip(".,") for word in DOCUMENT_1.text.split())
    assert not [word for word in words if word not in " ".join(drawn)]
    for told in DOCUMENT_1.events:
        assert told.trigger.text in drawn


def test_no_text_runs_over_the_edge(graph: EventGraph) -> None:
    charts: list[Figure] = [
        timeline_chart(graph, "Nga", "Iran", language="vi"),
        series_chart(graph, "Nga", "Iran"),
        told_chart(graph),
        document_picture(DOCUMENT_1),
    ]
    for figure in charts:
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        for found in figure.findobj(Text):
            if found.get_text() and found.get_visible():
                box = found.get_window_extent(renderer)
                assert box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1, found.get_text()


def test_saved_twice_is_the_same(graph: EventGraph, tmp_path: Path) -> None:
    for form in ("png", "svg"):
        for number in (1, 2):
            with (tmp_path / f"{number}.{form}").open("wb") as file:
                save_figure(told_chart(graph), file, form, "Told")
        assert (tmp_path / f"1.{form}").read_bytes() == (tmp_path / f"2.{form}").read_bytes()


def test_colours_are_those_of_the_appearance_file() -> None:
    assert {"#0072B2", "#D55E00", "#BBE1F6"} <= set(all_colour_codes())


# --- the gallery ---


def test_a_gallery_has_a_picture_of_each_kind(graph: EventGraph, tmp_path: Path) -> None:
    written = list(write_gallery(graph, [DOCUMENT_1, DOCUMENT_2], tmp_path / "new"))
    assert {path.name for path in written} == PICTURES
    for path in written:
        with Image.open(path) as image:
            assert image.width == 1600


def test_a_gallery_of_nothing_is_refused(graph: EventGraph, tmp_path: Path) -> None:
    with pytest.raises(RelgraphError, match="there is no article to draw"):
        list(write_gallery(graph, [], tmp_path))


def test_the_command_draws_articles(tmp_path: Path) -> None:
    sample = shipped("data", "articles", "hop-tac-quan-su-tehran-2015.txt")
    done = CliRunner().invoke(app, ["gallery", str(tmp_path / "g"), str(sample)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "g").iterdir()} == PICTURES


def test_the_readme_shows_pictures_that_are_there() -> None:
    root = Path(__file__).parents[1]
    readme = (root / "README.md").read_text(encoding="utf-8")
    shown = {name for name in PICTURES if f"data/pictures/{name}" in readme}
    assert shown == PICTURES == {path.name for path in (root / "data" / "pictures").glob("*.png")}
