r"""Mixtures of normal distributions: where the nodes of an integral come from, and their weights.

A root R is an upper triangle, covariance = R R'. Densities are in units of the prior's, the
standard normal one, so that a node's weight is its likelihood over the mixture.
"""

import math

from kpksim.engine.actions import Array
from kpksim.engine.compiled import inner
from kpksim.engine.elementary import exponential

LARGEST = 600.0
"""Largest logarithm of a density: far below the largest number."""

FEW = 4.0
"""Nodes that count as much as the distribution that moments are drawn to."""


@inner
def spread_out(
    nodes: Array, start: int, end: int, centre: Array, root: Array, scale: float, z: Array
) -> None:
    """Move standard normal nodes to where they belong.

    Parameters
    ----------
    nodes : array, shape (M, K)
        Standard normal nodes.
    start, end : int
        The first of those to move, and the one after the last.
    centre, root : array, shape (L,), (L, L)
        Mean and root of the covariance.
    scale : float
        Factor of the root.
    z : array, shape (L, K)
        What is written.
    """
    latents = centre.size
    for i in range(latents):
        row = z[i]
        for k in range(start, end):
            row[k] = centre[i]
        for j in range(i, latents):
            factor, node = scale * root[i, j], nodes[j]
            for k in range(start, end):
                row[k] += factor * node[k]


@inner
def write_half_squares(z: Array, half: Array) -> None:
    """Write half the squared length of as many nodes as there is room for."""
    half[:] = 0.0
    for i in range(z.shape[0]):
        row = z[i]
        for k in range(half.size):
            half[k] += 0.5 * row[k] * row[k]


@inner
def add_density(
    z: Array, half: Array, centre: Array, root: Array, scale: float, count: float,
    away: Array, square: Array, density: Array,
) -> None:  # fmt: skip
    """Add `count` times a normal density, over that of the prior, at every node.

    Parameters
    ----------
    z, half : array, shape (L, N), (K,)
        Nodes, of which the first K are taken, and half their squared lengths.
    centre, root, scale
        Mean, root of the covariance and its factor.
    count : float
        Nodes that come from this distribution.
    away, square : array, shape (L, N), (K,)
        Room.
    density : array, shape (K,)
        What is added to.
    """
    latents = centre.size
    share = count
    square[:] = 0.0
    for i in range(latents - 1, -1, -1):
        row, part = z[i], away[i]
        for k in range(square.size):
            part[k] = row[k] - centre[i]
        for j in range(i + 1, latents):
            other, factor = away[j], root[i, j]
            for k in range(square.size):
                part[k] -= factor * other[k]
        one = 1.0 / root[i, i]
        for k in range(square.size):
            part[k] *= one
            square[k] += part[k] * part[k]
        share *= one / scale
    shrink = 0.5 / (scale * scale)
    for k in range(square.size):
        density[k] += share * exponential(min(half[k] - shrink * square[k], LARGEST))


@inner
def write_moments(z: Array, weights: Array, centre: Array, root: Array) -> None:
    """Move mean and covariance to those of weighted nodes, as far as their number tells.

    Parameters
    ----------
    z : array, shape (L, N)
        Nodes, of which the first K are taken.
    weights : array, shape (K,)
        Their weights, which are made to sum to 1.
    centre, root : array, shape (L,), (L, L)
        Mean and root of the covariance; both are written anew.
    """
    latents = centre.size
    total = squares = 0.0
    for k in range(weights.size):
        total += weights[k]
        squares += weights[k] * weights[k]
    trust = 1.0 / (1.0 + FEW * squares / (total * total))
    for k in range(weights.size):
        weights[k] /= total
    _square_root_back(root)
    for i in range(latents):
        mean = 0.0
        for k in range(weights.size):
            mean += weights[k] * z[i, k]
        centre[i] += trust * (mean - centre[i])
    for i in range(latents):
        for j in range(i, latents):
            moment = 0.0
            for k in range(weights.size):
                moment += weights[k] * (z[i, k] - centre[i]) * (z[j, k] - centre[j])
            root[i, j] += trust * (moment - root[i, j])
    _square_root(root)


@inner
def _square_root_back(root: Array) -> None:
    """Turn a root into its covariance; the upper triangle in place."""
    n = len(root)
    for i in range(n):
        for j in range(i, n):
            total = 0.0
            for k in range(j, n):
                total += root[i, k] * root[j, k]
            root[i, j] = total


@inner
def _square_root(matrix: Array) -> None:
    """Turn the upper triangle of a covariance into its root, in place."""
    n = len(matrix)
    for i in range(n - 1, -1, -1):
        least = 1e-6 * matrix[i, i]
        for j in range(i + 1, n):
            matrix[i, i] -= matrix[i, j] * matrix[i, j]
        matrix[i, i] = math.sqrt(max(matrix[i, i], least))
        for k in range(i):
            for j in range(i + 1, n):
                matrix[k, i] -= matrix[k, j] * matrix[i, j]
            matrix[k, i] /= matrix[i, i]
