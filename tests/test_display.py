"""What notebooks show: documents, events, tables; and events as frames."""

import sys
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pandas as pd
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
    span,
)
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from rdflib import Literal, URIRef

from relgraph.display import beside, document_html, event_html, events_frame, network, show_graph
from relgraph.errors import RelgraphError
from relgraph.graph import EventGraph, QueryResult, build
from relgraph.model import (
    Actor,
    EntityType,
    Event,
    EventType,
    Evidence,
    Factuality,
    Interval,
    Mention,
    TimeExpression,
    TimexType,
)

TEXT = "Ngày 4/4, Nga & Iran <hội đàm> tại Sochi."
NGA = Actor(key="gpe/russia", type=EntityType.GPE, name="Russia", label_vi="Nga")


class Page(HTMLParser):
    """The text of a piece of HTML, and that of its marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.marks, self.tags, self._open = "", [], [], []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "br":
            self._open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marks[-1] += data


def sample_document(**more: object):
    happening = event(TEXT, "hội đàm", factuality=Factuality.PLANNED)
    nga = Mention(**span(TEXT, "Nga").model_dump(), type=EntityType.GPE, entity=RUSSIA.id)
    iran = Mention(**span(TEXT, "Iran").model_dump(), type=EntityType.GPE, entity=IRAN.id)
    day = TimeExpression(**span(TEXT, "Ngày 4/4").model_dump(), type=TimexType.DATE, value="2018-04-04")
    return document(article("a", TEXT), happening, mentions=(nga, iran), timexes=(day,), **more)


def sample_event(sentence: str = TEXT, quote: str = "hội đàm", **more: object) -> Event:
    told = Evidence(
        article="a<b>",
        published=date(2018, 4, 5),
        start=3,
        end=3 + len(quote),
        quote=quote,
        sentence=sentence,
    )
    given = {"time": Interval.from_value("2018-04"), "agents": (NGA,), "evidence": (told,)} | more
    return Event.model_validate({"id": "consult-1", "type": EventType.CONSULT, "mode": "meeting"} | given)


def test_a_document_shows_its_text_with_names_times_and_triggers_marked() -> None:
    page = Page(document_html(sample_document()))
    assert page.marks == ["Ngày 4/42018-04-04", "NgaGPE", "IranGPE", "hội đàmCONSULT (planned)"]
    assert "<" in page.text and "&" in page.text


def test_markup_in_a_title_or_name_stays_text() -> None:
    html = document_html(sample_document(title="<script>alert(1)</script>"))
    assert "<script>" not in html
    assert "<script>alert(1)</script>" in Page(html).text


def test_overlapping_marks_are_drawn_once() -> None:
    whole = TimeExpression(**span(TEXT, "Ngày 4/4, Nga").model_dump(), type=TimexType.DATE)
    overlapping = sample_document().model_copy(update={"timexes": (whole,)})
    assert Page(document_html(overlapping)).marks == ["Ngày 4/4, Nga?", "IranGPE", "hội đàmCONSULT (planned)"]


def test_an_event_shows_a_card_with_its_evidence() -> None:
    page = Page(event_html(sample_event()))
    for told in ("CONSULT (meeting)", "2018-04 (month)", "Russia (Nga)", "actual", TEXT, "a<b> · 2018-04-05"):
        assert told in page.text
    assert page.marks == ["hội đàm"]
    assert "b" in page.tags and page.tags.count("b") == 1  # that of the title: the article's id stays text


def test_a_trigger_that_stands_twice_is_quoted_but_not_marked() -> None:
    page = Page(event_html(sample_event("Họ gặp ông A, rồi gặp ông B.", "gặp")))
    assert page.marks == []
    assert "“gặp”" in page.text


def test_an_undated_event_says_so() -> None:
    assert "undated" in Page(event_html(sample_event(time=None))).text


def test_the_extension_makes_a_notebook_show_events_and_documents() -> None:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "relgraph.display")
    html = shell.display_formatter.formatters["text/html"]
    assert html(sample_event()) == event_html(sample_event())
    assert html(sample_document()) == document_html(sample_document())


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventGraph]:
    folder = tmp_path_factory.mktemp("store") / "s"
    build([ARTICLE_1, ARTICLE_2], Extractor(DOCUMENT_1, DOCUMENT_2), folder, knowledge=SmallKnowledge())
    with EventGraph.open(folder) as opened:
        yield opened


def test_a_network_joins_actors_by_cooperation_and_by_conflict(graph: EventGraph) -> None:
    shown = network(graph)
    nodes = {node["key"]: node["attributes"] for node in shown.data["nodes"]}
    assert nodes["gpe/iran"]["label"] == "Iran" and nodes["gpe/iran"]["kind"] == "geopolitical entity"
    assert all({"x", "y", "events"} <= values.keys() for values in nodes.values())
    sides = [
        (frozenset((edge["source"], edge["target"])), "conflict" in edge["attributes"]["class"])
        for edge in shown.data["edges"]
    ]
    assert sides and len(sides) == len(set(sides))
    view = graph.to_networkx()
    assert {pair for pair, _ in sides} <= {frozenset(ends) for ends in view.edges()}


def test_a_network_of_nothing_is_empty(graph: EventGraph) -> None:
    assert network(graph, []).data["nodes"] == []


def test_without_ipysigma_the_remedy_is_told(graph: EventGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipysigma", None)
    with pytest.raises(RelgraphError, match="pip install ipysigma"):
        network(graph)


def test_a_graph_shows_its_counts_its_picture_and_its_network(graph: EventGraph) -> None:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "relgraph.display")
    with capture_output() as captured:
        assert shell.display_formatter.ipython_display_formatter(graph)
    kinds = [kind for output in captured.outputs for kind in output.data]
    assert {"text/html", "image/png", "application/vnd.jupyter.widget-view+json"} <= set(kinds)


def test_a_graph_too_large_is_not_drawn_unasked(graph: EventGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relgraph.display._MOST_SHOWN", 0)
    with capture_output() as captured:
        show_graph(graph)
    assert not [output for output in captured.outputs if "image/png" in output.data]
    assert "too large" in captured.outputs[-1].data["text/html"]


def test_a_network_holds_the_busiest_actors(graph: EventGraph) -> None:
    assert len(network(graph, most=2).data["nodes"]) == 2


def test_a_text_stands_beside_the_picture_of_its_own_events(graph: EventGraph) -> None:
    shown = beside(DOCUMENT_1, graph).data
    assert '<img style="width: 100%"' in shown and "data:image/png;base64," in shown
    assert document_html(DOCUMENT_1) in shown


def test_a_table_shows_itself_escaped() -> None:
    table = QueryResult(
        ["who <b>"], [[Literal("<i>Nga</i>")], [None], [URIRef("http://www.w3.org/2002/07/owl#Thing")]]
    )
    page = Page(table._repr_html_())
    assert "who <b>" in page.text and "<i>Nga</i>" in page.text and "owl:Thing" in page.text
    assert {"b", "i"}.isdisjoint(page.tags)


def test_a_long_table_shows_its_first_rows_and_how_many_are_left() -> None:
    page = Page(QueryResult(["n"], ([Literal(n)] for n in range(103)))._repr_html_())
    assert page.tags.count("tr") == 101
    assert "3 more rows" in page.text


def test_a_table_becomes_a_frame_with_days_and_whole_numbers() -> None:
    rows = [
        [Literal(date(1, 1, 1)), Literal(3), Literal("Mỹ")],
        [Literal(date(9999, 12, 31)), None, None],
    ]
    frame = QueryResult(["day", "n", "name"], rows).to_pandas()
    assert str(frame.dtypes["day"]) == "datetime64[s]"
    assert list(frame["day"].dt.year) == [1, 9999]
    assert str(frame.dtypes["n"]) == "Int64"
    assert frame["name"][0] == "Mỹ" and pd.isna(frame["name"][1])


def test_an_empty_table_becomes_an_empty_frame() -> None:
    frame = QueryResult(["a", "b"], []).to_pandas()
    assert list(frame.columns) == ["a", "b"] and frame.empty


def test_events_become_a_frame_in_either_language() -> None:
    events = [sample_event(), sample_event(time=None, place=NGA)]
    frame = events_frame(events, language="vi")
    assert list(frame["agents"]) == ["Nga", "Nga"]
    assert frame["earliest"][0] == pd.Timestamp("2018-04-01") and frame["latest"][0] == pd.Timestamp(
        "2018-04-30"
    )
    assert pd.isna(frame["earliest"][1]) and frame["place"][1] == "Nga"
    assert events_frame(events)["agents"][0] == "Russia"
    assert events_frame([]).empty


def test_without_pandas_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(RelgraphError, match=r"pip install pandas"):
        events_frame([sample_event()])
