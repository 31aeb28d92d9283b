"""Stacking weights are those of a search over the whole simplex."""

import numpy as np
import pytest

from kpksim.calibration.stacking import stacking_weights
from kpksim.errors import ModelError


def value(log_scores, weights):
    return np.log(np.exp(log_scores) @ weights).sum()


def by_search(log_scores, steps=400):
    """Give the best of all weights of three hypotheses on a grid."""
    first, second = np.meshgrid(np.arange(steps + 1), np.arange(steps + 1))
    inside = first + second <= steps
    grid = np.stack([first, second, steps - first - second], axis=-1)[inside] / steps
    values = np.log(np.exp(log_scores) @ grid.T).sum(axis=0)
    return grid[values.argmax()], values.max()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("spread", [0.3, 2.0])
def test_weights_are_those_of_a_search(seed, spread):
    log_scores = np.random.default_rng(seed).normal(-3.0, spread, size=(9, 3))
    weights = stacking_weights(log_scores)
    expected, best = by_search(log_scores)
    assert weights.sum() == pytest.approx(1.0)
    assert (weights >= 0).all()
    assert best - 1e-9 <= value(log_scores, weights) <= best + 1e-3
    assert weights == pytest.approx(expected, abs=0.02)


def test_a_hypothesis_that_is_worse_for_every_study_has_no_weight():
    scores = np.array([[-1.0, -1.5, -9.0], [-2.0, -1.8, -9.0], [-1.0, -1.2, -9.0]])
    assert stacking_weights(scores)[2] == pytest.approx(0.0, abs=1e-9)


def test_a_constant_of_a_study_changes_nothing_even_where_likelihoods_underflow():
    scores = np.random.default_rng(1).normal(size=(6, 4))
    shifted = scores - np.array([0.0, 10.0, 3.0, 5000.0, 1.0, 7.0])[:, None]
    assert stacking_weights(shifted) == pytest.approx(stacking_weights(scores), abs=1e-6)


def test_one_hypothesis_has_all_the_weight():
    assert stacking_weights(np.array([[-3.0], [-4.0]])).tolist() == [1.0]


def test_fifteen_hypotheses_are_at_the_maximum():
    """At it, no hypothesis has a higher mean ratio to the mixture than 1 (Kuhn and Tucker)."""
    scores = np.random.default_rng(2).normal(-4.0, 1.0, size=(10, 15))
    weights = stacking_weights(scores)
    likelihoods = np.exp(scores)
    ratio = (likelihoods / (likelihoods @ weights)[:, None]).mean(axis=0)
    assert ratio.max() < 1 + 1e-4
    assert ratio[weights > 1e-3] == pytest.approx(1.0, abs=1e-3)


def test_a_score_that_is_not_finite_is_refused():
    with pytest.raises(ModelError, match="a log score is not finite"):
        stacking_weights(np.array([[-1.0, -np.inf], [-1.0, -2.0]]))
