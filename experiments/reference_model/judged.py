"""How well a model predicts observed rows: fold errors by source, and the figures to reach."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.reference_model.rows import COUNTED, LEVELS, Row

Array = NDArray[np.float64]
COUNTED_ANALYTES = COUNTED
FIT_GMFE, HELD_GMFE, WITHIN_2, HNK_GMFE = 1.35, 1.6, 0.85, 2.0
"""Figures to reach: GMFE of fitted and of held-back sources, share within twofold, GMFE of HNK."""


@dataclass(frozen=True)
class Compared:
    """Rows with what a model says of them.

    Attributes
    ----------
    rows : tuple of Row
        N rows.
    predicted : array, shape (N,)
        Predictions; nan where the model has none.
    """

    rows: tuple[Row, ...]
    predicted: Array

    @property
    def ratios(self) -> Array:
        """Predicted over observed, shape (N,)."""
        return self.predicted / np.array([row.observation.value for row in self.rows])

    def of(self, chosen: Callable[[Row], bool]) -> Array:
        """Give the ratios of some rows, those without a prediction left out."""
        which = np.array([chosen(row) for row in self.rows], dtype=bool)
        found = self.ratios[which]
        return found[np.isfinite(found)]

    @property
    def sources(self) -> list[str]:
        """Sources in their order."""
        return list(dict.fromkeys(row.source for row in self.rows))


@dataclass(frozen=True)
class Verdict:
    """Fold errors of one set of rows.

    Attributes
    ----------
    n : int
        Number of rows.
    gmfe : float
        Geometric mean fold error [1].
    bias : float
        Geometric mean of predicted over observed [1].
    within_2 : float
        Share within twofold [1].
    """

    n: int
    gmfe: float
    bias: float
    within_2: float


def verdict(ratios: Array) -> Verdict:
    """Sum up predicted over observed.

    Parameters
    ----------
    ratios : array, shape (N,)
        Predicted over observed [1].

    Returns
    -------
    Verdict
        nan throughout when there is no row.
    """
    if not len(ratios):
        return Verdict(0, math.nan, math.nan, math.nan)
    logs = np.log(ratios)
    within = float(np.mean(np.abs(logs) <= np.log(2.0)))
    size, bias = np.exp(np.mean(np.abs(logs))), np.exp(np.mean(logs))
    return Verdict(len(ratios), float(size), float(bias), within)


def by_source(compared: Compared, analytes: Sequence[str]) -> dict[str, Verdict]:
    """Sum up levels and exposures of some analytes in each source.

    Parameters
    ----------
    compared : Compared
        Rows and predictions.
    analytes : sequence of str
        Which analytes count.

    Returns
    -------
    dict of str to Verdict
        By source; sources without such rows are left out.
    """
    found = {
        key: verdict(compared.of(lambda row, key=key: row.source == key and _level(row, analytes)))
        for key in compared.sources
    }
    return {key: one for key, one in found.items() if one.n}


def balanced(verdicts: dict[str, Verdict]) -> float:
    """Give the mean over sources of their GMFE [1]."""
    return float(np.mean([one.gmfe for one in verdicts.values()]))


def share_within_2(verdicts: dict[str, Verdict]) -> float:
    """Give the share of all rows within twofold [1]."""
    return sum(one.n * one.within_2 for one in verdicts.values()) / sum(
        one.n for one in verdicts.values()
    )


def _level(row: Row, analytes: Sequence[str]) -> bool:
    """Whether a row is a level or an exposure of one of the analytes."""
    return row.observation.analyte in analytes and row.observation.metric in LEVELS
