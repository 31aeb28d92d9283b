"""Random compartmental models of every kind, with doses and times, for the accuracy report."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kpksim.engine import Actions

Array = NDArray[np.float64]
Rng = np.random.Generator
STATES = range(3, 10)
USUAL, STIFF = (0.05, 5.0), (1e-3, 1e3)
"""Range of rate constants [1/h]."""
STEPS_HOURS = tuple(map(Fraction, ("1/12", "1/4", "1", "6", "12")))
EXACT_STEPS_HOURS = tuple(map(Fraction, ("5/64", "1/4", "1", "6", "12")))
"""Steps of the regular grids of `POINTS` times; the longest ends at 90 days."""
POINTS, LONGEST_HOURS = 180, 90 * 24
IRREGULAR = 40


@dataclass(frozen=True)
class Moments:
    """When things happen, as fractions [h].

    Attributes
    ----------
    actions : list of list of Fraction
        Per subject, when each action happens.
    times : list of Fraction
        Observations.
    """

    actions: list[list[Fraction]]
    times: list[Fraction]


@dataclass(frozen=True)
class Case:
    """A model in several subjects, with what the engine takes.

    Attributes
    ----------
    rates : array, shape (S, n, n)
    actions : Actions
        Times of shape (S, E).
    times : array, shape (T,)
    rows : array, shape (n, n)
        Every state is an output, over a volume.
    readings : tuple of Moments
        What the times are: exactly what their doubles say, and what they are meant to be where
        no double says it (1/60 h).
    """

    rates: Array
    actions: Actions
    times: Array
    rows: Array
    readings: tuple[Moments, ...]


def people(rng: Rng, typical: Array, n: int, cv: float) -> Array:
    """Rates (n, ...) around typical ones, every one lognormal."""
    sigma = np.sqrt(np.log1p(cv**2))
    return typical * rng.lognormal(0.0, sigma, (n, *typical.shape))


def system(flows: Array, leaving: Array) -> Array:
    """Rate matrices (S, n, n) of flows [to, from] and of what leaves each state (S, n)."""
    rates = flows.copy()
    diagonal = np.arange(rates.shape[-1])
    rates[:, diagonal, diagonal] = 0.0
    rates[:, diagonal, diagonal] = -(rates.sum(axis=1) + leaving)
    return rates


def random_rates(rng: Rng, subjects: int, within: tuple[float, float], cv: float) -> Array:
    """A connected graph of 3 to 9 states: a flow into each from an earlier one, some back."""
    n = int(rng.choice(STATES))
    flows, leaving = np.zeros((n, n)), np.zeros(n)

    def rate() -> float:
        return float(np.exp(rng.uniform(*np.log(within))))

    for to in range(1, n):
        origin = int(rng.integers(0, to))
        flows[to, origin] = rate()
        if rng.random() < 0.5:
            flows[origin, to] = rate()
    for state in {1, *rng.choice(n, 2).tolist()}:
        leaving[state] = rate()
    return system(people(rng, flows, subjects, cv), people(rng, leaving, subjects, cv))


def chain_rates(rng: Rng, subjects: int, apart: float, *, erlang: bool) -> Array:
    """A chain whose rates are equal, or apart by a share of themselves.

    The chain has all its states (Erlang), or it is depot and central with ka = k10, whose drug
    goes on into a metabolite with the same rate; further states are peripheral to it.
    """
    n, k = int(rng.choice(STATES)), rng.uniform(0.2, 3.0, subjects)
    flows, leaving = np.zeros((subjects, n, n)), np.zeros((subjects, n))
    length = n if erlang else 3
    for state in range(length):
        rate = k * (1.0 + apart * state)
        if state + 1 < length:
            flows[:, state + 1, state] = rate
        else:
            leaving[:, state] = rate
    for state in range(length, n):
        flows[:, state, length - 1] = rng.uniform(0.05, 2.0, subjects)
        flows[:, length - 1, state] = rng.uniform(0.05, 2.0, subjects)
    return system(flows, leaving)


@dataclass(frozen=True)
class Kind:
    """How the rates of a kind of model are drawn, and on which lattice its times lie."""

    rates: Callable[[Rng, int], Array]
    per_hour: int = 64


KINDS = {
    "random, CV 0.3": Kind(lambda rng, n: random_rates(rng, n, USUAL, 0.3)),
    "random, CV 0.8": Kind(lambda rng, n: random_rates(rng, n, USUAL, 0.8)),
    "random, CV 0.3, times in minutes": Kind(lambda rng, n: random_rates(rng, n, USUAL, 0.3), 60),
    "ka = k10": Kind(lambda rng, n: chain_rates(rng, n, 0.0, erlang=False)),
    "ka = k10 but for 1e-9": Kind(lambda rng, n: chain_rates(rng, n, 1e-9, erlang=False)),
    "ka = k10 but for 1e-5": Kind(lambda rng, n: chain_rates(rng, n, 1e-5, erlang=False)),
    "Erlang chain": Kind(lambda rng, n: chain_rates(rng, n, 0.0, erlang=True)),
    "Erlang chain but for 1e-9": Kind(lambda rng, n: chain_rates(rng, n, 1e-9, erlang=True)),
    "stiff, CV 0.3": Kind(lambda rng, n: random_rates(rng, n, STIFF, 0.3)),
    "stiff, CV 0.8": Kind(lambda rng, n: random_rates(rng, n, STIFF, 0.8)),
}


def cases(kind: str, models: int, subjects: int, seed: int) -> list[Case]:
    """Models of a kind: regular grids and irregular times in turns, half of each with lags."""
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    made = KINDS[kind]
    return [_case(rng, made.rates(rng, subjects), k, made.per_hour) for k in range(models)]


def _case(rng: Rng, rates: Array, number: int, per_hour: int) -> Case:
    """Give a model doses, times and volumes."""
    times = _regular(rng, per_hour) if number % 2 == 0 else _irregular(rng, per_hour)
    lags = rng.uniform(0.05, 3.0, len(rates)) if number % 4 >= 2 else np.zeros(len(rates))
    starts, places, amounts, changes = _doses(rng, rates.shape[1], times[-1], per_hour)
    meant = [list(starts) for _ in lags] if not lags.any() else None
    late = np.array([float(one) for one in starts]) + lags[:, None]
    written = [[Fraction(one) for one in each] for each in late.tolist()]
    seen = np.array([float(one) for one in times])
    readings = [Moments(written, [Fraction(one) for one in seen.tolist()])]
    if meant is not None and (meant != written or times != readings[0].times):
        readings.append(Moments(meant, times))
    rows = np.diag(1.0 / rng.uniform(1.0, 200.0, rates.shape[1]))
    return Case(rates, Actions(late, places, amounts, changes), seen, rows, tuple(readings))


def _regular(rng: Rng, per_hour: int) -> list[Fraction]:
    """A regular grid."""
    step = rng.choice(STEPS_HOURS if per_hour == 60 else EXACT_STEPS_HOURS)
    return [step * k for k in range(POINTS + 1)]


def _irregular(rng: Rng, per_hour: int) -> list[Fraction]:
    """Times on the lattice and times on none, up to 90 days, most of them early."""
    chosen = np.exp(rng.uniform(np.log(1 / 60), np.log(LONGEST_HOURS), IRREGULAR))
    on = {Fraction(int(one * per_hour), per_hour) for one in chosen[::2]}
    return sorted(on | {Fraction(float(one)) for one in chosen[1::2]})


def _doses(
    rng: Rng, n: int, end: Fraction, per_hour: int
) -> tuple[list[Fraction], NDArray[np.int64], Array, Array]:
    """One to five boluses and infusions on the lattice: time, state, amount, change of rate."""
    actions: list[tuple[Fraction, int, float, float]] = []
    for _ in range(int(rng.integers(1, 6))):
        start = Fraction(int(rng.integers(0, max(1, int(0.5 * end * per_hour)))), per_hour)
        place, amount = int(rng.integers(0, min(3, n))), float(rng.uniform(1.0, 100.0))
        over = Fraction(int(rng.integers(5, 300)), per_hour)
        if rng.random() < 0.5:
            actions.append((start, place, amount, 0.0))
        else:
            rate = amount / float(over)
            actions += [(start, place, 0.0, rate), (start + over, place, 0.0, -rate)]
    starts, places, amounts, changes = zip(*actions, strict=True)
    return list(starts), np.array(places), np.array(amounts), np.array(changes)
