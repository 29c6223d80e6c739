"""Draws an overview with matplotlib, by its object interface only.

The whole figure is one sheet whose unit is the point, from the lower left; the timeline is a panel upon it.
"""

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import hypot, sqrt
from typing import BinaryIO, Final, NamedTuple, Self

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import Stroke

from relgraph.export.appearance import colour_code
from relgraph.export.concepts import CONFLICT, COOPERATION, Names
from relgraph.export.picture.bars import draw_bars
from relgraph.export.picture.layout import Box, Panel, Point, overlapping, place
from relgraph.export.picture.overview import Activity, Overview, Tie
from relgraph.export.picture.sheet import (
    DPI,
    FAINT,
    INK,
    LABEL,
    SMALL,
    TITLE,
    font,
    own_style,
    put,
    save,
    text_width,
    write,
)
from relgraph.model import Actor, EntityType, PeriodLength, slug

_WIDTH, _HEIGHT = 720, 630  # points
_MARGIN: Final = 14
_NETWORK: Final = Panel(_MARGIN, 198, _WIDTH - 2 * _MARGIN, 324)
_TIMELINE: Final = Panel(52, 46, _WIDTH - 52 - _MARGIN, 128)

_COLOURED_TYPES: Final = (EntityType.PER, EntityType.GPE, EntityType.ORG)
_OTHER_COLOUR: Final = "#FFFFFF"
_LINE_HEIGHT: Final = 1.2
_LONGEST_LINE: Final = 22  # characters of a label
_MOST_LINES: Final = 2
_LARGEST_RADIUS, _SMALLEST_RADIUS = 19.0, 3.0
_WIDEST_TIE, _THINNEST_TIE = 8.0, 0.8
_FULL_CIRCLE, _FULL_TIE = 25, 8  # events of the largest circle and widest line, unless some have more
_LEGEND_SHARE: Final = 0.2  # of the largest circle's area; so large is the legend's
_BETWEEN_TIES: Final = 5.0  # points between the ties of two actors, in the middle


class _Line(NamedTuple):
    """A line of a label."""

    text: str
    font: FontProperties
    colour: str


class _Scale(NamedTuple):
    """How large things are drawn: areas of circles and widths of lines go with numbers of events."""

    most_events: int
    most_shared: int

    @classmethod
    def of(cls, what: Overview) -> Self:
        """Return the scale that fits the actors and ties."""
        return cls(
            max((activity.events for activity in what.actors), default=0),
            max((tie.events for tie in what.ties), default=0),
        )

    def radius(self, events: int) -> float:
        return max(_LARGEST_RADIUS * sqrt(events / self._full_circle), _SMALLEST_RADIUS)

    def width(self, events: int) -> float:
        return max(_WIDEST_TIE * events / self._full_tie, _THINNEST_TIE)

    @property
    def smallest_circle(self) -> int:
        """The most events that the smallest circle stands for."""
        return max(int(self._full_circle * (_SMALLEST_RADIUS / _LARGEST_RADIUS) ** 2), 1)

    @property
    def thinnest_tie(self) -> int:
        """The most events that the thinnest line stands for."""
        return max(int(self._full_tie * _THINNEST_TIE / _WIDEST_TIE), 1)

    @property
    def _full_circle(self) -> int:
        return max(self.most_events, _FULL_CIRCLE)

    @property
    def _full_tie(self) -> int:
        return max(self.most_shared, _FULL_TIE)


def draw(what: Overview, file: BinaryIO, form: str) -> None:
    """Draw an overview into a file; the same overview gives the same bytes with the same matplotlib.

    Args:
        form: "png" or "svg".
    """
    save(figure_of(what), file, form, _title(what))


def figure_of(what: Overview) -> Figure:
    """Return the overview as a figure."""
    with own_style():
        return _figure(what)


def _figure(what: Overview) -> Figure:
    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72), dpi=DPI, facecolor="white")
    sheet = figure.add_axes((0, 0, 1, 1), xlim=(0, _WIDTH), ylim=(0, _HEIGHT))
    sheet.set_axis_off()
    what, places = _placed(what)
    scale = _Scale.of(what)
    _draw_title(sheet, what)
    _draw_legend(sheet, what, scale)
    if what.actors:
        _draw_network(sheet, what, places, scale)
    else:
        _write_instead(sheet, _NETWORK, "The store holds no events of cooperation or conflict.")
    if what.times.periods:
        axes = figure.add_axes(_share_of_sheet(_TIMELINE))
        draw_bars(axes, what.times.periods, what.times.by, _TIMELINE.width)
    else:
        _write_instead(sheet, _TIMELINE, "No event to put on a timeline.")
    write(sheet, _MARGIN, 10, _notes(what), font(SMALL), FAINT)
    return figure


def _placed(what: Overview) -> tuple[Overview, dict[str, Point]]:
    """Return where the actors stand, of as many of the most active ones as have room with their labels."""
    while True:
        scale = _Scale.of(what)
        boxes = {a.actor.key: _box(_label(a.actor), scale.radius(a.events)) for a in what.actors}
        shared: Counter[tuple[str, str]] = Counter()
        for tie in what.ties:
            shared[tie.first, tie.second] += tie.events
        places = place(boxes, shared, _NETWORK)
        if not any(overlapping(places, boxes)):
            return what, places
        what = what.of_most_active(len(what.actors) - 3)


def _share_of_sheet(panel: Panel) -> tuple[float, float, float, float]:
    return panel.left / _WIDTH, panel.bottom / _HEIGHT, panel.width / _WIDTH, panel.height / _HEIGHT


# --- words ------------------------------------------------------------------------------------------------


def _title(what: Overview) -> str:
    parts = [
        _counted(what.articles, "article"),
        _counted(what.actual, "actual event"),
        _counted(what.entities, "entity", "entities"),
    ]
    if what.span:
        first, last = (
            day.strftime("%Y-%m") if what.times.by is PeriodLength.MONTH else str(day.year)
            for day in what.span
        )
        parts.append(first if first == last else f"{first} – {last}")
    return "  ·  ".join(parts)


def _subtitle(what: Overview) -> str:
    choice = f"{len(what.actors)} most active of " if len(what.actors) < what.active else ""
    actors = f"the {choice}{_counted(what.active, 'actor')} in them"
    return f"{_counted(what.shown, 'event')} of cooperation or conflict; {actors}"


def _notes(what: Overview) -> str:
    """Say which of the events are not drawn."""
    notes = []
    if neutral := what.actual - what.shown:
        notes.append(
            f"Not drawn: {neutral:,} events that are neither cooperation nor conflict, such as speech."
        )
    off = {"without a date": what.times.undated, f"in no single {what.times.by}": what.times.vague}
    if missing := [f"{events:,} {why}" for why, events in off.items() if events]:
        notes.append(f"Not on the timeline: {' and '.join(missing)}.")
    return " ".join(notes)


def _counted(number: int, noun: str, nouns: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def _drawable(text: str) -> str:
    """Leave out what can't be drawn, and stand not in XML either: control characters."""
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)


def _label(actor: Actor) -> list[_Line]:
    """Return the lines of an actor's label: the English name, and the Vietnamese one where it is another."""
    lines = [_Line(line, font(LABEL), INK) for line in _wrapped(actor.name)]
    if actor.label_vi and slug(actor.label_vi) != slug(actor.name):
        lines += [_Line(line, font(SMALL, italic=True), FAINT) for line in _wrapped(actor.label_vi)]
    return lines


def _wrapped(text: str) -> list[str]:
    """Break a name into as few lines as it needs, of about the same length."""
    text = _drawable(text)
    lines = textwrap.wrap(text, _LONGEST_LINE, max_lines=_MOST_LINES, placeholder=" …")
    longest = max(map(len, text.split()), default=0)
    narrower = (
        textwrap.wrap(text, width) for width in range(max(longest, _LONGEST_LINE // 2), _LONGEST_LINE)
    )
    return next((balanced for balanced in narrower if len(balanced) <= len(lines)), lines)


# --- title, legend, notes ---------------------------------------------------------------------------------


def _draw_title(sheet: Axes, what: Overview) -> None:
    write(sheet, _MARGIN, _HEIGHT - 24, _title(what), font(TITLE, bold=True))
    write(sheet, _MARGIN, _HEIGHT - 40, _subtitle(what), font(LABEL), FAINT)


def _draw_legend(sheet: Axes, what: Overview, scale: _Scale) -> None:
    top, bottom, lowest = _HEIGHT - 62, _HEIGHT - 77, _HEIGHT - 92
    x = _MARGIN + 0.0
    for pair in (COOPERATION, CONFLICT):
        ends = [
            _draw_swatch(sheet, x, y, colour_code("edges", name), what.class_names[name])
            for y, name in zip((bottom, top), pair, strict=True)
        ]
        x = max(ends) + 16
    if what.actors:
        _draw_types(sheet, x, top, what)
        _draw_sizes(sheet, x, bottom, scale)
        _draw_widths(sheet, _MARGIN, lowest, scale)


def _draw_swatch(sheet: Axes, x: float, y: float, colour: str, names: Names) -> float:
    sheet.plot([x, x + 16], [y + 3, y + 3], color=colour, linewidth=5, solid_capstyle="butt")
    end = write(sheet, x + 21, y, names.en, font(SMALL))
    return write(sheet, end + 5, y, names.vi, font(SMALL, italic=True), FAINT)


def _draw_types(sheet: Axes, x: float, y: float, what: Overview) -> None:
    """Tell the colours of the entity types that are shown; types without a colour of their own share one."""
    shown = {activity.actor.type for activity in what.actors}
    for kind in _COLOURED_TYPES:
        if kind in shown:
            x = _draw_type(sheet, x, y, _type_colour(kind), what.type_names[kind].en)
    if shown.difference(_COLOURED_TYPES):
        _draw_type(sheet, x, y, _OTHER_COLOUR, "other")


def _draw_type(sheet: Axes, x: float, y: float, colour: str, name: str) -> float:
    sheet.add_patch(_circle(Point(x + 4, y + 3), 4, colour))
    return write(sheet, x + 12, y, name, font(SMALL)) + 12


def _draw_sizes(sheet: Axes, x: float, y: float, scale: _Scale) -> None:
    """Tell what the sizes of circles mean."""
    round_number = float(f"{_LEGEND_SHARE * max(scale.most_events, _FULL_CIRCLE):.0e}")
    least, other = scale.smallest_circle, min(int(round_number), scale.most_events)
    for events in sorted({least, max(least, other)}):
        radius = scale.radius(events)
        sheet.add_patch(_circle(Point(x + radius, y + 3), radius, _OTHER_COLOUR))
        x = write(sheet, x + 2 * radius + 4, y, _at_most(events, least), font(SMALL)) + 12


def _draw_widths(sheet: Axes, x: float, y: float, scale: _Scale) -> None:
    """Tell what the widths of lines mean."""
    x = write(sheet, x, y, "Events that two actors share:", font(SMALL)) + 12
    least = scale.thinnest_tie
    for events in sorted({least, max(least, scale.most_shared)}):
        width = scale.width(events)
        sheet.plot([x, x + 16], [y + 3, y + 3], color=FAINT, linewidth=width, solid_capstyle="butt")
        x = write(sheet, x + 21, y, _at_most(events, least), font(SMALL)) + 12


def _at_most(events: int, least: int) -> str:
    """Name a number of events; the least size stands for all numbers up to its own."""
    return f"{'up to ' if events == least > 1 else ''}{_counted(events, 'event')}"


def _write_instead(sheet: Axes, panel: Panel, text: str) -> None:
    write(sheet, _WIDTH / 2, panel.bottom + panel.height / 2, text, font(LABEL), FAINT, "center")


# --- network ----------------------------------------------------------------------------------------------


def _draw_network(sheet: Axes, what: Overview, places: Mapping[str, Point], scale: _Scale) -> None:
    offsets = _offsets(what.ties, scale)
    for tie in sorted(what.ties, key=lambda tie: -tie.events):
        _draw_tie(sheet, places[tie.first], places[tie.second], tie, offsets[tie], scale)
    for activity in what.actors:
        _draw_actor(sheet, activity, places[activity.actor.key], scale)


def _box(label: Sequence[_Line], radius: float) -> Box:
    """Return the room of an actor: as wide again as its circle, so that ties between large ones are seen."""
    width = max([4 * radius, *(text_width(line.text, line.font) for line in label)])
    height = 2 * radius + sum(line.font.get_size() * _LINE_HEIGHT for line in label)
    return Box(width + 8, height + 9, radius)


def _offsets(ties: Iterable[Tie], scale: _Scale) -> dict[Tie, float]:
    """Return how far from the straight line each tie runs, so that those of two actors lie side by side."""
    offsets: dict[Tie, float] = {}
    for _, group in groupby(ties, key=lambda tie: (tie.first, tie.second)):
        between = list(group)
        widths = [scale.width(tie.events) for tie in between]
        edge = -(sum(widths) + _BETWEEN_TIES * (len(widths) - 1)) / 2
        for tie, width in zip(between, widths, strict=True):
            offsets[tie] = edge + width / 2
            edge += width + _BETWEEN_TIES
    return offsets


def _draw_tie(sheet: Axes, start: Point, end: Point, tie: Tie, offset: float, scale: _Scale) -> None:
    """Draw a tie as an arc that is that far from the straight line in its middle, to the left."""
    length = hypot(end.x - start.x, end.y - start.y)
    bend = 2 * offset / length  # an arc goes half as far out as its control point
    control = Point(
        (start.x + end.x) / 2 - bend * (end.y - start.y), (start.y + end.y) / 2 + bend * (end.x - start.x)
    )
    arc = Path([start, control, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    style = {"edgecolor": colour_code("edges", tie.quad_class), "linewidth": scale.width(tie.events)}
    sheet.add_patch(PathPatch(arc, fill=False, capstyle="butt", **style))


def _draw_actor(sheet: Axes, activity: Activity, centre: Point, scale: _Scale) -> None:
    radius = scale.radius(activity.events)
    sheet.add_patch(_circle(centre, radius, _type_colour(activity.actor.type)))
    y = centre.y - radius - 1
    for line in _label(activity.actor):
        size = line.font.get_size()
        y -= size * _LINE_HEIGHT
        base = y + size * 0.25
        halo = [Stroke(linewidth=3.5, foreground="white")]
        put(sheet, centre.x, base, line.text, line.font, ha="center", path_effects=halo)
        put(sheet, centre.x, base, line.text, line.font, ha="center", color=line.colour)


def _type_colour(kind: EntityType) -> str:
    return colour_code("entities", kind.value) if kind in _COLOURED_TYPES else _OTHER_COLOUR


def _circle(centre: Point, radius: float, colour: str) -> Circle:
    return Circle(centre, radius, facecolor=colour, edgecolor=INK, linewidth=0.8, zorder=3)
