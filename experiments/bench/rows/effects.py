"""What an effect curve costs beside the concentrations, and its error."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from experiments.bench.clock import in_turns, ratios
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found
from experiments.bench.settings import Settings
from experiments.bench.workload import CV, DOSE, INFUSIONS, MODEL, OUTPUTS, VARIED, grid
from kpksim.dosing import Regimen, infusion
from kpksim.library import load_model
from kpksim.models.effects import Symptom
from kpksim.population import People
from kpksim.simulation.effects import effects_for
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.problem import Problem, make_problem, people_values
from kpksim.simulation.responses import all_curves

OUTCOME = "anxiety"
REFERENCE_RTOL, REFERENCE_ATOL = 1e-12, 1e-14
LN2 = math.log(2.0)


def effects(settings: Settings) -> Found:
    """Cost of concentrations with one effect over concentrations alone, and largest error."""
    size, days = settings.effects, settings.cohort.days
    problem, times = problem_of(size.subjects, days, settings.seed), hours_of(settings)
    effect = effect_of(problem)
    ways = {
        "with": lambda: all_curves(problem, OUTPUTS, {OUTCOME: effect}, times),
        "alone": lambda: all_curves(problem, OUTPUTS, {}, times),
    }
    taken, per = in_turns(ways, settings.rounds), size.subjects * 1e-6
    cost = ratios(taken["with"], taken["alone"])
    error = largest_error(problem.chosen(slice(0, size.error_subjects)), effect, times)
    what = {"with": "concentrations and effect, per subject", "alone": "concentrations alone"}
    return [
        Figure("effects_cost", "time with an effect / without", cost["median"], "", cost),
        *[
            Figure("", what[way], one.median / per, "us", one.spread(per))
            for way, one in taken.items()
        ],
        Figure("effects_error", "largest error over the largest effect", error, ""),
    ], [
        f"{size.subjects:,} subjects x {len(times):,} times, {len(OUTPUTS)} analytes and "
        f"{OUTCOME}: effect site, Hill, turnover, delay; the error against LSODA, rtol "
        f"{REFERENCE_RTOL:g}, of {size.error_subjects} subjects"
    ]


def hours_of(settings: Settings) -> NDArray:
    """Times of the cohort [h]."""
    return grid(24.0 * settings.cohort.days, settings.cohort.step_minutes)


def problem_of(subjects: int, days: int, seed: int) -> Problem:
    """Six infusions in people around the typical one of the library's model."""
    model, rng = load_model(MODEL), np.random.default_rng(seed)
    people, typical = people_values(model, People({"weight": np.full(subjects, 70.0)}, {}))
    sigma = np.sqrt(np.log1p(CV**2))
    varied = {name: typical[name] * rng.lognormal(0.0, sigma, subjects) for name in VARIED}
    values = {**typical, **varied}
    inputs = regimen_inputs(model, values, regimen_of(days), people)
    return make_problem(model, people, values, inputs)


def regimen_of(days: int) -> Regimen:
    """The infusions of the cohort as a regimen."""
    one = infusion(f"{DOSE} mg", over="40 min")
    return one.repeat(every="24 h", times=min(INFUSIONS, days))


def effect_of(problem: Problem) -> Symptom:
    """The anxiety of the library."""
    return effects_for(problem.model, (OUTCOME,))[OUTCOME]


def largest_error(problem: Problem, effect: Symptom, times: NDArray) -> float:
    """Largest difference from an integrator, over the largest effect."""
    found = all_curves(problem, OUTPUTS, {OUTCOME: effect}, times)[f"{OUTCOME}_drug"]
    truth = np.array([by_lsoda(problem, k, effect, times) for k in range(len(found))])
    return float(np.abs(found - truth).max() / np.abs(truth).max())


def by_lsoda(problem: Problem, subject: int, effect: Symptom, times: NDArray) -> NDArray:
    """Effect of the drug by LSODA on concentrations and effect together, shape (T,)."""
    rates, row = problem.rates[subject], problem.rows([effect.drive])[subject, 0]
    actions, n = problem.actions, len(rates)
    delay = math.inf if effect.t_d is None else LN2 / effect.t_d
    slow = LN2 / effect.t_slow

    def slope(_, state, feed):
        amounts, (site, clock, behind) = state[:n], state[n:]
        drive = hill_of(site, effect)
        filling = effect.kin * drive * (1.0 - clock) - slow * clock
        following = delay * (clock - behind) if math.isfinite(delay) else filling
        tail = [effect.ke0 * (row @ amounts - site), filling, following]
        return np.concatenate([rates @ amounts + feed, tail])

    edges = sorted({0.0, *actions.time[subject].tolist(), float(times[-1])})
    state, feed, states = np.zeros(n + 3), np.zeros(n), np.zeros((n + 3, len(times)))
    for start, end in pairwise(edges):
        now = actions.time[subject] == start
        np.add.at(state, actions.compartment[now], actions.amount[subject, now])
        np.add.at(feed, actions.compartment[now], actions.rate[subject, now])
        here = (times > start) & (times <= end)
        answer = solve_ivp(
            slope,
            (start, end),
            state,
            "LSODA",
            t_eval=np.unique([*times[here], end]),
            args=(feed,),
            rtol=REFERENCE_RTOL,
            atol=REFERENCE_ATOL,
        )
        states[:, here], state = answer.y[:, : here.sum()], answer.y[:, -1].copy()
    reduction = -math.log1p(-effect.rf) * hill_of(states[n], effect)
    reduction -= math.log1p(-effect.rs) * states[n + 2]
    return -100.0 * (1.0 - np.exp(-reduction))


def hill_of(site, effect: Symptom):
    """Share of the largest drive."""
    power = (np.maximum(site, 0.0) / effect.ec50) ** effect.g
    return power / (1.0 + power)
