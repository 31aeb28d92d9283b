"""Other choices that a calibration file declares, by reweighted draws of the main fit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.fitted import Fitted
from kpksim.calibration.importance import Smoothed, smooth
from kpksim.calibration.predictive import QUANTILES, weighted_quantiles
from kpksim.calibration.targets import target_values

Array = NDArray[np.float64]


def other_choices(fitted: Fitted, hypothesis: str) -> dict[str, Any]:
    """Reweight the posterior to every other choice that the file declares."""
    asked = fitted.asked
    plain = target_values(asked, fitted.problem, fitted.values)
    shifts, sizes, k_hats, quantiles = [], [], [], []
    for changes in asked.settings.sensitivity:
        other = asked.setting(changes).problem(hypothesis)
        ratios = fitted.problem.under(other, fitted.values) - fitted.by_study.sum(axis=1)
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


def _moved_targets(fitted: Fitted, changes: ChangesDocument, plain: Array) -> Array:
    """Give the targets of the draws under another choice: other only where concentrations are."""
    if not changes.factors:
        return plain
    return target_values(fitted.asked, fitted.problem, fitted.values, changes=changes)


def _quantiles(reached: Array, weights: Smoothed) -> list[list[float]]:
    """Give weighted quantiles of every target."""
    share = np.exp(weights.log_weights)
    return [weighted_quantiles(column, share, list(QUANTILES)) for column in reached.T]
