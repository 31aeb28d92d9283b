"""What a posterior expects of each statement, had the study been done again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.problem import Problem
from kpksim.calibration.quadrature import fixed_nodes
from kpksim.calibration.readings import READING
from kpksim.calibration.readings.codes import COUNT, YES_NO
from kpksim.calibration.study_kernel import expectations

Array = NDArray[np.float64]

FAMILIES = {YES_NO: "yes/no", COUNT: "count"}
WITHIN, NOT_BEYOND = (0.05, 0.95), (0.01, 0.99)
LIKELY, UNLIKELY = 0.5, 0.1
QUANTILES = (0.05, 0.5, 0.95)
"""Those by which a curve is summed up."""


@dataclass(frozen=True)
class Judged:
    """A statement against its predictive distribution.

    Attributes
    ----------
    id, family : str
        The statement; ``"yes/no"``, ``"count"`` or ``"number"``.
    observed : float
        Number, count, or 1 for what was so.
    probability : float
        Of what was stated, for yes/no; nan otherwise.
    low, median, high : float
        90 % interval of the number or count; nan for yes/no.
    judged : str
        ``"reproduced"``, ``"weak"`` or ``"in conflict"``.
    """

    id: str
    family: str
    observed: float
    probability: float
    low: float
    median: float
    high: float
    judged: str


def replicates(problem: Problem, values: Array, rng: np.random.Generator) -> Array:
    """Give what new people and a new study effect would show, once for every draw.

    Parameters
    ----------
    problem : Problem
        The problem.
    values : array, shape (n, P)
        Draws of its parameters.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    array, shape (n, J)
        Of every statement the probability that it is so, a count of people, or a number.
    """
    found = np.empty((len(values), len(problem.rows)))
    for k, draw in enumerate(values):
        found[k] = _once(problem, draw, rng)
    return found


def _once(problem: Problem, draw: Array, rng: np.random.Generator) -> Array:
    """Replicate every statement under one draw."""
    named = dict(zip(problem.names, draw.tolist(), strict=True))
    effects, baselines = problem.effects(named), problem.baselines(named)
    bounds = problem.statements.bounds
    nodes = fixed_nodes(int(bounds[:, -1].max())).prior
    found = np.empty(len(problem.rows))
    for which, (first, last, *_, latents) in enumerate(bounds):
        z = np.ascontiguousarray(nodes[:latents])
        one, two = expectations(
            problem.statements, effects, baselines, named["rho"], named["tau"], which, z
        )
        node = int(rng.integers(z.shape[1]))
        for j in range(first, last):
            row = problem.rows[j]
            family = READING[row.reading].family
            if family == YES_NO:
                found[j] = one[j - first].mean()
            elif family == COUNT:
                found[j] = rng.binomial(int(row.n), one[j - first, node])
            else:
                found[j] = rng.normal(one[j - first, node], two[j - first, node])
    return found


def judge(problem: Problem, replicated: Array, weights: Array | None = None) -> list[Judged]:
    """Hold every statement against what a posterior expects of it.

    A number or a count inside its 90 % interval is reproduced, and in conflict outside its 98 %
    interval. What was so is reproduced if its probability is at least one half, and in conflict
    if it is below one tenth. The rest is weak.

    Parameters
    ----------
    problem : Problem
        The problem.
    replicated : array, shape (n, J)
        From `replicates`.
    weights : array, shape (n, J) or (n,), optional
        Weights of the draws; equal when left out.

    Returns
    -------
    list of Judged
        One for each statement.
    """
    share = np.ones(replicated.shape) if weights is None else weights
    share = np.broadcast_to(share[:, None] if share.ndim == 1 else share, replicated.shape)
    return [
        _judge_answer(row.id, row.y, column, weight)
        if READING[row.reading].family == YES_NO
        else _judge_number(row.id, READING[row.reading].family, row.y, column, weight)
        for row, column, weight in zip(problem.rows, replicated.T, share.T, strict=True)
    ]


def _judge_answer(name: str, observed: float, column: Array, weight: Array) -> Judged:
    """Judge what was so."""
    probability = float(np.average(column if observed else 1.0 - column, weights=weight))
    judged = "reproduced" if probability >= LIKELY else "weak"
    judged = "in conflict" if probability < UNLIKELY else judged
    nothing = float("nan")
    return Judged(name, "yes/no", observed, probability, nothing, nothing, nothing, judged)


def _judge_number(name: str, family: int, observed: float, column: Array, weight: Array) -> Judged:
    """Judge a number or a count."""
    ends = [*WITHIN, *NOT_BEYOND, 0.5]
    low, high, lowest, highest, median = weighted_quantiles(column, weight, ends)
    judged = "reproduced" if low <= observed <= high else "weak"
    judged = "in conflict" if not lowest <= observed <= highest else judged
    word = FAMILIES.get(family, "number")
    return Judged(name, word, observed, float("nan"), low, median, high, judged)


def weighted_quantiles(values: Array, weights: Array, at: list[float]) -> list[float]:
    """Give quantiles of weighted values.

    Parameters
    ----------
    values, weights : array, shape (n,)
        Values and their weights.
    at : list of float
        Probabilities.

    Returns
    -------
    list of float
        The quantiles: of each the smallest value with at least so much weight up to it.

    Examples
    --------
    >>> weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]), [0.5, 0.9])
    [2.0, 3.0]
    """
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.asarray(at) * reached[-1])
    return [float(values[order][min(place, len(order) - 1)]) for place in places]
