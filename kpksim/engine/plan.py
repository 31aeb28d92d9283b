"""What happens when: the observations cut into runs of equal cells and cells with actions.

The plan holds no amounts. It is made once for all subjects, so that the arithmetic on one subject
does not depend on how subjects are shared out.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from kpksim.engine.actions import Array, Indices, Schedule

ROUNDING = 4.0
"""Gaps that differ by this many units in the last place of the later time are the same gap."""


@dataclass(frozen=True)
class Run:
    """Observations `first` to `last`, equal steps apart, without an action in between."""

    first: int
    last: int
    step: float


@dataclass(frozen=True)
class Busy:
    """The cell that ends at an observation and in which some subject has an action.

    Attributes
    ----------
    end : int
        Observation at its end; the cell of observation 0 has no start.
    gap, step : float
        Its length as the difference of the times, and as the length that equal cells share [h].
    first, count : array of int, shape (S,)
        First action of each subject in the cell, and how many.
    """

    end: int
    gap: float
    step: float
    first: Indices
    count: Indices

    def of(self, subjects: slice) -> "Busy":
        """Give the cell as some of the subjects see it."""
        return replace(self, first=self.first[subjects], count=self.count[subjects])


@dataclass(frozen=True)
class Plan:
    """Pieces of the time axis in order; the first is the busy cell of observation 0."""

    times: Array
    pieces: tuple[Run | Busy, ...]


def plan(schedule: Schedule, times: Array, order: Indices) -> Plan:
    """Cut the observations into runs and busy cells."""
    cell = _cells(schedule, times, order)
    n_times = len(times)
    busy = np.union1d(cell[cell < n_times], [0])
    spans = _spans(times, busy)
    steps = _common_steps(times, spans)
    pieces: list[Run | Busy] = [_busy(cell, 0, np.nan, np.nan)]
    for (first, last), step in zip(spans, steps, strict=True):
        if np.isin(last, busy):
            pieces.append(_busy(cell, last, times[last] - times[first], step))
        else:
            pieces.append(Run(first, last, step))
    return Plan(times, tuple(pieces))


def _cells(schedule: Schedule, times: Array, order: Indices) -> Indices:
    """Count the observations that come before each action, shape (S, E)."""
    before = np.searchsorted(times, schedule.time, side="left")
    with_tied = np.searchsorted(times, schedule.time, side="right")
    result = before
    for rank in np.unique(schedule.order):
        lower = np.r_[0, np.cumsum(order < rank)]
        tied = lower[with_tied] - lower[before]
        result = np.where(schedule.order == rank, before + tied, result)
    return result


def _busy(cell: Indices, end: int, gap: float, step: float) -> Busy:
    """Give the busy cell before an observation."""
    return Busy(end, gap, step, (cell < end).sum(axis=1), (cell == end).sum(axis=1))


def _spans(times: Array, busy: Indices) -> list[tuple[int, int]]:
    """First and last observation of each piece: busy cells alone, equal free cells together."""
    gaps = np.diff(times)
    if not len(gaps):
        return []
    same = np.abs(np.diff(gaps)) <= ROUNDING * np.spacing(np.abs(times[2:]))
    starts = np.r_[0, np.flatnonzero(~same) + 1, busy[1:] - 1, busy[1:], len(gaps)]
    edges = np.unique(starts[starts <= len(gaps)])
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
        step = (times[last] - times[first]) / (last - first)
        slack = ROUNDING * np.spacing(abs(times[last])) / (last - first)
        near = min(known, key=lambda other: abs(other - step), default=np.inf)
        if abs(near - step) > slack:
            known.append(step)
            near = step
        steps[index] = float(near)
    return steps
