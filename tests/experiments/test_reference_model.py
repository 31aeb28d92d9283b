"""The reference model: the shipped file and the page are what the fit says, and it holds."""

import math
import tomllib
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.reference_model import facts, judged
from experiments.reference_model.checks import information
from experiments.reference_model.fitting import newton_step
from experiments.reference_model.judged import COUNTED_ANALYTES, Compared, by_source, verdict
from experiments.reference_model.many import many_predictions
from experiments.reference_model.model_file import structure
from experiments.reference_model.objective import predictions
from experiments.reference_model.page import compared_with, estimates
from experiments.reference_model.parameters import from_scale, to_scale
from experiments.reference_model.row_tables import figures_to_reach, sources
from experiments.reference_model.rows import errors, rows_of
from experiments.reference_model.run import (
    PAGE,
    SHIPPED,
    as_shipped,
    text_of,
    the_objective,
)
from experiments.reference_model.settings import read_priors, read_residuals, read_split
from kpksim.evidence import list_observed
from kpksim.library import load_model

KEY = "reference_racemic_2026b"
LEAST_HELD_BACK = 0.25
SPLIT = read_split()


@cache
def shipped():
    """The estimate that the shipped model holds."""
    return as_shipped(the_objective(read_priors()), load_model(KEY))


@cache
def compared():
    """Every fitted and held-back row beside the shipped model."""
    return compared_with(load_model(KEY), SPLIT)


def counted(keys):
    return sum(row.counts for row in rows_of(keys))


def test_a_quarter_of_the_counted_rows_is_held_back_by_source():
    assert not set(SPLIT.fit) & set(SPLIT.held_back)
    fit, held = counted(SPLIT.fit), counted(SPLIT.held_back)
    assert held >= LEAST_HELD_BACK * (fit + held)


def test_every_source_with_counted_rows_of_adults_is_fitted_or_held_back():
    known = {*SPLIT.fit, *SPLIT.held_back}
    assert {key for key in list_observed() if counted([key])} == known


def test_the_shipped_numbers_are_where_the_sum_of_squares_is_least():
    """A step of Gauss and Newton from there is a small part of each standard deviation."""
    assert np.abs(newton_step(shipped())).max() < 0.02


def test_the_shipped_file_is_what_the_fit_writes():
    expected = tomllib.loads(text_of(shipped(), compared()))
    found = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    ours, theirs = (content.pop("uncertainty", {}) for content in (expected, found))
    assert found == expected
    assert ours.keys() == theirs.keys()
    if ours:
        a, b = (np.array(one["covariance"]) for one in (ours, theirs))
        np.testing.assert_allclose(a, b, rtol=2e-3, atol=1e-5)


def test_the_page_holds_the_tables_of_the_shipped_model():
    text = PAGE.read_text(encoding="utf-8")
    assert estimates(shipped(), read_priors()) in text
    assert sources(compared(), SPLIT) in text
    assert figures_to_reach(compared(), SPLIT) in text


def test_the_figures_are_reached():
    both = by_source(compared(), COUNTED_ANALYTES)
    fit = {key: one for key, one in both.items() if key in SPLIT.fit}
    held = {key: one for key, one in both.items() if key in SPLIT.held_back}
    assert judged.balanced(fit) <= 1.35
    assert judged.balanced(held) <= 1.6
    assert judged.share_within_2(both) >= 0.85
    assert judged.balanced(by_source(compared(), ("hydroxynorketamine",))) <= 2.0


def test_what_a_search_predicts_is_what_kpksim_predicts():
    """At a point drawn from the priors, every metric; peaks are refined in two ways."""
    objective = the_objective(read_priors())
    rng = np.random.default_rng(20260101)
    belief = objective.belief
    point = belief.centre + 0.5 * belief.sd * rng.standard_normal(len(belief.sd))
    rows = objective.rows
    expected = predictions(objective.with_point(point), rows)
    values = {name: np.array([one]) for name, one in belief.values(point).items()}
    found = many_predictions(objective.model, rows, values)[0]
    peak = np.array([row.observation.metric in ("cmax", "tmax") for row in rows])
    np.testing.assert_allclose(found[~peak], expected[~peak], rtol=1e-8)
    np.testing.assert_allclose(found[peak], expected[peak], rtol=5e-3)


def test_the_covariance_of_rows_is_the_one_written_by_hand():
    rows = {row.observation.id: row for row in rows_of(["chong2006"])}
    chosen = [rows[name] for name in ("PK045", "PK048", "PK039", "PK046")]
    found = errors(chosen, read_residuals())
    own_area, own_share = 0.12**2 + (17.5 / 77.5) ** 2 / 6, 0.15**2 + (0.09 / 0.23) ** 2 / 6
    assert found[0, 0] == pytest.approx(own_area + 0.2**2 + 0.25**2)
    assert found[1, 1] == pytest.approx(own_share + 0.2**2 + 0.25**2)
    assert found[0, 1] == pytest.approx(0.25**2)  # area and bioavailability of one arm
    assert found[0, 2] == pytest.approx(0.2**2)  # ketamine of the study by two routes
    assert found[0, 3] == 0.0  # ketamine and norketamine


def test_a_clearance_moves_against_the_levels_and_a_ratio_against_its_denominator():
    rows = {row.observation.id: row for row in rows_of(["hasan2021", "hasan2017"])}
    chosen = [rows[name] for name in ("PK105", "PK118", "PK088", "PK092", "PK111")]
    found = errors(chosen, read_residuals())
    assert found[0, 1] == pytest.approx(-(0.2**2))
    assert found[2, 3] == pytest.approx(-(0.25**2))
    assert found[2, 4] == pytest.approx(0.25**2)  # the same people in both papers


def test_a_point_near_the_floor_of_a_figure_is_told_to_be_unsure():
    rows = {row.observation.id: row for row in rows_of(["hasan2021"])}
    found = errors([rows["PK124"]], read_residuals())[0, 0]
    assert found == pytest.approx(0.12**2 + (0.12 / 0.25) ** 2 + 0.2**2)


def test_scales_are_taken_there_and_back():
    assert to_scale(math.e, "log") == pytest.approx(1.0)
    assert to_scale(0.2, "logit") == pytest.approx(math.log(0.25))
    for value, scale in ((0.3, "log"), (0.3, "logit"), (70.0, "log")):
        assert float(from_scale(to_scale(value, scale), scale)) == pytest.approx(value)


def test_fold_errors_by_hand():
    found = verdict(np.array([2.0, 0.5, 1.0, 4.0]))
    assert found.n == 4
    assert found.gmfe == pytest.approx(2.0)
    assert found.bias == pytest.approx(2.0**0.5)
    assert found.within_2 == 0.75


def test_a_row_without_prediction_is_left_out_of_fold_errors():
    seen = SimpleNamespace(value=2.0, analyte="ketamine", metric="auc")
    row = SimpleNamespace(source="x", observation=seen)
    found = by_source(Compared((row, row), np.array([4.0, np.nan])), ["ketamine"])
    assert found["x"].n == 1
    assert found["x"].gmfe == pytest.approx(2.0)


def test_what_no_row_sees_keeps_its_prior():
    estimate = shipped()
    learned = dict(zip(estimate.objective.belief.names, estimate.learned, strict=True))
    for name in ("f_im", "ka_im", "f_sc", "ka_sc", "f_nasal", "ka_nasal", "ratio_fd"):
        assert learned[name] == pytest.approx(0.0, abs=1e-6), name
    assert learned["vc_nk"] > 0.5
    assert (information(estimate) > 1.0).sum() > 20


def test_venous_blood_follows_arterial_blood_and_both_areas_are_one():
    found = facts.sites(load_model(KEY))
    assert found["arterial_end"] > 1.2 * found["venous_end"]
    assert found["arterial_later"] < found["venous_later"]
    assert facts.END < found["crossing"] < facts.END + 0.25
    assert found["areas"] == pytest.approx(1.0, rel=1e-9)


def test_the_limb_holds_too_little_to_matter():
    """A tenth of the flow to it changes no level by more than two percent."""
    objective = the_objective(read_priors())
    slower = structure(read_priors())
    values = {"q_ven": np.array([0.06, 0.6, 1.2])}
    found = many_predictions(slower, objective.rows, values)
    np.testing.assert_allclose(found, np.tile(found[1], (3, 1)), rtol=0.02)
