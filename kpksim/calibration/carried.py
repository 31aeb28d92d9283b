"""Another choice as a task: draws of a main fit carried over to it, where weights do not tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.chains import TargetDensity
from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.fits import Asked, asked_of, read_fits, slug
from kpksim.calibration.modes import Plan
from kpksim.calibration.problem import Problem
from kpksim.calibration.run_identity import versions
from kpksim.calibration.samples import pooled
from kpksim.calibration.tasks import Bench, Task
from kpksim.calibration.tempering import temper
from kpksim.documents import check_document

Array = NDArray[np.float64]

WITHOUT = "without "
"""Begins the name of a choice that leaves a study out."""
DRAWS = 500
"""Draws that are carried over."""
STEPS = 20
"""Steps of each after every stage."""


@dataclass(frozen=True)
class Carried:
    """A hypothesis under another choice.

    Attributes
    ----------
    values : array, shape (n, P)
        Equally weighted draws; what the choice leaves open is as in the prior.
    log_ratio, error : float
        ln Z less that of the main fit, and its standard error.
    """

    values: Array
    log_ratio: float
    error: float


def without(study: str) -> ChangesDocument:
    """Describe a choice that leaves a study out.

    Parameters
    ----------
    study : str
        Name of the cluster.

    Returns
    -------
    ChangesDocument
        What is done otherwise.
    """
    return ChangesDocument(name=f"{WITHOUT}{study}", without_studies=[study])


def carry_task(asked: Asked, hypothesis: str, plan: Plan, changes: ChangesDocument) -> Task:
    """Describe how draws are carried over.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    hypothesis : str
        Key of the hypothesis.
    plan : Plan
        How its main fits were made.
    changes : ChangesDocument
        What is done otherwise.

    Returns
    -------
    Task
        The task.
    """
    settings = [asked.setting(), asked.setting(changes)]
    names = settings[0].problem(hypothesis).names
    own = {name: by for name, by in changes.widen.items() if name in names}
    arguments = {
        "asked": asked.for_fit(hypothesis, changes).plain(),
        "hypothesis": hypothesis,
        "changes": changes.model_copy(update={"widen": own}).model_dump(mode="json"),
        "seeds": list(plan.seeds),
        "live_points": plan.points(hypothesis),
        "draws": DRAWS,
        "steps": STEPS,
        "statement_hashes": [one.statement_hash for one in settings],
        "model_hashes": [one.model_hash(hypothesis) for one in settings],
        "versions": versions(),
    }
    return Task(f"{hypothesis}__{slug(changes.name)}", carry, arguments)


def carry(
    bench: Bench,
    *,
    asked: dict[str, Any],
    hypothesis: str,
    changes: dict[str, Any],
    seeds: list[int],
    live_points: int,
    draws: int,
    steps: int,
    statement_hashes: list[str],
    model_hashes: list[str],
    versions: dict[str, str],
) -> xr.Dataset:
    """Carry draws of the main fits of a hypothesis over to another choice.

    Parameters
    ----------
    bench : Bench
        Stands in the folder that holds the results of the fits.
    asked : dict
        The calibration file in plain values.
    hypothesis : str
        Key of the hypothesis.
    changes : dict
        What is done otherwise, in plain values.
    seeds : list of int
        Seeds of its main fits.
    live_points : int
        Live points of its main fits.
    draws : int
        How many draws.
    steps : int
        Steps of each after every stage.
    statement_hashes, model_hashes : list of str
        Fingerprints of what is read, and of model and priors, without the changes and with them;
        they tell one task from another.
    versions : dict
        Versions of what computes; they do so as well.

    Returns
    -------
    xarray.Dataset
        Draws and the ratio of the evidences.
    """
    read = asked_of(asked)
    chosen = check_document(changes, ChangesDocument, "sensitivity")
    problem = read.setting().problem(hypothesis)
    fits = read_fits(read, hypothesis, seeds, live_points, bench.checkpoint.parent)
    rng = np.random.default_rng([seeds[0], len(seeds)])
    density = TargetDensity(problem, terms_between(problem, read, chosen))
    found = temper(density, pooled(fits, draws, rng)[0], rng, steps=steps)
    return xr.Dataset(
        {"value": (("draw", "parameter"), found.values)},
        {"parameter": list(problem.names)},
        {"log_ratio": found.log_ratio, "error": found.error, "stages": found.stages},
    )


def carried_of(dataset: xr.Dataset) -> Carried:
    """Take out of a dataset what `carry` put into it.

    Parameters
    ----------
    dataset : Dataset
        The result of the task.

    Returns
    -------
    Carried
        Draws and ratio.
    """
    told = dataset.attrs
    values = np.asarray(dataset["value"].values)
    return Carried(values, float(told["log_ratio"]), float(told["error"]))


def terms_between(
    problem: Problem, asked: Asked, changes: ChangesDocument
) -> Callable[[Array], Array]:
    """Give what compares the main posterior with that under another choice.

    Parameters
    ----------
    problem : Problem
        The main problem.
    asked : Asked
        The calibration file.
    changes : ChangesDocument
        What is done otherwise.

    Returns
    -------
    callable
        From parameters of the main problem, shape (n, P), to ln L of it and ln L of the other, the
        latter with the logarithm of the ratio of the priors, shape (n, 2).
    """
    for study in problem.studies:
        if changes == without(study):
            return _less(problem, study)
    other = asked.setting(changes).problem(problem.hypothesis.key)

    def terms(values: Array) -> Array:
        here = np.array([problem.log_likelihood(one) for one in values])
        return np.stack([here, problem.under(other, values)], axis=1)

    return terms


def _less(problem: Problem, study: str) -> Callable[[Array], Array]:
    """Give the terms where one study is left out: one likelihood instead of two."""
    place = problem.studies.index(study)

    def terms(values: Array) -> Array:
        by_study = np.array([problem.by_study(one) for one in values])
        here = by_study.sum(axis=1)
        return np.stack([here, here - by_study[:, place]], axis=1)

    return terms
