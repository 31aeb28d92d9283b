"""The polynomial through values at equally spaced nodes: its coefficients and its integrals.

Equally spaced nodes magnify rounding, so tables are sums of whole fractions, rounded once, or
products of exact factors.
"""

from fractions import Fraction
from functools import cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from kpksim.models.effects.mesh import STEPS

Array = NDArray[np.float64]


@cache
def _lagrange() -> list[list[Fraction]]:
    """Give the polynomials in 0 to 1 that are 1 at one node and 0 at the others, by powers."""
    nodes = [Fraction(k, STEPS) for k in range(STEPS + 1)]
    found = []
    for one in nodes:
        powers = [Fraction(1)]
        for other in nodes:
            if other != one:
                raised = [Fraction(0), *powers]
                lowered = [*powers, Fraction(0)]
                pairs = zip(raised, lowered, strict=True)
                powers = [(up - other * low) / (one - other) for up, low in pairs]
        found.append(powers)
    return found


@cache
def repeated_integrals(times: int) -> Array:
    """Integrals of the polynomial through the values at the nodes of a cell of length one.

    Parameters
    ----------
    times : int
        How often it is integrated, N.

    Returns
    -------
    array, shape (N, 13, 13)
        ``repeated_integrals(N)[n - 1] @ values`` is the n-fold integral from 0 to each node.

    Examples
    --------
    The twofold integral of a constant 1 is half the square:

    >>> once, twice = repeated_integrals(2) @ np.ones(13)
    >>> float(once[6].round(12)), float(twice[6].round(12))
    (0.5, 0.125)
    """
    found = np.empty((times, STEPS + 1, STEPS + 1))
    for n, node, k in np.ndindex(*found.shape):
        place = Fraction(node, STEPS)
        total = Fraction(0)
        for power, share in enumerate(_lagrange()[k]):
            scale = Fraction(factorial(power), factorial(power + n + 1))
            total += share * place ** (power + n + 1) * scale
        found[n, node, k] = float(total)
    return found


@cache
def coefficients() -> Array:
    """Coefficients of the polynomial in a variable that goes from -1 to 1 over the cell.

    Returns
    -------
    array, shape (13, 13)
        ``coefficients() @ values`` belongs to the powers 0 to 12.

    Examples
    --------
    >>> abs(coefficients() @ np.linspace(-1.0, 1.0, 13)).round(9)[:3].tolist()
    [0.0, 1.0, 0.0]
    """
    found = np.empty((STEPS + 1, STEPS + 1))
    for k, powers in enumerate(_lagrange()):
        shifted = [Fraction(0)] * (STEPS + 1)
        for share in reversed(powers):  # Horner's rule in the place (1 + x) / 2
            raised = [Fraction(0), *shifted[:-1]]
            shifted = [(low + up) / 2 for low, up in zip(shifted, raised, strict=True)]
            shifted[0] += share
        found[:, k] = [float(one) for one in shifted]
    return found


@cache
def halvings(level: int) -> Array:
    """Values of the polynomial at the nodes of equal parts of a cell.

    Parameters
    ----------
    level : int
        How often the cell is halved.

    Returns
    -------
    array, shape (12 * 2^level + 1, 13)
        ``halvings(level) @ values`` are the values at the nodes of all parts.

    Examples
    --------
    >>> bool(np.array_equal(halvings(0), np.eye(13)))
    True
    """
    nodes = np.arange(STEPS + 1.0)
    places = np.arange(STEPS * 2**level + 1) / 2**level
    found = np.ones((len(places), STEPS + 1))
    for k in range(STEPS + 1):
        for other in np.delete(nodes, k):
            found[:, k] *= (places - other) / (k - other)
    return found
