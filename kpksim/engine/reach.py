"""Which states can matter: reached from what is there, and leading to what is seen."""

import numpy as np
from numpy.typing import NDArray

from kpksim.engine.actions import Array

Flags = NDArray[np.bool_]


def relevant(rates: Array, state: Array, seen: Flags) -> Flags:
    """Find the states that are reached from `state` and lead to a seen state, shape (..., n)."""
    links = rates != 0.0
    reached = spread(links, state != 0.0)
    leading = spread(np.swapaxes(links, -1, -2), seen)
    return reached & leading


def spread(links: Flags, start: Flags) -> Flags:
    """Follow links from some states as far as they go.

    Parameters
    ----------
    links : array of bool, shape (..., n, n)
        Links ``[..., to, from]``.
    start : array of bool, shape (..., n)
        The states to start from.

    Returns
    -------
    array of bool, shape (..., n)
        The states that are reached, the first ones included.
    """
    found = start
    for _ in range(links.shape[-1]):
        found = found | (links & found[..., None, :]).any(axis=-1)
    return found
