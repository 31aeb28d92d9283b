import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpksim.plots.bands import people, with_people
from kpksim.plots.curves import FIRST, hours_window, thinned, until
from kpksim.plots.figures import concentrations


def test_a_short_curve_keeps_every_point():
    time = np.linspace(0.0, 12.0, 300)
    assert np.array_equal(thinned(time, np.sin(time)), np.arange(300))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    size=st.integers(301, 5000),
    most=st.integers(4, 300),
)
def test_thinning_keeps_both_ends_and_the_extremes_within_its_number_of_points(seed, size, most):
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.exponential(size=size))
    value = rng.normal(size=size).cumsum()
    kept = thinned(time, value, most)
    assert kept.size <= most
    assert {0, size - 1, int(value.argmin()), int(value.argmax())} <= set(kept.tolist())
    assert (np.diff(kept) > 0).all()


def test_thinning_keeps_every_peak_of_a_daily_dose():
    time = np.arange(0.0, 28 * 24.0, 0.25)
    value = 50.0 * np.exp(-0.3 * (time % 24.0))
    kept = thinned(time, value)
    assert set(np.flatnonzero(time % 24.0 == 0.0)) <= set(kept.tolist())
    assert np.abs(np.interp(time, time[kept], value[kept]) - value).max() < 0.02 * 50.0


def test_a_thinned_curve_is_nowhere_a_tenth_of_a_pixel_away_from_the_full_one():
    time = np.unique(np.concatenate([np.arange(0, 24, 1 / 60), np.arange(24, 337.0)]))
    value = -46.0 * (np.exp(-0.0067 * time) - np.exp(-0.35 * time))
    kept = thinned(time, value)
    drawn = np.interp(time, time[kept], value[kept])
    assert np.abs(drawn - value).max() < np.ptp(value) / 1900.0


def test_a_flat_curve_can_be_thinned():
    assert thinned(np.arange(1000.0), np.zeros(1000)).size <= 300


def test_the_window_is_twelve_hours_when_all_peaks_are_early(result):
    assert hours_window(result) == 12.0


def test_the_window_is_a_day_when_one_concentration_peaks_late(result):
    late = result.copy()
    time = result["time"].values
    late["ketamine"] = result["ketamine"] * 0.0 + np.exp(-((time - 15.0) ** 2))
    assert hours_window(late) == 24.0


def test_slow_relief_does_not_widen_the_window(result):
    time = result["time"].values
    assert time[np.abs(result["depression"].values[0]).argmax()] > 24.0
    assert hours_window(result[["depression"]]) == 12.0


def test_the_window_ends_with_the_curves(result):
    assert hours_window(until(result, 6.0)) == 6.0


def test_people_are_read_by_quantile_whatever_the_order_of_dimensions(result):
    low, high = people(result, "ketamine", 1)
    assert low == pytest.approx(0.68 * result["ketamine"].values[1])
    assert high == pytest.approx(1.42 * result["ketamine"].values[1])
    turned = people(result.transpose("regimen", "time", "quantile"), "ketamine", 1)
    assert np.array_equal(turned, (low, high))


def test_the_band_goes_to_the_first_regimen_that_has_people(result):
    some = result.copy(deep=True)
    some["ketamine_people"].loc[{"regimen": "IV infusion"}] = np.nan
    assert with_people(result, "ketamine", FIRST) == 0
    assert with_people(some, "ketamine", FIRST) == 1
    assert with_people(result, "ketamine", "Oral") == 2
    assert with_people(result, "ketamine", None) is None
    assert with_people(result, "depression", FIRST) is None


def uncertain(result, width=0.1):
    """Give a result in which the second regimen has draws of its parameters."""
    spread = np.array([1.0 - width, 1.0, 1.0 + width])[:, None] * result["ketamine"].values[1]
    cube = np.full((3, 3, result.sizes["time"]), np.nan)
    cube[1] = spread
    found = result.assign(ketamine_parameters=(("regimen", "quantile", "time"), cube))
    return found.assign_attrs(n_draws=200, draws_seed="1")


def test_parameter_draws_have_a_band_of_their_own(result):
    found = uncertain(result)
    low, high = people(found, "ketamine", 1, of="parameters")
    np.testing.assert_allclose(0.9 * high, 1.1 * low)
    assert people(found, "ketamine", 0, of="parameters") is None
    assert with_people(found, "ketamine", FIRST, of="parameters") == 1
    assert with_people(result, "ketamine", FIRST, of="parameters") is None


def test_draws_in_which_nothing_varies_have_no_band(result):
    assert people(uncertain(result, 0.0), "ketamine", 1, of="parameters") is None


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_figure_rules_the_edges_of_the_draws_and_says_so(result, width):
    found = uncertain(result)
    figure = concentrations(found, width=width)
    edges = [line for line in figure.axes[0].lines if line.get_label() == "_edge"]
    peak = float(result["ketamine"][1].max())
    assert [line.get_ydata().max() for line in edges] == pytest.approx([0.9 * peak, 1.1 * peak])
    said = " ".join(text.get_text() for text in figure.texts)
    assert "90 % of parameter draws (B)" in said
    assert "Dashed: middle 90 % of 200 draws of uncertain parameters, seed 1, in the" in said
    without = concentrations(result, width=width)
    assert "Dashed" not in " ".join(text.get_text() for text in without.texts)
