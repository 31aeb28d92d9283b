"""Left-out studies are scored as exactly as where the answer is known."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm

from kpksim.calibration.importance import smooth
from kpksim.calibration.leave_out import coin_flip, leave_one_out, log_mean
from kpksim.calibration.verdict import Evidence
from kpksim.errors import ModelError, UnknownName

PRIOR_SD = 3.0
FOUND = np.array([0.4, -0.3, 1.1, 0.2, 0.9])
ERRORS = np.array([1.0, 0.8, 1.2, 1.5, 0.9])
STUDIES = ("a", "b", "c", "d", "e")


def posterior(found, errors):
    """Give mean and variance of a normal mean after studies of known error."""
    variance = 1 / (1 / PRIOR_SD**2 + (1 / errors**2).sum())
    return variance * (found / errors**2).sum(), variance


def exact(found, errors):
    """Give the log score of every study, each predicted by the others."""
    scores = []
    for s in range(len(found)):
        mean, variance = posterior(np.delete(found, s), np.delete(errors, s))
        scores.append(norm.logpdf(found[s], mean, np.sqrt(variance + errors[s] ** 2)))
    return np.array(scores)


def likelihoods(found, errors, n=4000):
    mean, variance = posterior(found, errors)
    theta = np.random.default_rng(1).normal(mean, np.sqrt(variance), n)
    return norm.logpdf(found, theta[:, None], errors)


def test_scores_are_those_of_the_conjugate_model():
    found = leave_one_out(STUDIES, likelihoods(FOUND, ERRORS), independent=4000)
    assert found.log_scores == pytest.approx(exact(FOUND, ERRORS), abs=0.02)
    assert found.total == pytest.approx(exact(FOUND, ERRORS).sum(), abs=0.05)
    assert found.untold == ()
    assert (found.k_hats < 0.7).all()
    assert (found.effective_sizes > 1000).all()


def test_weights_turn_draws_into_those_without_a_study():
    values = likelihoods(FOUND, ERRORS)
    found = leave_one_out(STUDIES, values, independent=4000)
    mean, variance = posterior(FOUND, ERRORS)
    theta = np.random.default_rng(1).normal(mean, np.sqrt(variance), 4000)
    without, spread = posterior(FOUND[1:], ERRORS[1:])
    weights = np.exp(found.log_weights[:, 0])
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ theta == pytest.approx(without, abs=0.05 * np.sqrt(spread))


def test_a_study_that_holds_most_of_what_is_known_is_not_left_out_by_weights():
    errors = np.array([1.0, 0.8, 1.2, 1.5, 0.05])
    found = leave_one_out(STUDIES, likelihoods(FOUND, errors), independent=4000)
    assert found.untold == ("e",)
    assert found.k_hats[4] > 0.7
    mean, variance = posterior(FOUND[:4], errors[:4])
    theta = np.random.default_rng(2).normal(mean, np.sqrt(variance), 4000)
    score, error = log_mean(norm.logpdf(FOUND[4], theta, errors[4]))
    scored = found.with_scores({"e": Evidence(float(score), float(error))})
    assert scored.log_scores == pytest.approx(exact(FOUND, errors), abs=4 * error)
    assert scored.untold == ()
    assert np.isnan(scored.k_hats[4])
    assert not np.isnan(found.k_hats[4])


def log_evidence(found, errors):
    """Give ln Z of studies about one mean."""
    spread = np.diag(errors**2) + PRIOR_SD**2
    return multivariate_normal(np.zeros(len(found)), spread).logpdf(found)


def test_the_evidence_without_a_study_is_that_of_the_others():
    found = leave_one_out(STUDIES, likelihoods(FOUND, ERRORS), independent=4000)
    found = found.with_scores({"b": Evidence(exact(FOUND, ERRORS)[1], 0.03)})
    without = found.evidence(Evidence(log_evidence(FOUND, ERRORS), 0.04))
    for k, study in enumerate(STUDIES):
        known = log_evidence(np.delete(FOUND, k), np.delete(ERRORS, k))
        assert without[study].value == pytest.approx(known, abs=4.0 * found.errors[k])
    assert without["b"].error == pytest.approx(0.05)


def test_of_studies_that_nobody_can_tell_of_there_is_no_evidence():
    found = leave_one_out(STUDIES, likelihoods(FOUND, ERRORS), independent=390)
    assert found.evidence(Evidence(-1.0, 0.1)) == {}


def test_of_few_independent_draws_weights_do_not_tell():
    values = likelihoods(FOUND, ERRORS)
    assert leave_one_out(STUDIES, values, independent=390).untold == STUDIES


def test_a_study_that_tells_nothing_is_scored_by_its_constant():
    values = likelihoods(FOUND, ERRORS)
    values[:, 2] = -1.7
    found = leave_one_out(STUDIES, values, independent=4000)
    assert found.log_scores[2] == pytest.approx(-1.7)
    assert (found.k_hats[2], found.effective_sizes[2]) == (0.0, pytest.approx(4000))
    assert found.untold == ()


def test_a_score_of_an_unknown_study_is_refused():
    found = leave_one_out(STUDIES, likelihoods(FOUND, ERRORS), independent=4000)
    with pytest.raises(UnknownName, match='no study "f"'):
        found.with_scores({"f": Evidence(1.0, 0.1)})


def test_the_mean_likelihood_over_the_prior_is_the_prior_predictive():
    theta = np.random.default_rng(1).normal(0.0, PRIOR_SD, 50_000)
    value, error = log_mean(norm.logpdf(FOUND, theta[:, None], ERRORS))
    exactly = norm.logpdf(FOUND, 0.0, np.hypot(PRIOR_SD, ERRORS))
    assert (value - exactly) / error == pytest.approx(np.zeros(5), abs=3)
    assert error == pytest.approx(np.full(5, 0.006), abs=0.004)


def test_the_mean_of_tiny_likelihoods_does_not_underflow():
    value, error = log_mean(np.array([-2000.0, -2000.0]))
    assert (float(value), float(error)) == (-2000.0, 0.0)


def test_knowing_nothing_scores_the_sum_over_the_statements_of_a_study():
    score = coin_flip(("a", "b", "c"), ["c", "a", "c"], np.array([0.5, 1 / 13, 0.01]))
    assert score == pytest.approx([-np.log(13), 0.0, np.log(0.005)])


def test_smoothing_keeps_light_tailed_weights_and_finds_heavy_tails():
    rng = np.random.default_rng(1)
    light = rng.normal(0.0, 0.3, 4000)
    kept = smooth(light, independent=4000)
    assert np.exp(kept.log_weights) == pytest.approx(
        np.exp(light - logsumexp(light)), rel=0.3, abs=1e-9
    )
    assert kept.reliable
    heavy = smooth(rng.pareto(0.8, 4000), independent=4000)
    assert (heavy.reliable, heavy.k_hat) == (False, np.inf)
    assert heavy.effective_size < 10
    for shape in (0.3, 0.6):
        ratios = np.log(rng.pareto(1 / shape, 40_000) + 1)
        assert smooth(ratios, independent=40_000).k_hat == pytest.approx(shape, abs=0.12)


def test_ratios_with_a_ceiling_that_many_reach_stay_as_they_are():
    ratios = np.minimum(np.random.default_rng(1).normal(0.0, 0.5, 4000), 0.6)
    kept = smooth(ratios, independent=4000)
    assert kept.log_weights == pytest.approx(ratios - logsumexp(ratios))
    assert kept.k_hat == 0.0


@pytest.mark.parametrize("ceiling", [0.85, 0.95, 1.0])
def test_ratios_with_a_ceiling_that_some_reach_are_not_made_to_look_heavy(ceiling):
    ratios = np.minimum(np.random.default_rng(1).normal(0.0, 0.5, 4000), ceiling)
    assert smooth(ratios, independent=4000).reliable


def test_too_few_draws_are_refused():
    with pytest.raises(ModelError, match="weights need at least 25 draws, got 24"):
        smooth(np.arange(24.0), independent=24)
