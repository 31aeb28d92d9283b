"""Targets: points of curves by which posteriors, hypotheses and checks are compared.

Single parameters are not what the statements determine; points of curves are. A calibration file
names them in its `[[targets]]`: a regimen and a time, in the typical study.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.arms import Places, courses_of, potent, reference_curves
from kpksim.calibration.curves import Curves
from kpksim.calibration.document import ChangesDocument, TargetDocument
from kpksim.calibration.fits import Asked
from kpksim.calibration.problem import Problem
from kpksim.calibration.setting import NO_CHANGES, Setting
from kpksim.documents import at_place, check_document
from kpksim.dosing import Regimen
from kpksim.dosing.regimen_document import RegimenDocument, regimen_of
from kpksim.errors import DataError
from kpksim.library.hypotheses import Hypothesis
from kpksim.population import Draws
from kpksim.units import hours
from kpksim.vocabulary import QUANTITIES

Array = NDArray[np.float64]

NO_EXPECTATION = "none"


@dataclass(frozen=True)
class TargetCurves:
    """Typical curves of one hypothesis at the targets of a calibration.

    Attributes
    ----------
    documents : tuple of TargetDocument
        The targets, in the order of the file.
    hour : array, shape (T,)
        When each is read, since its first dose [h].
    place : array of int, shape (T,)
        Position of each among the times of `curves`.
    curves : Curves
        Typical curves at the times of all targets.
    unit : str
        Of what they are.
    """

    documents: tuple[TargetDocument, ...]
    hour: Array
    place: NDArray[np.int64]
    curves: Curves
    unit: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the targets."""
        return tuple(one.name for one in self.documents)


def target_curves(
    setting: Setting, hypothesis: Hypothesis, draw: tuple[Draws, int] | None = None
) -> TargetCurves:
    """Compute what one hypothesis needs at the targets of a calibration file.

    Parameters
    ----------
    setting : Setting
        A calibration file with what it names.
    hypothesis : Hypothesis
        What drives the effect and how.
    draw : tuple of (Draws, int), optional
        Parameters of the pharmacokinetic model as one of its draws has them.

    Returns
    -------
    TargetCurves
        The curves.

    Raises
    ------
    KpksimError
        If a quantity cannot be read or a dose cannot be given.
    """
    documents = tuple(setting.settings.targets)
    asked = [(regimen_of_target(one), hours(one.at)) for one in documents]
    places = _places(asked)
    return TargetCurves(
        documents=documents,
        hour=np.array([hour for _, hour in asked]),
        place=np.array([places.found["target", str(k), hour] for k, (_, hour) in enumerate(asked)]),
        curves=Curves(
            hypothesis=hypothesis,
            courses=courses_of(setting.model, places, hypothesis.drives, draw),
            reference=reference_curves(setting.model, hypothesis.drives, draw),
            potent=potent(setting.model, places.regimens),
        ),
        unit=QUANTITIES[setting.settings.outcome].unit,
    )


def targets(curves: TargetCurves, names: tuple[str, ...], values: Array) -> Array:
    """Compute the targets for some parameters.

    Parameters
    ----------
    curves : TargetCurves
        Typical curves at the targets.
    names : tuple of str
        Names of the parameters, in the order of the columns of `values`.
    values : array, shape (n, P)
        Parameters as a sampler has them, times in h.

    Returns
    -------
    array, shape (n, T)
        Change of a symptom [%], score of dissociation [points] or change of a pressure [mmHg] in
        the typical study; of a symptom what the drug does alone unless a target names an
        expectation.
    """
    found = np.empty((len(values), len(curves.documents)))
    for k, row in enumerate(values):
        found[k] = _one(curves, dict(zip(names, row.tolist(), strict=True)))
    return found


def target_values(
    asked: Asked,
    problem: Problem,
    values: Array,
    *,
    draw: tuple[Draws, int] | None = None,
    changes: ChangesDocument = NO_CHANGES,
) -> Array:
    """Give the targets of a calibration file under some draws.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    problem : Problem
        The problem whose parameters they are.
    values : array, shape (n, P)
        Draws.
    draw : tuple of (Draws, int), optional
        Parameters of the pharmacokinetic model as one of its draws has them.
    changes : ChangesDocument
        What is done otherwise.

    Returns
    -------
    array, shape (n, number of targets)
        In the unit of the outcome.
    """
    if not asked.settings.targets:
        return np.empty((len(values), 0))
    curves = target_curves(asked.setting(changes), problem.hypothesis, draw)
    return targets(curves, problem.names, values)


def _one(curves: TargetCurves, named: Mapping[str, float]) -> Array:
    """Compute the targets for one set of parameters."""
    drug = curves.curves.effect(named)[curves.place]
    if curves.curves.hypothesis.structure != "symptom":
        return drug
    changed: Array = 100.0 * np.expm1(-(drug + _expectation(curves, named)))
    return changed


def _expectation(curves: TargetCurves, named: Mapping[str, float]) -> Array:
    """Give what expectation takes from the logarithm of a score, where a target asks for it."""
    designs = [one.with_expectation for one in curves.documents]
    ends = np.array([0.0 if one == NO_EXPECTATION else named[_END[one]] for one in designs])
    lost: Array = -np.log1p(ends * np.expm1(-curves.hour / named["tau_p"]))
    return lost


_END = {"blinded": "p_blind", "open": "p_open"}


def check_targets(documents: Sequence[TargetDocument]) -> None:
    """Refuse targets that no simulation could give.

    Parameters
    ----------
    documents : sequence of TargetDocument
        The targets of a calibration file.

    Raises
    ------
    DataError
        If a dose cannot be given, or a time cannot be read or lies before the first dose.
    """
    for one in documents:
        with at_place(f'targets "{one.name}"'):
            regimen_of_target(one)
            if hours(one.at) < 0.0:
                raise DataError(f'at: must be a time after the first dose, got "{one.at}"')


def regimen_of_target(document: TargetDocument) -> Regimen:
    """Give the regimen of a target.

    Parameters
    ----------
    document : TargetDocument
        The target.

    Returns
    -------
    Regimen
        What is given.
    """
    given = document.model_dump(include={"name", "route", "dose", "over", "every", "product"})
    repeated = {"times": document.times} if document.every is not None else {}
    checked = check_document(given | repeated, RegimenDocument, "regimen")
    return regimen_of(checked)


def _places(asked: list[tuple[Regimen, float]]) -> Places:
    """Lay the times of all targets out; targets with one regimen share a course."""
    times: dict[Regimen, set[float]] = {}
    for regimen, hour in asked:
        times.setdefault(regimen, set()).add(hour)
    before = dict(zip(times, np.cumsum([0, *map(len, times.values())]), strict=False))
    found = {
        ("target", str(k), hour): int(before[regimen]) + sorted(times[regimen]).index(hour)
        for k, (regimen, hour) in enumerate(asked)
    }
    return Places(tuple(times), tuple(np.array(sorted(one)) for one in times.values()), found)
