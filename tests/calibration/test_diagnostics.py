"""Summaries of draws agree with what is known of the distributions they come from."""

import numpy as np
import pytest
from scipy.stats import expon, norm

from kpksim.calibration.diagnostics import compare_seeds, contraction, summarise


def test_summary_of_exponential_draws_is_that_of_the_distribution():
    quantiles = (np.arange(20_000) + 0.5) / 20_000
    draws = np.stack([norm.ppf(quantiles, 3.0, 2.0), expon.ppf(quantiles)], axis=1)
    found = summarise(("normal", "exponential"), draws, effective_size=400.0)
    assert found.loc["normal", "mean"] == pytest.approx(3.0, abs=1e-6)
    assert found.loc["normal", "sd"] == pytest.approx(2.0, rel=1e-3)
    assert found.loc["normal", "sampling_error"] == pytest.approx(0.1, rel=1e-3)
    assert found.loc["exponential", "median"] == pytest.approx(np.log(2), rel=1e-3)
    low, high = found.loc["exponential", ["eti_lower", "eti_upper"]]
    assert (low, high) == pytest.approx(tuple(expon.ppf([0.05, 0.95])), rel=2e-3)
    low, high = found.loc["exponential", ["hdi_lower", "hdi_upper"]]
    assert (low, high) == pytest.approx((0.0, expon.ppf(0.9)), abs=5e-3)


def test_the_error_of_a_mean_never_counts_more_draws_than_there_are():
    draws = np.random.default_rng(1).normal(size=(100, 1))
    found = summarise(("a",), draws, effective_size=5000.0)
    assert found.loc["a", "sampling_error"] == pytest.approx(draws.std(ddof=1) / 10)


def test_runs_that_agree_have_no_shift_and_runs_that_do_not_have_one():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 2000, 2))
    second[:, 1] = 2.0 * second[:, 1] + 3.0
    found = compare_seeds(("same", "moved"), first, second)
    assert found.loc["same", "shift"] < 0.1
    assert found.loc["same", "r_hat"] == pytest.approx(1.0, abs=0.005)
    spread = np.concatenate([first, second])[:, 1].std(ddof=1)
    moved = np.median(second[:, 1]) - np.median(first[:, 1])
    assert found.loc["moved", "shift"] == pytest.approx(moved / spread)
    assert found.loc["moved", "r_hat"] > 1.3


def test_contraction_is_one_minus_the_ratio_of_variances():
    rng = np.random.default_rng(1)
    prior = rng.normal(size=(1000, 3))
    assert contraction(prior, prior * [1.0, 0.5, 2.0]) == pytest.approx([0.0, 0.75, -3.0])
