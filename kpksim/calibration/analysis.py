"""What is made of the samples of one hypothesis: draws, scores, predictions, other choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import logsumexp

from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.fits import Asked, asked_of, fit_task
from kpksim.calibration.importance import Smoothed, smooth, trusted
from kpksim.calibration.leave_out import LeftOut, leave_one_out
from kpksim.calibration.pk_ensemble import Reweighted, member_likelihoods, reweight
from kpksim.calibration.posterior import samples_of
from kpksim.calibration.predictive import replicates, weighted_quantiles
from kpksim.calibration.problem import Problem
from kpksim.calibration.samples import Samples
from kpksim.calibration.setting import NO_CHANGES
from kpksim.calibration.targets import target_curves, targets
from kpksim.calibration.tasks import Bench, Task, read_result
from kpksim.population import Draws, sample_draws

Array = NDArray[np.float64]

PRIOR_DRAWS = 2000
"""Draws of the prior for predictive scores."""

POOL = 2
"""Posterior draws tried under every draw of the pharmacokinetic model, for each that ships."""

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class _Fitted:
    """A hypothesis with its posterior draws.

    Attributes
    ----------
    asked : Asked
        The calibration file.
    problem : Problem
        The problem.
    values : array, shape (n, P)
        Equally weighted draws under the typical pharmacokinetic model.
    by_study : array, shape (n, S)
        Logarithm of the likelihood of each cluster.
    worth : float
        How many independent draws the fits are worth.
    pool : array, shape (POOL n, P)
        More such draws, to choose from when they are spread over the pharmacokinetic model.
    """

    asked: Asked
    problem: Problem
    values: Array
    by_study: Array
    worth: float
    pool: Array


def analysis_task(asked: Asked, hypothesis: str, seeds: Sequence[int], live_points: int) -> Task:
    """Describe the analysis of a hypothesis.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    hypothesis : str
        Key of the hypothesis.
    seeds : sequence of int
        Seeds of its fits.
    live_points : int
        Live points of its fits.

    Returns
    -------
    Task
        The task.
    """
    arguments = {
        "asked": asked.plain(),
        "hypothesis": hypothesis,
        "seeds": list(seeds),
        "live_points": live_points,
        "statement_hash": asked.setting().statement_hash,
        "model_hash": asked.setting().model_hash(hypothesis),
    }
    return Task(f"{hypothesis}__analysis", "main", analyse, arguments)


def analyse(
    bench: Bench,
    *,
    asked: dict[str, Any],
    hypothesis: str,
    seeds: list[int],
    live_points: int,
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
    fits = [
        samples_of(
            read_result(
                fit_task(read, hypothesis, seed, live_points=live_points), bench.checkpoint.parent
            )
        )
        for seed in seeds
    ]
    rng = np.random.default_rng([seeds[0], len(seeds)])
    n = read.settings.sampler.draws
    values, pool = pooled(fits, n, rng), pooled(fits, POOL * n, rng)
    by_study = np.array([problem.by_study(one) for one in values])
    worth = sum(one.effective_size for one in fits)
    fitted = _Fitted(read, problem, values, by_study, worth, pool)
    found = _posterior(fitted, rng)
    found |= _prior(fitted, rng)
    found |= _ensemble(fitted, hypothesis, rng)
    found |= _reruns(fitted, hypothesis)
    coordinates = {
        "parameter": list(problem.names),
        "study": list(problem.studies),
        "target": [one.name for one in read.settings.targets],
        "rerun": [one.name for one in read.settings.sensitivity],
        "quantile": list(QUANTILES),
    }
    return xr.Dataset(found, coordinates).assign_attrs(
        hypothesis=hypothesis, statement_hash=statement_hash, worth=worth
    )


def pooled(fits: Sequence[Samples], n: int, rng: np.random.Generator) -> Array:
    """Give equally weighted draws of fits that differ in their seed alone, as many of each.

    Parameters
    ----------
    fits : sequence of Samples
        The fits.
    n : int
        How many draws.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    array, shape (n, P)
        The draws, in random order.
    """
    shares = np.diff(np.linspace(0, n, len(fits) + 1).astype(int))
    parts = [one.equal(int(share), rng) for one, share in zip(fits, shares, strict=True)]
    return rng.permutation(np.concatenate(parts))


def _posterior(fitted: _Fitted, rng: np.random.Generator) -> dict[str, Any]:
    """Give draws, their likelihood, replicates and targets."""
    problem, values = fitted.problem, fitted.values
    return {
        "value": (("draw", "parameter"), values),
        "log_likelihood": (("draw", "study"), fitted.by_study),
        "replicate": (("draw", "statement"), replicates(problem, values, rng)),
        "target_value": (("draw", "target"), target_values(fitted.asked, problem, values)),
    }


def _prior(fitted: _Fitted, rng: np.random.Generator) -> dict[str, Any]:
    """Give draws of the prior with their likelihood and targets."""
    problem = fitted.problem
    values = problem.transform(rng.uniform(size=(PRIOR_DRAWS, len(problem.names))))
    by_study = np.array([problem.by_study(one) for one in values])
    return {
        "prior_value": (("prior_draw", "parameter"), values),
        "prior_log_likelihood": (("prior_draw", "study"), by_study),
        "prior_target": (("prior_draw", "target"), target_values(fitted.asked, problem, values)),
    }


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


def pk_draws(asked: Asked) -> Draws | None:
    """Give the draws of the pharmacokinetic model that a posterior is spread over.

    Parameters
    ----------
    asked : Asked
        The calibration file.

    Returns
    -------
    Draws or None
        The draws; None where the file asks for none.
    """
    ensemble = asked.settings.ensemble
    if ensemble is None:
        return None
    blocks = [(one.parameters, one.covariance) for one in asked.setting().model.uncertainty]
    return sample_draws(blocks, ensemble.draws, seed=ensemble.seed)


def _ensemble(fitted: _Fitted, hypothesis: str, rng: np.random.Generator) -> dict[str, Any]:
    """Spread the posterior over draws of the pharmacokinetic model."""
    draws, n = pk_draws(fitted.asked), len(fitted.values)
    nobody = np.full(n, -1)
    if draws is None:
        return {
            "shipped": (("draw", "parameter"), fitted.values),
            "pk_draw": ("draw", nobody),
            "shipped_target": (
                ("draw", "target"), target_values(fitted.asked, fitted.problem, fitted.values)
            ),
        }  # fmt: skip
    spread = _spread(fitted, draws)
    which, member = spread.pairs(n, rng)
    shipped = fitted.pool[which]
    reached = np.empty((n, len(fitted.asked.settings.targets)))
    for k in np.unique(member):
        mine = member == k
        reached[mine] = target_values(
            fitted.asked, fitted.problem, shipped[mine], draw=(draws, int(k))
        )
    return {
        "shipped": (("draw", "parameter"), shipped),
        "pk_draw": ("draw", member),
        "shipped_target": (("draw", "target"), reached),
        "member_weight": ("member", spread.member_weights),
    } | _told("ensemble", spread)


def _spread(fitted: _Fitted, draws: Draws) -> Reweighted:
    """Reweight the pool of draws over the draws of the pharmacokinetic model."""
    setting, problem = fitted.asked.setting(), fitted.problem
    members = [
        problem.with_curves(setting.curves(problem.hypothesis, (draws, k)))
        for k in range(len(draws))
    ]
    likelihoods = member_likelihoods(
        lambda values, k: members[k].log_likelihood(values), fitted.pool, len(members)
    )
    typical = np.array([problem.log_likelihood(one) for one in fitted.pool])
    return reweight(typical, likelihoods, independent=fitted.worth)


def weights_tell(analysis: xr.Dataset, what: str) -> bool:
    """Tell whether reweighted draws of an analysis can stand in for fits.

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


def _told(what: str, spread: Reweighted) -> dict[str, Any]:
    """Give what says whether reweighting can be relied on."""
    return {
        f"{what}_size": ((), spread.effective_size),
        f"{what}_k_hat": ((), spread.k_hat),
        f"{what}_shift": ((), spread.correction),
        f"{what}_shift_error": ((), spread.correction_error),
    }


def _reruns(fitted: _Fitted, hypothesis: str) -> dict[str, Any]:
    """Reweight the posterior to every other choice that the file declares."""
    asked = fitted.asked
    plain = target_values(asked, fitted.problem, fitted.values)
    shifts, sizes, k_hats, quantiles = [], [], [], []
    for changes in asked.settings.sensitivity:
        ratios = _log_ratios(fitted, asked.setting(changes).problem(hypothesis))
        weights = smooth(ratios, independent=fitted.worth)
        shifts.append(float(logsumexp(ratios)) - np.log(len(ratios)))
        sizes.append(weights.effective_size)
        k_hats.append(weights.k_hat)
        moved = _moved_targets(fitted, changes, plain)
        quantiles.append(_quantiles(moved, weights))
    shape = (len(shifts), len(asked.settings.targets), len(QUANTILES))
    return {
        "rerun_shift": ("rerun", shifts),
        "rerun_size": ("rerun", sizes),
        "rerun_k_hat": ("rerun", np.minimum(k_hats, 99.0)),
        "rerun_target": (("rerun", "target", "quantile"), np.reshape(quantiles, shape)),
    }


def _log_ratios(fitted: _Fitted, other: Problem) -> Array:
    """Give how much likelier each draw is under another choice than under the main one."""
    names = list(fitted.problem.names)
    columns = [names.index(one) for one in other.names]
    values = fitted.values[:, columns]
    main = fitted.problem.priors.log_densities(fitted.values)[:, columns].sum(axis=1)
    here = other.priors.log_densities(values).sum(axis=1)
    likelihood = np.array([other.log_likelihood(one) for one in values])
    found: Array = likelihood - fitted.by_study.sum(axis=1) + here - main
    return found


def _moved_targets(fitted: _Fitted, changes: ChangesDocument, plain: Array) -> Array:
    """Give the targets of the draws under another choice: other only where concentrations are."""
    if not changes.factors:
        return plain
    return target_values(fitted.asked, fitted.problem, fitted.values, changes=changes)


def _quantiles(reached: Array, weights: Smoothed) -> list[list[float]]:
    """Give weighted quantiles of every target."""
    share = np.exp(weights.log_weights)
    return [weighted_quantiles(column, share, list(QUANTILES)) for column in reached.T]
