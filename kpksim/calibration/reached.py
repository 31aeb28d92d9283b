"""What posteriors reach: parameters, and points of curves."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.analysis import weights_tell
from kpksim.calibration.diagnostics import contraction, summarise
from kpksim.calibration.parameter_words import parameter_label
from kpksim.calibration.predictive import QUANTILES
from kpksim.calibration.results import MIXTURE, ParameterResult, TargetResult
from kpksim.calibration.study import Done
from kpksim.calibration.targets import target_values
from kpksim.library.hypotheses import hypothesis_priors, study_priors
from kpksim.vocabulary import QUANTITIES

Array = NDArray[np.float64]
Triple = tuple[float, float, float]

SEED = 20260101
"""Seed of the draws from a mixture."""


def parameters_of(done: Done, key: str) -> Iterator[ParameterResult]:
    """Give prior and posterior of every parameter in the unit of its record.

    Parameters
    ----------
    done : Done
        What was computed.
    key : str
        Key of the hypothesis.

    Yields
    ------
    ParameterResult
        One for each parameter.
    """
    analysis, outcome = done.analyses[key], done.asked.settings.outcome
    records = hypothesis_priors(key, outcome) | study_priors(outcome)
    prior, posterior = (np.asarray(analysis[one].values) for one in ("prior_value", "shipped"))
    learned = contraction(np.log(prior), np.log(posterior))
    for k, name in enumerate(map(str, analysis["parameter"].values)):
        record = records[name]
        yield ParameterResult(
            name=name,
            unit=record.unit,
            label=parameter_label(name),
            prior=_triple(prior[:, k] / record.scale),
            posterior=_triple(posterior[:, k] / record.scale),
            contraction=float(learned[k]),
        )


def _triple(values: Array) -> Triple:
    """Give the 5, 50 and 95 % quantile."""
    low, middle, high = np.quantile(values, QUANTILES)
    return float(low), float(middle), float(high)


def targets_of(done: Done, weights: Mapping[str, float]) -> Iterator[TargetResult]:
    """Give every target under prior, mixture, hypotheses and other choices.

    Parameters
    ----------
    done : Done
        What was computed.
    weights : mapping of str to float
        Share of each hypothesis in the mixture.

    Yields
    ------
    TargetResult
        One for each target of the file.
    """
    mixed = _mixed(done, weights)
    leading, moved = done.analyses[done.ranked[0]], _moved(done)
    for k, target in enumerate(done.asked.settings.targets):
        curves = {
            "prior": _triple(np.asarray(leading["prior_target"].values)[:, k]),
            MIXTURE: _triple(mixed[:, k]),
        }
        for key in done.ranked:
            curves[key] = _triple(np.asarray(done.analyses[key]["shipped_target"].values)[:, k])
        curves |= {f"rerun: {name}": quantiles[k] for name, quantiles in moved.items()}
        yield TargetResult(
            name=target.name,
            unit=QUANTITIES[done.asked.settings.outcome].unit,
            with_expectation=target.with_expectation,
            curves=curves,
        )


def _moved(done: Done) -> dict[str, list[Triple]]:
    """Give the targets of the leading hypothesis under every other choice that can be told of."""
    key = done.ranked[0]
    leading, problem = done.analyses[key], done.asked.setting().problem(key)
    found = {}
    for changes in done.asked.settings.sensitivity:
        one = leading.sel(rerun=changes.name)
        carried = done.reruns.get(changes.name, {}).get(key)
        if carried is not None:
            reached = target_values(done.asked, problem, carried.values, changes=changes)
            found[changes.name] = [_triple(column) for column in reached.T]
        elif weights_tell(one, "rerun"):
            found[changes.name] = [
                (low, mid, high) for low, mid, high in one["rerun_target"].values
            ]
    return found


def _mixed(done: Done, weights: Mapping[str, float]) -> Array:
    """Give targets of draws from the mixture of hypotheses."""
    rng = np.random.default_rng(SEED)
    n = done.asked.settings.sampler.draws
    parts = []
    for key, weight in weights.items():
        targets = np.asarray(done.analyses[key]["shipped_target"].values)
        parts.append(targets[rng.integers(len(targets), size=round(weight * n))])
    return np.concatenate(parts)


def summary_table(done: Done) -> pd.DataFrame:
    """Summarise the parameters and the targets of every hypothesis.

    Parameters
    ----------
    done : Done
        What was computed.

    Returns
    -------
    DataFrame
        As `diagnostics.summarise` gives it, by hypothesis and quantity; times in h.
    """
    tables = {key: _summary(done.analyses[key]) for key in done.ranked}
    return pd.concat(tables, names=["hypothesis"])


def _summary(analysis: xr.Dataset) -> pd.DataFrame:
    """Summarise the draws of one hypothesis."""
    names = [str(one) for name in ("parameter", "target") for one in analysis[name].values]
    draws = np.hstack([analysis["shipped"].values, analysis["shipped_target"].values])
    worth = float(analysis.get("ensemble_size", analysis.attrs["worth"]))
    return summarise(names, draws, effective_size=worth)
