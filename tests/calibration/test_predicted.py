"""What is predicted of a study by fits and weights that have not seen it."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from kpksim.calibration.carried import Carried
from kpksim.calibration.leave_out import LeftOut
from kpksim.calibration.predicted import predictive_of
from kpksim.calibration.predictive import replicates
from kpksim.calibration.study import read_calibration

N = 400
SBP = Path(__file__).parents[2] / "configs" / "calibrations" / "sbp.toml"


@pytest.fixture(scope="module")
def problem():
    return read_calibration(SBP).setting().problem("pressure_arterial")


def drawn(problem, rise):
    """Draws in which 200 ng/mL raise pressure by about as much."""
    values = problem.transform(np.random.default_rng(1).uniform(size=(N, len(problem.names))))
    values[:, problem.names.index("a")] *= rise / 10.0
    return values


def left(problem, reliable):
    """Weights that change nothing, to be relied on or not."""
    count = len(problem.studies)
    numbers = np.zeros(count)
    return LeftOut(
        studies=problem.studies, log_scores=numbers, errors=numbers,
        effective_sizes=numbers, k_hats=numbers,
        reliable=np.full(count, reliable), log_weights=np.full((N, count), -np.log(N)),
    )  # fmt: skip


def predicted(problem, reliable, without_it):
    rng = np.random.default_rng(2)
    told = replicates(problem, drawn(problem, 5.0), rng)
    analysis = xr.Dataset({"replicate": (("draw", "statement"), told)})
    found = predictive_of(problem, analysis, left(problem, reliable), without_it)
    return {one.id: one for one in found}


def test_weights_that_cannot_be_relied_on_predict_nothing(problem):
    assert all(one.left_out is None for one in predicted(problem, False, {}).values())


def test_weights_that_change_nothing_predict_what_the_fit_to_all_studies_does(problem):
    one = predicted(problem, True, {})["glue2017-15"]
    assert one.left_out.probability == pytest.approx(one.probability, abs=1e-12)


def test_draws_carried_past_a_study_predict_it_instead_of_weights(problem):
    study = next(name for name, rows in problem.clusters.items() if rows[0].id == "glue2017-14")
    found = predicted(problem, True, {study: Carried(drawn(problem, 500.0), 0.0, 0.0)})
    minor = found["glue2017-15"]
    assert minor.probability > 0.5
    assert minor.left_out.probability < 0.2
    other = found["glue2020er-7"]
    assert other.left_out.probability == pytest.approx(other.probability, abs=1e-12)
