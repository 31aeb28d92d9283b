"""From a concentration to a drive between 0 and 1."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def hill(ce: Array, ec50: float, g: float) -> Array:
    r"""Share of the largest drive that a concentration at the effect site reaches.

    .. math:: D = C_e^g / (EC_{50}^g + C_e^g)

    Parameters
    ----------
    ce : array, shape (...)
        Concentration at the effect site, not negative [ng/mL].
    ec50 : float
        Concentration that gives half of the largest drive [ng/mL].
    g : float
        Steepness [1].

    Returns
    -------
    array, shape (...)
        Drive in [0, 1).

    Examples
    --------
    At the EC50 the drive is one half, whatever the steepness:

    >>> float(hill(np.array(95.0), ec50=95.0, g=3.0))
    0.5
    """
    power = (ce / ec50) ** g
    return power / (1.0 + power)


def power(ce: Array, scale: float, g: float, reference: float) -> Array:
    r"""Effect that grows as a power of the concentration.

    .. math:: E = a \, (C_e / C_{ref})^g

    Parameters
    ----------
    ce : array, shape (...)
        Concentration at the effect site, not negative [ng/mL].
    scale : float
        Effect at the reference concentration, a [effect scale].
    g : float
        Exponent [1].
    reference : float
        Reference concentration [ng/mL].

    Returns
    -------
    array, shape (...)
        Effect [effect scale].

    Examples
    --------
    At half the reference, with exponent 1, half the effect:

    >>> float(power(np.array(100.0), scale=10.0, g=1.0, reference=200.0))
    5.0
    """
    return scale * (ce / reference) ** g
