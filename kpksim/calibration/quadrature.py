r"""Likelihood of a study: the integral over its latents of the product of its statements.

.. math:: L = \int \prod_j L_j(z)\, \phi(z)\, dz \approx
    \frac{1}{K} \sum_k \frac{\prod_j L_j(z_k)\, \phi(z_k)}{g(z_k)}

The nodes are fixed quasi-random points (Sobol, scrambled with a fixed seed), in three steps:

1. from the prior of the latents, for whatever lies far from the mode;
2. around the mode, with the curvature there: half of them close, half farther out;
3. around the mean of what the first two have found, with its covariance.

g is the mixture of all, so that each node counts for what it is, whichever it came from
(deterministic mixture weights, [Owen2000]_).

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

from kpksim.calibration.mixture import add_density, spread_out, write_half_squares, write_moments
from kpksim.calibration.mode import find_mode, stencil
from kpksim.calibration.readings.room import empty_room
from kpksim.calibration.rows import Effects, Statements
from kpksim.calibration.study_kernel import GRID, write_counts, write_means, write_product
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import compiled
from kpksim.engine.elementary import exponential

PRIOR_NODES, MODE_NODES, MEAN_NODES = 64, 64, 64
SEED = 20260101

CLOSE, FAR = 1.15, 2.3
"""Standard deviations of the nodes at the mode, in those of the curvature: tails are heavier."""

AROUND = 1.2
"""The same of the nodes at the mean, in those of the covariance."""


class Nodes(NamedTuple):
    """Standard normal nodes, one row per latent.

    Attributes
    ----------
    prior, mode, mean : array, shape (L, 64) each
        Nodes from the prior, and those for the mode and the mean before they are moved there.
    """

    prior: Array
    mode: Array
    mean: Array


@lru_cache(maxsize=8)
def fixed_nodes(
    latents: int, prior: int = PRIOR_NODES, mode: int = MODE_NODES, mean: int = MEAN_NODES
) -> Nodes:
    """Give the fixed nodes for studies of up to so many latents.

    Parameters
    ----------
    latents : int
        The largest number of latents of a study.
    prior, mode, mean : int
        Numbers of nodes, powers of two.

    Returns
    -------
    Nodes
        The same whenever it is called.
    """
    sizes = enumerate((prior, mode, mean))
    return Nodes(*(_normal_points(latents, size, SEED + i) for i, size in sizes))


def _normal_points(latents: int, count: int, seed: int) -> Array:
    """Give quasi-random standard normal points."""
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
        study = statements.bounds[s]
        out[s] = _log_likelihood(study, statements, effects, baselines, rho, tau, nodes)
    return out


@compiled
def _log_likelihood(
    study: Indices, statements: Statements, effects: Effects, baselines: Array, rho: float,
    tau: float, nodes: Nodes,
) -> float:  # fmt: skip
    """Integrate one study."""
    latents, points = study[4], study[3] - study[2]
    cuts = np.empty((study[1] - study[0], 3, GRID))
    grid = empty_room(points, latents, GRID)
    write_counts(study, statements, effects, baselines, rho, tau, grid, cuts)
    n, m, r = nodes.prior.shape[1], nodes.mode.shape[1], nodes.mean.shape[1]
    sums = _empty_sums(latents, n + m + r)
    centre, root = np.zeros(latents), np.eye(latents)
    middle, frame = centre, root
    start = 0
    for step in range(3):
        end = start + (n, m, r)[step]
        room = empty_room(points, latents, end - start)
        if step == 0:
            room.z[:] = nodes.prior[:latents]
        elif step == 1:
            centre = _best(sums, end=start)
            small = empty_room(points, latents, stencil(latents))
            find_mode(study, statements, effects, baselines, rho, tau, cuts, small, centre, root)
            spread_out(nodes.mode, 0, m // 2, centre, root, CLOSE, room.z)
            spread_out(nodes.mode, m // 2, m, centre, root, FAR, room.z)
        else:
            middle, frame = centre.copy(), root.copy()
            _weigh(sums, n, m, centre, root, start)
            write_moments(sums.z, sums.weights[:start], middle, frame)
            spread_out(nodes.mean, 0, r, middle, frame, AROUND, room.z)
        write_means(study, statements, effects, rho, tau, room)
        write_product(study, statements, baselines, rho, cuts, room, sums.values[start:end])
        sums.z[:, start:end] = room.z
        start = end
    return _total(sums, n, m, r, centre, root, middle, frame)


class _Sums(NamedTuple):
    """All nodes, the logarithms of the product there, their densities and weights, and room."""

    z: Array
    away: Array
    values: Array
    half: Array
    square: Array
    density: Array
    weights: Array


@compiled
def _empty_sums(latents: int, count: int) -> _Sums:
    """Give room for so many nodes."""
    rows = np.empty((5, count))
    z, away = np.empty((latents, count)), np.empty((latents, count))
    return _Sums(z, away, rows[0], rows[1], rows[2], rows[3], rows[4])


@compiled
def _best(sums: _Sums, end: int) -> Array:
    """Give the node with the largest integrand."""
    write_half_squares(sums.z, sums.half[:end])
    return sums.z[:, np.argmax(sums.values[:end] - sums.half[:end])].copy()


@compiled
def _weigh(sums: _Sums, n: int, m: int, centre: Array, root: Array, end: int) -> None:
    """Write the weights of the nodes from the prior and at the mode."""
    z, away, half = sums.z, sums.away, sums.half[:end]
    density, square = sums.density[:end], sums.square[:end]
    write_half_squares(z, half)
    density[:] = n
    add_density(z, half, centre, root, CLOSE, 0.5 * m, away, square, density)
    add_density(z, half, centre, root, FAR, 0.5 * m, away, square, density)
    top = sums.values[:end].max()
    for k in range(end):
        sums.weights[k] = exponential(sums.values[k] - top) / density[k]


@compiled
def _total(
    sums: _Sums, n: int, m: int, r: int, centre: Array, root: Array, middle: Array, frame: Array
) -> float:
    """Sum the integrand over all nodes, each divided by the density of the mixture there."""
    _weigh(sums, n, m, centre, root, sums.half.size)
    add_density(
        sums.z, sums.half, middle, frame, AROUND, float(r), sums.away, sums.square, sums.density
    )
    top = sums.values.max()
    total = 0.0
    for k in range(sums.half.size):
        total += exponential(sums.values[k] - top) / sums.density[k]
    found: float = top + math.log(total)
    return found
