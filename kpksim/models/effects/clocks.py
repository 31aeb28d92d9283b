r"""Slow states that a drive winds up: turnover, delay and tolerance.

Each solves a linear equation :math:`dy/dt = u(t) - r(t)\,y` cell by cell with the integrating
factor: over a cell of length h, with :math:`U(s) = \int_0^s r`,

.. math:: y(h) = e^{-U(h)} y(0) + \int_0^h e^{-(U(h) - U(s))} u(s)\, ds .

The integral is six-point Gauss-Legendre; the sources u are known at the nodes of
`kpksim.models.effects.mesh`. All states start at 0.
"""

import numpy as np
from numpy.typing import NDArray

from kpksim.models.effects.mesh import INTEGRATION, NODES, WEIGHTS

Array = NDArray[np.float64]


def slow_clock(times: Array, drive: Array, kin: float, kout: float) -> tuple[Array, Array]:
    r"""Slow clock: it fills while the drive is on and runs down over days.

    .. math:: dX/dt = k_{in} D (1 - X) - k_{out} X, \qquad X(0) = 0

    Parameters
    ----------
    times : array, shape (T,)
        Cell boundaries [h].
    drive : array, shape (S, T-1, 6)
        Drive at the nodes of each cell, 0 to 1.
    kin : float
        Rate of filling at full drive [1/h].
    kout : float
        Rate of running down [1/h].

    Returns
    -------
    at : array, shape (S, T)
        X at the cell boundaries, 0 to 1.
    inside : array, shape (S, T-1, 6)
        X at the nodes.

    Notes
    -----
    On a graded mesh `at` errs by less than 1e-8 up to `kin` = 4/h; faster filling needs shorter
    cells. Values `inside` are meant for a quadrature over the nodes, in which their larger errors
    cancel.

    Examples
    --------
    Full drive for ever leads to kin / (kin + kout):

    >>> at, _ = slow_clock(np.linspace(0.0, 400.0, 401), np.ones((1, 400, 6)), kin=0.3, kout=0.1)
    >>> round(float(at[0, -1]), 12)
    0.75
    """
    length = np.diff(times)
    filling = kin * drive * length[:, None]
    growth = filling @ INTEGRATION.T + kout * length[:, None] * NODES
    whole = filling @ WEIGHTS + kout * length
    np.exp(growth, out=growth)
    filling *= growth
    factor = np.exp(-whole)
    at = _march(factor, factor * (filling @ WEIGHTS))
    inside = (at[:, :-1, None] + filling @ INTEGRATION.T) / growth
    return at, inside


def delayed(times: Array, source: Array, rate: float) -> Array:
    r"""Delayed copy of a state.

    .. math:: dZ/dt = k (X - Z), \qquad Z(0) = 0

    Parameters
    ----------
    times : array, shape (T,)
        Cell boundaries [h].
    source : array, shape (S, T-1, 6)
        X at the nodes of each cell.
    rate : float
        Rate of following, k [1/h].

    Returns
    -------
    array, shape (S, T)
        Z at the cell boundaries.

    Examples
    --------
    After one half-life of the delay the copy of a constant is half way:

    >>> Z = delayed(np.linspace(0.0, 4.0, 9), np.ones((1, 8, 6)), rate=np.log(2) / 4.0)
    >>> round(float(Z[0, -1]), 12)
    0.5
    """
    return rate * leaky_integral(times, source, rate)


def leaky_integral(times: Array, source: Array, rate: float) -> Array:
    r"""Integral of a source that is forgotten at a constant rate, such as tolerance.

    .. math:: dT/dt = u - k T, \qquad T(0) = 0

    Parameters
    ----------
    times : array, shape (T,)
        Cell boundaries [h].
    source : array, shape (S, T-1, 6)
        u at the nodes of each cell [unit].
    rate : float
        Rate of forgetting, k [1/h].

    Returns
    -------
    array, shape (S, T)
        T at the cell boundaries [unit h].

    Examples
    --------
    Nothing forgotten: the area under a constant 1 over 3 h.

    >>> float(leaky_integral(np.arange(4.0), np.ones((1, 3, 6)), rate=0.0)[0, -1].round(12))
    3.0
    """
    length = np.diff(times)[:, None]
    weights = length * WEIGHTS * np.exp(-rate * length * (1.0 - NODES))
    gain = np.einsum("skn,kn->sk", source, weights)
    return _march(np.exp(-rate * length.T), gain)


def _march(factor: Array, gain: Array) -> Array:
    """Follow y[k+1] = factor[k] y[k] + gain[k] from y[0] = 0 along the last axis."""
    subjects, cells = gain.shape
    level = np.zeros((cells + 1, subjects))
    factors = np.ascontiguousarray(np.broadcast_to(factor, gain.shape).T)
    gains = np.ascontiguousarray(gain.T)
    for cell in range(cells):
        level[cell + 1] = factors[cell] * level[cell] + gains[cell]
    return level.T
