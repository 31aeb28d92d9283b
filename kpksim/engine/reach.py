"""Which states can matter: reached from what is there, and leading to what is seen."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kpksim.engine.actions import Actions, Array

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


def leading(rates: Array, actions: Actions, rows: Array) -> tuple[Array, Actions, Array]:
    """Leave out the states that lead to no output, for outputs alone.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants [1/h].
    actions : Actions
        Actions on the states.
    rows : array, shape (S, A, n)
        Rows that give outputs.

    Returns
    -------
    rates : array, shape (S, m, m)
        Rate constants between the states that are left [1/h].
    actions : Actions
        Actions; those on other states do nothing.
    rows : array, shape (S, A, m)
        The same outputs.
    """
    links = (rates != 0.0).any(axis=0)
    kept = np.flatnonzero(spread(links.T, (rows != 0.0).any(axis=(0, 1))))
    kept = kept if len(kept) else np.array([0])
    matters = np.isin(actions.compartment, kept)
    return (
        rates[:, kept[:, None], kept],
        replace(
            actions,
            compartment=np.searchsorted(kept, np.where(matters, actions.compartment, kept[0])),
            amount=np.where(matters, actions.amount, 0.0),
            rate=np.where(matters, actions.rate, 0.0),
        ),
        rows[:, :, kept],
    )
