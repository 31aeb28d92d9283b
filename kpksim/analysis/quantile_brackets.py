"""Brackets of steps that hold the people at given ranks."""

from typing import Any

import numpy as np

from kpksim.analysis.quantile_kernel import Window, step_of
from kpksim.analysis.quantile_vectors import GREATEST_STEP, LEAST_STEP, NO_STEP
from kpksim.engine.compiled import inner

Array = Any
Number = Any
DONE, OPEN, TIED, HARD = 0, 1, 2, 3
"""State of a rank of a lane: its value is found; its bracket is to be tried; its value seems to be
one of many that are equal; brackets do not help."""
SIGMAS, CURVED, WIDE, FEW = 3.0, 0.05, 4.0, 6.0
"""Width of a first bracket, in people; chosen so that 1 rank of 500 misses it and 70 are kept."""


@inner
def _logit(rank: float, n: int) -> Number:
    """Logarithm of the people below a rank to those above; nearly linear in the values."""
    return np.log((rank + 0.5) / (n - rank + 0.5))


@inner
def step_in(x: float, window: Window, lane: int) -> Number:
    """Give the step of a value in the window of a lane."""
    least, greatest, shift = window.keys[0, lane], window.keys[1, lane], window.keys[2, lane]
    return step_of(x, window.offset[lane], least, greatest, shift)


@inner
def first_brackets(
    n: int, ranks: Array, edge: Array, below: Array, window: Window, lane: int, low: Array,
    high: Array, state: Array,
) -> None:  # fmt: skip
    """Bracket open ranks by a parabola, value over logit of rank, through three counted edges.

    `edge` and how many people lie `below` it have the shape (3, ranks, lanes); the first of the
    lanes is number `lane` of the window. The bracket is about three standard deviations of where
    the rank lies between its two neighbours. Logarithms stand for values of one sign, which tend
    to be skewed.
    """
    for q in range(len(ranks)):
        target = ranks[q] + 1
        for j in range(state.shape[1]):
            low[q, j] = high[q, j] = NO_STEP
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
            low[q, j] = step_in(a, window, lane + j) if target > spread else LEAST_STEP
            high[q, j] = step_in(b, window, lane + j) if target + spread < n else GREATEST_STEP


@inner
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


@inner
def _within(step: float) -> Number:
    """Give the nearest step of a number."""
    return np.int16(min(max(step, float(LEAST_STEP)), float(GREATEST_STEP)))


@inner
def moved(k: int, last: int, below: int, inside: int, low: int, high: int) -> tuple[Number, Number]:
    """Move a bracket of steps to where the ranks k to last seem to lie that it has missed."""
    rise = (float(high) - float(low) + 1.0) / max(inside, 1)
    if below > k:
        return _within(low - rise * (inside + 1.5 * (below - k))), low
    return high, _within(high + rise * (inside + 1.5 * (last + 1 - below - inside)))
