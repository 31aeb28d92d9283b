"""What a posterior says, and how far its draws can be trusted.

Draws from nested sampling are exchangeable: they have no order in time, so the effective sample
sizes of Markov chains do not apply to them. What applies is the effective size of the weights
(Kish), the error that follows from it, and the agreement of runs with different seeds.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kpksim.calibration.extras import extra
from kpksim.calibration.samples import Array

_STATS = "arviz_stats.base"


def summarise(
    names: Sequence[str], draws: Array, *, effective_size: float, interval: float = 0.9
) -> pd.DataFrame:
    """Summarise equally weighted draws.

    Parameters
    ----------
    names : sequence of str
        The quantities: parameters, or values of curves.
    draws : array, shape (n, k)
        Draws of each.
    effective_size : float
        Number of independent draws that tell as much as the weighted samples behind them.
    interval : float
        Probability of the intervals.

    Returns
    -------
    DataFrame
        One row a quantity: mean, sd, median, bounds of the equal-tailed (eti) and of the shortest
        (hdi) interval, and the standard error of the mean that comes from sampling.

    Raises
    ------
    MissingPackage
        If arviz-stats is not installed.
    """
    stats = extra(_STATS).array_stats
    eti = stats.eti(draws, interval, axis=0)
    hdi = stats.hdi(draws, interval, axis=0)
    sd = draws.std(axis=0, ddof=1)
    return pd.DataFrame(
        {
            "mean": draws.mean(axis=0),
            "sd": sd,
            "median": np.median(draws, axis=0),
            "eti_lower": eti[:, 0],
            "eti_upper": eti[:, 1],
            "hdi_lower": hdi[:, 0],
            "hdi_upper": hdi[:, 1],
            "sampling_error": sd / np.sqrt(min(effective_size, len(draws))),
        },
        index=pd.Index(names, name="quantity"),
    )


def compare_seeds(names: Sequence[str], first: Array, second: Array) -> pd.DataFrame:
    """Compare the draws of two runs that differ in their seed alone.

    Parameters
    ----------
    names : sequence of str
        The quantities.
    first, second : array, shape (n, k)
        Equally weighted draws of each run, as many from both.

    Returns
    -------
    DataFrame
        One row a quantity: `shift`, the difference of the medians in units of the posterior
        standard deviation; `r_hat`, the rank-normalised ratio of spread between and within runs,
        1 when they agree.

    Raises
    ------
    MissingPackage
        If arviz-stats is not installed.
    """
    stats = extra(_STATS).array_stats
    together = np.concatenate([first, second])
    shift = np.abs(np.median(first, axis=0) - np.median(second, axis=0))
    return pd.DataFrame(
        {
            "shift": shift / together.std(axis=0, ddof=1),
            "r_hat": stats.rhat(np.stack([first, second]), chain_axis=0, draw_axis=1),
        },
        index=pd.Index(names, name="quantity"),
    )


def contraction(prior: Array, posterior: Array) -> Array:
    r"""Give how much narrower the posterior is than the prior.

    .. math:: 1 - s^2_{posterior} / s^2_{prior}

    Parameters
    ----------
    prior, posterior : array, shape (n, k)
        Draws of the same quantities, on a scale on which the prior is about normal (logarithm of
        what is positive, logit of shares).

    Returns
    -------
    array, shape (k,)
        0 when nothing was learned, 1 when all is known; below 0 when the posterior is wider.

    Examples
    --------
    >>> wide, narrow = np.array([[-2.0], [2.0]]), np.array([[-1.0], [1.0]])
    >>> contraction(wide, narrow).tolist()
    [0.75]
    """
    left: Array = posterior.var(axis=0, ddof=1) / prior.var(axis=0, ddof=1)
    return 1.0 - left
