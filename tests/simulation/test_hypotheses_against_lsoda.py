"""Every hypothesis of the library in the reference model, against LSODA on equations by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import kpksim as kp
from kpksim.library.hypotheses import hypothesis_priors, list_hypotheses, load_hypothesis
from kpksim.population import typical_person
from kpksim.simulation.effects import effect_under
from kpksim.simulation.problem import problem_of
from kpksim.simulation.responses import all_curves
from kpksim.vocabulary import OUTCOMES

LN2 = math.log(2.0)
MODEL = kp.load_model("reference_racemic_2026b")
OVER, AGAIN, DOSE = 2 / 3, 24.0, 35.0
REGIMEN = kp.infusion(f"{DOSE} mg", over="40 min").repeat(every=f"{AGAIN} h", times=2)
PROBLEM = problem_of(MODEL, REGIMEN, typical_person())
TIMES = np.array([0.0, 0.1, 0.4, OVER, 1.0, 2.0, 4.0, 9.0, 24.0, 24.5, AGAIN + OVER, 26.0, 48.0])
BOUND = 1e-8
"""Largest error over the largest effect; LSODA itself errs by less than 1e-9."""

CASES = [(key, outcome) for outcome in OUTCOMES for key in list_hypotheses(outcome)]


def random_values(key, outcome, seed):
    """Parameters drawn from the middle four fifths of their priors, times in h."""
    rng = np.random.default_rng([seed, *map(ord, key + outcome)])
    return {
        name: prior.distribution.quantile(rng.uniform(0.1, 0.9)) * prior.scale
        for name, prior in hypothesis_priors(key, outcome).items()
    }


def shaped(ce, hypothesis, ec50, p):
    """Drive of a concentration."""
    if ce <= 0.0:
        return 0.0
    if hypothesis.shape == "power":
        return min((ce / (4.0 * ec50)) ** p["g"], 1.0)
    drive = 1.0 / (1.0 + (ec50 / ce) ** p["g"])
    return drive / (1.0 + (ce / p["ic50"]) ** 3) if "ic50" in p else drive


def by_lsoda(slope, size):
    """States at the times, restarted where an infusion begins or ends."""
    state, found = np.zeros(size), np.zeros((size, len(TIMES)))
    for start, end in pairwise([0.0, OVER, AGAIN, AGAIN + OVER, TIMES[-1]]):
        on = start in (0.0, AGAIN)
        here = (start < TIMES) & (end >= TIMES)
        run = solve_ivp(
            slope, (start, end), state, "LSODA", rtol=1e-10, atol=1e-12, args=(on,),
            t_eval=np.unique([*TIMES[here], end]),
        )  # fmt: skip
        found[:, here] = run.y[:, : here.sum()]
        state = run.y[:, -1]
    return found


def plasma(names):
    """Rows that give concentrations [ng/mL] from amounts, shape (A, m)."""
    return PROBLEM.rows(names)[0]


def feed():
    """What the infusion gives each compartment [mg/h]: half of it is either enantiomer."""
    names = [MODEL.compartments[k].name for k in PROBLEM.kept]
    found = np.zeros(len(names))
    found[[names.index("central_s"), names.index("central_r")]] = 0.5 * DOSE / OVER
    return found


def with_peaks(hypothesis, values):
    """Parameters with concentrations in place of ratios, peaks by LSODA alone."""
    fine = OVER + np.append(0.0, np.geomspace(1 / 120, 24.0, 80))
    course = amounts_at(fine)
    p = dict(values)
    names = [hypothesis.drive, *([hypothesis.also] if hypothesis.also else [])]
    weights = [1.0, p.get("w_also", 0.0)][: len(names)]
    peak = (np.array(weights) @ (plasma(names) @ course)).max()
    for name in ("ec50", "ic50"):
        if f"{name}_ratio" in p:
            p[name] = p[f"{name}_ratio"] * peak
    if "slow_ec50_ratio" in p:
        slow = (plasma([hypothesis.slow_drive])[0] @ course).max()
        p["slow_ec50"] = p["slow_ec50_ratio"] * slow
    return p


def amounts_at(times):
    """Amounts in the reference model after one infusion, by LSODA."""
    rates, given = PROBLEM.rates[0], feed()
    first = solve_ivp(
        lambda _, x: rates @ x + given, (0.0, OVER), 0.0 * given, "LSODA", rtol=1e-11, atol=1e-13
    ).y[:, -1]
    later = solve_ivp(
        lambda _, x: rates @ x, (OVER, times[-1]), first, "LSODA", times, rtol=1e-11, atol=1e-13
    )
    return later.y


def equations(hypothesis, p):
    """Slopes of amounts, two effect sites, T, X and Z; and the drives from these states."""
    m, rates, ke0 = len(PROBLEM.kept), PROBLEM.rates[0], LN2 / p["t_ke0"]
    main = plasma([hypothesis.drive])[0]
    if hypothesis.also:
        main = main + p["w_also"] * plasma([hypothesis.also])[0]
    slow = plasma([hypothesis.slow_drive])[0] if hypothesis.slow_drive else main
    given = feed()

    def drives(x):
        drive = shaped(x[m], hypothesis, p["ec50"], p)
        fast = drive * math.exp(-p["kappa"] * x[m + 2]) if hypothesis.wanes else drive
        other = shaped(x[m + 1], hypothesis, p["slow_ec50"], p) if hypothesis.slow_drive else fast
        return drive, fast, other

    def slope(_, x, on):
        drive, _, wound = drives(x)
        return np.concatenate([
            rates @ x[:m] + (given if on else 0.0),
            [ke0 * (main @ x[:m] - x[m]), ke0 * (slow @ x[:m] - x[m + 1])],
            [drive - LN2 / p.get("t_tol", 1.0) * x[m + 2]],
            [p.get("kin", 0.0) * wound * (1.0 - x[m + 3]) - LN2 / p.get("t_slow", 1.0) * x[m + 3]],
            [LN2 / p.get("t_d", 1.0) * (x[m + 3] - x[m + 4])],
        ])  # fmt: skip

    return slope, drives, m


def expected(hypothesis, values):
    """Effect of the drug by hand."""
    p = with_peaks(hypothesis, values) | {}
    slope, drives, m = equations(hypothesis, {"ec50": 1.0, "g": 1.0} | p)
    states = by_lsoda(slope, m + 5)
    if hypothesis.structure == "pressure":
        return p["a"] * (np.maximum(states[m], 0.0) / 200.0) ** p["g"]
    parts = np.array([drives(x) for x in states.T])
    if hypothesis.structure == "dissociation":
        return p["emax"] * parts[:, 0] * np.exp(-p["kappa"] * states[m + 2])
    late = states[m + 4] if "t_d" in p else states[m + 3]
    left = (1.0 - p.get("rf", 0.0)) ** parts[:, 1] * (1.0 - p.get("rs", 0.0)) ** late
    return 100.0 * (left - 1.0)


def check(key, outcome, values):
    """Compare an effect with that by hand."""
    hypothesis = load_hypothesis(key)
    truth = expected(hypothesis, values)
    effects = {outcome: effect_under(MODEL, hypothesis, values)}
    found = all_curves(PROBLEM, (), effects, TIMES)[f"{outcome}_drug"][0]
    assert np.abs(truth).max() > 0.1
    assert found == pytest.approx(truth, abs=BOUND * np.abs(truth).max())


@pytest.mark.parametrize(("key", "outcome"), CASES)
def test_every_hypothesis_follows_its_equations(key, outcome):
    check(key, outcome, random_values(key, outcome, seed=1))


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("ketamine_power", {"ec50_ratio": 0.05}),
        ("ketamine_power", {"ec50_ratio": 0.24, "kin": 5.0, "t_d": 0.2}),
        ("plasticity", {"g": 8.0, "t_ke0": 0.15}),
        ("plasticity", {"g": 14.0, "t_ke0": 0.15}),
        ("mediator", {"kappa": 1.0, "t_tol": 48.0}),
    ],
)
def test_kinks_steep_thresholds_and_quick_tolerance_are_followed(key, change):
    """A power that is full for a while, a step that is almost one, a drive that wanes soon."""
    check(key, "depression", random_values(key, "depression", seed=2) | change)
