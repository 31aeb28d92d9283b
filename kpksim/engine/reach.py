"""Which states can matter: reached from what is there, and leading to what is seen."""

import numpy as np
from numpy.typing import NDArray

from kpksim.engine.actions import Array

Flags = NDArray[np.bool_]


def relevant(rates: Array, state: Array, seen: Flags) -> Flags:
    """Find the states that are reached from `state` and lead to a seen state, shape (..., n)."""
    links = rates != 0.0
    reached = _spread(links, state != 0.0)
    leading = _spread(np.swapaxes(links, -1, -2), seen)
    return reached & leading


def _spread(links: Flags, start: Flags) -> Flags:
    """Follow links ``[..., to, from]`` from the start states as far as they go."""
    found = start
    for _ in range(links.shape[-1]):
        found = found | (links & found[..., None, :]).any(axis=-1)
    return found
