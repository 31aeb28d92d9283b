"""The same questions to linear and to nonlinear systems."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.engine import exposure, solution, steady, terminal
from kpksim.engine.actions import Actions, Array, Floats, Indices
from kpksim.engine.balance import balanced_inflow, balanced_interval
from kpksim.engine.exhaustion import area_after_nonlinear, terminal_rate_nonlinear
from kpksim.engine.nonlinear import Nonlinear
from kpksim.engine.ode import solve_nonlinear
from kpksim.engine.reach import leading
from kpksim.engine.shapes import outputs
from kpksim.engine.solution import Solution

Kinetics = Array | Nonlinear
"""Rate constants ``rates[..., to, from]`` of S subjects and n states [1/h], or what replaces them
where processes are not linear."""


def solve(
    rates: ArrayLike | Nonlinear, actions: Actions, times: ArrayLike, rows: ArrayLike, **how: Any
) -> Solution:
    """Solve a system from empty under actions: `solution.solve`, or its way step by step."""
    if isinstance(rates, Nonlinear):
        how.pop("threads", None)
        return solve_nonlinear(rates, actions, times, rows, **how)
    return solution.solve(rates, actions, times, rows, **how)


def integral(
    rates: ArrayLike | Nonlinear, actions: Actions, times: ArrayLike, rows: ArrayLike
) -> Array:
    """Integral of each output from the first action to each time: `exposure.integral`."""
    if not isinstance(rates, Nonlinear):
        return exposure.integral(rates, actions, times, rows)
    sources = outputs(rows, *rates.rates.shape[:2])
    larger, sums, scale = exposure.with_integrals(rates.rates, sources)
    return solve_nonlinear(rates.with_rates(larger), actions, times, sums).at * scale


def area_after(rates: ArrayLike | Nonlinear, state: ArrayLike, rows: ArrayLike) -> Array:
    """Integral of each output from now to infinity: `exposure.area_after`."""
    if isinstance(rates, Nonlinear):
        return area_after_nonlinear(rates, state, rows)
    return exposure.area_after(rates, state, rows)


def terminal_rate(rates: ArrayLike | Nonlinear, state: ArrayLike, rows: ArrayLike) -> Array:
    """Rate at which each output falls in the end: `terminal.terminal_rate`, nan where unknown."""
    if isinstance(rates, Nonlinear):
        return terminal_rate_nonlinear(rates, state, rows)
    return terminal.terminal_rate(rates, state, rows)


def repeated_state(
    rates: Kinetics,
    compartment: Indices,
    amount: Array,
    every: float,
    *,
    since: Array,
    duration: Array,
) -> Array:
    """State under W doses that have always been repeated together.

    Parameters
    ----------
    rates : Kinetics
        One subject, n states.
    compartment : array of int, shape (W,)
        Where each dose goes.
    amount : array, shape (W,)
        How much it brings each time [mg].
    every : float
        Time from dose to dose, > 0 [h].
    since, duration : array, shape (W,)
        Time since the latest one began, at most `every`, and time that it takes [h].

    Returns
    -------
    array, shape (n,)
        State now; a dose that begins now is in it when its `since` is 0 [mg].

    Raises
    ------
    numpy.linalg.LinAlgError
        If there is no steady state.
    """
    if isinstance(rates, Nonlinear):
        return balanced_interval(rates, compartment, amount, every, since=since, duration=duration)
    doses = amount[:, None] * np.eye(rates.shape[1])[compartment]
    states = [
        steady.steady_state(rates[0], dose, every, since=one, duration=lasting)
        for dose, one, lasting in zip(doses, since.tolist(), duration.tolist(), strict=True)
    ]
    return np.asarray(np.sum(states, axis=0))


def running_state(rates: Kinetics, input_rate: ArrayLike) -> Array:
    """State of one subject under inputs that have always been running, shape (n,)."""
    if isinstance(rates, Nonlinear):
        return balanced_inflow(rates, input_rate)
    return steady.constant_state(rates[0], input_rate)


def chosen(rates: Kinetics, subjects: slice | NDArray[np.intp]) -> Kinetics:
    """Give the kinetics of some of the subjects."""
    return rates.chosen(subjects) if isinstance(rates, Nonlinear) else rates[subjects]


def among(rates: Kinetics, states: list[int]) -> Kinetics:
    """Give the kinetics of some of the states, ascending; the others stay empty."""
    return rates.among(states) if isinstance(rates, Nonlinear) else rates[:, states][:, :, states]


def driving(rates: Kinetics, further: Array) -> Kinetics:
    """Give the kinetics with k linear states more, which the others drive.

    Parameters
    ----------
    rates : Kinetics
        S subjects, n states.
    further : array, shape (S, k, n + k)
        Rate constants into the new states [unit of the state / unit of the driving one / h].

    Returns
    -------
    Kinetics
        S subjects, n + k states.
    """
    linear = rates.rates if isinstance(rates, Nonlinear) else rates
    n_states = linear.shape[1]
    larger = np.zeros((len(linear), further.shape[2], further.shape[2]))
    larger[:, :n_states, :n_states] = linear
    larger[:, n_states:] = further
    return rates.with_rates(larger) if isinstance(rates, Nonlinear) else larger


def outputs_alone(
    rates: Kinetics, actions: Actions, times: ArrayLike, rows: Array, **how: Any
) -> Floats:
    """Solve for the outputs at the times and for nothing else, which can be faster.

    Parameters
    ----------
    rates : Kinetics
        S subjects, n states.
    actions : Actions
        Additions and changes of input rates.
    times : array, shape (T,)
        Times of the observations, ascending [h].
    rows : array, shape (S, A, n)
        Outputs: ``rows @ state``.
    **how
        As for `solve`.

    Returns
    -------
    array, shape (S, A, T)
        Outputs at each time.
    """
    if isinstance(rates, Nonlinear):
        return solve(rates, actions, times, rows, **how).at
    fewer, on_them, seen = leading(rates, actions, rows)
    return solution.solve(fewer, on_them, times, seen, **how).at
