"""Metrics of effect curves against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from kpksim.analysis.course import MOMENTS, hours_above, largest_change, value_at

GRID = np.linspace(0.0, 24.0, 24_001)


def test_moments_are_where_their_names_say():
    hours = {"40min": 2 / 3, "1h": 1, "2h": 2, "4h": 4, "24h": 24, "72h": 72, "7d": 168, "14d": 336}
    assert {name.removeprefix("at_"): moment for name, moment in MOMENTS.items()} == hours


@pytest.mark.parametrize("scale", [20.0, -35.0])
def test_the_largest_change_of_a_bateman_curve_is_at_its_peak(scale):
    ka, k = 2.0, 0.3
    peak = np.log(ka / k) / (ka - k)
    change, time = largest_change(GRID, scale * (np.exp(-k * GRID) - np.exp(-ka * GRID)))
    assert float(time) == pytest.approx(peak, abs=1e-3)
    assert float(change) == pytest.approx(
        scale * (np.exp(-k * peak) - np.exp(-ka * peak)), rel=1e-6
    )


def test_a_change_that_is_reached_twice_counts_at_its_first_time():
    change, time = largest_change(np.arange(5.0), np.array([[0, 3, 1, 3, 0], [0, 1, -4, 4, 0.0]]))
    assert change.tolist() == [3.0, -4.0]
    assert time.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_an_exponential_stays_above_a_share_for_log_two_over_its_rate(share):
    found = hours_above(GRID, -40.0 * np.exp(-0.4 * GRID), share)
    assert float(found) == pytest.approx(np.log(1 / share) / 0.4, abs=1e-6)


def test_a_bateman_curve_is_above_half_between_its_two_crossings():
    ka, k = 2.0, 0.3
    peak = np.log(ka / k) / (ka - k)

    def curve(time):
        return np.exp(-k * time) - np.exp(-ka * time)

    def excess(time):
        return curve(time) - 0.5 * curve(peak)

    hours = brentq(excess, peak, 24.0) - brentq(excess, 0.0, peak)
    assert float(hours_above(GRID, 12.0 * curve(GRID))) == pytest.approx(hours, abs=1e-5)


def test_a_plateau_is_above_all_the_time_and_nothing_never():
    found = hours_above(
        np.array([0.0, 3.0, 10.0]), np.array([[5.0, 5, 5], [0, 0, 0], [-1, -1, -1]])
    )
    assert found.tolist() == [10.0, 0.0, 10.0]


def test_two_peaks_are_counted_together():
    """Up to 8 and down again twice, half of it above 4."""
    times, curve = np.arange(5.0), np.array([0.0, 8.0, 0.0, 8.0, 0.0])
    assert float(hours_above(times, curve)) == 2.0


@settings(deadline=None)
@given(
    st.lists(st.floats(-100.0, 100.0), min_size=3, max_size=20),
    st.floats(0.01, 100.0),
    st.floats(0.05, 0.95),
)
def test_time_above_scales_with_the_clock_and_not_with_the_effect(values, factor, share):
    times, curve = np.cumsum(np.ones(len(values))), np.abs(np.array(values)) + 1e-3
    hours = float(hours_above(times, curve, share))
    assert 0.0 <= hours <= times[-1] - times[0] + 1e-9
    assert float(hours_above(factor * times, -7.0 * curve, share)) == pytest.approx(factor * hours)


def test_a_value_between_points_is_linear_and_outside_unknown():
    times, curves = np.array([1.0, 2.0, 4.0]), np.array([[0.0, 10.0, 30.0], [3.0, 3.0, 3.0]])
    assert value_at(times, curves, 1.0).tolist() == [0.0, 3.0]
    assert value_at(times, curves, 3.0).tolist() == [20.0, 3.0]
    assert value_at(times, curves, 4.0).tolist() == [30.0, 3.0]
    for moment in (0.999, 4.001):
        assert np.isnan(value_at(times, curves, moment)).all()


@given(st.floats(0.0, 24.0))
def test_values_agree_with_interpolation(moment):
    curve = np.sin(GRID[::600])
    expected = np.interp(moment, GRID[::600], curve)
    assert float(value_at(GRID[::600], curve, moment)) == pytest.approx(expected, abs=1e-12)
