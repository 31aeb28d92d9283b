"""Quantiles and means over people, as exact as NumPy's and as fast as the simulation of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from kpksim.analysis.order_statistics import Found, order_statistics
from kpksim.analysis.order_statistics.people import Array, Ranks, Real, contiguous, is_run
from kpksim.analysis.order_statistics.vectors import LANES
from kpksim.engine.threads import in_parts, usable_threads
from kpksim.errors import DataError

ROOMS = 9216
"""Ranks times lanes of a tile: as many edges as that are found in one go."""
COPIED = 2**21
"""Values of a tile that must be copied to be contiguous."""
SMALL = 600_000
"""Values up to which another thread costs more than it saves: 1 to 2 ms of work."""


@dataclass(frozen=True)
class PeopleSummary:
    """What is said of people instead of all their values.

    Attributes
    ----------
    quantiles : array, shape (Q, ...)
        Quantiles of the people.
    mean : array, shape (...)
        Mean of the people.
    """

    quantiles: Array
    mean: Array


def quantiles_of_people(
    values: ArrayLike, probabilities: ArrayLike, *, axis: int = 0, threads: int | None = None
) -> Array:
    """Quantiles of people, interpolated linearly between neighbours as `numpy.quantile` does.

    The result is that of ``numpy.quantile(values, probabilities, axis=axis)`` to the last bit
    (a zero may differ in its sign where zeros of both signs are equal values), and the same for
    any number of threads. Values in single precision are taken as the numbers that they are:
    neighbours are interpolated in double precision, where `numpy.quantile` rounds their
    difference to single precision. As a rule the people are read once. Memory beyond the result
    is bounded by the tile, and in each thread by 68 bytes for each person (24,000 at least) and
    probability: up to 143 MB, or for one probability where there are more than two million people.
    Curves, of which neighbouring times have the same people near a quantile, take a fifth of it.

    Parameters
    ----------
    values : array, shape (subject, ...)
        Values of people, such as concentrations [any unit]; an array whose last dimension is
        contiguous is read where it is, another is copied tile by tile.
    probabilities : float or array, shape (Q,)
        Probabilities of the quantiles, 0 to 1 [1]; 0 is the smallest value, 1 the greatest.
    axis : int
        Dimension of the people.
    threads : int, optional
        Number of threads; all processors when left out. Little work is done in one thread.

    Returns
    -------
    array, shape (Q, ...)
        Quantiles [unit of the values]; without the first dimension for a single probability;
        nan where a person has nan.

    Raises
    ------
    DataError
        If there are no people, values are not real numbers, or a probability is not within 0 to 1.

    Examples
    --------
    >>> quantiles_of_people([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]], 0.5)
    array([ 2., 20.])
    >>> quantiles_of_people([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]], [0.0, 0.75])
    array([[ 1., 10.],
           [ 3., 30.]])
    """
    return summary_of_people(values, probabilities, axis=axis, threads=threads).quantiles


def summary_of_people(
    values: ArrayLike, probabilities: ArrayLike, *, axis: int = 0, threads: int | None = None
) -> PeopleSummary:
    """Quantiles and mean of people, the mean from the reading that the quantiles need anyway.

    Parameters
    ----------
    values : array, shape (subject, ...)
        As for `quantiles_of_people`.
    probabilities : float or array, shape (Q,)
        As for `quantiles_of_people`.
    axis : int
        Dimension of the people.
    threads : int, optional
        Number of threads; all processors when left out.

    Returns
    -------
    PeopleSummary
        Quantiles as by `quantiles_of_people`, and the mean, summed with compensation: within
        1e-15 of the mean size of the values.

    Raises
    ------
    DataError
        As for `quantiles_of_people`.

    Examples
    --------
    >>> summary_of_people([[1.0, 10.0], [2.0, 20.0], [6.0, 30.0]], 0.5).mean
    array([ 3., 20.])
    """
    wanted = _probabilities(probabilities)
    people = _people(values, axis)
    virtual = (len(people) - 1) * wanted
    ranks = Ranks(len(people), np.floor(virtual).astype(np.int64).reshape(-1))
    found = _in_tiles(people, ranks, threads)
    rest = people.shape[1:]
    share = (virtual - np.floor(virtual)).reshape(-1, *[1] * len(rest))
    low, high = found.values.reshape(2, wanted.size, *rest)
    quantiles = _between(low, high, share).reshape((*wanted.shape, *rest))
    return PeopleSummary(quantiles, found.mean.reshape(rest))


def _probabilities(probabilities: ArrayLike) -> Array:
    """Check probabilities."""
    wanted = np.asarray(probabilities, dtype=np.float64)
    if wanted.ndim > 1:
        raise DataError(f"probabilities must be one number or a list, got shape {wanted.shape}")
    for one in wanted.reshape(-1):
        if not 0.0 <= one <= 1.0:
            raise DataError(f"a probability must be from 0 to 1, got {one:g}; 5 % is 0.05")
    return wanted


def _people(values: ArrayLike, axis: int) -> Real:
    """Check values, and put the people first."""
    given = np.asarray(values)
    if given.dtype.kind not in "fiub":
        raise DataError(f"values of people must be real numbers, got {given.dtype}")
    if not -given.ndim <= axis < given.ndim:
        raise DataError(f"values of shape {given.shape} have no dimension {axis} for the people")
    if given.shape[axis] == 0:
        raise DataError(
            f"quantiles need at least one person, got shape {given.shape} with people in "
            f"dimension {axis}"
        )
    if given.dtype not in (np.float64, np.float32):
        given = given.astype(np.float64)
    return np.moveaxis(given, axis, 0)


def _between(low: Array, high: Array, share: Array) -> Array:
    """Interpolate as `numpy.quantile` does, from the nearer neighbour."""
    with np.errstate(invalid="ignore", over="ignore"):
        difference = high - low
        near_low, near_high = low + difference * share, high - difference * (1.0 - share)
    return np.where(share >= 0.5, near_high, near_low)


def _in_tiles(people: Real, ranks: Ranks, threads: int | None) -> Found:
    """Find the values at ranks, tile by tile, several tiles at a time."""
    sheets = list(_sheets(people))
    workers = usable_threads() if threads is None else threads
    if people.size <= SMALL:
        workers = 1
    tiles = [tile for k, sheet in enumerate(sheets) for tile in _tiles(k, sheet, ranks, workers)]
    width = sheets[0].shape[1] if sheets else 0
    values = np.empty((2, len(ranks.ranks), len(sheets), width))
    mean = np.empty((len(sheets), width))

    def work(first: int, end: int) -> None:
        for k, lanes in tiles[first:end]:
            found = order_statistics(contiguous(sheets[k][:, lanes]), ranks)
            values[:, :, k, lanes], mean[k, lanes] = found.values, found.mean

    in_parts(work, len(tiles), part=1, threads=workers)
    return Found(values, mean)


def _sheets(people: Real) -> Iterator[Real]:
    """See people as sheets, shape (subject, lanes), without a copy: one if that can be."""
    try:
        yield people.reshape(len(people), -1, copy=False)
    except ValueError:
        for place in np.ndindex(people.shape[1:-1]):
            yield people[(slice(None), *place)]


def _tiles(k: int, sheet: Real, ranks: Ranks, workers: int) -> Iterator[tuple[int, slice]]:
    """Cut the lanes of a sheet into tiles, as many as keep all the workers busy."""
    n, lanes = sheet.shape
    blocks = -(-lanes // LANES)
    most = max(ROOMS // max(len(ranks.ranks), 1) // LANES, 2)
    if not is_run(sheet):
        most = min(most, max(COPIED // (n * LANES), 1))
    parts = -(-blocks // most)
    parts = min(-(-parts // workers) * workers, blocks)
    edges = [min(blocks * part // parts * LANES, lanes) for part in range(parts + 1) if parts]
    yield from ((k, slice(a, b)) for a, b in pairwise(edges))
