"""Draws of a posterior walk on in it, so that they forget the sampler that found them.

Nested sampling finds new points by short walks that start at others, and what these walks have not
reached makes its bands a little too narrow. Here every draw takes Metropolis steps towards a
multivariate t distribution with the mean and the covariance of other draws, and those steps leave
that distribution as it is: what is refused is only where the posterior is not like it. Half of the
draws walk while the other half stands still and gives mean and covariance, so that the posterior is
kept exactly whatever their number. Steps are taken where the prior is a standard normal law, so
that no parameter leaves its range.

References
----------
Steps that keep a normal distribution (preconditioned Crank-Nicolson): Cotter, Roberts, Stuart and
White, Stat. Sci. 28 (2013) 424, doi 10.1214/13-STS421. The same with a t distribution: the
documentation of pocoMC ("tpCN"). Halves that walk in turn: Foreman-Mackey and others, Publ. Astron.
Soc. Pac. 125 (2013) 306.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import ndtr, ndtri

from kpksim.calibration.run_identity import Sampled

Array = NDArray[np.float64]

STEPS = 40
"""Steps of every draw; after as many, little is left of where a draw of 18 parameters was."""
LENGTHS = (1.0, 0.5)
"""Lengths of steps, in turn: 1 forgets where a draw is, less brings draws back from far out."""
FREEDOM = 10.0
"""Degrees of freedom of the t distribution."""
FEWEST = 4
"""Draws for every parameter: fewer have no covariance that could be relied on."""
_EDGE = 1e-12


class Walkable(Sampled, Protocol):
    """A problem whose draws can be put back into the unit cube."""

    def cube(self, values: Array) -> Array:
        """Give the point of the unit cube that some parameters come from."""


@dataclass(frozen=True)
class TargetDensity:
    """What draws walk in: the prior of a problem, times the exponential of weighted terms.

    Attributes
    ----------
    problem : Walkable
        Gives the prior.
    terms : callable
        From parameters, shape (n, P), to terms, shape (n, K), such as logarithms of likelihoods.
    """

    problem: Walkable
    terms: Callable[[Array], Array]


@dataclass(frozen=True)
class Walkers:
    """Draws on their way.

    Attributes
    ----------
    at : array, shape (n, P)
        Where they are, in standard normal terms.
    values : array, shape (n, P)
        The same as parameters.
    terms : array, shape (n, K)
        Terms there.
    """

    at: Array
    values: Array
    terms: Array

    def take(self, which: NDArray[np.int64]) -> Self:
        """Give some of them, any of them more than once.

        Parameters
        ----------
        which : array of int, shape (m,)
            Rows.

        Returns
        -------
        Walkers
            Copies.
        """
        return type(self)(self.at[which], self.values[which], self.terms[which])


@dataclass(frozen=True)
class Walked:
    """Where draws have got to.

    Attributes
    ----------
    values : array, shape (n, P)
        The draws, in their order.
    accepted : float
        Share of the steps that were taken; 0.1 to 0.6 is usual.
    """

    values: Array
    accepted: float


def walk_on(
    problem: Walkable, values: Array, rng: np.random.Generator, *, steps: int = STEPS
) -> Walked:
    """Let draws walk on in their posterior.

    Parameters
    ----------
    problem : Walkable
        Whose posterior it is.
    values : array, shape (n, P)
        Draws from it, or from something near it.
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
        If there are fewer than four draws for every parameter.
    """
    if not steps:
        return Walked(values, 0.0)

    def terms(values: Array) -> Array:
        return np.array([[problem.log_likelihood(one)] for one in values])

    density = TargetDensity(problem, terms)
    walkers = gather(density, values)
    accepted = walk(density, walkers, np.ones(1), rng, steps)
    return Walked(walkers.values, accepted)


def gather(density: TargetDensity, values: Array) -> Walkers:
    """Let draws stand where they are.

    Parameters
    ----------
    density : TargetDensity
        Where they will walk.
    values : array, shape (n, P)
        The draws.

    Returns
    -------
    Walkers
        The draws with their terms.

    Raises
    ------
    ValueError
        If there are fewer than four draws for every parameter.
    """
    fewest = FEWEST * values.shape[1]
    if len(values) < fewest:
        raise ValueError(f"draws walk by the covariance of others: {fewest} needed, {len(values)}")
    at = ndtri(np.clip(density.problem.cube(values), _EDGE, 1.0 - _EDGE))
    return Walkers(at, values.copy(), density.terms(values))


def walk(
    density: TargetDensity, walkers: Walkers, weights: Array, rng: np.random.Generator, steps: int
) -> float:
    """Let draws take steps; they are changed in place.

    Parameters
    ----------
    density : TargetDensity
        Where they walk.
    walkers : Walkers
        The draws.
    weights : array, shape (K,)
        What each term counts.
    rng : numpy.random.Generator
        Source of randomness.
    steps : int
        Steps of every draw.

    Returns
    -------
    float
        Share of the steps that were taken.
    """
    taken = 0
    for k in range(steps):
        halves = np.array_split(rng.permutation(len(walkers.at)), 2)
        for moving, still in (halves, halves[::-1]):
            law = _law_of(walkers.at[still])
            length = LENGTHS[k % len(LENGTHS)]
            taken += _step(density, walkers, weights, moving, law, length, rng)
    return taken / (steps * len(walkers.at))


@dataclass(frozen=True)
class _Law:
    """A multivariate t distribution: its centre and the root of its scale matrix."""

    centre: Array
    root: Array

    def distances(self, at: Array) -> Array:
        """Give the squared distance of points from the centre, in terms of the scale matrix."""
        found = solve_triangular(self.root, (at - self.centre).T, lower=True)
        return np.asarray((found**2).sum(axis=0))


def _law_of(at: Array) -> _Law:
    """Give the t distribution with the mean and covariance of some draws."""
    scale = np.cov(at.T) * (FREEDOM - 2.0) / FREEDOM
    return _Law(at.mean(axis=0), np.linalg.cholesky(np.atleast_2d(scale)))


def _step(
    density: TargetDensity, walkers: Walkers, weights: Array, moving: NDArray[np.intp], law: _Law,
    length: float, rng: np.random.Generator,
) -> int:  # fmt: skip
    """Let some draws try a step, and give how many were taken."""
    at = walkers.at[moving]
    n, d = at.shape
    far = law.distances(at)
    spread = np.sqrt(0.5 * (FREEDOM + far) / rng.gamma(0.5 * (d + FREEDOM), size=n))
    new = spread[:, None] * (rng.standard_normal((n, d)) @ law.root.T)
    tried = law.centre + np.sqrt(1.0 - length**2) * (at - law.centre) + length * new
    values = density.problem.transform(ndtr(tried))
    terms = density.terms(values)
    gained = (terms - walkers.terms[moving]) @ weights
    gained += 0.5 * ((at**2).sum(axis=1) - (tried**2).sum(axis=1))
    gained += 0.5 * (d + FREEDOM) * (
        np.log1p(law.distances(tried) / FREEDOM) - np.log1p(far / FREEDOM)
    )  # fmt: skip
    taken = np.log(rng.random(n)) < gained
    went = moving[taken]
    walkers.at[went], walkers.values[went] = tried[taken], values[taken]
    walkers.terms[went] = terms[taken]
    return int(taken.sum())
