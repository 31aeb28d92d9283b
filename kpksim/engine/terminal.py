"""The rate at which outputs fall in the end."""

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Array
from kpksim.engine.exponential import propagator
from kpksim.engine.reach import relevant
from kpksim.engine.shapes import outputs, systems

DOUBLINGS = 60
"""Times are doubled this often from the fastest time constant; then the slowest rate is alone."""


def terminal_rate(rates: ArrayLike, state: ArrayLike, rows: ArrayLike) -> Array:
    """Rate at which each output falls in the end, from this state without further input.

    The propagator of the states that matter for an output is squared and scaled until only the
    slowest process is left; its rate is then the flow out of these states over what is in them.
    No eigenvectors are used, so equal and nearly equal rates need no special case. A slow
    absorption gives the slower rate (flip-flop); slow states that are empty, or that do not lead
    to the output, do not count.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants ``rates[..., to, from]`` [1/h].
    state : array, shape (S, n)
        State now [mg].
    rows : array, shape (S, A, n) or (A, n)
        Outputs: ``rows @ state``.

    Returns
    -------
    array, shape (S, A)
        Terminal rates [1/h]; nan where an output stays 0.

    Raises
    ------
    ValueError
        If shapes do not fit.

    Examples
    --------
    Absorption with 0.1/h is slower than elimination with 2/h:

    >>> rates = [[[-0.1, 0.0], [0.1, -2.0]]]
    >>> float(terminal_rate(rates, [[100.0, 0.0]], rows=[[0.0, 1.0]])[0, 0].round(12))
    0.1

    """
    matrices = systems(rates)
    sources = outputs(rows, *matrices.shape[:2])
    start = np.asarray(state, dtype=float)
    if start.shape != matrices.shape[:2]:
        raise ValueError(f"state must have shape {matrices.shape[:2]}, got {start.shape}")
    matters = relevant(matrices[:, None], start[:, None], sources != 0.0)
    kept = np.where(matters[..., :, None] & matters[..., None, :], matrices[:, None], 0.0)
    late = _late_state(kept, np.where(matters, start[:, None], 0.0))
    leaving = -kept.sum(axis=-2)
    with np.errstate(invalid="ignore"):
        rate = (leaving * late).sum(axis=-1) / late.sum(axis=-1)
    return np.asarray(np.maximum(rate, 0.0))


def _late_state(rates: Array, state: Array) -> Array:
    """State after a very long time, on an arbitrary scale, shape (..., n)."""
    fastest = np.maximum(-np.diagonal(rates, axis1=-2, axis2=-1), 0.0).max(axis=-1, initial=0.0)
    positive = rates + fastest[..., None, None] * np.eye(rates.shape[-1])
    # States without any rate are left out; the shift must not make them the slowest.
    positive[~rates.any(axis=-1) & ~rates.any(axis=-2)] = 0.0
    taken = propagator(positive, 1.0 / np.where(fastest > 0.0, fastest, 1.0))
    for _ in range(DOUBLINGS):
        taken = taken @ taken
        taken /= taken.max(axis=(-1, -2), keepdims=True)
    late = taken @ state[..., None]
    return np.asarray(late[..., 0])
