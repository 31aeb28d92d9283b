"""Uncertain concentrations where weights fail: the posterior carried over to every member.

Where a hypothesis hangs on a concentration that is little known, the draws of the typical person
have hardly any weight under some members of the ensemble. There a few draws are carried over to
each member by tempering, which gives its evidence as well; members count by their evidence.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import logsumexp

from kpksim.calibration.chains import FEWEST, TargetDensity, Walkable
from kpksim.calibration.pk_ensemble import EnsemblePosterior
from kpksim.calibration.run_identity import Sampled
from kpksim.calibration.samples import Array, effective_size
from kpksim.calibration.tempering import Tempered, temper
from kpksim.calibration.verdict import shares

DRAWS = 100
"""Draws that are carried over to each member; more where there are many parameters."""
STEPS = 20
"""Steps of each after every stage."""


def carry_to_members(
    problem: Walkable,
    members: Sequence[Sampled],
    values: Array,
    rng: np.random.Generator,
    *,
    draws: int = DRAWS,
    steps: int = STEPS,
) -> tuple[EnsemblePosterior, Array]:
    """Carry draws under the typical person over to every member of an ensemble.

    Parameters
    ----------
    problem : Walkable
        The problem under the typical person.
    members : sequence of Sampled, length M
        The same problem under every member.
    values : array, shape (n, P)
        Equally weighted draws under the typical person; each member begins with some of them.
    rng : numpy.random.Generator
        Source of randomness.
    draws : int
        Draws for each member; more where that is too few for the parameters.
    steps : int
        Steps of every draw after each stage.

    Returns
    -------
    posterior : EnsemblePosterior
        Weights of the pairs of a draw and a member: those of a member share its evidence alike.
    values : array, shape (D, M, P)
        Draws under each member.

    Raises
    ------
    ValueError
        If there are fewer than four draws for every parameter.
    """
    each = max(draws, FEWEST * values.shape[1])
    found = [
        temper(_between(problem, member), rng.permutation(values)[:each], rng, steps=steps)
        for member in members
    ]
    return _weighed(found, each), np.stack([one.values for one in found], axis=1)


def _weighed(members: Sequence[Tempered], each: int) -> EnsemblePosterior:
    """Let members count by their evidence, and the draws of a member alike."""
    ratios = np.array([one.log_ratio for one in members])
    share = shares(ratios)
    log_weights = np.tile(ratios - logsumexp(ratios) - np.log(each), (each, 1))
    return EnsemblePosterior(
        log_weights=log_weights,
        correction=float(logsumexp(ratios)) - float(np.log(len(members))),
        correction_error=float(np.hypot.reduce(share * [one.error for one in members])),
        effective_size=effective_size(log_weights.ravel()),
        k_hat=0.0,  # the draws of a member weigh alike
    )


def _between(problem: Walkable, member: Sampled) -> TargetDensity:
    """Compare the likelihoods under the typical person and under a member."""

    def terms(values: Array) -> Array:
        return np.array(
            [(problem.log_likelihood(one), member.log_likelihood(one)) for one in values]
        )

    return TargetDensity(problem, terms)
