"""Values at given ranks among people, for many lanes at once, without sorting the people.

A few hundred people are sorted to find three edges near every rank. One reading of all the people
counts how many lie below the edges, which tells the ranks of the edges and so a bracket of values
that holds the wanted rank and about 1 % of the people. A second reading counts what lies below the
bracket and keeps what lies inside; among those the wanted value is picked. A bracket that misses
is moved and tried again, so that it decides how long the work takes and never what comes out.
Lanes where brackets do not help, such as many equal values, or nan, are partitioned by NumPy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis import quantile_brackets as brackets
from kpksim.analysis import quantile_kernel as kernel

Array = NDArray[np.float64]
Real = NDArray[np.float64] | NDArray[np.float32]
Whole = NDArray[np.int64]
Keys = NDArray[np.int32]

FEW_PEOPLE = 400
"""Up to as many people are sorted; more are counted."""
TRIES = 6
"""Readings with a bracket, at most."""
WORTH = 16
"""Open lanes of a block for which all its people are read again; fewer are partitioned."""
APART = 2.2
"""Distance of the outer edges from the middle one, in standard deviations of the sample."""
PARTITIONED = 2**20
"""Values that are copied and partitioned together, or one lane when there are more people."""


@dataclass(frozen=True)
class Ranks:
    """Which values are wanted of how many people.

    Attributes
    ----------
    n : int
        Number of people.
    ranks : array of int, shape (R,)
        Places in the order of the people, from 0; the value at the next place is given as well.
    """

    n: int
    ranks: Whole

    @property
    def both(self) -> Whole:
        """The ranks and the next ones, as far as there are people, shape (2, R)."""
        return np.stack([self.ranks, np.minimum(self.ranks + 1, self.n - 1)])


@dataclass(frozen=True)
class Found:
    """Order statistics of some lanes.

    Attributes
    ----------
    values : array, shape (2, R, lanes)
        Values at the ranks and at the next ones.
    mean : array, shape (lanes)
        Mean of the people.
    """

    values: Array
    mean: Array


def order_statistics(people: Real, wanted: Ranks) -> Found:
    """Give the values at some ranks, and the mean, of the people in every lane.

    Parameters
    ----------
    people : array, shape (n, lanes)
        Values whose lanes are contiguous and whose rows lie any whole number of values apart.
    wanted : Ranks
        The ranks.

    Returns
    -------
    Found
        Values and mean by lane; nan where a person has nan.
    """
    lanes = people.shape[1]
    values = np.empty((2, len(wanted.ranks), lanes))
    if wanted.n <= FEW_PEOPLE:
        total, lost, _ = _sums(people, np.empty((0, lanes)))
        _sort_all(people, wanted, values)
        hard = ~np.isfinite(total)
    else:
        edge = _sample(people, wanted)
        total, lost, below = _sums(people, edge)
        state = _states(edge, np.isfinite(total), values)
        _bracket(people, wanted, edge, below, state, values)
        _tie(people, wanted, state, values)
        hard = (state != brackets.DONE).any(axis=0)
    mean = (total + lost) / wanted.n
    _partition(people, wanted, np.flatnonzero(hard), values, mean)
    return Found(values, mean)


def _flat(people: Real) -> tuple[Real, int]:
    """See people as one run of values in memory, and say how many lie from row to row."""
    n, lanes = people.shape
    stride = people.strides[0] // people.itemsize
    run: Any = np.lib.stride_tricks.as_strided(
        people, shape=((n - 1) * stride + lanes,), strides=(people.itemsize,), writeable=False
    )
    return run, stride


def _rest(people: Real, filler: float) -> Real:
    """Copy the rows behind the last full block, and fill the block up."""
    done = len(people) // kernel.ROWS * kernel.ROWS
    rest = np.full((kernel.ROWS, people.shape[1]), filler, people.dtype)
    rest[: len(people) - done] = people[done:]
    return rest


def _sums(people: Real, edge: Array) -> tuple[Array, Array, Keys]:
    """Sum the people, and count how many of them lie below edges, shape (E, lanes).

    The people behind the last full block are summed and not counted: the counts only serve to
    find brackets.
    """
    lanes = people.shape[1]
    total, lost, below = np.zeros(lanes), np.zeros(lanes), np.zeros(edge.shape, np.int32)
    keys = np.empty(edge.shape, np.int32)
    kernel.keys_of(edge, keys)
    run, stride = _flat(people)
    in_blocks = len(people) // kernel.ROWS * kernel.ROWS
    block = np.empty(kernel.ROWS * kernel.LANES, np.int32)
    kernel.add_and_count(run, stride, in_blocks, block, keys, below, total, lost)
    rest = _rest(people, 0.0).reshape(-1)
    kernel.add_and_count(rest, lanes, kernel.ROWS, block, keys[:0], below[:0], total, lost)
    return total, lost, below


def _sort_all(people: Real, wanted: Ranks, values: Array) -> None:
    """Find the values of few people by sorting them; lanes that hold nan are left in disorder."""
    run, stride = _flat(people)
    ranks = wanted.both.reshape(-1)
    table = np.zeros(wanted.n * kernel.SORTED_LANES)
    runs = sorting_network(wanted.n, tuple(ranks.tolist()))
    found = values.reshape(len(ranks), -1)
    kernel.sorted_rows(run, stride, wanted.n, table, runs, ranks, found)


def _sample(people: Real, wanted: Ranks) -> Array:
    """Give a low, a middle and a high value about each rank from a sample, shape (3 R, lanes)."""
    run, stride = _flat(people)
    size = min(2 ** round(np.log2(wanted.n / 40.0) + 0.5), 1024)
    size = max(size, 128)
    step = wanted.n // size
    place = (wanted.ranks + 1.0) / wanted.n * size
    apart = APART * np.sqrt(place * (size - place) / size) + 0.5
    middle = np.clip(np.floor(place), 1, size - 2)
    low = np.clip(np.floor(place - apart), 0, middle - 1)
    high = np.clip(np.ceil(place + apart - 1.0), middle + 1, size - 1)
    chosen = np.concatenate([low, middle, high]).astype(np.int64)
    sampled = np.empty((len(chosen), people.shape[1]))
    table = np.zeros(size * kernel.SORTED_LANES)
    runs = sorting_network(size, tuple(chosen.tolist()))
    kernel.sorted_rows(run, step * stride, size, table, runs, chosen, sampled)
    return sampled


def _states(edge: Array, sound: NDArray[np.bool_], values: Array) -> NDArray[np.uint8]:
    """Say how the value at each rank is to be found; keep the value that seems to be a tie."""
    low, _, high = edge.reshape(3, *values.shape[1:])
    state = np.where(low < high, brackets.OPEN, brackets.TIED)
    values[:] = low
    return np.where(sound, state, brackets.HARD).astype(np.uint8)


def _tie(people: Real, wanted: Ranks, state: NDArray[np.uint8], values: Array) -> None:
    """Make sure that the values that seem to be ties are the values at their ranks."""
    tied = state == brackets.TIED
    worth = _lanes(tied) > WORTH
    if worth.any():
        run, stride = _flat(people)
        below, up_to = np.zeros(state.shape, np.int32), np.zeros(state.shape, np.int32)
        edge = np.where(tied, values[0], np.nan)
        kernel.count_equal(run, stride, wanted.n, edge, below, up_to, worth)
        first, last = wanted.both[:, :, None]
        certain = tied & (below <= first) & (last < up_to)
        values[1, certain] = values[0, certain]
        state[certain] = brackets.DONE


def _lanes(marked: NDArray[np.bool_]) -> Whole:
    """Count the lanes of each block in which a rank is marked."""
    blocks = range(0, marked.shape[1], kernel.LANES)
    counted: Whole = np.add.reduceat(marked.any(axis=0), blocks, dtype=np.int64)
    return counted


def _bracket(
    people: Real,
    wanted: Ranks,
    edge: Array,
    below: Keys,
    state: NDArray[np.uint8],
    values: Array,
) -> None:
    """Find the values at open ranks by brackets."""
    n, ranks = wanted.n, wanted.ranks
    shape = state.shape
    low, high = np.full(shape, brackets.CLOSED, np.int32), np.full(shape, brackets.CLOSED, np.int32)
    edge, below = edge.reshape(3, *shape), below.reshape(3, *shape)
    brackets.first_brackets(n, ranks, edge, below, low, high, state)
    kept = np.empty((*shape, kernel.ROOM))
    for attempt in range(TRIES):
        worth = _lanes(state == brackets.OPEN) > (WORTH if attempt else 0)
        if not worth.any():
            break
        counted, inside = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        _read(people, low, high, counted, inside, kept, worth)
        brackets.settle(n, ranks, low, high, counted, inside, kept, state, values)


def _read(
    people: Real,
    low: Keys,
    high: Keys,
    below: Keys,
    inside: Keys,
    kept: Array,
    worth: NDArray[np.bool_],
) -> None:
    """Count the people below brackets, and count and keep those inside, in blocks worth it."""
    run, stride = _flat(people)
    in_blocks = len(people) // kernel.ROWS * kernel.ROWS
    block, marks = np.empty(kernel.ROWS * kernel.LANES, np.int32), np.zeros(kernel.LANES, np.uint8)
    room = (block, marks, marks.view(np.uint64))
    brackets_of_keys = (low, high, below, inside, kept, worth)
    kernel.count_and_keep(run, stride, in_blocks, *room, *brackets_of_keys)
    rest = _rest(people, np.nan).reshape(-1)
    kernel.count_and_keep(rest, people.shape[1], kernel.ROWS, *room, *brackets_of_keys)


def _partition(people: Real, wanted: Ranks, lanes: Whole, values: Array, mean: Array) -> None:
    """Find values and means of some lanes by NumPy, which knows nan and infinity."""
    ranks, step = wanted.both, max(PARTITIONED // wanted.n, 1)
    for k in range(0, len(lanes), step):
        some = lanes[k : k + step]
        columns = np.ascontiguousarray(people[:, some].T, dtype=np.float64)
        with np.errstate(invalid="ignore", over="ignore"):
            mean[some] = np.where(np.isfinite(mean[some]), mean[some], columns.mean(axis=1))
        columns.partition(np.unique([*ranks.reshape(-1), wanted.n - 1]), axis=1)
        values[:, :, some] = np.moveaxis(columns[:, ranks], 0, -1)
        values[:, :, some[np.isnan(columns[:, -1])]] = np.nan


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
