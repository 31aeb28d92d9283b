"""The checks of the calibration must pass what is right and fail what is wrong."""

import json
from types import SimpleNamespace

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
    places = RNG.standard_normal((data_sets, quantities))
    return norm.cdf(places / width + shift)


# ------------------------------------------------------------------------------- the statistic


def test_right_posteriors_pass():
    judged = ranks.judge(shares(), 4)
    assert ranks.passed(judged)
    assert judged["pooled"] == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize(
    ("wrong", "figures"),
    [
        (dict(width=0.5), ("pooled_passed", "each_passed", "ranks_passed")),
        (dict(width=0.7), ("pooled_passed", "each_passed")),
        (dict(width=1.5), ("pooled_passed", "each_passed")),
        (dict(shift=0.6), ("ranks_passed",)),
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


def test_share_below_counts_weights():
    values, truth = np.array([[1.0], [2.0], [4.0]]), np.array([3.0])
    log_weights = np.log([0.2, 0.5, 0.3]) + 700.0
    assert ranks.share_below(values, log_weights, truth) == pytest.approx([0.7])
    assert ranks.share_below(values, log_weights, np.array([4.0])) == pytest.approx([0.85])


def test_coverage_of_central_intervals():
    places = np.array([[0.01], [0.04], [0.2], [0.5], [0.97]])
    assert ranks.coverage(places, 0.9) == pytest.approx([0.4])
    assert ranks.coverage(places, 0.95) == pytest.approx([0.8])


# --------------------------------------------------- simulated statements, with known posteriors


def small_study():
    """Two numbers, a count, an order and a significance about four points of one group."""
    kind = [codes.POINTS, codes.POINTS, codes.RESPONDED, codes.ORDER, codes.SIGNIFICANT]
    numbers = dict(n=[8.0] * 5, thr=[0.0, 0.0, -8.0, 0.0, 0.0], se=[1.0, 0.0, 0.0, 0.0, 0.0])
    whole = dict(
        kind=kind, index=[0, 1, 0, 1, 2, 3], start=[0, 1, 2, 3, 5], count=[1, 1, 1, 2, 1],
        baseline=[-1] * 5,
    )  # fmt: skip
    zero = dict.fromkeys(("start2", "count2", "group", "group2", "own", "unit"), [0] * 5)
    found = dict.fromkeys(("lo", "hi", "y"), [0.0] * 5)
    flat = dict(q=[0.05] * 5, l0=[1 / 40, 1 / 40, 1 / 9, 0.5, 0.5])
    columns = zero | whole | dict(same=[1] * 5) | numbers | found | flat
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
        found.append(ranks.share_below(pool, weights, truth))
    return np.array(found)


def test_the_likelihood_of_simulated_statements_passes():
    judged = ranks.judge(places_of_truth(120), 1)
    assert judged["ranks_passed"]
    assert judged["pooled_passed"]


@pytest.mark.parametrize("wrong", [dict(sigma_times=0.5), dict(tau_times=0.05)])
def test_a_wrong_likelihood_fails(wrong):
    judged = ranks.judge(places_of_truth(120, **wrong), 1)
    assert not ranks.passed(judged)
    assert judged["pooled"] < 0.85
