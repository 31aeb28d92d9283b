"""Reweighting over an ensemble gives what fits of every member give, where both are exact."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm

from kpksim.calibration.pk_ensemble import member_likelihoods, reweight

ERROR = 0.5
FOUND = 1.2


def shifted_likelihood(shifts):
    """A number found, whose mean is the parameter plus the shift of the member."""
    constant = -np.log(ERROR) - 0.5 * np.log(2 * np.pi)
    return lambda values, member: (
        constant - 0.5 * ((FOUND - values[0] - shifts[member]) / ERROR) ** 2
    )


def exact(shifts, prior_sd=1.0):
    """Give mean and variance of the parameter, ln Z, and the weight of each member."""
    variance = 1 / (1 / prior_sd**2 + 1 / ERROR**2)
    means = variance * (FOUND - shifts) / ERROR**2
    log_z = norm.logpdf(FOUND, shifts, np.hypot(prior_sd, ERROR))
    weights = np.exp(log_z - logsumexp(log_z))
    mean = weights @ means
    spread = variance + weights @ (means - mean) ** 2
    return mean, spread, logsumexp(log_z) - np.log(len(shifts)), weights


def typical_draws(n=4000):
    mean, variance, log_z, _ = exact(np.zeros(1))
    draws = np.random.default_rng(1).normal(mean, np.sqrt(variance), size=(n, 1))
    return draws, norm.logpdf(FOUND, draws[:, 0], ERROR), log_z


@pytest.fixture(scope="module")
def shifts():
    return np.random.default_rng(2).normal(0.0, 0.3, 20)


@pytest.fixture(scope="module")
def reweighted(shifts):
    draws, typical, _ = typical_draws()
    members = member_likelihoods(shifted_likelihood(shifts), draws, 20)
    return reweight(typical, members, independent=4000)


def test_evidence_of_the_ensemble_is_that_of_its_members(shifts, reweighted):
    _, _, log_z, weights = exact(shifts)
    _, _, typical_log_z = typical_draws()
    assert reweighted.correction == pytest.approx(
        log_z - typical_log_z, abs=4 * reweighted.correction_error
    )
    assert reweighted.correction_error < 0.02
    assert reweighted.member_weights == pytest.approx(weights, abs=0.01)
    assert reweighted.reliable


def test_pairs_have_the_posterior_of_the_ensemble(shifts, reweighted):
    mean, variance, _, weights = exact(shifts)
    _, narrow, _, _ = exact(np.zeros(1))
    draws, _, _ = typical_draws()
    draw, member = reweighted.pairs(4000, np.random.default_rng(3))
    taken = draws[draw, 0]
    assert taken.mean() == pytest.approx(mean, abs=0.05)
    assert taken.var() == pytest.approx(variance, rel=0.1)
    assert variance > 1.15 * narrow
    shares = np.bincount(member, minlength=20) / 4000
    assert shares == pytest.approx(weights, abs=0.02)
    expected = -0.8 * weights @ (shifts - weights @ shifts) ** 2
    assert np.cov(taken, shifts[member])[0, 1] == pytest.approx(expected, rel=0.15)


def test_members_far_from_the_typical_one_ask_for_fits():
    far = np.array([-3.0, 0.0, 3.0])
    draws, typical, _ = typical_draws()
    members = member_likelihoods(shifted_likelihood(far), draws, 3)
    flat = reweight(typical, members + np.array([30.0, 0.0, 0.0]), independent=4000)
    assert not flat.reliable


def test_few_independent_draws_ask_for_fits(shifts):
    draws, typical, _ = typical_draws()
    members = member_likelihoods(shifted_likelihood(shifts), draws, 20)
    found = reweight(typical, members, independent=300)
    assert found.effective_size < 300
    assert not found.reliable


def test_an_ensemble_of_copies_of_the_typical_member_changes_nothing():
    _, typical, _ = typical_draws()
    found = reweight(typical, np.stack([typical, typical], axis=1), independent=4000)
    assert found.correction == pytest.approx(0.0, abs=1e-12)
    assert found.effective_size == pytest.approx(4000)
    assert found.member_weights == pytest.approx([0.5, 0.5])


def test_progress_is_told_after_every_member():
    told = []
    member_likelihoods(shifted_likelihood(np.zeros(4)), np.zeros((2, 1)), 4, told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_a_member_under_which_a_draw_has_no_likelihood_gets_none_of_its_weight():
    likelihoods = member_likelihoods(lambda _, member: (0.0, np.nan)[member], np.zeros((50, 1)), 2)
    found = reweight(np.zeros(50), likelihoods, independent=50.0)
    assert found.member_weights.tolist() == [1.0, 0.0]
