"""The exponential of a Metzler matrix, in sums and products of non-negative numbers only."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Numbers = NDArray[Any]
"""Ordinary or extended numbers."""

SUBSTEP_NORM = 0.5
"""Largest norm of a sub-step: the Taylor series of degree 16 then stops below 1e-19."""

LEAST_SQUARINGS = 4
"""With 16 sub-steps or more, chains longer than the Taylor degree keep their accuracy too."""

LONG_NORM = 512.0
"""Norm of a step above which numbers are extended (80 bits where the machine has them).

Each squaring doubles relative errors, so rounding grows with the norm: to 2e-13 at this one.
"""

BLOCK = 128
"""Matrices treated at a time, few enough to stay in the processor's cache."""


def propagator(rates: ArrayLike, step: ArrayLike) -> Array:
    r"""Matrix that takes the state over a step, :math:`e^{K h}`.

    With the shift :math:`a = \max_i |K_{ii}|` the matrix :math:`K + a I` has no negative entry, so

    .. math:: e^{K h} = \left(e^{-a h / 2^s} \, e^{(K + a I) h / 2^s}\right)^{2^s}

    is a Taylor sum and squarings of non-negative numbers: nothing cancels, whether eigenvalues are
    distinct, nearly equal or equal. Each entry is good to 1e-12 where the machine has extended
    numbers, else to about 1e-16 times the largest rate times the step. Each matrix is treated by
    itself: its result does not depend on the others in the stack.

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
    flat = np.broadcast_to(matrices, (*lead, n, n)).reshape(-1, n, n)
    steps = np.broadcast_to(np.asarray(step, dtype=float), lead).reshape(-1)
    result = np.empty(flat.shape)
    for first in range(0, len(flat), BLOCK):
        part = slice(first, first + BLOCK)
        result[part] = _exponentials(flat[part], steps[part])
    return result.reshape(*lead, n, n)


def extended_propagator(rates: Array, steps: Array) -> Numbers:
    """Give propagators in extended numbers, shape (S, n, n), for sums that magnify rounding."""
    squarings = _squarings(norms(rates) * steps)
    return _scaled_and_squared(rates.astype(np.longdouble), steps, squarings)


def shifted(rates: Numbers) -> tuple[Numbers, Numbers]:
    """Give the matrices with their largest decay added to the diagonal, and that decay [1/h]."""
    diagonal = np.diagonal(rates, axis1=-2, axis2=-1)
    shift = np.maximum(-diagonal, 0.0).max(axis=-1, initial=0.0)
    identity = np.eye(rates.shape[-1], dtype=rates.dtype)
    return rates + shift[..., None, None] * identity, shift


def norms(rates: Array) -> Array:
    """Norm of each shifted matrix [1/h]; times a step it says how hard that step is."""
    positive, _ = shifted(rates)
    norm: Array = np.abs(positive).sum(axis=-2).max(axis=-1, initial=0.0)
    return norm


def _exponentials(rates: Array, steps: Array) -> Array:
    """Exponentials of a flat stack of matrices."""
    norm = norms(rates) * steps
    squarings = _squarings(norm)
    long = norm > LONG_NORM
    if not long.any():
        return _scaled_and_squared(rates, steps, squarings)
    result = np.empty_like(rates)
    for part, kind in ((~long, np.float64), (long, np.longdouble)):
        result[part] = _scaled_and_squared(rates[part].astype(kind), steps[part], squarings[part])
    return result


def _squarings(norm: Array) -> NDArray[np.int64]:
    """How often each sub-step has to be doubled."""
    _, exponent = np.frexp(norm / SUBSTEP_NORM)
    return np.maximum(exponent, LEAST_SQUARINGS).astype(np.int64)


def _scaled_and_squared(rates: Numbers, steps: Array, squarings: NDArray[np.int64]) -> Numbers:
    """Exponentials from those of sub-steps, in the kind of number of the rates."""
    positive, shift = shifted(rates)
    substep = np.ldexp(steps.astype(rates.dtype), -squarings)
    # The decay goes in before the squarings, else exp(a h) overflows where exp(-a h) underflows.
    decay = np.exp(-shift * substep)
    taken = decay[:, None, None] * _taylor(positive * substep[:, None, None])
    # A state that never changes (an input rate) stays to the last bit, through the squarings too.
    constant = ~rates.any(axis=-1, keepdims=True)
    return _squared(np.where(constant, np.eye(rates.shape[-1]), taken), squarings)


def _taylor(matrices: Numbers) -> Numbers:
    """Taylor sum of degree 16 in six products."""
    powers = np.empty((4, *matrices.shape), dtype=matrices.dtype)
    powers[0] = np.eye(matrices.shape[-1])
    powers[1] = matrices
    powers[2] = matrices @ matrices
    powers[3] = powers[2] @ matrices
    fourth = powers[2] @ powers[2]
    factorials = np.cumprod(np.r_[1, 1:17].astype(matrices.dtype))
    coefficients = (1.0 / factorials[:16]).reshape(4, 4)
    blocks = np.tensordot(coefficients, powers, axes=1)
    total: Numbers = fourth / factorials[16] + blocks[3]
    for block in blocks[2::-1]:
        total = total @ fourth + block
    return total


def _squared(matrices: Numbers, times: NDArray[np.int64]) -> Numbers:
    """Square each matrix its own number of times."""
    shared = int(times.min()) if len(times) else 0
    for _ in range(shared):
        matrices = matrices @ matrices
    for done in range(shared, int(times.max(initial=0))):
        rest = np.flatnonzero(times > done)
        matrices[rest] = matrices[rest] @ matrices[rest]
    return matrices
