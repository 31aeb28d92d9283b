"""Random effects: normal numbers from a stream for each person or draw, and their covariance."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RandomEffects = Sequence[tuple[Sequence[str], Array]]
"""Blocks of parameters that vary together: names, P of them, and covariance, shape (P, P)."""


def normals(seed: int, streams: range, width: int) -> Array:
    """Give standard normal numbers, each row from a random stream of its own.

    Parameters
    ----------
    seed : int
        Seed, from 0 to 2^63 - 1.
    streams : range
        Numbers of the N streams, from 0 to 2^64 - 1.
    width : int
        Numbers in a row.

    Returns
    -------
    array, shape (N, width)
        The numbers [1]; a row does not depend on the others.
    """
    keys = (np.array([seed, one], dtype=np.uint64) for one in streams)
    found = [np.random.Generator(np.random.Philox(key=key)).standard_normal(width) for key in keys]
    return np.array(found).reshape(len(streams), width)


def width_of(effects: RandomEffects) -> int:
    """Count the random effects.

    Parameters
    ----------
    effects : sequence of (names, covariance)
        Blocks of random effects.

    Returns
    -------
    int
        How many there are.
    """
    return sum(len(names) for names, _ in effects)


def correlated(effects: RandomEffects, normal: Array) -> dict[str, Array]:
    """Turn independent numbers into random effects.

    Parameters
    ----------
    effects : sequence of (names, covariance)
        Blocks of random effects, W in all.
    normal : array, shape (N, W)
        Standard normal numbers.

    Returns
    -------
    dict of str to array, shape (N,)
        Random effects by parameter [1].
    """
    found: dict[str, Array] = {}
    start = 0
    for names, omega in effects:
        drawn = normal[:, None, start : start + len(names)]
        block = (drawn * _root(omega)).sum(axis=2)  # not @, whose rounding depends on n
        found |= {name: block[:, k] for k, name in enumerate(names)}
        start += len(names)
    return found


def _root(omega: Array) -> Array:
    """Give the symmetric square root of a covariance, which may be singular."""
    values, vectors = np.linalg.eigh(omega)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)
