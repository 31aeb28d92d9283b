"""Uncertain concentrations in a fit of effects: one fit, reweighted over an ensemble.

A fit uses the concentrations of one person, the typical one. What is not known of them is an
ensemble of M equally likely members (draws of the estimates' covariance, scenarios). Its posterior
and evidence follow from the fit under the typical member by the ratio of likelihoods, draw by draw
and member by member, as long as enough draws are left; where they are not, see `pk_carried`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from kpksim.calibration.importance import smooth, trusted
from kpksim.calibration.samples import Array, resample


@dataclass(frozen=True)
class EnsemblePosterior:
    """The posterior over draws and members.

    Attributes
    ----------
    log_weights : array, shape (n, M)
        Weight of every pair; they sum to 1.
    correction, correction_error : float
        ln Z of the ensemble over ln Z of the typical member, and its standard error.
    effective_size, k_hat : float
        Of the weights of the draws, summed over members.
    """

    log_weights: Array
    correction: float
    correction_error: float
    effective_size: float
    k_hat: float

    @property
    def member_weights(self) -> Array:
        """Posterior probability of every member, shape (M,)."""
        return np.asarray(np.exp(logsumexp(self.log_weights, axis=0)))

    @property
    def reliable(self) -> bool:
        """Whether it can stand in for a fit of every member."""
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
            Which draw and which member each pair consists of.
        """
        taken = resample(self.log_weights.ravel(), n, rng)
        draw, member = np.unravel_index(taken, self.log_weights.shape)
        return draw, member


def member_likelihoods(
    log_likelihood: Callable[[Array, int], float],
    values: Array,
    members: int,
    progress: Callable[[float], None] | None = None,
) -> Array:
    """Compute the likelihood of every draw under every member.

    Parameters
    ----------
    log_likelihood : callable
        Gives ln L of one draw under one member.
    values : array, shape (n, k)
        The draws.
    members : int
        Number of members.
    progress : callable, optional
        Called with the share done after every member.

    Returns
    -------
    array, shape (n, M)
        ln L; minus infinity where a member has none.
    """
    found = np.empty((len(values), members))
    for member in range(members):
        likelihoods = np.array([log_likelihood(one, member) for one in values])
        found[:, member] = np.where(np.isnan(likelihoods), -np.inf, likelihoods)
        if progress:
            progress((member + 1) / members)
    return found


def reweight(typical: Array, members: Array, *, independent: float) -> EnsemblePosterior:
    r"""Turn draws under the typical member into draws of the whole ensemble.

    .. math:: w_{im} \propto L_m(\theta_i) / L_0(\theta_i), \qquad
              \frac{Z}{Z_0} = \frac{1}{nM} \sum_{im} \frac{L_m(\theta_i)}{L_0(\theta_i)}

    The ratios of a draw, summed over members, are Pareto-smoothed; within a draw they are exact.

    Parameters
    ----------
    typical : array, shape (n,)
        ln L of equally weighted draws under the typical member.
    members : array, shape (n, M)
        ln L of the same draws under every member.
    independent : float
        How many independent draws the n are worth.

    Returns
    -------
    EnsemblePosterior
        Weights of the pairs, with what says whether they can be trusted.

    Raises
    ------
    MissingPackage
        If arviz-stats is not installed.
    """
    log_ratios = members - typical[:, None]
    of_draws = np.asarray(logsumexp(log_ratios, axis=1))
    smoothed = smooth(of_draws, independent=independent)
    log_weights = log_ratios - of_draws[:, None] + smoothed.log_weights[:, None]
    mean = float(logsumexp(log_ratios)) - np.log(log_ratios.size)
    relative = np.exp(of_draws - np.log(members.shape[1]) - mean)
    worth = min(len(typical), independent)
    return EnsemblePosterior(
        log_weights=log_weights,
        correction=mean,
        correction_error=float(relative.std(ddof=1) / np.sqrt(worth)),
        effective_size=smoothed.effective_size,
        k_hat=smoothed.k_hat,
    )
