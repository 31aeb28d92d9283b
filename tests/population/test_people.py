"""People: the same person whatever the number, and the spread that was asked for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kpksim.errors import ScenarioError
from kpksim.population import People, sample_people, typical_person

OMEGA = np.array([[0.084177, 0.02261], [0.02261, 0.026048]])
EFFECTS = [(("vc", "cl"), OMEGA), (("ka",), np.array([[1.009]]))]
N = 20_000


@pytest.fixture(scope="module")
def many():
    return sample_people(EFFECTS, N, seed=7, weight=70.0, weight_cv=0.2)


@settings(max_examples=20)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 2**63 - 1))
def test_person_is_the_same_whoever_else_is_drawn(few, more, seed):
    some = sample_people(EFFECTS, few, seed=seed, weight_cv=0.2)
    all_of_them = sample_people(EFFECTS, few + more, seed=seed, weight_cv=0.2).chosen(slice(few))
    assert len(some) == few
    for name, eta in some.etas.items():
        assert np.array_equal(eta, all_of_them.etas[name])
    assert np.array_equal(some.covariates["weight"], all_of_them.covariates["weight"])


def test_person_keeps_first_effects_when_the_model_gains_a_further_one():
    more = sample_people([*EFFECTS, (("f",), np.array([[0.3]]))], 5, seed=7)
    assert more.etas["cl"] == pytest.approx(sample_people(EFFECTS, 5, seed=7).etas["cl"])


def test_another_seed_gives_other_people():
    one, other = (sample_people(EFFECTS, 5, seed=seed) for seed in (7, 8))
    assert not np.isin(one.etas["ka"], other.etas["ka"]).any()


def test_largest_seed_is_no_other_seed():
    last = sample_people(EFFECTS, 2, seed=2**63 - 1)
    assert last.etas["ka"][0] != sample_people(EFFECTS, 2, seed=2**63 - 2).etas["ka"][0]


def test_effects_have_mean_zero(many):
    for eta in many.etas.values():
        assert abs(eta.mean()) < 4.0 * eta.std() / math.sqrt(N)


def test_effects_have_the_covariance_of_their_block(many):
    found = np.cov(many.etas["vc"], many.etas["cl"])
    variances = np.diag(OMEGA)
    error = np.sqrt((np.outer(variances, variances) + OMEGA**2) / N)  # of a Gaussian sample
    assert (np.abs(found - OMEGA) < 4.0 * error).all()


def test_blocks_do_not_hang_together(many):
    for other in ("vc", "cl"):
        assert abs(np.corrcoef(many.etas["ka"], many.etas[other])[0, 1]) < 4.0 / math.sqrt(N)
    correlation = np.corrcoef(many.etas["ka"], np.log(many.covariates["weight"]))[0, 1]
    assert abs(correlation) < 4.0 / math.sqrt(N)


def test_effects_and_weights_are_normal_and_log_normal(many):
    ka = many.etas["ka"] / math.sqrt(1.009)
    assert stats.kstest(ka, stats.norm.cdf).pvalue > 1e-3
    weights = stats.lognorm(math.sqrt(math.log(1.04)), scale=70.0)
    assert stats.kstest(many.covariates["weight"], weights.cdf).pvalue > 1e-3
    assert weights.std() / weights.mean() == pytest.approx(0.2)


def test_singular_block_moves_its_parameters_together():
    people = sample_people([(("a", "b"), np.array([[1.0, 2.0], [2.0, 4.0]]))], 50, seed=1)
    assert people.etas["b"] == pytest.approx(2.0 * people.etas["a"], abs=1e-7)


def test_weight_without_a_spread_is_the_same_in_all():
    people = sample_people([], 3, seed=1, weight=82.0)
    assert people.covariates["weight"].tolist() == [82.0] * 3
    assert (people.etas, people.seed) == ({}, 1)


def test_typical_person_has_no_random_effects():
    person = typical_person(weight=80.0)
    assert (len(person), person.covariates["weight"][0], person.etas) == (1, 80.0, {})


def test_chosen_people_keep_all_they_have():
    people = sample_people(EFFECTS, 6, seed=7, weight_cv=0.2)
    chosen = people.chosen(np.array([4, 1]))
    assert chosen.seed == 7
    assert chosen.covariates["weight"].tolist() == people.covariates["weight"][[4, 1]].tolist()
    assert chosen.etas["cl"].tolist() == people.etas["cl"][[4, 1]].tolist()


def test_typical_covariate_fills_only_a_gap():
    people = People({"weight": np.array([50.0, 60.0])}, {}, seed=3)
    complete = people.with_covariates({"weight": 70.0, "age": 45.0})
    assert complete.covariates["weight"].tolist() == [50.0, 60.0]
    assert complete.covariates["age"].tolist() == [45.0, 45.0]
    assert complete.seed == 3


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"seed": -1}, {"seed": 2**63}, {"weight_cv": -0.1}, {"weight_cv": math.nan},
     {"weight_cv": math.inf}],
)  # fmt: skip
def test_population_that_cannot_be_drawn_is_refused(wrong):
    asked = {"n": 5, "seed": 1, **wrong}
    with pytest.raises(ScenarioError, match="a population needs n >= 1, a seed from 0 to"):
        sample_people(EFFECTS, asked.pop("n"), **asked)


@pytest.mark.parametrize("weight", [0.0, -70.0, math.nan, math.inf])
def test_weight_that_nobody_has_is_refused(weight):
    with pytest.raises(ScenarioError, match="a body weight must be > 0 and finite, got"):
        typical_person(weight)
    with pytest.raises(ScenarioError, match="a body weight must be > 0 and finite, got"):
        sample_people([], 2, seed=1, weight=weight)
