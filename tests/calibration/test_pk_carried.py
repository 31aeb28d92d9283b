"""Draws carried over to members of an ensemble, where posteriors and evidences are known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp

from kpksim.calibration.pk_carried import CarriedMembers, carry_to_members

OBSERVED = [(1.0, -2.0, 0.5), (-1.5, -2.0, 0.5), (1.0, 1.0, 0.5), (2.5, -3.0, 1.0)]


@pytest.fixture(scope="module")
def carried(gaussians):
    """Four members, for whom the same three numbers mean other values; far apart."""
    members = [replace(gaussians, observed=one) for one in OBSERVED]
    rng = np.random.default_rng(4)
    mean, sd = gaussians.posterior()
    values = mean + sd * rng.standard_normal((1000, 3))
    return members, carry_to_members(gaussians, members, values, rng, draws=400)


def known_shares(members):
    evidence = np.array([one.log_evidence() for one in members])
    return np.exp(evidence - logsumexp(evidence))


def test_members_count_by_their_evidence(gaussians, carried):
    members, found = carried
    known = np.array([one.log_evidence() - gaussians.log_evidence() for one in members])
    assert np.abs(found.log_ratios - known).max() < 4.0 * found.errors.max() + 0.01
    correction = logsumexp(known) - np.log(4)
    assert found.correction == pytest.approx(correction, abs=4.0 * found.correction_error)
    assert found.correction_error < 0.1
    assert found.member_weights == pytest.approx(known_shares(members), abs=0.06)


def test_pairs_have_the_posterior_of_the_ensemble(carried):
    members, found = carried
    draw, member = found.pairs(4000, np.random.default_rng(5))
    shares = known_shares(members)
    assert np.bincount(member, minlength=4) / 4000 == pytest.approx(shares, abs=0.06)
    means, spreads = np.array([one.posterior() for one in members]).swapaxes(0, 1)
    mean = shares @ means
    spread = np.sqrt(shares @ (spreads**2 + (means - mean) ** 2))
    taken = found.values.reshape(-1, 3)[draw]
    assert (taken.mean(axis=0) - mean) / spread == pytest.approx(0.0, abs=0.15)
    assert taken.std(axis=0) / spread == pytest.approx(1.0, abs=0.1)
    for k in range(4):
        own = taken[member == k]
        assert (own.mean(axis=0) - means[k]) / spreads[k] == pytest.approx(0.0, abs=0.3)


def test_one_member_that_has_all_the_evidence_leaves_few_draws():
    found = CarriedMembers(np.zeros((3, 100, 2)), np.array([0.0, -50.0, -50.0]), np.full(3, 0.1))
    assert found.effective_size == pytest.approx(100.0)
    assert not found.reliable
    even = replace(found, log_ratios=np.zeros(3))
    assert even.effective_size == pytest.approx(300.0)
    assert replace(even, values=np.zeros((3, 200, 2))).reliable


def test_draws_suffice_for_the_parameters(gaussians):
    values = np.random.default_rng(6).standard_normal((40, 3))
    found = carry_to_members(gaussians, [gaussians], values, np.random.default_rng(7), draws=2)
    assert found.values.shape == (1, 12, 3)
    assert found.correction == pytest.approx(0.0, abs=1e-12)
