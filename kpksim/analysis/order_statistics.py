"""Values at given ranks among people, for many lanes at once, without sorting the people.

A few hundred people are sorted to find three edges near every rank. All the people are read once
and turned to steps of 16 bits, which stay in the cache. How many of them lie below the edges tells
the ranks of the edges and so a bracket of steps that holds the wanted rank and about 1 % of the
people. Then what lies below the bracket is counted, and what lies inside is kept; of those the few
whose steps equal the wanted one are read in full. A bracket that misses is moved and tried again,
so that it decides how long the work takes and never what comes out. Lanes where brackets do not
help, such as many equal values, or nan, are partitioned by NumPy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis import quantile_brackets as brackets
from kpksim.analysis import quantile_kernel as kernel
from kpksim.analysis import quantile_search as search
from kpksim.analysis.quantile_vectors import LANES, NO_STEP, ROWS

Array = NDArray[np.float64]
Real = NDArray[np.float64] | NDArray[np.float32]
Whole = NDArray[np.int64]
Counts = NDArray[np.int32]

FEW_PEOPLE = 400
"""Up to as many people are sorted; more are counted."""
GROUPED = 2**22
"""Steps of the lanes that are read together, or of one block when there are more people."""
BLOCKS = 8
"""Blocks of lanes that are read together: runs of memory too short are slow to read."""
WORTH = 16
"""Open lanes of a block for which all its people are read again; fewer are partitioned."""
APART = 2.2
"""Distance of the outer edges from the middle one, in standard deviations of the sample."""
GREATEST_KEY = 0x7FF00000
"""Key of infinity."""
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
        none = Ranks(wanted.n, wanted.ranks[:0])
        sums, state = _search(people, none, np.empty((3, 0, lanes)), values[:, :0])
        _sort_all(people, wanted, values)
    else:
        sums, state = _search(people, wanted, sample(people, wanted), values)
        _tie(people, wanted, state, values)
    hard = ~np.isfinite(sums[0]) | (state != brackets.DONE).any(axis=0)
    mean = sums.sum(axis=0) / wanted.n
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


def _search(
    people: Real, wanted: Ranks, edge: Array, values: Array
) -> tuple[Array, NDArray[np.uint8]]:
    """Sum the people, and find values near edges, shape (3, R, lanes), by brackets of steps.

    What comes back are totals and what they have lost, shape (2, lanes), and how it went with each
    rank, shape (R, lanes).
    """
    lanes = people.shape[1]
    run, stride = _flat(people)
    room = room_for(people, len(wanted.ranks))
    window = window_about(edge, -(-lanes // LANES) * LANES)
    sums = np.zeros((2, window.offset.size))
    state = np.where(edge[0] < edge[2], brackets.OPEN, brackets.TIED).astype(np.uint8)
    values[:] = edge[0]
    search.find_in_steps(
        run, stride, wanted.n, wanted.ranks, edge, window, room, sums, state, values
    )
    return sums[:, :lanes], state


def window_about(edge: Array, lanes: int) -> kernel.Window:
    """Give windows of keys that reach beyond the edges of all ranks.

    Keys rise with the logarithm of a value. Where values are of both signs, or lie so closely
    together that the logarithm tells little, an offset makes them rise with the value itself.
    """
    low = edge[0].min(axis=0, initial=np.inf)
    high = edge[2].max(axis=0, initial=-np.inf)
    with np.errstate(invalid="ignore", over="ignore"):
        offset = np.where((low > 0.0) & (high > 4.0 * low), 0.0, 2.0 * (high - low) - low)
        offset[~np.isfinite(offset)] = 0.0
        first, _, last = (edge + offset).view(np.int64) >> 32
    reach = last - first
    least = np.clip((first - reach).min(axis=0, initial=GREATEST_KEY), 0, GREATEST_KEY)
    greatest = np.clip((last + reach).max(axis=0, initial=0), least, GREATEST_KEY)
    shift = np.maximum(np.frexp((greatest - least) / 65535.0)[1], 0)
    padded = np.zeros(lanes), np.zeros((3, lanes), np.int32)
    padded[0][: len(offset)] = offset
    padded[1][:, : len(offset)] = least, greatest, shift
    return kernel.Window(*padded)


def room_for(people: Real, ranks: int) -> search.Room:
    """Give room to work in for a group of blocks of lanes."""
    rows = -(-len(people) // ROWS) * ROWS
    blocks = min(max(GROUPED // (rows * LANES), 1), BLOCKS, -(-people.shape[1] // LANES))
    lanes = blocks * LANES
    marks = np.zeros(kernel.CHUNK, np.uint32)
    return search.Room(
        rows=np.empty(ROWS * LANES, people.dtype),
        steps=kernel.Steps(np.empty(blocks * rows * LANES, np.int16), rows),
        edges=np.full((3, ranks, lanes), NO_STEP, np.int16),
        below=np.zeros((3, ranks, lanes), np.int32),
        low=np.full((ranks, lanes), NO_STEP, np.int16),
        high=np.full((ranks, lanes), NO_STEP, np.int16),
        under=np.zeros((ranks, lanes), np.int32),
        inside=np.zeros((ranks, lanes), np.int32),
        kept=np.empty((ranks, LANES, kernel.ROOM), np.int16),
        kept_rows=np.empty((ranks, LANES, kernel.ROOM), np.int32),
        wanted=np.zeros(ranks, np.bool_),
        marks=marks,
        words=marks.view(np.uint64),
        equals=np.empty(kernel.ROOM),
    )


def _sort_all(people: Real, wanted: Ranks, values: Array) -> None:
    """Find the values of few people by sorting them; lanes that hold nan are left in disorder."""
    run, stride = _flat(people)
    ranks = wanted.both.reshape(-1)
    table = np.zeros(wanted.n * kernel.SORTED_LANES)
    runs = sorting_network(wanted.n, tuple(ranks.tolist()))
    found = values.reshape(len(ranks), -1)
    kernel.sorted_rows(run, stride, wanted.n, table, runs, ranks, found)


def sample(people: Real, wanted: Ranks) -> Array:
    """Give a low, a middle and a high value about each rank from a sample, shape (3, R, lanes)."""
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
    return sampled.reshape(3, -1, people.shape[1])


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
    blocks = range(0, marked.shape[1], kernel.EQUAL_LANES)
    counted: Whole = np.add.reduceat(marked.any(axis=0), blocks, dtype=np.int64)
    return counted


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
