r"""From clocks to a clinical score.

Reductions of a symptom add up on the scale of the logarithm of what remains: a reduction by R
leaves the share 1 - R of a score, and the amounts :math:`-\ln(1 - R)` of drug and expectation are
summed, so no sum of effects ever passes -100 % and nothing needs clipping.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.models.effects.subjects import for_each

Array = NDArray[np.float64]


def score_changes(
    curves: Array,
    since: Array,
    largest: tuple[ArrayLike, ArrayLike],
    expected: tuple[ArrayLike, ArrayLike],
    tau: ArrayLike,
) -> Array:
    r"""Change of a score by the drug alone, and with two amounts of expectation.

    .. math::

        L &= -\ln(1 - R_f)\, F - \ln(1 - R_s)\, Z \\
        p &= -\ln\bigl(1 - P (1 - e^{-t / \tau})\bigr), \qquad p = 0 \text{ for } t < 0 \\
        \mu &= -100 (1 - e^{-(L + p)})

    Parameters
    ----------
    curves : array, shape (3, S, T)
        Room for the changes; the second is the fast clock F and the third the slow clock Z, 0 to
        1, and they are overwritten.
    since : array, shape (T,)
        Time since the first dose [h].
    largest : tuple of float or array, shape (S,)
        Largest reduction by the fast and by the slow clock alone, Rf and Rs, in [0, 1).
    expected : tuple of float or array, shape (S,)
        Two reductions P that are reached in the end without drug, in [0, 1).
    tau : float or array, shape (S,)
        Time constant of reaching them [h].

    Returns
    -------
    array, shape (3, S, T)
        `curves`: change with P = 0 and with each P of `expected`, between -100 and 0 [%].

    Examples
    --------
    Two clocks that leave one half each leave a quarter; long after the first dose an expectation
    of 20 % leaves four fifths of that:

    >>> full, late = np.ones((3, 1, 1)), np.array([1e4])
    >>> score_changes(full, late, (0.5, 0.5), (0.0, 0.2), 12.0).round(9).ravel().tolist()
    [-75.0, -75.0, -80.0]
    """
    from kpksim.models.effects.kernels import scores

    rf, rs, first, second, times = for_each(curves.shape[1], *largest, *expected, tau)
    scores(since, (-np.log1p(-rf), -np.log1p(-rs), first, second), times, curves)
    return curves


def waning_score(drive: Array, tolerance: Array, emax: ArrayLike, kappa: ArrayLike) -> Array:
    r"""Score that follows a drive and wanes with tolerance.

    .. math:: E = E_{max}\, D\, e^{-\kappa T}

    Parameters
    ----------
    drive : array, shape (S, T)
        Drive D, 0 to 1.
    tolerance : array, shape (S, T)
        Tolerance T [h].
    emax : float or array, shape (S,)
        Largest score [points].
    kappa : float or array, shape (S,)
        Tolerance per hour of full drive [1/h].

    Returns
    -------
    array, shape (S, T)
        Score [points].

    Examples
    --------
    >>> waning_score(np.ones((1, 1)), np.zeros((1, 1)), emax=40.0, kappa=0.1).tolist()
    [[40.0]]
    """
    from kpksim.models.effects.kernels import waned

    score = drive.copy()
    largest, rate = for_each(len(drive), emax, kappa)
    waned(score, tolerance, largest, rate)
    return score
