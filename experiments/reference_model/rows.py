"""Observed rows of the fit and of its test, and how far each may lie from the model."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.reference_model.settings import Residuals
from kpksim.evidence import Observation, ObservedArm, load_observed
from kpksim.units import to_internal

Array = NDArray[np.float64]
USUAL_WEIGHT = 70.0
"""Body weight where a source states none [kg]."""
LEVELS = ("concentration", "cmax", "auc", "auc_ratio", "f", "cl", "vss")
"""Metrics that count in the figures; times of peaks inform the fit and are told apart."""
COUNTED = ("ketamine", "norketamine")
_NG_PER_ML = 1000.0


@dataclass(frozen=True)
class Row:
    """One observed number with the people it was seen in.

    Attributes
    ----------
    source : str
        Key of the observed study.
    arm : ObservedArm
    observation : Observation
    """

    source: str
    arm: ObservedArm
    observation: Observation

    @property
    def weight(self) -> float:
        """Body weight [kg]."""
        return weight_of(self.arm)

    @property
    def counts(self) -> bool:
        """Whether it counts in the figures of ketamine and norketamine."""
        one = self.observation
        return one.analyte in COUNTED and one.metric in LEVELS

    @property
    def group(self) -> tuple[str, str, str]:
        """What it shares the error of a study with: people, analyte and kind of metric."""
        metric = self.observation.metric
        kind = {"f": "share", "auc_ratio": "share", "tmax": self.observation.id}.get(
            metric, "level"
        )
        return self.people, self.observation.analyte, kind

    @property
    def people(self) -> str:
        """Who was studied: studies of the same people have one name."""
        return min(self.source, *load_observed(self.source).same_people, key=str)

    @property
    def sign(self) -> float:
        """Which way the error of a study moves it: a clearance falls when levels rise."""
        return -1.0 if self.observation.metric == "cl" else 1.0

    @property
    def absorbed(self) -> tuple[str, str, str | None]:
        """What it shares the error of a bioavailability with: people, route and product."""
        assert self.arm.regimen is not None  # rows without one are left out
        dose = self.arm.regimen.doses[-1].dose
        return self.people, dose.route, dose.product

    @property
    def absorbed_sign(self) -> float:
        """Which way more absorbed ketamine moves it; 0 after IV, and for metabolites and times."""
        one = self.observation
        if self.absorbed[1] == "iv" or one.metric == "tmax":
            return 0.0
        if one.over == "ketamine":
            return -1.0
        return 1.0 if one.analyte == "ketamine" else 0.0


def weight_of(arm: ObservedArm) -> float:
    """Give the body weight of an arm [kg]."""
    return USUAL_WEIGHT if math.isnan(arm.weight) else arm.weight


def rows_of(sources: Iterable[str]) -> tuple[Row, ...]:
    """Give every row of some sources that a model can be compared with.

    Parameters
    ----------
    sources : iterable of str
        Keys of observed studies.

    Returns
    -------
    tuple of Row
        Rows arm by arm.
    """
    return tuple(
        Row(key, arm, one)
        for key in sources
        for arm in load_observed(key).arms.values()
        if arm.regimen is not None
        for one in load_observed(key).observations
        if one.arm == arm.name and _usable(one)
    )


def _usable(one: Observation) -> bool:
    """Whether a number is meant to be compared, and says over which time."""
    open_area = one.metric == "auc" and math.isnan(one.window[1])
    return one.use == "quantitative" and one.metric != "t_half" and not open_area


def errors(rows: Sequence[Row], weights: Residuals) -> Array:
    """Covariance of the logarithms of observed rows about the model.

    Parameters
    ----------
    rows : sequence of Row
        N rows.
    weights : Residuals
        Standard deviations on the log scale.

    Returns
    -------
    array, shape (N, N)
        Covariance [1].
    """
    matrix = np.diag([_variance(row, rows, weights) for row in rows])
    for i, one in enumerate(rows):
        for k, other in enumerate(rows):
            if one.group == other.group and one.observation.metric != "tmax":
                shared = weights.shared[one.observation.analyte]
                matrix[i, k] += one.sign * other.sign * shared**2
            if one.absorbed == other.absorbed:
                matrix[i, k] += one.absorbed_sign * other.absorbed_sign * weights.absorbed**2
    return matrix


def _variance(row: Row, rows: Sequence[Row], weights: Residuals) -> float:
    """Give the variance of one row by itself [1]."""
    one = row.observation
    alone = max(weights.row[one.metric], weights.least.get(one.analyte, 0.0))
    return alone**2 + _of_the_mean(row, weights) ** 2 + _of_reading(row, rows, weights) ** 2


def _of_the_mean(row: Row, weights: Residuals) -> float:
    """Give the standard error of a mean over people [1]."""
    one = row.observation
    if one.metric == "concentration":
        return 0.0
    cv = weights.people["cv"] if math.isnan(one.sd) else one.sd / one.value
    return cv / math.sqrt(row.arm.n or 1)


def _of_reading(row: Row, rows: Sequence[Row], weights: Residuals) -> float:
    """Give the error of reading a point off a figure [1]."""
    one = row.observation
    if not one.digitised:
        return 0.0
    floor = weights.reading.floor.get(row.source)
    if floor is not None:
        return to_internal(floor, "concentration") * _NG_PER_ML / one.value
    curve = [other.observation.value for other in rows if _same_curve(row, other)]
    return weights.reading.share.get(row.source, 0.0) * max(curve) / one.value


def _same_curve(one: Row, other: Row) -> bool:
    """Whether two rows are points of one curve."""
    places = (
        (row.source, row.arm.name, row.observation.analyte, row.observation.enantiomer,
         row.observation.metric)
        for row in (one, other)
    )  # fmt: skip
    return len(set(places)) == 1
