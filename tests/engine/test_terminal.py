"""Terminal rates against closed forms and eigenvalues."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpksim.engine import terminal_rate

rate = st.floats(0.01, 100.0)


@settings(max_examples=80, deadline=None)
@given(ka=rate, k=rate)
def test_absorption_and_elimination_give_the_slower_rate(ka, k):
    found = terminal_rate([[[-ka, 0.0], [ka, -k]]], [[1.0, 0.0]], [[0.0, 1.0]])[0, 0]
    assert found == pytest.approx(min(ka, k), rel=1e-9)


@pytest.mark.parametrize("gap", [0.0, 1e-13, 1e-9, 1e-5, 1e-2])
def test_equal_and_nearly_equal_rates_are_no_special_case(gap):
    found = terminal_rate([[[-1.0 - gap, 0.0], [1.0 + gap, -1.0]]], [[1.0, 0.0]], [[0.0, 1.0]])
    assert found[0, 0] == pytest.approx(1.0, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(k10=rate, k12=rate, k21=rate)
def test_two_compartments_give_beta(k10, k12, k21):
    total = k10 + k12 + k21
    alpha = (total + np.sqrt(total**2 - 4.0 * k10 * k21)) / 2.0
    rates = [[[-k10 - k12, k21], [k12, -k21]]]
    found = terminal_rate(rates, [[1.0, 0.0]], np.eye(2))[0]
    np.testing.assert_allclose(found, k10 * k21 / alpha, rtol=1e-9)


def test_three_compartments_give_the_smallest_eigenvalue():
    rates = np.array([[-3.0, 0.4, 0.03], [1.2, -0.4, 0.0], [0.3, 0.0, -0.03]])
    smallest = -np.linalg.eigvals(rates).real.max()
    found = terminal_rate([rates], [[1.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]])[0, 0]
    assert found == pytest.approx(smallest, rel=1e-12)


def test_a_metabolite_falls_with_the_slower_of_itself_and_its_parent():
    parent_slow, parent_fast = [[-0.1, 0.0], [0.05, -2.0]], [[-2.0, 0.0], [1.0, -0.1]]
    found = terminal_rate([parent_slow, parent_fast], [[1.0, 0.0]] * 2, np.eye(2))
    np.testing.assert_allclose(found, [[0.1, 0.1], [2.0, 0.1]], rtol=1e-12)


def test_an_empty_slow_state_does_not_count():
    rates = [[[-0.01, 0.0], [0.01, -1.0]]]
    np.testing.assert_allclose(terminal_rate(rates, [[0.0, 1.0]], [[0.0, 1.0]]), 1.0, rtol=1e-12)


def test_a_slow_state_that_an_output_never_sees_does_not_count():
    rates = [[[-1.0, 0.0, 0.0], [0.5, -0.001, 0.0], [0.5, 0.0, 0.0]]]
    found = terminal_rate(rates, [[1.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]])
    np.testing.assert_allclose(found, 1.0, rtol=1e-12)


def test_a_slow_state_counts_however_little_is_in_it():
    found = terminal_rate([[[-1.0, 0.0], [1e-40, -0.01]]], [[1.0, 0.0]], [[1.0, 1.0]])
    np.testing.assert_allclose(found, 0.01, rtol=1e-12)


def test_an_effect_compartment_that_takes_no_mass_falls_with_its_slower_rate():
    rates = [[[-0.3, 0.0], [5.0, -5.0]], [[-5.0, 0.0], [0.3, -0.3]]]
    found = terminal_rate(rates, [[1.0, 0.0]] * 2, [[0.0, 1.0]])
    np.testing.assert_allclose(found, 0.3, rtol=1e-12)


def test_an_output_that_stays_zero_has_no_rate():
    found = terminal_rate([[[-1.0, 0.0], [0.0, -2.0]]], [[1.0, 0.0]], np.eye(2))
    assert found[0, 0] == pytest.approx(1.0)
    assert np.isnan(found[0, 1])


def test_what_never_leaves_has_the_rate_zero():
    rates = [[[-1.0, 0.0], [1.0, 0.0]]]
    assert terminal_rate(rates, [[1.0, 0.0]], [[0.0, 1.0]])[0, 0] == 0.0


def test_stiff_systems_keep_their_slow_rate():
    rates = [[[-1e4, 0.0], [1e4, -0.01]]]
    found = terminal_rate(rates, [[1.0, 0.0]], [[0.0, 1.0]])[0, 0]
    assert found == pytest.approx(0.01, rel=1e-12)


def test_a_state_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"state must have shape \(1, 1\), got \(1,\)"):
        terminal_rate([[[-1.0]]], [1.0], [[1.0]])
