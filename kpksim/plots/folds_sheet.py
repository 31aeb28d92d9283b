"""Paper of the figures that set predicted against observed: key above, panels, foot below."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D, Transform

from kpksim.plots.folds import MARKS, SIZE
from kpksim.plots.sheet import DPI, FOOT, foot_height, wrapped
from kpksim.plots.style import INK, INK_2, Width, text_width
from kpksim.vocabulary import ANALYTES

_LINE, _GAP = 22, 16
_TITLE, _TICKS = 34, 46


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
    """Give where the next row of panels begins.

    Parameters
    ----------
    boxes : sequence of Box
        The panels above it, none for the first row.

    Returns
    -------
    float
        Top of its panels, below their titles [px below the key].
    """
    return max((box.top + box.high + _TICKS for box in boxes), default=0.0) + _TITLE


def _axes(figure: Figure, box: Box, head: float, px: float, height: float) -> Axes:
    """Make the axes of one panel."""
    bottom = height - (head + box.top + box.high)
    frame = (box.left / px, bottom / height, box.wide / px, box.high / height)
    ax = figure.add_axes(frame)
    ax.grid(visible=False)
    ax.xaxis.label.set_color(INK_2)
    return ax


def _pieces(ratios: pd.DataFrame) -> list[tuple[str, str]]:
    """Say what the marks mean: an analyte and its words, then words without a mark."""
    there = set(ratios["analyte"])
    pieces = [(name, ANALYTES[name].short) for name in ANALYTES if name in there]
    uses = set(ratios["used"])
    told = {"qualification": "filled: not used for the model", "evaluation": "open: used for it"}
    words = [told[one] for one in told if one in uses]
    return [*pieces, ("", "; ".join(words))]


def _lines_of_key(ratios: pd.DataFrame, width: Width) -> list[list[tuple[float, str, str]]]:
    """Set the pieces of the key in lines."""
    lines: list[list[tuple[float, str, str]]] = [[]]
    x = 4.0
    for name, words in _pieces(ratios):
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
                Line2D([x + 5], [y], marker=mark, markersize=SIZE + 1.5, color=colour,
                       linestyle="none", transform=px)
            )  # fmt: skip
            start += 14.0
        figure.text(
            start, y + 4.5, words, transform=px, fontsize=width.text,
            color=INK if name else INK_2,
        )  # fmt: skip
