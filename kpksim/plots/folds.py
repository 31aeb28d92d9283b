"""Paper, bands and points of figures that set predicted against observed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from matplotlib.transforms import Affine2D, Transform

from kpksim.analysis.agreement import FOLDS
from kpksim.plots.sheet import DPI, FOOT, foot_height, wrapped
from kpksim.plots.style import DRAWN, EDGE, INK, INK_2, Width, text_width
from kpksim.plots.words import say_number
from kpksim.vocabulary import ANALYTES

GROUND = ("#D8E0E9", "#E7ECF2", "#F2F5F8")
"""Grounds of the bands of `FOLDS`, the narrowest first."""
MARKS = dict(zip(ANALYTES, zip(DRAWN, ("o", "s", "^", "D"), strict=False), strict=False))
"""Colour and mark of each analyte."""
_LINE, _GAP, _SIZE = 22, 16, 5.0
_TITLE, _TICKS = 34, 46
_TICKS_OF_RATIO = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 20.0)


@dataclass(frozen=True)
class Box:
    """Place of a panel.

    Attributes
    ----------
    left, top, wide, high : float
        Of the panel itself, without title and ticks [px from the top left of the figure].
    """

    left: float
    top: float
    wide: float
    high: float


def paper(
    ratios: pd.DataFrame, boxes: Sequence[Box], foot: str, width: Width
) -> tuple[Figure, list[Axes]]:
    """Lay out a figure: its key, empty panels and its foot.

    Parameters
    ----------
    ratios : DataFrame
        What will be drawn, for the key.
    boxes : sequence of Box
        The panels; `top` counts from below the key.
    foot : str
        What the figure shows.
    width : Width
        How wide the figure is.

    Returns
    -------
    figure : Figure
        The figure, `width.px` CSS pixels wide.
    axes : list of Axes
        One for every panel.
    """
    key = _lines_of_key(ratios, width)
    head = _LINE * len(key) + 2
    feet = wrapped(foot, width.px - 8, width.small)
    body = max(box.top + box.high for box in boxes) + _TICKS
    height = head + body + foot_height(len(feet))
    figure = Figure(figsize=(width.px / DPI, height / DPI), dpi=DPI)
    px = Affine2D().scale(1.0 / width.px, -1.0 / height).translate(0.0, 1.0) + figure.transFigure
    for number, line in enumerate(key):
        _draw_key(figure, px, line, 12.0 + _LINE * number, width)
    for number, text in enumerate(feet):
        y = head + body + 12 + 17 * number
        figure.text(4, y, text, transform=px, fontsize=width.small, color=INK_2, gid=FOOT)
    return figure, [_axes(figure, box, head, width.px, height) for box in boxes]


def below(boxes: Sequence[Box]) -> float:
    """Give where the title of the next row of panels begins [px below the key]."""
    return max((box.top + box.high + _TICKS for box in boxes), default=0.0) + _TITLE


def title(ax: Axes, words: str, unit: str) -> None:
    """Write the title of a panel and its unit."""
    ax.set_title(words, loc="left", y=1.0, pad=10)
    ax.annotate(
        unit, (0, 1), xycoords="axes fraction", xytext=(text_width(words, 12.5, 600) + 7, 10),
        textcoords="offset points", color=INK_2, va="baseline", annotation_clip=False,
    )  # fmt: skip


def dots(ax: Axes, x: pd.Series, y: pd.Series, ratios: pd.DataFrame) -> None:
    """Draw a point for each row: filled where it was not used for the model, else open."""
    for (analyte, used), rows in ratios.groupby(["analyte", "used"], sort=False):
        colour, mark = MARKS[str(analyte)]
        is_open = used == "evaluation"
        ax.plot(
            x[rows.index], y[rows.index], linestyle="none", marker=mark, markersize=_SIZE,
            markerfacecolor="white" if is_open else colour, markeredgecolor=colour,
            markeredgewidth=1.1 if is_open else 0.4, alpha=1.0 if is_open else 0.8,
            zorder=4, label=f"{analyte}, {used}",
        )  # fmt: skip


def ratio_limits(ratios: pd.DataFrame) -> tuple[float, float]:
    """Give limits of an axis of ratios: as far below 1 as above, and 3-fold at least."""
    largest = float(np.exp(np.abs(np.log(ratios["ratio"])).max())) if len(ratios) else 1.0
    end = max(3.0, 1.15 * largest)
    return 1.0 / end, end


def ratio_axis(axis: Axis, limits: tuple[float, float], labels: bool = True) -> None:
    """Set the ticks of a log axis of ratios."""
    inside = [one for one in _TICKS_OF_RATIO if limits[0] <= one <= limits[1]]
    axis.set_major_locator(FixedLocator(inside))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: say_number(value) if labels else ""))


def decades(values: pd.Series) -> tuple[float, float]:
    """Give limits that hold positive values with some room, a decade and a half at least."""
    low, high = float(values.min()), float(values.max())
    room = max(1.6, np.sqrt(10.0**1.5 * low / high))
    return low / room, high * room


def decade_axis(axis: Axis, limits: tuple[float, float]) -> None:
    """Set the ticks of a log axis at the powers of ten, and between them where there are few."""
    powers = 10.0 ** np.arange(np.floor(np.log10(limits[0])), np.ceil(np.log10(limits[1])) + 1.0)
    few = np.count_nonzero((powers >= limits[0]) & (powers <= limits[1])) < 3
    ticks = np.sort(np.outer(powers, (1.0, 2.0, 5.0) if few else (1.0,)).ravel())
    axis.set_major_locator(
        FixedLocator([one for one in ticks.tolist() if limits[0] <= one <= limits[1]])
    )
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: say_number(value)))


def _axes(figure: Figure, box: Box, head: float, px: float, height: float) -> Axes:
    """Make the axes of one panel."""
    bottom = height - (head + box.top + box.high)
    frame = (box.left / px, bottom / height, box.wide / px, box.high / height)
    ax = figure.add_axes(frame)
    ax.grid(visible=False)
    ax.xaxis.label.set_color(INK_2)
    return ax


def _pieces(ratios: pd.DataFrame) -> list[tuple[str, str, bool]]:
    """Say what the marks mean: colour, words, open or filled; no mark has an empty colour."""
    there = set(ratios["analyte"])
    pieces = [(name, ANALYTES[name].short, False) for name in ANALYTES if name in there]
    uses = set(ratios["used"])
    told = {"qualification": "filled: not used for the model", "evaluation": "open: used for it"}
    words = [told[one] for one in told if one in uses]
    return [*pieces, ("", "; ".join(words), False)]


def _lines_of_key(ratios: pd.DataFrame, width: Width) -> list[list[tuple[float, str, str]]]:
    """Set the pieces of the key in lines."""
    lines: list[list[tuple[float, str, str]]] = [[]]
    x = 4.0
    for name, words, _ in _pieces(ratios):
        wide = (14.0 if name else 0.0) + text_width(words, width.text)
        if lines[-1] and x + wide > width.px - 4.0:
            lines.append([])
            x = 4.0
        lines[-1].append((x, name, words))
        x += wide + _GAP
    return lines


def _draw_key(
    figure: Figure, px: Transform, line: Sequence[tuple[float, str, str]], y: float, width: Width
) -> None:
    """Draw one line of the key."""
    for x, name, words in line:
        start = x
        if name:
            colour, mark = MARKS[name]
            figure.add_artist(
                Line2D([x + 5], [y], marker=mark, markersize=_SIZE + 1.5, color=colour,
                       linestyle="none", transform=px)
            )  # fmt: skip
            start += 14.0
        figure.text(
            start, y + 4.5, words, transform=px, fontsize=width.text,
            color=INK if name else INK_2,
        )  # fmt: skip


def shade(ax: Axes, limits: tuple[float, float]) -> None:
    """Lay the bands of the folds under a panel of ratios over x, and the line of agreement."""
    for fold, ground in reversed(list(zip(FOLDS, GROUND, strict=True))):
        ax.axhspan(1.0 / fold, fold, facecolor=ground, linewidth=0, zorder=0)
    ax.axhline(1.0, color=EDGE, linewidth=1, zorder=1)
    ax.set_ylim(*limits)


def shade_across(ax: Axes, limits: tuple[float, float]) -> None:
    """Lay the same bands under a panel of rows, ratios to the right."""
    for fold, ground in reversed(list(zip(FOLDS, GROUND, strict=True))):
        ax.axvspan(1.0 / fold, fold, facecolor=ground, linewidth=0, zorder=0)
    ax.axvline(1.0, color=EDGE, linewidth=1, zorder=1)
    ax.set_xlim(*limits)


def shade_identity(ax: Axes, limits: tuple[float, float]) -> None:
    """Lay the same bands around the line of identity, both axes alike."""
    ends = np.array(limits)
    for fold, ground in reversed(list(zip(FOLDS, GROUND, strict=True))):
        ax.fill_between(ends, ends / fold, ends * fold, facecolor=ground, linewidth=0, zorder=0)
    ax.plot(ends, ends, color=EDGE, linewidth=1, zorder=1, label="identity")
    ax.set_xlim(*limits)
    ax.set_ylim(*limits)
