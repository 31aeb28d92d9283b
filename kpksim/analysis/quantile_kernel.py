"""Inner loops of order statistics that read people: sorting, adding, counting and keeping by lane.

People are rows, and a lane is one column, such as one time of one analyte. `values` is flat: lane
j of person i is ``values[i * stride + j]``. Rows are read in the order in which they lie in memory,
eight at a time. They are compared by keys, whole numbers of half their size that have their order
up to ties; what is kept of them is kept in full.
"""

from typing import Any

import numpy as np

from kpksim.engine.compiled import allocation_free, strictly_rounded

Array = Any
Number = Any
ROWS = 8
"""Rows of a block."""
LANES = 512
"""Lanes of a block; it stays in the nearest cache."""
SORTED_LANES = 32
"""Lanes that are sorted side by side."""
ROOM = 256
"""Values that are kept for one rank of one lane, at most."""
_U = np.uint64
_MULTIPLIER = np.uint64(0x03F79D71B4CB0A89)
_PLACES = np.zeros(64, np.int64)
_PLACES[[((0x03F79D71B4CB0A89 << k) % 2**64) >> 58 for k in range(64)]] = np.arange(64)


@allocation_free
def key_of(x: float) -> Number:
    """Give a whole number of 32 bits that rises with x: its sign, exponent and first 20 digits."""
    high = np.int32(np.float64(x).view(np.int64) >> 32)
    return high ^ ((high >> np.int32(31)) & np.int32(0x7FFFFFFF))


@allocation_free
def keys_of(values: Array, keys: Array) -> None:
    """Give the keys of values, shape (rows, lanes)."""
    for r in range(len(values)):
        for j in range(values.shape[1]):
            keys[r, j] = key_of(values[r, j])


@allocation_free
def _copy_rows(values: Array, first: int, step: int, rows: int, table: Array, lanes: int) -> None:
    """Copy rows that lie a step apart into a table of SORTED_LANES columns."""
    for r in range(rows):
        at, row = _U(first + r * step), table[r * SORTED_LANES : r * SORTED_LANES + lanes]
        for j in range(lanes):
            row[j] = values[at + _U(j)]


@allocation_free
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


@strictly_rounded
def _add_rows(
    values: Array, first: int, stride: int, block: Array, total: Array, lost: Array
) -> None:
    """Give the keys of eight rows; add them to a total, and what its rounding loses to another."""
    s = _U(stride)
    r0 = _U(first)
    r1, r2, r4 = r0 + s, r0 + _U(2) * s, r0 + _U(4) * s
    r3, r5, r6, r7 = r1 + _U(2) * s, r1 + _U(4) * s, r2 + _U(4) * s, r1 + _U(6) * s
    for j in range(len(total)):
        k = _U(j)
        x0, x1 = np.float64(values[r0 + k]), np.float64(values[r1 + k])
        x2, x3 = np.float64(values[r2 + k]), np.float64(values[r3 + k])
        x4, x5 = np.float64(values[r4 + k]), np.float64(values[r5 + k])
        x6, x7 = np.float64(values[r6 + k]), np.float64(values[r7 + k])
        block[j], block[j + LANES] = key_of(x0), key_of(x1)
        block[j + 2 * LANES], block[j + 3 * LANES] = key_of(x2), key_of(x3)
        block[j + 4 * LANES], block[j + 5 * LANES] = key_of(x4), key_of(x5)
        block[j + 6 * LANES], block[j + 7 * LANES] = key_of(x6), key_of(x7)
        x = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7))
        t = total[j]
        y = t + x
        z = y - t
        total[j] = y
        lost[j] += (t - (y - z)) + (x - z)


@allocation_free
def _key_rows(values: Array, first: int, stride: int, block: Array, lanes: int) -> None:
    """Give the keys of eight rows."""
    s = _U(stride)
    r0 = _U(first)
    r1, r2, r4 = r0 + s, r0 + _U(2) * s, r0 + _U(4) * s
    r3, r5, r6, r7 = r1 + _U(2) * s, r1 + _U(4) * s, r2 + _U(4) * s, r1 + _U(6) * s
    for j in range(lanes):
        k = _U(j)
        block[j], block[j + LANES] = key_of(values[r0 + k]), key_of(values[r1 + k])
        block[j + 2 * LANES], block[j + 3 * LANES] = key_of(values[r2 + k]), key_of(values[r3 + k])
        block[j + 4 * LANES], block[j + 5 * LANES] = key_of(values[r4 + k]), key_of(values[r5 + k])
        block[j + 6 * LANES], block[j + 7 * LANES] = key_of(values[r6 + k]), key_of(values[r7 + k])


@allocation_free
def _count(block: Array, edge: Array, below: Array) -> None:
    """Count the keys of a block below an edge."""
    for j in range(len(edge)):
        e = edge[j]
        below[j] += (
            np.int32(block[j] < e)
            + np.int32(block[j + LANES] < e)
            + np.int32(block[j + 2 * LANES] < e)
            + np.int32(block[j + 3 * LANES] < e)
            + np.int32(block[j + 4 * LANES] < e)
            + np.int32(block[j + 5 * LANES] < e)
            + np.int32(block[j + 6 * LANES] < e)
            + np.int32(block[j + 7 * LANES] < e)
        )


@allocation_free
def _mark(block: Array, low: Array, high: Array, below: Array, marks: Array) -> None:
    """Count the keys of a block below a bracket; mark those in it, a byte for a lane."""
    for j in range(len(low)):
        a, b = low[j], high[j]
        x0, x1 = block[j], block[j + LANES]
        x2, x3 = block[j + 2 * LANES], block[j + 3 * LANES]
        x4, x5 = block[j + 4 * LANES], block[j + 5 * LANES]
        x6, x7 = block[j + 6 * LANES], block[j + 7 * LANES]
        b0, b1, b2, b3 = x0 < a, x1 < a, x2 < a, x3 < a
        b4, b5, b6, b7 = x4 < a, x5 < a, x6 < a, x7 < a
        few = (np.int32(b0) + np.int32(b1)) + (np.int32(b2) + np.int32(b3))
        below[j] += few + (np.int32(b4) + np.int32(b5)) + (np.int32(b6) + np.int32(b7))
        marks[j] = np.uint8(
            (b0 ^ (x0 <= b)) * 1
            | (b1 ^ (x1 <= b)) * 2
            | (b2 ^ (x2 <= b)) * 4
            | (b3 ^ (x3 <= b)) * 8
            | (b4 ^ (x4 <= b)) * 16
            | (b5 ^ (x5 <= b)) * 32
            | (b6 ^ (x6 <= b)) * 64
            | (b7 ^ (x7 <= b)) * 128
        )


@allocation_free
def _keep(values: Array, at: int, stride: int, words: Array, inside: Array, kept: Array) -> None:
    """Keep the marked values of eight rows by lane; a word holds the marks of eight lanes."""
    for k in range(len(words)):
        word = words[k]
        while word != _U(0):
            lowest = word & (_U(0) - word)
            bit = _PLACES[np.int64((lowest * _MULTIPLIER) >> _U(58))]
            word ^= lowest
            lane = 8 * k + (bit >> 3)
            found = inside[lane]
            if found < ROOM:
                kept[lane, found] = values[_U(at + (bit & 7) * stride + lane)]
            inside[lane] = found + 1


@allocation_free
def add_and_count(
    values: Array,
    stride: int,
    n: int,
    block: Array,
    edge: Array,
    below: Array,
    total: Array,
    lost: Array,
) -> None:
    """Sum n rows by lane, and count keys below edges, shape (edges, lanes); n is in eights."""
    lanes = len(total)
    for i in range(0, n, ROWS):
        for c in range(0, lanes, LANES):
            e = min(c + LANES, lanes)
            _add_rows(values, i * stride + c, stride, block, total[c:e], lost[c:e])
            for q in range(len(edge)):
                _count(block, edge[q, c:e], below[q, c:e])


@allocation_free
def count_and_keep(
    values: Array,
    stride: int,
    n: int,
    block: Array,
    marks: Array,
    words: Array,
    low: Array,
    high: Array,
    below: Array,
    inside: Array,
    kept: Array,
    wanted: Array,
) -> None:
    """Count people below brackets of keys, shape (ranks, lanes); count and keep those inside.

    The n rows are in eights; `kept` has the shape (ranks, lanes, ROOM); blocks of lanes that are
    not `wanted` are left out. `words` are the marks of LANES lanes, eight together.
    """
    ranks, lanes = low.shape
    for i in range(0, n, ROWS):
        for c in range(0, lanes, LANES):
            if not wanted[c // LANES]:
                continue
            e, at = min(c + LANES, lanes), i * stride + c
            _key_rows(values, at, stride, block, e - c)
            marks[e - c :] = 0
            for q in range(ranks):
                _mark(block, low[q, c:e], high[q, c:e], below[q, c:e], marks)
                _keep(values, at, stride, words, inside[q, c:e], kept[q, c:e])


@allocation_free
def count_equal(
    values: Array, stride: int, n: int, edge: Array, below: Array, up_to: Array, worth: Array
) -> None:
    """Count values below edges, shape (ranks, lanes), and up to them, in blocks worth it."""
    ranks, lanes = edge.shape
    for i in range(n):
        for c in range(0, lanes, LANES):
            if not worth[c // LANES]:
                continue
            width, at = min(LANES, lanes - c), _U(i * stride + c)
            for q in range(ranks):
                e, less, most = edge[q, c:], below[q, c:], up_to[q, c:]
                for j in range(width):
                    x = values[at + _U(j)]
                    less[j] += x < e[j]
                    most[j] += x <= e[j]
