"""Events by period as bars: cooperation upwards, conflict downwards."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from relgraph.export.appearance import colour_code
from relgraph.export.concepts import CONFLICT, COOPERATION
from relgraph.export.picture.overview import PERIODS_A_YEAR
from relgraph.export.picture.sheet import FAINT, GAP, INK, LABEL, LINE, SMALL
from relgraph.model import PeriodLength

Periods = Mapping[int, Mapping[str, int]]
"""Events of each quad class by the period's ordinal, in order of time; without empty periods."""

_LONGEST_GAP: Final = 2  # periods without events that are shown as they are; longer gaps become one band
_LEAST_SIDE: Final = 0.4  # share of the height that cooperation and conflict each have at least
_TICK_WIDTH: Final = 27  # points that a period's label needs
_UPRIGHT_TICK_WIDTH: Final = 11  # points that it needs if written upwards
_FEWEST_SLOTS: Final = 8  # so that the bars of a short time are not too wide


class _Slot(NamedTuple):
    """A place on the axis: a period, or a gap of several periods without events."""

    period: int
    gap: int = 0


def draw_bars(axes: Axes, periods: Periods, by: PeriodLength, width: float) -> None:
    """Draw the events of each period; where many periods have none, one grey band stands for all of them.

    Args:
        periods: at least one.
        width: of the axes, in points.
    """
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(LINE)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=FAINT)
    slots = list(_slots(periods))
    for position, slot in enumerate(slots):
        if slot.gap:
            _draw_gap(axes, position, slot.gap, by)
        else:
            _draw_period(axes, position, periods.get(slot.period, {}))
    axes.axhline(0, color=INK, linewidth=0.8, zorder=2)
    axes.set_xlim(-0.6, max(len(slots), _FEWEST_SLOTS) - 0.4)
    _name_periods(axes, slots, by, width)
    _scale_sides(axes, periods)
    axes.set_title(f"Events per {by}", loc="left", fontsize=LABEL, color=INK, pad=6)


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


def _draw_gap(axes: Axes, position: int, gap: int, by: PeriodLength) -> None:
    axes.axvspan(position - 0.45, position + 0.45, color=GAP, linewidth=0, zorder=3)  # breaks the base line
    axes.text(
        position,
        0.5,
        f"{gap} {by}s without",
        transform=axes.get_xaxis_transform(),
        rotation=90,
        ha="center",
        va="center",
        color=FAINT,
        size=SMALL,
        zorder=4,
    )


def _draw_period(axes: Axes, position: int, counts: Mapping[str, int]) -> None:
    for sign, names in ((1, COOPERATION), (-1, CONFLICT)):
        height = 0
        for name in names:
            events = counts.get(name, 0)
            axes.bar(position, sign * events, 0.8, bottom=sign * height, color=colour_code("edges", name))
            height += events


def _name_periods(axes: Axes, slots: Sequence[_Slot], by: PeriodLength, width: float) -> None:
    """Name as many periods as there is room for: in upright writing where names would come too close."""
    upright = by is not PeriodLength.YEAR and _TICK_WIDTH * len(slots) > width
    step = ceil((_UPRIGHT_TICK_WIDTH if upright else _TICK_WIDTH) * len(slots) / width)
    ticks = [position for position, slot in enumerate(slots) if not slot.gap][::step]
    names = [_period_name(slots[position].period, by, "-" if upright else "\n") for position in ticks]
    axes.set_xticks(ticks, names, rotation=90 if upright else 0)


def _period_name(period: int, by: PeriodLength, between: str) -> str:
    year, number = divmod(period, PERIODS_A_YEAR[by])
    if by is PeriodLength.YEAR:
        return str(year)
    return f"{year}{between}{number + 1:02}" if by is PeriodLength.MONTH else f"{year}{between}Q{number + 1}"


def _scale_sides(axes: Axes, periods: Periods) -> None:
    """Scale cooperation upwards and conflict downwards, each with room for its name."""
    up, down = (
        max(sum(counts.get(name, 0) for name in names) for counts in periods.values())
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
            color=FAINT,
            size=SMALL,
        )
