"""What is made of the samples of one hypothesis: draws, scores, predictions, other choices."""

from typing import Any

import numpy as np
import xarray as xr

from kpksim.calibration.chains import walk_on
from kpksim.calibration.fits import Asked, asked_of, fit_task, read_fits
from kpksim.calibration.fitted import Fitted
from kpksim.calibration.importance import trusted
from kpksim.calibration.leave_out import LeftOut, leave_one_out, log_mean
from kpksim.calibration.modes import Plan
from kpksim.calibration.pk_spread import spread_over_pk
from kpksim.calibration.predictive import QUANTILES, replicates
from kpksim.calibration.reweighted_choices import other_choices
from kpksim.calibration.samples import pooled
from kpksim.calibration.targets import target_values
from kpksim.calibration.tasks import Bench, Task

PRIOR_DRAWS = 8000
"""Draws of the prior for predictive scores."""
PRIOR_SHOWN = 2000
"""How many of them give the spread of parameters and targets beforehand."""


def analysis_task(asked: Asked, hypothesis: str, plan: Plan) -> Task:
    """Describe the analysis of a hypothesis.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    hypothesis : str
        Key of the hypothesis.
    plan : Plan
        How its fits were made, and how far their draws walk on.

    Returns
    -------
    Task
        The task.
    """
    arguments = {
        "asked": asked.plain(),
        "hypothesis": hypothesis,
        "seeds": list(plan.seeds),
        "live_points": plan.points(hypothesis),
        "steps": plan.steps,
        "prior_draws": PRIOR_DRAWS,
        "statement_hash": asked.setting().statement_hash,
        "model_hash": asked.setting().model_hash(hypothesis),
    }
    points = plan.points(hypothesis)
    fits = [fit_task(asked, hypothesis, one, live_points=points) for one in plan.seeds]
    after = tuple(one.name for one in fits)
    return Task(f"{hypothesis}__analysis", analyse, arguments, after)


def analyse(
    bench: Bench,
    *,
    asked: dict[str, Any],
    hypothesis: str,
    seeds: list[int],
    live_points: int,
    steps: int,
    prior_draws: int,
    statement_hash: str,
    model_hash: str,
) -> xr.Dataset:
    """Make of samples what tables and figures need.

    Parameters
    ----------
    bench : Bench
        Stands in the folder that holds the results of the fits.
    asked : dict
        The calibration file in plain values.
    hypothesis : str
        Key of the hypothesis.
    seeds : list of int
        Seeds of its fits.
    live_points : int
        Live points of its fits.
    steps : int
        Steps that every draw walks on after its fit.
    prior_draws : int
        Draws of the prior for predictive scores.
    statement_hash, model_hash : str
        Fingerprints of what is read, and of model and priors; they tell one task from another.

    Returns
    -------
    xarray.Dataset
        Draws, their likelihood by study, replicates of statements, targets, the ensemble of the
        pharmacokinetic model, and every other choice by reweighting.
    """
    read = asked_of(asked)
    problem = read.setting().problem(hypothesis)
    fits = read_fits(read, hypothesis, seeds, live_points, bench.checkpoint.parent)
    rng = np.random.default_rng([seeds[0], len(seeds)])
    n = read.settings.sampler.draws
    drawn, origin = pooled(fits, n, rng)
    halfway = walk_on(problem, drawn, rng, steps=steps // 2)
    walked = walk_on(problem, halfway.values, rng, steps=steps - steps // 2)
    values = walked.values
    by_study = np.array([problem.by_study(one) for one in values])
    worth = sum(one.effective_size for one in fits)
    pool = np.concatenate([halfway.values, values])
    fitted = Fitted(read, problem, values, by_study, worth, pool)
    found = {"seed": ("draw", origin)} | _posterior(fitted, rng)
    found |= _prior(fitted, rng, prior_draws)
    found |= spread_over_pk(fitted, rng)
    found |= other_choices(fitted, hypothesis)
    coordinates = {
        "parameter": list(problem.names),
        "study": list(problem.studies),
        "target": [one.name for one in read.settings.targets],
        "rerun": [one.name for one in read.settings.sensitivity],
        "quantile": list(QUANTILES),
    }
    return xr.Dataset(found, coordinates).assign_attrs(
        hypothesis=hypothesis, statement_hash=statement_hash, worth=worth, accepted=walked.accepted
    )


def _posterior(fitted: Fitted, rng: np.random.Generator) -> dict[str, Any]:
    """Give draws, their likelihood, replicates and targets."""
    problem, values = fitted.problem, fitted.values
    return {
        "value": (("draw", "parameter"), values),
        "log_likelihood": (("draw", "study"), fitted.by_study),
        "replicate": (("draw", "statement"), replicates(problem, values, rng)),
        "target_value": (("draw", "target"), target_values(fitted.asked, problem, values)),
    }


def _prior(fitted: Fitted, rng: np.random.Generator, draws: int) -> dict[str, Any]:
    """Give what the prior gives to every study, and draws of it with their targets."""
    problem = fitted.problem
    values = problem.transform(rng.uniform(size=(draws, len(problem.names))))
    score, error = log_mean(np.array([problem.by_study(one) for one in values]))
    shown = values[:PRIOR_SHOWN]
    return {
        "prior_score": ("study", score),
        "prior_score_error": ("study", error),
        "prior_value": (("prior_draw", "parameter"), shown),
        "prior_target": (("prior_draw", "target"), target_values(fitted.asked, problem, shown)),
    }


def weights_tell(analysis: xr.Dataset, what: str) -> bool:
    """Tell whether reweighted draws of an analysis can be relied on.

    Parameters
    ----------
    analysis : Dataset
        From `analyse`; of one re-run where it is about one.
    what : str
        ``"ensemble"`` for draws of the pharmacokinetic model, ``"rerun"`` for another choice.

    Returns
    -------
    bool
        False too where there are no such weights.
    """
    if f"{what}_size" not in analysis:
        return False
    return trusted(float(analysis[f"{what}_size"]), float(analysis[f"{what}_k_hat"]))


def by_weights(analysis: xr.Dataset) -> LeftOut:
    """Score every study by the draws of an analysis, reweighted as if it had not been seen.

    Parameters
    ----------
    analysis : Dataset
        From `analyse`.

    Returns
    -------
    LeftOut
        The scores.
    """
    studies = [str(one) for one in analysis["study"].values]
    likelihood = np.asarray(analysis["log_likelihood"].values)
    return leave_one_out(studies, likelihood, independent=float(analysis.attrs["worth"]))
