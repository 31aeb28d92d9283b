"""Targets against step-by-step integration, and what a file says of them."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kpksim import simulate
from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.setting import make_setting
from kpksim.calibration.targets import target_curves, targets
from kpksim.documents import read_document
from kpksim.dosing.regimen_document import RegimenDocument, regimen_of
from kpksim.library.hypotheses import load_hypothesis
from kpksim.units import hours

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
STEP = 1.0 / 120.0


@pytest.fixture(scope="module")
def anxiety():
    return make_setting(read_document(CONFIGS / "anxiety.toml", CalibrationDocument))


@pytest.fixture(scope="module")
def middle(anxiety):
    """Names and values of the middle of the prior of the first hypothesis."""
    problem = anxiety.problem("ketamine")
    return problem.names, problem.transform(np.full(len(problem.names), 0.5))


def stepped(levels, named, ec50):
    """Follow both clocks in steps of half a minute: exact at the site, trapezoids after it."""
    ke0, kout = np.log(2.0) / named["t_ke0"], np.log(2.0) / named["t_slow"]
    site, slow, drive = 0.0, 0.0, 0.0
    for here, there in pairwise(levels):
        slope = (there - here) / STEP
        kept = np.exp(-ke0 * STEP)
        site = there - slope / ke0 + (site - here + slope / ke0) * kept
        later = site ** named["g"] / (ec50 ** named["g"] + site ** named["g"])
        rate = named["kin"] * (drive + later) / 2.0
        full = rate / (rate + kout)
        slow = full + (slow - full) * np.exp(-(rate + kout) * STEP)
        drive = later
    lost = -np.log1p(-named["rf"]) * drive - np.log1p(-named["rs"]) * slow
    return 100.0 * np.expm1(-lost)


@pytest.mark.parametrize("which", range(5))
def test_a_target_is_what_half_minute_steps_give(anxiety, middle, which):
    names, values = middle
    curves = target_curves(anxiety, load_hypothesis("ketamine"))
    named = dict(zip(names, values.tolist(), strict=True))
    one = anxiety.settings.targets[which]
    regimen = regimen_of(
        RegimenDocument(name=one.name, route=one.route, dose=one.dose, over=one.over)
    )
    grid = np.arange(round(hours(one.at) / STEP) + 1) * STEP
    levels = simulate(anxiety.model, regimen, grid, outcomes=["ketamine"])["ketamine"].squeeze()
    expected = stepped(levels.values, named, named["ec50_ratio"] * curves.curves.peak(named))
    found = targets(curves, names, values[None])[0, which]
    assert found == pytest.approx(expected, abs=0.1)


def test_an_expectation_is_added_where_a_target_asks_for_it(anxiety, middle):
    names, values = middle
    asked = [
        anxiety.settings.targets[1].model_copy(update={"name": one, "with_expectation": one})
        for one in ("none", "blinded", "open")
    ]
    settings = anxiety.settings.model_copy(update={"targets": asked})
    setting = make_setting(settings)
    curves = target_curves(setting, load_hypothesis("ketamine"))
    alone, blinded, opened = targets(curves, names, values[None])[0]
    named = dict(zip(names, values.tolist(), strict=True))
    for found, end in ((blinded, named["p_blind"]), (opened, named["p_open"])):
        left = 1.0 - end * (1.0 - np.exp(-24.0 / named["tau_p"]))
        assert 100.0 + found == pytest.approx((100.0 + alone) * left)


@pytest.mark.parametrize("file", sorted(CONFIGS.glob("*.toml")), ids=lambda file: file.stem)
def test_every_calibration_has_targets_that_can_be_computed(file):
    setting = make_setting(read_document(file, CalibrationDocument))
    hypothesis = setting.settings.hypotheses[0]
    problem = setting.problem(hypothesis)
    curves = target_curves(setting, load_hypothesis(hypothesis))
    some = problem.transform(np.random.default_rng(4).random((20, len(problem.names))))
    found = targets(curves, problem.names, some)
    assert found.shape == (20, len(setting.settings.targets))
    assert len(curves.names) >= 6
    sign = -1.0 if problem.hypothesis.structure == "symptom" else 1.0
    assert (sign * found >= 0.0).all()
    assert (found[:10] != found[10:]).any(axis=0).all()


def test_targets_of_one_regimen_share_a_course(anxiety):
    curves = target_curves(anxiety, load_hypothesis("ketamine"))
    regimens = curves.curves.courses.course.max() + 1
    assert regimens == 7
    assert sorted(curves.place.tolist()) == list(range(10))
