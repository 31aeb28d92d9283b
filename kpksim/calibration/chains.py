"""Draws of a posterior walk on in it, so that they forget the sampler that found them.

Nested sampling finds new points by short walks that start at others, and what these walks have not
reached makes its bands a little too narrow. Here every draw takes Metropolis steps along
differences between two other draws. Half of the draws walk while the other half stands still, so
that the posterior is kept exactly whatever their number. Steps are taken where the prior is a
standard normal law, so that no parameter leaves its range.

References
----------
Steps along differences: ter Braak, Statistics and Computing 16 (2006) 239, with his scale
2.38 / sqrt(2 d), and 1 in one step of ten. Halves that walk in turn: Foreman-Mackey and others,
Publ. Astron. Soc. Pac. 125 (2013) 306.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from kpksim.calibration.run_identity import Sampled

Array = NDArray[np.float64]

STEPS = 60
"""Steps of every draw; after as many, a draw of 18 parameters keeps a quarter of where it was."""
WHOLE = 0.1
"""Share of steps as long as the difference itself, which lead from one mode to another."""
BLUR = 1e-3
"""Standard deviation that is added to every step, so that no direction is left out."""
_EDGE = 1e-12


class Walkable(Sampled, Protocol):
    """A problem whose draws can be put back into the unit cube."""

    def cube(self, values: Array) -> Array:
        """Give the point of the unit cube that some parameters come from."""


@dataclass(frozen=True)
class Walked:
    """Where draws have got to.

    Attributes
    ----------
    values : array, shape (n, P)
        The draws, in their order.
    accepted : float
        Share of the steps that were taken; 0.1 to 0.5 is usual.
    """

    values: Array
    accepted: float


@dataclass
class _Walkers:
    """Draws on their way.

    Attributes
    ----------
    at : array, shape (n, P)
        Where they are, in standard normal terms.
    values : array, shape (n, P)
        The same as parameters.
    log_target : array, shape (n,)
        Logarithm of likelihood times prior there.
    taken : int
        Steps that were taken.
    """

    at: Array
    values: Array
    log_target: Array
    taken: int = 0


def walk_on(
    problem: Walkable, values: Array, rng: np.random.Generator, *, steps: int = STEPS
) -> Walked:
    """Let draws walk on in their posterior.

    Parameters
    ----------
    problem : Walkable
        Whose posterior it is.
    values : array, shape (n, P)
        Draws from it, or from something near it; at least 4, and better more than 2 P.
    rng : numpy.random.Generator
        Source of randomness.
    steps : int
        Steps of every draw, each one likelihood.

    Returns
    -------
    Walked
        Where they have got to.

    Raises
    ------
    ValueError
        If there are fewer than four draws.
    """
    if len(values) < 4:
        raise ValueError(f"draws walk along differences of others: 4 are needed, not {len(values)}")
    at = ndtri(np.clip(problem.cube(values), _EDGE, 1.0 - _EDGE))
    likelihoods = np.array([problem.log_likelihood(one) for one in values])
    walkers = _Walkers(at, values.copy(), likelihoods - 0.5 * (at**2).sum(axis=1))
    first, second = np.array_split(rng.permutation(len(values)), 2)
    for _ in range(steps):
        _step(problem, walkers, first, second, rng)
        _step(problem, walkers, second, first, rng)
    return Walked(walkers.values, walkers.taken / max(steps * len(values), 1))


def _step(
    problem: Walkable, walkers: _Walkers, moving: NDArray[np.intp], still: NDArray[np.intp],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Let some draws try one step along the difference of two that stand still."""
    n, d = len(moving), walkers.at.shape[1]
    one = rng.integers(len(still), size=n)
    other = (one + rng.integers(1, len(still), size=n)) % len(still)
    scale = np.where(rng.random(n) < WHOLE, 1.0, 2.38 / np.sqrt(2.0 * d))
    along = walkers.at[still[one]] - walkers.at[still[other]]
    tried = walkers.at[moving] + scale[:, None] * along + BLUR * rng.standard_normal((n, d))
    values = problem.transform(ndtr(tried))
    likelihoods = np.array([problem.log_likelihood(one) for one in values])
    targets = likelihoods - 0.5 * (tried**2).sum(axis=1)
    taken = np.log(rng.random(n)) < targets - walkers.log_target[moving]
    went = moving[taken]
    walkers.at[went], walkers.values[went] = tried[taken], values[taken]
    walkers.log_target[went] = targets[taken]
    walkers.taken += int(taken.sum())
