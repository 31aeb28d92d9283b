"""States and outputs of a nonlinear system, integrated step by step from action to action."""

import warnings
from collections import defaultdict
from math import fsum

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array, Floats
from kpksim.engine.doses import OwnActions, actions_of, doses_of
from kpksim.engine.nonlinear import Nonlinear, Slope
from kpksim.engine.shapes import ascending, outputs, ranks, storage
from kpksim.engine.solution import Solution

RELATIVE = 1e-12
"""Relative tolerance of a step; curves are then good to about 1e-8 and better."""
ABSOLUTE = 1e-18
"""Absolute tolerance of a step, over the largest content of the system so far."""
LEAST = 1e-30
"""Absolute tolerance below which nothing is resolved, far less than one molecule [mg]."""


def solve_nonlinear(
    system: Nonlinear,
    actions: Actions,
    times: ArrayLike,
    rows: ArrayLike,
    *,
    order: ArrayLike | None = None,
    out: Floats | None = None,
) -> Solution:
    """Solve a nonlinear system from empty under actions; the same question as `solve`.

    LSODA with the Jacobian of the system, started anew at every action, one subject after the
    other. Values far below a millionth of a millionth of the doses are noise, never negative.

    Parameters
    ----------
    system : Nonlinear
        The system of S subjects.
    actions : Actions
        Additions and changes of input rates; those after the last observation are ignored.
    times : array, shape (T,)
        Times of the observations, ascending [h].
    rows : array, shape (S, A, n) or (A, n)
        Outputs: ``rows @ state``.
    order : array of int, shape (T,), optional
        Rank of each observation among things at its time, as for `solve`.
    out : array, shape (S, A, T), optional
        Where the outputs at the times go, as for `solve`.

    Returns
    -------
    Solution
        Outputs and the state at the end.

    Raises
    ------
    ValueError
        If shapes do not fit, `times` do not ascend, or the integration fails.
    """
    n_subjects, n_states = system.rates.shape[:2]
    wanted = outputs(rows, n_subjects, n_states)
    observed = ascending(times)
    doses = doses_of(actions, n_subjects, n_states, observed, ranks(order, observed))
    at = storage(out, (n_subjects, wanted.shape[1], len(observed)))
    state, input_rate = np.empty((n_subjects, n_states)), np.empty((n_subjects, n_states))
    for subject in range(n_subjects):
        own = actions_of(doses, subject)
        states, input_rate[subject] = _followed(system, own, observed, subject)
        at[subject] = wanted[subject] @ states.T
        state[subject] = states[-1]
    return Solution(at, state, input_rate)


def _followed(
    system: Nonlinear, own: OwnActions, times: Array, subject: int
) -> tuple[Array, Array]:
    """Take one subject from action to action; states at the observations, last input rates."""
    slope, jacobian = system.laws(subject)
    seen = np.searchsorted(own.cell, np.arange(len(times)), side="right")
    states = np.empty((len(times), system.rates.shape[1]))
    state, inflow = np.zeros_like(states[0]), np.zeros_like(states[0])
    largest, changes = 0.0, defaultdict(list)
    for turn in range(seen[-1] + 1):
        here = slice(*np.searchsorted(seen, [turn, turn + 1]))
        start = own.time[turn - 1] if turn else times[0]
        end = times[-1] if turn == seen[-1] else own.time[turn]
        largest = max(largest, state.sum() + inflow.sum() * (end - start))
        moments = np.append(times[here], end) - start
        course = _integrated(slope, jacobian, state, inflow, moments, ABSOLUTE * largest + LEAST)
        states[here] = course[:-1]
        if turn < seen[-1]:
            where = own.compartment[turn]
            state = course[-1]
            state[where] += own.amount[turn]
            changes[where].append(own.change[turn])
            inflow[where] = max(fsum(changes[where]), 0.0)
    return states, inflow


def _integrated(
    slope: Slope, jacobian: Slope, state: Array, inflow: Array, moments: Array, tolerance: float
) -> Array:
    """States at ascending moments after a start, shape (len(moments), n)."""
    from scipy.integrate import solve_ivp  # half a second that only nonlinear models need

    distinct, place = np.unique(moments, return_inverse=True)
    if not distinct[-1] > 0.0 or not (state.any() or inflow.any()):
        return np.tile(state, (len(moments), 1))
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # told by `success`
        run = solve_ivp(
            lambda _, x: slope(x) + inflow,
            (0.0, distinct[-1]),
            state,
            "LSODA",
            t_eval=distinct,
            jac=lambda _, x: jacobian(x),
            rtol=RELATIVE,
            atol=tolerance,
        )
    if not run.success or not np.isfinite(run.y).all():
        raise ValueError(f"the integration of a nonlinear system stopped: {run.message}")
    return np.asarray(np.maximum(run.y.T[place], 0.0))
