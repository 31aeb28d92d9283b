"""Draws of a posterior, spread over draws of the pharmacokinetic model."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.fits import Asked
from kpksim.calibration.fitted import Fitted
from kpksim.calibration.pk_carried import carry_to_members
from kpksim.calibration.pk_ensemble import EnsemblePosterior, member_likelihoods, reweight
from kpksim.calibration.targets import target_values
from kpksim.population import Draws, sample_draws

Array = NDArray[np.float64]


def pk_draws(asked: Asked) -> Draws | None:
    """Give the draws of the pharmacokinetic model that a posterior is spread over.

    Parameters
    ----------
    asked : Asked
        The calibration file.

    Returns
    -------
    Draws or None
        The draws; None where the file asks for none.
    """
    ensemble = asked.settings.ensemble
    if ensemble is None:
        return None
    blocks = [(one.parameters, one.covariance) for one in asked.setting().model.uncertainty]
    return sample_draws(blocks, ensemble.draws, seed=ensemble.seed)


def spread_over_pk(fitted: Fitted, rng: np.random.Generator) -> dict[str, Any]:
    """Spread the posterior over draws of the pharmacokinetic model."""
    draws, n = pk_draws(fitted.asked), len(fitted.values)
    nobody = np.full(n, -1)
    if draws is None:
        return {
            "shipped": (("draw", "parameter"), fitted.values),
            "pk_draw": ("draw", nobody),
            "shipped_target": (
                ("draw", "target"), target_values(fitted.asked, fitted.problem, fitted.values)
            ),
        }  # fmt: skip
    spread, pool, carried = _spread(fitted, draws, rng)
    which, member = spread.pairs(n, rng)
    shipped = pool[which, member]
    reached = np.empty((n, len(fitted.asked.settings.targets)))
    for k in np.unique(member):
        mine = member == k
        reached[mine] = target_values(
            fitted.asked, fitted.problem, shipped[mine], draw=(draws, int(k))
        )
    return {
        "shipped": (("draw", "parameter"), shipped),
        "pk_draw": ("draw", member),
        "shipped_target": (("draw", "target"), reached),
        "member_weight": ("member", spread.member_weights),
        "ensemble_carried": ((), carried),
        "ensemble_size": ((), spread.effective_size),
        "ensemble_k_hat": ((), spread.k_hat),
        "ensemble_shift": ((), spread.correction),
        "ensemble_shift_error": ((), spread.correction_error),
    }


def _spread(
    fitted: Fitted, draws: Draws, rng: np.random.Generator
) -> tuple[EnsemblePosterior, Array, bool]:
    """Spread over draws of the pharmacokinetic model.

    Gives the parameters of each pair of a draw and a member too, and whether draws were carried
    over: the pool of draws is reweighted where its weights can be relied on.
    """
    setting, problem = fitted.asked.setting(), fitted.problem
    members = [
        problem.with_curves(setting.curves(problem.hypothesis, (draws, k)))
        for k in range(len(draws))
    ]
    likelihoods = member_likelihoods(
        lambda values, k: members[k].log_likelihood(values), fitted.pool, len(members)
    )
    typical = np.array([problem.log_likelihood(one) for one in fitted.pool])
    by_weights = reweight(typical, likelihoods, independent=fitted.worth)
    if by_weights.reliable:
        alike = np.repeat(fitted.pool[:, None], len(members), axis=1)
        return by_weights, alike, False
    return *carry_to_members(problem, members, fitted.values, rng), True
