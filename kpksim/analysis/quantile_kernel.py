"""Inner loops of order statistics that read people: sorting, adding, counting and keeping by lane.

People are rows, and a lane is one column, such as one time of one analyte. `values` is flat: lane
j of person i is ``values[i * stride + j]``. They are read once, in the order in which they lie in
memory, and turned to steps, 16 bits each, which stay in the cache and are counted there.
"""

from typing import Any, NamedTuple

import numpy as np

from kpksim.analysis.quantile_vectors import (
    LANES,
    LEAST_STEP,
    NO_STEP,
    ROWS,
    add_and_step,
    count_below,
    lowest_bit,
    mark_inside,
)
from kpksim.engine.compiled import allocation_free, inner

Array = Any
Number = Any
CHUNK = 128
"""Rows whose steps are counted, or marked, together: they stay in the nearest cache."""
SORTED_LANES = 32
"""Lanes that are sorted side by side."""
EQUAL_LANES = 512
"""Lanes of a block in which values equal to an edge are counted."""
ROOM = 256
"""Values that are kept for one rank of one lane, at most."""
_U = np.uint64


class Window(NamedTuple):
    """How the values of lanes become steps; lanes are in whole blocks of LANES.

    Attributes
    ----------
    offset : array, shape (lanes)
        What is added to a value before its key is taken.
    keys : array of int32, shape (3, lanes)
        Least and greatest key of a lane, and how many bits of the distance from the least are
        left out.
    """

    offset: Array
    keys: Array


class Steps(NamedTuple):
    """Steps of some blocks of lanes.

    Attributes
    ----------
    steps : flat array of int16
        Steps of LANES lanes, row after row; then those of the next block.
    rows : int
        Rows of a block, in eights; those behind the last person have NO_STEP.
    """

    steps: Array
    rows: int


@inner
def step_of(x: float, offset: float, least: int, greatest: int, shift: int) -> Number:
    """Give the step of a value: a whole number of 16 bits that rises with it up to ties.

    Its key is the upper half of its bits, which are its sign, exponent and first 20 digits. It
    rises with values that are not negative; negative ones lie below all windows.
    """
    key = min(max(np.float64(x + offset).view(np.int64) >> 32, np.int64(least)), np.int64(greatest))
    return np.int16(((key - least) >> shift) + LEAST_STEP)


@inner
def _copy_rows(values: Array, first: int, step: int, rows: int, table: Array, lanes: int) -> None:
    """Copy rows that lie a step apart into a table of SORTED_LANES columns."""
    for r in range(rows):
        at, row = _U(first + r * step), table[r * SORTED_LANES : r * SORTED_LANES + lanes]
        for j in range(lanes):
            row[j] = values[at + _U(j)]


@inner
def _sort_lanes(table: Array, runs: Array) -> None:
    """Sort every column of a table by comparing runs of its rows, from `sorting_network`."""
    for c in range(len(runs)):
        first, other = runs[c, 0] * SORTED_LANES, runs[c, 1] * SORTED_LANES
        size = runs[c, 2] * SORTED_LANES
        upper, lower = table[first : first + size], table[other : other + size]
        for j in range(size):
            a, b = upper[j], lower[j]
            ordered = a < b
            upper[j] = a if ordered else b
            lower[j] = b if ordered else a


@allocation_free
def sorted_rows(
    values: Array, step: int, rows: int, table: Array, runs: Array, wanted: Array, out: Array
) -> None:
    """Sort rows that lie a step apart, and give the wanted ones, shape (wanted, lanes).

    `table` has room for the rows of SORTED_LANES lanes.
    """
    lanes = out.shape[1]
    for c in range(0, lanes, SORTED_LANES):
        width = min(SORTED_LANES, lanes - c)
        _copy_rows(values, c, step, rows, table, width)
        _sort_lanes(table, runs)
        for k in range(len(wanted)):
            for j in range(width):
                out[k, c + j] = table[wanted[k] * SORTED_LANES + j]


@inner
def _add_and_step_rest(
    values: Array, at: int, stride: int, rows: int, lanes: int, room: Array, steps: Array, to: int,
    window: Window, lane: int, sums: Array,
) -> None:  # fmt: skip
    """Add up, and turn to steps, what does not fill ROWS rows of a block of lanes."""
    room[:] = 0.0
    for r in range(rows):
        for j in range(lanes):
            room[r * LANES + j] = values[_U(at + r * stride + j)]
    apart = sums.shape[1]
    add_and_step(room, 0, LANES, steps, to, window.offset, window.keys, apart, lane, sums)
    steps[to + rows * LANES : to + ROWS * LANES] = NO_STEP


@allocation_free
def add_and_count(
    values: Array, stride: int, n: int, first: int, lanes: int, window: Window, room: Array,
    into: Steps, edges: Array, sums: Array, below: Array,
) -> None:  # fmt: skip
    """Sum n rows of some lanes, give their steps, and count these below edges of steps.

    `edges`, and how many people lie `below` them, have the shape (3, ranks, lanes in blocks).
    """
    steps, apart, width = into.steps, sums.shape[1], edges.shape[2]
    for begin in range(0, n, CHUNK):
        end = min(begin + CHUNK, n)
        for i in range(begin, end, ROWS):
            for b in range(0, lanes, LANES):
                at, to = i * stride + first + b, b * into.rows + i * LANES
                if i + ROWS <= n and b + LANES <= lanes:
                    add_and_step(
                        values, at, stride, steps, to, window.offset, window.keys, apart,
                        first + b, sums,
                    )  # fmt: skip
                else:
                    rows, some = min(ROWS, n - i), min(LANES, lanes - b)
                    _add_and_step_rest(
                        values, at, stride, rows, some, room, steps, to, window, first + b, sums
                    )
        for b in range(0, lanes, LANES):
            for q in range(edges.shape[1]):
                at, lane = b * into.rows + begin * LANES, q * width + b
                count_below(steps, at, end - begin, edges, lane, edges.shape[1] * width, below)


@inner
def _keep(
    steps: Array, at: int, row: int, words: Array, count: int, inside: Array, kept: Array,
    kept_rows: Array,
) -> None:  # fmt: skip
    """Keep the steps that are marked, and their rows; a word holds the marks of two rows."""
    for k in range(count):
        word = words[k]
        while word != _U(0):
            bit = np.int64(lowest_bit(word))
            word &= word - _U(1)
            place, lane = 2 * k + bit // LANES, bit % LANES
            found = inside[lane]
            if found < ROOM:
                kept[lane, found] = steps[_U(at + place * LANES + lane)]
                kept_rows[lane, found] = row + place
            inside[lane] = found + 1


@inner
def count_and_keep(
    source: Steps, first: int, low: Array, high: Array, marks: Array, words: Array, wanted: Array,
    below: Array, inside: Array, kept: Array, kept_rows: Array,
) -> None:  # fmt: skip
    """Count people below brackets of steps in the lanes of a block; count and keep those inside.

    Brackets and counts have the shape (ranks, lanes); the block begins at the `first` lane, and
    ranks that are not `wanted` are left out. What is kept, shape (ranks, LANES, ROOM), are steps,
    followed by NO_STEP, and the rows that have them. `words` are the `marks` of CHUNK rows, two
    together.
    """
    lanes = slice(first, first + LANES)
    for q in range(len(wanted)):
        if wanted[q]:
            below[q, lanes], inside[q, lanes], kept[q] = 0, 0, NO_STEP
    for begin in range(0, source.rows, CHUNK):
        rows, at = min(CHUNK, source.rows - begin), first * source.rows + begin * LANES
        for q in range(len(wanted)):
            if wanted[q]:
                lane = q * low.shape[1] + first
                mark_inside(source.steps, at, rows, low, high, lane, below, marks)
                _keep(
                    source.steps, at, begin, words, rows // 2, inside[q, lanes], kept[q],
                    kept_rows[q],
                )  # fmt: skip


@allocation_free
def count_equal(
    values: Array, stride: int, n: int, edge: Array, below: Array, up_to: Array, worth: Array
) -> None:
    """Count values below edges, shape (ranks, lanes), and up to them, in blocks worth it."""
    ranks, lanes = edge.shape
    for i in range(n):
        for c in range(0, lanes, EQUAL_LANES):
            if not worth[c // EQUAL_LANES]:
                continue
            width, at = min(EQUAL_LANES, lanes - c), _U(i * stride + c)
            for q in range(ranks):
                e, less, most = edge[q, c:], below[q, c:], up_to[q, c:]
                for j in range(width):
                    x = values[at + _U(j)]
                    less[j] += x < e[j]
                    most[j] += x <= e[j]
