"""Values at ranks, and means, of people: the parts of the search put together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis.order_statistics import brackets, kept, reading, search
from kpksim.analysis.order_statistics.people import Array, Ranks, Real, Whole, as_run
from kpksim.analysis.order_statistics.rows import EDGES
from kpksim.analysis.order_statistics.sample import sample
from kpksim.analysis.order_statistics.sorting import sort_all
from kpksim.analysis.order_statistics.vectors import LANES, NO_STEP, ROWS
from kpksim.engine.vectors import aligned

FEW_PEOPLE = 400
"""Up to as many people are sorted; more are counted."""
GROUPED = 3 * 2**18
"""Values of the lanes that are read together, or of one block when there are more people."""
BLOCKS = 8
"""Blocks of lanes that are read together: runs of memory too short are slow to read."""
WORTH = 16
"""Open lanes of a block for which all its people are read again; fewer are partitioned."""
GREATEST_KEY = 0x7FF00000
"""Key of infinity."""
TOGETHER = 2**21
"""People times ranks for which who is near is kept at a time, or one rank when there are more."""
PARTITIONED = 2**20
"""Values that are copied and partitioned together, or one lane when there are more people."""


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
        sort_all(people, wanted, values)
    else:
        sums, state = _search(people, wanted, sample(people, wanted), values)
        _tie(people, wanted, state, values)
    hard = ~np.isfinite(sums[0]) | (state != brackets.DONE).any(axis=0)
    mean = sums.sum(axis=0) / wanted.n
    _partition(people, wanted, np.flatnonzero(hard), values, mean)
    return Found(values, mean)


def _search(
    people: Real, wanted: Ranks, edge: Array, values: Array
) -> tuple[Array, NDArray[np.uint8]]:
    """Sum the people, and find values near edges, shape (3, R, lanes), by brackets of steps.

    What comes back are totals and what they have lost, shape (2, lanes), and how it went with each
    rank, shape (R, lanes).
    """
    lanes = people.shape[1]
    run, stride = as_run(people)
    together, ranks = max(TOGETHER // wanted.n, 1), len(wanted.ranks)
    window = window_about(edge, -(-lanes // LANES) * LANES)
    state = np.where(edge[0] < edge[2], brackets.OPEN, brackets.TIED).astype(np.uint8)
    values[:] = edge[0]
    for first in range(0, max(ranks, 1), together):
        some = slice(first, min(first + together, ranks))
        room = room_for(people, some.stop - first)
        sums = np.zeros((2, window.offset.size))
        found, how = np.ascontiguousarray(values[:, some]), state[some]
        search.find_in_steps(
            run, stride, wanted.n, wanted.ranks[some], np.ascontiguousarray(edge[:, some]), window,
            room, sums, how, found,
        )  # fmt: skip
        values[:, some] = found
    return sums[:, :lanes], state


def window_about(edge: Array, lanes: int) -> reading.Window:
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
    return reading.Window(*padded)


def room_for(people: Real, ranks: int) -> search.Room:
    """Give room to work in for a group of blocks of lanes."""
    n, most = len(people), -(-people.shape[1] // LANES)
    blocks = min(GROUPED // (n * LANES), TOGETHER // (n * max(ranks, 1)), BLOCKS, most)
    blocks = max(blocks, 1)
    lanes, chunk = blocks * LANES, reading.CHUNK
    edges = np.full((EDGES, ranks, lanes), NO_STEP, np.int16)
    return search.Room(
        chunk=reading.Chunk(
            values=np.empty(ROWS * LANES, people.dtype),
            steps=aligned(chunk * lanes, dtype=np.int16),
            listed=np.empty(chunk, np.int32),
        ),
        near=reading.Near(
            steps=aligned(blocks * ranks * n * LANES, dtype=np.int16),
            people=np.empty((blocks, ranks, n), np.int32),
            listed=np.zeros((blocks, ranks), np.int64),
        ),
        windows=reading.Windows(edges[0], np.full((ranks, lanes), NO_STEP, np.int16)),
        beneath=np.zeros((ranks, lanes), np.int32),
        edges=edges,
        below=np.zeros((EDGES, ranks, lanes), np.int32),
        low=np.full((ranks, lanes), NO_STEP, np.int16),
        high=np.full((ranks, lanes), NO_STEP, np.int16),
        under=np.zeros((ranks, lanes), np.int32),
        inside=np.zeros((ranks, lanes), np.int32),
        kept=np.empty((ranks, LANES, kept.ROOM), np.int16),
        kept_rows=np.empty((ranks, LANES, kept.ROOM), np.int32),
        wanted=np.zeros(ranks, np.bool_),
        marks=np.empty(search.LISTED, np.uint32),
        marked=np.empty(search.LISTED, np.int32),
        equals=np.empty(kept.ROOM),
        spare=np.zeros((2, most * LANES)),
    )


def _tie(people: Real, wanted: Ranks, state: NDArray[np.uint8], values: Array) -> None:
    """Make sure that the values that seem to be ties are the values at their ranks."""
    tied = state == brackets.TIED
    worth = _lanes(tied) > WORTH
    if worth.any():
        run, stride = as_run(people)
        below, up_to = np.zeros(state.shape, np.int32), np.zeros(state.shape, np.int32)
        edge = np.where(tied, values[0], np.nan)
        reading.count_equal(run, stride, wanted.n, edge, below, up_to, worth)
        first, last = wanted.both[:, :, None]
        certain = tied & (below <= first) & (last < up_to)
        values[1, certain] = values[0, certain]
        state[certain] = brackets.DONE


def _lanes(marked: NDArray[np.bool_]) -> Whole:
    """Count the lanes of each block in which a rank is marked."""
    blocks = range(0, marked.shape[1], reading.EQUAL_LANES)
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
