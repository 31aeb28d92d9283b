"""Draws of one posterior carried over to another, and the ratio of the two evidences.

The likelihood of the one becomes that of the other in stages (sequential Monte Carlo). Each stage
is as large as the draws bear: their weights keep half of their worth. Draws are taken anew by these
weights and walk on, so that they come to stand for the posterior in between; the product of the
mean weights is the ratio of the evidences.

References
----------
Del Moral, Doucet and Jasra, J. R. Stat. Soc. B 68 (2006) 411.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp

from kpksim.calibration.chains import Array, TargetDensity, gather, walk
from kpksim.calibration.samples import effective_size, resample

KEPT = 0.5
"""Share of their worth that draws keep in one stage."""


@dataclass(frozen=True)
class Tempered:
    """Draws that were carried over.

    Attributes
    ----------
    values : array, shape (n, P)
        Equally weighted draws of the other posterior.
    log_ratio : float
        ln Z of the other less that of the first.
    error : float
        Its standard error, by the spread of the weights.
    stages : int
        In how many stages.
    """

    values: Array
    log_ratio: float
    error: float
    stages: int


def temper(
    density: TargetDensity, values: Array, rng: np.random.Generator, *, steps: int
) -> Tempered:
    """Carry draws of one posterior over to another.

    Parameters
    ----------
    density : TargetDensity
        Its two terms are ln L of the first posterior, and ln L of the other with, where priors
        differ, the logarithm of their ratio.
    values : array, shape (n, P)
        Equally weighted draws of the first.
    rng : numpy.random.Generator
        Source of randomness.
    steps : int
        Steps of every draw after each stage.

    Returns
    -------
    Tempered
        Draws of the other, and the ratio.

    Raises
    ------
    ValueError
        If there are fewer than four draws for every parameter.
    """
    walkers = gather(density, values)
    n, left, log_ratio, variance, stages = len(values), 1.0, 0.0, 0.0, 0
    while left > 0.0:
        gains = walkers.terms[:, 1] - walkers.terms[:, 0]
        share = _share(gains, left)
        left, stages = left - share, stages + 1
        log_ratio += float(logsumexp(share * gains)) - np.log(n)
        variance += max(1.0 / effective_size(share * gains) - 1.0 / n, 0.0)
        walkers = walkers.take(resample(share * gains, n, rng))
        walk(density, walkers, np.array([left, 1.0 - left]), rng, steps)
    return Tempered(walkers.values, log_ratio, float(np.sqrt(variance)), stages)


def _share(gains: Array, left: float) -> float:
    """Give how much of what is left of the way the draws bear in one stage."""
    spare = KEPT * len(gains)
    if effective_size(left * gains) >= spare:
        return left
    return float(brentq(lambda share: effective_size(share * gains) - spare, 0.0, left))
