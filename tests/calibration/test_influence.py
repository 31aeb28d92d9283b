"""Shifts of curves when a study is left out, where they are known."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from kpksim.calibration.influence import Weighted, influence_of, mixed
from kpksim.calibration.leave_out import LeftOut
from kpksim.calibration.verdict import Evidence

N = 4000
STUDIES = ("for the strong", "says nothing", "cannot be told")
RNG = np.random.default_rng(3)
TARGETS = {"weak": RNG.normal(-10.0, 1.0, (N, 1)), "strong": RNG.normal(-20.0, 1.0, (N, 1))}


def done(shares):
    """Two hypotheses that expect other curves, with a share of the evidence each."""
    return SimpleNamespace(
        ranked=list(shares),
        evidence={key: Evidence(np.log(one), 0.1) for key, one in shares.items()},
        analyses={
            key: xr.Dataset({"target_value": (("draw", "target"), TARGETS[key])}) for key in shares
        },
        asked=SimpleNamespace(settings=SimpleNamespace(targets=[SimpleNamespace(name="IV")])),
    )


def left(scores, *, weights=None):
    """Log scores of the three studies, and weights of the draws without each."""
    log_weights = np.zeros((N, 3)) if weights is None else weights
    return LeftOut(
        studies=STUDIES, log_scores=np.array(scores), errors=np.full(3, 0.1),
        effective_sizes=np.full(3, 900.0), k_hats=np.full(3, 0.2),
        reliable=np.array([True, True, False]), log_weights=log_weights,
    )  # fmt: skip


def shifts(made, keys, told):
    found = influence_of(made, keys, told, {key: {} for key in keys})
    return {one.left_out: one.shifts["IV"] for one in found}


def test_a_study_moves_the_mixture_by_moving_the_shares_of_hypotheses():
    made = done({"strong": 0.9, "weak": 0.1})
    told = {"strong": left([-1.0, -1.0, 0.0]), "weak": left([-1.0 - np.log(81.0), -1.0, 0.0])}
    found = shifts(made, ["strong", "weak"], told)
    assert set(found) == set(STUDIES[:2])
    strong, weak = (np.repeat(TARGETS[key], 9) for key in ("strong", "weak"))
    before = np.median(np.concatenate([strong, TARGETS["weak"][:, 0]]))
    after = np.median(np.concatenate([TARGETS["strong"][:, 0], weak]))
    spread = np.hypot(1.0, 10.0 * np.sqrt(0.9 * 0.1))
    assert found["for the strong"] == pytest.approx((after - before) / spread, rel=0.02)
    assert found["says nothing"] == pytest.approx(0.0, abs=1e-12)


def test_a_single_hypothesis_moves_by_the_weights_of_its_draws():
    """A likelihood exp(x) of the study: without it a normal distribution lies 1 lower."""
    made = done({"strong": 1.0})
    tilt = -TARGETS["strong"] * np.array([1.0, 0.0, 0.0])
    found = shifts(made, ["strong"], {"strong": left([0.0, 0.0, 0.0], weights=tilt)})
    assert found["for the strong"] == pytest.approx(-1.0, abs=0.1)
    assert found["says nothing"] == pytest.approx(0.0, abs=1e-12)


def test_mixed_draws_have_the_moments_of_the_mixture():
    parts = [Weighted(TARGETS[key], np.ones(N)) for key in ("weak", "strong")]
    found = mixed(parts, np.array([0.25, 0.75]))
    assert found.weights.sum() == pytest.approx(1.0)
    assert found.spread[0] == pytest.approx(np.sqrt(1.0 + 0.25 * 0.75 * 100.0), rel=0.02)
    assert found.medians[0] == pytest.approx(-19.57, abs=0.06)
