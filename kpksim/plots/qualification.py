"""The figures of a qualification, one per function."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kpksim.analysis.verdicts import route_words
from kpksim.errors import DataError
from kpksim.plots.folds import (
    decade_axis,
    decades,
    dots,
    ratio_axis,
    ratio_limits,
    shade,
    shade_across,
    shade_identity,
    title,
)
from kpksim.plots.folds_sheet import Box, below, paper
from kpksim.plots.style import EDGE, INK, INK_2, WIDTHS, Width, house_style, text_width
from kpksim.vocabulary import ROUTES, USE_LINE

LEVELS = {
    "Concentrations and Cmax": ("ng/mL", ("concentration", "cmax")),
    "Areas under the curve": ("ng·h/mL", ("auc",)),
}
"""Panels of observed against predicted, with the metrics that share a unit."""
_ROW, _HEAD = 21.0, 24.0
_BANDS = "Grounds: within 1.25, 1.5 and 2 times."
_TYPICAL = "Predicted: typical person of the arm's body weight."


def observed_predicted(ratios: pd.DataFrame, *, width: str = "wide") -> Figure:
    """Draw predicted against observed, with identity and fold bands, on log axes.

    Parameters
    ----------
    ratios : DataFrame
        Rows of `kpksim.analysis.qualification.Qualification.ratios`, of one model.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        A panel for concentrations and one for areas, where there are any.

    Raises
    ------
    DataError
        If there is neither.
    """
    parts = {name: ratios[ratios["metric"].isin(metrics)] for name, (_, metrics) in LEVELS.items()}
    parts = {name: rows for name, rows in parts.items() if len(rows)}
    if not parts:
        raise DataError("nothing to draw: the ratios hold no concentration, Cmax or area")
    size = WIDTHS[width]
    shown = pd.concat(parts.values())
    with house_style():
        figure, axes = paper(shown, _squares(len(parts), size), _foot(ratios), size)
        for ax, (name, rows) in zip(axes, parts.items(), strict=True):
            _draw_identity(ax, rows)
            title(ax, name, LEVELS[name][0])
    return figure


def residuals(ratios: pd.DataFrame, *, width: str = "wide") -> Figure:
    """Draw predicted over observed concentrations against time.

    Parameters
    ----------
    ratios : DataFrame
        Rows of `kpksim.analysis.qualification.Qualification.ratios`, of one model.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One panel.

    Raises
    ------
    DataError
        If there is no concentration at a time.
    """
    rows = ratios[ratios["metric"] == "concentration"]
    if rows.empty:
        raise DataError("nothing to draw: the ratios hold no concentration at a time")
    size = WIDTHS[width]
    limits = ratio_limits(rows)
    box = Box(size.left, below([]), size.px - size.left - size.right, size.tall)
    with house_style():
        figure, (ax,) = paper(rows, [box], _foot(ratios), size)
        ax.set_yscale("log")
        shade(ax, limits)
        ratio_axis(ax.yaxis, limits)
        dots(ax, rows["time"], rows["ratio"], rows)
        ax.set_xlim(0.0, 1.04 * float(rows["time"].max()))
        ax.set_xlabel("Hours after the first dose")
        title(ax, "Predicted over observed", "concentrations, log")
    return figure


def ratios_by_source(ratios: pd.DataFrame, *, width: str = "wide") -> Figure:
    """Draw predicted over observed of every row, by route and source.

    Parameters
    ----------
    ratios : DataFrame
        Rows of `kpksim.analysis.qualification.Qualification.ratios`, of one model.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line of points per route and source.

    Raises
    ------
    DataError
        If there is no ratio.
    """
    groups = {
        (route_words(str(route)), str(study)): rows
        for (route, study), rows in ratios.groupby(["route", "study"], sort=False)
    }
    order = {one: k for k, one in enumerate(map(route_words, ROUTES))}
    placed = sorted(groups, key=lambda one: (order.get(one[0], len(order)), one))
    return _strip({name: groups[name] for name in placed}, ratios, width)


def ratios_by_model(ratios: pd.DataFrame, *, width: str = "wide") -> Figure:
    """Draw predicted over observed of every row, by model.

    Parameters
    ----------
    ratios : DataFrame
        Rows of `kpksim.analysis.qualification.Qualification.ratios`.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        One line of points per model.

    Raises
    ------
    DataError
        If there is no ratio.
    """
    groups = {("", str(name)): rows for name, rows in ratios.groupby("model", sort=False)}
    return _strip(groups, ratios, width)


def _squares(count: int, size: Width) -> list[Box]:
    """Place square panels side by side, or one below the other."""
    share = size.px / size.columns
    side = min(share - size.left - size.right, 300.0)
    boxes: list[Box] = []
    for place in range(count):
        row, column = divmod(place, size.columns)
        top = below(boxes[: row * size.columns])
        boxes.append(Box(column * share + size.left, top, side, side))
    return boxes


def _draw_identity(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw one panel of predicted against observed."""
    limits = decades(pd.concat([rows["observed"], rows["predicted"]]))
    ax.set_xscale("log")
    ax.set_yscale("log")
    shade_identity(ax, limits)
    decade_axis(ax.xaxis, limits)
    decade_axis(ax.yaxis, limits)
    dots(ax, rows["observed"], rows["predicted"], rows)
    ax.set_xlabel("Observed")
    ax.annotate(
        "Predicted", (0, 1), xycoords="axes fraction", xytext=(6, -14),
        textcoords="offset points", color=INK_2,
    )  # fmt: skip


def _strip(groups: dict[tuple[str, str], pd.DataFrame], ratios: pd.DataFrame, width: str) -> Figure:
    """Draw lines of points, one per group, under headings."""
    if ratios.empty:
        raise DataError("nothing to draw: there are no ratios")
    size = WIDTHS[width]
    limits = ratio_limits(ratios)
    with house_style():
        room = 14.0 + max(text_width(name, size.small) for _, name in groups)
        heights = _heights(groups)
        high = heights[-1] + _ROW
        box = Box(room, 12.0, size.px - room - 14.0, high)
        figure, (ax,) = paper(ratios, [box], _foot(ratios), size)
        ax.set_xscale("log")
        shade_across(ax, limits)
        ratio_axis(ax.xaxis, limits)
        ax.set_ylim(high, 0.0)
        ax.yaxis.set_visible(False)
        ax.set_xlabel("Predicted over observed, log")
        _draw_rows(ax, groups, heights, size)
    return figure


def _heights(groups: dict[tuple[str, str], pd.DataFrame]) -> list[float]:
    """Give the height of each line; a new heading takes room above its first line."""
    heights: list[float] = []
    before, y = "", 0.0
    for heading, _ in groups:
        y += _HEAD * (heading != before) + _ROW * bool(heights)
        y = y if heights else max(y, _ROW)
        heights.append(y)
        before = heading
    return heights


def _draw_rows(
    ax: Axes, groups: dict[tuple[str, str], pd.DataFrame], heights: list[float], size: Width
) -> None:
    """Draw the points of every line and name it; points of one line are spread a little."""
    before = ""
    for ((heading, name), rows), y in zip(groups.items(), heights, strict=True):
        if heading != before:
            ax.annotate(
                heading, (0, y - _ROW), xycoords=("axes fraction", "data"), xytext=(4, 0),
                textcoords="offset points", color=INK, fontweight=600, va="center",
                fontsize=size.small, annotation_clip=False, zorder=6,
            )  # fmt: skip
            before = heading
        ax.axhline(y, color=EDGE, linewidth=0.5, alpha=0.5, zorder=1)
        ax.annotate(
            name, (0, y), xycoords=("axes fraction", "data"), xytext=(-8, 0),
            textcoords="offset points", color=INK_2, ha="right", va="center",
            fontsize=size.small, annotation_clip=False,
        )  # fmt: skip
        spread = (np.arange(len(rows)) % 5 - 2) * 2.4 * (len(rows) > 4)
        dots(ax, rows["ratio"], pd.Series(y + spread, index=rows.index), rows)


def _foot(ratios: pd.DataFrame) -> str:
    """Say what a figure shows, of which models, and what it is for."""
    names = ", ".join(dict.fromkeys(ratios["model"]))
    return f"{_TYPICAL} {_BANDS} {names}. {USE_LINE}"
