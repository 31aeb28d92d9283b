"""What posteriors predict of statements, and what spreading over people does to them."""

from collections.abc import Iterator, Mapping
from math import isnan

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.calibration.analysis import weights_tell
from kpksim.calibration.carried import Carried
from kpksim.calibration.leave_out import LeftOut
from kpksim.calibration.predictive import Judged, judge, replicates
from kpksim.calibration.problem import Problem
from kpksim.calibration.results import EnsembleResult, Predicted, Predictive

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
        carried=bool(analysis["ensemble_carried"]),
    )
