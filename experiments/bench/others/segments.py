"""A workload of infusions cut where its input changes, for solvers that restart there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.bench.workload import Workload

Array = NDArray[np.float64]
ROUNDING = 1e-9
"""Two times closer than this are one [h]."""


@dataclass(frozen=True)
class Segment:
    """A time under constant input.

    Attributes
    ----------
    start, end : float
        [h].
    feed : float
        Input rate into the compartment of the infusions [mg/h].
    first, last : int
        Observations that lie in it: ``first <= k < last``; one at its start is the state there.
    """

    start: float
    end: float
    feed: float
    first: int
    last: int


def segments(work: Workload) -> list[Segment]:
    """Cut the times of a workload at the starts and ends of its infusions."""
    when, change = np.asarray(work.actions.time), np.asarray(work.actions.rate)
    edges = np.array([*when, work.times[-1] + 1.0])
    feeds, found = np.cumsum(change), []
    places = np.searchsorted(work.times, edges - ROUNDING)
    for k in range(len(when)):
        first, last = int(places[k]), int(places[k + 1])
        end = float(min(edges[k + 1], work.times[-1]))
        found.append(Segment(float(when[k]), end, max(float(feeds[k]), 0.0), first, last))
    return found
