"""Uncertain concentrations where weights fail: the posterior carried over to every member.

Where a hypothesis hangs on a concentration that is little known, the draws of the typical person
have hardly any weight under some members of the ensemble. There a few draws are carried over to
each member by tempering, which gives its evidence as well; members count by their evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from kpksim.calibration.chains import FEWEST, TargetDensity, Walkable
from kpksim.calibration.importance import trusted
from kpksim.calibration.run_identity import Sampled
from kpksim.calibration.samples import Array, resample
from kpksim.calibration.tempering import temper
from kpksim.calibration.verdict import shares

DRAWS = 100
"""Draws that are carried over to each member; more where there are many parameters."""
STEPS = 20
"""Steps of each after every stage."""


@dataclass(frozen=True)
class CarriedMembers:
    """The posterior under every member of an ensemble.

    Attributes
    ----------
    values : array, shape (M, D, P)
        Equally weighted draws under each member.
    log_ratios, errors : array, shape (M,)
        ln Z of each member over that of the typical one, and its standard error.
    """

    values: Array
    log_ratios: Array
    errors: Array

    @property
    def member_weights(self) -> Array:
        """Posterior probability of every member, shape (M,)."""
        return shares(self.log_ratios)

    @property
    def correction(self) -> float:
        """Give ln Z of the ensemble over ln Z of the typical member."""
        return float(logsumexp(self.log_ratios)) - float(np.log(len(self.log_ratios)))

    @property
    def correction_error(self) -> float:
        """Its standard error, the members taken as independent."""
        return float(np.sqrt(((self.member_weights * self.errors) ** 2).sum()))

    @property
    def effective_size(self) -> float:
        """How many equally weighted draws tell as much."""
        return float(self.values.shape[1] / (self.member_weights**2).sum())

    @property
    def k_hat(self) -> float:
        """Shape of the tail of the weights: they have none."""
        return 0.0

    @property
    def reliable(self) -> bool:
        """Whether there are enough draws."""
        return trusted(self.effective_size, self.k_hat)

    def pairs(
        self, n: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give equally weighted pairs.

        Parameters
        ----------
        n : int
            Number of pairs.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        draw, member : array, shape (n,)
            Which draw, counted over all members, and which member each pair consists of.
        """
        each = self.values.shape[1]
        draw = resample(np.repeat(self.log_ratios, each), n, rng)
        return draw, draw // each


def carry_to_members(
    problem: Walkable,
    members: Sequence[Sampled],
    values: Array,
    rng: np.random.Generator,
    *,
    draws: int = DRAWS,
    steps: int = STEPS,
) -> CarriedMembers:
    """Carry draws under the typical person over to every member of an ensemble.

    Parameters
    ----------
    problem : Walkable
        The problem under the typical person.
    members : sequence of Sampled
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
    CarriedMembers
        Draws and evidence of every member.

    Raises
    ------
    ValueError
        If there are fewer than four draws for every parameter.
    """
    each = max(draws, FEWEST * values.shape[1])
    found = []
    for member in members:
        start = rng.permutation(values)[:each]
        found.append(temper(_between(problem, member), start, rng, steps=steps))
    return CarriedMembers(
        values=np.array([one.values for one in found]),
        log_ratios=np.array([one.log_ratio for one in found]),
        errors=np.array([one.error for one in found]),
    )


def _between(problem: Walkable, member: Sampled) -> TargetDensity:
    """Compare the likelihoods under the typical person and under a member."""

    def terms(values: Array) -> Array:
        return np.array(
            [(problem.log_likelihood(one), member.log_likelihood(one)) for one in values]
        )

    return TargetDensity(problem, terms)
