"""Doses that repeat: equal doses at equal spacing, found in a list of doses."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpksim.dosing.dose import Dose, Timed

SAME_TIME = 1e-12
"""Relative difference up to which two times are one: rounding, 1e-12 of a year is 32 us."""


@dataclass(frozen=True)
class Series:
    """Equal doses at equal spacing; a single dose is a series of one.

    Attributes
    ----------
    dose : Dose
        What is given each time.
    start : float
        Time of the first dose [h].
    every : float
        Time from one dose to the next; 0 when there is one dose [h].
    count : int
        Number of doses.

    Examples
    --------
    >>> Series(Dose(35.0, per_kg=False, route="iv"), start=2.0, every=12.0, count=3).last
    26.0
    """

    dose: Dose
    start: float
    every: float
    count: int

    @property
    def last(self) -> float:
        """Time of the last dose [h]."""
        return self.start + (self.count - 1) * self.every


def find_series(doses: Sequence[Timed]) -> tuple[Series, ...]:
    """Group doses into series, in the order in which the series start.

    Parameters
    ----------
    doses : sequence of Timed
        Doses sorted by time.

    Returns
    -------
    tuple of Series
        Series that together hold every dose exactly once.

    Examples
    --------
    >>> dose = Dose(35.0, per_kg=False, route="iv")
    >>> [(s.start, s.every, s.count) for s in find_series([Timed(t, dose) for t in (0.0, 12, 24)])]
    [(0.0, 12.0, 3)]
    """
    by_dose: dict[Dose, list[float]] = {}
    for timed in doses:
        by_dose.setdefault(timed.dose, []).append(timed.time)
    series = [
        Series(dose, run[0], _spacing(run), len(run))
        for dose, times in by_dose.items()
        for run in _runs(times)
    ]
    return tuple(sorted(series, key=lambda one: one.start))


def _runs(times: list[float]) -> Iterator[list[float]]:
    """Cut ascending times into runs of equal spacing, from the first time on."""
    run: list[float] = []
    for time in times:
        if run and not _continues(run, time):
            yield run
            run = []
        run.append(time)
    yield run


def _continues(run: list[float], time: float) -> bool:
    """Tell whether a time is the next one of a run; after a single time any later one is."""
    if len(run) == 1:
        return time > run[0]
    return math.isclose(time, run[-1] + _mean_gap(run), rel_tol=SAME_TIME)


def _spacing(run: list[float]) -> float:
    """Give the spacing that reproduces the times of a run: the first gap when it is exact."""
    if len(run) == 1:
        return 0.0
    gap = run[1] - run[0]
    exact = all(run[0] + k * gap == time for k, time in enumerate(run))
    return gap if exact else _mean_gap(run)


def _mean_gap(run: list[float]) -> float:
    """Give the mean spacing of a run of two or more."""
    return (run[-1] - run[0]) / (len(run) - 1)
