"""The checks of the calibration must pass what is right and fail what is wrong."""

import json

import numpy as np
import pytest
import xarray as xr
from scipy.special import betaincinv, ndtri
from scipy.stats import norm, qmc

from experiments.calibration_checks import page, ranks, run, summary
from experiments.calibration_checks.settings import FOLDER, read_settings
from kpksim.calibration.draws import draw_data
from kpksim.calibration.quadrature import fixed_nodes, log_likelihoods
from kpksim.calibration.readings import codes
from kpksim.calibration.rows import Effects, PointRows, StatementRows, stack, with_data

RNG = np.random.default_rng(11)


def shares(width=1.0, shift=0.0, data_sets=200, quantities=4):
    """Places of the truth in normal posteriors of some width, and so many of its SD too low."""
    even = (np.arange(data_sets) + 0.5) / data_sets
    places = np.column_stack([RNG.permutation(even) for _ in range(quantities)])
    return norm.cdf(norm.ppf(places) / width + shift)


# ------------------------------------------------------------------------------- the statistic


def test_right_posteriors_pass():
    judged = ranks.judge(shares(), 4)
    assert ranks.passed(judged)
    assert judged["pooled"] == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize(
    ("wrong", "figures"),
    [
        ({"width": 0.5}, ("pooled_passed", "each_passed", "ranks_passed")),
        ({"width": 0.7}, ("pooled_passed", "each_passed")),
        ({"width": 1.5}, ("pooled_passed", "each_passed")),
        ({"shift": 0.6}, ("ranks_passed",)),
    ],
)
def test_wrong_posteriors_fail(wrong, figures):
    judged = ranks.judge(shares(**wrong), 4)
    assert not any(judged[name] for name in figures)


def test_uneven_ranks_of_a_parameter_fail_though_all_curves_cover():
    found = np.hstack([shares(), shares(shift=1.0, quantities=1)])
    judged = ranks.judge(found, 4)
    assert judged["pooled_passed"] and not judged["ranks_passed"]


def test_p_of_even_ranks_is_even():
    p = [ranks.uniformity(RNG.random(200)) for _ in range(400)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.035)


def test_share_below_counts_equal_values_half():
    values = np.array([[1.0], [2.0], [4.0]])
    assert ranks.share_below(values, np.array([3.0])) == pytest.approx([2 / 3])
    assert ranks.share_below(values, np.array([4.0])) == pytest.approx([5 / 6])


def test_coverage_of_central_intervals():
    places = np.array([[0.01], [0.04], [0.2], [0.5], [0.97]])
    assert ranks.coverage(places, 0.9) == pytest.approx([0.4])
    assert ranks.coverage(places, 0.95) == pytest.approx([0.8])


# --------------------------------------------------- simulated statements, with known posteriors


def small_study():
    """Two numbers, a count, an order and a significance about four points of one group."""
    kind = [codes.POINTS, codes.POINTS, codes.RESPONDED, codes.ORDER, codes.SIGNIFICANT]
    numbers = {"n": [8.0] * 5, "thr": [0.0, 0.0, -8.0, 0.0, 0.0], "se": [1.0, 0.0, 0.0, 0.0, 0.0]}
    whole = {
        "kind": kind, "index": [0, 1, 0, 1, 2, 3], "start": [0, 1, 2, 3, 5],
        "count": [1, 1, 1, 2, 1], "baseline": [-1] * 5,
    }  # fmt: skip
    zero = dict.fromkeys(("start2", "count2", "group", "group2", "own", "unit"), [0] * 5)
    found = dict.fromkeys(("lo", "hi", "y"), [0.0] * 5)
    flat = {"q": [0.05] * 5, "l0": [1 / 40, 1 / 40, 1 / 9, 0.5, 0.5]}
    columns = zero | whole | {"same": [1] * 5} | numbers | found | flat
    rows = StatementRows(**{name: np.array(one) for name, one in columns.items()})
    return PointRows(np.full(4, codes.PLAIN), np.full(4, -1)), rows


STATEMENTS = stack([small_study(), small_study()])
SHAPE = np.tile([1.0, 0.7, 0.4, 0.6], 2)


def prior(cube):
    """Amplitude, standard deviation, share of the person and study effect."""
    z = ndtri(cube)
    return np.column_stack([
        10.0 * np.exp(0.7 * z[:, 0]), 12.0 * np.exp(0.3 * z[:, 1]),
        betaincinv(8.0, 3.0, cube[:, 2]), 0.25 * np.exp(0.6 * z[:, 3]),
    ])  # fmt: skip


def effects(amplitude, sigma):
    zero = np.zeros(8)
    return Effects(amplitude * SHAPE, zero, np.full(8, sigma), zero)


def places_of_truth(data_sets, sigma_times=1.0, tau_times=1.0):
    """Simulate, weigh even points of the prior by a likelihood, and find the truth among them."""
    pool = prior(qmc.Sobol(4, seed=5).random_base2(8))
    nodes, none = fixed_nodes(2, 32, 64), np.zeros(1)
    likely = [
        (effects(a, sigma_times * sigma), none, rho, tau_times * tau, nodes)
        for a, sigma, rho, tau in pool
    ]
    rng, found = np.random.default_rng(3), []
    for truth in prior(rng.random((data_sets, 4))):
        data = draw_data(rng, STATEMENTS, effects(*truth[:2]), none, truth[2], truth[3])
        said = with_data(STATEMENTS, data)
        weights = np.array([log_likelihoods(said, *one).sum() for one in likely])
        weights = np.exp(weights - weights.max())
        found.append(weights @ (pool < truth) / weights.sum())
    return np.array(found)


def test_the_likelihood_of_simulated_statements_passes():
    judged = ranks.judge(places_of_truth(120), 1)
    assert judged["ranks_passed"]
    assert judged["pooled_passed"]


@pytest.mark.parametrize("wrong", [{"sigma_times": 0.5}, {"tau_times": 0.05}])
def test_a_wrong_likelihood_fails(wrong):
    judged = ranks.judge(places_of_truth(120, **wrong), 1)
    assert not ranks.passed(judged)
    assert judged["pooled"] < 0.85


# ----------------------------------------------------------------------------- sums and the page

SETTINGS = read_settings(FOLDER / "full.toml")
MACHINE = {
    "processor": "P", "cores": 2, "memory_gb": 1.0, "load": 0.1, "system": "S", "python": "3.11",
    "libraries": {}, "date": "2026-11-21 22:00 UTC", "commit": "abc1234",
}  # fmt: skip


def fitted(places):
    """What a task finds for one data set: two curves, then a parameter and the slow half-life."""
    names = ["IV, 24 h", "SC, 1 h", "g", "t_slow"]
    return xr.Dataset(
        {"share_below": ("quantity", np.asarray(places))},
        {"quantity": names},
        {"likelihoods": 23000, "seconds": 15.0},
    )


def both_fits(truth, first, second):
    return xr.Dataset(
        {"log_evidence": ("hypothesis", [first, second])},
        {"hypothesis": ["ketamine", "norketamine"]},
        {"truth": truth},
    )


def test_the_slow_half_life_is_declared_beside_the_curves():
    found = summary.simulated_summary([fitted(one) for one in shares(data_sets=50)], 2)
    assert [row["name"] for row in found["quantities"] if row["declared"]] == [
        "IV, 24 h", "SC, 1 h", "t_slow",
    ]  # fmt: skip
    assert [row["name"] for row in found["quantities"]][-1] == "g"


def test_a_parameter_that_covers_badly_does_not_count_as_a_curve():
    places = shares(data_sets=60)
    places[:, 2] = 0.999
    found = summary.simulated_summary([fitted(one) for one in places], 2)
    assert found["judged"]["each_passed"] and not found["judged"]["ranks_passed"]


def test_recovery_counts_differences_from_the_side_of_the_truth():
    found = summary.recovery_summary(
        [
            both_fits("ketamine", -30.0, -37.0),
            both_fits("ketamine", -36.0, -30.0),
            both_fits("norketamine", -33.0, -32.0),
        ]
    )
    assert [row["difference"] for row in found["rows"]] == [7.0, -6.0, 1.0]
    assert (found["right"], found["wrong"], found["favoured"]) == (2, 1, 1)
    assert not found["wrong_passed"]


@pytest.mark.parametrize(("right", "passed"), [(27, True), (26, False)])
def test_twenty_seven_of_forty_must_be_right(right, passed):
    sets = [both_fits("ketamine", -30.0, -31.0)] * right
    sets += [both_fits("ketamine", -31.0, -30.0)] * (40 - right)
    assert summary.recovery_summary(sets)["right_passed"] is passed


@pytest.mark.parametrize(("wrong", "passed"), [(2, True), (3, False)])
def test_two_of_forty_may_be_refuted(wrong, passed):
    sets = [both_fits("norketamine", -30.0, -36.0)] * wrong
    sets += [both_fits("norketamine", -31.0, -30.0)] * (40 - wrong)
    assert summary.recovery_summary(sets)["wrong_passed"] is passed


def repeated(shift, log_evidence):
    draws = np.linspace(-1.0, 1.0, 201)[:, None] * [1.0, 2.0] + [shift, 0.0]
    return xr.Dataset(
        {"at_target": (("draw", "target"), draws), "before": (("draw", "target"), 0.8 * draws)},
        {"target": ["IV, 24 h", "SC, 1 h"]},
        {"log_evidence": log_evidence, "log_evidence_error": 0.15},
    )


def test_seeds_are_compared_in_standard_deviations_of_the_posterior():
    errors = np.array([0.01, -0.03])
    found = summary.repeated_summary(repeated(0.0, -30.0), repeated(0.116, -30.4), errors)
    assert found["largest_shift"] == pytest.approx(0.2, abs=0.002)  # SD of even draws 1/sqrt(3)
    assert found["where"] == "IV, 24 h"
    assert not found["shift_passed"] and found["difference_passed"]
    assert found["error_largest"] == pytest.approx(0.03)
    assert found["wider"] == pytest.approx(1.25)


@pytest.fixture(scope="module")
def everything():
    quadrature = np.array([0.01, -0.03])
    return {
        "machine": MACHINE,
        "settings": SETTINGS.model_dump(),
        "simulated": summary.simulated_summary([fitted(one) for one in shares()], 2),
        "recovery": summary.recovery_summary([both_fits("ketamine", -30.0, -37.0)] * 40),
        "repeated": summary.repeated_summary(
            repeated(0.0, -30.0), repeated(0.1, -30.4), quadrature
        ) | {"nodes": 100_000},
    }  # fmt: skip


def test_the_section_shows_every_check_with_date_and_commit(everything):
    text = page.section(everything)
    assert "200 data sets" in text and "40 data sets" in text
    assert "2026-11-21 22:00 UTC at commit abc1234" in text
    assert "| IV, 24 h |" in text and "| `g` |" in text
    assert text.count("| yes |") + text.count("| **no** |") == 7
    assert "nan" not in text


def test_checks_that_were_not_made_are_left_out(everything):
    partial = {name: everything[name] for name in ("machine", "settings", "recovery")}
    assert "cover" not in page.section(partial)
    assert list(summary.as_checks(partial)) == ["date", "commit", "recovery"]


def test_figures_can_be_written_as_json(everything):
    assert json.loads(json.dumps(summary.as_checks(everything)))["sbc"][0]["passed"] is True


def test_figures_that_are_kept_make_the_section(everything, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "STORED", tmp_path / "found.json")
    assert page.stored_section() == ""
    page.STORED.write_text(json.dumps(everything))
    assert page.stored_section() == page.section(everything)


def test_quick_results_do_not_enter_the_documentation(capsys):
    with pytest.raises(SystemExit):
        run.main(["--quick", "--docs"])
    assert "--docs keeps the full report only" in capsys.readouterr().err
