"""Arms of studies as problems of a model, and the courses of a calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.courses import Courses, lay_courses
from kpksim.calibration.document import ChoosingDocument
from kpksim.calibration.moments import Moment
from kpksim.calibration.statement_row import StatementRow
from kpksim.dosing import Regimen, infusion
from kpksim.dosing.regimen_document import RegimenDocument, regimen_of
from kpksim.errors import DataError
from kpksim.evidence import Study
from kpksim.library.effect_catalogue import potency_prior
from kpksim.models import Model
from kpksim.population import Draws, People, typical_person
from kpksim.simulation.effects import AFTER
from kpksim.simulation.origin import drug_of
from kpksim.simulation.problem import Problem, problem_of

Array = NDArray[np.float64]

CHOOSER = "chosen by"
"""Name of the course of the earlier test that chose responders."""


@dataclass(frozen=True)
class Places:
    """Where each moment stands among the times of all courses.

    Attributes
    ----------
    regimens : tuple of Regimen
        The courses.
    times : tuple of array
        Times of each, ascending [h].
    found : mapping
        Position among all times by (study, arm, hour).
    """

    regimens: tuple[Regimen, ...]
    times: tuple[Array, ...]
    found: Mapping[tuple[str, str, float], int]


def places_of(
    rows: Sequence[StatementRow], studies: Mapping[str, Study], chooser: Regimen | None, hour: float
) -> Places:
    """Lay the times of all statements out, course by course; arms with one regimen share one.

    Parameters
    ----------
    rows : sequence of StatementRow
        What is read.
    studies : mapping of str to Study
        Studies by key.
    chooser : Regimen or None
        What people were given at the test that chose responders.
    hour : float
        When it rated them [h].

    Returns
    -------
    Places
        The courses and where each moment stands.
    """
    asked: dict[Regimen, set[float]] = {}
    for moment in _moments(rows):
        regimen = studies[moment.study].arms[moment.arm].regimen
        if regimen is not None:
            asked.setdefault(regimen, set()).add(moment.hour)
    if chooser is not None:
        asked.setdefault(chooser, set()).add(hour)
    regimens = tuple(asked)
    times = tuple(np.array(sorted(asked[one])) for one in regimens)
    before = dict(zip(regimens, np.cumsum([0, *map(len, times)]), strict=False))
    found = {}
    for moment in _moments(rows):
        regimen = studies[moment.study].arms[moment.arm].regimen
        if regimen is not None:
            place = sorted(asked[regimen]).index(moment.hour)
            found[moment.study, moment.arm, moment.hour] = int(before[regimen]) + place
    if chooser is not None:
        place = sorted(asked[chooser]).index(hour)
        found[CHOOSER, CHOOSER, hour] = int(before[chooser]) + place
    return Places(regimens, times, found)


def _moments(rows: Sequence[StatementRow]) -> list[Moment]:
    """Give every moment of some rows."""
    return [moment for row in rows for moment in (*row.first, *row.second)]


def chooser_of(settings: ChoosingDocument) -> Regimen:
    """Give the regimen of the test that chose responders.

    Parameters
    ----------
    settings : ChoosingDocument
        What a calibration file says of it.

    Returns
    -------
    Regimen
        One dose.
    """
    document = RegimenDocument(name=CHOOSER, route=settings.route, dose=settings.dose)
    return regimen_of(document)


def courses_of(
    model: Model, places: Places, drives: Sequence[str], draw: tuple[Draws, int] | None = None
) -> Courses:
    """Compute the courses of all arms by a model.

    Parameters
    ----------
    model : Model
        The model.
    places : Places
        Regimens and times.
    drives : sequence of str
        Outputs that may drive an effect.
    draw : tuple of (Draws, int), optional
        Parameters of the model as one of its draws has them; the published ones when left out.

    Returns
    -------
    Courses
        The courses.
    """
    problems = [_problem(model, one, draw) for one in places.regimens]
    return lay_courses(problems, drives, places.times)


def _problem(model: Model, regimen: Regimen, draw: tuple[Draws, int] | None) -> Problem:
    """Put a regimen into the typical person, or into that person under one draw."""
    person: People = typical_person()
    if draw is None:
        return problem_of(model, regimen, person)
    draws, which = draw
    drawn = draws.of(person).chosen(np.array([which]))
    return problem_of(model, regimen, drawn)


def reference_curves(
    model: Model, drives: Sequence[str], draw: tuple[Draws, int] | None = None
) -> dict[str, Array]:
    """Concentrations after 0.5 mg/kg over 40 min, from the end of the infusion on.

    Parameters
    ----------
    model : Model
        The model.
    drives : sequence of str
        Its outputs.
    draw : tuple of (Draws, int), optional
        Parameters as one draw has them.

    Returns
    -------
    dict of str to array, shape (R,)
        Concentrations [ng/mL].
    """
    regimen = infusion("0.5 mg/kg", over="40 min", drug=model.drug)
    times = regimen.doses[0].dose.over + AFTER
    found = _problem(model, regimen, draw).concentrations(drives, times)[0]
    return {drive: found[k] for k, drive in enumerate(drives)}


def potent(model: Model, regimens: Sequence[Regimen]) -> NDArray[np.bool_]:
    """Tell the courses of an enantiomer whose drive per milligram differs from the model's drug.

    Parameters
    ----------
    model : Model
        The model.
    regimens : sequence of Regimen
        The courses.

    Returns
    -------
    array of bool, shape (number of courses,)
        True for esketamine in a model of the racemate.
    """
    found = [potency_prior(drug_of(one)) is not None for one in regimens]
    return np.array(found) & (model.drug == "racemic ketamine")


def one_arm(row: StatementRow, studies: Mapping[str, Study]) -> StatementRow:
    """Give a row in which people of several arms with one regimen are one arm.

    Parameters
    ----------
    row : StatementRow
        A row.
    studies : mapping of str to Study
        Studies by key.

    Returns
    -------
    StatementRow
        The same row, or with the moments of its first arm alone.

    Raises
    ------
    DataError
        If different people with different regimens are taken together.
    """
    if row.same or len({one.arm for one in row.first}) == 1:
        return row
    arms = list(dict.fromkeys(one.arm for one in row.first))
    given = {studies[row.first[0].study].arms[one].regimen for one in arms}
    if len(given) > 1:
        raise DataError(
            f"statement {row.id}: takes different people with different regimens together "
            f"({', '.join(arms)}); give it one arm"
        )
    return replace(row, first=tuple(one for one in row.first if one.arm == arms[0]))


def at_peak(row: StatementRow, studies: Mapping[str, Study], model: Model) -> StatementRow:
    """Give a row about the peak of a span with the moment of the highest level alone.

    Parameters
    ----------
    row : StatementRow
        A row.
    studies : mapping of str to Study
        Studies by key.
    model : Model
        Pharmacokinetic model.

    Returns
    -------
    StatementRow
        The same row, or with one moment.
    """
    if not row.peak:
        return row
    regimen = studies[row.first[0].study].arms[row.first[0].arm].regimen
    if regimen is None:
        return row
    times = np.array([one.hour for one in row.first])
    level = problem_of(model, regimen, typical_person()).concentrations(["ketamine"], times)
    return replace(row, first=(row.first[int(level[0, 0].argmax())],))
