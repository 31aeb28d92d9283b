"""Clocks on the mesh against SciPy's LSODA, for regimens of every shape."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kpksim.models.effects import NODES, EffectSite, Symptom, graded_mesh
from kpksim.models.effects.clocks import leaky_integral, slow_clock
from kpksim.models.effects.transduction import hill

VOLUME = 100.0  # L
DISPOSITION = ((0.7, 2.5), (0.3, 0.28))  # share and rate [1/h] of two exponentials
LN2 = math.log(2.0)


def after_first_order_step(terms, rate):
    """Convolve a sum of exponentials with rate * exp(-rate t)."""
    new = [(share * rate / (rate - k), k) for share, k in terms]
    return [*new, (-sum(share for share, _ in new), rate)]


class Course:
    """Closed form of the effect-site concentration after a list of (time, mg, over)."""

    def __init__(self, doses, ke0, ka=None):
        terms = DISPOSITION if ka is None else after_first_order_step(DISPOSITION, ka)
        self.terms = after_first_order_step(terms, ke0)
        self.doses = doses

    @property
    def breaks(self):
        return sorted({edge for start, _, over in self.doses for edge in (start, start + over)})

    def __call__(self, times):
        total = np.zeros(np.shape(times))
        for start, amount, over in self.doses:
            since = np.maximum(times - start, 0.0)
            for share, rate in self.terms:
                if over:
                    given = np.minimum(since, over)
                    decay = np.exp(-rate * (since - given)) * -np.expm1(-rate * given)
                    total += 1000 * amount / VOLUME * share * decay / (rate * over)
                else:
                    total += 1000 * amount / VOLUME * share * np.exp(-rate * since) * (since > 0)
        return np.maximum(total, 0.0)

    def site(self, mesh):
        nodes = mesh[:-1, None] + np.diff(mesh)[:, None] * NODES
        return EffectSite(mesh, self(mesh)[None], self(nodes)[None])


REGIMENS = {
    "IV over 40 min": ([(0.0, 35.0, 2 / 3)], None, 336.0),
    "SC once": ([(0.0, 70.0, 0.0)], 3.0, 336.0),
    "oral, extended release, every 12 h": ([(12.0 * k, 60.0, 0.0) for k in range(7)], 0.15, 120.0),
    "SC weekly": ([(168.0 * k, 70.0, 0.0) for k in range(4)], 3.0, 700.0),
}
MEDIAN = {"ec50": 95.0, "g": 1.5, "kin": 0.2, "t_slow": 96.0, "t_d": 4.0, "t_tol": 672.0}
STEEP = MEDIAN | {"g": 3.0, "kin": 1.0, "t_slow": 24.0, "t_d": 0.6}


def lsoda(course, times, par):
    """X, Z and T by LSODA, restarted at every break."""
    kout, kd, kt = LN2 / par["t_slow"], LN2 / par["t_d"], LN2 / par["t_tol"]

    def slope(time, state):
        x, z, tolerance = state
        drive = float(hill(course(np.array(time)), par["ec50"], par["g"]))
        return [
            par["kin"] * drive * (1 - x) - kout * x,
            kd * (x - z),
            drive - kt * tolerance,
        ]

    edges = sorted({0.0, *course.breaks, times[-1]})
    state, found = np.zeros(3), np.zeros((3, len(times)))
    for start, end in pairwise(edges):
        here = (times > start) & (times <= end)
        run = solve_ivp(
            slope, (start, end), state, "LSODA", rtol=1e-11, atol=1e-13,
            t_eval=np.unique([*times[here], end]),
        )  # fmt: skip
        found[:, here] = run.y[:, : here.sum()]
        state = run.y[:, -1]
    return found


def errors(name, par, ke0):
    """Largest error of X, Z and T (as a share of its peak) at wanted times."""
    doses, ka, horizon = REGIMENS[name]
    course = Course(doses, ke0, ka)
    times = np.unique([0.0, 0.1, 0.5, 2 / 3, 1.0, 2.0, 4.0, *np.arange(6.0, horizon, 6.0), horizon])
    mesh, index = graded_mesh(times, course.breaks)
    site = course.site(mesh)
    drive = hill(site.inside, par["ec50"], par["g"])
    tolerance = leaky_integral(mesh, drive, LN2 / par["t_tol"])[0, index]
    symptom = Symptom(
        "ketamine", LN2 / ke0, par["ec50"], par["g"], 0.5, 0.5, par["kin"], par["t_slow"],
        0.1, 0.2, 12.0, par["t_d"],
    )  # fmt: skip
    delayed = symptom.clocks(site)[1][0, index]
    direct = slow_clock(mesh, drive, par["kin"], LN2 / par["t_slow"])[0][0, index]
    x, z, t = lsoda(course, times, par)
    return (
        np.abs(direct - x).max(),
        np.abs(delayed - z).max(),
        np.abs(tolerance - t).max() / t.max(),
    )


@pytest.mark.parametrize("name", REGIMENS)
def test_clocks_agree_with_lsoda_at_the_prior_medians(name):
    assert max(errors(name, MEDIAN, ke0=LN2 / 0.5)) <= 1e-8


@pytest.mark.parametrize("name", REGIMENS)
def test_clocks_agree_with_lsoda_for_a_steep_and_fast_effect(name):
    assert max(errors(name, STEEP, ke0=LN2 / 0.1)) <= 1e-7
