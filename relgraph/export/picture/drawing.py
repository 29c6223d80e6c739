"""Draws an overview with matplotlib, by its object interface only.

The whole figure is one sheet whose unit is the point, from the lower left; the timeline is a panel upon it.
Colours are those of Okabe & Ito (2008, "Color Universal Design"), which the colour-blind can tell apart.
"""

import textwrap
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from itertools import groupby
from math import ceil, hypot, sqrt
from typing import Any, BinaryIO, Final, NamedTuple, Self

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import Stroke
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from PIL import Image

from relgraph.export.picture.layout import Box, Panel, Point, overlapping, place
from relgraph.export.picture.overview import CONFLICT, COOPERATION, Activity, Names, Overview, Tie, Times
from relgraph.model import Actor, EntityType, slug

_WIDTH, _HEIGHT = 720, 630  # points
_DPI: Final = 160  # makes the picture 1600 pixels wide
_MARGIN: Final = 14
_NETWORK: Final = Panel(_MARGIN, 198, _WIDTH - 2 * _MARGIN, 324)
_TIMELINE: Final = Panel(52, 46, _WIDTH - 52 - _MARGIN, 128)

_CLASS_COLOURS: Final = {
    "material-cooperation": "#0072B2",
    "verbal-cooperation": "#56B4E9",
    "material-conflict": "#D55E00",
    "verbal-conflict": "#E69F00",
}
_TYPE_COLOURS: Final = {
    EntityType.PER: "#009E73",
    EntityType.GPE: "#F0E442",
    EntityType.ORG: "#CC79A7",
}
_OTHER_COLOUR: Final = "#FFFFFF"
_INK, _FAINT, _LINE, _GAP = "#222222", "#505050", "#BBBBBB", "#F1F1F1"

_LABEL, _SMALL, _TITLE = 9.0, 8.0, 15.0  # points
_LINE_HEIGHT: Final = 1.2
_LONGEST_LINE: Final = 22  # characters of a label
_MOST_LINES: Final = 2
_LARGEST_RADIUS, _SMALLEST_RADIUS = 19.0, 3.0
_WIDEST_TIE, _THINNEST_TIE = 8.0, 0.8
_FULL_CIRCLE, _FULL_TIE = 25, 8  # events of the largest circle and widest line, unless some have more
_LEGEND_SHARE: Final = 0.2  # of the largest circle's area; so large is the legend's
_BETWEEN_TIES: Final = 5.0  # points between the ties of two actors, in the middle
_LONGEST_GAP: Final = 2  # periods without events that are shown as they are; longer gaps become one band
_LEAST_SIDE: Final = 0.4  # share of the timeline that cooperation and conflict each have at least
_TICK_WIDTH: Final = 27  # points that a period's label needs


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
    with matplotlib.rc_context(), warnings.catch_warnings():
        # a character that the font lacks is drawn as a box, which says so
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        matplotlib.rcdefaults()  # whatever the user has set for other figures
        matplotlib.rcParams["svg.hashsalt"] = "relgraph"
        figure = _figure(what)
        if form == "svg":
            figure.savefig(file, format="svg", metadata={"Title": _title(what), "Date": None})
        else:
            _save_png(figure, file)


def _save_png(figure: Figure, file: BinaryIO) -> None:
    """Save with a palette of 256 colours, which makes the file a third as large."""
    drawn = BytesIO()
    figure.savefig(drawn, format="png")
    image = Image.open(drawn).convert("RGB")
    palette, indices = _indexed(np.asarray(image, dtype=np.int64).reshape(-1, 3))
    small = Image.frombytes("P", image.size, indices.astype(np.uint8).tobytes())
    small.putpalette(palette.astype(np.uint8).tobytes())
    small.save(file, "PNG", optimize=True, dpi=(_DPI, _DPI))


def _indexed(pixels: "np.ndarray[Any, Any]") -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Return the 256 commonest colours and for each pixel the place of the nearest of these.

    Pillow's own palettes lose colours that few pixels have, such as that of a single actor.
    """
    fills = [*_CLASS_COLOURS.values(), *_TYPE_COLOURS.values(), _OTHER_COLOUR]
    codes, where, counts = np.unique(pixels @ [1 << 16, 1 << 8, 1], return_inverse=True, return_counts=True)
    counts[np.isin(codes, [int(colour[1:], 16) for colour in fills])] = len(pixels)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    palette = colours[np.argsort(-counts, kind="stable")[:256]]
    distances = ((colours[:, None] - palette[None]) ** 2).sum(axis=2)
    return palette, distances.argmin(axis=1)[where]


def _figure(what: Overview) -> Figure:
    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72), dpi=_DPI, facecolor="white")
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
        _draw_timeline(figure.add_axes(_share_of_sheet(_TIMELINE)), what.times)
    else:
        _write_instead(sheet, _TIMELINE, "No event to put on a timeline.")
    _write(sheet, _MARGIN, 10, _notes(what), _font(_SMALL), _FAINT)
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
        first, last = (day.strftime("%Y-%m") if what.times.monthly else str(day.year) for day in what.span)
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
    period = "month" if what.times.monthly else "year"
    off = {"without a date": what.times.undated, f"in no single {period}": what.times.vague}
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
    lines = [_Line(line, _font(_LABEL), _INK) for line in _wrapped(actor.name)]
    if actor.label_vi and slug(actor.label_vi) != slug(actor.name):
        lines += [_Line(line, _font(_SMALL, italic=True), _FAINT) for line in _wrapped(actor.label_vi)]
    return lines


def _wrapped(text: str) -> list[str]:
    """Break a name into as few lines as it needs, of about the same length."""
    text = _drawable(text)
    lines = textwrap.wrap(text, _LONGEST_LINE, max_lines=_MOST_LINES, placeholder=" …")
    narrower = (textwrap.wrap(text, width) for width in range(_LONGEST_LINE // 2, _LONGEST_LINE))
    return next((balanced for balanced in narrower if len(balanced) <= len(lines)), lines)


@cache
def _font(size: float, *, bold: bool = False, italic: bool = False) -> FontProperties:
    return FontProperties(
        family="DejaVu Sans",  # comes with matplotlib and has all Vietnamese letters
        size=size,
        weight="bold" if bold else "normal",
        style="italic" if italic else "normal",
    )


def _text_width(text: str, font: FontProperties) -> float:
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def _write(
    sheet: Axes, x: float, y: float, text: str, font: FontProperties, colour: str = _INK, align: str = "left"
) -> float:
    """Write a line of text upon its base line and return where it ends if aligned left."""
    _put(sheet, x, y, text, font, color=colour, ha=align)
    return x + _text_width(text, font)


def _put(sheet: Axes, x: float, y: float, text: str, font: FontProperties, **style: Any) -> None:
    sheet.text(x, y, text, fontproperties=font, va="baseline", parse_math=False, zorder=4, **style)


# --- title, legend, notes ---------------------------------------------------------------------------------


def _draw_title(sheet: Axes, what: Overview) -> None:
    _write(sheet, _MARGIN, _HEIGHT - 24, _title(what), _font(_TITLE, bold=True))
    _write(sheet, _MARGIN, _HEIGHT - 40, _subtitle(what), _font(_LABEL), _FAINT)


def _draw_legend(sheet: Axes, what: Overview, scale: _Scale) -> None:
    top, bottom, lowest = _HEIGHT - 62, _HEIGHT - 77, _HEIGHT - 92
    x = _MARGIN + 0.0
    for pair in (COOPERATION, CONFLICT):
        ends = [
            _draw_swatch(sheet, x, y, _CLASS_COLOURS[name], what.class_names[name])
            for y, name in zip((bottom, top), pair, strict=True)
        ]
        x = max(ends) + 16
    if what.actors:
        _draw_types(sheet, x, top, what)
        _draw_sizes(sheet, x, bottom, scale)
        _draw_widths(sheet, _MARGIN, lowest, scale)


def _draw_swatch(sheet: Axes, x: float, y: float, colour: str, names: Names) -> float:
    sheet.plot([x, x + 16], [y + 3, y + 3], color=colour, linewidth=5, solid_capstyle="butt")
    end = _write(sheet, x + 21, y, names.en, _font(_SMALL))
    return _write(sheet, end + 5, y, names.vi, _font(_SMALL, italic=True), _FAINT)


def _draw_types(sheet: Axes, x: float, y: float, what: Overview) -> None:
    """Tell the colours of the entity types that are shown; types without a colour of their own share one."""
    shown = {activity.actor.type for activity in what.actors}
    for kind, colour in _TYPE_COLOURS.items():
        if kind in shown:
            x = _draw_type(sheet, x, y, colour, what.type_names[kind].en)
    if shown - _TYPE_COLOURS.keys():
        _draw_type(sheet, x, y, _OTHER_COLOUR, "other")


def _draw_type(sheet: Axes, x: float, y: float, colour: str, name: str) -> float:
    sheet.add_patch(_circle(Point(x + 4, y + 3), 4, colour))
    return _write(sheet, x + 12, y, name, _font(_SMALL)) + 12


def _draw_sizes(sheet: Axes, x: float, y: float, scale: _Scale) -> None:
    """Tell what the sizes of circles mean."""
    round_number = float(f"{_LEGEND_SHARE * max(scale.most_events, _FULL_CIRCLE):.0e}")
    least, other = scale.smallest_circle, min(int(round_number), scale.most_events)
    for events in sorted({least, max(least, other)}):
        radius = scale.radius(events)
        sheet.add_patch(_circle(Point(x + radius, y + 3), radius, _OTHER_COLOUR))
        x = _write(sheet, x + 2 * radius + 4, y, _at_most(events, least), _font(_SMALL)) + 12


def _draw_widths(sheet: Axes, x: float, y: float, scale: _Scale) -> None:
    """Tell what the widths of lines mean."""
    x = _write(sheet, x, y, "Events that two actors share:", _font(_SMALL)) + 12
    least = scale.thinnest_tie
    for events in sorted({least, max(least, scale.most_shared)}):
        width = scale.width(events)
        sheet.plot([x, x + 16], [y + 3, y + 3], color=_FAINT, linewidth=width, solid_capstyle="butt")
        x = _write(sheet, x + 21, y, _at_most(events, least), _font(_SMALL)) + 12


def _at_most(events: int, least: int) -> str:
    """Name a number of events; the least size stands for all numbers up to its own."""
    return f"{'up to ' if events == least > 1 else ''}{_counted(events, 'event')}"


def _write_instead(sheet: Axes, panel: Panel, text: str) -> None:
    _write(sheet, _WIDTH / 2, panel.bottom + panel.height / 2, text, _font(_LABEL), _FAINT, "center")


# --- network ----------------------------------------------------------------------------------------------


def _draw_network(sheet: Axes, what: Overview, places: Mapping[str, Point], scale: _Scale) -> None:
    offsets = _offsets(what.ties, scale)
    for tie in sorted(what.ties, key=lambda tie: -tie.events):
        _draw_tie(sheet, places[tie.first], places[tie.second], tie, offsets[tie], scale)
    for activity in what.actors:
        _draw_actor(sheet, activity, places[activity.actor.key], scale)


def _box(label: Sequence[_Line], radius: float) -> Box:
    """Return the room of an actor: as wide again as its circle, so that ties between large ones are seen."""
    width = max([4 * radius, *(_text_width(line.text, line.font) for line in label)])
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
    style = {"edgecolor": _CLASS_COLOURS[tie.quad_class], "linewidth": scale.width(tie.events)}
    sheet.add_patch(PathPatch(arc, fill=False, capstyle="butt", **style))


def _draw_actor(sheet: Axes, activity: Activity, centre: Point, scale: _Scale) -> None:
    radius = scale.radius(activity.events)
    sheet.add_patch(_circle(centre, radius, _TYPE_COLOURS.get(activity.actor.type, _OTHER_COLOUR)))
    y = centre.y - radius - 1
    for line in _label(activity.actor):
        size = line.font.get_size()
        y -= size * _LINE_HEIGHT
        base = y + size * 0.25
        halo = [Stroke(linewidth=2.5, foreground="white")]
        _put(sheet, centre.x, base, line.text, line.font, ha="center", path_effects=halo)
        _put(sheet, centre.x, base, line.text, line.font, ha="center", color=line.colour)


def _circle(centre: Point, radius: float, colour: str) -> Circle:
    return Circle(centre, radius, facecolor=colour, edgecolor=_INK, linewidth=0.8, zorder=3)


# --- timeline ---------------------------------------------------------------------------------------------


class _Slot(NamedTuple):
    """A place on the timeline: a period, or a gap of several periods without events."""

    period: int
    gap: int = 0


def _draw_timeline(axes: Axes, times: Times) -> None:
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(_LINE)
    axes.tick_params(length=0, labelsize=_SMALL, labelcolor=_FAINT)
    slots = list(_slots(times.periods))
    for position, slot in enumerate(slots):
        if slot.gap:
            _draw_gap(axes, position, slot.gap, times.monthly)
        else:
            _draw_bars(axes, position, times.periods.get(slot.period, {}))
    axes.axhline(0, color=_INK, linewidth=0.8, zorder=2)
    axes.set_xlim(-0.6, max(len(slots), 8) - 0.4)
    _draw_periods(axes, slots, times.monthly)
    _draw_sides(axes, times)


def _slots(periods: Mapping[int, object]) -> Iterator[_Slot]:
    """Yield the periods in order; where many have no events, one slot stands for the gap."""
    previous: int | None = None
    for period in periods:
        missing = range(period if previous is None else previous + 1, period)
        if len(missing) > _LONGEST_GAP:
            yield _Slot(missing[0], len(missing))
        else:
            yield from map(_Slot, missing)
        yield _Slot(period)
        previous = period


def _draw_gap(axes: Axes, position: int, gap: int, monthly: bool) -> None:
    axes.axvspan(position - 0.45, position + 0.45, color=_GAP, linewidth=0, zorder=3)  # breaks the base line
    noun = "months" if monthly else "years"
    axes.text(
        position,
        0.5,
        f"{gap} {noun} without",
        transform=axes.get_xaxis_transform(),
        rotation=90,
        ha="center",
        va="center",
        color=_FAINT,
        size=_SMALL,
        zorder=4,
    )


def _draw_bars(axes: Axes, position: int, counts: Mapping[str, int]) -> None:
    for sign, names in ((1, COOPERATION), (-1, CONFLICT)):
        height = 0
        for name in names:
            events = counts.get(name, 0)
            axes.bar(position, sign * events, 0.8, bottom=sign * height, color=_CLASS_COLOURS[name])
            height += events


def _draw_periods(axes: Axes, slots: Sequence[_Slot], monthly: bool) -> None:
    step = ceil(_TICK_WIDTH * len(slots) / _TIMELINE.width)
    ticks = [position for position, slot in enumerate(slots) if not slot.gap][::step]
    axes.set_xticks(ticks, [_period_name(slots[position].period, monthly) for position in ticks])


def _draw_sides(axes: Axes, times: Times) -> None:
    """Scale cooperation upwards and conflict downwards, each with room for its name."""
    up, down = (
        max(sum(counts.get(name, 0) for name in names) for counts in times.periods.values())
        for names in (COOPERATION, CONFLICT)
    )
    least = _LEAST_SIDE * (up + down)
    top, bottom = 1.05 * max(up, least), -1.05 * max(down, least)
    axes.set_ylim(bottom, top)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    for name, middle in (("cooperation", top / 2), ("conflict", bottom / 2)):
        axes.text(
            -0.045,
            middle,
            name,
            transform=axes.get_yaxis_transform(),
            rotation=90,
            ha="center",
            va="center",
            color=_FAINT,
            size=_SMALL,
        )
    noun = "month" if times.monthly else "year"
    axes.set_title(f"Events per {noun}", loc="left", fontsize=_LABEL, color=_INK, pad=6)


def _period_name(period: int, monthly: bool) -> str:
    return f"{period // 12}\n{period % 12 + 1:02}" if monthly else str(period)
