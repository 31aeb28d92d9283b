"""From a concentration to a drive between 0 and 1, or to a power of it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.errors import unknown
from kpksim.models.effects.subjects import for_each

Array = NDArray[np.float64]


HILL, POWER, INVERTED_U, GIVEN = 0, 1, 2, 3
"""Codes of the shapes for compiled code; the last takes what it is given as the drive."""

SHAPES = {"hill": HILL, "power": POWER, "inverted U": INVERTED_U}
"""Code of each shape by name."""

READY = {"given": GIVEN}
"""Shape of a drive that has been computed already."""

FULL_POWER = 4.0
"""Multiple of the EC50 at which a power reaches full drive."""


def shape_code(shape: str) -> int:
    """Give the code of a shape for compiled code.

    Parameters
    ----------
    shape : str
        One of `SHAPES`, or ``"given"``.

    Returns
    -------
    int
        The code.

    Raises
    ------
    UnknownName
        If there is no such shape.

    Examples
    --------
    >>> shape_code("inverted U")
    2
    """
    codes = SHAPES | READY
    if shape not in codes:
        raise unknown("shape of an effect", shape, list(SHAPES))
    return codes[shape]


def transduced(
    ce: ArrayLike,
    ec50: ArrayLike,
    g: ArrayLike,
    shape: str = "hill",
    ic50: ArrayLike | None = None,
    *,
    out: Array | None = None,
) -> Array:
    r"""Share of the largest drive that a concentration at the effect site reaches.

    .. math::

        \text{Hill} \quad D &= C_e^g / (EC_{50}^g + C_e^g) \\
        \text{power} \quad D &= \min\bigl((C_e / 4\,EC_{50})^g,\ 1\bigr) \\
        \text{inverted U} \quad D &= \text{Hill} \,/\, \bigl(1 + (C_e / IC_{50})^3\bigr)

    Parameters
    ----------
    ce : array, shape (S, T)
        Concentration at the effect site, not negative [ng/mL].
    ec50 : float or array, shape (S,)
        Concentration that gives half of the largest drive, of a power a quarter of that which
        gives all of it [ng/mL].
    g : float or array, shape (S,)
        Steepness [1].
    shape : str
        One of `SHAPES`.
    ic50 : float or array, shape (S,), optional
        Concentration that halves the drive of an inverted U [ng/mL].
    out : array, shape (S, T), optional
        Where the drive is written; a new array when left out.

    Returns
    -------
    array, shape (S, T)
        Drive in [0, 1]; exactly 0 without any concentration.

    Raises
    ------
    UnknownName
        If there is no such shape.

    Examples
    --------
    At the EC50 the Hill drive is one half, whatever the steepness, and half of that at the IC50:

    >>> transduced([[95.0]], ec50=95.0, g=3.0).tolist()
    [[0.5]]
    >>> transduced([[95.0]], 95.0, 3.0, "inverted U", ic50=95.0).tolist()
    [[0.25]]
    >>> transduced([[190.0, 400.0]], 95.0, 1.0, "power").tolist()
    [[0.5, 1.0]]
    """
    from kpksim.models.effects.kernels import drives

    rows = np.ascontiguousarray(ce, dtype=float)
    result = np.empty(rows.shape) if out is None else out
    middle, steepness, falling = for_each(len(rows), ec50, g, np.inf if ic50 is None else ic50)
    drives(rows, middle, steepness, shape_code(shape), falling, result)
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
