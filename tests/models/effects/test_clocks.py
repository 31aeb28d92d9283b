"""Clocks, transduction and scale against closed forms."""

import math

import numpy as np
import pytest

from kpksim.models.effects.clocks import delayed, leaky_integral, slow_clock
from kpksim.models.effects.mesh import NODES, graded_mesh
from kpksim.models.effects.scale import expectation, log_reduction, percent_change
from kpksim.models.effects.transduction import hill, power

TIMES = graded_mesh([0.0, 1.0, 10.0, 100.0], breaks=[0.0])[0]


def constant(value):
    return np.full((1, len(TIMES) - 1, len(NODES)), value)


@pytest.mark.parametrize("drive", [0.0, 1e-9, 0.5, 1.0])
@pytest.mark.parametrize("kin", [0.02, 0.2, 1.0])
def test_slow_clock_under_constant_drive_is_one_exponential(drive, kin):
    kout = math.log(2.0) / 96.0
    rate = kin * drive + kout
    at, inside = slow_clock(TIMES, constant(drive), kin, kout)
    nodes = TIMES[:-1, None] + np.diff(TIMES)[:, None] * NODES
    assert at[0] == pytest.approx(-kin * drive / rate * np.expm1(-rate * TIMES), abs=3e-9)
    # errors between the boundaries alternate in sign: a quadrature over the nodes loses them
    assert inside[0] == pytest.approx(-kin * drive / rate * np.expm1(-rate * nodes), abs=1e-5)


def test_delay_of_a_ramp_is_the_textbook_answer():
    rate = math.log(2.0) / 4.0
    nodes = TIMES[:-1, None] + np.diff(TIMES)[:, None] * NODES
    lag = delayed(TIMES, nodes[None], rate)[0]
    assert lag == pytest.approx(TIMES + np.expm1(-rate * TIMES) / rate, abs=1e-9)


def test_tolerance_of_constant_drive_is_one_exponential():
    rate = math.log(2.0) / 672.0
    tolerance = leaky_integral(TIMES, constant(0.3), rate)[0]
    assert tolerance == pytest.approx(-0.3 / rate * np.expm1(-rate * TIMES), rel=1e-12)


def test_each_subject_follows_its_own_drive():
    drives = np.concatenate([constant(0.1), constant(0.9)])
    both, _ = slow_clock(TIMES, drives, 0.2, 0.01)
    assert np.array_equal(both[0], slow_clock(TIMES, constant(0.1), 0.2, 0.01)[0][0])
    assert np.array_equal(both[1], slow_clock(TIMES, constant(0.9), 0.2, 0.01)[0][0])


@pytest.mark.parametrize("g", [0.3, 1.0, 1.5, 4.0])
def test_no_or_hardly_any_concentration_gives_no_drive(g):
    tiny = np.array([0.0, 5e-324, 1e-300, 1e-200])
    assert hill(tiny, 95.0, g)[0] == 0.0
    assert power(tiny, 10.0, g, 200.0)[0] == 0.0
    assert np.all(hill(tiny, 95.0, g) < 1e-50)


def test_drive_is_steeper_with_a_larger_exponent():
    low, high = np.array(50.0), np.array(200.0)
    assert hill(low, 100.0, 3.0) == pytest.approx(1 / 9)
    assert hill(high, 100.0, 3.0) == pytest.approx(8 / 9)
    assert hill(high, 100.0, 1.0) == pytest.approx(2 / 3)


def test_reductions_multiply_what_remains():
    drug = log_reduction(np.array(1.0), np.array(1.0), rf=0.5, rs=0.2)
    placebo = expectation(np.array(1e6), largest=0.25, tau=12.0)
    assert percent_change(drug + placebo) == pytest.approx(-100 * (1 - 0.5 * 0.8 * 0.75))


def test_expectation_is_nothing_before_the_first_dose_and_grows_after_it():
    reduction = expectation(np.array([-5.0, 0.0, 12.0, 24.0]), largest=0.3, tau=12.0)
    assert reduction[:2].tolist() == [0.0, 0.0]
    assert percent_change(reduction)[2] == pytest.approx(-30 * (1 - math.exp(-1)))
    assert reduction[3] > reduction[2]
