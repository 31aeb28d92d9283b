"""Where curves part company: what each surviving hypothesis says, by route and dose."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from kpksim.calibration.results import Results
from kpksim.engine.actions import Array
from kpksim.errors import DataError
from kpksim.plots.calibration_words import about
from kpksim.plots.curves import is_relief, thinned
from kpksim.plots.folds import title
from kpksim.plots.key import Piece
from kpksim.plots.letters import spread
from kpksim.plots.sheet import Panel, paper
from kpksim.plots.style import (
    BAND_DEPTH,
    EDGE,
    INK,
    WIDTHS,
    Width,
    house_style,
    letter,
    line_colour,
    text_colour,
    text_width,
)
from kpksim.plots.words import say_number
from kpksim.units import say_share, say_time

TICKS = (1.0, 6.0, 24.0, 72.0, 168.0, 336.0, 672.0, 1344.0)
"""Times with a tick [h]."""
_JOINED = 7.0
"""Curves nearer to each other than this share a place [px]."""
_APART, _FIRST = 46.0, 24.0
"""Room between ticks, and between 0 and the first of them [px]."""
_MEDIAN, _LOW, _HIGH = 0.5, 0.05, 0.95


def apart(results: Results, curves: xr.Dataset, *, width: str = "wide") -> Figure:
    """Draw the curves of the surviving hypotheses, a panel for each regimen.

    Parameters
    ----------
    results : Results
        What a calibration found.
    curves : Dataset
        The outcome by hypothesis, regimen, quantile and time [h]; NaN after a regimen's end.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        Medians, and the middle 90 % of the leading hypothesis.

    Raises
    ------
    DataError
        If the curves hold no surviving hypothesis, or not the outcome.
    """
    if results.outcome not in curves:
        raise DataError(f"nothing to draw: the curves do not hold {results.outcome}")
    known = {str(key) for key in curves["hypothesis"].values}
    shown = [one for one in results.surviving if one.key in known]
    if not shown:
        raise DataError("nothing to draw: the curves hold no surviving hypothesis")
    size = WIDTHS[width]
    key = [
        Piece("chip", k, "", f"{one.label}, {say_share(one.weight)}") for k, one in enumerate(shown)
    ]
    key.append(Piece("band", 0, "", f"90 % of draws ({letter(0)})"))
    foot = (
        "Effect of the drug alone, medians of posterior draws; beside each name its share in the "
        f"mixture. Time on a square-root scale. {about(results)}"
    )
    regimens = [str(one) for one in curves["regimen"].values]
    keys = [one.key for one in shown]
    with house_style():
        figure, axes = paper(key, foot, _columns(regimens, size), size)
        for ax, regimen in zip(axes, _in_columns(regimens, size), strict=True):
            _draw_panel(ax, curves[results.outcome].sel(regimen=regimen), keys, size)
            unit = str(curves[results.outcome].attrs["units"])
            _name(ax, regimen, unit)
        _same_height(axes, results.outcome)
        for ax in axes if len(keys) > 1 else ():
            _write_letters(ax, keys)
    return figure


def parting(results: Results, curves: xr.Dataset) -> dict[str, float]:
    """Give the largest difference between medians of surviving hypotheses, by regimen.

    Parameters
    ----------
    results : Results
        What a calibration found.
    curves : Dataset
        As for `apart`.

    Returns
    -------
    dict of str to float
        Difference by regimen [unit of the outcome].
    """
    keys = [one.key for one in results.surviving if one.key in curves["hypothesis"].values]
    medians = curves[results.outcome].sel(hypothesis=keys, quantile=_MEDIAN)
    widest = (medians.max("hypothesis") - medians.min("hypothesis")).max("time")
    return {str(one.regimen.values): float(one) for one in widest}


def _in_columns(names: Sequence[str], size: Width) -> list[str]:
    """Give names column by column, as panels are."""
    return [name for start in range(size.columns) for name in names[start :: size.columns]]


def _columns(names: Sequence[str], size: Width) -> list[list[Panel]]:
    """Set panels in columns."""
    return [
        [Panel(name, size.tall - 20, timed=True) for name in names[start :: size.columns]]
        for start in range(min(size.columns, len(names)))
    ]


def _draw_panel(ax: Axes, curves: xr.DataArray, keys: Sequence[str], size: Width) -> None:
    """Draw the curves of one regimen."""
    time = curves["time"].values.astype(float)
    medians = [curves.sel(hypothesis=key, quantile=_MEDIAN).values for key in keys]
    there = np.isfinite(medians[0])
    time, medians = time[there], [one[there] for one in medians]
    low, high = (
        curves.sel(hypothesis=keys[0], quantile=one).values[there] for one in (_LOW, _HIGH)
    )
    keep = np.union1d(thinned(time, low, 200), thinned(time, high, 200))
    ax.fill_between(
        time[keep], low[keep], high[keep], color=line_colour(0), alpha=BAND_DEPTH, linewidth=0,
        zorder=1,
    )  # fmt: skip
    for place, (key, curve) in enumerate(zip(keys, medians, strict=True)):
        keep = thinned(time, curve, 300)
        ax.plot(
            time[keep], curve[keep], color=line_colour(place), linewidth=1.5, label=key,
            zorder=4 - 0.1 * place,
        )  # fmt: skip
    ax.axhline(0.0, color=EDGE, linewidth=1, zorder=1)
    _time_axis(ax, float(time[-1]), size)


def _time_axis(ax: Axes, end: float, size: Width) -> None:
    """Set a square-root axis of time with ticks that a reader knows."""
    ax.set_xscale("function", functions=(lambda t: np.sqrt(np.maximum(t, 0.0)), np.square))
    ax.set_xlim(0.0, end)
    wide = ax.get_window_extent().width
    room, first = _APART / wide, _FIRST / wide
    ticks: list[float] = []
    for one in reversed([one for one in TICKS if np.square(first) * end <= one <= end]):
        place = np.sqrt(one / end)
        if not ticks or np.sqrt(ticks[0] / end) - place >= room:
            ticks.insert(0, one)
    ax.xaxis.set_major_locator(FixedLocator([0.0, *ticks]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: _clock(hour)))
    ax.set_xlabel("After the first dose")
    ax.tick_params(labelsize=size.small)


def _clock(hour: float) -> str:
    """Write the time at a tick."""
    return say_time(hour) if hour else "0"


def _write_letters(ax: Axes, keys: Sequence[str]) -> None:
    """Name the curves where they lie farthest apart; those that coincide share a place."""
    drawn = {str(line.get_label()): line for line in ax.lines}
    time, curves = _on_one_grid([drawn[key] for key in keys])
    where = int(np.argmax(curves.max(axis=0) - curves.min(axis=0)))
    points = np.column_stack([np.full(len(keys), time[where]), curves[:, where]])
    box, px = ax.get_window_extent(), ax.transData.transform(points)
    groups = _together(px[:, 1] - box.y0)
    places = spread(np.array([height for height, _ in groups]), box.height - 6.0, gap=15.0)
    x = float(px[0, 0] - box.x0)
    words = [_letters(members, len(keys)) for _, members in groups]
    wide = max(text_width(one, 12.0, 600) for one in words)
    left = x + wide + 12.0 > box.width
    ax.axvline(time[where], color=EDGE, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
    for y, text, (_, members) in zip(places, words, groups, strict=True):
        ax.annotate(
            text, (0.0, 0.0), xycoords="axes fraction", xytext=(x + (-7.0 if left else 7.0), y),
            textcoords="offset points", fontweight=600, fontsize=12, va="center",
            ha="right" if left else "left", zorder=6, annotation_clip=False,
            color=text_colour(members[0]) if len(members) == 1 else INK,
            bbox={"boxstyle": "square,pad=0.12", "facecolor": "#FFFFFFC8", "edgecolor": "none"},
        )  # fmt: skip


def _on_one_grid(lines: Sequence[Line2D]) -> tuple[Array, Array]:
    """Read drawn curves at the same times."""
    time = np.unique(np.concatenate([np.asarray(line.get_xdata(), float) for line in lines]))
    return time, np.array(
        [
            np.interp(time, np.asarray(one.get_xdata(), float), np.asarray(one.get_ydata(), float))
            for one in lines
        ]
    )


def _together(heights: Array) -> list[tuple[float, list[int]]]:
    """Join curves whose heights lie within a letter of each other, from below [px]."""
    groups: list[list[int]] = []
    for place in np.argsort(heights, kind="stable").tolist():
        if groups and heights[place] - heights[groups[-1][-1]] < _JOINED:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [(float(heights[one].mean()), sorted(one)) for one in groups]


def _letters(members: Sequence[int], count: int) -> str:
    """Write the letters of curves that coincide."""
    if len(members) == count and count > 1:
        return "all"
    return " ".join(letter(place) for place in members)


def _same_height(axes: Sequence[Axes], outcome: str) -> None:
    """Give all panels one range, so that they can be compared."""
    low = min(ax.dataLim.y0 for ax in axes)
    high = max(ax.dataLim.y1 for ax in axes)
    room = 0.05 * (high - low)
    for ax in axes:
        ax.set_ylim(low - room, high if is_relief(outcome) else high + room)
        ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: say_number(value)))


def _name(ax: Axes, regimen: str, unit: str) -> None:
    """Write the title of a panel; where it is too long without the unit, it loses its end."""
    room = ax.get_window_extent().width
    fits = text_width(regimen, 12.5, 600) + text_width(unit, 12.0) + 7.0 <= room
    words = regimen
    while text_width(words, 12.5, 600) > room and len(words) > 4:
        words = words.rstrip("…")[:-1].rstrip() + "…"
    title(ax, words, unit if fits else "")
