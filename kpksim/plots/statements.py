"""What studies of the same doses say, marked on the panel of an outcome."""

import json
from typing import Any

import xarray as xr
from matplotlib.axes import Axes

from kpksim.plots.curves import regimen_names
from kpksim.plots.evidence import MARKS
from kpksim.plots.style import line_colour
from kpksim.vocabulary import EVERY_QUANTITY

_HEIGHT, _STEP = 0.05, 0.085
"""Height of the lowest row of marks, and of each further one [share of the panel]."""
_UNITS = {"% change": "%", "CADSS points": "points", "mmHg": "mmHg"}
"""Unit of a statement that can be read off the axis of an outcome, by the unit of the axis."""


def all_statements(result: xr.Dataset) -> list[dict[str, Any]]:
    """Give the statements that a comparison carries.

    Parameters
    ----------
    result : Dataset
        Curves with the attribute ``statements``; none without it.

    Returns
    -------
    list of dict
        As `kpksim.analysis.said.studies_say` makes them.
    """
    rows: list[dict[str, Any]] = json.loads(result.attrs.get("statements", "[]"))
    return rows


def statements_of(result: xr.Dataset, name: str) -> list[dict[str, Any]]:
    """Give the statements about one outcome that a comparison carries.

    Parameters
    ----------
    result : Dataset
        Curves with the attribute ``statements``.
    name : str
        Outcome.

    Returns
    -------
    list of dict
        As `kpksim.analysis.said.studies_say` makes them.
    """
    return [row for row in all_statements(result) if row["outcome"] == name]


def draw_statements(ax: Axes, result: xr.Dataset, name: str, hours_per_unit: float) -> None:
    """Mark statements: a number at its value, words in rows at the foot, in the regimen's colour.

    Parameters
    ----------
    ax : Axes
        A panel whose limits are set.
    result : Dataset
        Curves with the attribute ``statements``.
    name : str
        Outcome of the panel.
    hours_per_unit : float
        Hours in one unit of its time axis.
    """
    names = regimen_names(result)
    end = ax.get_xlim()[1] * hours_per_unit
    taken: dict[int, int] = {}
    for row in statements_of(result, name):
        hours = [hour for hour in row["hours"] if hour <= end]
        if not hours or row["regimen"] not in names:
            continue
        time = hours[-1] / hours_per_unit
        colour = line_colour(names.index(row["regimen"]))
        if row["unit"] is not None and row["unit"] == _UNITS.get(EVERY_QUANTITY[name].unit):
            _mark(ax, row["type"], time, row["value"], colour, in_data=True)
            continue
        spot = round(28.0 * hours[-1] / end)
        _mark(ax, row["type"], time, _HEIGHT + _STEP * taken.get(spot, 0), colour, in_data=False)
        taken[spot] = taken.get(spot, 0) + 1


def _mark(ax: Axes, kind: str, time: float, height: float, colour: str, *, in_data: bool) -> None:
    """Draw one mark, its height in the units of the axis or as a share of the panel."""
    mark = next(mark for mark in MARKS if kind in mark.types)
    ax.plot(
        time, height, mark.shape, color=colour, markersize=6.5 if in_data else 4.5,
        markerfacecolor=colour if mark.filled else "white", markeredgewidth=1.1,
        transform=ax.transData if in_data else ax.get_xaxis_transform(), zorder=4,
        clip_on=in_data, label="_statement",
    )  # fmt: skip
