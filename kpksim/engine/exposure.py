"""Integrals of outputs over time, exact and not by quadrature."""

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array
from kpksim.engine.reach import relevant
from kpksim.engine.shapes import outputs, systems
from kpksim.engine.solution import solve

LONGEST_STAY = 1e13
"""Longest stay in a state, over the fastest time constant; beyond it only rounding lets go."""


def integral(rates: ArrayLike, actions: Actions, times: ArrayLike, rows: ArrayLike) -> Array:
    """Integral of each output from the first action to each time.

    The integrals are further states of the system, so they are as exact as the outputs.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants ``rates[..., to, from]`` [1/h].
    actions : Actions
        Additions and changes of input rates.
    times : array, shape (T,)
        Ends of the integrals, ascending [h].
    rows : array, shape (S, A, n) or (A, n)
        Outputs: ``rows @ state``.

    Returns
    -------
    array, shape (S, A, T)
        Integrals [output * h].

    Raises
    ------
    ValueError
        If shapes do not fit or `times` do not ascend.

    Examples
    --------
    100 mg that leave with 0.5/h stay 200 mg h in all:

    >>> actions = Actions(time=[0.0], compartment=[0], amount=[100.0])
    >>> float(integral([[[-0.5]]], actions, [1000.0], rows=[[1.0]])[0, 0, 0].round(9))
    200.0

    """
    matrices = systems(rates)
    sources = outputs(rows, *matrices.shape[:2])
    system, sums, scale = with_integrals(matrices, sources)
    return solve(system, actions, times, sums).at * scale


def with_integrals(rates: Array, rows: Array) -> tuple[Array, Array, Array]:
    """Make the integral of each output one more state.

    Parameters
    ----------
    rates : array, shape (S, n, n)
        Rate constants [1/h].
    rows : array, shape (S, A, n)
        Outputs.

    Returns
    -------
    rates : array, shape (S, n + A, n + A)
        Rate constants with the integrals as the last states.
    sums : array, shape (A, n + A)
        Rows that give the integrals over their scale.
    scale : array, shape (S, A, 1)
        Largest entry of each row: integrals of outputs scaled to 1 do not add to the norm that
        sets the number of squarings.
    """
    n_subjects, n_outputs, n_states = rows.shape
    largest = np.abs(rows).max(axis=2, keepdims=True, initial=0.0)
    scale = np.where(largest > 0.0, largest, 1.0)
    system = np.zeros((n_subjects, n_states + n_outputs, n_states + n_outputs))
    system[:, :n_states, :n_states] = rates
    system[:, n_states:, :n_states] = rows / scale
    return system, np.eye(n_outputs, n_states + n_outputs, n_states), scale


def area_after(rates: ArrayLike, state: ArrayLike, rows: ArrayLike) -> Array:
    r"""Integral of each output from now to infinity without further input.

    .. math:: \int_0^\infty c \, e^{K t} x \, dt = c \, (-K)^{-1} x

    States that the system cannot reach from here, or that do not lead to an output, are left out:
    they may hold their content for ever.

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
        Areas [output * h].

    Raises
    ------
    ValueError
        If shapes do not fit.
    numpy.linalg.LinAlgError
        If something stays for ever in a state that an output sees.

    Examples
    --------
    100 mg that leave with 0.5/h stay 200 mg h in all:

    >>> float(area_after([[[-0.5]]], [[100.0]], rows=[[1.0]])[0, 0])
    200.0

    """
    matrices = systems(rates)
    sources = outputs(rows, *matrices.shape[:2])
    start = np.asarray(state, dtype=float)
    if start.shape != matrices.shape[:2]:
        raise ValueError(f"state must have shape {matrices.shape[:2]}, got {start.shape}")
    matters = relevant(matrices, start, (sources != 0.0).any(axis=1))
    pairs = matters[:, :, None] & matters[:, None, :]
    decay = np.where(pairs, -matrices, np.eye(matrices.shape[1]))
    stay = np.linalg.inv(decay)
    own_stay = np.abs(np.diagonal(stay, axis1=1, axis2=2)).max(axis=1, initial=0.0)
    if np.any(own_stay * np.abs(decay).max(axis=(1, 2), initial=0.0) > LONGEST_STAY):
        raise np.linalg.LinAlgError("Singular matrix")
    left = np.where(matters, start, 0.0)[:, :, None]
    return np.asarray((sources @ (stay @ left))[:, :, 0])
