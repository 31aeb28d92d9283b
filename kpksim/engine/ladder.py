"""Propagation of a state over any time: a ladder of doubled steps, then a short Taylor sum."""

from math import factorial
from typing import NamedTuple

import numpy as np

from kpksim.engine import doubled
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import allocation_free, inlined
from kpksim.engine.exponential import exponential, multiply
from kpksim.engine.system import MATRICES, NORM, SUBSTEP_NORM, UNIT, System
from kpksim.engine.vectors import aligned, combine, combine_four, lowest_bit

RUNGS = 64
"""Most rungs; the last is longer than any time."""

LONGEST_RUNG = 1e6
"""Length that the first rung does not exceed, however slow the system [h]."""

FURTHER_TERMS = 10
"""Terms of the Taylor sum over a time shorter than the first rung beyond the number of states.

The last of a chain of n states begins with the term n - 1. It is right to rounding when 10 follow.
"""


class Ladder(NamedTuple):
    """Propagators over h, 2 h, 4 h, ..., made when they are first needed.

    The first step h is the power of two that suits the rates: over it one Taylor sum is enough.

    Attributes
    ----------
    rungs : array, shape (RUNGS * size,)
        The propagators, column by column.
    built : array of int, shape (3,)
        How many there are; 1 where they are computed in double length; place in `work` of the last
        propagator of a table.
    first : array, shape (1,)
        The first step [h].
    squares : array, shape (2 * size,)
        Second and fourth power of the matrix of the system.
    work, low : array, shape (MATRICES * size,)
        Room to work in.
    top, top_low : array, shape (2 * size,)
        The last rung in double length, and room for the next.
    terms : array, shape ((K + 4) * ld,)
        Room for the terms of a Taylor sum.
    weights : array, shape (K,)
        Room for its coefficients.
    inverse : array, shape (K,)
        1 / k!
    """

    rungs: Array
    built: Indices
    first: Array
    squares: Array
    work: Array
    low: Array
    top: Array
    top_low: Array
    terms: Array
    weights: Array
    inverse: Array


def empty_ladder(sizes: tuple[int, int, int]) -> Ladder:
    """Give room for the ladder of one subject, `sizes` as from `kpksim.engine.system.lengths`."""
    n, ld, size = sizes
    terms = 4 * -(-(n + FURTHER_TERMS) // 4)
    return Ladder(
        aligned(RUNGS * size), np.zeros(3, dtype=np.int64), np.zeros(1), aligned(2 * size),
        aligned(MATRICES * size), aligned(MATRICES * size), aligned(2 * size),
        aligned(2 * size), aligned((terms + 4) * ld), np.zeros(terms),
        np.array([1 / factorial(k) for k in range(terms)]),
    )  # fmt: skip


@inlined
def _climb(ladder: Ladder, system: System, rung: int) -> None:
    """Build rungs up to one."""
    n, ld, size = system.n[0], system.n[1], system.n[2]
    while ladder.built[0] <= rung:
        next_ = ladder.built[0]
        if ladder.built[1]:
            _climb_in_double_length(ladder, system, next_)
        elif next_ == 0:
            place = exponential(system, ladder.first[0], ladder.work)
            for k in range(size):
                ladder.rungs[k] = ladder.work[place + k]
        else:
            last = (next_ - 1) * size
            multiply(ladder.rungs, last, ladder.rungs, last, ladder.rungs, next_ * size, n, ld)
        ladder.built[0] += 1


@inlined
def _climb_in_double_length(ladder: Ladder, system: System, rung: int) -> None:
    """Build one rung in double length."""
    n, ld, size = system.n[0], system.n[1], system.n[2]
    old, new = (rung % 2) * size, (1 - rung % 2) * size
    if rung == 0:
        place = doubled.exponential(system, ladder.first[0], ladder.work, ladder.low)
        for k in range(size):
            ladder.top[new + k] = ladder.work[place + k]
            ladder.top_low[new + k] = ladder.low[place + k]
    else:
        doubled.multiply(
            ladder.top, ladder.top_low, old, ladder.top, ladder.top_low, old,
            ladder.top, ladder.top_low, new, n, ld,
        )  # fmt: skip
    for k in range(size):
        ladder.rungs[rung * size + k] = ladder.top[new + k]


@inlined
def apply(matrix: Array, place: int, state: Array, sizes: Indices, room: Array) -> None:
    """Multiply a state by the matrix from a place on."""
    n, ld = sizes[0], sizes[1]
    combine(room, 0, matrix, place, ld, state, 0, n, ld)
    for i in range(n):
        state[i] = room[i]


@allocation_free
def start(ladder: Ladder, system: System, exactly: int) -> None:
    """Begin the ladder of a subject, with rungs in double length where `exactly` is 1."""
    n, ld, size = system.n[0], system.n[1], system.n[2]
    ladder.built[0], ladder.built[1] = 0, exactly
    step = SUBSTEP_NORM / system.numbers[UNIT]
    while step * 2.0 * system.numbers[NORM] <= SUBSTEP_NORM and step < LONGEST_RUNG:
        step *= 2.0
    ladder.first[0] = step
    multiply(system.matrix, 0, system.matrix, 0, ladder.squares, 0, n, ld)
    multiply(ladder.squares, 0, ladder.squares, 0, ladder.squares, size, n, ld)


@allocation_free
def advance(state: Array, gap: float, ladder: Ladder, system: System) -> None:
    """Take a state over a time.

    Parameters
    ----------
    state : array, shape (ld,)
        State and input rates, padded; overwritten.
    gap : float
        Time, not negative [h].
    ladder : Ladder
        Propagators of the subject.
    system : System
        Rate constants of the subject.
    """
    size = system.n[2]
    # The first step is a power of two, so that this division and its rest are exact.
    left = int(gap / ladder.first[0])
    rest = gap - left * ladder.first[0]
    if rest > 0.0:
        _taylor(state, rest, ladder, system)
    while left:
        rung = lowest_bit(np.uint64(left))
        left &= left - 1
        _climb(ladder, system, rung)
        apply(ladder.rungs, rung * size, state, system.n, ladder.terms)


@inlined
def _taylor(state: Array, time: float, ladder: Ladder, system: System) -> None:
    """Take a state over a time shorter than the first rung; four terms are made at a time."""
    n, ld, size, terms = system.n[0], system.n[1], system.n[2], ladder.terms
    _coefficients(time, ladder, system)
    for i in range(ld):
        terms[i] = state[i]
    combine(terms, ld, system.matrix, 0, ld, terms, 0, n, ld)
    combine_four(terms, 2 * ld, ld, ladder.squares, 0, ld, terms, 0, ld, n, ld)
    count = len(ladder.weights)
    for k in range(4, count, 4):
        combine_four(terms, k * ld, ld, ladder.squares, size, ld, terms, (k - 4) * ld, ld, n, ld)
    combine(terms, 0, terms, 0, ld, ladder.weights, 0, count, ld)
    for i in range(n):
        state[i] = terms[i]


@inlined
def _coefficients(step: float, ladder: Ladder, system: System) -> None:
    """Write the coefficients of a Taylor sum over a step."""
    x, power = step * system.numbers[UNIT], 1.0
    for k in range(len(ladder.weights)):
        ladder.weights[k] = power * ladder.inverse[k]
        power *= x
