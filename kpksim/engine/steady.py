"""States under doses that have always been repeated, and under inputs that have always run."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.engine.actions import Array
from kpksim.engine.propagator import extended_propagator, shifted

Numbers = NDArray[Any]

MOST_DOUBLINGS = 30
"""The sum over past doses is doubled at most this often: to a thousand million doses."""

NEGLIGIBLE = 1e-20
"""Past doses that add less than this share of the sum are left out."""

EMPTYING = 64.0
"""Step in which a constant input is followed, over the fastest time constant."""

BLOCK = 1024
"""Running inputs that are computed together."""


def steady_state(
    rates: ArrayLike, amount: ArrayLike, every: float, *, since: float, duration: float = 0.0
) -> Array:
    r"""State under a dose that has always been repeated.

    The doses began `since`, `since + every`, `since + 2 every`, ... ago. Those that no longer run
    are summed by doubling,

    .. math:: \sum_{j < 2m} P^j x = \sum_{j < m} P^j x + P^m \sum_{j < m} P^j x, \quad P = e^{K T}

    in sums and products of non-negative extended numbers: nothing is iterated dose by dose, and
    nothing cancels. Rounding grows as the share that is lost between two doses falls; at one in
    ten million it is 1e-11.

    Parameters
    ----------
    rates : array, shape (n, n)
        Rate constants ``rates[to, from]`` [1/h].
    amount : array, shape (n,)
        What one dose brings into each state [mg].
    every : float
        Time from dose to dose, > 0 [h].
    since : float
        Time since the latest dose began [h].
    duration : float
        Time that a dose takes, also longer than `every`; 0 is at once [h].

    Returns
    -------
    array, shape (n,)
        State now; a dose that begins now is in it when `since` is 0 [mg].

    Raises
    ------
    numpy.linalg.LinAlgError
        If something that the doses reach does not leave the system.

    Examples
    --------
    Half is lost between doses of 100 mg, so 200 mg are there after one and 100 mg before the next:

    >>> halving = [[-np.log(2.0)]]
    >>> float(steady_state(halving, [100.0], every=1.0, since=0.0)[0].round(9))
    200.0
    >>> float(steady_state(halving, [100.0], every=1.0, since=1.0)[0].round(9))
    100.0

    """
    matrix, dose = np.asarray(rates, dtype=float), np.asarray(amount, dtype=float)
    running = max(int(np.ceil((duration - since) / every)), 0)
    ended = since + running * every - duration
    whole = _filled(matrix, dose, np.array([duration]), duration)
    past = _summed(extended_propagator(matrix[None], np.array([every]))[0], whole)
    state = extended_propagator(matrix[None], np.array([max(ended, 0.0)]))[0] @ past
    for first in range(0, running, BLOCK):
        ages = since + every * np.arange(first, min(first + BLOCK, running))
        state = state + _filled(matrix, dose, np.minimum(ages, duration), duration)
    return np.asarray(state, dtype=float)


def constant_state(rates: ArrayLike, input_rate: ArrayLike) -> Array:
    """State under inputs that have always been running.

    Parameters
    ----------
    rates : array, shape (n, n)
        Rate constants ``rates[to, from]`` [1/h].
    input_rate : array, shape (n,)
        Input into each state [mg/h].

    Returns
    -------
    array, shape (n,)
        State, the same at all times [mg].

    Raises
    ------
    numpy.linalg.LinAlgError
        If something that the inputs reach does not leave the system.

    Examples
    --------
    What enters with 10 mg/h leaves with 0.5/h:

    >>> float(constant_state([[-0.5]], [10.0])[0].round(9))
    20.0

    """
    matrix, inflow = np.asarray(rates, dtype=float), np.asarray(input_rate, dtype=float)
    _, fastest = shifted(matrix)
    step = EMPTYING / float(fastest) if fastest > 0.0 else 1.0
    return steady_state(matrix, inflow * step, step, since=step, duration=step)


def _filled(rates: Array, amount: Array, ages: Array, duration: float) -> Numbers:
    """Sum over ages of what is there of a dose that began so long ago and still runs, shape (n,).

    The input rate is one more state that never changes.
    """
    if not duration > 0.0:
        return amount.astype(np.longdouble)
    n = len(rates)
    system = np.zeros((len(ages), n + 1, n + 1))
    system[:, :n, :n] = rates
    system[:, :n, n] = amount / duration
    filled: Numbers = extended_propagator(system, ages)[:, :n, n].sum(axis=0)
    return filled


def _summed(taken: Numbers, state: Numbers) -> Numbers:
    """Sum of a state taken over 0, 1, 2, ... intervals."""
    total = state
    for _ in range(MOST_DOUBLINGS):
        more = taken @ total
        total = total + more
        if np.all(more <= NEGLIGIBLE * total):
            return np.asarray(total)
        taken = taken @ taken
    raise np.linalg.LinAlgError("no steady state: something stays for ever, or nearly so")
