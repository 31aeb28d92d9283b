"""What doses would do if they were given IV at once: the reference for F, CL and Vss."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import Regimen, Timed
from kpksim.engine import area_after
from kpksim.models import Model, output_rows, reachable
from kpksim.models.rates import rate_matrix
from kpksim.population import People
from kpksim.simulation.inputs import in_form_of, regimen_inputs
from kpksim.simulation.problem import NG_PER_ML, Problem
from kpksim.vocabulary import PURE

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Intravenous:
    """Areas after doses given IV at once to one person, A outputs.

    Attributes
    ----------
    dose : mapping of str to float
        Dose of the ``"sum"``, ``"s"`` and ``"r"`` ketamine [mg].
    area : array, shape (A,)
        Areas without end [ng h/mL].
    moment : array, shape (A,)
        Areas under time x concentration [ng h2/mL].
    """

    dose: dict[str, float]
    area: Array
    moment: Array

    def clearance(self, output: int, enantiomer: str) -> float:
        """Give dose over area [L/h]."""
        return NG_PER_ML * self.dose[enantiomer] / float(self.area[output])

    def volume(self, output: int, enantiomer: str) -> float:
        """Give the volume of distribution in steady state, clearance x mean residence time [L]."""
        residence = float(self.moment[output] / self.area[output])
        return self.clearance(output, enantiomer) * residence


def intravenous(problem: Problem, regimen: Regimen, outputs: Sequence[str]) -> Intravenous | None:
    """Areas after the doses of a regimen, given IV at once.

    Parameters
    ----------
    problem : Problem
        The same doses in one person, as they were given.
    regimen : Regimen
        The doses, by any route.
    outputs : sequence of str
        Names of A outputs.

    Returns
    -------
    Intravenous or None
        None where the model is not linear or has no IV route for the drugs that are given.
    """
    model, values, people = problem.model, problem.values, problem.people
    if not (model.is_linear and _has_iv(model, regimen)):
        return None
    doses = (replace(one.dose, route="iv", over=0.0, product=None) for one in regimen.doses)
    at_once = Regimen(tuple(Timed(0.0, dose) for dose in doses))
    inputs = regimen_inputs(model, values, at_once, people)
    kept = reachable(model, {one.compartment for one in inputs})
    start = np.zeros((1, model.n_states))
    for one in inputs:
        start[:, one.compartment] += one.amount
    rates = rate_matrix(model, values)[:, kept][:, :, kept]
    rows = NG_PER_ML * output_rows(model, tuple(outputs), values)[:, :, kept]
    area, moment = _areas(rates, start[:, kept], rows)
    return Intravenous(_doses(model, regimen, people), area, moment)


def _has_iv(model: Model, regimen: Regimen) -> bool:
    """Whether the model knows the IV route of every drug of a regimen."""
    known = {one.drug or model.drug for one in model.administrations if one.route == "iv"}
    given = {one.dose.drug if one.dose.drug in model.drugs else model.drug for one in regimen.doses}
    return given <= known


def _areas(rates: Array, start: Array, rows: Array) -> tuple[Array, Array]:
    """Give the area of each output and its first moment.

    The moment is the area under the area still to come, which is linear in the state.
    """
    n = rates.shape[1]
    to_come = area_after(np.repeat(rates, n, axis=0), np.eye(n), np.repeat(rows, n, axis=0))
    return (to_come.T @ start[0]), area_after(rates, start, to_come.T[None])[0]


def _doses(model: Model, regimen: Regimen, people: People) -> dict[str, float]:
    """Give the dose of both enantiomers and of each [mg of the model's form]."""
    total = dict.fromkeys(("sum", "s", "r"), 0.0)
    weight = float(people.covariates["weight"][0])
    for one in regimen.doses:
        dose = one.dose.for_weight(weight)
        amount = float(in_form_of(model, np.array([dose.amount]), dose.form)[0])
        total["sum"] += amount
        for hand in total.keys() - {"sum"}:
            share = 0.5 if dose.drug not in PURE else float(PURE[dose.drug] == hand)
            total[hand] += share * amount
    return total
