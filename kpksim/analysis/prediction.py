"""What a model says of observations: one solve per group of people, all read off it."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis.observables import METRICS, Observable, given_drug, output_of
from kpksim.analysis.readings import Course, Reading
from kpksim.dosing import Regimen
from kpksim.errors import unknown
from kpksim.models import Model
from kpksim.population import typical_person
from kpksim.simulation.problem import problem_of

Array = NDArray[np.float64]


def predict(
    model: Model,
    regimen: Regimen,
    observations: Iterable[Observable],
    *,
    weight: float,
    site: str = "unknown",
) -> Array:
    """Observations in one group of people, as a model predicts them for its typical person.

    Parameters
    ----------
    model : Model
        The model.
    regimen : Regimen
        What the people were given.
    observations : iterable of Observable
        What was measured in them, O of them.
    weight : float
        Their body weight [kg].
    site : str
        Where their blood was drawn; ``"unknown"`` takes the model's main site.

    Returns
    -------
    array, shape (O,)
        Concentrations and Cmax [ng/mL], Tmax by the clock of the regimen and half-life [h],
        areas [ng h/mL], ratios of areas in mass and bioavailability [1], clearance [L/h], volume
        of distribution in steady state [L]. nan where the model has no such output or no IV
        route to compare with, or the observation does not state its window.

    Raises
    ------
    KpksimError
        If the model cannot be given the regimen, or an observation has an unknown metric.

    Notes
    -----
    A half-life is that of the straight line through the logarithms at both ends of its window.
    Bioavailability compares the area without end with that of the same doses given IV at once; a
    ratio of areas without a window is one of areas without end. Bioavailability, clearance and
    volume are numbers of a linear model; elsewhere they are nan.

    Examples
    --------
    >>> import kpksim as kp
    >>> from types import SimpleNamespace
    >>> asked = SimpleNamespace(analyte="ketamine", enantiomer="s", metric="cl")
    >>> regimen = kp.bolus("35 mg", drug="esketamine")
    >>> predict(kp.load_model("otto2021"), regimen, [asked], weight=70.0).round(1).tolist()
    [95.2]
    """
    drug = given_drug(regimen)
    readings = [_reading(model, drug, one, site) for one in observations]
    known = [one for one in readings if one.outputs]
    if not known:
        return np.full(len(readings), np.nan)
    course = Course(problem_of(model, regimen, typical_person(weight)), regimen, tuple(known))
    return np.array([course.read(one) if one.outputs else np.nan for one in readings])


def _reading(model: Model, drug: str, one: Observable, site: str) -> Reading:
    """Say how an observation is read off a course."""
    metric = one.metric
    if metric not in METRICS:
        raise unknown("metric", metric, list(METRICS))
    analytes = (one.analyte, one.over) if metric == "auc_ratio" else (one.analyte,)
    named = [output_of(model, drug, analyte, one.enantiomer, site) for analyte in analytes]
    outputs = tuple(name for name in named if name)
    time = one.time if metric == "concentration" else np.nan
    return Reading(
        metric=metric,
        enantiomer=one.enantiomer,
        outputs=outputs if len(outputs) == len(named) else (),
        time=time,
        window=_window(one) if metric in ("auc", "auc_ratio", "f", "t_half") else (np.nan, np.nan),
    )


def _window(one: Observable) -> tuple[float, float]:
    """Give start and end of a window: all time for a share, and for a ratio that states none."""
    if one.metric == "f" or (one.metric == "auc_ratio" and np.isnan(one.window[1])):
        return 0.0, np.inf
    start, end = one.window
    return (0.0 if np.isnan(start) and one.metric != "t_half" else start), end
