"""People: their covariates and how each differs from the typical person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ScenarioError
from kpksim.population.effects import RandomEffects, correlated, normals, width_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """Some people, or the typical person alone.

    Attributes
    ----------
    covariates : mapping of str to array, shape (S,)
        Properties in internal units; ``"weight"`` [kg] is always there.
    etas : mapping of str to array, shape (S,)
        Random effect on each parameter [1]; empty for the typical person.
    seed : int or None
        Seed they were drawn with.
    shifts : mapping of str to array, shape (S,)
        How far the estimate of each parameter is taken to be off, on the scale of its uncertainty
        [1]; empty for the published values.
    """

    covariates: Mapping[str, Array]
    etas: Mapping[str, Array]
    seed: int | None = None
    shifts: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count them."""
        return len(self.covariates["weight"])

    def chosen(self, which: slice | NDArray[np.intp]) -> "People":
        """Give some of these people.

        Parameters
        ----------
        which : slice or array of int
            Which ones.

        Returns
        -------
        People
            Those people, otherwise unchanged.
        """
        return People(
            {name: values[which] for name, values in self.covariates.items()},
            {name: values[which] for name, values in self.etas.items()},
            self.seed,
            {name: values[which] for name, values in self.shifts.items()},
        )

    def with_covariates(self, typical: Mapping[str, float | str]) -> "People":
        """Give the same people with a typical value of each covariate that they lack.

        Parameters
        ----------
        typical : mapping of str to (float or str)
            Values in internal units, or categories.

        Returns
        -------
        People
            The people with at least these covariates.
        """
        missing = {
            name: np.full(len(self), value)
            for name, value in typical.items()
            if name not in self.covariates
        }
        return replace(self, covariates={**self.covariates, **missing})


def typical_person(weight: float = 70.0) -> People:
    """Give the typical person.

    Parameters
    ----------
    weight : float
        Body weight [kg].

    Returns
    -------
    People
        One person without random effects.

    Raises
    ------
    ScenarioError
        If the weight is not positive and finite.

    Examples
    --------
    >>> len(typical_person(weight=80.0))
    1
    """
    _refuse_weight(weight)
    return People({"weight": np.array([float(weight)])}, {})


def sample_people(
    effects: RandomEffects, n: int, *, seed: int, weight: float = 70.0, weight_cv: float = 0.0
) -> People:
    """Draw people from the random effects of a model.

    Every person has a random stream of his or her own, keyed by seed and number, so that
    person 7 is the same whoever else is drawn. Spread between doses in one person is not drawn.

    Parameters
    ----------
    effects : sequence of (names, covariance)
        Blocks of random effects; covariance has shape (P, P).
    n : int
        How many people.
    seed : int
        Seed, from 0 to 2^63 - 1.
    weight : float
        Median body weight [kg].
    weight_cv : float
        Coefficient of variation of a log-normal body weight [1].

    Returns
    -------
    People
        The people.

    Raises
    ------
    ScenarioError
        If there is nobody to draw, or the seed, the weight or its spread is impossible.
    """
    _refuse_weight(weight)
    if n < 1 or not 0 <= seed < 2**63 or not 0.0 <= weight_cv < np.inf:
        raise ScenarioError(
            f"a population needs n >= 1, a seed from 0 to 2^63 - 1 and weight_cv >= 0, "
            f"got n = {n}, seed = {seed}, weight_cv = {weight_cv:g}"
        )
    normal = normals(seed, range(n), 1 + width_of(effects))
    etas = correlated(effects, normal[:, 1:])
    weights = weight * np.exp(np.sqrt(np.log1p(weight_cv**2)) * normal[:, 0])
    return People({"weight": weights}, etas, seed)


def _refuse_weight(weight: float) -> None:
    """Refuse a body weight that nobody has."""
    if not 0.0 < weight < np.inf:
        raise ScenarioError(f"a body weight must be > 0 and finite, got {weight:g} kg")
