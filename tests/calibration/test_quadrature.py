"""The integral over the latents of a study, against closed forms and very many nodes."""

import time

import numba
import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri
from scipy.stats import qmc

from kpksim.calibration.normal import normal_cdf
from kpksim.calibration.quadrature import fixed_nodes, log_likelihoods
from kpksim.calibration.readings import codes
from kpksim.calibration.rows import Effects, PointRows, stack
from kpksim.calibration.study_kernel import log_products
from tests.calibration.studies import made_up, rows_of

RHO, SD, N = 0.73, 28.0, 12


def plain_points(means):
    """Give points without an end, and what the drug does there."""
    size = len(means)
    points = PointRows(np.full(size, codes.PLAIN), np.full(size, -1))
    effects = Effects(-np.asarray(means), np.zeros(size), np.full(size, SD), np.zeros(size))
    return points, effects


def by_brute_force(study, nodes):
    """Average the likelihood over nodes from the prior; give the nodes that it rests on, too."""
    latents = study[0].bounds[0, 4]
    z = ndtri(qmc.Sobol(latents, seed=7).random_base2(nodes)).T
    values = log_products(*study, 0, np.ascontiguousarray(z))
    weights = np.exp(values - values.max())
    return values.max() + np.log(weights.mean()), weights.sum() ** 2 / (weights**2).sum()


def made_up_elsewhere(seed, latents, statements):
    """Give a study whose drug does something else than in what was found."""
    rng = np.random.default_rng(seed)
    study, effects, *rest = made_up(rng, latents, statements)
    return study, effects._replace(drug=effects.drug * rng.lognormal(0.0, 0.3)), *rest


def integral(study):
    """Integrate a study of its own."""
    return log_likelihoods(*study, fixed_nodes(int(study[0].bounds[0, 4])))[0]


@pytest.mark.parametrize(("found", "error"), [((-38.0, -31.0), 1.0), ((-75.0, -62.0), 0.0)])
def test_numbers_of_the_same_people_have_a_joint_normal_distribution(found, error):
    means = (-40.0, -25.0)
    points, effects = plain_points(means)
    rows = rows_of(
        ["percent change"] * 2, index=[0, 1], start=[0, 1], y=found, se=error, q=1e-12, l0=1e-9
    )
    study = stack([(points, rows)]), effects, np.zeros(1), RHO, 1e-9
    covariance = SD**2 / N * np.array([[1.0, RHO], [RHO, 1.0]]) + error**2 * np.eye(2)
    wanted = stats.multivariate_normal(means, covariance).logpdf(found)
    assert integral(study) == pytest.approx(wanted, abs=0.01)


def test_a_study_effect_spreads_a_mean_as_its_own_distribution_does():
    points, effects = plain_points((-30.0,))
    rows = rows_of(["percent change"], index=[0], y=-55.0, q=1e-12, l0=1e-9)
    eta, weights = np.polynomial.hermite_e.hermegauss(200)
    likelihood = stats.norm.pdf(-55.0, -30.0 * np.exp(0.8 * eta), SD / np.sqrt(N))
    wanted = np.log(weights @ likelihood / weights.sum())
    study = stack([(points, rows)]), effects, np.zeros(1), RHO, 0.8
    assert integral(study) == pytest.approx(wanted, abs=0.025)


@pytest.mark.parametrize("seed", range(12))
def test_few_nodes_do_what_very_many_do(seed):
    study = made_up_elsewhere(seed, 2 + seed % 2, 5)
    wanted, resting_on = by_brute_force(study, 15)
    assert resting_on > 500
    assert integral(study) == pytest.approx(wanted, abs=0.05)


@pytest.mark.slow
def test_the_error_of_the_logarithm_is_small_over_all_kinds_of_studies():
    errors = []
    for seed in range(300):
        rng = np.random.default_rng([seed, 1])
        study = made_up_elsewhere(seed, int(rng.integers(2, 4)), int(rng.integers(1, 21)))
        wanted, resting_on = by_brute_force(study, 17)
        if resting_on > 2000:
            errors.append(integral(study) - wanted)
    errors = np.abs(errors)
    assert errors.size > 150
    assert np.sqrt((errors**2).mean()) < 0.02
    assert np.quantile(errors, 0.95) < 0.03
    assert errors.max() < 0.25  # two peaks apart, one narrow


def test_studies_are_integrated_by_themselves():
    studies = [made_up_elsewhere(seed, 2, 6) for seed in (1, 2)]
    rows = [
        (PointRows(one[0].form, one[0].chooser), rows_of(["direction"] * 2, index=[0, 1], n=n))
        for one, n in zip(studies, (5.0, 30.0), strict=True)
    ]
    parts = [
        (stack([row]), one[1], np.zeros(1), RHO, 0.4)
        for row, one in zip(rows, studies, strict=True)
    ]
    both = Effects(
        *(np.concatenate(pair) for pair in zip(studies[0][1], studies[1][1], strict=True))
    )
    found = log_likelihoods(stack(rows), both, np.zeros(1), RHO, 0.4, fixed_nodes(2))
    assert list(found) == [integral(part) for part in parts]
    assert found[0] != found[1]


@numba.njit(fastmath={"contract"}, error_model="numpy")
def yardstick(x, out):
    for i in range(x.size):
        out[i] = normal_cdf(x[i])


def seconds(work, times=30):
    """Least time of a process for some work."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time_ns()
        work()
        taken.append(time.process_time_ns() - start)
    return min(taken)


def test_a_statement_at_a_node_costs_a_few_distribution_functions():
    rng = np.random.default_rng(3)
    studies = [made_up(rng, 2, 4) for _ in range(10)]
    nodes = fixed_nodes(2)
    x = rng.standard_normal(100_000)
    out = np.empty_like(x)
    unit = seconds(lambda: yardstick(x, out)) / x.size
    taken = seconds(lambda: [log_likelihoods(*one, nodes) for one in studies])
    calls = 40 * sum(one.shape[1] for one in nodes)
    assert taken / (unit * calls) < 60.0
