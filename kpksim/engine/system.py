"""The rate constants of one subject, laid out for the kernel."""

from typing import NamedTuple

import numpy as np

from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import allocation_free
from kpksim.engine.vectors import COLUMNS, LANES, aligned

DEGREE = 16
"""Degree of Taylor sums."""

SUBSTEP_NORM = 0.5
"""Largest norm of a sub-step.

A Taylor sum of degree 16 then stops below 1e-19. Its terms alternate, but each is at most half of
the one before, so no entry loses more than a factor of e, and none changes its sign.
"""

MATRICES = 7
"""Matrices that the room to work in for an exponential holds."""

NOWHERE = np.zeros(0, dtype=np.int64)
"""No inlets."""

NORM, UNIT = 0, 1
"""Places of the norm [1/h] and of the scale among the numbers of a system."""


class System(NamedTuple):
    """Rate constants of one subject, input rates followed by states.

    Attributes
    ----------
    n : array of int, shape (3,)
        Input rates and states, numbers in a column, numbers in a matrix.
    matrix : array, shape (size,)
        Rate constants over a power of two that makes their norm about one, column by column.
    numbers : array, shape (2,)
        Norm, the largest sum of a column [1/h], and that power of two [1/h].
    """

    n: Indices
    matrix: Array
    numbers: Array


def empty_system(sizes: tuple[int, int, int]) -> System:
    """Give room for the rate constants of one subject, `sizes` as from `lengths`."""
    return System(np.array(sizes), aligned(sizes[2]), np.zeros(2))


@allocation_free
def load(system: System, rates: Array, s: int, inlets: Indices) -> None:
    """Lay out rate constants; each input rate is one more state, which feeds its compartment.

    Parameters
    ----------
    system : System
        Where they go.
    rates : array, shape (S, n, n)
        Rate constants ``rates[..., to, from]`` [1/h].
    s : int
        Which subject.
    inlets : array of int, shape (q,)
        States that receive infusions.
    """
    n, q, ld, norm = rates.shape[1], len(inlets), system.n[1], 0.0
    for k in range(len(system.matrix)):
        system.matrix[k] = 0.0
    for j in range(n):
        total = 0.0
        for i in range(n):
            total += abs(rates[s, i, j])
        norm = max(norm, total)
    if q:
        norm = max(norm, 1.0)
    unit = power_of_two(norm)
    for j in range(n):
        for i in range(n):
            system.matrix[(q + j) * ld + q + i] = rates[s, i, j] / unit
    for k in range(q):
        system.matrix[k * ld + q + inlets[k]] = 1.0 / unit
    system.numbers[NORM], system.numbers[UNIT] = norm, unit


@allocation_free
def power_of_two(number: float) -> float:
    """Give the next power of two, 1 for 0."""
    power = 1.0
    while power < number:
        power *= 2.0
    while 0.0 < number <= 0.5 * power:
        power *= 0.5
    return power


@allocation_free
def halvings(system: System, step: float) -> int:
    """How often a step is halved before its Taylor sum is taken.

    A chain of more links than half the degree keeps its accuracy only over several sub-steps.
    """
    n = system.n[0]
    times, rest = 0, system.numbers[NORM] * step
    while rest > SUBSTEP_NORM:
        rest *= 0.5
        times += 1
    return max(times, 1 if n <= 10 else 4)


def lengths(n: int) -> tuple[int, int, int]:
    """Give the number of states, of numbers in a column and of numbers in a matrix."""
    ld = -(-n // LANES) * LANES
    return n, ld, ld * -(-n // COLUMNS) * COLUMNS
