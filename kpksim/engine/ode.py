"""States and outputs of a nonlinear system, integrated step by step from action to action."""

import warnings
from collections import defaultdict
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array, Floats, Indices
from kpksim.engine.doses import Doses, actions_of, doses_of
from kpksim.engine.nonlinear import Nonlinear, Slope
from kpksim.engine.shapes import ascending, outputs, ranks, storage
from kpksim.engine.solution import Inside, Solution

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
    inside: Inside | None = None,
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
    inside : Inside, optional
        Outputs that are wanted inside the gaps too.
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
    ends = outputs(rows, n_subjects, n_states)
    within = outputs(inside.rows if inside else np.empty((0, n_states)), n_subjects, n_states)
    observed = ascending(times)
    doses = doses_of(actions, n_subjects, n_states, observed, ranks(order, observed))
    fractions = np.asarray(inside.fractions if inside else (), dtype=float)
    wanted = _Wanted(observed, ranks(order, observed), fractions)
    n_times = len(observed)
    at = storage(out, (n_subjects, ends.shape[1], n_times))
    between = np.empty((n_subjects, within.shape[1], len(fractions), n_times - 1))
    state, input_rate = np.empty((n_subjects, n_states)), np.empty((n_subjects, n_states))
    for subject in range(n_subjects):
        states, input_rate[subject] = _followed(system, doses, wanted, subject)
        at[subject] = ends[subject] @ states[:n_times].T
        values = within[subject] @ states[n_times:].T
        between[subject] = values.reshape(within.shape[1], n_times - 1, len(fractions)).swapaxes(
            1, 2
        )
        state[subject] = states[n_times - 1]
    return Solution(at, between, state, input_rate)


@dataclass(frozen=True)
class _Wanted:
    """Observations with their ranks, and fractions of the gaps between them."""

    times: Array
    order: Indices
    inside: Array

    @property
    def points(self) -> Array:
        """Times of the observations, then of the points inside each gap."""
        gaps = np.diff(self.times)[:, None] * self.inside
        return np.concatenate([self.times, (self.times[:-1, None] + gaps).ravel()])

    def after(self, time: Array, order: Indices) -> tuple[Array, Indices, Indices]:
        """Give the points in order: time, number of actions before, and place in `points`."""
        points = self.points
        last = max(order.max(initial=0), self.order.max()) + 1
        within = np.full(len(points) - len(self.times), last)
        rank = np.concatenate([order, self.order, within])
        is_point = np.repeat([0, 1], [len(time), len(points)])
        sequence = np.lexsort((is_point, rank, np.concatenate([time, points])))
        seen = np.cumsum(is_point[sequence] == 0)[is_point[sequence] == 1]
        place = sequence[is_point[sequence] == 1] - len(time)
        return points[place], seen, place


def _followed(
    system: Nonlinear, doses: Doses, wanted: _Wanted, subject: int
) -> tuple[Array, Array]:
    """Take one subject from action to action; states at the wanted points, last input rates."""
    slope, jacobian = system.laws(subject)
    own = actions_of(doses, subject)
    due = own.time
    points, seen, place = wanted.after(due, own.order)
    states = np.empty((len(points), system.rates.shape[1]))
    state, inflow = np.zeros_like(states[0]), np.zeros_like(states[0])
    largest, changes = 0.0, defaultdict(list)
    for turn in range(seen[-1] + 1):
        here = slice(*np.searchsorted(seen, [turn, turn + 1]))
        start = due[turn - 1] if turn else points[0]
        end = points[-1] if turn == seen[-1] else due[turn]
        largest = max(largest, state.sum() + inflow.sum() * (end - start))
        moments = np.append(points[here], end) - start
        course = _integrated(slope, jacobian, state, inflow, moments, ABSOLUTE * largest + LEAST)
        states[place[here]] = course[:-1]
        if turn < seen[-1]:
            state = course[-1]
            where = own.compartment[turn]
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
