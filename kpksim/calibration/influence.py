"""How far each study moves the curves: targets of a mixture of hypotheses with and without it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.carried import Carried
from kpksim.calibration.leave_out import LeftOut
from kpksim.calibration.predictive import weighted_quantiles
from kpksim.calibration.results import Influence
from kpksim.calibration.study import Done
from kpksim.calibration.targets import target_values
from kpksim.calibration.verdict import shares

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Weighted:
    """Weighted draws of targets.

    Attributes
    ----------
    values : array, shape (n, T)
        Targets of every draw.
    weights : array, shape (n,)
        Weights.
    """

    values: Array
    weights: Array

    @property
    def medians(self) -> Array:
        """Median of every target."""
        return np.array([weighted_quantiles(one, self.weights, [0.5])[0] for one in self.values.T])

    @property
    def spread(self) -> Array:
        """Standard deviation of every target."""
        away = self.values - np.average(self.values, axis=0, weights=self.weights)
        return np.sqrt(np.average(away**2, axis=0, weights=self.weights))


def mixed(parts: Sequence[Weighted], share: Array) -> Weighted:
    """Mix draws of several hypotheses.

    Parameters
    ----------
    parts : sequence of Weighted
        Draws of each.
    share : array, shape (len(parts),)
        Share of each in the mixture.

    Returns
    -------
    Weighted
        All draws, their weights summing to 1.
    """
    weights = [by * one.weights / one.weights.sum() for one, by in zip(parts, share, strict=True)]
    return Weighted(np.concatenate([one.values for one in parts]), np.concatenate(weights))


def influence_of(
    done: Done,
    keys: Sequence[str],
    left: Mapping[str, LeftOut],
    without_it: Mapping[str, Mapping[str, Carried]],
) -> Iterator[Influence]:
    """Give the shift of every target of a mixture of hypotheses when a study is left out.

    Each hypothesis has the share of the evidence that it has without that study.

    Parameters
    ----------
    done : Done
        What was computed.
    keys : sequence of str
        The hypotheses of the mixture, or a single one.
    left : mapping of str to LeftOut
        Scores of studies, each left out, by hypothesis.
    without_it : mapping of str to mapping of str to Carried
        Hypotheses carried past studies, by hypothesis and study.

    Yields
    ------
    Influence
        One for each study of which weights or draws carried over can tell under all of them.
    """
    evidence = np.array([done.evidence[key].value for key in keys])
    whole = mixed([_with_all(done, key) for key in keys], shares(evidence))
    middle, spread = whole.medians, whole.spread
    spread[spread == 0.0] = 1.0
    names = [one.name for one in done.asked.settings.targets]
    for k, study in enumerate(left[keys[0]].studies):
        if not all(left[key].reliable[k] for key in keys):
            continue
        parts = [_past(done, key, left[key], without_it[key], study) for key in keys]
        scores = np.array([left[key].log_scores[k] for key in keys])
        shifts = (mixed(parts, shares(evidence - scores)).medians - middle) / spread
        yield Influence(left_out=study, shifts=dict(zip(names, map(float, shifts), strict=True)))


def _with_all(done: Done, key: str) -> Weighted:
    """Give the targets of a hypothesis under the typical person, from all studies."""
    reached = np.asarray(done.analyses[key]["target_value"].values)
    return Weighted(reached, np.ones(len(reached)))


def _past(
    done: Done, key: str, left: LeftOut, without_it: Mapping[str, Carried], study: str
) -> Weighted:
    """Give the targets of a hypothesis without a study: of draws carried over, else by weights."""
    if study not in without_it:
        weights = np.exp(left.log_weights[:, left.studies.index(study)])
        return Weighted(_with_all(done, key).values, weights)
    problem = done.asked.setting().problem(key)
    reached = target_values(done.asked, problem, without_it[study].values)
    return Weighted(reached, np.ones(len(reached)))
