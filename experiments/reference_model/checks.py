"""Whether the fit can be trusted: other sources, simpler models, profiles, what is identifiable."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.reference_model.fitting import Estimate, fitted
from experiments.reference_model.objective import Objective, objective_of
from experiments.reference_model.parameters import belief_of, from_scale
from experiments.reference_model.settings import Prior, Residuals

Array = NDArray[np.float64]
AWAY = (-2.0, -1.0, 1.0, 2.0)
"""Where a profile is computed, in posterior standard deviations from the estimate."""


@dataclass(frozen=True)
class Profile:
    """Cost with one parameter held and all others fitted anew.

    Attributes
    ----------
    name : str
    away : array, shape (K,)
        Distance from the estimate [posterior standard deviations].
    rise : array, shape (K,)
        Rise of the cost; away squared over 2 when the covariance tells the truth.
    """

    name: str
    away: Array
    rise: Array


def without(
    source: str, priors: Mapping[str, Prior], whole: Objective, residuals: Residuals
) -> Estimate:
    """Fit without one source.

    Parameters
    ----------
    source : str
        The source that is left out.
    priors : mapping of str to Prior
        Priors by parameter.
    whole : Objective
        The objective of all fitted sources.
    residuals : Residuals
        How far each row may lie from the model.

    Returns
    -------
    Estimate
        The fit to the others.
    """
    rows = [row for row in whole.rows if row.source != source]
    return fitted(objective_of(whole.model, belief_of(priors), rows, residuals))


def held_at(
    values: Mapping[str, float], best: Estimate, priors: Mapping[str, Prior], residuals: Residuals
) -> Estimate:
    """Fit with some parameters held at values.

    Parameters
    ----------
    values : mapping of str to float
        Values in internal units.
    best : Estimate
        The fit of all, where the search starts.
    priors : mapping of str to Prior
        Priors by parameter.
    residuals : Residuals
        How far each row may lie from the model.

    Returns
    -------
    Estimate
        The fit of the others. The priors of held parameters do not count in its cost.
    """
    whole = best.objective
    objective = objective_of(whole.model, belief_of(priors), whole.rows, residuals, values)
    return fitted(objective, objective.belief.point(best.values))


def profile(
    name: str, best: Estimate, priors: Mapping[str, Prior], residuals: Residuals
) -> Profile:
    """Compute the profile of one parameter.

    Parameters
    ----------
    name : str
        The parameter.
    best : Estimate
        The fit.
    priors : mapping of str to Prior
        Priors by parameter.
    residuals : Residuals
        How far each row may lie from the model.

    Returns
    -------
    Profile
        Rise of the cost, the parameter's own prior included.
    """
    belief = best.objective.belief
    k = belief.names.index(name)
    rises = []
    for away in AWAY:
        place = best.point[k] + away * best.sd[k]
        value = float(from_scale(place, belief.scales[k]))
        cost = held_at({name: value}, best, priors, residuals).cost
        own = 0.5 * ((place - belief.centre[k]) / belief.sd[k]) ** 2
        rises.append(cost + own - best.cost)
    return Profile(name, np.array(AWAY), np.array(rises))


def information(best: Estimate) -> Array:
    """Say how much the rows tell beside the priors, direction by direction.

    Parameters
    ----------
    best : Estimate
        The fit.

    Returns
    -------
    array, shape (P,)
        Eigenvalues of the rows' information, in units of the priors', largest first: above 1 the
        rows say more than the prior in that direction, far below 1 they say nothing.
    """
    sd = best.objective.belief.sd
    whole = np.linalg.inv(best.covariance) * np.outer(sd, sd)
    return np.linalg.eigvalsh(whole - np.eye(len(sd)))[::-1].clip(min=0.0)


def condition_number(best: Estimate) -> float:
    """Give the condition number of the correlations of the estimates [1]."""
    return float(np.linalg.cond(correlations(best)))


def correlations(best: Estimate) -> Array:
    """Give the correlations of the estimates, shape (P, P)."""
    return best.covariance / np.outer(best.sd, best.sd)


def strongest(best: Estimate, least: float) -> list[tuple[str, str, float]]:
    """List pairs of estimates that move together.

    Parameters
    ----------
    best : Estimate
        The fit.
    least : float
        Smallest absolute correlation that is listed.

    Returns
    -------
    list of (str, str, float)
        Two names and their correlation, the strongest first.
    """
    names, matrix = best.objective.belief.names, correlations(best)
    pairs = [(names[i], names[k], float(matrix[i, k])) for i in range(len(names)) for k in range(i)]
    return sorted((one for one in pairs if abs(one[2]) >= least), key=lambda one: -abs(one[2]))
