"""The default time grid: fine after the first and the last dose, and every event on it."""

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ScenarioError

Array = NDArray[np.float64]
MOST_POINTS = 5000
BETWEEN = (
    np.concatenate([np.arange(1, 25) / 12.0, np.arange(13, 37) / 6.0]),
    np.concatenate([np.arange(1, 13) / 6.0, np.arange(5, 13) / 2.0]),
    np.array([1.0, 2.0, 4.0, 8.0]) / 6.0,
)
"""Times after a dose between the first and the last, from fine to coarse [h]."""
_SAME = 1e-9


def default_times(events: Array, doses: Array, horizon: float) -> Array:
    """Give the default time grid.

    Every event is on it. It has a point a minute for 2 h after the first and after the last
    dose, every 10 min up to 24 h after them, and every hour (or a whole number of hours, where
    that would make more than `MOST_POINTS`) elsewhere. After every other dose it has the finest
    of the points of `BETWEEN` that fit.

    Parameters
    ----------
    events : array, shape (E,)
        Times of doses, ends of infusions and lags [h].
    doses : array, shape (D,)
        Times of doses [h].
    horizon : float
        End of the grid [h].

    Returns
    -------
    array, shape (T,)
        Times, ascending, from 0 to `horizon` [h].

    Raises
    ------
    ScenarioError
        If the horizon is not a time after the first dose, or there are more events than points.

    Examples
    --------
    >>> len(default_times(np.array([0.0]), np.array([0.0]), horizon=2.0))
    121
    """
    if not (doses.min() < horizon < np.inf):
        raise ScenarioError(
            f"the horizon must lie after the first dose, got {horizon:g} h with the first dose at "
            f"{doses.min():g} h"
        )
    inside = _distinct(np.append(events[(events >= 0.0) & (events <= horizon)], horizon))
    fine = [_after(start) for start in {0.0, float(doses.min()), float(doses.max())}]
    room = MOST_POINTS - len(inside) - sum(len(one) for one in fine)
    if room < 2:
        raise ScenarioError(
            f"a regimen with {len(inside)} dose and infusion times does not fit a grid of "
            f"{MOST_POINTS} points; give times of your own"
        )
    middle = _between(doses[doses < horizon], max(room - horizon, room / 2.0))
    step = max(1.0, np.ceil(horizon / (room - len(middle))))
    grid = np.concatenate([*fine, middle, np.arange(0.0, horizon, step)])
    return _merge(inside, grid[(grid >= 0.0) & (grid < horizon)])


def _after(start: float) -> Array:
    """Give the fine points after a dose."""
    return start + np.concatenate([np.arange(0, 121) / 60.0, np.arange(13, 145) / 6.0])


def _between(doses: Array, room: float) -> Array:
    """Give points after every dose but the first and the last, as fine as there is room for."""
    others = np.unique(doses)[1:-1]
    for offsets in BETWEEN:
        if len(others) * len(offsets) <= room:
            return (others[:, None] + offsets).ravel()
    return np.empty(0)


def _distinct(times: Array) -> Array:
    """Sort times; of those that only rounding tells apart keep the last, when all is done."""
    ascending = np.unique(times)
    return ascending[np.diff(ascending, append=np.inf) > _SAME]


def _merge(exact: Array, grid: Array) -> Array:
    """Join grid points to exact ones, without points that only rounding tells apart."""
    grid = _distinct(grid)
    position = np.clip(np.searchsorted(exact, grid), 1, len(exact) - 1) if len(exact) > 1 else 0
    nearest = np.minimum(np.abs(exact[position] - grid), np.abs(exact[position - 1] - grid))
    return np.sort(np.concatenate([exact, grid[nearest > _SAME]]))
