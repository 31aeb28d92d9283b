"""Inner loops of order statistics that read all people: adding, listing who is near, counting.

People are rows, and a lane is one column, such as one time of one analyte. `values` is flat: lane
j of person i is ``values[i * stride + j]``. They are read once, in the order in which they lie in
memory, and turned to steps, 16 bits each. Only people who have a step near a wanted rank in some
lane of a block are kept: so few stay in the nearest caches.
"""

from typing import Any, NamedTuple

import numpy as np

from kpksim.analysis.order_statistics.rows import WORD, rows_near, store_rows
from kpksim.analysis.order_statistics.vectors import (
    LANES,
    ROWS,
    add_and_step,
)
from kpksim.engine.compiled import allocation_free, inner
from kpksim.engine.vectors import lowest_bit

Array = Any
Number = Any
CHUNK = 128
"""Rows whose steps are compared together: they stay in the nearest cache."""
EQUAL_LANES = 512
"""Lanes of a block in which values equal to an edge are counted."""
NONE, ONE = np.uint64(0), np.uint64(1)
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


class Near(NamedTuple):
    """People near wanted ranks, block by block of lanes and rank by rank; R are the ranks.

    Attributes
    ----------
    steps : flat array of int16
        Steps of LANES lanes of one person after another; there is room for all people each time.
    people : array of int32, shape (blocks, R, people)
        Who they are.
    listed : array of int64, shape (blocks, R)
        How many they are.
    """

    steps: Array
    people: Array
    listed: Array


class Windows(NamedTuple):
    """What is near a rank, in steps; L are the lanes of a group, in whole blocks.

    Attributes
    ----------
    least, most : array of int16, shape (R, L)
        The steps that are near.
    """

    least: Array
    most: Array


class Chunk(NamedTuple):
    """Room for CHUNK rows of a group.

    Attributes
    ----------
    values : array, shape (ROWS * LANES)
        Values that do not fill a block, of the kind of the people's values.
    steps : array of int16, shape (CHUNK * L)
        Steps of the rows, block by block.
    listed : array of int32, shape (CHUNK)
        Rows of a block that are near a rank.
    """

    values: Array
    steps: Array
    listed: Array


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


@inner
def _add_and_step_rows(
    values: Array, stride: int, begin: int, end: int, first: int, lanes: int, window: Window,
    chunk: Chunk, sums: Array,
) -> None:  # fmt: skip
    """Sum some rows of some lanes, and give their steps."""
    apart = sums.shape[1]
    for i in range(begin, end, ROWS):
        for b in range(0, lanes, LANES):
            at, to = i * stride + first + b, b * CHUNK + (i - begin) * LANES
            if i + ROWS <= end and b + LANES <= lanes:
                add_and_step(
                    values, at, stride, chunk.steps, to, window.offset, window.keys, apart,
                    first + b, sums,
                )  # fmt: skip
            else:
                rows, some = min(ROWS, end - i), min(LANES, lanes - b)
                _add_and_step_rest(
                    values, at, stride, rows, some, chunk.values, chunk.steps, to, window,
                    first + b, sums,
                )  # fmt: skip


@inner
def _list_rows(
    chunk: Chunk, at: int, begin: int, rows: int, windows: Windows, lane: int, near: Near,
    beneath: Array,
) -> None:  # fmt: skip
    """Store the rows of a block that are near ranks, and count those below windows."""
    ranks, width = windows.least.shape
    block, size, listed = lane // LANES, near.people.shape[2], chunk.listed
    for q in range(ranks):
        found = 0
        for first in range(0, rows, WORD):
            word = rows_near(
                chunk.steps, at + first * LANES, min(WORD, rows - first), windows.least,
                windows.most, q * width + lane, beneath,
            )  # fmt: skip
            while word != NONE:
                listed[found] = first + lowest_bit(word)
                word &= word - ONE
                found += 1
        to = (block * ranks + q) * size + near.listed[block, q]
        store_rows(chunk.steps, at, listed, found, begin, near.steps, near.people, to)
        near.listed[block, q] += found


@inner
def add_and_list(
    values: Array, stride: int, n: int, first: int, lanes: slice, window: Window,
    windows: Windows, chunk: Chunk, near: Near, sums: Array, beneath: Array,
) -> None:  # fmt: skip
    """Sum n rows of some lanes of a group, list who is near ranks, and count who is below that.

    The group begins at the `first` lane of values and window; `lanes` are whole blocks of it, but
    for the last lanes of all. Counts have the shape (R, lanes of the group).
    """
    blocks = range(lanes.start, lanes.stop, LANES)
    for b in blocks:
        near.listed[b // LANES] = 0
        beneath[:, b : b + LANES] = 0
    for begin in range(0, n, CHUNK):
        end = min(begin + CHUNK, n)
        _add_and_step_rows(
            values, stride, begin, end, first + lanes.start, lanes.stop - lanes.start, window,
            chunk, sums,
        )  # fmt: skip
        for b in blocks:
            at = (b - lanes.start) * CHUNK
            _list_rows(chunk, at, begin, end - begin, windows, b, near, beneath)


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
