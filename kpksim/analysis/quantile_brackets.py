"""Brackets of keys that hold the people at given ranks, and the values picked from them."""

from typing import Any

import numpy as np

from kpksim.analysis.quantile_kernel import ROOM, key_of
from kpksim.engine.compiled import allocation_free

Array = Any
Number = Any
DONE, OPEN, TIED, HARD = 0, 1, 2, 3
"""State of a rank of a lane: its value is found; its bracket is to be tried; its value seems to be
one of many that are equal; brackets do not help."""
LEAST, GREATEST = -0x7FF00000, 0x7FF00000
"""Keys of the least finite number and of infinity."""
CLOSED = -(2**31)
"""Both ends of a bracket that holds nothing: the key of no number."""
SIGMAS, CURVED, WIDE, FEW = 3.0, 0.05, 4.0, 6.0
"""Width of a first bracket, in people; chosen so that 1 rank of 500 misses it and 70 are kept."""


@allocation_free
def _logit(rank: float, n: int) -> Number:
    """Logarithm of the people below a rank to those above; nearly linear in the values."""
    return np.log((rank + 0.5) / (n - rank + 0.5))


@allocation_free
def first_brackets(
    n: int, ranks: Array, edge: Array, below: Array, low: Array, high: Array, state: Array
) -> None:
    """Bracket open ranks by a parabola, value over logit of rank, through three counted edges.

    `edge` and how many people lie `below` it have the shape (3, ranks, lanes). The bracket is
    about three standard deviations of where the rank lies between its two neighbours. Logarithms
    stand for values of one sign, which tend to be skewed.
    """
    for q in range(len(ranks)):
        target = ranks[q] + 1
        for j in range(low.shape[1]):
            if state[q, j] != OPEN:
                continue
            c0, c1, c2 = below[0, q, j], below[1, q, j], below[2, q, j]
            e0, e1, e2 = edge[0, q, j], edge[1, q, j], edge[2, q, j]
            sign = 1.0 if e0 > 0.0 else -1.0 if e2 < 0.0 else 0.0
            if sign != 0.0:
                e0, e1 = sign * np.log(sign * e0), sign * np.log(sign * e1)
                e2 = sign * np.log(sign * e2)
            first, end = (c0, c1) if target < c1 else (c1, c2)
            spread = _spread(target, first, end)
            h0, h1, h2 = _logit(c0, n), _logit(c1, n), _logit(c2, n)
            rise = (e1 - e0) / (h1 - h0)
            bend = ((e2 - e1) / (h2 - h1) - rise) / (h2 - h0)
            a = _logit(max(target - spread, 0.0), n)
            b = _logit(min(target + spread, float(n)), n)
            a = e0 + (a - h0) * (rise + (a - h1) * bend)
            b = e0 + (b - h0) * (rise + (b - h1) * bend)
            if not a <= b:
                a, b = (e0, e1) if target < c1 else (e1, e2)
            if sign != 0.0:
                a, b = sign * np.exp(sign * a), sign * np.exp(sign * b)
            low[q, j] = key_of(a) if target > spread else LEAST
            high[q, j] = key_of(b) if target + spread < n else GREATEST


@allocation_free
def _spread(target: int, first: int, end: int) -> Number:
    """Give half the width of a bracket, in people, of a rank between, or not, two counted ones."""
    share = (target - first) / max(end - first, 1)
    if share < 0.0:
        spread = WIDE * (first - target)
    elif share > 1.0:
        spread = WIDE * (target - end)
    else:
        spread = (target - first) * (1.0 - share)
    return SIGMAS * np.sqrt(spread) + CURVED * spread + FEW


@allocation_free
def _inside(key: float) -> Number:
    """Give the nearest key of a number."""
    return np.int32(min(max(key, float(LEAST)), float(GREATEST)))


@allocation_free
def _select(values: Array, k: int) -> Number:
    """Give the k-th smallest value; smaller ones go before it and greater ones after.

    Whether a value goes before is added to a place and never jumped upon: a jump that cannot be
    foreseen costs more than both ways of it.
    """
    first, end = 0, len(values)
    while end - first > 1:
        middle = (first + end) // 2
        pivot = values[middle]
        values[middle] = values[first]
        place = first
        for i in range(first + 1, end):
            x = values[i]
            values[i] = values[place + 1]
            values[place + 1] = x
            place += x < pivot
        values[first] = values[place]
        values[place] = pivot
        if k < place:
            end = place
        elif k == place:
            return pivot
        elif place > first:
            first = place + 1
        else:  # none is smaller, so that equal ones may be many: put them first
            for i in range(first + 1, end):
                x = values[i]
                values[i] = values[place + 1]
                values[place + 1] = x
                place += x == pivot
            if k <= place:
                return pivot
            first = place + 1
    return values[k]


@allocation_free
def _least(values: Array, first: int) -> Number:
    """Give the least of the values from a place on."""
    least = values[first]
    for i in range(first + 1, len(values)):
        least = min(least, values[i])
    return least


@allocation_free
def _moved(
    k: int, last: int, below: int, inside: int, low: int, high: int
) -> tuple[Number, Number]:
    """Move a bracket of keys to where the ranks k to last seem to lie that it has missed."""
    rise = (float(high) - float(low) + 1.0) / max(inside, 1)
    if below > k:
        return _inside(low - rise * (inside + 1.5 * (below - k))), low
    return high, _inside(high + rise * (inside + 1.5 * (last + 1 - below - inside)))


@allocation_free
def settle(
    n: int,
    ranks: Array,
    low: Array,
    high: Array,
    below: Array,
    inside: Array,
    kept: Array,
    state: Array,
    found: Array,
) -> None:
    """Pick the values at open ranks and at the next ones from what was kept in brackets of keys.

    A bracket that has missed is moved, and one that has caught too many is narrowed by what it
    kept of them. `found`, shape (2, ranks, lanes), takes the values.
    """
    for q in range(len(ranks)):
        k, last = ranks[q], min(ranks[q] + 1, n - 1)
        for j in range(low.shape[1]):
            if state[q, j] != OPEN:
                continue
            first, caught = below[q, j], inside[q, j]
            values = kept[q, j, : min(caught, ROOM)]
            if first > k or first + caught <= last:
                low[q, j], high[q, j] = _moved(k, last, first, caught, low[q, j], high[q, j])
                continue
            if caught <= ROOM:
                found[0, q, j] = _select(values, k - first)
                found[1, q, j] = _least(values, last - first)
                state[q, j] = DONE
            else:
                at = (k - first) * ROOM // caught
                a = _select(values, max(at - ROOM // 8, 0))
                b = _select(values, min(at + ROOM // 8, ROOM - 1))
                found[0, q, j] = found[1, q, j] = a
                state[q, j] = TIED if a == b else HARD if key_of(a) == key_of(b) else OPEN
                low[q, j] = key_of(a) if at > ROOM // 8 else low[q, j]
                high[q, j] = key_of(b) if at + ROOM // 8 < ROOM else high[q, j]
            if state[q, j] != OPEN:
                low[q, j] = high[q, j] = CLOSED
