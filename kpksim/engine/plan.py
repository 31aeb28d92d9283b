"""The observations cut into runs of equal cells, once for all subjects.

The plan knows nothing of subjects and their actions, so that the arithmetic on one subject does not
depend on the others, nor on how subjects are shared out.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kpksim.engine.actions import Array, Indices

ROUNDING = 4.0
"""Gaps that differ by this many units in the last place of the later time are the same gap."""

FEW_CELLS = 8
"""A step with fewer cells gets no table: its cells are gone through one by one."""

LARGEST_BLOCK = 64
"""Most cells that are read off one state."""


@dataclass(frozen=True)
class Plan:
    """Runs of cells, and the steps that have a table.

    Attributes
    ----------
    runs : array of int, shape (R, 3)
        First and last observation of each run, and the number of its step; -1 for none.
    steps : array, shape (H,)
        Length of a cell [h].
    block : array of int, shape (H,)
        Cells that are read off one state, a power of two.
    """

    runs: Indices
    steps: Array
    block: Indices


def plan(times: Array, n_outputs: int) -> Plan:
    """Cut the observations into runs.

    Parameters
    ----------
    times : array, shape (T,)
        Times of the observations, ascending [h].
    n_outputs : int
        Outputs of a cell; a table pays the later the more they are.

    Returns
    -------
    Plan
        Runs, in order.
    """
    spans = _spans(times)
    lengths = np.array(_common_steps(times, spans))
    cells = np.array([last - first for first, last in spans], dtype=np.int64)
    steps, number = np.unique(lengths, return_inverse=True)
    total = np.bincount(number, cells, minlength=len(steps)).astype(np.int64)
    longest = np.zeros(len(steps), dtype=np.int64)
    np.maximum.at(longest, number, cells)
    kept = (total >= FEW_CELLS) & (steps > 0.0)
    place = np.where(kept, np.cumsum(kept) - 1, -1)
    runs = np.array(
        [(first, last, place[k]) for (first, last), k in zip(spans, number, strict=True)],
        dtype=np.int64,
    ).reshape(-1, 3)
    return Plan(runs, steps[kept], _blocks(total[kept], longest[kept], n_outputs))


def _blocks(total: Indices, longest: Indices, n_outputs: int) -> Indices:
    """Give the cells in a block of each step.

    A table costs the more the longer its blocks are, and going from block to block the less.
    """
    wanted = np.minimum(np.sqrt(4.0 * total / n_outputs), longest)
    exponent = np.ceil(np.log2(np.clip(wanted, 1.0, LARGEST_BLOCK)))
    return np.asarray(2**exponent, dtype=np.int64)


def cells_of(time: Array, rank: Indices, times: Array, order: Indices) -> Indices:
    """Count the observations that come before each action.

    Parameters
    ----------
    time, rank : array, shape (S or 1, E)
        When actions happen [h], and their rank among things at the same time.
    times, order : array, shape (T,)
        Times of the observations and their ranks.

    Returns
    -------
    array of int, shape (S, E)
        Observation before which each action happens; T for those after the last one.
    """
    before = np.searchsorted(times, time, side="left")
    with_tied = np.searchsorted(times, time, side="right")
    result = before
    for one in np.unique(rank):
        lower = np.r_[0, np.cumsum(order < one)]
        result = np.where(rank == one, before + lower[with_tied] - lower[before], result)
    return result


def _spans(times: Array) -> list[tuple[int, int]]:
    """First and last observation of each run of equal gaps."""
    gaps = np.diff(times)
    if not len(gaps):
        return []
    same = np.abs(np.diff(gaps)) <= ROUNDING * np.spacing(np.abs(times[2:]))
    edges = np.r_[0, np.flatnonzero(~same) + 1, len(gaps)]
    return [(int(a), int(b)) for a, b in pairwise(edges)]


def _common_steps(times: Array, spans: list[tuple[int, int]]) -> list[float]:
    """Step of each piece, one number for steps that agree to rounding.

    The mean step of a run is exact to rounding of its end divided by its number of cells, so long
    runs come first and lend their step to others only where the sum of the cells stays exact.
    """
    steps = [0.0] * len(spans)
    known: list[float] = []
    for index in sorted(range(len(spans)), key=lambda i: spans[i][0] - spans[i][1]):
        first, last = spans[index]
        step = float(times[last] - times[first]) / (last - first)
        slack = ROUNDING * np.spacing(abs(times[last])) / (last - first)
        place = bisect_left(known, step)
        beside = known[max(place - 1, 0) : place + 1]
        near = min([np.inf, *beside], key=lambda one: abs(one - step))
        if abs(near - step) > slack:
            known.insert(place, step)
            near = step
        steps[index] = near
    return steps
