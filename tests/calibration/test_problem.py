from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.setting import make_setting
from kpksim.documents import read_document

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"


@pytest.fixture(scope="module")
def setting():
    return make_setting(read_document(CONFIGS / "anxiety.toml", CalibrationDocument))


@pytest.fixture(scope="module")
def problem(setting):
    return setting.problem("ketamine")


@pytest.fixture(scope="module")
def draw(problem):
    return problem.transform(np.linspace(0.35, 0.65, len(problem.names)))


def named(problem, draw):
    return dict(zip(problem.names, draw.tolist(), strict=True))


def test_two_parallel_arms_without_a_difference_by_hand(problem, draw):
    values = named(problem, draw)
    looks = problem.looks
    place = next(
        k
        for k, one in enumerate(looks.moments)
        if (one.study, one.arm) == ("murrough2015", "ketamine")
    )
    lost = problem.curves.effect(values)[looks.place[place]]
    hour, row = 24.0, next(one for one in problem.rows if one.id == "murrough2015-6")
    expected = -np.log1p(-values["p_blind"] * -np.expm1(-hour / values["tau_p"]))
    midazolam = -np.log1p(-values["m"] * np.exp(-hour / 3.0))

    def not_significant(eta):
        drug = -100.0 * -np.expm1(-(np.exp(eta) * lost + expected))
        control = -100.0 * -np.expm1(-(expected + midazolam))
        z = (drug - control) / (values["sigma"] * np.sqrt(4.0 / 24.0))
        return norm.cdf(1.96 - z) - norm.cdf(-1.96 - z)

    tau = values["tau"]
    likelihood, _ = quad(
        lambda eta: (0.9 * not_significant(eta) + 0.1 * 0.5) * norm.pdf(eta, scale=tau),
        -6.0 * tau, 6.0 * tau,
    )  # fmt: skip
    assert row.q == 0.1
    found = problem.by_study(draw)[problem.studies.index("murrough2015")]
    assert found == pytest.approx(np.log(likelihood), abs=0.02)  # the error of fixed nodes


def test_a_power_of_a_cluster_multiplies_its_logarithm(setting, problem, draw):
    changes = next(one for one in setting.settings.sensitivity if one.name == "Dunedin halved")
    halved = make_setting(setting.settings, changes).problem("ketamine")
    by_study = problem.by_study(draw)
    dunedin = by_study[problem.studies.index("dunedin")]
    assert halved.log_likelihood(draw) == pytest.approx(by_study.sum() - 0.5 * dunedin)


def test_no_statement_can_move_the_likelihood_without_limit(problem):
    rng = np.random.default_rng(3)
    draws = problem.transform(rng.uniform(0.001, 0.999, size=(100, len(problem.names))))
    floor = sum(np.log(row.q * row.l0) for row in problem.rows)
    found = [problem.log_likelihood(one) for one in draws]
    assert np.isfinite(found).all()
    assert min(found) > floor


def test_other_outcomes_of_statements_are_what_the_likelihood_sees(problem, draw):
    opposite = np.array([1.0 - row.y if row.l0 == 0.5 else row.y for row in problem.rows])
    turned = problem.with_data(opposite)
    assert turned.log_likelihood(draw) < problem.log_likelihood(draw) - 5.0


def test_people_chosen_as_responders_have_lower_scores(setting, problem, draw):
    changes = next(
        one for one in setting.settings.sensitivity if one.name == "responders as anybody"
    )
    plain = make_setting(setting.settings, changes).problem("ketamine")
    assert (problem.looks.chooser >= 0).any()
    assert not (plain.looks.chooser >= 0).any()
    assert plain.log_likelihood(draw) != pytest.approx(problem.log_likelihood(draw), abs=0.1)


def test_mean_scores_under_a_level_by_drawing_studies(problem, draw):
    values = named(problem, draw)
    rng = np.random.default_rng(5)
    n, people = 200_000, 30
    eta, common = rng.normal(0.0, values["tau"], n), rng.normal(size=n)
    spread = values["b_HAM-A"] * values["sigma"] / 100.0
    product = np.ones(n)
    for name in ("liu2019-1", "liu2019-2"):
        row = next(one for one in problem.rows if one.id == name)
        place = problem.looks.moments.index(row.first[0])
        lost = problem.curves.effect(values)[problem.looks.place[place]]
        expected = -np.log1p(values["p_open"] * np.expm1(-row.first[0].hour / values["tau_p"]))
        score = values["b_HAM-A"] * np.exp(-(np.exp(eta) * lost + expected))
        score = score + spread * np.sqrt(values["rho"] / people) * common
        below = norm.cdf((14.0 - score) / (spread * np.sqrt((1.0 - values["rho"]) / people)))
        product *= (1.0 - row.q) * below + row.q * 0.5
    found = problem.by_study(draw)[problem.studies.index("liu2019")]
    assert found == pytest.approx(np.log(product.mean()), abs=0.03)
