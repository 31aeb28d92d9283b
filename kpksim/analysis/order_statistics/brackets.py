"""Brackets of steps that hold the people at given ranks."""

from typing import Any

import numpy as np

from kpksim.analysis.order_statistics.reading import Window, Windows
from kpksim.analysis.order_statistics.vectors import GREATEST_STEP, LEAST_STEP, NO_STEP
from kpksim.engine.compiled import inner

Array = Any
Number = Any
DONE, OPEN, TIED, HARD = 0, 1, 2, 3
"""State of a rank of a lane: its value is found; its bracket is to be tried; its value seems to be
one of many that are equal; brackets do not help."""
SIGMAS, CURVED, WIDE, FEW = 3.0, 0.05, 4.0, 6.0
"""Width of a first bracket, in people; chosen so that 1 rank of 500 misses it and 70 are kept."""
BEYOND = 0.2
"""How far a window reaches beyond the outer edges, as a share of their distance to the middle."""


@inner
def _logit(rank: float, n: int) -> Number:
    """Logarithm of the people below a rank to those above; nearly linear in the values."""
    return np.log((rank + 0.5) / (n - rank + 0.5))


@inner
def step_in(x: float, window: Window, lane: int) -> Number:
    """Give the step of a value in the window of a lane: it rises with the value up to ties.

    The key is the upper half of a value's bits, which are its sign, exponent and first 20 digits.
    It rises with values that are not negative; negative ones lie below all windows.
    """
    least, greatest, shift = window.keys[0, lane], window.keys[1, lane], window.keys[2, lane]
    key = np.float64(x + window.offset[lane]).view(np.int64) >> 32
    key = min(max(key, np.int64(least)), np.int64(greatest))
    return np.int16(((key - least) >> shift) + LEAST_STEP)


@inner
def step_edges(edge: Array, window: Window, lane: int, edges: Array) -> None:
    """Give the steps of values near ranks, shape (3, ranks, lanes), from a lane of a window on."""
    for e in range(3):
        for q in range(edge.shape[1]):
            for j in range(edge.shape[2]):
                edges[e, q, j] = step_in(edge[e, q, j], window, lane + j)


@inner
def open_windows(edges: Array, state: Array, windows: Windows) -> None:
    """Let windows of open ranks reach beyond the outer edges; nothing is in those of others."""
    windows.least[:], windows.most[:] = NO_STEP, NO_STEP
    for q in range(state.shape[0]):
        for j in range(state.shape[1]):
            if state[q, j] == OPEN:
                e0, e1, e2 = float(edges[0, q, j]), float(edges[1, q, j]), float(edges[2, q, j])
                windows.least[q, j] = _within(e0 - BEYOND * (e1 - e0))
                windows.most[q, j] = _within(e2 + BEYOND * (e2 - e1))


@inner
def clip_to_windows(windows: Windows, low: Array, high: Array) -> None:
    """Keep brackets within windows, but for those that lie outside as a whole."""
    for q in range(low.shape[0]):
        for j in range(low.shape[1]):
            if low[q, j] <= windows.most[q, j] and high[q, j] >= windows.least[q, j]:
                low[q, j] = max(low[q, j], windows.least[q, j])
                high[q, j] = min(high[q, j], windows.most[q, j])


@inner
def windows_about_brackets(
    windows: Windows, lanes: slice, low: Array, high: Array, state: Array
) -> Number:
    """Open windows anew, about brackets, where one of a block is not within its window; say so."""
    outside = False
    for q in range(state.shape[0]):
        for j in range(state.shape[1]):
            i = lanes.start + j
            beyond = low[q, i] < windows.least[q, i] or high[q, i] > windows.most[q, i]
            outside |= state[q, j] == OPEN and beyond
    if outside:
        for q in range(state.shape[0]):
            for j in range(state.shape[1]):
                i = lanes.start + j
                a, b = float(low[q, i]), float(high[q, i])
                windows.least[q, i] = windows.most[q, i] = NO_STEP
                if state[q, j] == OPEN:
                    windows.least[q, i] = _within(a - (b - a + 1.0))
                    windows.most[q, i] = _within(b + (b - a + 1.0))
    return outside


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
    """Move a bracket of steps to where the ranks k to last seem to lie that it has missed.

    One that has missed only one of them is made longer: both must be in the same bracket.
    """
    rise = (float(high) - float(low) + 1.0) / max(inside, 1)
    if below > k:
        end = low if below > last else high
        return _within(low - rise * (inside + 1.5 * (below - k))), end
    begin = high if below + inside <= k else low
    return begin, _within(high + rise * (inside + 1.5 * (last + 1 - below - inside)))
