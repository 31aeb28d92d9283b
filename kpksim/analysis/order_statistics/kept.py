"""Values at ranks among the people whose steps have been kept in a bracket."""

from typing import Any

import numpy as np

from kpksim.analysis.order_statistics.brackets import DONE, HARD, OPEN, TIED, moved
from kpksim.analysis.order_statistics.rows import marks_below
from kpksim.analysis.order_statistics.vectors import LANES, NO_STEP, ask_for, bits_of
from kpksim.engine.compiled import inner
from kpksim.engine.vectors import lowest_bit

Array = Any
Number = Any
ROOM = 256
"""Values that are kept for one rank of one lane, at most."""
NONE, ONE = np.uint32(0), np.uint32(1)


@inner
def _sort(values: Array) -> None:
    """Sort a few values."""
    for i in range(1, len(values)):
        x, place = values[i], i
        while place > 0 and values[place - 1] > x:
            values[place] = values[place - 1]
            place -= 1
        values[place] = x


@inner
def _step_at(kept: Array, caught: int, place: int, low: int, high: int) -> Number:
    """Give the step at a place in the order of those kept; it is from low to high."""
    while low < high:
        middle = (low + high) >> 1
        below = 0
        for i in range(0, caught, LANES):
            below += bits_of(marks_below(kept, i, np.int16(middle + 1)))
        if below > place:
            high = middle
        else:
            low = middle + 1
    return low


@inner
def _ask_for_equals(
    values: Array, at: int, stride: int, kept: Array, rows: Array, low: int, high: int
) -> None:
    """Ask for those whose steps are from low to high; they lie far apart in memory."""
    for i in range(0, len(kept), LANES):
        less = marks_below(kept, i, np.int16(low))
        marks = np.uint32(marks_below(kept, i, np.int16(high + 1)) ^ less)
        while marks != NONE:
            ask_for(values, at + rows[i + lowest_bit(marks)] * stride)
            marks &= marks - ONE


@inner
def _equals(
    values: Array, at: int, stride: int, kept: Array, rows: Array, low: int, high: int,
    equals: Array,
) -> tuple[Number, Number]:  # fmt: skip
    """Read those whose steps are from low to high, and sort them; count those below, and them."""
    below, count = 0, 0
    for i in range(0, len(kept), LANES):
        less = marks_below(kept, i, np.int16(low))
        marks = np.uint32(marks_below(kept, i, np.int16(high + 1)) ^ less)
        below += bits_of(less)
        while marks != NONE:
            row = rows[i + lowest_bit(marks)]
            marks &= marks - ONE
            equals[count] = values[np.uint64(at + row * stride)]
            count += 1
    _sort(equals[:count])
    return below, count


@inner
def narrow(
    values: Array, at: int, stride: int, k: int, last: int, first: int, caught: int,
    kept: Array, rows: Array, low: Number, high: Number,
) -> tuple[Number, Number]:  # fmt: skip
    """Narrow a bracket that has kept all it caught to the steps of rank k and the last one.

    Those that have these steps are asked from memory. A bracket that has missed stays as it is.
    """
    if first > k or first + caught <= last or caught > ROOM:
        return low, high
    a = _step_at(kept, caught, k - first, low, high)
    b = _step_at(kept, caught, last - first, a, high)
    _ask_for_equals(values, at, stride, kept[:caught], rows, a, b)
    return a, b


@inner
def settle(
    values: Array, at: int, stride: int, k: int, last: int, first: int, caught: int,
    kept: Array, rows: Array, low: Number, high: Number, equals: Array,
) -> tuple[Number, Number, Number, Number, Number]:  # fmt: skip
    """Give state, bracket, and values at rank k and the last one, after `narrow` has been there.

    A bracket that has missed is moved, and one that has caught too many is narrowed by what it
    kept of them. One that has been narrowed to the steps of both ranks is read in full.
    """
    if first > k or first + caught <= last:
        low, high = moved(k, last, first, caught, low, high)
        return OPEN, low, high, 0.0, 0.0
    if caught <= ROOM:
        below, _ = _equals(values, at, stride, kept[:caught], rows, low, high, equals)
        x, y = equals[k - first - below], equals[last - first - below]
        return DONE, NO_STEP, NO_STEP, x, y
    middle = (k - first) * ROOM // caught
    a = _step_at(kept, ROOM, max(middle - ROOM // 8, 0), low, high)
    b = _step_at(kept, ROOM, min(middle + ROOM // 8, ROOM - 1), a, high)
    if a == b:
        _, count = _equals(values, at, stride, kept, rows, a, a, equals)
        x = equals[0]
        return TIED if x == equals[count - 1] else HARD, NO_STEP, NO_STEP, x, x
    low, high = a if middle > ROOM // 8 else low, b if middle + ROOM // 8 < ROOM else high
    return OPEN, low, high, 0.0, 0.0
