"""Other choices: what each does to the evidence and to scores of studies left out."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.analysis import by_weights, weights_tell
from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.leave_out import LeftOut, log_mean
from kpksim.calibration.problem import Problem
from kpksim.calibration.results import Rerun
from kpksim.calibration.samples import Samples
from kpksim.calibration.study import WITHOUT, Done, without
from kpksim.calibration.verdict import Evidence, shifted

Array = NDArray[np.float64]

SEED = 20260101
"""Seed of draws that stand for what a fit without a study does not know."""


def draws_without(done: Done, key: str) -> dict[str, Array]:
    """Give draws of the fits that have not seen a study, for the studies that have such a fit.

    Parameters
    ----------
    done : Done
        What was computed.
    key : str
        Key of the hypothesis.

    Returns
    -------
    dict of str to array, shape (n, P)
        Parameters of the whole problem; what the study alone needs is drawn from its prior.
    """
    studies = done.asked.setting().problem(key).studies
    fits = {
        study: done.reruns[name][key]
        for study in studies
        if key in done.reruns.get(name := f"{WITHOUT}{study}", {})
    }
    return {study: _complete(done, key, study, samples) for study, samples in fits.items()}


def left_out(
    done: Done, key: str, analysis: xr.Dataset, without_it: Mapping[str, Array]
) -> LeftOut:
    """Score every study by the others: by weights, or by a fit where there is one.

    Parameters
    ----------
    done : Done
        What was computed.
    key : str
        Key of the hypothesis.
    analysis : Dataset
        What was made of its samples.
    without_it : mapping of str to array
        What `draws_without` gives.

    Returns
    -------
    LeftOut
        The scores.
    """
    problem = done.asked.setting().problem(key)
    refits = {study: _score(problem, study, drawn) for study, drawn in without_it.items()}
    return by_weights(analysis).with_refits(refits)


def _score(problem: Problem, study: str, drawn: Array) -> float:
    """Score a study by the draws of a fit that did not see it."""
    place = problem.studies.index(study)
    likelihood = np.array([problem.by_study(one)[place] for one in drawn])
    return float(log_mean(likelihood)[0])


def _complete(done: Done, key: str, study: str, samples: Samples) -> Array:
    """Give draws of a fit without a study with what that study alone needs from its prior."""
    rng = np.random.default_rng(SEED)
    problem = done.asked.setting().problem(key)
    fewer = done.asked.setting(without(study)).problem(key)
    n = done.asked.settings.sampler.draws
    found = problem.transform(rng.uniform(size=(n, len(problem.names))))
    columns = [problem.names.index(one) for one in fewer.names]
    found[:, columns] = samples.equal(n, rng)
    return found


def evidence_under(done: Done) -> dict[str, dict[str, Evidence]]:
    """Give the evidence under every other choice: by a fit, or by weights that can be relied on.

    Fits are of the typical person; what draws of the pharmacokinetic model add to the main fits of
    a hypothesis is added to each of its re-runs too, so that like is compared with like.

    Parameters
    ----------
    done : Done
        What was computed.

    Returns
    -------
    dict of str to dict of str to Evidence
        By the name of the choice and hypothesis; without those of which nobody can tell.
    """
    main = done.evidence
    found: dict[str, dict[str, Evidence]] = {}
    for changes in done.asked.settings.sensitivity:
        found[changes.name] = {
            key: one for key in main if (one := _under(done, key, changes.name, main[key]))
        }
    for key, analysis in done.analyses.items():
        for study, shift in _without_each(analysis).items():
            name = f"{WITHOUT}{study}"
            fitted = done.reruns.get(name, {}).get(key)
            if fitted is not None:
                found.setdefault(name, {})[key] = _of_fit(done, key, fitted)
            elif shift is not None:
                value = Evidence(main[key].value + shift, main[key].error)
                found.setdefault(name, {})[key] = value
    return found


def _under(done: Done, key: str, name: str, main: Evidence) -> Evidence | None:
    """Give the evidence of a hypothesis under another choice; None where nobody can tell."""
    fitted = done.reruns.get(name, {}).get(key)
    if fitted is not None:
        return _of_fit(done, key, fitted)
    one = done.analyses[key].sel(rerun=name)
    if not weights_tell(one, "rerun"):
        return None
    error = float(np.hypot(main.error, 1.0 / np.sqrt(float(one["rerun_size"]))))
    return Evidence(main.value + float(one["rerun_shift"]), error)


def _without_each(analysis: xr.Dataset) -> dict[str, float | None]:
    """Give the shift of ln Z when a study is left out by weights; None where they fail."""
    found = by_weights(analysis)
    shifts = log_mean(-np.asarray(analysis["log_likelihood"].values))[0]
    return {
        study: float(shift) if good else None
        for study, shift, good in zip(found.studies, shifts, found.reliable, strict=True)
    }


def _of_fit(done: Done, key: str, samples: Samples) -> Evidence:
    """Give the evidence of a fit, with the correction of its hypothesis."""
    typical = Evidence(samples.log_evidence, samples.log_evidence_error)
    return shifted(typical, done.correction(key))


def reruns(done: Done) -> Iterator[Rerun]:
    """Give the evidence under every other choice with what it does otherwise.

    Parameters
    ----------
    done : Done
        What was computed.

    Yields
    ------
    Rerun
        One for each choice.
    """
    told = {one.name: says(one) for one in done.asked.settings.sensitivity}
    for name, found in evidence_under(done).items():
        yield Rerun(
            name=name,
            says=told.get(name, f"The people of {name.removeprefix(WITHOUT)} are left out."),
            hypotheses={key: (one.value, one.error) for key, one in found.items()},
        )


def says(changes: ChangesDocument) -> str:
    """Say what a run does otherwise.

    Parameters
    ----------
    changes : ChangesDocument
        The run.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> says(ChangesDocument(name="doubts doubled", weights_times=2.0))
    'Doubts q of all statements times 2.'
    """
    parts = []
    if changes.alternative_readings:
        parts.append("every statement read in its other way")
    if changes.weights_times != 1.0:
        parts.append(f"doubts q of all statements times {changes.weights_times:g}")
    parts += [f"prior of {name} {by:g} times as wide" for name, by in changes.widen.items()]
    parts += [f"likelihood of {name} to the power {by:g}" for name, by in changes.power.items()]
    parts += [f"without {name}" for name in changes.without_studies]
    if changes.without_routes:
        parts.append(f"without doses by {' or '.join(changes.without_routes)}")
    parts += [f"the model's {name} times {by:g}" for name, by in changes.factors.items()]
    parts += [f"{n} people behind {name}" for name, n in changes.people.items()]
    if not changes.responder_shift:
        parts.append("people chosen as responders taken as anybody")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."
