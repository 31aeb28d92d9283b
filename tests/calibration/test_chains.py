"""Draws that walk on reach the posterior that is known, and keep it once they are there."""

import numpy as np
import pytest

from kpksim.calibration.chains import walk_on


def normal_draws(gaussians, n, seed, width=1.0):
    mean, sd = gaussians.posterior()
    return mean + width * sd * np.random.default_rng(seed).standard_normal((n, len(mean)))


@pytest.mark.parametrize("width", [0.5, 2.0])
def test_draws_of_the_wrong_width_find_the_posterior(gaussians, width):
    walked = walk_on(
        gaussians, normal_draws(gaussians, 2000, 1, width), np.random.default_rng(2), steps=60
    )
    mean, sd = gaussians.posterior()
    assert walked.values.std(axis=0) / sd == pytest.approx(1.0, abs=0.06)
    assert (walked.values.mean(axis=0) - mean) / sd == pytest.approx(0.0, abs=0.1)
    assert 0.1 < walked.accepted < 0.7


def test_few_draws_keep_the_posterior(gaussians):
    """Ten draws at a time, as each half moves by differences of five others."""
    mean, sd = gaussians.posterior()
    squares = []
    for seed in range(150):
        start = normal_draws(gaussians, 10, seed)
        values = walk_on(gaussians, start, np.random.default_rng(seed), steps=15).values
        squares.append(((values - mean) ** 2).mean(axis=0))
    # each mean of 1,500 squares has a standard error of about 0.04, more as draws hang together
    assert np.mean(squares, axis=0) / sd**2 == pytest.approx(1.0, abs=0.15)


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


def test_three_draws_have_no_differences(gaussians):
    with pytest.raises(ValueError, match="4 are needed, not 3"):
        walk_on(gaussians, normal_draws(gaussians, 3, 1), np.random.default_rng(1))
