"""Arrays to draw, taken from a dataset: typical curves, people, windows, fewer points."""

from heapq import heapify, heappop, heappush
from itertools import pairwise

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.vocabulary import EVERY_QUANTITY

Array = NDArray[np.float64]

MOST_POINTS = 600
UNSEEN = 2000.0
"""A point that lies less than this part of a curve's height off the line is not seen."""
FIRST = ""
"""In place of a regimen's name: the first regimen that has people."""

_NOTHING = 1e-9
"""Part of the highest value up to which a curve is no more than rounding."""
_BELOW_PEAK = 0.5
"""Part of the lowest peak that a log axis shows at least, so that every curve can be seen."""
_SLOW = ("anxiety", "depression")


def regimen_names(result: xr.Dataset) -> list[str]:
    """List the regimens of a result.

    Parameters
    ----------
    result : Dataset
        Curves with the dimension ``regimen``.

    Returns
    -------
    list of str
        Their names, in order.

    Examples
    --------
    >>> regimen_names(xr.Dataset(coords={"regimen": ["IV", "oral"]}))
    ['IV', 'oral']
    """
    return [str(name) for name in result["regimen"].values]


def drawable(result: xr.Dataset, names: tuple[str, ...]) -> list[str]:
    """Choose the quantities that a result holds.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time.
    names : tuple of str
        Quantities that a figure could show.

    Returns
    -------
    list of str
        Those of them that are there, in the same order.

    Examples
    --------
    >>> drawable(xr.Dataset({"sbp": 0.0}), ("dissociation", "sbp"))
    ['sbp']
    """
    return [name for name in names if name in result]


def until(result: xr.Dataset, end: float) -> xr.Dataset:
    """Cut a result at the end of a window.

    Parameters
    ----------
    result : Dataset
        Curves by time [h], ascending.
    end : float
        Last time that stays [h].

    Returns
    -------
    Dataset
        The times up to and with `end`.

    Examples
    --------
    >>> until(xr.Dataset(coords={"time": [0.0, 1.0, 2.0]}), 1.0).sizes["time"]
    2
    """
    count = int(np.searchsorted(result["time"].values, end * (1.0 + 1e-9), side="right"))
    return result.isel(time=slice(count))


def typical(result: xr.Dataset, name: str) -> Array:
    """Give the curves of the typical person.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time.
    name : str
        Quantity.

    Returns
    -------
    array, shape (regimen, time)
        Its values [unit of the quantity].

    Examples
    --------
    >>> result = xr.Dataset({"sbp": (("regimen", "time"), [[0.0, 7.0]])})
    >>> typical(result, "sbp").tolist()
    [[0.0, 7.0]]
    """
    values = result.variables[name].transpose("regimen", "time").values
    return np.asarray(values, dtype=np.float64)


def unsupported(result: xr.Dataset, name: str) -> NDArray[np.bool_]:
    """Tell where curves go beyond the evidence.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time, with ``beyond_evidence`` where there are effects.
    name : str
        Quantity.

    Returns
    -------
    array of bool, shape (regimen, time)
        Whether no study supports the curve there; False where nothing is marked.

    Examples
    --------
    >>> result = xr.Dataset({"sbp": (("regimen", "time"), [[0.0, 7.0]])})
    >>> unsupported(result, "sbp").tolist()
    [[False, False]]
    """
    if "outcome" not in result.coords or name not in result["outcome"].values:
        return np.zeros((result.sizes["regimen"], result.sizes["time"]), dtype=bool)
    marked = result["beyond_evidence"].sel(outcome=name).transpose("regimen", "time")
    return np.asarray(marked.values, dtype=bool)


def log_floor(curves: Array) -> float:
    """Choose the decade at which a log axis starts.

    Parameters
    ----------
    curves : array, shape (regimen, time)
        Values, nan where a model gives none.

    Returns
    -------
    float
        1, or a lower decade when a curve has its peak near or below 1.

    Examples
    --------
    >>> log_floor(np.array([[0.0, 150.0], [0.0, 0.7], [0.0, 0.0]]))
    0.1
    """
    peaks = np.nanmax(curves, axis=1, initial=0.0)
    there = peaks[peaks > _NOTHING * peaks.max(initial=0.0)]
    return float(min(1.0, 10.0 ** np.floor(np.log10(_BELOW_PEAK * there.min(initial=np.inf)))))


def hours_window(result: xr.Dataset) -> float:
    """Give the end of the window that shows the first dose.

    Parameters
    ----------
    result : Dataset
        Curves by regimen and time [h].

    Returns
    -------
    float
        12 h, or 24 h when a concentration or an acute effect peaks later than that in the
        first day; never beyond the last time.

    Examples
    --------
    >>> curve = xr.Dataset({"ketamine": (("regimen", "time"), [[0.0, 9.0, 2.0]])},
    ...                    coords={"time": [0.0, 1.0, 48.0]})
    >>> hours_window(curve)
    12.0
    """
    time = np.asarray(result["time"].values, dtype=np.float64)
    day = time <= 24.0
    end = 12.0
    for name in drawable(result, tuple(EVERY_QUANTITY)):
        values = np.abs(typical(result, name)[:, day])
        is_slow = name in _SLOW or not np.isfinite(values).all() or not values.any()
        if not is_slow and (time[day][values.argmax(axis=1)] > 12.0).any():
            end = 24.0
    return min(end, float(time[-1]))


def thinned(time: Array, value: Array, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Choose at most so many points of a curve without losing a peak or a trough.

    Both ends, the highest and the lowest point stay; then, again and again, the point joins
    that lies farthest from the line drawn so far, until no eye could tell the difference.

    Parameters
    ----------
    time : array, shape (n,)
        Ascending times [h].
    value : array, shape (n,)
        Finite values at those times.
    most : int
        Largest number of points that stay.

    Returns
    -------
    array of int, shape (m,), m <= most
        Their places, ascending.

    Examples
    --------
    >>> spike = np.zeros(1000)
    >>> spike[617] = 1.0
    >>> 617 in thinned(np.arange(1000.0), spike, most=6)
    True
    """
    if time.size <= most:
        return np.arange(time.size)
    kept = sorted({0, int(value.argmin()), int(value.argmax()), time.size - 1})
    queue = [_farthest(time, value, *pair) for pair in pairwise(kept)]
    heapify(queue)
    unseen = np.ptp(value) / UNSEEN
    while len(kept) < most and -queue[0][0] > unseen:
        _, left, split, right = heappop(queue)
        kept.append(split)
        heappush(queue, _farthest(time, value, left, split))
        heappush(queue, _farthest(time, value, split, right))
    return np.sort(np.array(kept, dtype=np.intp))


def _farthest(time: Array, value: Array, left: int, right: int) -> tuple[float, int, int, int]:
    """Find the point between two that lies farthest from the line between them."""
    inner = slice(left + 1, right)
    share = (time[inner] - time[left]) / (time[right] - time[left])
    away = np.abs(value[inner] - value[left] - share * (value[right] - value[left]))
    if not away.size:
        return 0.0, left, left, right
    split = int(away.argmax())
    return -float(away[split]), left, left + 1 + split, right


def is_relief(name: str) -> bool:
    """Tell whether a quantity is a score whose fall is the wanted effect.

    Parameters
    ----------
    name : str
        Quantity.

    Returns
    -------
    bool
        True for anxiety and depression.

    Examples
    --------
    >>> is_relief("anxiety"), is_relief("dissociation")
    (True, False)
    """
    threshold = EVERY_QUANTITY[name].threshold
    return threshold is not None and threshold < 0.0
