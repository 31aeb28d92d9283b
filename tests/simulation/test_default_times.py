"""The default time grid."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import kpksim as kp
from kpksim.errors import ScenarioError
from kpksim.simulation.grid import MOST_POINTS, default_times

TIMES = st.floats(0.0, 4000.0)


@settings(deadline=None)
@example([1e-09], [], 1.0)
@given(
    st.lists(TIMES, min_size=1, max_size=30),
    st.lists(TIMES, max_size=30),
    st.floats(0.01, 20_000.0),
)
def test_the_grid_ascends_holds_all_events_and_ends_at_the_horizon(doses, others, longer):
    horizon = min(doses) + longer
    events = np.array(doses + others)
    grid = default_times(events, np.array(doses), horizon)
    assert 0.0 <= grid[0] <= 1e-9
    assert grid[-1] == horizon
    assert len(grid) <= MOST_POINTS
    assert np.diff(grid).min() > 1e-9
    for event in events[events <= horizon]:
        assert np.abs(grid - event).min() <= 1e-9


def test_the_grid_has_a_point_a_minute_after_the_first_and_the_last_dose():
    grid = default_times(np.array([1.0, 100.0]), np.array([1.0, 100.0]), 336.0)
    for start in (1.0, 100.0):
        after = grid[(grid >= start) & (grid <= start + 2.0)]
        assert len(after) == 121
        assert np.diff(after) == pytest.approx([1 / 60] * 120)
        later = grid[(grid >= start + 2.0) & (grid <= start + 24.0)]
        assert np.diff(later).max() <= 1 / 6 + 1e-9
    assert np.diff(grid).max() <= 1.0 + 1e-9


def test_times_that_rounding_alone_tells_apart_are_one():
    grid = default_times(np.array([0.0, 0.3, 0.1 + 0.2]), np.array([0.0]), 1.0)
    assert np.abs(grid - 0.3).min() <= 1e-12
    assert np.diff(grid).min() > 1e-9


def test_an_event_a_rounding_before_the_horizon_does_not_move_the_horizon():
    before = np.nextafter(336.0, 0.0)
    assert default_times(np.array([0.0, before]), np.array([0.0]), 336.0)[-1] == 336.0


@pytest.mark.parametrize("horizon", [1.0, 0.5, -1.0, np.nan, np.inf])
def test_a_horizon_that_is_not_after_the_first_dose_is_refused(horizon):
    with pytest.raises(
        ScenarioError, match=r"horizon must lie after the first dose, got .* at 1 h"
    ):
        default_times(np.array([1.0]), np.array([1.0]), horizon)


def test_more_events_than_points_are_refused():
    events = np.arange(6000) / 10.0
    with pytest.raises(ScenarioError, match=r"6001 dose and infusion times does not fit .* 5000"):
        default_times(events[events < 599.95], events, 600.0)


def test_without_times_and_horizon_the_simulation_ends_two_weeks_after_the_last_dose():
    regimen = kp.bolus("35 mg", at="3 h").repeat(every="1 week", times=2)
    result = kp.simulate(kp.load_model("reference_racemic_2026a"), regimen, outcomes=["ketamine"])
    assert float(result.time[-1]) == 3.0 + 168.0 + 336.0


def test_a_course_is_fine_after_every_dose():
    doses = np.arange(28) * 84.0
    grid = default_times(doses, doses, 2688.0)
    assert len(grid) <= MOST_POINTS
    for dose in doses:
        early = grid[(grid >= dose) & (grid <= dose + 2.0)]
        late = grid[(grid >= dose + 2.0) & (grid <= dose + 6.0)]
        assert np.diff(early).max() <= 1.0 / 12.0 + 1e-9
        assert np.diff(late).max() <= 1.0 / 6.0 + 1e-9


def test_many_doses_still_fit_the_grid():
    doses = np.arange(700) * 6.0
    assert len(default_times(doses, doses, 4300.0)) <= MOST_POINTS


def test_a_year_of_weekly_doses_keeps_its_peaks():
    doses = np.arange(52) * 168.0
    grid = default_times(doses, doses, 8760.0)
    assert len(grid) <= MOST_POINTS
    for dose in doses:
        near = grid[(grid >= dose) & (grid <= dose + 2.0)]
        assert np.diff(near).max() <= 1.0 / 6.0 + 1e-9
