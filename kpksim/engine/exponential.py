"""The exponential of a Metzler matrix, each entry to high relative accuracy."""

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine import doubled
from kpksim.engine.actions import Array
from kpksim.engine.compiled import allocation_free
from kpksim.engine.system import (
    MATRICES,
    NORM,
    NOWHERE,
    UNIT,
    System,
    empty_system,
    halvings,
    lengths,
    load,
)
from kpksim.engine.vectors import COLUMNS, combine, combine_four

LONG_NORM = 512.0
"""Norm of a step above which numbers have double length.

Each squaring doubles relative errors, so rounding grows with the norm: to 2e-13 at this one.
"""


@allocation_free
def multiply(
    left: Array, a: int, right: Array, b: int, out: Array, o: int, n: int, ld: int
) -> None:
    """Write the product of the matrices from places `a` and `b` on, from place `o` on."""
    for column in range(0, n, COLUMNS):
        combine_four(out, o + column * ld, ld, left, a, ld, right, b + column * ld, ld, n, ld)


@allocation_free
def exponential(system: System, step: float, work: Array) -> int:
    """Compute the propagator of a system over a step.

    Parameters
    ----------
    system : System
        The rate constants.
    step : float
        Length of the step [h].
    work : flat array, `MATRICES` matrices long
        Room to work in.

    Returns
    -------
    int
        Place in `work` from which on the propagator stands, column by column.
    """
    n, ld, size = system.n[0], system.n[1], system.n[2]
    times = halvings(system, step)
    small = step * 0.5**times
    product, cube, square, once, one, fourth, total = (
        0, size, 2 * size, 3 * size, 4 * size, 5 * size, 6 * size,
    )  # fmt: skip
    for k in range(len(work)):
        work[k] = 0.0
    for i in range(n):
        work[one + i * ld + i] = 1.0
    for k in range(size):
        work[once + k] = system.matrix[k] * (small * system.numbers[UNIT])
    multiply(work, once, work, once, work, square, n, ld)
    multiply(work, once, work, square, work, cube, n, ld)
    multiply(work, square, work, square, work, fourth, n, ld)
    for k in range(size):
        work[product + k] = work[fourth + k]
    for block in range(4):
        if block:
            multiply(work, total, work, fourth, work, product, n, ld)
        # The identity comes last, so that the sum with it is rounded once.
        combine(work, total, work, 0, size, doubled.COEFFICIENTS, 5 * block, 5, size)
    place, other = total, fourth
    for _ in range(times):
        multiply(work, place, work, place, work, other, n, ld)
        place, other = other, place
    return place


def propagator(rates: ArrayLike, step: ArrayLike) -> Array:
    r"""Matrix that takes the state over a step, :math:`e^{K h}`.

    .. math:: e^{K h} = \left(e^{K h / 2^s}\right)^{2^s}

    is a Taylor sum over a short sub-step, in which no entry loses accuracy, and squarings of
    non-negative numbers: nothing cancels, whether eigenvalues are
    distinct, nearly equal or equal. Each entry is good to 1e-12. Each matrix is treated by itself:
    its result does not depend on the others in the stack.

    Parameters
    ----------
    rates : array, shape (..., n, n)
        Rate constants ``rates[..., to, from]`` with non-negative off-diagonal entries [1/h].
    step : float or array, shape (...)
        Length of the step [h].

    Returns
    -------
    array, shape (..., n, n)
        Share of each state (column) that is in each state (row) after the step [1].

    Raises
    ------
    ValueError
        If the matrices are not square.

    References
    ----------
    Why each entry can be had to high relative accuracy: Xue and Ye, Numer. Math. 110 (2008) 393.
    Evaluation in four blocks: Paterson and Stockmeyer, SIAM J. Comput. 2 (1973) 60.

    Examples
    --------
    After one half-life half is left:

    >>> float(propagator([[-np.log(2.0)]], 1.0)[0, 0].round(12))
    0.5

    """
    matrices = np.asarray(rates, dtype=float)
    if matrices.ndim < 2 or matrices.shape[-1] != matrices.shape[-2]:
        raise ValueError(f"rates must be square matrices, got shape {matrices.shape}")
    n = matrices.shape[-1]
    lead = np.broadcast_shapes(matrices.shape[:-2], np.shape(step))
    flat = np.require(np.broadcast_to(matrices, (*lead, n, n)), requirements=["C", "W"]).reshape(
        -1, n, n
    )
    steps = np.require(
        np.broadcast_to(np.asarray(step, dtype=float), lead), requirements=["C", "W"]
    ).reshape(-1)
    result = np.empty(flat.shape)
    sizes = lengths(n)
    room = np.zeros((2, MATRICES * sizes[2]))
    _exponentials(flat, steps, empty_system(sizes), room[0], room[1], result)
    return result.reshape(*lead, n, n)


@allocation_free
def _exponentials(
    rates: Array, steps: Array, system: System, work: Array, low: Array, result: Array
) -> None:
    """Exponentials of a stack of matrices, each by itself."""
    n, ld = system.n[0], system.n[1]
    for s in range(len(rates)):
        load(system, rates, s, NOWHERE)
        if system.numbers[NORM] * steps[s] > LONG_NORM:
            place = doubled.exponential(system, steps[s], work, low)
        else:
            place = exponential(system, steps[s], work)
        for j in range(n):
            for i in range(n):
                result[s, i, j] = work[place + j * ld + i]
