"""What the fit makes small: distances of rows and of parameters, each in its own spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from experiments.reference_model.many import many_predictions
from experiments.reference_model.parameters import Belief, from_scale, with_values
from experiments.reference_model.rows import Row, errors
from experiments.reference_model.settings import Residuals
from kpksim.analysis.prediction import predict
from kpksim.models import Model

Array = NDArray[np.float64]
STEP = 2e-3
"""Half of the step of a derivative, in standard deviations of the prior."""


def predictions(model: Model, rows: Sequence[Row]) -> Array:
    """Predict observed rows, arm by arm.

    Parameters
    ----------
    model : Model
        The model.
    rows : sequence of Row
        N rows, those of an arm side by side.

    Returns
    -------
    array, shape (N,)
        Predictions in the units of the rows.
    """
    found = []
    for _, members in groupby(rows, key=lambda row: (row.source, row.arm.name)):
        arm = list(members)
        first = arm[0]
        assert first.arm.regimen is not None  # rows without one are left out
        seen = [row.observation for row in arm]
        found.append(
            predict(model, first.arm.regimen, seen, weight=first.weight, site=first.arm.site)
        )
    return np.concatenate(found)


@dataclass(frozen=True)
class Objective:
    """Sum of squares over rows and priors.

    Attributes
    ----------
    model : Model
        The structure.
    belief : Belief
        P parameters and their priors.
    rows : tuple of Row
        N rows.
    observed : array, shape (N,)
        Logarithms of the observed numbers.
    root : array, shape (N, N)
        Lower triangle: root @ root.T is the covariance of the rows.
    held : mapping of str to float
        Parameters that stay at a value, in internal units.
    """

    model: Model
    belief: Belief
    rows: tuple[Row, ...]
    observed: Array
    root: Array
    held: Mapping[str, float]

    def with_point(self, point: Array) -> Model:
        """Give the model at a point of the parameters."""
        return with_values(self.model, {**self.belief.values(point), **self.held})

    def distances(self, point: Array) -> Array:
        """Give what is squared and summed, shape (N + P,): rows, then priors."""
        return self.of_many(point[None])[0]

    def of_many(self, points: Array) -> Array:
        """Give the distances at S points of shape (S, P), shape (S, N + P)."""
        values = {
            name: from_scale(points[:, k], scale)
            for k, (name, scale) in enumerate(
                zip(self.belief.names, self.belief.scales, strict=True)
            )
        }
        values |= {name: np.full(len(points), one) for name, one in self.held.items()}
        misfit = np.log(many_predictions(self.model, self.rows, values)) - self.observed
        rows = solve_triangular(self.root, misfit.T, lower=True).T
        return np.concatenate([rows, (points - self.belief.centre) / self.belief.sd], axis=1)

    def jacobian(self, point: Array) -> Array:
        """Give the derivatives of the distances by central differences, shape (N + P, P)."""
        steps = np.diag(STEP * self.belief.sd)
        found = self.of_many(np.concatenate([point + steps, point - steps]))
        rise = found[: len(point)] - found[len(point) :]
        return (rise / (2.0 * STEP * self.belief.sd)[:, None]).T


def objective_of(
    model: Model,
    belief: Belief,
    rows: Sequence[Row],
    residuals: Residuals,
    held: Mapping[str, float] | None = None,
) -> Objective:
    """Put an objective together.

    Parameters
    ----------
    model : Model
        The structure.
    belief : Belief
        Parameters and their priors.
    rows : sequence of Row
        Rows that are fitted.
    residuals : Residuals
        How far each may lie from the model.
    held : mapping of str to float, optional
        Parameters that stay at a value; they leave the estimated ones.

    Returns
    -------
    Objective
        The objective.
    """
    held = dict(held or {})
    free = [k for k, name in enumerate(belief.names) if name not in held]
    left = Belief(
        tuple(belief.names[k] for k in free),
        tuple(belief.scales[k] for k in free),
        belief.centre[free],
        belief.sd[free],
    )
    observed = np.log([row.observation.value for row in rows])
    return Objective(
        model, left, tuple(rows), observed, np.linalg.cholesky(errors(rows, residuals)), held
    )
