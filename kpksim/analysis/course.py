"""Metrics of an effect curve: how large, when, and for how long."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOMENTS = {
    "at_40min": 2.0 / 3.0,
    "at_1h": 1.0,
    "at_2h": 2.0,
    "at_4h": 4.0,
    "at_24h": 24.0,
    "at_72h": 72.0,
    "at_7d": 168.0,
    "at_14d": 336.0,
}
"""Times after the first dose at which effects are tabulated [h]."""


def largest_change(times: Array, curves: Array) -> tuple[Array, Array]:
    """Largest change from zero, with its sign, and its time.

    Parameters
    ----------
    times : array, shape (T,)
        Times, ascending [h].
    curves : array, shape (..., T)
        Effects [unit].

    Returns
    -------
    change : array, shape (...)
        The value farthest from zero [unit].
    time : array, shape (...)
        When it is reached first [h].

    Examples
    --------
    >>> change, time = largest_change(np.arange(3.0), np.array([0.0, -40.0, -10.0]))
    >>> float(change), float(time)
    (-40.0, 1.0)
    """
    place = np.abs(curves).argmax(axis=-1)
    change = np.take_along_axis(curves, place[..., None], axis=-1)[..., 0]
    return change, np.asarray(times[place])


def value_at(times: Array, curves: Array, moment: float) -> Array:
    """Value at a time, linear between the points of the grid.

    Parameters
    ----------
    times : array, shape (T,)
        Times, ascending [h].
    curves : array, shape (..., T)
        Effects [unit].
    moment : float
        The time [h].

    Returns
    -------
    array, shape (...)
        The value [unit]; nan outside the grid.

    Examples
    --------
    >>> float(value_at(np.array([0.0, 2.0]), np.array([0.0, 10.0]), 0.5))
    2.5
    """
    if not times[0] <= moment <= times[-1]:
        return np.full(curves.shape[:-1], np.nan)
    right = int(np.clip(np.searchsorted(times, moment), 1, len(times) - 1))
    share = (moment - times[right - 1]) / (times[right] - times[right - 1])
    return np.asarray((1.0 - share) * curves[..., right - 1] + share * curves[..., right])


def hours_above(times: Array, curves: Array, share: float = 0.5) -> Array:
    """Hours for which an effect is at least a share of its largest change.

    Parameters
    ----------
    times : array, shape (T,)
        Times, ascending [h].
    curves : array, shape (..., T)
        Effects [unit], linear between the points.
    share : float
        Share of the largest change [1].

    Returns
    -------
    array, shape (...)
        Time spent there [h]; 0 when there is no effect.

    Examples
    --------
    >>> float(hours_above(np.array([0.0, 1.0, 3.0]), np.array([0.0, 8.0, 0.0])))
    1.5
    """
    size = np.abs(curves)
    peak = size.max(axis=-1, keepdims=True)
    excess = size - share * peak
    left, right = excess[..., :-1], excess[..., 1:]
    highest, lowest = np.maximum(left, right), np.minimum(left, right)
    rise = np.where(highest > lowest, highest - lowest, 1.0)
    partial = np.clip(highest, 0.0, None) / rise
    inside = np.where(lowest >= 0.0, 1.0, partial)
    return np.where(peak[..., 0] > 0.0, inside @ np.diff(times), 0.0)
