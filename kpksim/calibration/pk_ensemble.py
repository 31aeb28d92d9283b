"""Uncertain concentrations in a fit of effects: one fit, reweighted over an ensemble.

A fit uses the concentrations of one person, the typical one. What is not known of them is an
ensemble of M equally likely members (draws of the estimates' covariance, scenarios). Its posterior
and evidence follow from the fit under the typical member by the ratio of likelihoods, draw by draw
and member by member, as long as enough draws are left; otherwise each member is fitted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from kpksim.calibration.importance import LARGEST_K, SMALLEST_SIZE, smooth
from kpksim.calibration.samples import Array, effective_size, resample

CARRIED = 0.02
"""Members with less than this share of the weight need no effective draws of their own."""


@dataclass(frozen=True)
class Reweighted:
    """The posterior over draws and members.

    Attributes
    ----------
    log_weights : array, shape (n, M)
        Weight of every pair; they sum to 1.
    correction, correction_error : float
        ln Z of the ensemble over ln Z of the typical member, and its standard error.
    effective_size, k_hat : float
        Of the weights of the draws, summed over members.
    member_weights : array, shape (M,)
        Posterior probability of every member.
    member_sizes : array, shape (M,)
        Effective number of draws under every member alone.
    """

    log_weights: Array
    correction: float
    correction_error: float
    effective_size: float
    k_hat: float
    member_weights: Array
    member_sizes: Array

    @property
    def reliable(self) -> bool:
        """Whether reweighting can stand in for a fit of every member."""
        return self.effective_size >= SMALLEST_SIZE and self.k_hat <= LARGEST_K

    @property
    def thin_members(self) -> tuple[int, ...]:
        """Members of weight that rest on few draws; fit these if curves by member matter."""
        fair = SMALLEST_SIZE / len(self.member_weights)
        thin = (self.member_weights >= CARRIED) & (self.member_sizes < fair)
        return tuple(int(member) for member in np.flatnonzero(thin))

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
        ln L.
    """
    found = np.empty((len(values), members))
    for member in range(members):
        found[:, member] = [log_likelihood(one, member) for one in values]
        if progress:
            progress((member + 1) / members)
    return found


def reweight(typical: Array, members: Array, *, independent: float) -> Reweighted:
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
    Reweighted
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
    return Reweighted(
        log_weights=log_weights,
        correction=mean,
        correction_error=float(relative.std(ddof=1) / np.sqrt(worth)),
        effective_size=smoothed.effective_size,
        k_hat=smoothed.k_hat,
        member_weights=np.exp(logsumexp(log_weights, axis=0)),
        member_sizes=np.array([effective_size(one) for one in log_ratios.T]) * worth / len(typical),
    )


def pool_members(log_evidence: Array) -> tuple[float, Array]:
    """Join fits of every member into one posterior.

    Parameters
    ----------
    log_evidence : array, shape (M,)
        ln Z of the fit of each member; all are equally likely beforehand.

    Returns
    -------
    log_evidence : float
        ln Z of the ensemble.
    weights : array, shape (M,)
        Posterior probability of every member: the share of draws to take from its fit.

    Examples
    --------
    >>> total, weights = pool_members(np.log([0.1, 0.3]))
    >>> round(float(np.exp(total)), 12), weights.round(12).tolist()
    (0.2, [0.25, 0.75])
    """
    total = float(logsumexp(log_evidence))
    return total - np.log(len(log_evidence)), np.exp(log_evidence - total)
