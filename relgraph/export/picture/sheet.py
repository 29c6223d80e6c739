"""What all pictures share: fonts, the style of matplotlib, and how they are saved."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any, BinaryIO, Final

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from PIL import Image

from relgraph.export.appearance import all_colour_codes

DPI: Final = 160  # makes a picture of 720 points 1600 pixels wide
INK, FAINT, LINE, GAP = "#222222", "#505050", "#BBBBBB", "#F1F1F1"
LABEL, SMALL, TITLE = 9.0, 8.0, 15.0  # points


@contextmanager
def own_style() -> Iterator[None]:
    """Use matplotlib's defaults, whatever the user has set for other figures."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        # a character that the font lacks is drawn as a box, which says so
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        matplotlib.rcdefaults()
        matplotlib.rcParams["svg.hashsalt"] = "relgraph"
        yield


def save(figure: Figure, file: BinaryIO, form: str, title: str) -> None:
    """Save a figure; the same figure gives the same bytes with the same matplotlib.

    Args:
        form: "png" or "svg".
        title: what an SVG says that it shows.
    """
    with own_style():
        if form == "svg":
            figure.savefig(file, format="svg", metadata={"Title": title, "Date": None})
        else:
            _save_png(figure, file)


def _save_png(figure: Figure, file: BinaryIO) -> None:
    """Save with a palette of 256 colours, which makes the file a third as large."""
    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    image = Image.open(drawn).convert("RGB")
    palette, indices = _indexed(np.asarray(image, dtype=np.int64).reshape(-1, 3))
    small = Image.frombytes("P", image.size, indices.astype(np.uint8).tobytes())
    small.putpalette(palette.astype(np.uint8).tobytes())
    small.save(file, "PNG", optimize=True, dpi=(DPI, DPI))


def _indexed(pixels: "np.ndarray[Any, Any]") -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Return the 256 commonest colours and for each pixel the place of the nearest of these.

    Pillow's own palettes lose colours that few pixels have, such as that of a single actor.
    """
    codes, where, counts = np.unique(pixels @ [1 << 16, 1 << 8, 1], return_inverse=True, return_counts=True)
    counts[np.isin(codes, [int(colour[1:], 16) for colour in all_colour_codes()])] = len(pixels)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    palette = colours[np.argsort(-counts, kind="stable")[:256]]
    distances = ((colours[:, None] - palette[None]) ** 2).sum(axis=2)
    return palette, distances.argmin(axis=1)[where]


@cache
def font(size: float, *, bold: bool = False, italic: bool = False) -> FontProperties:
    """Return the font of that size in points."""
    return FontProperties(
        family="DejaVu Sans",  # comes with matplotlib and has all Vietnamese letters
        size=size,
        weight="bold" if bold else "normal",
        style="italic" if italic else "normal",
    )


def text_width(text: str, properties: FontProperties) -> float:
    """Return how wide a line of text is, in points."""
    return float(text_to_path.get_text_width_height_descent(text, properties, ismath=False)[0])


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    properties: FontProperties,
    colour: str = INK,
    align: str = "left",
) -> float:
    """Write a line of text upon its base line and return where it ends if aligned left."""
    put(axes, x, y, text, properties, color=colour, ha=align)
    return x + text_width(text, properties)


def put(axes: Axes, x: float, y: float, text: str, properties: FontProperties, **style: Any) -> None:
    """Write a line of text upon its base line, above all else."""
    axes.text(x, y, text, fontproperties=properties, va="baseline", parse_math=False, zorder=4, **style)
