"""Draws carried over to another posterior stand for it, and the ratio of evidences is the known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from kpksim.calibration.chains import TargetDensity
from kpksim.calibration.tempering import temper


def exact_draws(problem, n, rng):
    mean, sd = problem.posterior()
    return mean + sd * rng.standard_normal((n, len(mean)))


def density_between(one, other):
    """Compare two problems that differ in what was observed or in their priors."""

    def terms(values):
        here = np.array([one.log_likelihood(x) for x in values])
        there = np.array([other.log_likelihood(x) for x in values])
        ratio = norm.logpdf(values, 0.0, other.prior_sd) - norm.logpdf(values, 0.0, one.prior_sd)
        return np.stack([here, there + ratio.sum(axis=1)], axis=1)

    return TargetDensity(one, terms)


@pytest.mark.parametrize(
    "changes",
    [
        {"observed": (-1.0, 2.0, 0.5)},
        {"errors": (1e3, 1.0, 4.0)},
        {"errors": (0.1, 0.3, 0.5)},
        {"prior_sd": 3.4},
    ],
)
def test_another_posterior_is_reached(gaussians, changes):
    other = replace(gaussians, **changes)
    rng = np.random.default_rng(1)
    found = temper(
        density_between(gaussians, other), exact_draws(gaussians, 1000, rng), rng, steps=10
    )
    mean, sd = other.posterior()
    assert (found.values.mean(axis=0) - mean) / sd == pytest.approx(0.0, abs=0.15)
    assert found.values.std(axis=0) / sd == pytest.approx(1.0, abs=0.1)
    known = other.log_evidence() - gaussians.log_evidence()
    assert found.log_ratio == pytest.approx(known, abs=4.0 * found.error + 0.01)


def test_the_error_is_that_of_repetition(gaussians):
    """Over 60 repetitions, with a fifth of their worth left in each of two stages or more."""
    other = replace(gaussians, observed=(0.2, 1.0, 0.5))
    density = density_between(gaussians, other)
    runs = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        runs.append(temper(density, exact_draws(gaussians, 200, rng), rng, steps=6))
    ratios, errors = (
        np.array([getattr(one, name) for one in runs]) for name in ("log_ratio", "error")
    )
    assert min(one.stages for one in runs) >= 2
    assert 0.6 < ratios.std(ddof=1) / errors.mean() < 1.5
    known = other.log_evidence() - gaussians.log_evidence()
    assert ratios.mean() == pytest.approx(known, abs=4.0 * errors.mean() / np.sqrt(60) + 0.01)


def test_the_same_posterior_takes_one_turn_and_no_difference(gaussians):
    rng = np.random.default_rng(5)
    density = density_between(gaussians, gaussians)
    found = temper(density, exact_draws(gaussians, 100, rng), rng, steps=2)
    assert (found.log_ratio, found.stages) == (pytest.approx(0.0, abs=1e-12), 1)
    assert found.error == pytest.approx(0.0, abs=1e-6)


def test_too_few_draws_are_refused(gaussians):
    rng = np.random.default_rng(5)
    with pytest.raises(ValueError, match="12 needed, 8"):
        temper(density_between(gaussians, gaussians), exact_draws(gaussians, 8, rng), rng, steps=2)
