"""Bands, points and axes of figures that set predicted against observed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from kpksim.analysis.agreement import FOLDS
from kpksim.plots.style import DRAWN, EDGE, INK_2, text_width
from kpksim.plots.words import say_number
from kpksim.vocabulary import ANALYTES

GROUND = ("#D8E0E9", "#E7ECF2", "#F2F5F8")
"""Grounds of the bands of `FOLDS`, the narrowest first."""
_WIDEST_FIRST = tuple(reversed(tuple(zip(FOLDS, GROUND, strict=True))))
MARKS = dict(zip(ANALYTES, zip(DRAWN, ("o", "s", "^", "D"), strict=False), strict=False))
"""Colour and mark of each analyte."""
SIZE = 5.0
"""Size of the marks [px]."""
_TICKS_OF_RATIO = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 20.0)


def title(ax: Axes, words: str, unit: str) -> None:
    """Write the title of a panel and its unit.

    Parameters
    ----------
    ax : Axes
        The panel.
    words, unit : str
        What stands there in bold, and in grey beside it.
    """
    ax.set_title(words, loc="left", y=1.0, pad=10)
    ax.annotate(
        unit, (0, 1), xycoords="axes fraction", xytext=(text_width(words, 12.5, 600) + 7, 10),
        textcoords="offset points", color=INK_2, va="baseline", annotation_clip=False,
    )  # fmt: skip


def dots(ax: Axes, x: pd.Series, y: pd.Series, ratios: pd.DataFrame) -> None:
    """Draw a point for each row: filled where it was not used for the model, else open.

    Parameters
    ----------
    ax : Axes
        The panel.
    x, y : Series
        Where, by the index of the rows.
    ratios : DataFrame
        The rows, with analyte and use.
    """
    for (analyte, used), rows in ratios.groupby(["analyte", "used"], sort=False):
        colour, mark = MARKS[str(analyte)]
        is_open = used == "evaluation"
        ax.plot(
            x[rows.index], y[rows.index], linestyle="none", marker=mark, markersize=SIZE,
            markerfacecolor="white" if is_open else colour, markeredgecolor=colour,
            markeredgewidth=1.1 if is_open else 0.4, alpha=1.0 if is_open else 0.8,
            zorder=4, label=f"{analyte}, {used}",
        )  # fmt: skip


def ratio_limits(ratios: pd.DataFrame) -> tuple[float, float]:
    """Give limits of an axis of ratios: as far below 1 as above, and 3-fold at least.

    Parameters
    ----------
    ratios : DataFrame
        The rows, with their ratio.

    Returns
    -------
    tuple of float
        Both ends [1].
    """
    largest = float(np.exp(np.abs(np.log(ratios["ratio"])).max())) if len(ratios) else 1.0
    end = max(3.0, 1.15 * largest)
    return 1.0 / end, end


def ratio_axis(axis: Axis, limits: tuple[float, float]) -> None:
    """Set the ticks of a log axis of ratios.

    Parameters
    ----------
    axis : Axis
        The axis.
    limits : tuple of float
        Its ends [1].
    """
    inside = [one for one in _TICKS_OF_RATIO if limits[0] <= one <= limits[1]]
    axis.set_major_locator(FixedLocator(inside))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: say_number(value)))


def decades(values: pd.Series) -> tuple[float, float]:
    """Give limits that hold positive values with some room, a decade and a half at least.

    Parameters
    ----------
    values : Series
        Positive values.

    Returns
    -------
    tuple of float
        Both ends [unit of the values].
    """
    low, high = float(values.min()), float(values.max())
    room = max(1.6, np.sqrt(10.0**1.5 * low / high))
    return low / room, high * room


def decade_axis(axis: Axis, limits: tuple[float, float]) -> None:
    """Set the ticks of a log axis at the powers of ten, and between them where there are few.

    Parameters
    ----------
    axis : Axis
        The axis.
    limits : tuple of float
        Its ends [any unit].
    """
    powers = 10.0 ** np.arange(np.floor(np.log10(limits[0])), np.ceil(np.log10(limits[1])) + 1.0)
    few = np.count_nonzero((powers >= limits[0]) & (powers <= limits[1])) < 3
    ticks = np.sort(np.outer(powers, (1.0, 2.0, 5.0) if few else (1.0,)).ravel())
    axis.set_major_locator(
        FixedLocator([one for one in ticks.tolist() if limits[0] <= one <= limits[1]])
    )
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: say_number(value)))


def shade(ax: Axes, limits: tuple[float, float]) -> None:
    """Lay the bands of the folds under a panel of ratios over x, and the line of agreement.

    Parameters
    ----------
    ax : Axes
        The panel.
    limits : tuple of float
        Ends of its axis of ratios [1].
    """
    for fold, ground in _WIDEST_FIRST:
        ax.axhspan(1.0 / fold, fold, facecolor=ground, linewidth=0, zorder=0)
    ax.axhline(1.0, color=EDGE, linewidth=1, zorder=1)
    ax.set_ylim(*limits)


def shade_across(ax: Axes, limits: tuple[float, float]) -> None:
    """Lay the same bands under a panel of rows, ratios to the right.

    Parameters
    ----------
    ax : Axes
        The panel.
    limits : tuple of float
        Ends of its axis of ratios [1].
    """
    for fold, ground in _WIDEST_FIRST:
        ax.axvspan(1.0 / fold, fold, facecolor=ground, linewidth=0, zorder=0)
    ax.axvline(1.0, color=EDGE, linewidth=1, zorder=1)
    ax.set_xlim(*limits)


def shade_identity(ax: Axes, limits: tuple[float, float]) -> None:
    """Lay the same bands around the line of identity, both axes alike.

    Parameters
    ----------
    ax : Axes
        The panel.
    limits : tuple of float
        Ends of both axes [any unit].
    """
    ends = np.array(limits)
    for fold, ground in _WIDEST_FIRST:
        ax.fill_between(ends, ends / fold, ends * fold, facecolor=ground, linewidth=0, zorder=0)
    ax.plot(ends, ends, color=EDGE, linewidth=1, zorder=1, label="identity")
    ax.set_xlim(*limits)
    ax.set_ylim(*limits)
