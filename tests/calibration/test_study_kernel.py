"""Statements of one study together: shared deviations, chosen people, robust product, draws."""

import numpy as np
import pytest
from scipy import stats

from kpksim.calibration.draws import draw_data
from kpksim.calibration.readings import READING, codes
from kpksim.calibration.rows import Effects, PointRows, only, stack, with_data
from kpksim.calibration.study_kernel import expectations, log_products
from tests.calibration.studies import made_up, rows_of

RHO, SD, N = 0.73, 28.0, 12
NONE = np.zeros(1)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def study(kinds, means, choosers=(), sd=SD, form=codes.PLAIN, **columns):
    """Give a study with these statements over points of these means."""
    size = len(means)
    chooser = np.full(size, -1)
    chooser[: len(choosers)] = choosers
    points = PointRows(np.full(size, form), chooser)
    effects = Effects(-np.asarray(means), np.zeros(size), np.full(size, sd), np.zeros(size))
    return stack([(points, rows_of(kinds, index=np.arange(size), **columns))]), effects


def people(rng, trials, means, n=N):
    """Draw scores of people at visits, shape (trials, n, visits)."""
    person = rng.standard_normal((trials, n, 1))
    visit = rng.standard_normal((trials, n, len(means)))
    return np.asarray(means) + SD * (np.sqrt(RHO) * person + np.sqrt(1.0 - RHO) * visit)


def at_nodes(statements, effects):
    """Give what is expected at nodes of the people's deviation, in the typical study."""
    z = np.vstack([np.zeros(NODES.size), NODES])
    return expectations(statements, effects, NONE, RHO, 0.3, 0, z)


def test_two_means_of_the_same_people_go_together_as_their_visits_do():
    means = (-40.0, -25.0)
    statements, effects = study(["percent change"] * 2, means, start=[0, 1])
    first, second = at_nodes(statements, effects)
    shared = WEIGHTS @ ((first[0] - means[0]) * (first[1] - means[1]))
    spread = np.sqrt(WEIGHTS @ ((first - np.array(means)[:, None]) ** 2 + second**2).T)
    y = people(np.random.default_rng(1), 20_000, means).mean(axis=1)
    assert shared / spread.prod() == pytest.approx(np.corrcoef(y.T)[0, 1], abs=0.02)
    assert shared / spread.prod() == pytest.approx(RHO, abs=1e-6)


@pytest.mark.parametrize(("mean", "n"), [(-45.0, 12), (-20.0, 18), (-70.0, 7)])
def test_a_count_and_a_mean_of_the_same_people_go_together_as_in_people(mean, n):
    statements, effects = study(
        ["responded", "percent change"], (mean, -30.0), start=[0, 1], n=float(n)
    )
    first, second = at_nodes(statements, effects)
    k = np.arange(n + 1)
    count = stats.binom(n, first[0, 0])
    cut = stats.norm.ppf(count.cdf(k))[:, None]
    tie = second[0, 0]
    below = stats.norm.cdf((cut - tie * NODES) / np.sqrt(1.0 - tie**2))
    given_z = n - below[:-1].sum(axis=0)
    y = people(np.random.default_rng(2), 40_000, (mean, -30.0), n)
    drawn = np.corrcoef((y[:, :, 0] < -50.0).sum(axis=1), y[:, :, 1].mean(axis=1))[0, 1]
    shared = WEIGHTS @ (given_z * (first[1] + 30.0))
    assert shared / (count.std() * SD / np.sqrt(n)) == pytest.approx(drawn, abs=0.02)


@pytest.mark.slow
def test_two_counts_of_the_same_people_go_together_nearly_as_in_people():
    n, means = 12, (-45.0, -40.0)
    statements, effects = study(["responded"] * 2, means, start=[0, 1])
    first, second = at_nodes(statements, effects)
    k = np.arange(n + 1)
    chances = []
    for p, tie in zip(first[:, 0], second[:, 0], strict=True):
        cut = stats.norm.ppf(stats.binom.cdf(k, n, p))[:, None]
        below = stats.norm.cdf((cut - tie * NODES) / np.sqrt(1.0 - tie**2))
        chances.append(np.diff(below, axis=0, prepend=0.0))
    both = np.einsum("ik,jk,k->ij", *chances, WEIGHTS)
    y = people(np.random.default_rng(3), 1_000_000, means, n) < -50.0
    drawn = np.histogram2d(*y.sum(axis=1).T, bins=[np.arange(n + 2) - 0.5] * 2)[0] / 1e6
    assert np.abs(both - drawn).max() < 0.01


def test_people_who_were_chosen_by_a_test_keep_a_part_of_its_luck():
    means = (-40.0, -35.0)
    statements, effects = study(["percent change"], means, choosers=(-1, 0), start=1)
    first, _ = expectations(statements, effects, NONE, RHO, 0.0, 0, np.zeros((2, 1)))
    y = people(np.random.default_rng(4), 400_000, means, 1)[:, 0]
    chosen = y[y[:, 0] < -50.0, 1]
    assert first[0, 0] == pytest.approx(chosen.mean(), abs=5.0 * chosen.std() / chosen.size**0.5)
    assert first[0, 0] < -45.0


def test_chosen_people_lose_no_more_than_all_of_their_score():
    statements, effects = study(
        ["percent change"], (-0.1, -6.0), choosers=(-1, 0), start=1, form=codes.SYMPTOM
    )
    first, _ = expectations(statements, effects, NONE, RHO, 0.0, 0, np.zeros((2, 1)))
    assert first[0, 0] == -100.0


def test_a_study_effect_multiplies_what_the_drug_does_to_the_logarithm_of_a_score():
    statements, effects = study(["percent change"], (-0.5,), form=codes.SYMPTOM)
    effects = effects._replace(other=np.array([0.2]))
    first, _ = expectations(statements, effects, NONE, RHO, 0.4, 0, np.array([[1.5], [0.0]]))
    left = np.exp(-0.5 * np.exp(0.4 * 1.5) - 0.2)
    assert first[0, 0] == pytest.approx(-100.0 * (1.0 - left), rel=1e-12)


def likelihood(kind, numbers, first, second, z):
    """Robust likelihood of one statement, with SciPy."""
    value, q, flat = (numbers[i] for i in (codes.VALUE, codes.DOUBT, codes.FLAT))
    family = next(one.family for one in READING.values() if one.code == kind)
    if family == codes.NUMBER:
        found = stats.norm.pdf(value, first, second)
    elif family == codes.YES_NO:
        found = first if value == 1.0 else 1.0 - first
    else:
        ends = stats.binom.cdf([value, value - 1.0], numbers[codes.PEOPLE], first)
        upper, lower = stats.norm.cdf((stats.norm.ppf(ends) - second * z) / np.sqrt(1 - second**2))
        found = upper - lower
    return (1.0 - q) * found + q * flat


@pytest.mark.parametrize("seed", range(8))
def test_the_product_is_that_of_what_each_statement_expects(seed):
    rng = np.random.default_rng(seed)
    statements, effects, baselines, rho, tau = made_up(rng)
    z = rng.standard_normal((statements.bounds[0, 4], 20))
    found = log_products(statements, effects, baselines, rho, tau, 0, z)
    first, second = expectations(statements, effects, baselines, rho, tau, 0, z)
    for k in range(20):
        wanted = sum(
            np.log(likelihood(code[codes.KIND], row, a, b, z[code[codes.GROUP], k]))
            for code, row, a, b in zip(
                statements.codes, statements.numbers, first[:, k], second[:, k], strict=True
            )
        )
        assert found[k] == pytest.approx(wanted, abs=0.02)


def test_draws_have_the_spread_of_people_and_the_silence_of_doubt():
    kinds = ["percent change", "responded", "significant"]
    statements, effects = study(kinds, (-45.0, -40.0, -12.0), start=[0, 1, 2], q=0.2, l0=0.01)
    rng = np.random.default_rng(5)
    drawn = np.array([draw_data(rng, statements, effects, NONE, RHO, 0.0) for _ in range(4000)])
    y = people(rng, 40_000, (-45.0, -40.0, -12.0))
    counts = (y[:, :, 1] < -50.0).sum(axis=1)
    tested = y[:, :, 2].mean(axis=1) < -1.96 * SD / np.sqrt(N)
    wanted = 0.8 * np.array([-45.0, counts.mean(), tested.mean()]) + 0.2 * np.array([-50, 6, 0.5])
    margin = 4.5 * drawn.std(axis=0) / np.sqrt(4000)
    assert np.all(np.abs(drawn.mean(axis=0) - wanted) < margin)
    together = 0.8**2 * np.cov(counts, y[:, :, 0].mean(axis=1))[0, 1]
    assert np.cov(drawn[:, 1], drawn[:, 0])[0, 1] == pytest.approx(together, abs=2.4)


def test_other_findings_go_with_other_tables_of_counts():
    statements, effects = study(["responded"], (-45.0,), y=3.0, n=7.0)
    direct, _ = study(["responded"], (-45.0,), y=6.0, n=7.0)
    z = np.zeros((2, 1))
    changed = log_products(with_data(statements, np.array([6.0])), effects, NONE, RHO, 0.3, 0, z)
    assert changed == log_products(direct, effects, NONE, RHO, 0.3, 0, z)
    assert changed != log_products(statements, effects, NONE, RHO, 0.3, 0, z)


def test_chosen_statements_multiply_to_all_of_them():
    means = (-45.0, -30.0)
    points = PointRows(np.full(2, codes.PLAIN), np.full(2, -1))
    rows = rows_of(["significant", "responded"], index=np.arange(2), start=[0, 1], y=[1.0, 3.0])
    effects = Effects(-np.asarray(means), np.zeros(2), np.full(2, SD), np.zeros(2))
    z = np.array([[0.4], [-0.6]])
    parts = [
        log_products(stack([(points, one)]), effects, NONE, RHO, 0.3, 0, z)
        for one in (rows, only(rows, np.array([0])), only(rows, np.array([1])))
    ]
    assert parts[0] == pytest.approx(parts[1] + parts[2], rel=1e-12)
