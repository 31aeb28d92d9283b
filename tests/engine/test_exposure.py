"""Integrals against closed forms, quadrature and dose over clearance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import expm

from kpksim.engine import Actions, area_after, integral, solve


def oral(ka, cl, vc, q, vp):
    """Depot, central, peripheral."""
    return np.array([[-ka, 0.0, 0.0], [ka, -(cl + q) / vc, q / vp], [0.0, q / vc, -q / vp]])


positive = st.floats(0.05, 200.0)


@settings(max_examples=60, deadline=None)
@given(ka=positive, cl=positive, vc=positive, q=positive, vp=positive)
def test_integral_and_area_after_it_are_dose_over_clearance(ka, cl, vc, q, vp):
    rates, concentration = [oral(ka, cl, vc, q, vp)], [[0.0, 1.0 / vc, 0.0]]
    actions = Actions(
        time=[0.0, 1.0, 3.0, 4.0],
        compartment=[0, 1, 1, 0],
        amount=[35.0, 0.0, 0.0, 5.0],
        rate=[0.0, 20.0, -20.0, 0.0],
    )
    times = [0.0, 0.5, 2.0, 4.5, 24.0]
    until = integral(rates, actions, times, concentration)[0, 0, -1]
    state = solve(rates, actions, times, concentration).state
    after = area_after(rates, state, concentration)[0, 0]
    assert until + after == pytest.approx(80.0 / cl, rel=1e-12)


def test_the_integral_follows_its_closed_form_at_every_time():
    k, times = 0.3, np.r_[0.0, np.linspace(0.001, 50.0, 101)]
    actions = Actions(time=[0.0], compartment=[0], amount=[10.0])
    found = integral([[[-k]]], actions, times, [[1e6], [2.0]])
    expected = 10.0 * -np.expm1(-k * times) / k
    np.testing.assert_allclose(found[0], [1e6 * expected, 2.0 * expected], rtol=1e-13)


def test_the_integral_agrees_with_quadrature_of_the_output():
    rates, row = oral(1.1, 3.0, 4.0, 2.0, 9.0), np.array([0.0, 0.25, 0.1])
    actions = Actions(time=[0.0], compartment=[0], amount=[1.0])
    found = integral([rates], actions, [2.0, 7.0], [row])[0, 0]
    for area, until in zip(found, (2.0, 7.0), strict=True):
        truth, _ = quad(lambda t: row @ expm(rates * t)[:, 0], 0.0, until, epsabs=0, epsrel=1e-11)
        assert area == pytest.approx(truth, rel=1e-10)


def test_integrals_never_fall_and_are_zero_before_the_first_action():
    rates = [oral(5.0, 3.0, 4.0, 2.0, 9.0), oral(0.1, 3.0, 4.0, 2.0, 9.0)]
    actions = Actions(time=[[1.0], [1.7]], compartment=[1], amount=[10.0])
    found = integral(rates, actions, np.linspace(0.0, 60.0, 61), np.eye(3)[[1, 2]])
    assert not found[:, :, 0].any()
    assert np.all(np.diff(found, axis=2) >= 0.0)


def test_area_after_is_the_limit_of_the_integral_for_each_person():
    rates = np.stack([oral(1.0, 2.0, 3.0, 4.0, 5.0), oral(0.5, 5.0, 2.0, 1.0, 9.0)])
    rows = np.array([[[0.0, 1 / 3.0, 0.0]], [[0.0, 1 / 2.0, 0.2]]])
    state = np.array([[1.0, 2.0, 3.0], [4.0, 0.0, 6.0]])
    actions = Actions(time=[0.0] * 3, compartment=range(3), amount=state)
    np.testing.assert_allclose(
        area_after(rates, state, rows),
        integral(rates, actions, [1e4], rows)[:, :, 0],
        rtol=1e-12,
    )


def test_a_sink_that_no_output_sees_does_not_matter():
    rates, state = [[[-0.5, 0.0], [0.5, 0.0]]], [[10.0, 3.0]]
    assert area_after(rates, state, [[1.0, 0.0]])[0, 0] == pytest.approx(20.0, rel=1e-14)


def test_a_closed_state_that_stays_empty_does_not_matter():
    rates, state = [[[-0.5, 0.0], [0.0, 0.0]]], [[10.0, 0.0]]
    assert area_after(rates, state, [[1.0, 1.0]])[0, 0] == pytest.approx(20.0, rel=1e-14)


@pytest.mark.parametrize(
    "rates",
    [
        pytest.param([[-0.5, 0.0], [0.5, 0.0]], id="sink"),
        pytest.param([[-0.3, 0.1], [0.3, -0.1]], id="exchange without a way out"),
    ],
)
def test_what_stays_for_ever_where_an_output_sees_it_is_refused(rates):
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        area_after([rates], [[10.0, 0.0]], [[0.0, 1.0]])


@pytest.mark.parametrize("seed", range(20))
def test_a_closed_system_is_refused_although_rounding_leaks(seed):
    rates = np.random.default_rng(seed).lognormal(0.0, 3.0, (5, 5))
    np.fill_diagonal(rates, 0.0)
    closed = rates - np.diag(rates.sum(axis=0))
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        area_after([closed], [[1e-20, 0.0, 0.0, 0.0, 0.0]], [np.ones(5)])


def test_one_closed_person_does_not_hide_behind_an_open_one():
    rates = [[[-0.5, 0.0], [0.5, -1.0]], [[-0.3, 0.1], [0.3, -0.1]]]
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        area_after(rates, [[1e9, 0.0], [1.0, 0.0]], [[0.0, 1.0]])


def test_very_different_rates_are_not_mistaken_for_closed():
    rates, state = [[[-1e4, 0.0], [1e4, -1e-4]]], [[10.0, 0.0]]
    assert area_after(rates, state, [[0.0, 1.0]])[0, 0] == pytest.approx(1e5, rel=1e-12)


def test_nothing_left_has_no_area():
    assert area_after([[[0.0]]], [[0.0]], [[1.0]]).tolist() == [[0.0]]


def test_a_state_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"state must have shape \(1, 1\), got \(1,\)"):
        area_after([[[-1.0]]], [1.0], [[1.0]])
