"""How far papers disagree, beside parameters and people: nested ribbons and bars of shares."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kpksim.analysis.spread import ALL_MODELS
from kpksim.errors import DataError
from kpksim.plots.coinciding import on_top
from kpksim.plots.curves import drawable, hours_window, thinned, typical, until
from kpksim.plots.key import Piece
from kpksim.plots.panel import View, draw_panel
from kpksim.plots.ribbons import INSIDE_OUT, Ribbons, members, ribbons
from kpksim.plots.sheet import Panel, paper
from kpksim.plots.spread_words import METRIC, SplitBar, split_bars, spread_caption, spread_label
from kpksim.plots.style import INK, INK_2, WIDTHS, Width, house_style, text_width
from kpksim.plots.words import provenance, short_name
from kpksim.vocabulary import CONCENTRATIONS

FILL = {"papers": "#E1E7EF", "people": "#BECAD8", "parameters": "#8B9CB3"}
"""Fill of each source of spread: darker inside."""
RIBBON = {
    "parameters": "uncertain parameters",
    "people": "and people",
    "papers": "and papers",
}
_GROUND = {"boxstyle": "round,pad=0.1", "facecolor": "#FFFFFFB0", "edgecolor": "none"}
_BAR, _STEP, _SECTION = 17, 43, 12


@dataclass(frozen=True)
class SpreadKind:
    """A figure of the spread between papers.

    Attributes
    ----------
    name : str
        File name without its ending.
    title : str
        Heading in a report.
    outcome, regimen : str
        Which quantity after which regimen.
    table : DataFrame
        The rows of `kpksim.analysis.spread.spread_table` about it.
    """

    name: str
    title: str
    outcome: str
    regimen: str
    table: pd.DataFrame

    def draw(self, result: xr.Dataset, *, width: str = "wide") -> Figure:
        """Draw it."""
        return disagreement(result, self.table, self.outcome, self.regimen, width=width)

    def caption(self, result: xr.Dataset) -> str:
        """Say what it shows, what varies in it and what is left out."""
        return spread_caption(result, self.table, self.outcome, self.regimen)

    def label(self, result: xr.Dataset) -> str:
        """Say in words what it shows, for those who cannot see it."""
        del result  # the table says it all
        return spread_label(self.table, self.outcome, self.regimen)


def spread_kinds(result: xr.Dataset, table: pd.DataFrame | None) -> list[SpreadKind]:
    """Choose the figures of the spread: each analyte that several models give, first regimen.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].
    table : DataFrame or None
        How the spread is split, from `kpksim.analysis`.

    Returns
    -------
    list of SpreadKind
        One per analyte.
    """
    if table is None or table.empty:
        return []
    regimen = str(table["regimen"].iloc[0])
    kinds = []
    for outcome in drawable(result, tuple(CONCENTRATIONS)):
        rows = table[(table["regimen"] == regimen) & (table["quantity"] == outcome)]
        if (rows["group"] == ALL_MODELS).any():
            title = f"{short_name(result, outcome)}: do the papers agree?"
            kinds.append(SpreadKind(f"spread_{outcome}", title, outcome, regimen, rows))
    return kinds


def disagreement(
    result: xr.Dataset, table: pd.DataFrame, outcome: str, regimen: str, *, width: str = "wide"
) -> Figure:
    """Draw the spread of one quantity after one regimen over all models.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h], with quantiles of people and of parameter draws.
    table : DataFrame
        How the spread is split, from `kpksim.analysis`.
    outcome : str
        Quantity.
    regimen : str
        Name of the regimen, without a model.
    width : str
        ``"wide"`` for a page, ``"narrow"`` for a phone.

    Returns
    -------
    Figure
        Ribbons around the curves of the papers, and bars of the shares of the log-variance.

    Raises
    ------
    DataError
        If fewer than two models give it.
    """
    places = members(result, outcome, regimen)
    if len(places) < 2:
        raise DataError(f"nothing to draw: fewer than two models give {outcome} after {regimen}")
    rows = table[(table["regimen"] == regimen) & (table["quantity"] == outcome)]
    bars = list(split_bars(rows))
    size, found = WIDTHS[width], ribbons(result, outcome, places)
    tall = len(bars) * _STEP + (len({one.metric for one in bars}) - 1) * _SECTION
    curve = Panel(outcome, tall - 34 if size.columns == 2 else size.tall + 30, timed=True)
    shares = Panel("shares", tall, timed=False)
    columns = [[curve], [shares]] if size.columns == 2 else [[curve, shares]]
    below = f"{spread_caption(result, rows, outcome, regimen)} {provenance(result)}"
    with house_style():
        figure, axes = paper(_key(result, found, outcome, places, rows), below, columns, size)
        _draw_curves(axes[0], result, found, outcome, places)
        _draw_bars(axes[1], bars, size)
    return figure


def _key(
    result: xr.Dataset, found: Ribbons, outcome: str, places: list[int], rows: pd.DataFrame
) -> list[Piece]:
    """Say which curve is which paper, of what blood and drug, and which ribbon is what."""
    models = [str(one) for one in result["model"].values]
    alone = rows[rows["n_models"] == 1].drop_duplicates("group").set_index("group")
    pieces = [
        Piece("chip", k, models[k], f"{alone['sites'][models[k]]}, {alone['drugs'][models[k]]}")
        for k in places
    ]
    pieces += [
        Piece("fill", 0, "", RIBBON[source], FILL[source])
        for source in INSIDE_OUT
        if source in found.bands
    ]
    end = _window(result, outcome, places)
    note = on_top(_only(result, outcome, places), {outcome: {"log"}}, end)
    return pieces + ([Piece("note", 0, "", note)] if note else [])


def _draw_curves(
    ax: Axes, result: xr.Dataset, found: Ribbons, outcome: str, places: list[int]
) -> None:
    """Draw the typical curve of every paper on the ribbons."""
    end = _window(result, outcome, places)
    inside = until(result, end)
    count = inside.sizes["time"]
    top = np.concatenate([high[:count] for _, high in found.bands.values()])
    view = View("hours", end, scale="log", band=None, short=True)
    draw_panel(ax, _only(result, outcome, places), outcome, view, beyond=top)
    for letter in ax.texts:
        letter.set_bbox(_GROUND)
    time = np.asarray(inside["time"].values, dtype=np.float64)
    for k, source in enumerate(reversed(found.bands)):
        low, high = (values[:count] for values in found.bands[source])
        _fill(ax, time, low, high, FILL[source], zorder=1.1 + 0.1 * k)


def _only(result: xr.Dataset, outcome: str, places: list[int]) -> xr.Dataset:
    """Give some curves of one quantity, the others empty, so that colours and letters stay."""
    chosen = xr.DataArray(np.isin(np.arange(result.sizes["regimen"]), places), dims="regimen")
    alone = xr.Dataset({outcome: result[outcome].where(chosen)})
    alone[outcome].attrs = result[outcome].attrs
    return alone


def _window(result: xr.Dataset, outcome: str, places: list[int]) -> float:
    """Give the end of the window: 6 h when every paper peaks early, so that peaks are seen."""
    peaks = np.nanargmax(typical(result, outcome)[places], axis=1)
    latest = float(result["time"].values[peaks].max())
    return min(6.0 if latest <= 2.0 else 24.0, hours_window(result))


def _fill(
    ax: Axes, time: np.ndarray, low: np.ndarray, high: np.ndarray, colour: str, zorder: float
) -> None:
    """Fill between two curves, with as few points as the eye needs."""
    there = np.isfinite(low) & np.isfinite(high)
    time, low, high = time[there], low[there], high[there]
    floor = 0.5 * ax.get_ylim()[0]
    low, high = np.maximum(low, floor), np.maximum(high, floor)
    keep = np.union1d(thinned(time, np.log(low)), thinned(time, np.log(high)))
    ax.fill_between(
        time[keep], low[keep], high[keep], color=colour, linewidth=0, zorder=zorder
    )  # fmt: skip


def _draw_bars(ax: Axes, bars: list[SplitBar], size: Width) -> None:
    """Draw the shares of the log-variance, one bar under its words."""
    height = ax.get_window_extent().height
    ax.set_xlim(0.0, 100.0)
    ax.set_ylim(height, 0.0)
    ax.set_axis_off()
    ax.set_title("Where the spread comes from", loc="left", y=1.0, pad=11)
    ax.annotate(
        "% of log-variance", (0, 1), xycoords="axes fraction", color=INK_2, va="baseline",
        xytext=(text_width("Where the spread comes from", 12.5, 600) + 7, 11),
        textcoords="offset points", annotation_clip=False,
    )  # fmt: skip
    y, before = 4.0, bars[0].metric
    for bar in bars:
        y += _SECTION * (bar.metric != before)
        before = bar.metric
        strong, light, fold = METRIC[bar.metric], bar.models, bar.fold
        ax.text(0.0, y + 9, strong, fontsize=size.small, fontweight=500, color=INK, va="baseline")
        wide = text_width(strong, size.small, 500) + 6
        ax.annotate(
            light, (0.0, y + 9), xytext=(wide, 0), textcoords="offset points", color=INK_2,
            fontsize=size.small, va="baseline", annotation_clip=False,
        )  # fmt: skip
        ax.text(100.0, y + 9, fold, fontsize=size.small, color=INK_2, va="baseline", ha="right")
        _draw_bar(ax, y + 15, bar.shares)
        y += _STEP


def _draw_bar(ax: Axes, y: float, shares: Mapping[str, float]) -> None:
    """Draw one bar, each share with its number where there is room."""
    left = 0.0
    for source, share in shares.items():
        ax.barh(
            y,
            share,
            left=left,
            height=_BAR,
            align="edge",
            color=FILL[source],
            linewidth=0,
            zorder=2,
        )
        if share >= 6.0:
            ax.text(
                left + share / 2.0, y + _BAR - 4.5, f"{share:.0f}", fontsize=11.5,
                color=INK, ha="center", va="baseline", fontweight=500, zorder=3,
            )  # fmt: skip
        left += share
