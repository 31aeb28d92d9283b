"""Importance weights, smoothed, and the two figures that say whether they can be trusted."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from kpksim.calibration.extras import extra
from kpksim.calibration.samples import Array, effective_size
from kpksim.errors import ModelError

SMALLEST_SIZE = 400.0
"""Of fewer effective draws than this weights do not tell."""
LARGEST_K = 0.7
"""Nor with a heavier tail of the weights than this."""
_FEWEST = 25


@dataclass(frozen=True)
class Smoothed:
    """Weights of n draws.

    Attributes
    ----------
    log_weights : array, shape (n,)
        Natural logarithms; the weights sum to 1.
    k_hat : float
        Shape of the tail of the raw weights: above .7 their mean cannot be relied on.
    effective_size : float
        Number of independent draws that tell as much.
    """

    log_weights: Array
    k_hat: float
    effective_size: float

    @property
    def reliable(self) -> bool:
        """Whether the weights can be relied on."""
        return trusted(self.effective_size, self.k_hat)


def trusted(effective_size: float, k_hat: float) -> bool:
    """Tell whether reweighted draws can be relied on.

    Parameters
    ----------
    effective_size : float
        Number of independent draws that the weighted ones are worth.
    k_hat : float
        Shape of the tail of the weights.

    Returns
    -------
    bool
        Whether there are enough of them, and the tail is light.

    Examples
    --------
    >>> trusted(500.0, 0.3), trusted(500.0, 0.8), trusted(300.0, 0.3)
    (True, False, False)
    """
    return effective_size >= SMALLEST_SIZE and k_hat <= LARGEST_K


def smooth(log_ratios: Array, *, independent: float) -> Smoothed:
    """Smooth importance ratios by Pareto smoothing.

    The largest ratios are replaced by the expected order statistics of a generalised Pareto
    distribution fitted to them.

    Parameters
    ----------
    log_ratios : array, shape (n,)
        Natural logarithms of target over proposal, up to a constant.
    independent : float
        How many independent draws the n are worth; the effective size shrinks in proportion.

    Returns
    -------
    Smoothed
        The weights. Where the largest ratios are all the same they stay so, with `k_hat` 0.

    Raises
    ------
    ModelError
        If there are fewer than 25 draws.
    MissingPackage
        If arviz-stats is not installed.

    References
    ----------
    Vehtari, Simpson, Gelman, Yao and Gabry, J. Mach. Learn. Res. 25 (2024) number 72.
    """
    if len(log_ratios) < _FEWEST:
        raise ModelError(f"weights need at least {_FEWEST} draws, got {len(log_ratios)}")
    raw, k_hat = _smooth_tail(log_ratios)
    log_weights = raw - logsumexp(raw)
    worth = min(1.0, independent / len(log_ratios))
    return Smoothed(log_weights, k_hat, worth * effective_size(log_weights))


def _smooth_tail(log_ratios: Array) -> tuple[Array, float]:
    """Give smoothed ratios, and the shape of their tail (infinite: too few count)."""
    tail = np.sort(log_ratios)[-int(min(len(log_ratios) / 5, 3 * np.sqrt(len(log_ratios)))) :]
    if np.ptp(tail) < 1e-9:
        return log_ratios, 0.0
    with np.errstate(all="ignore"):
        smoothed, k_hat = extra("arviz_stats.base").array_stats.psislw(-log_ratios)
    if not np.isfinite([*smoothed, k_hat]).all():
        return log_ratios, np.inf
    return np.asarray(smoothed), float(k_hat)
