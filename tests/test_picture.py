"""Pictures say what the graph holds, can be opened, do not change from run to run, and need matplotlib."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib
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
    synthetic,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties, findfont, get_font
from PIL import Image

from relgraph.export import write
from relgraph.export.picture import overview
from relgraph.export.picture.layout import Box, Panel, overlapping, place
from relgraph.graph import EventGraph, build
from relgraph.model import Entity, EntityType, EventMention, EventType, Factuality, PeriodLength

TEXT = "Nga gặp Iran."


def opened(folder: Path, *events: tuple[EventType, str | None], names: Iterable[Entity] = ()) -> EventGraph:
    """A store with an article for each of the events, of Russia and Iran or the two entities given."""
    pair = tuple(names) or (RUSSIA, IRAN)
    articles, documents = [], []
    for number, (kind, time) in enumerate(events):
        source = article(f"a{number}", f"{TEXT} {number}")
        told = event(source.text, "gặp", kind, pair[:1], pair[1:], time)
        articles.append(source)
        documents.append(document(source, told, entities=pair))
    build(articles, Extractor(*documents), folder)
    return EventGraph.open(folder)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventGraph]:
    """Forty articles with three events each, beside the two that other tests read."""
    folder = tmp_path_factory.mktemp("store") / "s"
    made = [synthetic(number, events_each=3) for number in range(40)]
    articles = [ARTICLE_1, ARTICLE_2, *(source for source, _ in made)]
    documents = [DOCUMENT_1, DOCUMENT_2, *(told for _, told in made)]
    build(articles, Extractor(*documents), folder, knowledge=SmallKnowledge())
    with EventGraph.open(folder) as store:
        yield store


@pytest.fixture(scope="module")
def folder(graph: EventGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph's picture in both formats."""
    out = tmp_path_factory.mktemp("pictures")
    for form in ("png", "svg"):
        write(graph, form, out / f"g.{form}")
    return out


def texts(svg: Path) -> list[str]:
    """The texts of an SVG; matplotlib draws outlines and puts what they say into comments."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))
    root = ET.parse(svg, parser).getroot()
    return [(node.text or "").strip() for node in root.iter() if node.tag is ET.Comment]


# --- what is shown ----------------------------------------------------------------------------------------


def test_counts_are_the_graphs(graph: EventGraph) -> None:
    what, counts = overview(graph), graph.counts()
    assert (what.articles, what.entities, what.actual) == (
        counts["articles"],
        counts["entities"],
        counts["actual events"],
    )
    by_class: Counter[str] = Counter()
    for row in graph.query("events-by-type", factuality=Factuality.ACTUAL, lang="en"):
        by_class[row["quad"]] += row["events"]
    del by_class["neither cooperation nor conflict"]
    assert what.shown == by_class.total()
    shown: Counter[str] = Counter()
    for counted in what.times.periods.values():
        shown.update({what.class_names[name].en: events for name, events in counted.items()})
    assert shown.total() + what.times.undated + what.times.vague == what.shown
    assert what.times.undated == what.times.vague == 0
    assert shown == by_class


def test_the_most_active_actors_have_as_many_events_as_in_the_graph(graph: EventGraph) -> None:
    what = overview(graph)
    neutral = {EventType.STATE, EventType.JOIN, EventType.FOUND, EventType.ELECT}
    events = graph.events(types=[kind for kind in EventType if kind not in neutral])
    view = graph.to_networkx(events)
    expected = sorted((values["events"] for _, values in view.nodes(data=True)), reverse=True)
    assert [activity.events for activity in what.actors] == expected[:25]
    assert what.active == view.number_of_nodes() > len(what.actors) == 25
    assert all(view.nodes[a.actor.key]["events"] == a.events for a in what.actors)


def test_ties_are_the_events_that_two_actors_share(graph: EventGraph, tmp_path: Path) -> None:
    events = ((EventType.AGREE, "2018"), (EventType.ACCUSE, "2019"), (EventType.REJECT, "2020"))
    with opened(tmp_path / "s", *events) as small:
        assert overview(small).ties == (
            ("gpe/iran", "gpe/russia", "verbal-conflict", 2),
            ("gpe/iran", "gpe/russia", "verbal-cooperation", 1),
        )
    what = overview(graph)
    keys = {activity.actor.key for activity in what.actors}
    for tie in what.ties:
        assert {tie.first, tie.second} <= keys
        assert tie.events <= len(graph.timeline(tie.first, tie.second, include_affiliated=False))


def test_periods_are_months_where_events_lie_close_together(tmp_path: Path) -> None:
    accuse, agree, aid = EventType.ACCUSE, EventType.AGREE, EventType.AID
    with opened(tmp_path / "s", (accuse, "2018-11-30"), (agree, "2019-01-02"), (aid, "2019")) as close:
        times = overview(close).times
    assert times.by is PeriodLength.MONTH
    assert times.periods == {
        2018 * 12 + 10: {"verbal-conflict": 1},
        2019 * 12: {"verbal-cooperation": 1},
    }
    assert (times.vague, times.undated) == (1, 0)
    with opened(tmp_path / "t", (accuse, "2001"), (agree, "2019-01-02"), (aid, None)) as far:
        times = overview(far).times
    assert times.by is PeriodLength.YEAR
    assert list(times.periods) == [2001, 2019]
    assert (times.vague, times.undated) == (0, 1)


def test_an_event_of_several_years_is_in_none_of_them(tmp_path: Path) -> None:
    with opened(tmp_path / "s", (EventType.SANCTION, "2015/2018"), (EventType.AID, "2016")) as store:
        times = overview(store).times
    assert times.periods == {2016: {"material-cooperation": 1}}
    assert times.vague == 1


def test_what_did_not_happen_is_left_out(tmp_path: Path) -> None:
    text = "Nga sẽ gặp Iran."
    source = article("a", text)
    planned = event(text, "gặp", factuality=Factuality.PLANNED)
    build([source], Extractor(document(source, planned)), tmp_path / "s")
    with EventGraph.open(tmp_path / "s") as store:
        what = overview(store)
    assert (what.actual, what.actors, what.span) == (0, (), None)


# --- layout -----------------------------------------------------------------------------------------------

PANEL = Panel(14, 198, 692, 324)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.floats(20, 130), st.floats(0, 40), st.floats(3, 15)), max_size=18),
    st.randoms(use_true_random=False),
)
def test_boxes_lie_in_the_panel_and_never_on_each_other(
    sizes: list[tuple[float, float, float]], random: st.DataObject
) -> None:
    boxes = {
        str(n): Box(max(width, 2 * radius), 2 * radius + label, radius)
        for n, (width, label, radius) in enumerate(sizes)
    }
    ties = {(a, b): random.randint(1, 9) for a, b in pairwise(boxes)}  # type: ignore[attr-defined]
    places = place(boxes, ties, PANEL)
    assert list(overlapping(places, boxes)) == []
    assert places == place(boxes, ties, PANEL)
    for key, centre in places.items():
        box = boxes[key]
        assert PANEL.left - 1e-6 <= centre.x - box.width / 2
        assert centre.x + box.width / 2 <= PANEL.left + PANEL.width + 1e-6
        assert centre.y + box.radius <= PANEL.bottom + PANEL.height + 1e-6
        assert PANEL.bottom - 1e-6 <= centre.y + box.radius - box.height


def test_an_actor_without_ties_leaves_the_others_their_room() -> None:
    boxes = {f"actor {n:02}": Box(40, 24, 6) for n in range(21)}
    names = list(boxes)
    ties = {(a, b): 1 for a, b in combinations(names[:20], 2) if a == names[0] or b <= names[5]}
    heights = [centre.y for key, centre in place(boxes, ties, PANEL).items() if key != names[20]]
    assert max(heights) - min(heights) > 0.6 * PANEL.height


def test_names_are_broken_between_words_only(tmp_path: Path) -> None:
    name = "Gurbanguly Berdimuhamedow"
    guest = RUSSIA.model_copy(update={"name": name, "label_vi": name})
    with opened(tmp_path / "s", (EventType.AID, "2016"), names=(guest, IRAN)) as store:
        write(store, "svg", tmp_path / "g.svg")
    assert set(name.split()) <= set(texts(tmp_path / "g.svg"))


def test_actors_whose_labels_find_no_room_are_left_out_and_the_picture_says_so(tmp_path: Path) -> None:
    text, words = "Nga gặp Iran.", "Ủy ban thường trực Hội đồng nghiên cứu phát triển"
    crowd = [
        Entity(
            id=f"x{n}", type=EntityType.ORG, name=f"{n} {words}", key=f"org/{n}", label_vi=f"{words} số {n}"
        )
        for n in range(26)
    ]
    articles, documents = [], []
    for number, pair in enumerate(pairwise(crowd)):
        source = article(f"a{number}", f"{text} {number}")
        meetings: list[EventMention] = [
            event(source.text, "gặp", agents=pair, time=f"2018-04-{day:02}", id=f"v{day}")
            for day in range(1, 9)
        ]
        articles.append(source)
        documents.append(document(source, *meetings, entities=pair))
    build(articles, Extractor(*documents), tmp_path / "s")
    with EventGraph.open(tmp_path / "s") as store:
        write(store, "svg", tmp_path / "g.svg")
        assert len(overview(store).actors) == 25
    said = texts(tmp_path / "g.svg")
    labels = [line for line in said if line.split()[0].isdigit() and "Ủy ban" in line]
    assert 0 < len(labels) < 25
    assert any(f"the {len(labels)} most active of 26 actors" in line for line in said)


# --- files ------------------------------------------------------------------------------------------------


def test_png_opens_and_has_the_colours_of_the_classes(folder: Path) -> None:
    with Image.open(folder / "g.png") as image:
        image.load()
        assert image.width == 1600
        colours = {colour for _, colour in image.convert("RGB").getcolors() or ()}
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    okabe_ito = {(0, 114, 178), (86, 180, 233), (213, 94, 0), (230, 159, 0), (0, 158, 115), (240, 228, 66)}
    assert okabe_ito <= colours


def test_svg_says_the_counts_and_names_in_both_languages(graph: EventGraph, folder: Path) -> None:
    said, counts = texts(folder / "g.svg"), graph.counts()
    title = f"{counts['articles']} articles  ·  {counts['actual events']} actual events  ·  "
    assert any(line.startswith(title) and line.endswith("2010 – 2018") for line in said)
    assert {"Russia", "Nga", "verbal conflict", "xung đột bằng lời", "2018"} <= set(said)
    left_out = counts["actual events"] - overview(graph).shown
    assert any(line.startswith(f"Not drawn: {left_out} events") for line in said)


def test_the_font_has_all_vietnamese_letters() -> None:
    letters = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    for style in ("normal", "italic"):
        known = get_font(findfont(FontProperties(family="DejaVu Sans", style=style))).get_charmap()
        assert not [c for c in letters + letters.upper() if ord(c) not in known]


@pytest.mark.parametrize("form", ["png", "svg"])
def test_another_process_draws_the_same(graph: EventGraph, folder: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"g.{form}"
    command = [sys.executable, "-m", "relgraph", "export", form, str(out), "--store", str(graph.folder)]
    subprocess.run(command, check=True, capture_output=True)
    assert out.read_bytes() == (folder / f"g.{form}").read_bytes()


def test_settings_for_other_figures_neither_count_nor_change(
    graph: EventGraph, folder: Path, tmp_path: Path
) -> None:
    with matplotlib.rc_context({"font.size": 30, "savefig.bbox": "tight", "axes.facecolor": "black"}):
        write(graph, "png", tmp_path / "g.png")
        assert matplotlib.rcParams["font.size"] == 30
    assert (tmp_path / "g.png").read_bytes() == (folder / "g.png").read_bytes()


def test_an_empty_graph_is_drawn_and_says_so(tmp_path: Path) -> None:
    build([], Extractor(), tmp_path / "s")
    with EventGraph.open(tmp_path / "s") as store:
        write(store, "svg", tmp_path / "g.svg")
        write(store, "png", tmp_path / "g.png")
    assert "The store holds no events of cooperation or conflict." in texts(tmp_path / "g.svg")
    with Image.open(tmp_path / "g.png") as image:
        assert image.width == 1600


@pytest.mark.parametrize("name", ["$x^2$", "a\x00b\x1bc", "--><script>", "伊朗 😀", "\u200b", "Đ" * 300])
@pytest.mark.filterwarnings("error")
def test_any_name_gives_a_picture_that_opens(tmp_path: Path, name: str) -> None:
    strange = RUSSIA.model_copy(update={"name": name, "label_vi": name})
    with opened(tmp_path / "s", (EventType.AID, "2016"), names=(strange, IRAN)) as store:
        write(store, "svg", tmp_path / "g.svg")
    assert "Iran" in texts(tmp_path / "g.svg")


WITHOUT_MATPLOTLIB = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
from relgraph.cli import main
main()
"""


def test_without_matplotlib_the_remedy_is_named_and_other_formats_work(
    graph: EventGraph, tmp_path: Path
) -> None:
    def export(form: str) -> subprocess.CompletedProcess[str]:
        command = ["export", form, str(tmp_path / f"g.{form}"), "--store", str(graph.folder)]
        return subprocess.run(
            [sys.executable, "-c", WITHOUT_MATPLOTLIB, *command], capture_output=True, text=True, check=False
        )

    refused = export("png")
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "pip install matplotlib" in refused.stderr
    assert export("ttl").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["g.ttl"]
