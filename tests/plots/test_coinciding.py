"""Curves that hide each other are named."""

import numpy as np
import pytest
import xarray as xr

from kpksim.plots.coinciding import groups, on_top
from kpksim.plots.figures import concentrations, metabolites

TIME = np.linspace(0.0, 10.0, 101)
FALL = np.exp(-0.4 * TIME)


def result(**curves):
    """Make a result of closed-form curves."""
    data = {name: (("regimen", "time"), np.array(values)) for name, values in curves.items()}
    found = xr.Dataset(data, coords={"time": TIME})
    for name in found.data_vars:
        found[name].attrs = {"units": "ng/mL", "long_name": name.capitalize()}
    return found.assign_coords(regimen=[f"R{k}" for k in range(found.sizes["regimen"])])


def words(figure):
    return [text.get_text() for text in figure.texts]


def test_equal_curves_are_found_and_others_are_not():
    assert groups(np.array([100 * FALL, 60 * FALL, 100 * FALL]), {"linear"}) == [[0, 2]]
    assert groups(np.array([100 * FALL, 60 * FALL]), {"linear"}) == []


def test_a_difference_that_no_eye_sees_counts_as_none():
    assert groups(np.array([100 * FALL, 100.3 * FALL]), {"linear"}) == [[0, 1]]
    assert groups(np.array([100 * FALL, 102 * FALL]), {"linear"}) == []


def test_a_log_axis_shows_what_a_linear_one_hides():
    tails = np.array([100 * FALL, 100 * FALL + 0.4 * (TIME > 5.0)])
    assert groups(tails, {"linear"}) == [[0, 1]]
    assert groups(tails, {"log"}) == []
    assert groups(tails, {"linear", "log"}) == []


def test_what_lies_below_a_log_axis_is_not_compared():
    tails = np.array([100 * FALL, 100 * FALL])
    tails[1, tails[0] < 1.0] *= 0.5
    assert groups(tails, {"log"}) == [[0, 1]]
    assert groups(np.array([0.5 * FALL, 0.9 * FALL, 100 * FALL]), {"log"}) == []


def test_curves_without_values_hide_nothing():
    nothing = np.full(TIME.size, np.nan)
    assert groups(np.array([nothing, nothing, FALL]), {"linear"}) == []
    half = np.where(TIME < 5.0, FALL, np.nan)
    assert groups(np.array([half, FALL]), {"linear"}) == []


def test_the_quantity_is_named_unless_it_holds_for_all():
    same, apart = [FALL, FALL], [FALL, 2.0 * FALL]
    panels = {"norketamine": {"linear"}, "hydroxynorketamine": {"linear"}}
    both = result(norketamine=same, hydroxynorketamine=same)
    assert on_top(both, panels, 10.0) == "on top of each other: A and B"
    one = result(norketamine=apart, hydroxynorketamine=same)
    assert on_top(one, panels, 10.0) == "on top of each other: A and B (HNK)"
    assert on_top(result(norketamine=apart), {"norketamine": {"linear"}}, 10.0) == ""


def test_only_the_window_counts():
    late = np.where(TIME > 8.0, 0.5, FALL)
    found = result(norketamine=[FALL, late])
    assert on_top(found, {"norketamine": {"linear"}}, 8.0) != ""
    assert on_top(found, {"norketamine": {"linear"}}, 10.0) == ""


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_key_of_a_figure_says_it(width):
    hidden = result(norketamine=[FALL, FALL, 3.0 * FALL])
    assert "on top of each other: A and B (norketamine)" in words(metabolites(hidden, width=width))
    seen = result(norketamine=[FALL, 2.0 * FALL, 3.0 * FALL])
    assert not any("on top" in text for text in words(metabolites(seen, width=width)))


def test_a_figure_with_both_axes_says_it_only_if_both_hide():
    tail = 100 * FALL + 0.4 * (TIME > 5.0)
    found = concentrations(result(ketamine=[100 * FALL, tail]))
    assert not any("on top" in text for text in words(found))
