"""What is simulated: people with a ketamine-like system of eight states, and their doses."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kpksim.engine import Actions
from kpksim.library import load_model
from kpksim.models import output_rows, rate_matrix
from kpksim.population import typical_person
from kpksim.simulation.problem import people_values

Array = NDArray[np.float64]
MODEL = "reference_racemic_2026a"
STATES = (
    "depot_oral", "central", "peripheral1", "peripheral2",
    "central_nk", "peripheral_nk", "central_dhnk", "central_hnk",
)  # fmt: skip
OUTPUTS = ("ketamine", "norketamine", "hydroxynorketamine")
VARIED = (
    "ka_oral", "vc", "vp", "vp2", "q", "q2", "cl", "vc_nk", "vp_nk", "q_nk", "cl_nk",
    "vc_hnk", "cl_hnk", "vc_dhnk", "cl_dhnk",
)  # fmt: skip
CV = 0.3
DEPOT, CENTRAL = STATES.index("depot_oral"), STATES.index("central")
DOSE, DURATION, INFUSIONS = 35.0, 2.0 / 3.0, 6
"""0.5 mg/kg in 70 kg [mg], over 40 min [h], once a day."""
TRANSIT = 2.0
"""Rate through the chain of further states [1/h]."""


@dataclass(frozen=True)
class Workload:
    """Arguments of `solve`, and what becomes of them.

    Attributes
    ----------
    rates : array, shape (S, n, n)
    actions : Actions
    times : array, shape (T,)
    rows : array, shape (S, A, n)
    """

    rates: Array
    actions: Actions
    times: Array
    rows: Array

    @property
    def shape(self) -> tuple[int, int, int]:
        """Subjects, analytes, times."""
        return len(self.rates), self.rows.shape[1], len(self.times)

    @property
    def values(self) -> int:
        """Number of values that a simulation writes."""
        return int(np.prod(self.shape))

    def warm(self, dtype: type = np.float64) -> NDArray:
        """Give an array for the output whose pages have been touched."""
        return np.full(self.shape, 1.0, dtype=dtype)

    def first(self, n: int) -> "Workload":
        """Give the same work on the first subjects alone."""
        time = np.asarray(self.actions.time)
        some = replace(self.actions, time=time[:n] if time.ndim == 2 else time)
        return replace(self, rates=self.rates[:n], rows=self.rows[:n], actions=some)


@cache
def typical() -> dict[str, float]:
    """Parameters of the typical person; what goes into deep hydroxynorketamine is left out."""
    _, values = people_values(load_model(MODEL), typical_person())
    return {name: float(value[0]) for name, value in values.items()} | {"q_hnk": 0.0}


def ketamine_people(n: int, seed: int, cv: float = CV) -> tuple[Array, Array]:
    """Rates (n, 8, 8) [1/h] and rows (n, 3, 8) [ng/mL per mg] of people around the typical one."""
    rng, sigma = np.random.default_rng(seed), np.sqrt(np.log1p(cv**2))
    values = {name: np.full(n, value) for name, value in typical().items()}
    values |= {name: values[name] * rng.lognormal(0.0, sigma, n) for name in VARIED}
    model = load_model(MODEL)
    kept = [model.index(name) for name in STATES]
    rows = 1000.0 * output_rows(model, OUTPUTS, values)[:, :, kept]
    return rate_matrix(model, values)[:, kept][:, :, kept], rows


def grid(hours: float, step_minutes: int) -> Array:
    """Times from 0 to the end, equally far apart [h]."""
    return np.arange(0, round(60 * hours) + 1, step_minutes) / 60.0


def infusions(days: int, compartment: int = CENTRAL) -> Actions:
    """Infusions of 40 min at the starts of the first six of some days."""
    starts = 24.0 * np.arange(min(INFUSIONS, days))
    time = np.sort(np.concatenate([starts, starts + DURATION]))
    rate = DOSE / DURATION * np.tile([1.0, -1.0], len(starts))
    return Actions(time=time, compartment=np.full(len(time), compartment), rate=rate)


def cohort(subjects: int, days: int, step_minutes: int, seed: int) -> Workload:
    """Six infusions on a regular grid that holds their starts and ends."""
    rates, rows = ketamine_people(subjects, seed)
    return Workload(rates, infusions(days), grid(24.0 * days, step_minutes), rows)


def sampled(subjects: int, days: int, times: Array, seed: int) -> Workload:
    """Six infusions seen at some times."""
    rates, rows = ketamine_people(subjects, seed)
    return Workload(rates, infusions(days), times, rows)


def on_minutes(n: int, days: int, seed: int) -> Array:
    """Times at random, all whole minutes [h]."""
    minutes = np.random.default_rng(seed).choice(1440 * days, n, replace=False) + 1
    return np.sort(minutes) / 60.0


def off_minutes(n: int, days: int, seed: int) -> Array:
    """Times at random, on no lattice [h]."""
    return np.sort(np.random.default_rng(seed).uniform(0.0, 24.0 * days, n))


def oral_course(subjects: int, doses: int, step_minutes: int, seed: int) -> Workload:
    """Daily oral doses on a regular grid."""
    rates, rows = ketamine_people(subjects, seed)
    actions = Actions(
        time=24.0 * np.arange(doses),
        compartment=np.full(doses, DEPOT),
        amount=np.full(doses, DOSE),
    )
    return Workload(rates, actions, grid(24.0 * doses, step_minutes), rows)


def lagged(workload: Workload, lag_hours: float, seed: int, cv: float = CV) -> Workload:
    """The same doses, each subject with a lag of its own."""
    rng = np.random.default_rng(seed)
    lags = lag_hours * rng.lognormal(0.0, np.sqrt(np.log1p(cv**2)), len(workload.rates))
    late = replace(workload.actions, time=workload.actions.time + lags[:, None])
    return replace(workload, actions=late)


def of_states(n: int, subjects: int, days: int, step_minutes: int, seed: int) -> Workload:
    """Six infusions into a system of n states: parts of the eight, or a chain in front of them.

    Three states are ketamine's own, five have norketamine too; more than eight are a chain of
    transits that leads into central. Infusions enter at its start, and there are three outputs.
    """
    whole, rows = ketamine_people(subjects, seed)
    if n < len(STATES):
        kept = [1, 2, 3, *range(4, n + 1)]
        seen = np.broadcast_to(np.eye(3, n), (subjects, 3, n))
        times = grid(24.0 * days, step_minutes)
        return Workload(whole[:, kept][:, :, kept], infusions(days, 0), times, seen)
    chain = n - len(STATES)
    rates = np.zeros((subjects, n, n))
    rates[:, chain:, chain:] = whole
    for k in range(chain):
        rates[:, k, k] = -TRANSIT
        rates[:, k + 1 if k + 1 < chain else chain + CENTRAL, k] = TRANSIT
    wider = np.zeros((subjects, 3, n))
    wider[:, :, chain:] = rows
    entry = 0 if chain else CENTRAL
    return Workload(rates, infusions(days, entry), grid(24.0 * days, step_minutes), wider)
