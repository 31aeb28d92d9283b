"""Steady states of nonlinear systems: what one interval, or one moment, leaves as it is."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array, Indices
from kpksim.engine.nonlinear import Nonlinear
from kpksim.engine.ode import solve_nonlinear

Change = Callable[[Array], tuple[Array, Array]]
"""Gives for a state what it changes by, shape (n,), and the derivative of that, shape (n, n)."""

MOST_STEPS = 60
"""Steps of Newton's method, each at most halved `HALVINGS` times."""
HALVINGS = 12
CLOSE = 1e-9
"""A steady state is found when the next step is smaller than this share of it."""
HIDDEN = 1e-6
"""It is found as well when the next step is smaller than this share, and rounding hides it."""
NUDGE = 1e-4
"""Relative difference by which the derivative over an interval is found."""
MOST_DOSES = 1e6
"""More than so many doses in the system is no steady state."""
MOST_INFLOW = 1e12
"""More than so much of what comes in within the fastest time constant is none either."""


def balanced_interval(
    system: Nonlinear,
    compartment: Indices,
    amount: Array,
    every: float,
    *,
    since: Array,
    duration: Array,
) -> Array:
    """State under W doses that have always been repeated together.

    The doses are given interval after interval until an interval leaves the state as it is;
    Newton's method takes the way there in few steps.

    Parameters
    ----------
    system : Nonlinear
        One subject, n states.
    compartment : array of int, shape (W,)
        Where each dose goes.
    amount : array, shape (W,)
        How much it brings each time [mg].
    every : float
        Time from dose to dose, > 0 [h].
    since : array, shape (W,)
        Time since the latest one began, at most `every` [h].
    duration : array, shape (W,)
        Time that it takes, also longer than `every`; 0 is at once [h].

    Returns
    -------
    array, shape (n,)
        State now; a dose that begins now is in it when its `since` is 0 [mg].

    Raises
    ------
    numpy.linalg.LinAlgError
        If the doses bring more than processes that saturate can take away, or something stays.
    """
    n_states = system.rates.shape[1]
    many = system.chosen(np.zeros(n_states + 1, dtype=np.intp))
    doses = _one_interval(compartment, amount, every, every - since, duration)
    total = float(amount.sum())

    def change(state: Array) -> tuple[Array, Array]:
        nudges = NUDGE * (state + 1e-3 * total)
        starts = state + np.vstack([np.zeros(n_states), np.diag(nudges)])
        ends = solve_nonlinear(many, _from(starts, doses), [every], np.eye(n_states)).state
        return ends[0] - state, ((ends[1:] - ends[0]) / nudges[:, None]).T - np.eye(n_states)

    return _balanced(change, change(np.zeros(n_states))[0], MOST_DOSES * total)


def balanced_inflow(system: Nonlinear, input_rate: ArrayLike) -> Array:
    """State under inputs that have always been running.

    Parameters
    ----------
    system : Nonlinear
        One subject, n states.
    input_rate : array, shape (n,)
        Input into each state [mg/h].

    Returns
    -------
    array, shape (n,)
        State, the same at all times [mg].

    Raises
    ------
    numpy.linalg.LinAlgError
        If the inputs bring more than processes that saturate can take away, or something stays.
    """
    inflow = np.asarray(input_rate, dtype=float)
    slope, jacobian = system.laws(0)
    fastest = float(np.abs(np.diagonal(system.near_zero()[0])).max()) or 1.0

    def change(state: Array) -> tuple[Array, Array]:
        return (slope(state) + inflow) / fastest, jacobian(state) / fastest

    return _balanced(change, np.zeros_like(inflow), MOST_INFLOW * inflow.sum() / fastest)


def _one_interval(
    compartment: Indices, amount: Array, every: float, phase: Array, duration: Array
) -> list[tuple[int, float, float, float]]:
    """Give what doses do in one interval: compartment, time, amount at once, change of rate.

    An infusion longer than the interval runs as often as it is whole intervals long, and its rest
    goes over the end of the interval to its beginning.
    """
    found = []
    for where, mg, begin, lasting in zip(compartment, amount, phase, duration, strict=True):
        if not lasting > 0.0:
            found.append((int(where), begin, mg, 0.0))
            continue
        rate = mg / lasting
        whole = np.floor(lasting / every)
        end = begin + lasting - whole * every
        found += [(int(where), 0.0, 0.0, whole * rate), (int(where), begin, 0.0, rate)]
        if end > every:
            found += [(int(where), 0.0, 0.0, rate), (int(where), end - every, 0.0, -rate)]
        else:
            found.append((int(where), end, 0.0, -rate))
    return found


def _from(starts: Array, doses: list[tuple[int, float, float, float]]) -> Actions:
    """Actions of an interval from given states, shape (S, n), which are there before all doses."""
    n_subjects, n_states = starts.shape
    where, time, amount, rate = (np.array(column) for column in zip(*doses, strict=True))
    return Actions(
        time=np.concatenate([np.zeros(n_states), time]),
        compartment=np.concatenate([np.arange(n_states), where]),
        amount=np.hstack([starts, np.tile(amount, (n_subjects, 1))]),
        rate=np.concatenate([np.zeros(n_states), rate]),
        order=np.repeat([-1, 0], [n_states, len(where)]),
    )


def _balanced(change: Change, start: Array, most: float) -> Array:
    """Find the state that does not change, by Newton's method with steps that are halved."""
    state = start
    gained, derivative = change(state)
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(-derivative, gained)
        floor = 1e-12 * (state.sum() + np.abs(step).max())
        if np.all(np.abs(step) <= CLOSE * state + floor):
            return np.maximum(state + step, 0.0)
        for halving in range(HALVINGS):
            proposal = np.maximum(state + 0.5**halving * step, 0.0)
            next_gained, next_derivative = change(proposal)
            if np.linalg.norm(next_gained) < np.linalg.norm(gained):
                break
        else:
            if np.all(np.abs(step) <= HIDDEN * state + floor):
                return state
            break
        state, gained, derivative = proposal, next_gained, next_derivative
        if not state.sum() < most:
            break
    raise np.linalg.LinAlgError("no steady state: more comes in than can leave, or nearly so")
