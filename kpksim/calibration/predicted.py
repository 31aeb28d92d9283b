"""What posteriors predict: statements, studies left out, and what a study decides."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.analysis import weights_tell
from kpksim.calibration.carried import Carried
from kpksim.calibration.leave_out import LeftOut, coin_flip
from kpksim.calibration.predictive import Judged, judge, replicates, weighted_quantiles
from kpksim.calibration.problem import Problem
from kpksim.calibration.results import (
    EnsembleResult,
    Influence,
    LeftOutScore,
    Predicted,
    Predictive,
    Scores,
)
from kpksim.calibration.study import Done
from kpksim.calibration.targets import target_values

Array = NDArray[np.float64]

SEED = 20260102
"""Seed of what new people would show."""


def predictive_of(
    problem: Problem, analysis: xr.Dataset, left: LeftOut, without_it: Mapping[str, Carried]
) -> Iterator[Predictive]:
    """Hold every statement against the posterior, and against that without its study.

    The latter by draws carried over where there are some, else by weights that can be relied on,
    else nothing.

    Parameters
    ----------
    problem : Problem
        The problem.
    analysis : Dataset
        What was made of its samples.
    left : LeftOut
        Scores of studies, each left out.
    without_it : mapping of str to Carried
        The hypothesis carried past a study, by study.

    Yields
    ------
    Predictive
        One for each statement, in order.
    """
    replicated = np.asarray(analysis["replicate"].values)
    plain, apart = judge(problem, replicated), _apart(problem, replicated, left, without_it)
    sign = 1.0 if problem.hypothesis.structure == "symptom" else -1.0
    for row, column, one, other in zip(problem.rows, replicated.T, plain, apart, strict=True):
        turn = sign if one.family == "number" else 1.0
        inner = np.sort(turn * np.quantile(column, [0.25, 0.75]))
        yield Predictive(
            **_predicted(one, turn).model_dump(),
            id=row.id,
            family=one.family,
            observed=turn * row.y,
            n=None if isnan(row.n) else row.n,
            inner=None if one.family == "yes/no" else (float(inner[0]), float(inner[1])),
            left_out=_predicted(other, turn) if other else None,
        )


def _apart(
    problem: Problem, replicated: Array, left: LeftOut, without_it: Mapping[str, Carried]
) -> list[Judged | None]:
    """Hold every statement against what the other studies expect; None where nobody can tell."""
    weights = np.exp(left.log_weights)
    place = [left.studies.index(row.cluster) for row in problem.rows]
    by_weights = judge(problem, replicated, weights[:, place])
    rng = np.random.default_rng(SEED)
    by_draws = {
        study: judge(problem, replicates(problem, one.values, rng))
        for study, one in without_it.items()
    }
    return [
        by_draws[row.cluster][k] if row.cluster in by_draws
        else by_weights[k] if left.reliable[place[k]]
        else None
        for k, row in enumerate(problem.rows)
    ]  # fmt: skip


def _predicted(one: Judged, turn: float) -> Predicted:
    """Give what is expected of a statement, in its own direction; None for what it has not."""
    if one.family == "yes/no":
        return Predicted(probability=one.probability, judged=one.judged)
    low, high = sorted((turn * one.low, turn * one.high))
    return Predicted(low=low, median=turn * one.median, high=high, judged=one.judged)


def scores_of(problem: Problem, analysis: xr.Dataset, left: LeftOut) -> Iterator[LeftOutScore]:
    """Give the log score of every study.

    Parameters
    ----------
    problem : Problem
        The problem.
    analysis : Dataset
        What was made of its samples.
    left : LeftOut
        Scores of studies, each left out.

    Yields
    ------
    LeftOutScore
        One for each study.
    """
    prior, nothing = _references(problem, analysis, left.studies)
    for k, study in enumerate(left.studies):
        carried = bool(np.isnan(left.k_hats[k]))
        yield LeftOutScore(
            study=study,
            elpd=float(left.log_scores[k]),
            prior=float(prior[k]),
            coin_flip=float(nothing[k]),
            k_hat=None if carried else float(min(left.k_hats[k], 99.0)),
            effective_size=None if carried else float(left.effective_sizes[k]),
            carried=carried,
        )


def _references(
    problem: Problem, analysis: xr.Dataset, studies: Sequence[str]
) -> tuple[Array, Array]:
    """Give the log scores of studies by the prior, and by knowing nothing."""
    prior = np.asarray(analysis["prior_score"].values)
    flat = np.array([row.l0 for row in problem.rows])
    return prior, coin_flip(studies, [row.cluster for row in problem.rows], flat)


def score_of(problem: Problem, analysis: xr.Dataset, left: LeftOut) -> Scores:
    """Give log scores summed over studies.

    Parameters
    ----------
    problem : Problem
        The problem.
    analysis : Dataset
        What was made of its samples.
    left : LeftOut
        Scores of studies, each left out.

    Returns
    -------
    Scores
        By the others, by the prior, by knowing nothing.
    """
    prior, nothing = _references(problem, analysis, left.studies)
    return Scores(leave_out=left.total, prior=float(prior.sum()), coin_flip=float(nothing.sum()))


def ensemble_of(analysis: xr.Dataset) -> EnsembleResult:
    """Give what spreading over draws of the pharmacokinetic model does.

    Parameters
    ----------
    analysis : Dataset
        What was made of its samples.

    Returns
    -------
    EnsembleResult
        Draws, effective size, shift of ln Z, and whether it can be relied on.
    """
    if "member_weight" not in analysis:
        worth = float(analysis.attrs["worth"])
        return EnsembleResult(draws=0, effective_size=worth, log_evidence_shift=0.0)
    return EnsembleResult(
        draws=analysis.sizes["member"],
        effective_size=float(analysis["ensemble_size"]),
        log_evidence_shift=float(analysis["ensemble_shift"]),
        reliable=weights_tell(analysis, "ensemble"),
    )


def influence_of(
    done: Done, left: LeftOut, without_it: Mapping[str, Carried]
) -> Iterator[Influence]:
    """Give the shift of every target of the leading hypothesis when a study is left out.

    Parameters
    ----------
    done : Done
        What was computed.
    left : LeftOut
        Scores of studies, each left out, under the leading hypothesis.
    without_it : mapping of str to Carried
        The same carried past a study, by study.

    Yields
    ------
    Influence
        One for each study of which weights or draws carried over can tell.
    """
    key = done.ranked[0]
    analysis, problem = done.analyses[key], done.asked.setting().problem(key)
    reached = np.asarray(analysis["target_value"].values)
    names = [str(one) for one in analysis["target"].values]
    spread = reached.std(axis=0)
    for k, study in enumerate(left.studies):
        if study in without_it:
            moved = np.median(target_values(done.asked, problem, without_it[study].values), axis=0)
        elif left.reliable[k]:
            share = np.exp(left.log_weights[:, k])
            moved = np.array([weighted_quantiles(one, share, [0.5])[0] for one in reached.T])
        else:
            continue
        shifts = (moved - np.median(reached, axis=0)) / np.where(spread > 0.0, spread, 1.0)
        yield Influence(left_out=study, shifts=dict(zip(names, map(float, shifts), strict=True)))
