"""Scores of studies left out under a mixture, against normal models whose integrals are known."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from kpksim.calibration.results import LeftOutScore
from kpksim.calibration.unseen import mixed_scores
from kpksim.calibration.verdict import Evidence

SEEN = np.array([3.2, 0.4, -0.9])
"""One number from each of three studies."""
SPREADS = {"narrow": 0.3, "wide": 2.0}
"""Spread beforehand of the value that all of them measure, by hypothesis; each errs by 1."""
STUDIES = ("first", "second", "third")
COIN = -2.0


def log_density(hypothesis, places):
    """Logarithm of the density of some of the numbers under a hypothesis."""
    covariance = np.eye(len(places)) + SPREADS[hypothesis] ** 2
    return float(multivariate_normal.logpdf(SEEN[places], np.zeros(len(places)), covariance))


def others(k):
    return [place for place in range(3) if place != k]


def scores(hypothesis):
    """Scores of each study under one hypothesis, with errors that differ."""
    whole = log_density(hypothesis, [0, 1, 2])
    return [
        LeftOutScore(
            study=study, elpd=whole - log_density(hypothesis, others(k)), error=0.01 * (k + 1),
            prior=log_density(hypothesis, [k]), prior_error=0.02 * (k + 1), coin_flip=COIN,
        )
        for k, study in enumerate(STUDIES)
    ]  # fmt: skip


def evidence():
    return {key: Evidence(log_density(key, [0, 1, 2]), 0.1) for key in SPREADS}


def test_the_mixture_scores_a_study_as_its_shares_without_that_study_do():
    found = list(mixed_scores(evidence(), {key: scores(key) for key in SPREADS}))
    assert [one.study for one in found] == list(STUDIES)
    for k, one in enumerate(found):
        without = np.array([log_density(key, others(k)) for key in SPREADS])
        shares = np.exp(without - logsumexp(without))
        predicted = np.array([scores(key)[k].elpd for key in SPREADS])
        assert one.elpd == pytest.approx(np.log(shares @ np.exp(predicted)), abs=1e-12)
        before = np.mean([np.exp(log_density(key, [k])) for key in SPREADS])
        assert one.prior == pytest.approx(np.log(before), abs=1e-12)
        assert one.coin_flip == COIN


def test_its_errors_are_those_of_its_parts():
    rng, main = np.random.default_rng(5), evidence()
    parts = {key: scores(key) for key in SPREADS}
    found = list(mixed_scores(main, parts))
    again = []
    for _ in range(2000):
        moved = {key: Evidence(rng.normal(one.value, one.error), 0.0) for key, one in main.items()}
        other = {
            key: [
                one.model_copy(update={
                    "elpd": rng.normal(one.elpd, one.error),
                    "prior": rng.normal(one.prior, one.prior_error),
                })
                for one in rows
            ]
            for key, rows in parts.items()
        }  # fmt: skip
        again.append([(one.elpd, one.prior) for one in mixed_scores(moved, other)])
    spread = np.std(again, axis=0)
    assert [one.error for one in found] == pytest.approx(spread[:, 0], rel=0.06)
    assert [one.prior_error for one in found] == pytest.approx(spread[:, 1], rel=0.06)


def test_a_mixture_of_one_is_that_one():
    (only,) = mixed_scores({"narrow": Evidence(-4.0, 0.3)}, {"narrow": scores("narrow")[:1]})
    one = scores("narrow")[0]
    assert (only.elpd, only.error) == pytest.approx((one.elpd, one.error))
    assert (only.prior, only.prior_error) == pytest.approx((one.prior, one.prior_error))
