"""What nested sampling gives: weighted samples of the posterior, and the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Samples:
    """Weighted samples of a posterior.

    Attributes
    ----------
    names : tuple of str
        The parameters, in the order of the columns of `values`.
    values : array, shape (n, k)
        The samples, in the units of their parameters.
    log_weights : array, shape (n,)
        Natural logarithm of each sample's share; the shares sum to 1.
    log_likelihood : array, shape (n,)
        Natural logarithm of the likelihood of each sample.
    log_evidence, log_evidence_error : float
        ln Z and its standard error, by the information in the run.
    information : float
        From prior to posterior [nats].
    likelihoods : int
        How many likelihoods were computed.
    seconds : float
        How long that took, over every part of an interrupted run.
    seed : int
        What the random numbers started from.
    """

    names: tuple[str, ...]
    values: Array
    log_weights: Array
    log_likelihood: Array
    log_evidence: float
    log_evidence_error: float
    information: float
    likelihoods: int
    seconds: float
    seed: int

    @property
    def effective_size(self) -> float:
        """Number of independent samples that would tell as much (Kish)."""
        return effective_size(self.log_weights)

    def equal_indices(self, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Give the samples that stand for `n` equally weighted draws.

        Parameters
        ----------
        n : int
            Number of draws; more than `effective_size` repeats samples.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        array, shape (n,)
            Row of each draw in `values`, in random order.
        """
        return resample(self.log_weights, n, rng)

    def equal(self, n: int, rng: np.random.Generator) -> Array:
        """Give equally weighted draws from the posterior.

        Parameters
        ----------
        n : int
            Number of draws; more than `effective_size` repeats samples.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        array, shape (n, k)
            The draws, in random order.
        """
        return self.values[self.equal_indices(n, rng)]


def effective_size(log_weights: Array) -> float:
    r"""Give the number of equally weighted draws that tell as much as weighted ones (Kish).

    .. math:: (\sum_i w_i)^2 / \sum_i w_i^2

    Parameters
    ----------
    log_weights : array, shape (n,)
        Natural logarithms of the weights, up to a common constant.

    Returns
    -------
    float
        Between 1 and n.

    Examples
    --------
    >>> round(effective_size(np.log([0.5, 0.5, 1e-12])), 6)
    2.0
    """
    return float(np.exp(2 * logsumexp(log_weights) - logsumexp(2 * log_weights)))


def resample(log_weights: Array, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Give draws in proportion to weights, by one random start and even steps.

    Each item is taken as often as its share of `n`, rounded down or up: less noise than drawing
    with replacement.

    Parameters
    ----------
    log_weights : array, shape (m,)
        Natural logarithms of the weights, up to a common constant.
    n : int
        Number of draws.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    array, shape (n,)
        Which item each draw is, in random order.

    Examples
    --------
    >>> taken = resample(np.log([0.25, 0.75]), 4, np.random.default_rng(1))
    >>> sorted(taken.tolist())
    [0, 1, 1, 1]
    """
    share = np.cumsum(np.exp(log_weights - logsumexp(log_weights)))
    steps = (rng.random() + np.arange(n)) / n * share[-1]
    return rng.permutation(np.searchsorted(share, steps, side="right").clip(max=share.size - 1))


def pooled(
    fits: Sequence[Samples], n: int, rng: np.random.Generator
) -> tuple[Array, NDArray[np.int64]]:
    """Give equally weighted draws of fits that differ in their seed alone, as many of each.

    Parameters
    ----------
    fits : sequence of Samples
        The fits.
    n : int
        How many draws.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    values : array, shape (n, P)
        The draws, in random order.
    origin : array of int, shape (n,)
        Which fit each comes from.
    """
    shares = np.diff(np.linspace(0, n, len(fits) + 1).astype(int))
    parts = [one.equal(int(share), rng) for one, share in zip(fits, shares, strict=True)]
    order = rng.permutation(n)
    return np.concatenate(parts)[order], np.repeat(np.arange(len(fits)), shares)[order]
