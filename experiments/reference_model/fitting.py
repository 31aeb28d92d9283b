"""The fit: the most probable parameters, how sure they are, and whether another start differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from experiments.reference_model.objective import Objective

Array = NDArray[np.float64]
START_SD = 0.7
"""How far from the centre of the priors a further start lies, in their standard deviations."""


@dataclass(frozen=True)
class Estimate:
    """Outcome of a fit.

    Attributes
    ----------
    objective : Objective
    point : array, shape (P,)
        Estimates on their scales.
    covariance : array, shape (P, P)
        Of the estimates, from the derivatives there.
    cost : float
        Half the sum of squares.
    of_rows : float
        The part of it that comes from the rows.
    evaluations : int
        How often the objective was computed, derivatives apart.
    """

    objective: Objective
    point: Array
    covariance: Array
    cost: float
    of_rows: float
    evaluations: int

    @property
    def sd(self) -> Array:
        """Standard deviation of each estimate on its scale, shape (P,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def values(self) -> dict[str, float]:
        """Estimates in internal units."""
        return self.objective.belief.values(self.point)

    @property
    def learned(self) -> Array:
        """One minus posterior over prior standard deviation, shape (P,): 0 is prior alone."""
        return 1.0 - self.sd / self.objective.belief.sd


def fitted(objective: Objective, start: Array | None = None) -> Estimate:
    """Fit from one start.

    Parameters
    ----------
    objective : Objective
        What is made small.
    start : array, shape (P,), optional
        Where to start; the centre of the priors when left out.

    Returns
    -------
    Estimate
        The outcome.
    """
    begin = objective.belief.centre if start is None else start
    found = least_squares(
        objective.distances, begin, jac=objective.jacobian, x_scale=objective.belief.sd,
        xtol=1e-7, ftol=1e-9, max_nfev=80,
    )  # fmt: skip
    return _estimate(objective, found.x, found.fun, found.jac, found.nfev)


def at_values(objective: Objective, values: Mapping[str, float]) -> Estimate:
    """Give the estimate that stands in a model already, without a search.

    Parameters
    ----------
    objective : Objective
        The objective.
    values : mapping of str to float
        Its parameters in internal units.

    Returns
    -------
    Estimate
        The outcome there.
    """
    point = objective.belief.point(values)
    return _estimate(objective, point, objective.distances(point), objective.jacobian(point), 0)


def newton_step(estimate: Estimate) -> Array:
    """Say how far the least squares still want to go from a point.

    Parameters
    ----------
    estimate : Estimate
        A point.

    Returns
    -------
    array, shape (P,)
        Step of Gauss and Newton in posterior standard deviations; 0 at a minimum.
    """
    objective, point = estimate.objective, estimate.point
    gradient = objective.jacobian(point).T @ objective.distances(point)
    return -(estimate.covariance @ gradient) / estimate.sd


def from_many_starts(objective: Objective, starts: int, seed: int) -> Sequence[Estimate]:
    """Fit from the centre of the priors and from random points about it.

    Parameters
    ----------
    objective : Objective
        What is made small.
    starts : int
        How many in all.
    seed : int
        For the random ones.

    Returns
    -------
    sequence of Estimate
        The outcomes, the best first.
    """
    rng = np.random.default_rng(seed)
    belief = objective.belief
    begins = [belief.centre]
    for _ in range(starts - 1):
        begins.append(belief.centre + START_SD * belief.sd * rng.standard_normal(len(belief.sd)))
    return sorted((fitted(objective, begin) for begin in begins), key=lambda one: one.cost)


def _estimate(
    objective: Objective, point: Array, distances: Array, jacobian: Array, evaluations: int
) -> Estimate:
    """Put an outcome together."""
    n_rows = len(objective.rows)
    return Estimate(
        objective,
        point,
        np.linalg.inv(jacobian.T @ jacobian),
        0.5 * float(distances @ distances),
        0.5 * float(distances[:n_rows] @ distances[:n_rows]),
        evaluations,
    )
