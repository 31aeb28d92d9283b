"""Courses with a closed form, and the clocks by SciPy's LSODA."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kpksim.models.effects import EffectSite, graded_mesh

VOLUME = 100.0  # L
DISPOSITION = ((0.7, 2.5), (0.3, 0.28))  # share and rate [1/h] of two exponentials
LN2 = math.log(2.0)


def after_first_order_step(terms, rate):
    """Convolve a sum of exponentials with rate * exp(-rate t)."""
    new = [(share * rate / (rate - k), k) for share, k in terms]
    return [*new, (-sum(share for share, _ in new), rate)]


class Course:
    """Closed form of the effect-site concentration after a list of (time, mg, over)."""

    def __init__(self, doses, t_ke0, ka=None):
        terms = DISPOSITION if ka is None else after_first_order_step(DISPOSITION, ka)
        self.terms = after_first_order_step(terms, LN2 / t_ke0)
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

    def site(self, times, scale=(1.0,)):
        """Effect site of subjects with this course times a factor each."""
        mesh = graded_mesh(times, self.breaks)
        factors = np.asarray(scale)[:, None]
        return EffectSite(times, factors * self(times), mesh, factors * self(mesh.nodes))


def lsoda(course, times, par):
    """X, a chain of three transits and T by LSODA, restarted at every break."""
    kin, kout, kd, kt = par["kin"], LN2 / par["t_slow"], LN2 / par["t_d"], LN2 / par["t_tol"]

    def slope(time, state):
        x, one, two, three, tolerance = state
        power = (float(course(np.array(time))) / par["ec50"]) ** par["g"]
        drive = power / (1.0 + power)
        return [
            kin * drive * (1 - x) - kout * x,
            kd * (x - one),
            kd * (one - two),
            kd * (two - three),
            drive - kt * tolerance,
        ]

    edges = sorted({0.0, *(edge for edge in course.breaks if edge < times[-1]), times[-1]})
    state, found = np.zeros(5), np.zeros((5, len(times)))
    for start, end in pairwise(edges):
        here = (times > start) & (times <= end)
        run = solve_ivp(
            slope, (start, end), state, "LSODA", rtol=1e-12, atol=1e-14,
            t_eval=np.unique([*times[here], end]),
        )  # fmt: skip
        found[:, here] = run.y[:, : here.sum()]
        state = run.y[:, -1]
    return dict(zip(("x", "one", "two", "three", "tolerance"), found, strict=True))


@pytest.fixture
def make_course():
    return Course


@pytest.fixture
def solved_by_lsoda():
    return lsoda
