r"""Mode of the latents of a study, and how its integrand falls off around it.

Newton's method from the best of the prior's nodes, with differences over most of a standard
deviation instead of derivatives: what counts is how the integrand falls off, not its slope in one
place. A step that makes things worse is taken back and shortened.
"""

import math

import numpy as np

from kpksim.calibration.readings.room import Room
from kpksim.calibration.rows import Effects, Statements
from kpksim.calibration.study_kernel import write_means, write_product
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import compiled, inner

ITERATIONS = 6
SHORTEN = 0.4
NEAR = 0.15
"""Newton's step, in standard deviations at the mode, that ends the search."""

LONGEST = 2.0
"""Longest step of Newton's method [standard deviations of the prior]."""

START, SPAN = 0.3, 0.7
"""Differences at first [standard deviations of the prior], and later [those at the mode]."""

NARROWEST, WIDEST = 0.02, 0.6
"""Bounds of the differences [standard deviations of the prior]."""

FLATTEST = 0.3
"""Least curvature that counts as one, in that of the prior."""


@inner
def stencil(latents: int) -> int:
    """Give the number of points from which slopes and curvatures are taken."""
    return 1 + 2 * latents + latents * (latents - 1) // 2


@compiled
def find_mode(
    study: Indices, statements: Statements, effects: Effects, baselines: Array, rho: float,
    tau: float, cuts: Array, room: Room, centre: Array, root: Array,
) -> None:  # fmt: skip
    """Move `centre` to the mode and write a root of the covariance there.

    Parameters
    ----------
    study : array of int, shape (5,)
        Bounds of the study.
    statements, effects, baselines, rho, tau
        As for `log_likelihoods`.
    cuts : array
        What counts need over the grid of study effects.
    room : Room
        For `stencil(L)` nodes.
    centre : array, shape (L,)
        Where to begin; it is moved.
    root : array, shape (L, L)
        Upper triangle that is written: covariance = root root'.
    """
    latents = centre.size
    values = np.empty(room.first.size)
    width = np.full(latents, START)
    step, slope = np.zeros(latents), np.empty(latents)
    lower, curve = np.empty((latents, latents)), np.empty((latents, latents))
    best = -math.inf
    for _ in range(ITERATIONS):
        _place(centre, step, width, room.z)
        write_means(study, statements, effects, rho, tau, room)
        write_product(study, statements, baselines, rho, cuts, room, values)
        _subtract_prior(room.z, values)
        if values[0] < best:
            step *= SHORTEN
            continue
        best = values[0]
        centre += step
        _differences(values, width, slope, curve)
        _root_of(curve, lower, root)
        if _newton(lower, slope, step) < NEAR:
            centre += step
            return
        for i in range(latents):
            width[i] = min(max(SPAN / math.sqrt(max(curve[i, i], 1e-6)), NARROWEST), WIDEST)


@inner
def _subtract_prior(z: Array, values: Array) -> None:
    """Add the logarithm of the prior's density, but for a constant."""
    for i in range(z.shape[0]):
        for k in range(values.size):
            values[k] -= 0.5 * z[i, k] * z[i, k]


@inner
def _place(centre: Array, step: Array, width: Array, z: Array) -> None:
    """Write the points from which slopes and curvatures are taken."""
    latents = centre.size
    for i in range(latents):
        z[i, :] = centre[i] + step[i]
    at = 1
    for i in range(latents):
        z[i, at] += width[i]
        z[i, at + 1] -= width[i]
        at += 2
    for i in range(latents):
        for j in range(i):
            z[i, at] += width[i]
            z[j, at] += width[j]
            at += 1


@inner
def _differences(values: Array, width: Array, slope: Array, curve: Array) -> None:
    """Write slopes and negative curvatures."""
    latents, middle = width.size, values[0]
    for i in range(latents):
        up, down = values[1 + 2 * i], values[2 + 2 * i]
        slope[i] = (up - down) / (2.0 * width[i])
        curve[i, i] = (2.0 * middle - up - down) / (width[i] * width[i])
    at = 1 + 2 * latents
    for i in range(latents):
        for j in range(i):
            mixed = values[at] - values[1 + 2 * i] - values[1 + 2 * j] + middle
            curve[i, j] = curve[j, i] = -mixed / (width[i] * width[j])
            at += 1


@inner
def _root_of(curve: Array, lower: Array, root: Array) -> None:
    """Write the Cholesky factor of the curvature and its inverse, transposed.

    A curvature that is no covariance's loses what goes across, and is at least the prior's.
    """
    if not _cholesky(curve, lower):
        for i in range(len(curve)):
            for j in range(len(curve)):
                curve[i, j] = max(curve[i, i], 1.0) if i == j else 0.0
        _cholesky(curve, lower)
    n = len(curve)
    root[:] = 0.0
    for i in range(n):
        root[i, i] = 1.0 / lower[i, i]
        for j in range(i + 1, n):
            total = 0.0
            for k in range(i, j):
                total -= lower[j, k] * root[i, k]
            root[i, j] = total / lower[j, j]


@inner
def _cholesky(matrix: Array, lower: Array) -> bool:
    """Write the lower factor; tell whether there is one, no flatter than a wide prior."""
    n = len(matrix)
    lower[:] = 0.0
    for i in range(n):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= lower[i, k] * lower[j, k]
            if i == j:
                if total < FLATTEST:
                    return False
                lower[i, i] = math.sqrt(total)
            else:
                lower[i, j] = total / lower[j, j]
    return True


@inner
def _newton(lower: Array, slope: Array, step: Array) -> float:
    """Write Newton's step, not longer than allowed; give its length in standard deviations."""
    n = slope.size
    own = 0.0
    for i in range(n):
        total = slope[i]
        for k in range(i):
            total -= lower[i, k] * step[k]
        step[i] = total / lower[i, i]
        own += step[i] * step[i]
    length = 0.0
    for i in range(n - 1, -1, -1):
        total = step[i]
        for k in range(i + 1, n):
            total -= lower[k, i] * step[k]
        step[i] = total / lower[i, i]
        length += step[i] * step[i]
    if length > LONGEST * LONGEST:
        step *= LONGEST / math.sqrt(length)
    return math.sqrt(own)
