"""Componentwise relative errors of the engine against the exact outputs."""

from dataclasses import dataclass

import mpmath
import numpy as np
from numpy.typing import NDArray

from experiments.accuracy.exact import DIGITS, SMALLEST, exact_outputs
from experiments.accuracy.models import Case, Moments, cases
from kpksim.engine import solve

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """Errors of all values of some models.

    Attributes
    ----------
    kind : str
        What models they are.
    relative : array, shape (k,)
        |found - exact| / exact of every value that is above 1e-300; infinite for what is not 0
        where the exact value is.
    negative : int
        Number of values below 0.
    small : int
        Number of values that are left out because the exact one is below 1e-300.
    """

    kind: str
    relative: Array
    negative: int
    small: int

    def as_json(self) -> dict[str, object]:
        """Give number, quantiles and largest of the errors."""
        levels = {"median": 0.5, "q99": 0.99, "q999": 0.999, "max": 1.0}
        found = {name: float(np.quantile(self.relative, at)) for name, at in levels.items()}
        counts = {"values": self.relative.size, "small": self.small, "negative": self.negative}
        return {"kind": self.kind} | counts | found


def errors_of(kind: str, models: int, subjects: int, seed: int) -> Errors:
    """Solve models of a kind and compare every value."""
    relative, negative, small = [], 0, 0
    for case in cases(kind, models, subjects, seed):
        found = solve(case.rates, case.actions, case.times, case.rows).at
        negative += int((found < 0.0).sum())
        for subject in range(len(case.rates)):
            errors = errors_in(case, subject, found[subject])
            relative.append(errors[~np.isnan(errors)])
            small += int(np.isnan(errors).sum())
    return Errors(kind, np.concatenate(relative), negative, small)


def errors_in(case: Case, subject: int, found: Array) -> Array:
    """Errors of one subject's values, nan below 1e-300; of two readings of times the better one."""
    readings = [
        relative_errors(found, exact_of(case, subject, moments)) for moments in case.readings
    ]
    return np.fmin.reduce(readings)


def exact_of(case: Case, subject: int, moments: Moments) -> list[list[mpmath.mpf]]:
    """Exact outputs of a subject of a case."""
    each = case.actions
    columns = moments.actions[subject], each.compartment, each.amount, each.rate
    doses = list(zip(*columns, strict=True))
    return exact_outputs(case.rates[subject], doses, moments.times, case.rows)


def relative_errors(found: Array, exact: list[list[mpmath.mpf]]) -> Array:
    """|found - exact| / exact of every value, nan where the exact one is below 1e-300."""
    with mpmath.workdps(DIGITS):
        truths = (truth for row in exact for truth in row)
        return np.array([_error(*pair) for pair in zip(found.ravel(), truths, strict=True)])


def _error(value: float, truth: mpmath.mpf) -> float:
    """Error of one value; infinite for what is not 0 where the exact value is."""
    if truth >= SMALLEST:
        return float(abs(mpmath.mpf(float(value)) - truth) / truth)
    if truth == 0:
        return 0.0 if value == 0.0 else np.inf
    return np.nan
