"""Charts of one relation: its timeline, its months, its meetings; and of what was told to happen or planned.

Each is a matplotlib figure 720 points wide, drawn by its object interface only.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations
from math import sqrt
from typing import Any, Final, NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from pyoxigraph import Literal

from relgraph.export.appearance import colour_code, term_colours
from relgraph.export.concepts import CONFLICT, COOPERATION, NEUTRAL, labels, quad_classes
from relgraph.export.picture.bars import draw_bars
from relgraph.export.picture.overview import ordinal
from relgraph.export.picture.sheet import FAINT, GAP, INK, LABEL, SMALL, font, own_style, text_width
from relgraph.graph import EventGraph
from relgraph.graph import vocabulary as v
from relgraph.model import (
    Actor,
    EntityType,
    Event,
    EventType,
    Factuality,
    PeriodLength,
    Plan,
    PlanOutcome,
)

_WIDTH: Final = 10.0  # inches
_ROWS: Final = (*COOPERATION, NEUTRAL, *reversed(CONFLICT))  # from above
_CLASS_MARKERS: Final = dict(zip(_ROWS, "soD^v", strict=True))
_TOLD_MARKERS: Final = {
    Factuality.ACTUAL: "o",
    Factuality.PLANNED: "D",
    Factuality.POSSIBLE: "^",
    Factuality.NEGATED: "X",
}
_MARK_AREA: Final = 32.0  # square points of one event's mark; the area grows with the number of events
_RING_AREA: Final = 150.0
_CORNER: Final[dict[str, Any]] = {
    "loc": "lower right",
    "bbox_to_anchor": (1, 1),
    "borderaxespad": 0.2,
    "ncols": 2,
    "frameon": False,
    "fontsize": SMALL,
}
"""Where a legend stands: above the axes, at the right."""
_EPOCH: Final = date(1970, 1, 1)
_DARK: Final = 1.5  # sum of red, green and blue, of 3, under which ink is white
_MOST_PEOPLE: Final = 16  # for whose names there is room
_TIME_AXIS: Final = 500.0  # points that the axis of a timeline has at least, beside the names of its rows


class _Term(NamedTuple):
    """Someone's time in an office, cut to the time that is drawn."""

    office: str
    name: str
    begin: date
    end: date


@own_style()
def timeline(
    graph: EventGraph,
    a: str,
    b: str,
    start: str | None,
    end: str | None,
    roles: Sequence[str],
    language: str,
) -> Figure:
    """Draw the events between two actors by class, and who held which office beneath."""
    events = graph.timeline(a, b, start, end)
    placed = [(event.type, *bounds) for event in events if (bounds := _bounds(event))]
    title = f"Events between {graph.actor(a).name} and {graph.actor(b).name}"
    if not placed:
        return _nothing(title, "No event with a date.")
    first = min(earliest for _, earliest, _ in placed)
    last = max(latest for _, _, latest in placed)
    terms = _terms(graph, (a, b), roles, language, first, last)
    offices = list(dict.fromkeys(term.office for term in terms))
    figure = _figure(2.9 + 0.32 * len(offices))
    ratios = [2.3, max(0.32 * len(offices), 0.01)]
    above, beneath = figure.subplots(2, 1, sharex=True, height_ratios=ratios)
    above.use_sticky_edges = beneath.use_sticky_edges = False  # or the bars' start would cut the first mark
    classes, names = quad_classes(graph), labels(graph)
    counts = Counter((classes[kind], earliest, latest) for kind, earliest, latest in placed)
    for (name, earliest, latest), number in counts.items():
        colour, row = colour_code("edges", name), _ROWS.index(name)
        _mark(above, earliest, latest, -row, number, colour, _CLASS_MARKERS[name])
    called = [names[v.EVENT_TYPES + name] for name in _ROWS]
    above.set_yticks([-row for row in range(len(_ROWS))], [f"{each.en}\n{each.vi}" for each in called])
    above.set_ylim(0.6 - len(_ROWS), 0.6)
    _finish(above, title, _left_out(len(events) - len(placed)))
    _size_legend(above, counts.values())
    if offices:
        _draw_terms(beneath, terms, offices, last - first)
    else:
        beneath.set_axis_off()
        above.tick_params(labelbottom=True)
    return figure


@own_style()
def series(graph: EventGraph, a: str, b: str, start: str | None, end: str | None, by: PeriodLength) -> Figure:
    """Draw cooperation and conflict between two actors, period by period."""
    found = graph.series(a, b, start, end, by=by)
    classes = COOPERATION + CONFLICT
    counted = {
        ordinal(period.start.year, period.start.month, by): {
            name: int(getattr(period, name.replace("-", "_"))) for name in classes
        }
        for period in found.periods
    }
    periods = {number: counts for number, counts in counted.items() if any(counts.values())}
    title = f"Cooperation and conflict between {graph.actor(a).name} and {graph.actor(b).name}"
    if not periods:
        return _nothing(title, f"No event of cooperation or conflict that lies in a single {by}.")
    figure = _figure(3.6)
    axes = figure.subplots()
    draw_bars(axes, periods, by, 0.88 * 72 * _WIDTH)
    names = labels(graph)
    called = [names[v.EVENT_TYPES + name] for name in classes]
    patches = [Patch(color=colour_code("edges", name)) for name in classes]
    legend = [f"{each.en}  {each.vi}" for each in called]
    figure.legend(patches, legend, loc="outside lower center", ncols=2, frameon=False, fontsize=SMALL)
    axes.set_title(title, loc="left", fontsize=11, color=INK, pad=16)
    more = (
        f"; {found.unplaced} more have no date, or one too vague for a single {by}" if found.unplaced else ""
    )
    _note(axes, f"Events per {by}{more}")
    return figure


@own_style()
def meetings(graph: EventGraph, a: str, b: str, start: str | None, end: str | None, language: str) -> Figure:
    """Draw who took part in meetings, visits and calls together."""
    events = graph.timeline(a, b, start, end, types=[EventType.CONSULT])
    together: Counter[tuple[str, str]] = Counter()
    for event in events:
        together.update(combinations(sorted(_people(event, language)), 2))
    title = f"Who met whom between {graph.actor(a).name} and {graph.actor(b).name}"
    if not together:
        return _nothing(title, "No meeting of two persons.")
    people = _busiest(together)
    figure = _figure(1.1 + 0.32 * len(people))
    axes = figure.subplots()
    shades, most = matplotlib.colormaps["cividis_r"], max(together.values())
    for row, one in enumerate(people):
        axes.text(row - 0.42, row, one, va="center", size=LABEL, color=INK)
        for column, other in enumerate(people[:row]):
            number = together[min(one, other), max(one, other)]
            shade = shades(0.1 + 0.9 * number / most) if number else to_rgba(GAP)
            axes.add_patch(Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, color=shade, linewidth=0))
            ink = "white" if sum(shade[:3]) < _DARK else INK
            axes.text(column, row, str(number or ""), ha="center", va="center", color=ink, size=LABEL)
    axes.set_xlim(-0.5, len(people) + 1.5)
    axes.set_ylim(len(people) - 0.5, -0.5)
    axes.set_axis_off()
    left_out = len({person for pair in together for person in pair}) - len(people)
    more = f"; {left_out} persons more are left out" if left_out else ""
    _note(
        axes,
        f"Meetings, visits and calls that the person of the row and of the column both took part in{more}",
    )
    axes.set_title(title, loc="left", fontsize=11, color=INK, pad=20)
    return figure


def _busiest(together: Counter[tuple[str, str]]) -> list[str]:
    """Return the persons with most meetings, those first who have more, of which each met another of them."""
    times: Counter[str] = Counter()
    for pair, number in together.items():
        times.update(dict.fromkeys(pair, number))
    people = sorted(times, key=lambda person: (-times[person], person))[:_MOST_PEOPLE]
    met = {person for pair in together if set(pair) <= set(people) for person in pair}
    return [person for person in people if person in met]


@own_style()
def told(graph: EventGraph, start: str | None, end: str | None) -> Figure:
    """Draw what is told to have happened above what was planned, possible or denied."""
    events = graph.between(start, end, factuality=tuple(Factuality))
    placed = [(event.factuality, *bounds) for event in events if (bounds := _bounds(event))]
    title = "Planned and happened"
    if not placed:
        return _nothing(title, "No event with a date.")
    figure = _figure(3.3)
    axes = figure.subplots()
    numbers = Counter(factuality for factuality, _, _ in placed)
    counts = Counter(placed)
    for row, (factuality, marker) in enumerate(_TOLD_MARKERS.items()):
        colour = colour_code("factuality", factuality.value)
        for (which, earliest, latest), number in counts.items():
            if which is factuality:
                _mark(axes, earliest, latest, -row, number, colour, marker)
    rows = [f"{factuality.value} ({numbers[factuality]})" for factuality in _TOLD_MARKERS]
    axes.set_yticks([-row for row in range(len(rows))], rows)
    axes.set_ylim(0.6 - len(rows), 0.8)
    _ring_plans(axes, graph.plans(None, start, end))
    _finish(axes, title, "Dated events by what the articles tell of them; a mark is larger for more events")
    return figure


# --- parts ------------------------------------------------------------------------------------------------


def _figure(height: float) -> Figure:
    return Figure(figsize=(_WIDTH, height), facecolor="white", layout="constrained")


def _nothing(title: str, why: str) -> Figure:
    figure = _figure(1.2)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_title(title, loc="left", fontsize=11, color=INK)
    axes.text(0.5, 0.5, why, ha="center", va="center", size=LABEL, color=FAINT)
    return figure


def _bounds(event: Event) -> tuple[date, date] | None:
    """Return the first and last day of an event whose time has both."""
    time = event.time
    return (time.earliest, time.latest) if time and time.earliest and time.latest else None


def _mark(axes: Axes, earliest: date, latest: date, row: int, number: int, colour: str, marker: str) -> None:
    """Draw events of one time: a mark in its middle, and a line as far as it reaches."""
    begin, end = _day_number(earliest), _day_number(latest)
    if begin < end:
        axes.hlines(row, begin, end, color=colour, linewidth=3, alpha=0.5)
    style: dict[str, Any] = {
        "color": colour,
        "linewidth": 0,
        "alpha": 0.85,
        "zorder": 3,
    }
    axes.scatter([_middle(earliest, latest)], [row], _MARK_AREA * number, marker=marker, **style)


def _finish(axes: Axes, title: str, note: str) -> None:
    axes.xaxis_date()
    axes.grid(axis="x", alpha=0.4)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, labelsize=SMALL)
    axes.tick_params(axis="x", labelsize=SMALL, labelcolor=FAINT)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_title(title, loc="left", fontsize=11, color=INK, pad=20)
    _note(axes, note)


def _note(axes: Axes, text: str) -> None:
    place: dict[str, Any] = {
        "xy": (0, 1),
        "xytext": (0, 6),
        "xycoords": "axes fraction",
        "textcoords": "offset points",
    }
    axes.annotate(text, **place, size=SMALL, color=FAINT)


def _left_out(number: int) -> str:
    lines = "A line shows how far a vague time reaches"
    return f"{lines}; left out without a date on either side: {number}" if number else lines


def _size_legend(axes: Axes, numbers: Iterable[int]) -> None:
    """Tell what the sizes of marks mean."""
    style: dict[str, Any] = {"linestyle": "", "marker": "o", "color": FAINT}
    for_numbers = sorted({1, max(numbers)})
    marks = [Line2D([], [], **style, markersize=sqrt(_MARK_AREA * number)) for number in for_numbers]
    names = [f"{number} event{'s' if number > 1 else ''}" for number in for_numbers]
    axes.legend(marks, names, **_CORNER)


def _ring_plans(axes: Axes, plans: Iterable[Plan]) -> None:
    """Draw a ring around plans that articles tell to have come true."""
    row = -list(_TOLD_MARKERS).index(Factuality.PLANNED)
    happened = (plan.event for plan in plans if plan.outcome is PlanOutcome.HAPPENED)
    middles = [_middle(*bounds) for event in happened if (bounds := _bounds(event))]
    ring: dict[str, Any] = {
        "s": _RING_AREA,
        "marker": "o",
        "facecolor": "none",
        "edgecolor": INK,
        "linewidth": 1.2,
        "zorder": 4,
    }
    rings = axes.scatter(middles, [row] * len(middles), **ring)
    axes.legend([rings], ["told to have come true"], **_CORNER)


def _middle(earliest: date, latest: date) -> float:
    return (_day_number(earliest) + _day_number(latest)) / 2


def _day_number(day: date) -> int:
    """Return the day as matplotlib counts days."""
    return (day - _EPOCH).days


def _people(event: Event, language: str) -> set[str]:
    actors = (*event.agents, *event.patients)
    return {_name(actor, language) for actor in actors if actor.type is EntityType.PER}


def _name(actor: Actor, language: str) -> str:
    return (actor.label_vi if language == "vi" else None) or actor.name


# --- offices ----------------------------------------------------------------------------------------------


def _terms(
    graph: EventGraph, actors: Sequence[str], roles: Sequence[str], language: str, first: date, last: date
) -> list[_Term]:
    """Return who held these offices of the actors in the time, office by office."""
    asked = [(v.entity_iri(graph.actor(name).key), Literal(role)) for role in roles for name in actors]
    rows = " ".join(f"({state} {role} {number})" for number, (state, role) in enumerate(asked))
    found = graph.store.rows(f"""
        SELECT ?title ?name ?begin ?until WHERE {{ GRAPH {v.KNOWLEDGE} {{
          VALUES (?state ?role ?order) {{ {rows} }}
          ?post {v.ORG_POST_IN} ?state ; {v.OFFICE_ROLE} ?role ; {v.LABEL} ?title .
          ?tenure {v.OFFICE} ?post ; {v.ORG_MEMBER} ?person .
          ?person {v.LABEL} ?name .
          OPTIONAL {{ ?tenure {v.EARLIEST} ?from }}
          OPTIONAL {{ ?tenure {v.LATEST} ?to }}
          BIND(COALESCE(STR(?from), "{date.min}") AS ?begin)
          BIND(COALESCE(STR(?to), "{date.max}") AS ?until)
          FILTER(LANG(?title) = {Literal(language)} && LANG(?name) = {Literal(language)})
        }} }}
        ORDER BY ?order ?title ?begin
    """)
    terms = [
        _Term(office, name, max(date.fromisoformat(begin), first), min(date.fromisoformat(until), last))
        for office, name, begin, until in found
    ]
    return [term for term in terms if term.begin < term.end]


def _draw_terms(axes: Axes, terms: Sequence[_Term], offices: Sequence[str], span: timedelta) -> None:
    colours = term_colours()
    for row, office in enumerate(offices):
        for number, term in enumerate(term for term in terms if term.office == office):
            begin, length = _day_number(term.begin), (term.end - term.begin).days
            colour = colours[number % len(colours)]
            axes.barh(-row, length, 0.78, begin, color=colour, alpha=0.45, edgecolor="white")
            name = _fitting(term.name, _TIME_AXIS * length / span.days)
            axes.text(begin + length / 2, -row, name, ha="center", va="center", size=SMALL, color=INK)
    axes.set_yticks([-row for row in range(len(offices))], offices)
    axes.set_ylim(0.5 - len(offices), 0.5)
    axes.tick_params(axis="y", length=0, labelsize=SMALL)
    axes.tick_params(axis="x", labelsize=SMALL, labelcolor=FAINT)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _fitting(name: str, width: float) -> str:
    """Return as much of a person's name as a bar has room for: all, the last word, or nothing."""
    choices = (name, name.rsplit(maxsplit=1)[-1], "")
    return next(choice for choice in choices if not choice or text_width(choice, font(SMALL)) < width)
