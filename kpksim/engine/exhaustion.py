"""What becomes of a nonlinear system without further input: area to infinity, last phase."""

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine.actions import Actions, Array
from kpksim.engine.exposure import area_after, with_integrals
from kpksim.engine.nonlinear import Nonlinear
from kpksim.engine.ode import solve_nonlinear
from kpksim.engine.shapes import outputs
from kpksim.engine.terminal import terminal_rate

NEGLIGIBLE = 1e-9
"""Share of an area that is left to the system at small amounts, or its departure from linear."""
LOG_LINEAR = 0.01
"""A phase is log-linear when flows differ from proportional ones by less than this share."""
DOUBLINGS = 60
"""Times are doubled this often from the fastest time constant."""


def area_after_nonlinear(system: Nonlinear, state: ArrayLike, rows: ArrayLike) -> Array:
    """Integral of each output from now to infinity without further input.

    The system is followed, over times that double, until it is linear or what is left to come is
    negligible; that rest is the area at small amounts, where the system is linear.

    Parameters
    ----------
    system : Nonlinear
        The system of S subjects.
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
    """
    left = np.asarray(state, dtype=float)
    near_zero = system.near_zero()
    sources = outputs(rows, *left.shape)
    n_states = left.shape[1]
    larger, sums, scale = with_integrals(system.rates, sources)
    area, rest = np.zeros(sources.shape[:2]), area_after(near_zero, left, sources)
    span = 1.0 / max(float(np.abs(near_zero).max(initial=0.0)), 1e-300)
    for _ in range(DOUBLINGS):
        is_linear = system.departure(left)[:, None] <= NEGLIGIBLE
        if np.all(is_linear | (rest <= NEGLIGIBLE * (area + rest))):
            return area + rest
        actions = Actions(np.zeros(n_states), np.arange(n_states), left)
        step = solve_nonlinear(system.with_rates(larger), actions, [span], sums)
        area += step.at[:, :, 0] * scale[:, :, 0]
        left = step.state[:, :n_states]
        rest = area_after(near_zero, left, sources)
        span *= 2.0
    raise np.linalg.LinAlgError("the area has no end, or nearly so")


def terminal_rate_nonlinear(system: Nonlinear, state: ArrayLike, rows: ArrayLike) -> Array:
    """Rate at which each output falls in the end, if it has come to a log-linear phase.

    Parameters
    ----------
    system : Nonlinear
        The system of S subjects.
    state : array, shape (S, n)
        State now [mg].
    rows : array, shape (S, A, n) or (A, n)
        Outputs: ``rows @ state``.

    Returns
    -------
    array, shape (S, A)
        Terminal rates [1/h]; nan where an output stays 0, and in subjects in whom a process is
        more than `LOG_LINEAR` from linear: their half-life still changes with the concentration.
    """
    now = np.asarray(state, dtype=float)
    rate = terminal_rate(system.near_zero(), now, rows)
    return np.where(system.departure(now)[:, None] < LOG_LINEAR, rate, np.nan)
