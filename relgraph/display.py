"""How documents, events and graphs look in a notebook, and events as a pandas frame.

After ``%load_ext relgraph.display`` a cell that ends in an event shows its card; a document, or a Doc of the
pipeline, its text with names, times and events marked; a graph its picture with the timeline and, where
ipysigma is installed, the network to move about in.
"""

import re
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from html import escape
from importlib.util import find_spec
from io import BytesIO
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
from spacy import displacy

from relgraph.errors import RelgraphError
from relgraph.export import picture
from relgraph.export.appearance import colour_code, on_disc
from relgraph.export.concepts import CONFLICT, COOPERATION, labels, quad_classes
from relgraph.export.marks import marks
from relgraph.graph import EventGraph, QueryResult
from relgraph.graph import vocabulary as v
from relgraph.model import Actor, Document, EntityType, Event, Evidence
from relgraph.nlp.documents import document_from

if TYPE_CHECKING:
    import pandas as pd
    from ipysigma import Sigma
    from IPython.display import HTML
    from matplotlib.figure import Figure

_MOST_SHOWN: Final = 20_000  # events of a graph that is drawn unasked
_MOST_LAID_OUT: Final = 400  # actors; the layout takes time and memory by the square of their number
_LAYOUT: Final[dict[str, Any]] = {  # keeps together what is not joined, and busy actors apart
    "strong_gravity": True,
    "gravity": 0.02,
    "scaling_ratio": 4,
    "distributed_action": True,
    "max_iter": 600,
}
_MARK: Final = (
    '<mark title="{tip}" style="background: {bg}; color: #000; padding: 0.1em 0.25em; border-radius: 0.25em">'
    '{text}<span style="font-size: 0.65em; font-weight: bold; margin-left: 0.4em">{label}</span></mark>'
)


_BLANK_LINES: Final = re.compile(r"(?:</?br>\s*){2,}")  # as displaCy writes them


def load_ipython_extension(shell: Any) -> None:
    """Make the notebook show graphs, events, documents and figures; IPython calls it for
    ``%load_ext relgraph.display``."""
    formatters = shell.display_formatter.formatters
    html = formatters["text/html"]
    html.for_type(Event, event_html)
    html.for_type(Document, document_html)
    html.for_type_by_name("spacy.tokens.doc", "Doc", lambda doc: document_html(document_from(doc)))
    formatters["image/png"].for_type_by_name("matplotlib.figure", "Figure", _png)
    shell.display_formatter.ipython_display_formatter.for_type(EventGraph, show_graph)


# --- graphs -----------------------------------------------------------------------------------------------


def show_graph(graph: EventGraph) -> None:
    """Display a graph in a notebook: what it holds, its picture with the timeline, and its network.

    Without matplotlib the picture is left out, without ipysigma the network, with a word on what to install;
    of a graph too large to be read in some seconds both.
    """
    from IPython import display as notebook

    show: Any = notebook.display
    html: Any = notebook.HTML
    counts = " · ".join(f"{number:,} {what}" for what, number in graph.counts().items())
    show(html(f"<b>{escape(str(graph.folder.name))}</b> <small>{escape(counts)}</small>"))
    (asked,) = graph.query("SELECT (COUNT(?event) AS ?events) WHERE { ?event a sem:Event }")
    if asked["events"] > _MOST_SHOWN:
        show(html("<small>too large to be drawn unasked; ask for a part of it and draw that</small>"))
        return
    missing = [name for name in ("matplotlib", "ipysigma") if find_spec(name) is None]
    if "matplotlib" not in missing:
        show({"image/png": _png(picture.overview_picture(graph))}, raw=True)
    if "ipysigma" not in missing:
        show(network(graph))
    for name in missing:
        show(html(f"<small>more is shown after <code>pip install {name}</code></small>"))


def network(
    graph: EventGraph, events: Iterable[Event] | None = None, *, most: int = 1000, height: int = 500
) -> "Sigma":
    """Return the actors of events and what is between them as a network to move about in, search and filter.

    Two actors are joined by one edge for what they do together or for each other, and by another for what is
    between them in conflict; its colour tells whether words or deeds prevail. Events that are neither, such
    as statements, join nobody here. Nothing is loaded from elsewhere.

    Args:
        events: by default all actual events.
        most: number of actors at most, those with most events.
        height: in pixels.

    Raises:
        RelgraphError: ipysigma is not installed.
    """
    try:
        from ipysigma import Sigma
    except ImportError as error:
        raise RelgraphError("network", f"it needs ipysigma ({error})", "pip install ipysigma") from error
    view = _ties(graph, graph.events() if events is None else events, most)
    names = labels(graph)
    types = {
        names[iri.value].en: colour_code("entities", kind.value) for kind, iri in v.ENTITY_CLASSES.items()
    }
    classes = {names[v.EVENT_TYPES + name].en: colour_code("edges", name) for name in COOPERATION + CONFLICT}
    return Sigma(
        view,
        height=height,
        node_color="kind",
        node_color_palette=types,
        node_size="events",
        node_size_range=(4, 22),
        node_label_size="events",
        node_label_size_range=(11, 16),
        edge_color="class",
        edge_color_palette=classes,
        edge_size="events",
        edge_size_range=(1, 8),
        default_edge_type="curve",
        label_density=4,
    )


def _ties(graph: EventGraph, events: Iterable[Event], most: int) -> "nx.MultiDiGraph[str]":
    """Return the actors that have anything between them, with at most two edges for each two.

    Those of conflict run the other way than those of cooperation, so that their curves lie apart.
    """
    classes, names = quad_classes(graph), labels(graph)
    whole = graph.to_networkx(events)
    busiest = sorted(whole, key=lambda key: (-whole.nodes[key]["events"], key))[:most]
    view = whole.subgraph(busiest)
    shared: dict[tuple[str, str, bool], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for source, target, values in view.edges(data=True):
        name = classes[values["event_type"]]
        if name in COOPERATION + CONFLICT:
            first, second = sorted((source, target))
            shared[first, second, name in CONFLICT][name].add(values["event"])
    ties: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    joined = {key for first, second, _ in shared for key in (first, second)}
    for key, values in view.nodes(data=True):
        if key not in joined:
            continue
        kind = names[v.ENTITY_CLASSES[EntityType(values["entity_type"])].value].en
        ties.add_node(
            key,
            label=values["label"],
            label_vi=values.get("label_vi", ""),
            kind=kind,
            events=values["events"],
        )
    for (first, second, conflict), by_class in shared.items():
        ends = (second, first) if conflict else (first, second)
        prevailing = max(sorted(by_class), key=lambda name: len(by_class[name]))
        number = len(set[str]().union(*by_class.values()))
        ties.add_edge(*ends, **{"class": names[v.EVENT_TYPES + prevailing].en}, events=number)
    for key, (x, y) in _places(ties).items():
        ties.nodes[key].update(x=x, y=y)
    return ties


def _places(ties: "nx.MultiDiGraph[str]") -> dict[str, tuple[float, float]]:
    """Return where each actor stands, the same each time; ipysigma's own layout may go on from there."""
    if len(ties) > _MOST_LAID_OUT:
        busiest = sorted(ties, key=lambda key: (-ties.nodes[key]["events"], key))
        return {key: on_disc(rank) for rank, key in enumerate(busiest)}
    weights: Counter[tuple[str, str]] = Counter()
    for one, other, values in ties.edges(data=True):
        weights[min(one, other), max(one, other)] += values["events"]
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(ties)
    plain.add_weighted_edges_from((*pair, sqrt(number)) for pair, number in weights.items())
    places = nx.forceatlas2_layout(plain, seed=1, weight="weight", **_LAYOUT)
    return {key: (float(x), float(y)) for key, (x, y) in places.items()}


def _png(figure: "Figure") -> bytes:
    file = BytesIO()
    picture.save_figure(figure, file, "png", "")
    return file.getvalue()


# --- documents --------------------------------------------------------------------------------------------


def document_html(document: Document) -> str:
    """Return the document's text as HTML, with its names, times and events' triggers marked.

    A name bears its type, a time its value, a trigger its event's type; pointing at one tells what it stands
    for. Drawn by displaCy. Of marks that overlap the first is drawn, and the longest where two begin alike.
    """
    ents = [
        {
            "start": mark.start,
            "end": mark.end,
            "label": escape(mark.label),
            "params": {"tip": escape(mark.tip), "bg": mark.colour},
        }
        for mark in marks(document)
    ]
    text = displacy.render(
        {"text": document.text, "ents": ents, "title": None},
        style="ent",
        manual=True,
        jupyter=False,
        options={"template": _MARK},
    )
    text = _BLANK_LINES.sub('<div style="height: 0.6em"></div>', text)
    about = " · ".join(filter(None, (document.id, _day(document.dct), document.source)))
    return (
        f"<div><b>{escape(document.title or document.id)}</b><br><small>{escape(about)}</small>{text}</div>"
    )


def beside(document: Document, graph: EventGraph) -> "HTML":
    """Return a document's marked text with a picture beside it of what the graph has from it.

    Raises:
        RelgraphError: matplotlib is not installed.
    """
    from IPython.display import HTML

    told = [event for event in graph.events() if document.id in {one.article for one in event.evidence}]
    drawn = b64encode(_png(picture.overview_picture(graph, told))).decode()
    image = f'<img style="width: 100%" alt="the graph" src="data:image/png;base64,{drawn}">'
    cells = (("38%", document_html(document)), ("62%", image))
    row = "".join(
        f'<td style="width: {width}; text-align: left; vertical-align: top; white-space: normal">{cell}</td>'
        for width, cell in cells
    )
    return HTML(f'<table style="width: 100%"><tr>{row}</tr></table>')  # type: ignore[no-untyped-call]


# --- events -----------------------------------------------------------------------------------------------


def event_html(event: Event) -> str:
    """Return an event as a card in HTML: what, when, who, whom, where, told how, and in which sentences.

    The trigger is marked in each sentence; where its words stand there more than once, they are quoted beside
    the sentence only, as the evidence does not tell which of them is meant.
    """
    what = f"{event.type.value} ({event.mode})" if event.mode else event.type.value
    rows = [
        ("when", f"{event.time.edtf} ({event.time.precision.value})" if event.time else "undated"),
        ("who", _names(event.agents)),
        ("whom", _names(event.patients)),
        ("where", _names((event.place,) if event.place else ())),
        ("told as", event.factuality.value),
    ]
    facts = "".join(
        f'<tr><th style="text-align: left">{name}</th><td style="text-align: left">{escape(value)}</td></tr>'
        for name, value in rows
        if value
    )
    told = "".join(_evidence_html(evidence) for evidence in event.evidence)
    return (
        '<div style="border: 1px solid #999; border-radius: 0.4em; padding: 0.6em; max-width: 60em">'
        f"<b>{escape(what)}</b> <small>{escape(event.id)}</small><table>{facts}</table><ul>{told}</ul></div>"
    )


def _evidence_html(evidence: Evidence) -> str:
    words = list(re.finditer(rf"(?<!\w){re.escape(evidence.quote)}(?!\w)", evidence.sentence))
    sentence = escape(evidence.sentence)
    if len(words) == 1:
        start, end = words[0].span()
        before, quote, after = (
            escape(part) for part in (evidence.sentence[:start], evidence.quote, evidence.sentence[end:])
        )
        colour = colour_code("marks", "event")
        sentence = f'{before}<mark style="background: {colour}; color: #000">{quote}</mark>{after}'
    about = " · ".join(filter(None, (evidence.article, _day(evidence.published), evidence.source)))
    return f"<li>{sentence}<br><small>“{escape(evidence.quote)}” in {escape(about)}</small></li>"


_COLUMNS: Final = (
    "earliest",
    "latest",
    "time",
    "precision",
    "type",
    "mode",
    "factuality",
    "agents",
    "patients",
    "place",
    "articles",
    "event",
)


def events_frame(events: Iterable[Event], *, language: str = "en") -> "pd.DataFrame":
    """Return events as a pandas frame with a row for each, in their order.

    Columns: earliest and latest (its day bounds, as timestamps), time (EDTF), precision, type, mode,
    factuality, agents and patients (names joined by commas), place, articles (how many report it), event
    (its id).

    Args:
        language: of the names, "en" or "vi"; who has no Vietnamese label has the English one.

    Raises:
        RelgraphError: pandas is not installed.
    """
    rows = (
        (
            event.time.earliest if event.time else None,
            event.time.latest if event.time else None,
            event.time.edtf if event.time else None,
            event.time.precision.value if event.time else None,
            event.type.value,
            event.mode,
            event.factuality.value,
            _labels(event.agents, language),
            _labels(event.patients, language),
            _labels((event.place,) if event.place else (), language),
            len({evidence.article for evidence in event.evidence}),
            event.id,
        )
        for event in events
    )
    return QueryResult.of(_COLUMNS, rows).to_pandas()


def _labels(actors: Iterable[Actor], language: str) -> str | None:
    labels = ((actor.label_vi if language == "vi" else None) or actor.name for actor in actors)
    return ", ".join(labels) or None


def _names(actors: Iterable[Actor]) -> str:
    return ", ".join(
        f"{actor.name} ({actor.label_vi})" if actor.label_vi not in (None, actor.name) else actor.name
        for actor in actors
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
