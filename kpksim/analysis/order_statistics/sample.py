"""Values near wanted ranks, found among some of the people."""

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis.order_statistics.people import Array, Ranks, Real, Whole, as_run
from kpksim.analysis.order_statistics.sorting import (
    GREATEST_INT,
    SORTED_LANES,
    sorted_keys,
    sorted_rows,
    sorting_network,
)

APART = 2.2
"""Distance of the outer edges from the middle one, in standard deviations of the sample."""


def sample(people: Real, wanted: Ranks) -> Array:
    """Give a low, a middle and a high value about each rank from a sample, shape (3, R, lanes)."""
    run, stride = as_run(people)
    size = min(2 ** round(np.log2(wanted.n / 40.0) + 0.5), 1024)
    size = max(size, 128)
    step = wanted.n // size
    place = (wanted.ranks + 1.0) / wanted.n * size
    apart = APART * np.sqrt(place * (size - place) / size) + 0.5
    middle = np.clip(np.floor(place), 1, size - 2)
    low = np.clip(np.floor(place - apart), 0, middle - 1)
    high = np.clip(np.ceil(place + apart - 1.0), middle + 1, size - 1)
    chosen = np.concatenate([low, middle, high]).astype(np.int64)
    keys = np.empty((len(chosen), people.shape[1]), np.int32)
    table = np.zeros(size * SORTED_LANES, np.int32)
    runs = sorting_network(size, tuple(chosen.tolist()))
    sorted_keys(run, step * stride, size, table, runs, chosen, keys)
    edges = _of_keys(keys).reshape(3, -1, people.shape[1])
    alike = (edges[0] >= edges[2]).any(axis=0)
    _sort_alike(people[: step * size : step], alike, chosen, runs, edges)
    return edges


def _of_keys(keys: NDArray[np.int32]) -> Array:
    """Give the values of keys, without the digits that these leave out."""
    turned = keys ^ ((keys >> 31) & GREATEST_INT)
    values: Array = (turned.astype(np.int64) << 32).view(np.float64)
    return values


def _sort_alike(
    sampled: Real, alike: NDArray[np.bool_], chosen: Whole, runs: Whole, edges: Array
) -> None:
    """Find the edges of lanes whose keys are alike from the values, with all their digits."""
    size, lanes = sampled.shape
    table = np.zeros(size * SORTED_LANES)
    for first in range(0, lanes, SORTED_LANES):
        some = slice(first, min(first + SORTED_LANES, lanes))
        if alike[some].any():
            run, stride = as_run(sampled[:, some])
            found = edges[:, :, some].reshape(len(chosen), -1)
            sorted_rows(run, stride, size, table, runs, chosen, found)
            edges[:, :, some] = found.reshape(3, -1, found.shape[1])
