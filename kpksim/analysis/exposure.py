"""Exposure metrics of simulated concentrations, from the system itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpksim.dosing import Regimen
from kpksim.engine import area_after, integral, solve, terminal_rate
from kpksim.errors import ModelError, unknown
from kpksim.models import Model
from kpksim.population import People, typical_person
from kpksim.simulation.grid import default_times
from kpksim.simulation.problem import Problem, problem_of

Array = NDArray[np.float64]
METRICS = {
    "cmax": "ng/mL",
    "tmax": "h",
    "auc_horizon": "ng h/mL",
    "auc_inf": "ng h/mL",
    "t_half": "h",
}
"""Exposure metrics and their units."""
PEOPLE_AT_ONCE = 32
SAME_PEAK = 1e-3
"""Relative difference up to which two peaks of a course count as one [1]."""
_REFINE = np.linspace(0.0, 1.0, 41)


@dataclass(frozen=True)
class Exposure:
    """Exposure of S people to A analytes.

    Attributes
    ----------
    cmax : array, shape (S, A)
        Largest concentration up to the horizon [ng/mL].
    tmax : array, shape (S, A)
        When it is reached, by the clock of the simulation [h].
    auc_horizon : array, shape (S, A)
        Area under the curve up to the horizon [ng h/mL].
    auc_inf : array, shape (S, A)
        Area under the curve of all doses, without end [ng h/mL].
    t_half : array, shape (S, A)
        Half-life of the last phase [h]; nan where there is none, and in a model that is not
        linear while concentrations are not yet far below every km and ec50.
    """

    cmax: Array
    tmax: Array
    auc_horizon: Array
    auc_inf: Array
    t_half: Array


def exposure(
    model: Model,
    regimen: Regimen,
    *,
    horizon: float,
    subjects: People | None = None,
    outputs: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Exposure metrics of the typical person, or of people.

    Areas are integrals by the system itself, exact in a linear model, not sums over a grid.

    Parameters
    ----------
    model : Model
        The model.
    regimen : Regimen
        The doses.
    horizon : float
        End of the observation [h].
    subjects : People, optional
        S people; the typical person of 70 kg when left out.
    outputs : sequence of str, optional
        Which concentrations; all of the model when left out.

    Returns
    -------
    pandas.DataFrame
        One row per person and analyte: subject, analyte, cmax, tmax, auc_horizon, auc_inf,
        t_half in the units of `METRICS`.

    Raises
    ------
    KpksimError
        If the model cannot be given the regimen or has no such output, or the horizon is not
        after the first dose.

    Examples
    --------
    The area is dose over clearance, 35 mg / 95.2 L/h:

    >>> import kpksim as kp
    >>> table = exposure(kp.load_model("reference_racemic_2026a"), kp.bolus("35 mg"), horizon=24.0)
    >>> round(float(table["auc_inf"][0]), 1)
    367.6
    """
    names = tuple(outputs if outputs is not None else model.outputs)
    for name in names:
        if name not in model.outputs:
            raise unknown(f"output of {model.name}", name, list(model.outputs))
    people = subjects or typical_person()
    problem = problem_of(model, regimen, people)
    found = exposures(problem, names, _grid(problem, regimen, horizon))
    index = pd.MultiIndex.from_product(
        [range(1, len(people) + 1), names], names=["subject", "analyte"]
    )
    columns = {metric: getattr(found, metric).ravel() for metric in METRICS}
    return pd.DataFrame(columns, index=index).reset_index()


def exposures(
    problem: Problem, outputs: Sequence[str], times: Array, curves: Array | None = None
) -> Exposure:
    """Exposure metrics of every person of a problem.

    Parameters
    ----------
    problem : Problem
        S people.
    outputs : sequence of str
        Names of A outputs.
    times : array, shape (T,)
        Grid on which peaks are looked for; its end is the horizon [h].
    curves : array, shape (S, A, T), optional
        Concentrations on that grid [ng/mL]: peaks are taken from them. Without them peaks are
        looked for between the points of the grid as well.

    Returns
    -------
    Exposure
        The metrics.

    Raises
    ------
    ModelError
        If drug stays for ever where an output sees it, so that an area has no end.
    """
    rows = problem.rows(outputs)
    tmax, cmax = _peaks(problem, outputs, times) if curves is None else _largest(times, curves)
    last = max(float(times[-1]), float(problem.actions.time.max()))
    ends = np.unique([float(times[-1]), last])
    areas = integral(problem.rates, problem.actions, ends, rows)
    state = solve(problem.rates, problem.actions, ends, rows).state
    rate = terminal_rate(problem.rates, state, rows)
    return Exposure(
        cmax=cmax,
        tmax=tmax,
        auc_horizon=areas[:, :, 0],
        auc_inf=areas[:, :, -1] + area_without_end(problem, state, rows),
        t_half=np.log(2.0) / rate,
    )


def area_without_end(problem: Problem, state: Array, rows: Array) -> Array:
    """Area under each output from now to infinity, without further input.

    Parameters
    ----------
    problem : Problem
        S people, m compartments that drug reaches.
    state : array, shape (S, m)
        Amounts now [mg].
    rows : array, shape (S, A, m)
        Rows of A outputs.

    Returns
    -------
    array, shape (S, A)
        Areas [output * h].

    Raises
    ------
    ModelError
        If drug stays for ever where an output sees it.
    """
    try:
        return area_after(problem.rates, state, rows)
    except np.linalg.LinAlgError:
        raise ModelError(
            f"{problem.model.name}: drug stays for ever in a compartment that an output sees, so "
            "its area is infinite; add a flow that leaves the body"
        ) from None


def _grid(problem: Problem, regimen: Regimen, horizon: float) -> Array:
    """Give the default grid of a problem."""
    doses = np.array([timed.time for timed in regimen.doses])
    events = np.unique(problem.actions.time[0])
    return default_times(np.concatenate([events, doses]), doses, horizon)


def _peaks(problem: Problem, outputs: Sequence[str], times: Array) -> tuple[Array, Array]:
    """Find peaks, in few people at a time: they share the fine grids around all their peaks."""
    starts = range(0, len(problem.people), PEOPLE_AT_ONCE)
    groups = [problem.chosen(slice(start, start + PEOPLE_AT_ONCE)) for start in starts]
    found = [_peaks_of_group(group, group.rows(outputs), times) for group in groups]
    tmax, cmax = zip(*found, strict=True)
    return np.concatenate(tmax), np.concatenate(cmax)


def _peaks_of_group(problem: Problem, rows: Array, times: Array) -> tuple[Array, Array]:
    """Find peaks on a grid, then twice on a grid 20 times finer around each."""
    curves = solve(problem.rates, problem.actions, times, rows).at
    first, largest = first_peak(curves), curves.argmax(axis=-1)
    tmax, _ = _refined(problem, rows, times, first)
    _, cmax = _refined(problem, rows, times, largest)
    return tmax, cmax


def _refined(
    problem: Problem, rows: Array, times: Array, place: NDArray[np.intp]
) -> tuple[Array, Array]:
    """Give time and value of each peak, looked for between the neighbours of a grid point."""
    for _ in range(2):
        low = times[np.maximum(place - 1, 0)]
        high = times[np.minimum(place + 1, len(times) - 1)]
        fine = low[..., None] + (high - low)[..., None] * _REFINE
        times = np.unique(np.concatenate([fine.ravel(), times[place].ravel()]))
        curves = solve(problem.rates, problem.actions, times, rows).at
        near = (times >= low[..., None]) & (times <= high[..., None])
        place = np.where(near, curves, -np.inf).argmax(axis=-1)
    return times[place], np.take_along_axis(curves, place[..., None], axis=-1)[..., 0]


def _largest(times: Array, curves: Array) -> tuple[Array, Array]:
    """Give time of the first peak and the largest value on a grid, each of shape (S, A)."""
    return times[first_peak(curves)], curves.max(axis=-1)


def first_peak(curves: Array) -> NDArray[np.intp]:
    """Find the first of the peaks that are within `SAME_PEAK` of the largest.

    Equal doses give peaks that only a trace of the earlier ones tells apart.

    Parameters
    ----------
    curves : array, shape (..., T)
        Concentrations over time.

    Returns
    -------
    array of int, shape (...)
        Places of the peaks.
    """
    rises = np.diff(curves, prepend=-np.inf, axis=-1) >= 0.0
    falls = np.diff(curves, append=-np.inf, axis=-1) <= 0.0
    high = curves >= (1.0 - SAME_PEAK) * curves.max(axis=-1, keepdims=True)
    place: NDArray[np.intp] = (rises & falls & high).argmax(axis=-1)
    return place
