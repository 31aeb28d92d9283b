"""Clocks and effects against SciPy's LSODA, for regimens of every shape."""

import math

import numpy as np
import pytest

from kpksim.models.effects import Dissociation, Symptom
from kpksim.models.effects.clocks import Drive, leaky_integral, slow_clock

LN2 = math.log(2.0)
REGIMENS = {
    "IV over 40 min": ([(0.0, 35.0, 2 / 3)], None, 336.0),
    "IV bolus": ([(0.0, 35.0, 0.0)], None, 48.0),
    "six infusions": ([(28.0 * k, 35.0, 2 / 3) for k in range(6)], None, 168.0),
    "SC once": ([(0.0, 70.0, 0.0)], 3.0, 336.0),
    "oral, extended release, every 12 h": ([(12.0 * k, 60.0, 0.0) for k in range(7)], 0.15, 120.0),
    "SC weekly": ([(168.0 * k, 70.0, 0.0) for k in range(4)], 3.0, 700.0),
}
MEDIAN = {"t_ke0": 0.5, "ec50": 95.0, "g": 1.5, "kin": 0.2, "t_slow": 96.0, "t_d": 4.0}
STEEP = MEDIAN | {"t_ke0": 0.1, "g": 3.0, "kin": 1.0, "t_slow": 24.0, "t_d": 0.6}
FASTER = STEEP | {"kin": 4.0, "t_d": 0.2}
SHALLOW = STEEP | {"g": 0.78, "ec50": 60.0}
TOLERANCE = {"t_tol": 672.0}


def course_and_times(name, make_course, par):
    doses, ka, horizon = REGIMENS[name]
    times = np.unique([0.0, 0.1, 0.5, 2 / 3, 1.0, 2.0, 4.0, *np.arange(5.9, horizon, 5.9), horizon])
    return make_course(doses, par["t_ke0"], ka), times


def symptom(par, **change):
    return Symptom(
        "ketamine", par["t_ke0"], par["ec50"], par["g"], 0.5, 0.5, par["kin"], par["t_slow"],
        0.1, 0.2, 12.0, **change,
    )  # fmt: skip


def errors(course, times, par, truth):
    """Largest error of X, of one and three transits, and of T as a share of its peak."""
    site = course.site(times)
    drive = Drive(site.mesh, site.inside, par["ec50"], par["g"])
    tolerance = leaky_integral(drive, times, LN2 / par["t_tol"])[0]
    return {
        "x": np.abs(symptom(par).clocks(site)[1][0] - truth["x"]).max(),
        "one": np.abs(symptom(par, t_d=par["t_d"]).clocks(site)[1][0] - truth["one"]).max(),
        "three": np.abs(
            symptom(par, t_d=par["t_d"], transits=3).clocks(site)[1][0] - truth["three"]
        ).max(),
        "tolerance": np.abs(tolerance - truth["tolerance"]).max() / truth["tolerance"].max(),
    }


@pytest.mark.parametrize(
    ("par", "bound"),
    [(MEDIAN, 1e-10), (STEEP, 3e-9), (FASTER, 5e-9), (SHALLOW, 1e-7)],
    ids=["prior medians", "steep and fast", "faster than the prior", "shallow and fast"],
)
@pytest.mark.parametrize("name", REGIMENS)
def test_clocks_agree_with_lsoda(name, par, bound, make_course, solved_by_lsoda):
    par = par | TOLERANCE
    course, times = course_and_times(name, make_course, par)
    found = errors(course, times, par, solved_by_lsoda(course, times, par))
    assert max(found.values()) <= bound, found


def test_symptom_follows_its_equations(make_course, solved_by_lsoda):
    par = MEDIAN | TOLERANCE
    course, times = course_and_times("IV over 40 min", make_course, par)
    truth = solved_by_lsoda(course, times, par)
    fast = course(times) ** 1.5 / (95.0**1.5 + course(times) ** 1.5)
    built = 0.2 * -np.expm1(-times / 12.0)
    for delay, slow in (
        ({}, "x"),
        ({"t_d": 4.0}, "one"),
        ({"t_d": 4.0, "transits": 3}, "three"),
    ):
        curves = symptom(par, **delay).response(course.site(times))
        left = 0.5 ** (fast + truth[slow])
        assert curves["drug"][0] == pytest.approx(-100 * (1 - left), abs=1e-7)
        assert curves["open"][0] == pytest.approx(-100 * (1 - left * (1 - built)), abs=1e-7)


def test_dissociation_follows_its_equations(make_course, solved_by_lsoda):
    par = MEDIAN | TOLERANCE
    course, times = course_and_times("IV over 40 min", make_course, par)
    tolerance = solved_by_lsoda(course, times, par)["tolerance"]
    cadss = Dissociation("ketamine", 0.5, emax=40.0, ec50=95.0, g=1.5, kappa=0.5, t_tol=672.0)
    drive = course(times) ** 1.5 / (95.0**1.5 + course(times) ** 1.5)
    found = cadss.response(course.site(times))["drug"][0]
    assert found == pytest.approx(40.0 * drive * np.exp(-0.5 * tolerance), abs=1e-8)


def test_times_wanted_change_no_curve(make_course):
    course = make_course([(0.0, 35.0, 2 / 3), (28.0, 35.0, 2 / 3)], 0.1)
    few, many = np.array([1.0, 30.0, 56.0]), np.linspace(0.0, 56.0, 673)
    one, two = (
        slow_clock(Drive(site.mesh, site.inside, 95.0, 3.0), site.times, 1.0, 0.01)
        for site in (course.site(few), course.site(many))
    )
    assert np.abs(one[0] - two[0, np.searchsorted(many, few)]).max() <= 1e-13
