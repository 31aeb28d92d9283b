"""A symptom and the concentrations that drive it, by LSODA together."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from experiments.bench.driven import Driven
from experiments.bench.others.segments import segments
from kpksim.models.effects import Symptom

Array = NDArray[np.float64]
RTOL, ATOL = 1e-12, 1e-14
LN2 = math.log(2.0)


def by_lsoda(people: Driven, subject: int) -> Array:
    """Effect of the drug in one of the people, shape (T,)."""
    work, effect = people.with_site, people.effect
    rates, entry = work.rates[subject], int(work.actions.compartment[0])
    n, slow = len(rates), 1 + effect.transits

    def slope(_: float, state: Array, feed: float) -> Array:
        change = np.concatenate([rates @ state[:n], clocks(state[n - 1], state[n:], effect)])
        change[entry] += feed
        return change

    state, found = np.zeros(n + slow), np.zeros((n + slow, len(work.times)))
    for part in segments(work):
        times = work.times[part.first : part.last].clip(part.start, part.end)
        wanted = times if len(times) and times[-1] == part.end else np.append(times, part.end)
        span = part.start, part.end
        answer = solve_ivp(
            slope, span, state, "LSODA", wanted, args=(part.feed,), rtol=RTOL, atol=ATOL
        )
        found[:, part.first : part.last] = answer.y[:, : len(times)]
        state = answer.y[:, -1]
    return change_of_score(found[n - 1], found[-1], effect)


def clocks(site: float, state: Array, effect: Symptom) -> Array:
    """Slopes of the slow clock and of the transits behind it."""
    filling = effect.kin * hill(site, effect) * (1.0 - state[0]) - LN2 / effect.t_slow * state[0]
    return np.concatenate([[filling], LN2 / effect.t_d * (state[:-1] - state[1:])])


def hill(site: Array | float, effect: Symptom) -> Array:
    """Share of the largest drive."""
    power = (np.maximum(site, 0.0) / effect.ec50) ** effect.g
    return power / (1.0 + power)


def change_of_score(site: Array, slow: Array, effect: Symptom) -> Array:
    """Effect of the drug from the effect site and the last transit [%]."""
    reduction = -math.log1p(-effect.rf) * hill(site, effect) - math.log1p(-effect.rs) * slow
    return -100.0 * (1.0 - np.exp(-reduction))
