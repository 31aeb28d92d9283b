"""Draws that walk on reach the posterior that is known, and keep it once they are there."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm, skewnorm

from kpksim.calibration.chains import walk_on


def normal_draws(gaussians, n, seed, width=1.0):
    mean, sd = gaussians.posterior()
    return mean + width * sd * np.random.default_rng(seed).standard_normal((n, len(mean)))


@pytest.mark.parametrize("width", [0.5, 2.0])
def test_draws_of_the_wrong_width_find_the_posterior(gaussians, width):
    walked = walk_on(
        gaussians, normal_draws(gaussians, 2000, 1, width), np.random.default_rng(2), steps=20
    )
    mean, sd = gaussians.posterior()
    assert walked.values.std(axis=0) / sd == pytest.approx(1.0, abs=0.06)
    assert (walked.values.mean(axis=0) - mean) / sd == pytest.approx(0.0, abs=0.1)
    assert 0.5 < walked.accepted < 1.0


def test_few_draws_keep_the_posterior(gaussians):
    """Twelve draws at a time, as each half moves by the covariance of six others."""
    mean, sd = gaussians.posterior()
    squares = []
    for seed in range(150):
        start = normal_draws(gaussians, 12, seed)
        values = walk_on(gaussians, start, np.random.default_rng(seed), steps=15).values
        squares.append(((values - mean) ** 2).mean(axis=0))
    # each mean of 1,800 squares has a standard error of about 0.035, more as draws hang together
    assert np.mean(squares, axis=0) / sd**2 == pytest.approx(1.0, abs=0.12)


def test_draws_forget_where_they_were(gaussians):
    start = normal_draws(gaussians, 2000, 1)
    values = walk_on(gaussians, start, np.random.default_rng(2), steps=10).values
    left = np.array(
        [np.corrcoef(one, other)[0, 1] for one, other in zip(start.T, values.T, strict=True)]
    )
    assert left == pytest.approx(0.0, abs=0.09)


@dataclass(frozen=True)
class Skewed:
    """Values that are normal a priori and were seen to lie below others: skew-normal."""

    slope: float = 4.0
    names: tuple[str, ...] = ("x", "y")
    statement_hash: str = "skewed"

    def transform(self, u):
        return norm.ppf(u)

    def cube(self, values):
        return norm.cdf(values)

    def log_likelihood(self, values):
        return float(norm.logcdf(self.slope * values).sum())


def test_a_skewed_posterior_is_found_from_the_prior():
    walked = walk_on(
        Skewed(), np.random.default_rng(1).standard_normal((4000, 2)), np.random.default_rng(2),
        steps=30,
    )  # fmt: skip
    exact = skewnorm(Skewed.slope)
    assert walked.values.mean(axis=0) == pytest.approx(exact.mean(), abs=0.03)
    assert walked.values.std(axis=0) == pytest.approx(exact.std(), abs=0.03)
    shares = [0.05, 0.25, 0.75, 0.95]
    for column in walked.values.T:
        assert np.quantile(column, shares) == pytest.approx(exact.ppf(shares), abs=0.06)


@dataclass(frozen=True)
class TwoHills(Skewed):
    """Two hills of which one holds a quarter of the posterior."""

    def log_likelihood(self, values):
        far = np.abs(values - np.array([[-1.5, 0.0], [1.5, 0.0]]))
        return float(np.logaddexp(*(np.log([0.25, 0.75]) - 8.0 * (far**2).sum(axis=1))))


def test_hills_keep_their_shares():
    """Starting with as many draws on both, a quarter ends on the first."""
    rng = np.random.default_rng(3)
    start = np.stack([np.where(rng.random(2000) < 0.5, -1.4, 1.4), np.zeros(2000)], axis=1)
    start += 0.2 * rng.standard_normal((2000, 2))
    values = walk_on(TwoHills(), start, rng, steps=60).values
    assert (values[:, 0] < 0.0).mean() == pytest.approx(0.25, abs=0.04)


def test_no_steps_change_nothing_and_a_seed_repeats_them(gaussians):
    start = normal_draws(gaussians, 20, 1)
    kept = start.copy()
    assert np.array_equal(
        walk_on(gaussians, start, np.random.default_rng(1), steps=0).values, start
    )
    one, other = (
        walk_on(gaussians, start, np.random.default_rng(4), steps=5).values for _ in range(2)
    )
    assert np.array_equal(one, other)
    assert not np.array_equal(one, start)
    assert np.array_equal(start, kept)


def test_eleven_draws_of_three_parameters_are_too_few(gaussians):
    with pytest.raises(ValueError, match="12 needed, 11"):
        walk_on(gaussians, normal_draws(gaussians, 11, 1), np.random.default_rng(1))
