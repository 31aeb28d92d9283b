"""The ratios as a figure: published and predicted, one line each."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from experiments.interactions.page import in_words
from kpksim.library import load_interaction
from kpksim.plots.style import EDGE, GRID, INK, house_style, line_colour
from kpksim.vocabulary import ROUTES, USE_LINE

TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
MODEL, PUBLISHED, QUIET = line_colour(0), INK, EDGE


def drawing(table: pd.DataFrame, model: str) -> Figure:
    """Draw the ratios on a log scale, in groups by interaction."""
    with house_style():
        places, heads = _places(table)
        height = max(places) + 1.0
        figure = Figure(figsize=(9.6, 1.7 + 0.26 * height))
        ax = figure.subplots()
        figure.subplots_adjust(left=0.40, right=0.97, top=0.93, bottom=0.1)
        _draw_ratios(ax, table, places)
        _write_rows(ax, table, places, heads)
        ax.set_ylim(height, -1.2)
        _scale(ax)
        figure.suptitle(
            f"Exposure to ketamine with other drugs and genes, by {model}", x=0.02, ha="left"
        )
        ax.set_xlabel(
            f"Ratio of exposure, with over without; grey: within 1.25-fold of no change\n{USE_LINE}"
        )
    return figure


def _places(table: pd.DataFrame) -> tuple[list[float], dict[str, float]]:
    """Give the height of each line, and of each heading."""
    places, heads, at = [], {}, 0.0
    for key in table["interaction"]:
        if key not in heads:
            at += 0.6 if heads else 0.0
            heads[key] = at
            at += 1.0
        places.append(at)
        at += 1.0
    return places, heads


def _draw_ratios(ax: Axes, table: pd.DataFrame, places: list[float]) -> None:
    """Draw both marks of each line and what joins them."""
    ax.axvline(1.0, color=QUIET, linewidth=0.8)
    ax.axvspan(0.8, 1.25, color=GRID, zorder=0)
    for place, row in zip(places, table.itertuples(), strict=True):
        colour = QUIET if row.used else MODEL
        ax.plot([row.observed, row.predicted], [place, place], color=colour, linewidth=1.2)
        ax.plot(row.predicted, place, "o", color=colour, markersize=6)
        ax.plot(row.observed, place, "D", color=PUBLISHED, markersize=6, fillstyle="none")
    ax.plot([], [], "D", color=PUBLISHED, fillstyle="none", label="published")
    ax.plot([], [], "o", color=MODEL, label="predicted")
    ax.plot([], [], "o", color=QUIET, label="met by construction")
    ax.legend(loc="lower left", frameon=False)


def _write_rows(
    ax: Axes, table: pd.DataFrame, places: list[float], heads: dict[str, float]
) -> None:
    """Write what each line is, and each heading, at its left."""
    names = [f"{ROUTES[row.route].phrase}, {in_words(row.what)}" for row in table.itertuples()]
    ax.set_yticks(
        [*places, *heads.values()], [*names, *(load_interaction(key).title for key in heads)]
    )
    for label in ax.get_yticklabels()[len(names) :]:
        label.set_fontweight("semibold")
    ax.tick_params(axis="y", length=0)


def _scale(ax: Axes) -> None:
    """Make the scale a doubling one."""
    ax.set_xscale("log")
    ax.set_xlim(0.09, 12.0)
    ax.xaxis.set_major_locator(FixedLocator(TICKS))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
