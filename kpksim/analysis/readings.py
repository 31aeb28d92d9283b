"""A course of concentrations in one person, and what can be read off it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis.exposure import area_without_end, first_peak
from kpksim.analysis.intravenous import Intravenous, intravenous
from kpksim.dosing import Regimen
from kpksim.engine import Solution, integral, solve
from kpksim.simulation.grid import default_times
from kpksim.simulation.problem import Problem, on_times

Array = NDArray[np.float64]
AFTER = 24.0
"""Peaks are looked for until this long after the last dose [h]."""
_NEAR = np.linspace(-1.0, 1.0, 41)
_AREAS = ("auc", "auc_ratio", "f")


@dataclass(frozen=True)
class Reading:
    """How one observation is read.

    Attributes
    ----------
    metric : str
        One of `kpksim.analysis.observables.METRICS`.
    enantiomer : str
        ``"sum"``, ``"s"`` or ``"r"``.
    outputs : tuple of str
        Its output, and of a ratio that below the line; empty where the model has it not.
    time : float
        Time of a concentration [h].
    window : tuple of float
        Start and end of an area or a half-life [h].
    """

    metric: str
    enantiomer: str
    outputs: tuple[str, ...]
    time: float
    window: tuple[float, float]


@dataclass(frozen=True)
class Course:
    """Concentrations in one person under one regimen; each thing is computed when it is read.

    Attributes
    ----------
    problem : Problem
        One person.
    regimen : Regimen
        The doses.
    readings : tuple of Reading
        All that will be read, so that one solve is enough.
    """

    problem: Problem
    regimen: Regimen
    readings: tuple[Reading, ...]

    def read(self, one: Reading) -> float:
        """Give the value of a reading, in the units of `kpksim.analysis.prediction.predict`.

        Parameters
        ----------
        one : Reading
            One of `readings`.

        Returns
        -------
        float
            The value; nan where the course does not have it.
        """
        return float(_READ[one.metric](self, one))

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Every output that is read, A of them."""
        return tuple(dict.fromkeys(name for one in self.readings for name in one.outputs))

    @cached_property
    def rows(self) -> Array:
        """Rows of the outputs, shape (1, A, m)."""
        return self.problem.rows(self.outputs)

    @cached_property
    def times(self) -> Array:
        """Times at which concentrations are needed, and the last action when an area has no end."""
        moments = [one.time for one in self.readings]
        moments += [m for one in self.readings if one.metric == "t_half" for m in one.window]
        if any(one.metric in ("cmax", "tmax") for one in self.readings):
            moments += self.grid.tolist()
        if any(np.isinf(one.window[1]) for one in self.readings):
            moments.append(float(self.problem.actions.time.max()))
        return np.unique([moment for moment in moments if np.isfinite(moment)])

    @cached_property
    def grid(self) -> Array:
        """The default grid, on which peaks are looked for [h]."""
        doses = np.array([timed.time for timed in self.regimen.doses])
        events = np.unique(self.problem.actions.time[0])
        return default_times(np.concatenate([events, doses]), doses, events.max() + AFTER)

    @cached_property
    def solution(self) -> Solution:
        """Concentrations at `times`, shape (1, A, T), and the state at the end."""
        return self._solved(self.times)

    @cached_property
    def peaks(self) -> tuple[Array, Array]:
        """Tmax [h] and Cmax [ng/mL] of each output, looked for once more between grid points."""
        curves, places = self.solution.at[0], np.arange(len(self.outputs))
        found = np.array([first_peak(curves), curves.argmax(axis=-1)])
        gaps = np.diff(self.times, prepend=self.times[0], append=self.times[-1])
        wide = np.maximum(gaps[found], gaps[found + 1])
        near = np.clip(self.times[found][..., None] + wide[..., None] * _NEAR, 0.0, self.times[-1])
        fine = np.unique(np.append(near, self.times[found]))
        values = self._solved(fine).at[0]
        inside = np.abs(fine - self.times[found][..., None]) <= wide[..., None]
        best = np.where(inside, values, -np.inf).argmax(axis=-1)
        return fine[best[0]], values[places, best[1]]

    @cached_property
    def intravenous(self) -> Intravenous | None:
        """The same doses given IV at once; None where the model cannot say."""
        return intravenous(self.problem, self.regimen, self.outputs)

    @cached_property
    def ends(self) -> Array:
        """Finite ends of all areas, and the last time when one has no end [h]."""
        windows = [one.window for one in self.readings if one.metric in _AREAS]
        ends = [end if np.isfinite(end) else self.times[-1] for pair in windows for end in pair
                if not np.isnan(end)]  # fmt: skip
        return np.unique(ends)

    @cached_property
    def areas(self) -> Array:
        """Areas up to each of `ends`, shape (A, E) [ng h/mL]."""
        problem = self.problem
        found: Array = integral(problem.rates, problem.actions, self.ends, self.rows)[0]
        return found

    @cached_property
    def areas_after(self) -> Array:
        """Areas after the last of `times`, shape (A,) [ng h/mL]."""
        found: Array = area_without_end(self.problem, self.solution.state, self.rows)[0]
        return found

    def area(self, output: str, window: tuple[float, float]) -> float:
        """Give the area of an output over a window [ng h/mL].

        Parameters
        ----------
        output : str
            One of `outputs`.
        window : tuple of float
            Start and end of a reading of an area [h].

        Returns
        -------
        float
            The area; nan where the window is not stated.
        """
        start, end = window
        if np.isnan(end):
            return np.nan
        k, last = self.outputs.index(output), end if np.isfinite(end) else self.times[-1]
        until, before = np.searchsorted(self.ends, [last, start])
        rest = 0.0 if np.isfinite(end) else self.areas_after[k]
        return float(self.areas[k, until] - self.areas[k, before] + rest)

    def at(self, output: str, time: float) -> float:
        """Give the concentration of an output at one of `times` [ng/mL]."""
        place = int(np.searchsorted(self.times, time))
        return float(self.solution.at[0, self.outputs.index(output), place])

    def _solved(self, times: Array) -> Solution:
        """Solve for concentrations at some times."""
        problem = self.problem
        return solve(problem.rates, on_times(problem.actions, times), times, self.rows)


def _concentration(course: Course, one: Reading) -> float:
    """Read a concentration [ng/mL]."""
    return np.nan if np.isnan(one.time) else course.at(one.outputs[0], one.time)


def _tmax(course: Course, one: Reading) -> float:
    """Read the time of the peak [h]."""
    return float(course.peaks[0][course.outputs.index(one.outputs[0])])


def _cmax(course: Course, one: Reading) -> float:
    """Read the peak [ng/mL]."""
    return float(course.peaks[1][course.outputs.index(one.outputs[0])])


def _auc(course: Course, one: Reading) -> float:
    """Read an area [ng h/mL]."""
    return course.area(one.outputs[0], one.window)


def _auc_ratio(course: Course, one: Reading) -> float:
    """Read a ratio of areas in mass [1]."""
    above, below = (course.area(output, one.window) for output in one.outputs)
    return above / below if below > 0.0 else np.nan


def _t_half(course: Course, one: Reading) -> float:
    """Read the half-life between both ends of a window [h]."""
    start, end = one.window
    if not np.isfinite([start, end]).all() or end <= start:
        return np.nan
    first, last = (course.at(one.outputs[0], moment) for moment in one.window)
    return float(np.log(2.0) * (end - start) / np.log(first / last)) if first > last else np.nan


def _f(course: Course, one: Reading) -> float:
    """Read the bioavailability, all doses together [1]."""
    if course.intravenous is None:
        return np.nan
    of_iv = course.intravenous.area[course.outputs.index(one.outputs[0])]
    return course.area(one.outputs[0], one.window) / float(of_iv)


def _cl(course: Course, one: Reading) -> float:
    """Read the clearance [L/h]."""
    if course.intravenous is None or not one.outputs[0].startswith("ketamine"):
        return np.nan
    return course.intravenous.clearance(course.outputs.index(one.outputs[0]), one.enantiomer)


def _vss(course: Course, one: Reading) -> float:
    """Read the volume of distribution in steady state [L]."""
    if course.intravenous is None or not one.outputs[0].startswith("ketamine"):
        return np.nan
    return course.intravenous.volume(course.outputs.index(one.outputs[0]), one.enantiomer)


_READ: dict[str, Callable[[Course, Reading], float]] = {
    "concentration": _concentration,
    "cmax": _cmax,
    "tmax": _tmax,
    "auc": _auc,
    "auc_ratio": _auc_ratio,
    "t_half": _t_half,
    "f": _f,
    "cl": _cl,
    "vss": _vss,
}
