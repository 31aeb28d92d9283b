"""Search of the people at given ranks among steps in the cache, by brackets."""

from typing import Any, NamedTuple

import numpy as np

from kpksim.analysis.quantile_brackets import (
    DONE,
    HARD,
    OPEN,
    TIED,
    first_brackets,
    moved,
    step_in,
)
from kpksim.analysis.quantile_kernel import ROOM, Steps, Window, add_and_count, count_and_keep
from kpksim.analysis.quantile_vectors import (
    LANES,
    NO_STEP,
    ask_for,
    bits_of,
    lowest_bit,
    marks_below,
)
from kpksim.engine.compiled import allocation_free, inner

Array = Any
Number = Any
TRIES = 6
"""Brackets that are tried, at most."""


class Room(NamedTuple):
    """Arrays to work in for a group of whole blocks of lanes; L are its lanes.

    Attributes
    ----------
    rows : array, shape (ROWS * LANES)
        Values that do not fill a block, of the kind of the people's values.
    steps : Steps
        Steps of the group.
    edges, below : arrays of int16 and int32, shape (3, R, L)
        Steps near each rank, and how many people lie below them.
    low, high : array of int16, shape (R, L)
        Brackets of steps.
    under, inside : array of int32, shape (R, L)
        People below a bracket and in it.
    kept, kept_rows : arrays of int16 and int32, shape (R, LANES, ROOM)
        Steps and rows of the people in the brackets of a block.
    wanted : array of bool, shape (R)
        Ranks whose brackets are to be tried in a block.
    marks, words : arrays of uint32 and uint64
        Marks of CHUNK rows, and the same memory in words.
    equals : array, shape (ROOM)
        Values that are equal in their steps.
    """

    rows: Array
    steps: Steps
    edges: Array
    below: Array
    low: Array
    high: Array
    under: Array
    inside: Array
    kept: Array
    kept_rows: Array
    wanted: Array
    marks: Array
    words: Array
    equals: Array


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
        marks = np.uint64(marks_below(kept, i, np.int16(high + 1)) ^ less)
        while marks != np.uint64(0):
            ask_for(values, at + rows[i + np.int64(lowest_bit(marks))] * stride)
            marks &= marks - np.uint64(1)


@inner
def _equals(
    values: Array, at: int, stride: int, kept: Array, rows: Array, low: int, high: int,
    equals: Array,
) -> tuple[Number, Number]:  # fmt: skip
    """Read those whose steps are from low to high, and sort them; count those below, and them."""
    below, count = 0, 0
    for i in range(0, len(kept), LANES):
        less = marks_below(kept, i, np.int16(low))
        marks = np.uint64(marks_below(kept, i, np.int16(high + 1)) ^ less)
        below += bits_of(less)
        while marks != np.uint64(0):
            row = rows[i + np.int64(lowest_bit(marks))]
            marks &= marks - np.uint64(1)
            equals[count] = values[np.uint64(at + row * stride)]
            count += 1
    _sort(equals[:count])
    return below, count


@inner
def _narrow(
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
def _settle(
    values: Array, at: int, stride: int, k: int, last: int, first: int, caught: int,
    kept: Array, rows: Array, low: Number, high: Number, equals: Array,
) -> tuple[Number, Number, Number, Number, Number]:  # fmt: skip
    """Give state, bracket, and values at rank k and the last one, after `_narrow` has been there.

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


@inner
def _find_open(state: Array, wanted: Array) -> Number:
    """Find ranks of which any lane is open; give how many they are."""
    found = 0
    for q in range(len(wanted)):
        wanted[q] = False
        for j in range(state.shape[1]):
            wanted[q] |= state[q, j] == OPEN
        found += wanted[q]
    return found


@inner
def _narrow_in_block(
    values: Array, at: int, stride: int, n: int, ranks: Array, lane: int, room: Room, state: Array
) -> None:
    """Narrow brackets of a block; while one is at work, what others need comes from memory."""
    low, high = room.low, room.high
    for q in range(len(ranks)):
        k, last = ranks[q], min(ranks[q] + 1, n - 1)
        for j in range(state.shape[1]):
            if state[q, j] == OPEN:
                i = lane + j
                low[q, i], high[q, i] = _narrow(
                    values, at + j, stride, k, last, room.under[q, i], room.inside[q, i],
                    room.kept[q, j], room.kept_rows[q, j], np.int64(low[q, i]),
                    np.int64(high[q, i]),
                )  # fmt: skip


@allocation_free
def find_in_block(
    values: Array, at: int, stride: int, n: int, ranks: Array, lane: int, room: Room,
    state: Array, found: Array,
) -> None:  # fmt: skip
    """Find the values at ranks in a block; it begins at `lane` of its group, and `at` in values.

    A rank that stays open after some tries is left to others.
    """
    low, high, under, inside = room.low, room.high, room.under, room.inside
    for _ in range(TRIES):
        if not _find_open(state, room.wanted):
            break
        count_and_keep(
            room.steps, lane, low, high, room.marks, room.words, room.wanted, under, inside,
            room.kept, room.kept_rows,
        )  # fmt: skip
        _narrow_in_block(values, at, stride, n, ranks, lane, room, state)
        for q in range(len(ranks)):
            k, last = ranks[q], min(ranks[q] + 1, n - 1)
            for j in range(state.shape[1]):
                if state[q, j] == OPEN:
                    i = lane + j
                    state[q, j], low[q, i], high[q, i], found[0, q, j], found[1, q, j] = _settle(
                        values, at + j, stride, k, last, under[q, i], inside[q, i],
                        room.kept[q, j], room.kept_rows[q, j], np.int64(low[q, i]),
                        np.int64(high[q, i]), room.equals,
                    )  # fmt: skip


@inner
def _step_edges(edge: Array, window: Window, lane: int, edges: Array) -> None:
    """Give the steps of values near ranks, shape (3, ranks, lanes), from a lane of a window on."""
    for e in range(3):
        for q in range(edge.shape[1]):
            for j in range(edge.shape[2]):
                edges[e, q, j] = step_in(edge[e, q, j], window, lane + j)


@allocation_free
def find_in_steps(
    values: Array, stride: int, n: int, ranks: Array, edge: Array, window: Window, room: Room,
    sums: Array, state: Array, found: Array,
) -> None:  # fmt: skip
    """Sum people by lane, and find the values at ranks and at the next ones, group by group.

    `edge` are three values about each rank, shape (3, ranks, lanes); `sums`, shape (2, lanes in
    blocks), the totals and what they have lost, from 0; `found`, shape (2, ranks, lanes).
    """
    group, lanes = room.edges.shape[2], state.shape[1]
    for first in range(0, lanes, group):
        end = min(first + group, lanes)
        width = end - first
        part, some = edge[:, :, first:end], state[:, first:end]
        _step_edges(part, window, first, room.edges)
        room.below[:] = 0
        add_and_count(
            values, stride, n, first, width, window, room.rows, room.steps, room.edges, sums,
            room.below,
        )  # fmt: skip
        for j in range(width):
            if not np.isfinite(sums[0, first + j]):
                some[:, j] = HARD
        first_brackets(n, ranks, part, room.below, window, first, room.low, room.high, some)
        for b in range(0, width, LANES):
            block = slice(b, min(b + LANES, width))
            find_in_block(
                values, first + b, stride, n, ranks, b, room, some[:, block],
                found[:, :, first + b : first + block.stop],
            )  # fmt: skip
