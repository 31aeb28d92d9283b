"""One panel: curves, one band, letters and axes."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, MultipleLocator, NullLocator
from numpy.typing import NDArray

from kpksim.plots.bands import people, with_people
from kpksim.plots.curves import (
    FIRST,
    MOST_POINTS,
    Array,
    is_relief,
    log_floor,
    thinned,
    typical,
    unsupported,
    until,
)
from kpksim.plots.hypotheses import draw_accounts, shown_accounts
from kpksim.plots.letters import at_peaks, spread
from kpksim.plots.statements import draw_statements
from kpksim.plots.style import (
    BAND_DEPTH,
    DASHES,
    DOTS,
    EDGE,
    INK_2,
    LINE,
    LINE_WITH_BAND,
    letter,
    line_colour,
    text_colour,
    text_width,
)
from kpksim.plots.words import say_number, title_and_unit
from kpksim.vocabulary import EVERY_QUANTITY

_HOURS_STEPS = (0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 12.0, 24.0)
_HEAD, _HEAD_SIZE = 11, 12.5
_BESIDE = 20
"""Room beside a panel that its title may use [px]."""
_DAYS_STEPS = (0.25, 0.5, 1.0, 2.0, 7.0, 14.0, 28.0, 56.0, 112.0, 364.0)


@dataclass(frozen=True)
class View:
    """How a panel looks at the curves.

    Attributes
    ----------
    clock : str
        ``"hours"`` or ``"days"``, the unit of the time axis.
    end : float
        End of the window [h].
    scale : str
        ``"linear"`` or ``"log"``.
    band : str or None
        Regimen that carries the people band, `FIRST`, or None.
    short : bool
        Whether titles are short.
    timed : bool
        Whether the panel carries the time axis.
    numbers : tuple of (str, int)
        Numbers of the hypotheses that have lines of their own.
    """

    clock: str
    end: float
    scale: str = "linear"
    band: str | None = FIRST
    short: bool = False
    timed: bool = True
    numbers: tuple[tuple[str, int], ...] = ()

    @property
    def hours_per_unit(self) -> float:
        """Hours in one unit of the time axis."""
        return 24.0 if self.clock == "days" else 1.0


def draw_panel(
    ax: Axes, result: xr.Dataset, name: str, view: View, beyond: Array | None = None
) -> None:
    """Draw the curves of one quantity.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    result : Dataset
        Curves by regimen and time [h], with attributes ``long_name`` and ``units``.
    name : str
        Quantity.
    view : View
        Window, scale and band.
    beyond : array, shape (n,), optional
        Further values that the panel must have room for [unit of the quantity].
    """
    inside = until(result, view.end)
    time = np.asarray(inside["time"].values, dtype=np.float64) / view.hours_per_unit
    chosen = with_people(inside, name, view.band)
    ax.set_yscale(view.scale)
    uncertain = with_people(inside, name, view.band, of="parameters")
    shown = _shown(inside, name, {"people": chosen, "parameters": uncertain})
    room = shown if beyond is None else np.concatenate([shown, beyond[np.isfinite(beyond)]])
    _scale_axes(ax, room, name, view)
    if view.scale == "log":
        _log_axis(ax, room, log_floor(typical(inside, name)))
    if chosen is not None:
        _draw_band(ax, time, people(inside, name, chosen), chosen)
    if uncertain is not None:
        _draw_edges(ax, time, people(inside, name, uncertain, of="parameters"), uncertain)
    curves, beyond_evidence = typical(inside, name), unsupported(inside, name)
    for place, (curve, dotted) in enumerate(zip(curves, beyond_evidence, strict=True)):
        width = LINE_WITH_BAND if place == chosen else LINE
        _draw_line(ax, time, curve, dotted, place=place, width=width)
    draw_accounts(ax, inside, name, dict(view.numbers), unit=view.hours_per_unit)
    _label(ax, inside, name, view)
    _draw_letters(ax, time, curves, name, view)
    draw_statements(ax, result, name, view.hours_per_unit)


def _shown(inside: xr.Dataset, name: str, chosen: dict[str, int | None]) -> Array:
    """Collect every finite value that a panel shows."""
    values = [typical(inside, name).ravel()]
    for of, place in chosen.items():
        band = None if place is None else people(inside, name, place, of=of)
        values += [] if band is None else list(band)
    values += [one.curve for one in shown_accounts(inside, name)]
    joined = np.concatenate(values)
    return joined[np.isfinite(joined)]


def _draw_line(
    ax: Axes, time: Array, curve: Array, dotted: NDArray[np.bool_], *, place: int, width: float
) -> None:
    """Draw the typical person; on a log axis a zero is drawn just below the floor."""
    there = np.isfinite(curve)
    time, curve, dotted = time[there], curve[there], dotted[there]
    seen = curve
    if ax.get_yscale() == "log":
        curve = np.maximum(curve, 0.5 * ax.get_ylim()[0])
        seen = np.log(curve)
    turns = np.flatnonzero(np.diff(dotted))
    keep = np.union1d(thinned(time, seen, MOST_POINTS - 2 * turns.size), [turns, turns + 1])
    time, curve, dotted = time[keep], curve[keep], dotted[keep]
    colour, order = line_colour(place), 3 + 0.01 * (width > LINE)
    ax.plot(
        time, np.where(dotted, np.nan, curve) if dotted.any() else curve, color=colour,
        linewidth=width, zorder=order, label=letter(place),
    )  # fmt: skip
    if dotted.any():
        near = dotted.copy()  # dots meet the line
        near[:-1] |= dotted[1:]
        near[1:] |= dotted[:-1]
        ax.plot(
            time, np.where(near, curve, np.nan), color=colour, linewidth=width, zorder=order,
            linestyle=DOTS, dash_capstyle="round", label="_beyond",
        )  # fmt: skip


def _draw_band(ax: Axes, time: Array, band: tuple[Array, Array] | None, place: int) -> None:
    """Fill between the 5 % and the 95 % quantile of people."""
    if band is None:
        return
    there = np.isfinite(band[0]) & np.isfinite(band[1])
    time, low, high = time[there], band[0][there], band[1][there]
    if ax.get_yscale() == "log":
        floor = ax.get_ylim()[0]
        low, high = np.maximum(low, floor), np.maximum(high, floor)
    half = MOST_POINTS // 2
    keep = np.union1d(thinned(time, low, half), thinned(time, high, half))
    ax.fill_between(
        time[keep], low[keep], high[keep], color=line_colour(place), alpha=BAND_DEPTH,
        linewidth=0, zorder=2,
    )  # fmt: skip


def _draw_edges(ax: Axes, time: Array, band: tuple[Array, Array] | None, place: int) -> None:
    """Rule the 5 % and the 95 % quantile of parameter draws."""
    for edge in band or ():
        there = np.isfinite(edge)
        if ax.get_yscale() == "log":
            there &= edge > 0.5 * ax.get_ylim()[0]
        keep = thinned(time[there], edge[there])
        ax.plot(
            time[there][keep], edge[there][keep], color=line_colour(place), linewidth=1,
            linestyle=DASHES, zorder=2.5, label="_edge",
        )  # fmt: skip


def _scale_axes(ax: Axes, values: Array, name: str, view: View) -> None:
    """Set limits, ticks and gridlines."""
    end = view.end / view.hours_per_unit
    ax.set_xlim(-0.018 * end if view.clock == "days" else 0.0, end)
    steps = _DAYS_STEPS if view.clock == "days" else _HOURS_STEPS
    ax.xaxis.set_major_locator(MultipleLocator(next((s for s in steps if end / s <= 7), steps[-1])))
    ax.xaxis.set_major_formatter(FuncFormatter(_tick))
    if view.scale == "linear":
        ax.set_ylim(*_limits(values, name))
        ax.yaxis.set_major_locator(
            MultipleLocator(25)
            if is_relief(name)
            else MaxNLocator(4, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3)
        )
    ax.yaxis.set_major_formatter(FuncFormatter(_tick))


def _limits(values: Array, name: str) -> tuple[float, float]:
    """Choose the range of a linear axis: zero always, relief down to its threshold at least."""
    low = min(0.0, values.min(initial=0.0))
    high = max(0.0, values.max(initial=0.0))
    threshold = EVERY_QUANTITY[name].threshold
    if is_relief(name) and threshold is not None:
        return max(-102.0, min(1.12 * low, 1.2 * threshold)), 1.1 * high
    room = 0.14 * (high - low)
    return (low - room if low < 0.0 else 0.0), (high + room if high > 0.0 else 1.0)


def _log_axis(ax: Axes, values: Array, floor: float) -> None:
    """Show decades."""
    roof = max(1.6 * values.max(initial=floor), 10.0 * floor)
    ax.set_ylim(floor, roof)
    exponents = np.arange(np.round(np.log10(floor)), np.floor(np.log10(roof)) + 1.0)
    ax.yaxis.set_major_locator(FixedLocator((10.0**exponents).tolist()))
    ax.yaxis.set_minor_locator(NullLocator())


def _label(ax: Axes, result: xr.Dataset, name: str, view: View) -> None:
    """Write title, unit and clock, and rule the lines that have a meaning."""
    title, unit = title_and_unit(result, name, view.short)
    tail = f"{unit}, log" if view.scale == "log" else unit
    room = ax.get_window_extent().width + _BESIDE
    if text_width(title, _HEAD_SIZE, 600) + 7 + text_width(tail, 12.0) > room:
        title, _ = title_and_unit(result, name, short=True)
    ax.set_title(title, loc="left", y=1.0, pad=_HEAD)
    ax.annotate(
        tail, (0, 1), xycoords="axes fraction",
        xytext=(text_width(title, _HEAD_SIZE, 600) + 7, _HEAD), textcoords="offset points",
        color=INK_2, va="baseline", annotation_clip=False,
    )  # fmt: skip
    threshold = EVERY_QUANTITY[name].threshold
    if is_relief(name) and threshold is not None:
        ax.axhline(threshold, color=EDGE, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    if view.scale == "linear":
        ax.axhline(0.0, color=EDGE, linewidth=1, zorder=1)
    ax.spines["bottom"].set_visible(view.timed)
    ax.spines["bottom"].set_position(("outward", 6))
    ax.xaxis.set_visible(view.timed)
    if view.timed:
        ax.set_xlabel(f"{view.clock.capitalize()} after the first dose", va="baseline")
    drop = 40.0 / ax.get_window_extent().height
    ax.xaxis.set_label_coords(0.5, -drop)
    ax.yaxis.set_label_coords(0.0, 0.5)


def _draw_letters(ax: Axes, time: Array, curves: Array, name: str, view: View) -> None:
    """Name the curves: at the peak on hours, at the right edge on days."""
    box = ax.get_window_extent()
    if view.clock == "days":
        ends = np.array([_last(curve) for curve in curves])
        known = np.flatnonzero(np.isfinite(ends))
        heights = _to_px(ax, ends[known])
        for place, y in zip(known.tolist(), spread(heights, box.height + 4.0), strict=True):
            _write(ax, (box.width + 10.0, y), place)
        return
    grid = np.linspace(*ax.get_xlim(), max(2, int(box.width / 3)))
    drawn = [_on_grid(grid, time, curve, down=is_relief(name)) for curve in curves]
    floor = ax.get_ylim()[0] if view.scale == "log" else -np.inf
    known = np.array([i for i, curve in enumerate(drawn) if (curve > floor).any()], dtype=int)
    if known.size:
        heights = np.array([_to_px(ax, drawn[i]) for i in known])
        places, on_line = at_peaks(heights, box.width, box.height, down=is_relief(name))
        for place, spot, upon in zip(known.tolist(), places, on_line, strict=True):
            _write(ax, spot, place, ground="white" if upon else "none")


def _on_grid(grid: Array, time: Array, curve: Array, down: bool) -> Array:
    """Read a curve at equal steps without cutting off its peak."""
    values: Array = np.interp(grid, time, curve, right=np.nan)
    if np.isfinite(curve).any():
        peak = int(np.nanargmin(curve) if down else np.nanargmax(curve))
        values[np.abs(grid - time[peak]).argmin()] = curve[peak]
    return values


def _last(curve: Array) -> float:
    """Give the last finite value of a curve."""
    finite = curve[np.isfinite(curve)]
    return float(finite[-1]) if finite.size else float("nan")


def _to_px(ax: Axes, values: Array) -> Array:
    """Convert values to heights above the floor of the panel, at the lowest the floor [px]."""
    low = ax.get_ylim()[0]
    lifted = np.maximum(values, low) if ax.get_yscale() == "log" else values
    points = np.column_stack([np.full(lifted.size, ax.get_xlim()[1]), lifted])
    heights: Array = ax.transData.transform(points)[:, 1] - ax.get_window_extent().y0
    return heights


def _write(ax: Axes, spot: Array | tuple[float, float], place: int, ground: str = "none") -> None:
    """Write the letter of a regimen at a spot given in pixels of the panel."""
    x, y = (float(value) for value in spot)
    ax.annotate(
        letter(place), (0, 0), xycoords="axes fraction", xytext=(x, y - 4),
        textcoords="offset points", color=text_colour(place), fontweight=600, fontsize=12,
        ha="center", va="baseline", annotation_clip=False, zorder=5,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": ground, "edgecolor": "none"},
    )  # fmt: skip


def _tick(value: float, _: int | None = None) -> str:
    """Write the number at a tick."""
    return say_number(round(value, 10), digits=3)
