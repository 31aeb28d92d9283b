r"""From clocks to a clinical score, on the scale of the logarithm of what remains.

A reduction by R leaves the share 1 - R of a score. The amounts :math:`-\ln(1 - R)` of drug and
expectation add up, so no sum of effects ever passes -100 % and nothing needs clipping.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def log_reduction(fast: Array, slow: Array, rf: float, rs: float) -> Array:
    r"""Log-reduction of a score by the fast and the slow clock.

    .. math:: L = -\ln(1 - R_f)\, F - \ln(1 - R_s)\, Z

    Parameters
    ----------
    fast, slow : array, shape (...)
        Fast clock F and slow clock Z, 0 to 1.
    rf, rs : float
        Largest reduction by each clock alone, in [0, 1).

    Returns
    -------
    array, shape (...)
        Log-reduction L, not negative [1].

    Examples
    --------
    Two clocks that leave one half each leave a quarter:

    >>> L = log_reduction(np.array(1.0), np.array(1.0), rf=0.5, rs=0.5)
    >>> round(float(np.exp(-L)), 12)
    0.25
    """
    return -math.log1p(-rf) * fast - math.log1p(-rs) * slow


def expectation(times: Array, largest: float, tau: float) -> Array:
    r"""Log-reduction of a score without drug: placebo and course of time.

    .. math:: p = -\ln\bigl(1 - P (1 - e^{-t / \tau})\bigr), \qquad p = 0 \text{ for } t < 0

    Parameters
    ----------
    times : array, shape (T,)
        Time since the first dose [h].
    largest : float
        Reduction that is reached in the end, P, in [0, 1).
    tau : float
        Time constant of reaching it [h].

    Returns
    -------
    array, shape (T,)
        Log-reduction p, not negative [1].

    Examples
    --------
    Long after the first dose a placebo reduction of 25 % leaves three quarters:

    >>> round(float(np.exp(-expectation(np.array(1e4), largest=0.25, tau=12.0))), 12)
    0.75
    """
    return -np.log1p(largest * np.expm1(-np.maximum(times, 0.0) / tau))


def percent_change(reduction: Array) -> Array:
    r"""Change of a score from its value before the first dose.

    .. math:: \mu = -100 (1 - e^{-L})

    Parameters
    ----------
    reduction : array, shape (...)
        Sum of all log-reductions L [1].

    Returns
    -------
    array, shape (...)
        Change, between -100 and 0 [%].

    Examples
    --------
    >>> round(float(percent_change(np.log(2.0))), 12)
    -50.0
    """
    return 100.0 * np.expm1(-reduction) + 0.0  # the sum prints no change as 0, not as -0
