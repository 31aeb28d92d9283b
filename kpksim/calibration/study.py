"""A whole calibration: fits, other choices, studies left out, and what may be said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import xarray as xr

from kpksim.calibration.analysis import analysis_task, by_weights, weights_tell
from kpksim.calibration.carried import Carried, carried_of, carry_task, without
from kpksim.calibration.document import CalibrationDocument, ChangesDocument
from kpksim.calibration.fits import Asked, fit_task, read_fits
from kpksim.calibration.folder import EARLIER
from kpksim.calibration.modes import Plan, asked_in, plan_of
from kpksim.calibration.runs import Overview, run_tasks
from kpksim.calibration.samples import Samples
from kpksim.calibration.targets import check_targets
from kpksim.calibration.tasks import Task, read_result, take_over
from kpksim.calibration.verdict import Evidence, combine, shifted
from kpksim.documents import at_place, read_document
from kpksim.errors import DataError, unknown

Tell = Callable[[Overview], None]

NO_CORRECTION = Evidence(0.0, 0.0)
"""Of ln Z, where nothing is known better than under the typical person."""


@dataclass(frozen=True)
class Done:
    """Everything that was computed.

    Attributes
    ----------
    asked : Asked
        The calibration file.
    plan : Plan
        What was fitted.
    fits : mapping of str to tuple of Samples
        Main fits by hypothesis, one for each seed.
    analyses : mapping of str to Dataset
        What was made of them.
    reruns : mapping of str to mapping of str to Carried
        Hypotheses under other choices, by the name of the choice and hypothesis.
    """

    asked: Asked
    plan: Plan
    fits: Mapping[str, tuple[Samples, ...]]
    analyses: Mapping[str, xr.Dataset]
    reruns: Mapping[str, Mapping[str, Carried]]

    @property
    def evidence(self) -> dict[str, Evidence]:
        """Evidence of every hypothesis, over seeds and draws of the pharmacokinetic model.

        It stays that of the typical person where weights over the draws cannot be relied on.
        """
        return {key: self._of(key) for key in self.fits}

    def _of(self, key: str) -> Evidence:
        """Give the evidence of one hypothesis."""
        runs = [Evidence(one.log_evidence, one.log_evidence_error) for one in self.fits[key]]
        return shifted(combine(runs), self.correction(key))

    def correction(self, key: str) -> Evidence:
        """Give what draws of the pharmacokinetic model add to ln Z of the typical person.

        Parameters
        ----------
        key : str
            Key of the hypothesis.

        Returns
        -------
        Evidence
            The shift of ln Z; nothing where there is none that can be relied on.
        """
        analysis = self.analyses.get(key)
        if analysis is None or not weights_tell(analysis, "ensemble"):
            return NO_CORRECTION
        return Evidence(float(analysis["ensemble_shift"]), float(analysis["ensemble_shift_error"]))

    @property
    def ranked(self) -> list[str]:
        """Hypotheses, the one with most evidence first."""
        found = self.evidence
        return sorted(found, key=lambda key: -found[key].value)


def read_calibration(path: Path) -> Asked:
    """Read a calibration file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Asked
        What it asks for; everything that it names has been looked up.

    Raises
    ------
    KpksimError
        If it breaks a rule or names what does not exist.
    """
    settings = read_document(path, CalibrationDocument)
    asked = Asked(settings, str(path.resolve().parent))
    with at_place(str(path)):
        check_targets(settings.targets)
        setting = asked.setting()
        for changes in settings.sensitivity:
            with at_place(f'sensitivity "{changes.name}"'):
                asked.setting(changes)
        for key in settings.hypotheses:
            _check_points(settings, key, len(setting.problem(key).names))
        _check_more_points(settings)
    return asked


def _check_points(settings: CalibrationDocument, key: str, count: int) -> None:
    """Refuse too few live points for the parameters of a hypothesis."""
    points = settings.sampler.live_points
    if points <= 2 * count:
        raise DataError(
            f"sampler.live_points: must be more than twice the {count} parameters of {key}, got "
            f"{points}"
        )


def _check_more_points(settings: CalibrationDocument) -> None:
    """Refuse live points of a hypothesis that is not fitted, and fewer than all others have."""
    fewest = settings.sampler.live_points
    with at_place("sampler.more_points"):
        for key, points in settings.sampler.more_points.items():
            if key not in settings.hypotheses:
                raise unknown("hypothesis of this file", key, settings.hypotheses)
            if points <= fewest:
                raise DataError(f"{key}: must be more than live_points ({fewest}), got {points}")


def run_calibration(asked: Asked, folder: Path, mode: str, tell: Tell | None = None) -> Done:
    """Do everything that a calibration needs; what is there from an earlier run is kept.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    folder : Path
        Where the result of every fit is kept.
    mode : str
        ``"quick"``, ``"default"`` or ``"full"``.
    tell : callable, optional
        Called as work goes on.

    Returns
    -------
    Done
        What was computed.

    Raises
    ------
    DataError
        If a fit failed, or the folder holds results of other settings.
    """
    asked = replace(asked, settings=asked_in(asked.settings, mode))
    plan = plan_of(asked.settings, mode)
    fits, analyses = _fits_and_analyses(asked, plan, folder, tell)
    done = Done(asked, plan, fits, analyses, {})
    if not plan.carried:
        return done
    chosen = done.ranked[: plan.carried]
    reruns = _reruns(asked, plan, folder, chosen, analyses, tell)
    return Done(asked, plan, fits, analyses, reruns)


def _do(tasks: Sequence[Task], folder: Path, tell: Tell | None) -> None:
    """Run tasks, and refuse to go on without one of them."""
    take_over(tasks, folder.parent / EARLIER, folder)
    outcome = run_tasks(tasks, folder, progress=tell)
    if outcome.failed:
        name, why = next(iter(outcome.failed.items()))
        raise DataError(f"{name}: {why}")


def _fits_and_analyses(
    asked: Asked, plan: Plan, folder: Path, tell: Tell | None
) -> tuple[dict[str, tuple[Samples, ...]], dict[str, xr.Dataset]]:
    """Fit every hypothesis, and analyse each as soon as it is fitted."""
    fits = [
        fit_task(asked, key, seed, live_points=plan.points(key))
        for seed in plan.seeds
        for key in plan.hypotheses
    ]
    analyses = {key: analysis_task(asked, key, plan) for key in plan.hypotheses}
    _do([*fits, *analyses.values()], folder, tell)
    return (
        {
            key: read_fits(asked, key, plan.seeds, plan.points(key), folder)
            for key in plan.hypotheses
        },
        {key: read_result(task, folder) for key, task in analyses.items()},
    )


def _reruns(
    asked: Asked,
    plan: Plan,
    folder: Path,
    chosen: Sequence[str],
    analyses: Mapping[str, xr.Dataset],
    tell: Tell | None,
) -> dict[str, dict[str, Carried]]:
    """Carry draws over to other choices and to studies left out, where weights do not tell."""
    tasks = {
        (changes.name, key): carry_task(asked, key, plan, changes)
        for key in chosen
        for changes in _untold(asked, analyses[key])
    }
    _do(list(tasks.values()), folder, tell)
    found: dict[str, dict[str, Carried]] = {}
    for (name, key), task in tasks.items():
        found.setdefault(name, {})[key] = carried_of(read_result(task, folder))
    return found


def _untold(asked: Asked, analysis: xr.Dataset) -> Iterator[ChangesDocument]:
    """Give the choices of which the weights of an analysis do not tell."""
    for changes in asked.settings.sensitivity:
        if not weights_tell(analysis.sel(rerun=changes.name), "rerun"):
            yield changes
    for study in by_weights(analysis).untold:
        yield without(study)
