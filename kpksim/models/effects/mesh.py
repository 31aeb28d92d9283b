r"""Mesh of cells on which the clocks are solved, and Gauss-Legendre quadrature inside a cell.

A drive has a kink at every dose, infusion end and lag end, and right after it a power
:math:`(t - b)^\gamma` that no polynomial follows. Cells that shrink in proportion to their
distance from the kink b give six-point Gauss-Legendre quadrature its full order everywhere.
"""

from itertools import pairwise

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

POINTS = 6
"""Gauss-Legendre points in a cell."""

FIRST_CELL = 2.0**-10
"""Length of the first cell after a break [h], 3.5 s."""

LONGEST_CELL = 2.0
"""Length that no cell exceeds [h].

Against LSODA the clocks err by 1e-10 at the prior medians and by 6e-9 for a steep, fast effect
(g = 3, effect site 6 min, delay 36 min) with cells up to 4 h, and by 3e-7 with cells of 8 h.
"""

SAME_TIME = 1e-9
"""Two times closer than this are one [h]."""


def _gauss_legendre(points: int) -> tuple[Array, Array, Array]:
    """Give nodes, weights and integration matrix of a cell of length one."""
    roots, weights = legendre.leggauss(points)
    monomials = legendre.legvander(roots, points - 1)
    integrals = np.stack(
        [legendre.legval(roots, legendre.legint(row, lbnd=-1)) for row in np.eye(points)], axis=1
    )
    return (roots + 1) / 2, weights / 2, integrals @ np.linalg.inv(monomials) / 2


NODES, WEIGHTS, INTEGRATION = _gauss_legendre(POINTS)
"""Quadrature in a cell of length one: with f at `NODES`, ``WEIGHTS @ f`` is its integral over the
cell and ``INTEGRATION @ f`` the integral of its interpolant from 0 to each node.

`NODES` has shape (6,), `WEIGHTS` (6,) and `INTEGRATION` (6, 6).
"""


def graded_mesh(times: ArrayLike, breaks: ArrayLike) -> tuple[Array, NDArray[np.intp]]:
    """Cell boundaries that hold the wanted times and are fine after every break.

    A cell that starts at distance d after the last break is at most d long; the first cell after
    a break has `FIRST_CELL` and none exceeds `LONGEST_CELL`.

    Parameters
    ----------
    times : array, shape (M,)
        Wanted times, ascending [h].
    breaks : array, shape (B,)
        Times of doses, infusion ends and lag ends, in any order [h].

    Returns
    -------
    mesh : array, shape (T,)
        Cell boundaries, ascending, from the first break or wanted time to the last wanted time
        [h].
    index : array of int, shape (M,)
        Place of each wanted time: ``mesh[index]`` equals `times`.

    Examples
    --------
    >>> mesh, index = graded_mesh([0.0, 8.0], breaks=[0.0])
    >>> [float(time) for time in mesh[-5:]]
    [1.0, 2.0, 4.0, 6.0, 8.0]
    """
    wanted = np.asarray(times, dtype=float)
    edges = np.unique(np.asarray(breaks, dtype=float))
    edges = edges[edges < wanted[-1]]
    coarse = np.unique(np.concatenate([wanted, _away_from(wanted, edges)]))
    last_break = np.searchsorted(edges, coarse[:-1] + SAME_TIME) - 1
    fine = [
        _graded(start, end, start - edges[k] if k >= 0 else np.inf)
        for (start, end), k in zip(pairwise(coarse), last_break, strict=True)
    ]
    mesh = np.concatenate([*fine, coarse[-1:]])
    return mesh, np.searchsorted(mesh, wanted)


def _graded(start: float, end: float, distance: float) -> Array:
    """Give the boundaries that cut a cell finely enough, its start included, its end not."""
    length = end - start
    if length <= min(max(distance, FIRST_CELL), LONGEST_CELL):
        return np.array([start])
    if distance <= SAME_TIME:
        halvings = np.arange(np.ceil(np.log2(length / FIRST_CELL)), 0, -1)
        cuts = np.concatenate([[0.0], length * 2.0**-halvings])
    else:
        doublings = np.arange(np.ceil(np.log2(1.0 + length / distance)))
        cuts = distance * (2.0**doublings - 1.0) if distance < length else np.array([0.0])
    return start + _capped(np.append(cuts[cuts < length], length))[:-1]


def _capped(cuts: Array) -> Array:
    """Cut cells that are longer than `LONGEST_CELL` into even parts."""
    parts = np.maximum(np.ceil(np.diff(cuts) / LONGEST_CELL - SAME_TIME), 1).astype(int)
    pieces = [np.linspace(low, high, n, endpoint=False)
              for (low, high), n in zip(pairwise(cuts), parts, strict=True)]  # fmt: skip
    return np.concatenate([*pieces, cuts[-1:]])


def _away_from(wanted: Array, others: Array) -> Array:
    """Keep the others that are no wanted time, so that no cell is a rounding error long."""
    after = np.searchsorted(wanted, others)
    gap_after = np.abs(wanted[np.minimum(after, len(wanted) - 1)] - others)
    gap_before = np.abs(wanted[np.maximum(after - 1, 0)] - others)
    return others[np.minimum(gap_after, gap_before) > SAME_TIME]
