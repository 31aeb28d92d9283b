"""Outputs of a linear system in hundreds of digits, by mpmath.

Times are fractions and rates are what their doubles say, so nothing is rounded on the way in. All
gaps between things that happen are whole numbers of one unit; the exponential of the matrix over
that unit is a Taylor sum, over twice, four times, ... the unit a square, and a gap is the product
of those that its binary digits name. There are so many digits that what cancels does not matter.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

import mpmath

DIGITS = 40
"""Digits that are right, wherever a value is above `SMALLEST`."""
SMALLEST = 1e-300
WORKING = 400
"""Digits that are carried: those that are wanted, 300 for small values, and some to lose."""
TINY = 2.0**-12
"""Norm of a matrix whose Taylor sum is short."""

Vector = list[mpmath.mpf]
Matrix = list[Vector]


def exact_outputs(rates, doses, times: Sequence[Fraction], rows) -> list[Vector]:
    """Outputs of one subject, one list of numbers per output.

    Parameters
    ----------
    rates : array, shape (n, n)
        Rate constants [1/h].
    doses : sequence of (time, compartment, amount, rate)
        What happens; time a fraction [h], amount [mg], change of the input rate [mg/h]. At equal
        times they come before the observation.
    times : sequence of Fraction, shape (T,)
        Observations, ascending [h].
    rows : array, shape (A, n)
        Outputs.
    """
    with mpmath.workdps(WORKING):
        inlets = sorted({one[1] for one in doses if one[3]})
        system = _with_inlets(rates, inlets)
        moments = sorted({*times, *(one[0] for one in doses)})
        unit = Fraction(1, math.lcm(*(one.denominator for one in moments)))
        ladder = Ladder(system, unit)
        sources = [[mpmath.mpf(float(x)) for x in row] for row in rows]
        return _walk(ladder, doses, inlets, moments, set(times), sources)


def _walk(ladder, doses, inlets, moments, wanted, sources) -> list[Vector]:
    """Go from moment to moment and note the outputs where they are wanted."""
    n = len(ladder.steps[0]) - len(inlets)
    state = [mpmath.mpf(0)] * len(ladder.steps[0])
    found: list[Vector] = [[] for _ in sources]
    clock = moments[0]
    for now in moments:
        state = ladder.ahead(state, now - clock)
        clock = now
        for _, compartment, amount, rate in (one for one in doses if one[0] == now):
            state[compartment] += mpmath.mpf(float(amount))
            if rate:
                state[n + inlets.index(compartment)] += mpmath.mpf(float(rate))
        if now in wanted:
            for values, row in zip(found, sources, strict=True):
                values.append(mpmath.fdot(row, state[:n]))
    return found


def _with_inlets(rates, inlets: Sequence[int]) -> Matrix:
    """Make every input rate one more state that never changes."""
    n, total = len(rates), len(rates) + len(inlets)
    system = [[mpmath.mpf(0)] * total for _ in range(total)]
    for i in range(n):
        for j in range(n):
            system[i][j] = mpmath.mpf(float(rates[i][j]))
    for k, inlet in enumerate(inlets):
        system[inlet][n + k] = mpmath.mpf(1)
    return system


class Ladder:
    """Exponentials of a matrix over a unit of time, twice the unit, four times, ..."""

    def __init__(self, system: Matrix, unit: Fraction):
        self.unit = unit
        self.steps = [_exponential(system, unit)]

    def ahead(self, state: Vector, gap: Fraction) -> Vector:
        """Take a state over a gap."""
        left, rung = int(gap / self.unit), 0
        while left:
            if rung == len(self.steps):
                self.steps.append(_product(self.steps[-1], self.steps[-1]))
            if left & 1:
                state = [mpmath.fdot(row, state) for row in self.steps[rung]]
            left, rung = left >> 1, rung + 1
        return list(state)


def _exponential(system: Matrix, unit: Fraction) -> Matrix:
    """Exponential of matrix x unit."""
    n = len(system)
    step = mpmath.mpf(unit.numerator) / unit.denominator
    norm = float(max(sum(abs(x) for x in row) for row in system) * step)
    halvings = max(0, math.ceil(math.log2(norm / TINY))) if norm else 0
    small = [[x * step / 2**halvings for x in row] for row in system]
    term = [[mpmath.mpf(int(i == j)) for j in range(n)] for i in range(n)]
    total, order = [list(row) for row in term], 0
    while any(x for row in term for x in row) and _largest(term) > mpmath.mpf(10) ** -WORKING:
        order += 1
        term = [[x / order for x in row] for row in _product(term, small)]
        total = _sum(total, term)
    for _ in range(halvings):
        total = _product(total, total)
    return total


def _largest(matrix: Matrix) -> mpmath.mpf:
    """Largest entry."""
    return max(abs(x) for row in matrix for x in row)


def _sum(left: Matrix, right: Matrix) -> Matrix:
    """Sum of two matrices."""
    pairs = zip(left, right, strict=True)
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in pairs]


def _product(left: Matrix, right: Matrix) -> Matrix:
    """Product of two matrices."""
    columns = list(zip(*right, strict=True))
    return [[mpmath.fdot(row, column) for column in columns] for row in left]
