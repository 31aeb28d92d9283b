"""Predictions of observed rows for many sets of parameters at once, which a search needs.

`kpksim.analysis.prediction.predict` does it for one model at a time; a derivative by 41 parameters
takes 82 of them. Here each set of parameters is one person of one solve.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from experiments.reference_model.rows import Row, weight_of
from kpksim.analysis.observables import given_drug, output_of
from kpksim.engine import area_after, integral, solve
from kpksim.evidence import Observation, ObservedArm
from kpksim.models import Model
from kpksim.population import People
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.problem import Problem, make_problem, on_times, people_values

Array = NDArray[np.float64]
GRID = np.concatenate([np.arange(1.0, 120.0) / 60.0, np.arange(20, 140) / 10.0])
"""Times among which peaks are looked for, before a parabola refines them [h]."""


def many_predictions(model: Model, rows: Sequence[Row], values: Mapping[str, Array]) -> Array:
    """Predict observed rows for S sets of parameters.

    Parameters
    ----------
    model : Model
        The model.
    rows : sequence of Row
        N rows, those of an arm side by side.
    values : mapping of str to array, shape (S,)
        Parameters at the reference weight, in internal units.

    Returns
    -------
    array, shape (S, N)
        Predictions in the units of the rows.
    """
    arms = groupby(rows, key=lambda row: (row.source, row.arm.name))
    return np.concatenate([_arm(model, list(members), values) for _, members in arms], axis=1)


def many_courses(
    model: Model, arm: ObservedArm, output: str, times: Array, values: Mapping[str, Array]
) -> Array:
    """Give the course of one output in an arm for S sets of parameters.

    Parameters
    ----------
    model : Model
        The model.
    arm : ObservedArm
        People and regimen.
    output : str
        Name of the output.
    times : array, shape (T,)
        Times, ascending [h].
    values : mapping of str to array, shape (S,)
        Parameters at the reference weight, in internal units.

    Returns
    -------
    array, shape (S, T)
        Concentrations [ng/mL].
    """
    problem = problem_of_sets(model, arm, weight_of(arm), values)
    return problem.concentrations([output], times)[:, 0]


def problem_of_sets(
    model: Model, arm: ObservedArm, weight: float, values: Mapping[str, Array]
) -> Problem:
    """Put the problem of an arm together, each set of parameters as one person."""
    assert arm.regimen is not None  # rows without one are left out
    covariates = {"weight": np.full(len(next(iter(values.values()))), weight)}
    scaled = {name: one * _scaling(model, name, weight) for name, one in values.items()}
    people, found = people_values(model, People(covariates, {}), scaled)
    return make_problem(model, people, found, regimen_inputs(model, found, arm.regimen, people))


def _scaling(model: Model, name: str, weight: float) -> float:
    """Give the factor of body weight on a parameter."""
    parameter = model.parameters[name]
    return float(parameter.of_people({"weight": np.array([weight])}, None)[0] / parameter.value)


def _arm(model: Model, rows: Sequence[Row], values: Mapping[str, Array]) -> Array:
    """Predict the rows of one arm, shape (S, N)."""
    course = _Course(model, rows, values)
    return np.stack([course.read(row.observation) for row in rows], axis=1)


@dataclass(frozen=True)
class _Course:
    """Concentrations under the regimen of one arm, for every set of parameters."""

    model: Model
    rows: Sequence[Row]
    values: Mapping[str, Array]

    @cached_property
    def problem(self) -> Problem:
        """The problem; each set of parameters is one person."""
        return problem_of_sets(self.model, self.rows[0].arm, self.rows[0].weight, self.values)

    def name(self, analyte: str, one: Observation) -> str:
        """Name the output that an analyte was seen in."""
        first = self.rows[0].arm
        assert first.regimen is not None
        found = output_of(
            self.model, given_drug(first.regimen), analyte, one.enantiomer, first.site
        )
        assert found is not None  # the reference model gives all of them
        return found

    @cached_property
    def outputs(self) -> list[str]:
        """Outputs that are read, those below the line of a ratio too."""
        seen = [row.observation for row in self.rows]
        named = [
            self.name(analyte, one) for one in seen for analyte in {one.analyte, one.over} - {""}
        ]
        return list(dict.fromkeys(named))

    @cached_property
    def times(self) -> Array:
        """Times at which concentrations are read [h]."""
        seen = [row.observation for row in self.rows]
        moments = [one.time for one in seen if one.metric == "concentration"]
        peaks = GRID if any(one.metric in ("cmax", "tmax") for one in seen) else []
        return np.unique([*moments, *peaks, float(self.problem.actions.time.max())])

    @cached_property
    def solution(self) -> tuple[Array, Array]:
        """Concentrations [ng/mL], shape (S, A, T), and the states at the end, shape (S, n)."""
        problem = self.problem
        actions = on_times(problem.actions, self.times)
        found = solve(problem.rates, actions, self.times, problem.rows(self.outputs))
        return found.at, found.state

    def area(self, output: str, end: float) -> Array:
        """Give areas from the start [ng h/mL], shape (S,)."""
        problem, rows = self.problem, self.problem.rows([output])
        until = np.array([float(self.times[-1]) if np.isinf(end) else end])
        area = integral(problem.rates, problem.actions, until, rows)[:, 0, 0]
        if np.isinf(end):
            area = area + area_after(problem.rates, self.solution[1], rows)[:, 0]
        return area

    def read(self, one: Observation) -> Array:
        """Give the prediction of one row, shape (S,)."""
        output = self.name(one.analyte, one)
        if one.metric == "concentration":
            place = self.outputs.index(output)
            return self.solution[0][:, place, np.searchsorted(self.times, one.time)]
        if one.metric in ("cmax", "tmax"):
            return self._peak(output)[one.metric == "tmax"]
        if one.metric == "cl":
            return self.problem.values[f"cl_{one.enantiomer}"]
        if one.metric == "f":
            return self.area(output, np.inf) / self._area_of_iv(one.enantiomer)
        end = one.window[1] if one.metric == "auc" or np.isfinite(one.window[1]) else np.inf
        below = self.area(self.name(one.over, one), end) if one.over else 1.0
        return np.asarray(self.area(output, end) / below)

    def _peak(self, output: str) -> tuple[Array, Array]:
        """Give the largest value of a course and its time."""
        curve = self.solution[0][:, self.outputs.index(output)][
            :, np.searchsorted(self.times, GRID)
        ]
        top = curve.argmax(axis=1).clip(1, len(GRID) - 2)
        each = np.arange(len(curve))
        left, middle, right = (curve[each, top + k] for k in (-1, 0, 1))
        before, after = GRID[top] - GRID[top - 1], GRID[top + 1] - GRID[top]
        rise, fall = (middle - left) / before, (right - middle) / after
        bend = (fall - rise) / (before + after)
        slope = (rise * after + fall * before) / (before + after)
        shift = np.where(bend < 0.0, -slope / np.where(bend < 0.0, 2.0 * bend, 1.0), 0.0)
        shift = np.clip(shift, -before, after)
        return middle + slope * shift + bend * shift**2, GRID[top] + shift

    def _area_of_iv(self, enantiomer: str) -> Array:
        """Give the area of ketamine after the same dose IV: dose over clearance, hand by hand."""
        regimen = self.rows[0].arm.regimen
        assert regimen is not None
        shares = {"racemic ketamine": {"s": 0.5, "r": 0.5}, "esketamine": {"s": 1.0}}
        mg = sum(one.dose.for_weight(self.rows[0].weight).amount for one in regimen.doses)
        hands = shares[given_drug(regimen)]
        wanted = hands if enantiomer == "sum" else {enantiomer: hands[enantiomer]}
        values = self.problem.values
        return np.asarray(
            sum(1000.0 * mg * share / values[f"cl_{hand}"] for hand, share in wanted.items())
        )
