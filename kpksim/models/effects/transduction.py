"""From a concentration to a drive between 0 and 1, or to a power of it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.models.effects.subjects import for_each

Array = NDArray[np.float64]


def hill(ce: ArrayLike, ec50: ArrayLike, g: ArrayLike, *, out: Array | None = None) -> Array:
    r"""Share of the largest drive that a concentration at the effect site reaches.

    .. math:: D = C_e^g / (EC_{50}^g + C_e^g)

    Parameters
    ----------
    ce : array, shape (S, T)
        Concentration at the effect site, not negative [ng/mL].
    ec50 : float or array, shape (S,)
        Concentration that gives half of the largest drive [ng/mL].
    g : float or array, shape (S,)
        Steepness [1].
    out : array, shape (S, T), optional
        Where the drive is written; a new array when left out.

    Returns
    -------
    array, shape (S, T)
        Drive in [0, 1]; exactly 0 without any concentration.

    Examples
    --------
    At the EC50 the drive is one half, whatever the steepness:

    >>> hill([[95.0]], ec50=95.0, g=3.0).tolist()
    [[0.5]]
    """
    from kpksim.models.effects.kernels import drives

    rows = np.ascontiguousarray(ce, dtype=float)
    result = np.empty(rows.shape) if out is None else out
    middle, steepness = for_each(len(rows), ec50, g)
    drives(rows, middle, steepness, result)
    return result


def power(ce: ArrayLike, scale: ArrayLike, g: ArrayLike, reference: float) -> Array:
    r"""Effect that grows as a power of the concentration.

    .. math:: E = a \, (C_e / C_{ref})^g

    Parameters
    ----------
    ce : array, shape (S, T)
        Concentration at the effect site, not negative [ng/mL].
    scale : float or array, shape (S,)
        Effect at the reference concentration, a [effect scale].
    g : float or array, shape (S,)
        Exponent [1].
    reference : float
        Reference concentration [ng/mL].

    Returns
    -------
    array, shape (S, T)
        Effect [effect scale].

    Examples
    --------
    At half the reference, with exponent 1, half the effect:

    >>> power([[100.0]], scale=10.0, g=1.0, reference=200.0).tolist()
    [[5.0]]
    """
    from kpksim.models.effects.kernels import powers

    rows = np.ascontiguousarray(ce, dtype=float)
    result = np.empty(rows.shape)
    largest, exponent = for_each(len(rows), scale, g)
    powers(rows, largest, exponent, reference, result)
    return result
