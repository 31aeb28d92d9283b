from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.setting import make_setting
from kpksim.documents import read_document
from kpksim.library.hypotheses import effect_of, load_hypothesis
from kpksim.population import typical_person
from kpksim.simulation.problem import problem_of
from kpksim.simulation.responses import all_curves

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
PAIRS = [
    ("anxiety", key)
    for key in (
        "ketamine",
        "ketamine_arterial",
        "ketamine_norketamine",
        "hydroxynorketamine",
        "ketamine_power",
        "ketamine_inverted_u",
        "slow_only",
        "fast_only",
        "plasticity",
        "slow_hydroxynorketamine",
        "mediator",
    )
] + [
    ("depression", "ketamine"),
    ("dissociation", "dissociation_arterial"),
    ("sbp", "pressure_venous"),
]
WITHIN = 0.002
"""Demanded of a clock, so 0.2 % of a score."""
UNIT = {"anxiety": 100.0, "depression": 100.0, "dissociation": 92.0, "sbp": 40.0}


@pytest.fixture(scope="module")
def settings():
    names = {outcome for outcome, _ in PAIRS}
    return {
        one: make_setting(read_document(CONFIGS / f"{one}.toml", CalibrationDocument))
        for one in names
    }


def peaks_of(curves):
    def peaks(drive, also="", w_also=0.0):
        level = curves.reference[drive][:, None] + np.zeros(1)
        if also:
            level = level + np.atleast_1d(w_also) * curves.reference[also][:, None]
        return level.max(axis=0)

    return peaks


@pytest.mark.parametrize(("outcome", "key"), PAIRS)
def test_curves_of_a_fit_are_those_of_a_simulation(settings, outcome, key):
    setting = settings[outcome]
    problem = setting.problem(key)
    n = 12
    draws = problem.transform(np.random.default_rng(5).uniform(size=(n, len(problem.names))))
    found = np.array(
        [problem.curves.effect(dict(zip(problem.names, x, strict=True))) for x in draws]
    )
    values = dict(zip(problem.names, draws.T.copy(), strict=True))
    effect = effect_of(load_hypothesis(key), values, peaks_of(problem.curves))
    place = 0
    for number, regimen in enumerate(setting._places.regimens):
        times = setting._places.times[number]
        mine = found[:, place : place + len(times)]
        place += len(times)
        if problem.curves.potent[number]:
            continue  # a potency for each draw is not what a simulation takes
        people = problem_of(setting.model, regimen, typical_person()).chosen(np.zeros(n, dtype=int))
        start = regimen.doses[0].time
        expected = all_curves(people, [], {"x": effect}, times, first_dose=start)["x_drug"]
        if outcome in ("anxiety", "depression"):
            mine = 100.0 * np.expm1(-mine)
        assert np.abs(mine - expected).max() < WITHIN * UNIT[outcome]


def test_the_clocks_are_those_of_an_ode_solver(settings):
    problem = settings["anxiety"].problem("ketamine")
    setting = settings["anxiety"]
    values = dict(
        zip(problem.names, problem.transform(np.full(len(problem.names), 0.6)), strict=True)
    )
    number = next(k for k, one in enumerate(setting._places.regimens) if len(one.doses) == 28)
    regimen, times = setting._places.regimens[number], setting._places.times[number]
    body = problem_of(setting.model, regimen, typical_person())
    grid = np.union1d(np.arange(0.0, times[-1] + 0.02, 0.02), times)
    level = body.concentrations(["ketamine"], grid)[0, 0]
    ke0, kout = np.log(2) / values["t_ke0"], np.log(2) / values["t_slow"]
    ec50 = values["ec50_ratio"] * problem.curves.peak(values)

    def drive(ce):
        return max(ce, 0.0) ** values["g"] / (ec50 ** values["g"] + max(ce, 0.0) ** values["g"])

    def slope(t, y):
        c = np.interp(t, grid, level)
        return [ke0 * (c - y[0]), values["kin"] * drive(y[0]) * (1 - y[1]) - kout * y[1]]

    solved = solve_ivp(
        slope,
        (0.0, times[-1]),
        [0.0, 0.0],
        "LSODA",
        t_eval=times,
        rtol=1e-8,
        atol=1e-10,
        max_step=0.2,
    ).y
    fast = np.array([drive(one) for one in solved[0]])
    expected = -np.log1p(-values["rf"]) * fast - np.log1p(-values["rs"]) * solved[1]
    before = sum(len(one) for one in setting._places.times[:number])
    found = problem.curves.effect(values)[before : before + len(times)]
    assert np.abs(np.expm1(-found) - np.expm1(-expected)).max() < WITHIN
