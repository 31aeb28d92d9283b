"""How much each study moves the curves: shifts of targets when it is left out."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from kpksim.calibration.results import Results
from kpksim.errors import DataError
from kpksim.plots.calibration_words import about, decimal
from kpksim.plots.key import LINE, Piece, draw_key, flow
from kpksim.plots.sheet import DPI, FOOT, foot_height, wrapped
from kpksim.plots.style import INK, INK_2, WIDTHS, Width, house_style, letter, text_width

SHADES = LinearSegmentedColormap.from_list(
    "shift", ["#0A4F94", "#A9C0DA", "#FFFFFF", "#EBB795", "#C8500A"]
)
"""Blue: less effect without the study; orange: more; white: none."""
MOST = 1.5
"""Shift of the darkest shade [posterior standard deviations]."""
_CELL, _HEADS = 26.0, 26.0


def influence(results: Results, *, width: str = "wide") -> Figure:
    """Draw how far every target moves when a study is left out.

    Parameters
    ----------
    results : Results
        What a calibration found.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line per study, one column per target.

    Raises
    ------
    DataError
        If no study was left out.
    """
    names = [one.name for one in results.targets if _is_shifted(results, one.name)]
    if not names:
        raise DataError("nothing to draw: no study was left out")
    size = WIDTHS[width]
    shifts = np.array(
        [[one.shifts.get(name, np.nan) for name in names] for one in results.influence]
    )
    foot = (
        "Shift of the median of each target when a study is left out, in standard deviations of "
        f"the posterior. {about(results, results.forecaster)}"
    )
    with house_style():
        ax = _paper(results, names, foot, size)
        _draw(ax, shifts, size)
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)  # an axes of a figure of its own
    return figure


def _is_shifted(results: Results, name: str) -> bool:
    """Tell whether any study left out says something of a target."""
    return any(name in one.shifts for one in results.influence)


def _paper(results: Results, names: Sequence[str], foot: str, width: Width) -> Axes:
    """Lay out key, panel, names of the studies and foot."""
    key = flow([Piece("chip", place, "", name) for place, name in enumerate(names)], width)
    feet = wrapped(foot, width.px - 8, width.small)
    studies = [one.left_out for one in results.influence]
    head, high = LINE * len(key) + 4.0 + _HEADS, _CELL * len(studies)
    height = head + high + 12.0 + foot_height(len(feet))
    figure = Figure(figsize=(width.px / DPI, height / DPI), dpi=DPI)
    px = Affine2D().scale(1.0 / width.px, -1.0 / height).translate(0.0, 1.0) + figure.transFigure
    draw_key(figure, px, key, width)
    for number, line in enumerate(feet):
        y = head + high + 20.0 + 17.0 * number
        figure.text(4, y, line, transform=px, fontsize=width.small, color=INK_2, gid=FOOT)
    left = max(text_width(study, width.small) for study in studies) + 14.0
    frame = (left / width.px, 1.0 - (head + high) / height, 1.0 - (left + 4.0) / width.px)
    ax = figure.add_axes((*frame, high / height))
    for place, study in enumerate(studies):
        y = head + _CELL * (place + 0.5) + 4.0
        figure.text(4, y, study, transform=px, fontsize=width.small, color=INK_2)
    ax.set_axis_off()
    ax.set_xlim(0.0, len(names))
    ax.set_ylim(len(studies), 0.0)
    return ax


def _draw(ax: Axes, shifts: np.ndarray, width: Width) -> None:
    """Draw shades, numbers and the letters of the targets."""
    ax.pcolormesh(
        np.ma.masked_invalid(shifts), cmap=SHADES, vmin=-MOST, vmax=MOST, edgecolors="white",
        linewidth=2.0,
    )  # fmt: skip
    for (row, column), value in np.ndenumerate(shifts):
        if np.isfinite(value):
            ax.text(
                column + 0.5, row + 0.5, _short(value), ha="center", va="center",
                fontsize=width.small - (0.0 if width.columns > 1 else 1.5),
                color="white" if abs(value) > 0.8 * MOST else INK,
            )  # fmt: skip
    for column in range(shifts.shape[1]):
        ax.annotate(
            letter(column), (column + 0.5, 0.0), xytext=(0, 6), textcoords="offset points",
            ha="center", color=INK, fontweight=600, fontsize=width.small, annotation_clip=False,
        )  # fmt: skip


def _short(value: float) -> str:
    """Write a shift in few letters: one decimal, no zero before it."""
    return decimal(value).replace("0.", ".") if abs(round(value, 1)) > 0.0 else "0"
