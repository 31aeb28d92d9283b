"""Draws carried over to members of an ensemble, where posteriors and evidences are known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp

from kpksim.calibration.pk_carried import carry_to_members

OBSERVED = [(1.0, -2.0, 0.5), (-1.5, -2.0, 0.5), (1.0, 1.0, 0.5), (2.5, -3.0, 1.0)]


@pytest.fixture(scope="module")
def carried(gaussians):
    """Four members, for whom the same three numbers mean other values; far apart."""
    members = [replace(gaussians, observed=one) for one in OBSERVED]
    rng = np.random.default_rng(4)
    mean, sd = gaussians.posterior()
    start = mean + sd * rng.standard_normal((1000, 3))
    return members, *carry_to_members(gaussians, members, start, rng, draws=400)


def known_shares(members):
    evidence = np.array([one.log_evidence() for one in members])
    return np.exp(evidence - logsumexp(evidence))


def test_members_count_by_their_evidence(gaussians, carried):
    members, found, _ = carried
    known = np.array([one.log_evidence() - gaussians.log_evidence() for one in members])
    correction = logsumexp(known) - np.log(4)
    assert found.correction == pytest.approx(correction, abs=4.0 * found.correction_error)
    assert 0.02 < found.correction_error < 0.1
    shares = known_shares(members)
    assert found.member_weights == pytest.approx(shares, abs=0.06)
    assert logsumexp(found.log_weights) == pytest.approx(0.0, abs=1e-12)
    assert found.effective_size == pytest.approx(400.0 / (shares**2).sum(), rel=0.1)
    assert found.reliable


def test_pairs_have_the_posterior_of_the_ensemble(carried):
    members, found, values = carried
    draw, member = found.pairs(4000, np.random.default_rng(5))
    shares = known_shares(members)
    assert np.bincount(member, minlength=4) / 4000 == pytest.approx(shares, abs=0.06)
    means, spreads = np.array([one.posterior() for one in members]).swapaxes(0, 1)
    mean = shares @ means
    spread = np.sqrt(shares @ (spreads**2 + (means - mean) ** 2))
    taken = values[draw, member]
    assert (taken.mean(axis=0) - mean) / spread == pytest.approx(0.0, abs=0.15)
    assert taken.std(axis=0) / spread == pytest.approx(1.0, abs=0.1)
    for k in range(4):
        own = taken[member == k]
        assert (own.mean(axis=0) - means[k]) / spreads[k] == pytest.approx(0.0, abs=0.3)


def test_the_error_of_the_evidence_is_that_of_repetition(gaussians):
    members = [replace(gaussians, observed=one) for one in OBSERVED]
    mean, sd = gaussians.posterior()
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        start = mean + sd * rng.standard_normal((100, 3))
        found.append(carry_to_members(gaussians, members, start, rng, draws=100, steps=6)[0])
    corrections = np.array([one.correction for one in found])
    errors = np.array([one.correction_error for one in found])
    assert 0.6 < corrections.std(ddof=1) / errors.mean() < 1.5


def test_one_member_that_has_all_the_evidence_leaves_few_draws(gaussians):
    apart = replace(gaussians, errors=(0.01, 1.0, 4.0), observed=(9.0, -2.0, 0.5))
    start = np.random.default_rng(6).standard_normal((200, 3))
    rng = np.random.default_rng(7)
    found, _ = carry_to_members(gaussians, [gaussians, apart], start, rng, draws=200, steps=4)
    assert found.member_weights[1] < 1e-3
    assert found.effective_size == pytest.approx(200.0, rel=0.01)
    assert not found.reliable
    alike, _ = carry_to_members(gaussians, [gaussians] * 3, start, rng, draws=200, steps=1)
    assert alike.effective_size == pytest.approx(600.0)
    assert alike.reliable


def test_draws_suffice_for_the_parameters(gaussians):
    start = np.random.default_rng(6).standard_normal((40, 3))
    rng = np.random.default_rng(7)
    found, values = carry_to_members(gaussians, [gaussians], start, rng, draws=2)
    assert values.shape == (12, 1, 3)
    assert found.correction == pytest.approx(0.0, abs=1e-12)
