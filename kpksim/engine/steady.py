"""States under doses that have always been repeated, and under inputs that have always run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpksim.engine import doubled
from kpksim.engine.actions import Array
from kpksim.engine.system import MATRICES, empty_system, lengths

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

    in sums and products of non-negative numbers of double length: nothing is iterated dose by
    dose, and nothing cancels. Rounding grows as the share that is lost between two doses falls; at
    one in ten million it is 1e-11.

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
    past = _summed(_propagator(matrix, every), whole)
    state = _propagator(matrix, max(ended, 0.0)).times(past)
    for first in range(0, running, BLOCK):
        ages = since + every * np.arange(first, min(first + BLOCK, running))
        state = state.plus(_filled(matrix, dose, np.minimum(ages, duration), duration))
    return (state.high + state.low)[:, 0]


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
    fastest = float(-np.diagonal(matrix).min(initial=0.0))
    step = EMPTYING / fastest if fastest > 0.0 else 1.0
    return steady_state(matrix, inflow * step, step, since=step, duration=step)


@dataclass(frozen=True)
class Doubled:
    """Numbers of double length.

    Attributes
    ----------
    high, low : array, shape (n, m)
        The numbers as floats, and what these lack.
    """

    high: Array
    low: Array

    def times(self, other: "Doubled") -> "Doubled":
        """Matrix product."""
        result = np.empty((2, len(self.high), other.high.shape[1]))
        doubled.product(self.high, self.low, other.high, other.low, result[0], result[1])
        return Doubled(result[0], result[1])

    def plus(self, other: "Doubled") -> "Doubled":
        """Sum of numbers that are not negative."""
        high = self.high + other.high
        back = high - self.high
        missed = (self.high - (high - back)) + (other.high - back)
        return Doubled(high, missed + self.low + other.low)


def _propagator(rates: Array, step: float) -> Doubled:
    """Matrix that takes the state over a step."""
    high, low = _propagators(rates[None], np.array([step]))
    return Doubled(high[0], low[0])


def _propagators(rates: Array, steps: Array) -> tuple[Array, Array]:
    """Propagators of a stack of matrices, and what these lack, shape (N, n, n)."""
    result = np.empty((2, *rates.shape))
    sizes = lengths(rates.shape[1])
    room = np.zeros((2, MATRICES * sizes[2]))
    doubled.exponentials(rates, steps, empty_system(sizes), room[0], room[1], result[0], result[1])
    return result[0], result[1]


def _filled(rates: Array, amount: Array, ages: Array, duration: float) -> Doubled:
    """Sum over ages of what is there of a dose that began so long ago and still runs, shape (n, 1).

    The input rate is one more state that never changes.
    """
    if not duration > 0.0:
        return Doubled(amount[:, None], np.zeros((len(amount), 1)))
    n = len(rates)
    system = np.zeros((len(ages), n + 1, n + 1))
    system[:, :n, :n] = rates
    system[:, :n, n] = amount / duration
    high, low = _propagators(system, ages)
    total = Doubled(np.zeros((n, 1)), np.zeros((n, 1)))
    for k in range(len(ages)):
        total = total.plus(Doubled(high[k, :n, n:], low[k, :n, n:]))
    return total


def _summed(taken: Doubled, state: Doubled) -> Doubled:
    """Sum of a state taken over 0, 1, 2, ... intervals."""
    total = state
    for _ in range(MOST_DOUBLINGS):
        more = taken.times(total)
        total = total.plus(more)
        if np.all(more.high <= NEGLIGIBLE * total.high):
            return total
        taken = taken.times(taken)
    raise np.linalg.LinAlgError("no steady state: something stays for ever, or nearly so")
