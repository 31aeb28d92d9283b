"""Steady states against 60-digit arithmetic, and against the doses that lead to them."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpksim.engine import Actions, constant_state, solve, steady_state

mp = mpmath.mp


def two(cl=5.0, q=8.0, v1=20.0, v2=60.0):
    """Two compartments, elimination from the first."""
    return np.array([[-(cl + q) / v1, q / v2], [q / v1, -q / v2]])


def chain(n, rate):
    """Compartments in a row, each emptying into the next with the same rate."""
    return np.diag(np.full(n, -rate)) + np.diag(np.full(n - 1, rate), -1)


def exact(rates, amount, every, since, duration=0.0):
    """The same state by 60-digit linear algebra: inverse matrices, one dose at a time."""
    with mpmath.workdps(60):
        n = len(amount)
        k = mpmath.matrix(rates.tolist())
        dose = mpmath.matrix(list(amount))
        every, since, duration = (mpmath.mpf(one) for one in (every, since, duration))

        def taken(time):
            return mpmath.expm(k * time, method="taylor")

        def filled(time):
            return mpmath.lu_solve(k, (taken(time) - mpmath.eye(n)) * dose) / duration

        state = mpmath.zeros(n, 1)
        while duration > since:
            state += filled(since)
            since += every
        whole = filled(duration) if duration else dose
        past = mpmath.lu_solve(mpmath.eye(n) - taken(every), whole)
        state += taken(since - duration) * past
        return np.array([float(one) for one in state])


@pytest.mark.parametrize("duration", [0.0, 1e-4, 5.0, 12.0, 15.0, 24.0, 100.0])
@pytest.mark.parametrize("since", [0.0, 1e-9, 3.5, 12.0])
@pytest.mark.parametrize(
    ("rates", "amount"),
    [
        (two(), [100.0, 0.0]),
        (two(cl=1e-3), [100.0, 0.0]),
        (chain(6, 2.0), [100.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
        (np.array([[-0.1, 0.0], [0.1, -0.1]]), [100.0, 3.0]),
    ],
)
def test_a_steady_state_agrees_with_sixty_digits(rates, amount, since, duration):
    found = steady_state(rates, amount, 12.0, since=since, duration=duration)
    truth = exact(rates, amount, 12.0, since, duration)
    assert found == pytest.approx(truth, rel=2e-13, abs=0.0)


@pytest.mark.parametrize("loss", [1e-2, 1e-4, 1e-5])
def test_a_slow_system_agrees_with_sixty_digits(loss):
    rates = np.array([[-1.0 - loss, 2.0**-4], [1.0, -(2.0**-4)]])
    found = steady_state(rates, [1.0, 0.0], 1.0, since=0.25, duration=0.5)
    assert found == pytest.approx(exact(rates, [1.0, 0.0], 1.0, 0.25, 0.5), rel=1e-11, abs=0.0)


def test_one_slow_compartment_keeps_eleven_digits():
    found = steady_state([[-(2.0**-20)]], [1.0], 1.0, since=0.0)
    assert found[0] == pytest.approx(-1.0 / np.expm1(-(2.0**-20)), rel=1e-11)


@given(
    seed=st.integers(0, 10_000),
    every=st.floats(0.1, 8.0),
    since=st.integers(0, 16).map(lambda k: k / 16),
    duration=st.integers(0, 40).map(lambda k: k / 16),
)
@settings(max_examples=20, deadline=None)
def test_random_systems_agree_with_sixty_digits(seed, every, since, duration):
    rng = np.random.default_rng(seed)
    rates = np.where(rng.random((4, 4)) < 0.5, rng.lognormal(0.0, 1.0, (4, 4)), 0.0)
    np.fill_diagonal(rates, 0.0)
    rates -= np.diag(rates.sum(axis=0) + rng.lognormal(-1.0, 1.0, 4))
    amount = rng.random(4)
    found = steady_state(rates, amount, every, since=since * every, duration=duration * every)
    truth = exact(rates, amount, every, since * every, duration * every)
    assert found == pytest.approx(truth, rel=1e-12, abs=1e-200)


def test_many_doses_lead_to_the_steady_state():
    doses = Actions(time=np.arange(100) * 12.0, compartment=np.zeros(100), amount=np.ones(100))
    led = solve(two()[None], doses, [99 * 12.0 + 3.0], rows=np.eye(2)).state[0]
    assert steady_state(two(), [1.0, 0.0], 12.0, since=3.0) == pytest.approx(led, rel=1e-12)


def test_a_constant_input_agrees_with_sixty_digits():
    with mpmath.workdps(60):
        k = mpmath.matrix(two(cl=1e-3).tolist())
        truth = [-float(one) for one in mpmath.lu_solve(k, mpmath.matrix([10, 3]))]
    assert constant_state(two(cl=1e-3), [10.0, 3.0]) == pytest.approx(truth, rel=1e-12)


def test_a_thousand_overlapping_inputs_are_nearly_a_constant_one():
    found = steady_state([[-0.5]], [2.0], 0.01, since=0.01, duration=30.0)
    assert found[0] == pytest.approx(2.0 / 0.01 / 0.5, rel=1e-3)


def test_states_that_no_dose_reaches_do_not_matter():
    rates = np.array([[-0.5, 0.0], [0.0, 0.0]])
    assert steady_state(rates, [1.0, 0.0], 1.0, since=0.0)[1] == 0.0


@pytest.mark.parametrize(
    "rates", [np.zeros((1, 1)), two(cl=0.0), np.array([[-1.0, 0.0], [1.0, 0.0]])]
)
def test_what_never_leaves_has_no_steady_state(rates):
    amount = np.eye(len(rates))[0]
    with pytest.raises(np.linalg.LinAlgError, match="no steady state"):
        steady_state(rates, amount, 24.0, since=0.0)
    with pytest.raises(np.linalg.LinAlgError, match="no steady state"):
        constant_state(rates, amount)
