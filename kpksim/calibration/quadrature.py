r"""Likelihood of a study: the integral over its latents of the product of its statements.

.. math:: L = \int \prod_j L_j(z)\, \phi(z)\, dz \approx
    \frac{1}{K} \sum_k \frac{\prod_j L_j(z_k)\, \phi(z_k)}{g(z_k)}

The nodes are fixed quasi-random points (Sobol, scrambled with a fixed seed): some from the prior
of the latents, for whatever lies far from the mode, and most from a normal distribution at the
mode with the curvature there. g is the mixture of both, so that each node counts for what it is,
whichever it came from (deterministic mixture weights, [Owen2000]_).

The mode is found by Newton's method from the best of the prior's nodes, with differences over
about a standard deviation instead of derivatives: what counts is how the integrand falls off, not
its slope in one place.

References
----------
.. [Owen2000] Owen A, Zhou Y, Safe and effective importance sampling, J Am Stat Assoc 2000;
   95: 135-143.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from kpksim.calibration.readings.room import Room, empty_room
from kpksim.calibration.rows import Effects, Statements
from kpksim.calibration.study_kernel import GRID, write_counts, write_means, write_product
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import compiled, inner
from kpksim.engine.elementary import exponential, logarithm

PRIOR_NODES, MODE_NODES = 32, 128
SEED = 20260101
WIDEN, WIDER = 1.15, 2.3
"""Standard deviations of the nodes at the mode, in those of the curvature: tails are heavier."""

ITERATIONS = 5
LONGEST = 2.0
"""Longest step of Newton's method [standard deviations of the prior]."""

NARROWEST, WIDEST = 0.02, 0.6
"""Bounds of the differences [standard deviations of the prior]."""


class Nodes(NamedTuple):
    """Standard normal nodes, one row per latent.

    Attributes
    ----------
    prior : array, shape (L, 32)
        Nodes from the prior.
    mode : array, shape (L, 128)
        Nodes for the mode, before they are moved there.
    """

    prior: Array
    mode: Array


@lru_cache(maxsize=8)
def fixed_nodes(latents: int, prior: int = PRIOR_NODES, mode: int = MODE_NODES) -> Nodes:
    """Give the fixed nodes for studies of up to so many latents.

    Parameters
    ----------
    latents : int
        The largest number of latents of a study.
    prior, mode : int
        Numbers of nodes, powers of two.

    Returns
    -------
    Nodes
        The same whenever it is called.
    """
    return Nodes(_normal_points(latents, prior, SEED), _normal_points(latents, mode, SEED + 1))


def _normal_points(latents: int, count: int, seed: int) -> Array:
    """Give quasi-random standard normal points, with mean 0 and variance 1 in every direction."""
    points = qmc.Sobol(latents, seed=seed).random_base2(int(math.log2(count)))
    return np.ascontiguousarray(ndtri(np.clip(points, 1e-9, 1.0 - 1e-9)).T)


@compiled
def log_likelihoods(
    statements: Statements, effects: Effects, baselines: Array, rho: float, tau: float,
    nodes: Nodes,
) -> Array:  # fmt: skip
    """Logarithm of the likelihood of each study.

    Parameters
    ----------
    statements : Statements
        Statements of all studies.
    effects : Effects
        What the parameters say of their points.
    baselines : array
        Mean scores at baseline, as the rows number them.
    rho : float
        Share of the variance of single observations that is the person's.
    tau : float
        Standard deviation of study effects on the logarithm of the effect.
    nodes : Nodes
        For at least as many latents as any study has.

    Returns
    -------
    array, shape (S,)
        The logarithms.
    """
    out = np.empty(len(statements.bounds))
    for s in range(out.size):
        out[s] = _log_likelihood(
            statements.bounds[s], statements, effects, baselines, rho, tau, nodes
        )
    return out


@compiled
def _log_likelihood(
    study: Indices, statements: Statements, effects: Effects, baselines: Array, rho: float,
    tau: float, nodes: Nodes,
) -> float:  # fmt: skip
    """Integrate one study."""
    latents, points = study[4], study[3] - study[2]
    cuts = np.empty((study[1] - study[0], 3, GRID))
    room = empty_room(points, latents, GRID)
    write_counts(study, statements, effects, baselines, rho, tau, room, cuts)
    n, m = nodes.prior.shape[1], nodes.mode.shape[1]
    pilot, values = empty_room(points, latents, n), np.empty(n + m)
    pilot.z[:] = nodes.prior[:latents]
    write_means(study, statements, effects, rho, tau, pilot)
    write_product(study, statements, baselines, rho, cuts, pilot, values[:n])
    centre = _best(pilot.z, values[:n])
    root = np.empty((latents, latents))
    _find_mode(
        study, statements, effects, baselines, rho, tau, cuts,
        empty_room(points, latents, _stencil(latents)), centre, root,
    )  # fmt: skip
    main = empty_room(points, latents, m)
    _spread_out(nodes.mode, centre, root, main.z)
    write_means(study, statements, effects, rho, tau, main)
    write_product(study, statements, baselines, rho, cuts, main, values[n:])
    return _weighted(pilot.z, main.z, centre, root, values)


@inner
def _stencil(latents: int) -> int:
    """Give the number of points from which slopes and curvatures are taken."""
    return 1 + 2 * latents + latents * (latents - 1) // 2


@inner
def _half_square(z: Array, k: int) -> float:
    """Give half the squared length of a node."""
    total = 0.0
    for i in range(z.shape[0]):
        total += z[i, k] * z[i, k]
    return 0.5 * total


@compiled
def _best(z: Array, values: Array) -> Array:
    """Give the node with the largest integrand."""
    best = 0
    for k in range(values.size):
        if values[k] - _half_square(z, k) > values[best] - _half_square(z, best):
            best = k
    return z[:, best].copy()


@compiled
def _find_mode(
    study: Indices, statements: Statements, effects: Effects, baselines: Array, rho: float,
    tau: float, cuts: Array, room: Room, centre: Array, root: Array,
) -> None:  # fmt: skip
    """Move `centre` to the mode and write a root of the covariance there.

    A step that makes things worse is taken back and halved.
    """
    latents = centre.size
    values = np.empty(room.first.size)
    width = np.full(latents, 0.3)
    step, slope = np.zeros(latents), np.empty(latents)
    kept, best = np.zeros((latents, latents)), -math.inf
    curve = np.empty((latents, latents))
    for _ in range(ITERATIONS):
        _place(centre, step, width, room.z)
        write_means(study, statements, effects, rho, tau, room)
        write_product(study, statements, baselines, rho, cuts, room, values)
        for k in range(values.size):
            values[k] -= _half_square(room.z, k)
        if values[0] < best:
            step *= 0.4
            continue
        best = values[0]
        centre += step
        _differences(values, width, slope, curve)
        _root_of(curve, kept, root)
        _newton(kept, slope, step)
        for i in range(latents):
            width[i] = min(max(0.7 / math.sqrt(max(curve[i, i], 1e-6)), NARROWEST), WIDEST)


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
                if total < 0.3:
                    return False
                lower[i, i] = math.sqrt(total)
            else:
                lower[i, j] = total / lower[j, j]
    return True


@inner
def _newton(lower: Array, slope: Array, step: Array) -> None:
    """Write Newton's step, not longer than allowed."""
    n = slope.size
    for i in range(n):
        total = slope[i]
        for k in range(i):
            total -= lower[i, k] * step[k]
        step[i] = total / lower[i, i]
    length = 0.0
    for i in range(n - 1, -1, -1):
        total = step[i]
        for k in range(i + 1, n):
            total -= lower[k, i] * step[k]
        step[i] = total / lower[i, i]
        length += step[i] * step[i]
    if length > LONGEST * LONGEST:
        step *= LONGEST / math.sqrt(length)


@inner
def _spread_out(nodes: Array, centre: Array, root: Array, z: Array) -> None:
    """Write the nodes for the mode where they belong."""
    latents = centre.size
    for i in range(latents):
        for k in range(z.shape[1]):
            z[i, k] = centre[i]
        for j in range(i, latents):
            half = z.shape[1] // 2
            for k in range(half):
                z[i, k] += WIDEN * root[i, j] * nodes[j, k]
            for k in range(half, 2 * half):
                z[i, k] += WIDER * root[i, j] * nodes[j, k]


@compiled
def _weighted(pilot: Array, main: Array, centre: Array, root: Array, values: Array) -> float:
    """Sum the integrand over all nodes, each divided by the density of the mixture there."""
    n, m = pilot.shape[1], main.shape[1]
    terms = np.empty(n + m)
    away = np.empty(centre.size)
    _divide(pilot, centre, root, n, m, values[:n], terms[:n], away)
    _divide(main, centre, root, n, m, values[n:], terms[n:], away)
    top = terms.max()
    for k in range(n + m):
        terms[k] = exponential(terms[k] - top)
    return top + math.log(terms.sum())


@inner
def _divide(
    z: Array, centre: Array, root: Array, n: int, m: int, values: Array, terms: Array,
    away: Array,
) -> None:  # fmt: skip
    """Write the logarithm of the integrand over the density of the mixture, times its nodes."""
    latents = centre.size
    volume = 1.0
    for i in range(latents):
        volume *= root[i, i]
    for k in range(values.size):
        square = 0.0
        for i in range(latents - 1, -1, -1):
            total = z[i, k] - centre[i]
            for j in range(i + 1, latents):
                total -= root[i, j] * away[j]
            away[i] = total / root[i, i]
            square += away[i] * away[i]
        own = _half_square(z, k)
        ratio = exponential(min(own - 0.5 * square / WIDEN**2, 600.0)) / WIDEN**latents
        ratio += exponential(min(own - 0.5 * square / WIDER**2, 600.0)) / WIDER**latents
        terms[k] = values[k] - logarithm(n + 0.5 * m * ratio / volume)
