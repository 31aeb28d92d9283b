"""Exponential and logarithm against 40-digit arithmetic over the whole range."""

import math

import mpmath
import numpy as np
import pytest

from kpksim.engine.compiled import compiled
from kpksim.engine.elementary import exponential, logarithm

LEAST_NORMAL = 2.2250738585072014e-308
SMALLEST = 5e-324


@compiled
def exponentials(x, out):
    for k in range(len(x)):
        out[k] = exponential(x[k])


@compiled
def logarithms(x, out):
    for k in range(len(x)):
        out[k] = logarithm(x[k])


def each(function, x):
    out = np.empty(len(x))
    function(np.asarray(x, dtype=float), out)
    return out


def largest_relative_error(found, truth):
    with mpmath.workdps(40):
        return max(float(abs((mpmath.mpf(a) - b) / b)) for a, b in zip(found, truth, strict=True))


def grid(low, high, n=4001):
    """Points of an interval that are no round numbers."""
    return low + (high - low) * np.modf(np.arange(n) * (math.sqrt(5.0) - 1.0) / 2.0)[0]


@pytest.mark.parametrize(("low", "high"), [(-708.0, 709.7), (-1.0, 1.0), (-1e-6, 1e-6)])
def test_exponential_is_good_to_the_last_digits(low, high):
    x = grid(low, high)
    with mpmath.workdps(40):
        truth = [mpmath.exp(mpmath.mpf(float(one))) for one in x]
    assert largest_relative_error(each(exponentials, x), truth) <= 4e-16


@pytest.mark.parametrize(
    "x",
    [
        10.0 ** grid(-307.0, 308.0),
        grid(0.5, 2.0),
        1.0 + grid(-1e-6, 1e-6, 500),
        10.0 ** grid(-323.0, -308.0, 500),
        np.array([SMALLEST, LEAST_NORMAL, np.finfo(float).max, math.sqrt(0.5), math.sqrt(2.0)]),
    ],
    ids=["whole range", "around 1", "next to 1", "denormal", "edges"],
)
def test_logarithm_is_good_to_the_last_digits(x):
    with mpmath.workdps(40):
        truth = [mpmath.log(mpmath.mpf(float(one))) for one in x]
    assert largest_relative_error(each(logarithms, x), truth) <= 4e-16


def test_exponential_falls_through_denormal_numbers_to_nothing():
    x = grid(-745.0, -708.5, 200)
    found = each(exponentials, x)
    truth = np.array([float(mpmath.exp(mpmath.mpf(float(one)))) for one in x])
    assert np.abs(found - truth).max() <= SMALLEST
    assert each(exponentials, [-746.0, -1e4, -math.inf]).tolist() == [0.0, 0.0, 0.0]


def test_exponential_is_infinite_beyond_the_largest_number():
    assert each(exponentials, [709.78]) == pytest.approx([math.exp(709.78)], rel=4e-16)
    assert each(exponentials, [709.79, 1e4, math.inf]).tolist() == [math.inf] * 3


def test_known_points_are_exact():
    assert each(exponentials, [0.0, -0.0]).tolist() == [1.0, 1.0]
    assert each(logarithms, [1.0, 0.0]).tolist() == [0.0, -math.inf]


def test_no_number_gives_no_number():
    assert np.isnan(exponential(math.nan))


def test_result_does_not_depend_on_the_place_in_a_row():
    """Vector code and the rest of a row round alike."""
    x = grid(-5.0, 5.0, 67)
    for function, values in ((exponentials, x), (logarithms, np.abs(x))):
        alone = np.array([each(function, [one])[0] for one in values])
        assert np.array_equal(each(function, values), alone)
