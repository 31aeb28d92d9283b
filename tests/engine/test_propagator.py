"""The propagator against 40-digit arithmetic and against its laws."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpksim.engine import propagator

STEPS = [1e-6, 1e-3, 1 / 60, 0.3, 1.0, 10.0, 100.0]


def exact(rates, step):
    """Exponential with 60 digits, by mpmath's own Taylor series."""
    with mpmath.workdps(60):
        return mpmath.expm(mpmath.matrix(rates.tolist()) * mpmath.mpf(step), method="taylor")


def worst_relative_error(rates, step):
    """Largest error of an entry relative to that entry; tiny entries need only be tiny."""
    truth, found = exact(rates, step), propagator(rates, step)
    worst = 0.0
    for place in np.ndindex(rates.shape):
        true = truth[place]
        if true < 1e-290:
            assert found[place] <= 1e-289
        else:
            worst = max(worst, float(abs(mpmath.mpf(float(found[place])) - true) / true))
    return worst


def random_metzler(seed, n=8, cv=0.3):
    """Random compartments that exchange and leave, rates log-normal about 1/h."""
    rng = np.random.default_rng(seed)
    spread = np.sqrt(np.log1p(cv**2))
    rates = np.where(rng.random((n, n)) < 0.4, rng.lognormal(0.0, spread, (n, n)), 0.0)
    np.fill_diagonal(rates, 0.0)
    return rates - np.diag(rates.sum(axis=0) + rng.lognormal(0.0, spread, n))


def chain(*rates):
    """Compartments in a row, each emptying into the next."""
    return np.diag(-np.array(rates)) + np.diag(rates[:-1], -1)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("cv", [0.3, 0.8])
@pytest.mark.parametrize("seed", range(3))
def test_random_systems_agree_with_forty_digits(seed, cv, step):
    assert worst_relative_error(random_metzler(seed, cv=cv), step) < 1e-12


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "rates",
    [
        pytest.param(chain(1.0, 1.0), id="absorption as fast as elimination"),
        pytest.param(chain(1.0 + 1e-5, 1.0), id="1e-5 apart"),
        pytest.param(chain(1.0 + 1e-9, 1.0), id="1e-9 apart"),
        pytest.param(chain(*[2.0] * 6, 0.3), id="six equal transits"),
        pytest.param(chain(*[2.0] * 20), id="chain longer than the Taylor degree"),
    ],
)
def test_defective_and_nearly_defective_systems_agree_with_forty_digits(rates, step):
    assert worst_relative_error(rates, step) < 1e-12


@pytest.mark.parametrize("step", [*STEPS, 168.0])
@pytest.mark.parametrize("fast", [67.0, 1e3, 1e4])
def test_stiff_systems_agree_with_forty_digits(fast, step):
    peripheral = np.array([[-fast, 0.0, 0.0], [fast, -1.01, 0.1], [0.0, 1.0, -0.1]])
    assert worst_relative_error(chain(fast, 0.01, 0.02), step) < 1e-12
    assert worst_relative_error(peripheral, step) < 1e-12


def test_one_exponential_is_exact_to_rounding():
    steps = np.array([0.0, 1e-8, 0.1, 1.0, 30.0])
    found = propagator([[-2.0]], steps)[:, 0, 0]
    np.testing.assert_allclose(found, np.exp(-2.0 * steps), rtol=2e-14)


def test_a_step_of_zero_changes_nothing():
    rates = random_metzler(0)
    np.testing.assert_array_equal(propagator(rates, 0.0), np.eye(8))


@pytest.mark.parametrize("rate", [0.01, 1.0, 1e4])
def test_a_very_long_step_empties_the_system_in_silence(rate):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        left = propagator(chain(rate, 2.0 * rate, 3.0 * rate), 1e5)
    assert np.all(left >= 0.0)
    assert left.max() < 1e-300


def test_what_cannot_leave_stays_over_a_very_long_step():
    rates = np.array([[-5.0, 0.0], [5.0, 0.0]])
    np.testing.assert_allclose(propagator(rates, 1e5), [[0.0, 0.0], [1.0, 1.0]], rtol=1e-12)


def test_a_stack_equals_its_members_bit_for_bit():
    rates = np.stack([random_metzler(seed) * size for seed, size in enumerate([0.1, 1.0, 50.0])])
    steps = np.array([0.01, 1.0, 30.0])
    stack = propagator(rates[:, None], steps)
    for person, step in np.ndindex(3, 3):
        alone = propagator(rates[person], steps[step])
        np.testing.assert_array_equal(stack[person, step], alone)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    cv=st.floats(0.1, 3.0),
    step=st.floats(1e-6, 200.0),
)
def test_two_half_steps_are_one_step_and_nothing_is_negative(seed, cv, step):
    rates = random_metzler(seed, n=5, cv=cv)
    whole, half = propagator(rates, step), propagator(rates, step / 2.0)
    assert np.all(whole >= 0.0)
    np.testing.assert_allclose(half @ half, whole, rtol=1e-11, atol=1e-290)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), step=st.floats(1e-6, 500.0))
def test_a_sink_row_makes_mass_balance(seed, step):
    open_system = random_metzler(seed, n=5, cv=0.8)
    rates = np.zeros((6, 6))
    rates[:5, :5] = open_system
    rates[5, :5] = -open_system.sum(axis=0)
    np.testing.assert_allclose(propagator(rates, step).sum(axis=0), 1.0, rtol=1e-12)


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match=r"square matrices, got shape \(2, 3\)"):
        propagator(np.zeros((2, 3)), 1.0)
