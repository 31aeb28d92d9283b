"""Hypotheses of what drives an effect, where their curves part company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from kpksim.library.hypotheses import load_hypothesis
from kpksim.plots.bands import people
from kpksim.plots.curves import Array, thinned, typical
from kpksim.plots.style import line_colour, text_colour

PARTED = 0.5
"""Part of the band of the draws from which on hypotheses are apart."""
FOLD = 2.0
"""Ratio from which on they are apart."""
SMALL = 0.1
"""Part of the largest effect in a panel below which a curve is too small to ask."""
_LATE = 0.5
"""Part of its own largest effect that a hypothesis must have at a time that counts."""
_FIRST, _STEP = 0.55, 0.09
"""Where along the panel the numbers of lines stand [share of its width]."""
THIN = 0.9


@dataclass(frozen=True)
class Account:
    """One hypothesis of one effect under one regimen.

    Attributes
    ----------
    place : int
        Place of the regimen.
    key : str
        Key of the hypothesis.
    curve : array, shape (time,)
        Median of its draws [unit of the effect].
    """

    place: int
    key: str
    curve: Array


def accounts(result: xr.Dataset, name: str) -> list[Account]:
    """Give the hypotheses of an effect, under those regimens where they are apart.

    Parameters
    ----------
    result : Dataset
        Curves with ``<name>_hypotheses``, dims (regimen, account, time), where effects are draws.
    name : str
        Effect.

    Returns
    -------
    list of Account
        Regimen by regimen; none where hypotheses agree: nowhere apart by half of the band of the
        draws or twofold.
    """
    if f"{name}_hypotheses" not in result:
        return []
    values = result.variables[f"{name}_hypotheses"].transpose("regimen", "account", "time").values
    largest = np.nanmax(np.abs(typical(result, name)), initial=0.0)
    keys, found = [str(key) for key in result["account"].values], []
    for place, curves in enumerate(values):
        known = np.flatnonzero(np.isfinite(curves).all(axis=1))
        band = people(result, name, place, of="parameters")
        if len(known) > 1 and _are_apart(curves[known], band, largest):
            found += [Account(place, keys[k], curves[k]) for k in known]
    return found


def shown_accounts(result: xr.Dataset, name: str) -> list[Account]:
    """Give the hypotheses that a panel shows: of the regimen under which they are farthest apart.

    Parameters
    ----------
    result : Dataset
        Curves of the window that the panel shows.
    name : str
        Effect.

    Returns
    -------
    list of Account
        Of one regimen, or none.
    """
    found: dict[int, list[Account]] = {}
    for one in accounts(result, name):
        found.setdefault(one.place, []).append(one)
    return max(found.values(), key=_distance, default=[])


def _distance(some: list[Account]) -> float:
    """Give the largest difference between curves, in parts of the largest of them [1]."""
    curves = np.array([one.curve for one in some])
    return float(np.ptp(curves, axis=0).max() / np.abs(curves).max())


def _are_apart(curves: Array, band: tuple[Array, Array] | None, largest: float) -> bool:
    """Tell whether curves part by half of a band or twofold, where one of them is not small."""
    size = np.abs(curves)
    counts = size.max(axis=0) >= max(_LATE * size.max(), SMALL * largest)
    apart = size.max(axis=0) >= FOLD * size.min(axis=0)
    if band is not None:
        apart |= np.ptp(curves, axis=0) > PARTED * (band[1] - band[0])
    return bool((apart & counts).any()) and size.max() > 0.0


def numbered(result: xr.Dataset, names: Sequence[str]) -> dict[str, int]:
    """Give a number to each hypothesis that has a line in any panel of a figure.

    Parameters
    ----------
    result : Dataset
        Curves of the window that the figure shows.
    names : sequence of str
        Quantities that it shows.

    Returns
    -------
    dict of str to int
        Number from 1 by key, in the order of the library.
    """
    seen = {one.key for name in names for one in shown_accounts(result, name)}
    order = [str(key) for key in result["account"].values] if "account" in result.coords else []
    return {key: k + 1 for k, key in enumerate(key for key in order if key in seen)}


def label_of(key: str) -> str:
    """Give the short name of a hypothesis.

    Parameters
    ----------
    key : str
        Its key.

    Returns
    -------
    str
        Its label in the library.

    Examples
    --------
    >>> label_of("norketamine")
    'Norketamine'
    """
    return load_hypothesis(key).label


def draw_accounts(
    ax: Axes, inside: xr.Dataset, name: str, numbers: Mapping[str, int], *, unit: float
) -> None:
    """Draw each hypothesis alone as a thin numbered line, where they are apart.

    Parameters
    ----------
    ax : Axes
        A panel whose limits are set.
    inside : Dataset
        Curves of the window.
    name : str
        Effect of the panel.
    numbers : mapping of str to int
        Numbers of the hypotheses in the figure, from `numbered`.
    unit : float
        Hours in one unit of the time axis.
    """
    time = np.asarray(inside["time"].values, dtype=float) / unit
    for one in shown_accounts(inside, name):
        keep = thinned(time, one.curve)
        ax.plot(
            time[keep], one.curve[keep], color=line_colour(one.place), linewidth=THIN,
            zorder=2.8, label="_hypothesis",
        )  # fmt: skip
        number = numbers[one.key]
        at = ax.get_xlim()[1] * (_FIRST + _STEP * ((number - 1) % 5))
        ax.annotate(
            str(number), (at, float(np.interp(at, time, one.curve))), color=text_colour(one.place),
            fontsize=9.5, ha="center", va="center", zorder=4.5,
            bbox={"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
