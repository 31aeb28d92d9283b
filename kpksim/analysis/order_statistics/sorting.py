"""Sorting of a few rows of people in many lanes at once, by a network of comparisons."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from kpksim.analysis.order_statistics.people import Ranks, Real, Whole, as_run
from kpksim.analysis.order_statistics.vectors import ask_for
from kpksim.engine.compiled import allocation_free, inner

Array = Any
SORTED_LANES = 32
"""Lanes that are sorted side by side."""
LINE = 8
"""Values of a line of the cache, or half a line of those in single precision."""
GREATEST_INT = np.int32(2**31 - 1)
_U = np.uint64


@inner
def _copy_rows(values: Array, first: int, step: int, rows: int, table: Array, lanes: int) -> None:
    """Copy rows that lie a step apart into a table of SORTED_LANES columns."""
    for r in range(rows):
        at, row = _U(first + r * step), table[r * SORTED_LANES : r * SORTED_LANES + lanes]
        for j in range(lanes):
            row[j] = values[at + _U(j)]


@inner
def _copy_keys(values: Array, first: int, step: int, rows: int, table: Array, lanes: int) -> None:
    """Copy the keys of rows that lie a step apart, and ask for the lanes that come next.

    The key of a negative value is turned over, so that keys rise with all values.
    """
    for r in range(rows):
        at, row = _U(first + r * step), table[r * SORTED_LANES : r * SORTED_LANES + lanes]
        for line in range(0, SORTED_LANES + 1, LINE):
            ask_for(values, first + r * step + SORTED_LANES + line)
        for j in range(lanes):
            key = np.int32(np.float64(values[at + _U(j)]).view(np.int64) >> 32)
            row[j] = key ^ ((key >> 31) & GREATEST_INT)


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


@inner
def _give_rows(table: Array, wanted: Array, first: int, lanes: int, out: Array) -> None:
    """Give the wanted rows of a table to lanes from the first on."""
    for k in range(len(wanted)):
        for j in range(lanes):
            out[k, first + j] = table[wanted[k] * SORTED_LANES + j]


@allocation_free
def sorted_rows(
    values: Array, step: int, rows: int, table: Array, runs: Array, wanted: Array, out: Array
) -> None:
    """Sort rows that lie a step apart, and give the wanted ones, shape (wanted, lanes).

    `table` has room for the rows of SORTED_LANES lanes.
    """
    for c in range(0, out.shape[1], SORTED_LANES):
        width = min(SORTED_LANES, out.shape[1] - c)
        _copy_rows(values, c, step, rows, table, width)
        _sort_lanes(table, runs)
        _give_rows(table, wanted, c, width, out)


@allocation_free
def sorted_keys(
    values: Array, step: int, rows: int, table: Array, runs: Array, wanted: Array, out: Array
) -> None:
    """Do as `sorted_rows`, but for the keys of values, as whole numbers of 32 bits."""
    for c in range(0, out.shape[1], SORTED_LANES):
        width = min(SORTED_LANES, out.shape[1] - c)
        _copy_keys(values, c, step, rows, table, width)
        _sort_lanes(table, runs)
        _give_rows(table, wanted, c, width, out)


def sort_all(people: Real, wanted: Ranks, values: Array) -> None:
    """Find the values of few people by sorting them; lanes that hold nan are left in disorder.

    Parameters
    ----------
    people : array, shape (n, lanes)
        Values.
    wanted : Ranks
        The ranks.
    values : array, shape (2, R, lanes)
        Where the values at the ranks and at the next ones go.
    """
    run, stride = as_run(people)
    ranks = wanted.both.reshape(-1)
    table = np.zeros(wanted.n * SORTED_LANES)
    runs = sorting_network(wanted.n, tuple(ranks.tolist()))
    found = values.reshape(len(ranks), -1)
    sorted_rows(run, stride, wanted.n, table, runs, ranks, found)


@lru_cache(maxsize=64)
def sorting_network(n: int, wanted: tuple[int, ...]) -> Whole:
    """Give runs of rows whose comparison, in order, sorts n rows as far as is wanted.

    Batcher's merge exchange (Knuth, The Art of Computer Programming, volume 3, 1998, algorithm
    5.2.2M), without the comparisons that no wanted row depends on. A run is its first row, the
    row that one is compared with, and how many rows from these on are compared in the same way,
    shape (runs, 3).
    """
    kept, needed = [], np.zeros(n, bool)
    needed[list(wanted)] = True
    for upper, apart in reversed(list(_merge_exchange(n))):
        upper = upper[needed[upper] | needed[upper + apart]]
        needed[upper] = needed[upper + apart] = True
        starts = np.flatnonzero(np.diff(upper, prepend=-2) > 1)
        sizes = np.diff(starts, append=len(upper))
        kept.append(np.stack([upper[starts], upper[starts] + apart, sizes], axis=1))
    return np.concatenate([*kept[::-1], np.empty((0, 3), np.int64)])


def _merge_exchange(n: int) -> Iterator[tuple[Whole, int]]:
    """Give rounds of comparisons that sort n rows: rows, and how far apart the others are."""
    top = 1 << max(n - 1, 1).bit_length() - 1
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while True:
            upper = np.arange(max(n - d, 0))
            upper = upper[(upper & p) == r]
            yield upper, d
            if q == p:
                break
            d, q, r = q - p, q >> 1, p
        p >>= 1
