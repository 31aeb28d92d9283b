"""Hypotheses carried over to another choice, against sums over the prior and over two problems."""

from pathlib import Path

import numpy as np
import pytest

from kpksim.calibration.carried import terms_between, without
from kpksim.calibration.chains import TargetDensity
from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.samples import resample
from kpksim.calibration.study import read_calibration
from kpksim.calibration.tempering import temper

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
CHOICES = (
    without("dunedin"),
    ChangesDocument(name="wider", widen={"g": 2.0}),
    ChangesDocument(name="halved", power={"dunedin": 0.5}),
    ChangesDocument(name="slower", factors={"ka_sc": 0.5}),
)


@pytest.fixture(scope="module")
def pressure():
    """Twenty thousand draws of the prior with their likelihoods."""
    asked = read_calibration(CONFIGS / "sbp.toml")
    problem = asked.setting().problem("pressure_arterial")
    values = problem.transform(np.random.default_rng(1).uniform(size=(20_000, len(problem.names))))
    return asked, problem, values, np.array([problem.log_likelihood(one) for one in values])


@pytest.mark.parametrize("changes", CHOICES, ids=lambda one: one.name)
def test_ratios_of_evidences_are_those_of_sums_over_the_prior(pressure, changes):
    asked, problem, values, here = pressure
    other = asked.setting(changes).problem("pressure_arterial")
    drawn = other.transform(np.random.default_rng(2).uniform(size=(20_000, len(other.names))))
    there = np.exp([other.log_likelihood(one) for one in drawn])
    known = np.log(there.mean() / np.exp(here).mean())
    error = np.hypot(*(one.std() / one.mean() / np.sqrt(20_000) for one in (np.exp(here), there)))
    rng = np.random.default_rng(3)
    start = values[resample(here, 400, rng)]
    density = TargetDensity(problem, terms_between(problem, asked, changes))
    found = temper(density, start, rng, steps=10)
    assert found.log_ratio == pytest.approx(known, abs=4.0 * np.hypot(found.error, error) + 0.02)
    columns = [problem.names.index(one) for one in other.names]
    expected = drawn[resample(np.log(there), 400, rng)]
    spread = expected.std(axis=0)
    medians = np.median(found.values[:, columns], axis=0), np.median(expected, axis=0)
    assert (medians[0] - medians[1]) / spread == pytest.approx(0.0, abs=0.35)


@pytest.mark.parametrize("study", ["dunedin", "taylor2018", "irwin2013"])
def test_a_study_left_out_takes_one_likelihood_and_gives_the_same(study):
    """Also of studies whose instruments have parameters of their own: as in the prior."""
    asked = read_calibration(CONFIGS / "anxiety.toml")
    problem, changes = asked.setting().problem("ketamine"), without(study)
    values = problem.transform(np.random.default_rng(1).uniform(size=(5, len(problem.names))))
    terms = terms_between(problem, asked, changes)(values)
    other = asked.setting(changes).problem("ketamine")
    columns = [problem.names.index(one) for one in other.names]
    there = [other.log_likelihood(one) for one in values[:, columns]]
    assert terms[:, 0] == pytest.approx([problem.log_likelihood(one) for one in values], abs=1e-9)
    assert terms[:, 1] == pytest.approx(there, abs=1e-9)
