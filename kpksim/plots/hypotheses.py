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
"""Part of the band of the draws from which on a hypothesis is apart from the mixture."""
FOLD = 2.0
"""Ratio from which on it is apart."""
MOST = 6
"""Lines of hypotheses that a panel can hold and still be read."""
SMALL = 0.1
"""Part of the largest effect in a panel below which a curve is too small to ask."""
_LATE = 0.5
"""Part of the largest effect of two curves that one must have at a time that counts."""
CLEAR = 0.1
"""Part of the width or height of a panel that numbers keep from each other."""
THIN, FAINT = 0.9, 0.7
_STOPS = np.linspace(0.1, 0.96, 173)
"""Where along the panel the number of a line may stand [share of its width]."""


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
    """Give the hypotheses of an effect that part from their mixture, regimen by regimen.

    Parameters
    ----------
    result : Dataset
        Curves with ``<name>_hypotheses``, dims (regimen, account, time), where effects are draws.
    name : str
        Effect.

    Returns
    -------
    list of Account
        Those that are somewhere apart from the median of all draws by half of the band of the draws
        or twofold, each time where the effect is not small.
    """
    if f"{name}_hypotheses" not in result:
        return []
    values = result.variables[f"{name}_hypotheses"].transpose("regimen", "account", "time").values
    mixtures = typical(result, name)
    largest = np.nanmax(np.abs(mixtures), initial=0.0)
    keys, found = [str(key) for key in result["account"].values], []
    for place, curves in enumerate(values):
        known = np.flatnonzero(np.isfinite(curves).all(axis=1))
        band = people(result, name, place, of="parameters")
        found += [
            Account(place, keys[k], curves[k])
            for k in (known if len(known) > 1 else [])
            if _are_apart(np.array([curves[k], mixtures[place]]), band, largest)
        ]
    return found


def shown_accounts(result: xr.Dataset, name: str) -> list[Account]:
    """Give the hypotheses that a panel shows: of the regimen under which they part most.

    Curves are compared by the area between each and the mixture over the window, in units of the
    effect, so that a difference that stays counts for more than one of an hour.

    Parameters
    ----------
    result : Dataset
        Curves of the window that the panel shows.
    name : str
        Effect.

    Returns
    -------
    list of Account
        At most `MOST` of one regimen, the most different first; or none.
    """
    found = accounts(result, name)
    if not found:
        return []
    times = np.asarray(result["time"].values, dtype=float)
    mixtures = typical(result, name)
    ranked = sorted(
        ((_area(times, one.curve - mixtures[one.place]), one) for one in found),
        key=lambda pair: -pair[0],
    )
    return [one for _, one in ranked if one.place == ranked[0][1].place][:MOST]


def _area(times: Array, gap: Array) -> float:
    """Give the area between a curve and another [unit of the effect x h]."""
    return float(np.trapezoid(np.abs(gap), times))


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
    some = shown_accounts(inside, name)
    for one in some:
        keep = thinned(time, one.curve)
        ax.plot(
            time[keep], one.curve[keep], color=line_colour(one.place), linewidth=THIN,
            alpha=FAINT, zorder=2.8, label="_hypothesis",
        )  # fmt: skip
    x = ax.get_xlim()[1] * _STOPS
    every = [np.interp(x, time, curve) for curve in (*_curves(some), *typical(inside, name))]
    places = clear_places(np.array(every) / np.ptp(ax.get_ylim()), len(some))
    for k, (one, place) in enumerate(zip(some, places, strict=True)):
        ax.annotate(
            str(numbers[one.key]), (x[place], every[k][place]), color=text_colour(one.place),
            fontsize=10, fontweight=600, ha="center", va="center", zorder=4.5,
            bbox={"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip


def _curves(some: list[Account]) -> list[Array]:
    """Give the curves of some hypotheses."""
    return [one.curve for one in some]


def clear_places(curves: Array, n: int) -> list[int]:
    """Choose where along each of the first n curves a number stands clear of all else.

    Parameters
    ----------
    curves : array, shape (k, x)
        Curves at the places that a number may have [share of the height of the panel].
    n : int
        How many of them get a number.

    Returns
    -------
    list of int
        The place of each: that at which the nearest of the other curves is farthest away, and no
        number stands near.

    Examples
    --------
    The second curve comes nearer to the first from left to right:

    >>> clear_places(np.array([[0.0, 0.0, 0.0], [0.4, 0.3, 0.2]]), 1)
    [0]
    """
    found: list[int] = []
    across = np.linspace(0.0, 1.0, curves.shape[1])
    for k in range(n):
        away = np.abs(np.delete(curves, k, axis=0) - curves[k]).min(axis=0, initial=np.inf)
        for j, place in enumerate(found):
            gap = np.hypot(across - across[place], curves[k] - curves[j][place])
            away[gap < CLEAR] = 0.0
        found.append(int(away.argmax()))
    return found
