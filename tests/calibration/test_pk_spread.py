"""Draws that ship come from their own draw of the pharmacokinetic model, however they were had."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kpksim.calibration import pk_spread
from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.fitted import Fitted
from kpksim.calibration.pk_ensemble import EnsemblePosterior
from kpksim.calibration.study import read_calibration
from kpksim.calibration.targets import target_values

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
MEMBERS = 3


@pytest.fixture(scope="module")
def fitted():
    """Draws of the prior stand for those of a posterior: four of them, and four halfway."""
    read = read_calibration(CONFIGS / "sbp.toml")
    plain = read.settings.model_dump() | {"ensemble": {"draws": MEMBERS, "seed": 1}}
    asked = replace(read, settings=CalibrationDocument.model_validate(plain))
    problem = asked.setting().problem("pressure_venous")
    drawn = problem.transform(np.random.default_rng(1).uniform(0.2, 0.8, (8, len(problem.names))))
    by_study = np.zeros((4, len(problem.studies)))
    return Fitted(asked, problem, drawn[4:], by_study, 8.0, drawn)


def posterior(draws, size):
    """Members that weigh as 1, 0 and 3; the first draw of a member twice as much as another."""
    weights = np.outer(np.r_[2.0, np.ones(draws - 1)], [1.0, 0.0, 3.0])
    with np.errstate(divide="ignore"):
        return EnsemblePosterior(np.log(weights / weights.sum()), 0.25, 0.1, size, 0.1)


def rows(values):
    return {tuple(one) for one in values}


@pytest.fixture
def asked_for(monkeypatch):
    """What the two ways to a posterior are asked for; weights can be relied on by their size."""
    seen = {"size": 900.0}

    def reweighted(typical, members, *, independent):
        seen["reweighted"] = typical, members, independent
        return posterior(len(typical), seen["size"])

    def carried(problem, members, values, rng):
        seen["carried"] = members, values
        other = problem.transform(rng.uniform(0.2, 0.8, (5 * MEMBERS, values.shape[1])))
        seen["drawn"] = other.reshape(5, MEMBERS, -1)
        return posterior(5, 800.0), seen["drawn"]

    monkeypatch.setattr(pk_spread, "reweight", reweighted)
    monkeypatch.setattr(pk_spread, "carry_to_members", carried)
    return seen


def test_draws_are_taken_from_the_pool_where_weights_can_be_relied_on(fitted, asked_for):
    found = pk_spread.spread_over_pk(fitted, np.random.default_rng(2))
    typical, members, independent = asked_for["reweighted"]
    assert typical == pytest.approx([fitted.problem.log_likelihood(one) for one in fitted.pool])
    assert members.shape == (8, MEMBERS)
    assert np.all(np.ptp(members, axis=1) > 0.0)
    assert independent == fitted.worth
    shipped = found["shipped"][1]
    assert shipped.shape == fitted.values.shape
    assert rows(shipped) <= rows(fitted.pool)
    assert "carried" not in asked_for
    assert not found["ensemble_carried"][1]
    assert found["ensemble_size"][1] == 900.0
    assert found["ensemble_shift"][1] == 0.25


def test_draws_are_carried_over_where_weights_cannot_be_relied_on(fitted, asked_for):
    asked_for["size"] = 20.0
    found = pk_spread.spread_over_pk(fitted, np.random.default_rng(3))
    members, begun = asked_for["carried"]
    assert len(members) == MEMBERS
    assert np.array_equal(begun, fitted.values)
    for one, member in zip(found["shipped"][1], found["pk_draw"][1], strict=True):
        assert tuple(one) in rows(asked_for["drawn"][:, member])
    assert found["ensemble_carried"][1]
    assert found["ensemble_size"][1] == 800.0


@pytest.mark.parametrize("size", [900.0, 20.0])
def test_targets_are_those_under_the_same_draw(fitted, asked_for, size):
    asked_for["size"] = size
    found = pk_spread.spread_over_pk(fitted, np.random.default_rng(4))
    shipped, member = found["shipped"][1], found["pk_draw"][1]
    assert set(member) == {0, 2}
    assert found["member_weight"][1] == pytest.approx([0.25, 0.0, 0.75])
    draws, reached = pk_spread.pk_draws(fitted.asked), found["shipped_target"][1]
    for k, one in enumerate(shipped):
        own, other = (
            target_values(fitted.asked, fitted.problem, one[None], draw=(draws, m))[0]
            for m in (int(member[k]), 1)
        )
        assert reached[k] == pytest.approx(own, rel=1e-12)
        assert reached[k] != pytest.approx(other, rel=1e-3)


def test_without_an_ensemble_the_draws_ship_as_they_are(fitted):
    plain = fitted.asked.settings.model_dump() | {"ensemble": None}
    asked = replace(fitted.asked, settings=CalibrationDocument.model_validate(plain))
    found = pk_spread.spread_over_pk(replace(fitted, asked=asked), np.random.default_rng(5))
    assert np.array_equal(found["shipped"][1], fitted.values)
    assert found["pk_draw"][1].tolist() == [-1] * 4
    expected = target_values(asked, fitted.problem, fitted.values)
    assert found["shipped_target"][1] == pytest.approx(expected)
    assert "member_weight" not in found
