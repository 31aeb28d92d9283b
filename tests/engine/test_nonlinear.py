"""Systems that saturate or are induced, against closed forms and other ways of integration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.special import lambertw

from kpksim.engine import (
    Actions,
    Nonlinear,
    among,
    area_after,
    chosen,
    driving,
    integral,
    repeated_state,
    running_state,
    solve,
    steady_state,
    terminal_rate,
)

V, VMAX, KM = 70.0, 12.0, 0.3
DOSE = 100.0
AT_ONCE = Actions(time=[0.0], compartment=[0], amount=[DOSE])
INTERVAL = {"since": np.array([24.0]), "duration": np.array([0.0])}


def saturable(vmax=VMAX, km=KM, v=V):
    """One compartment that loses vmax C / (km + C)."""
    return Nonlinear(
        rates=np.zeros((1, 1, 1)),
        origin=np.array([0]),
        speed=np.array([[vmax / (km * v)]]),
        saturation=np.array([[1.0 / (km * v)]]),
        moves=np.array([[[-1.0]]]),
        boost=np.zeros((1, 1)),
    )


def induced(cl=20.0, kenz=0.05, emax=4.0, ec50=0.2, v=V):
    """One compartment whose clearance is cl E, with an enzyme E that its concentration induces."""
    return Nonlinear(
        rates=np.array([[[0.0, 0.0], [0.0, -kenz]]]),
        origin=np.array([0, 0]),
        speed=np.array([[cl / v, kenz * emax / (ec50 * v)]]),
        saturation=np.array([[0.0, 1.0 / (ec50 * v)]]),
        moves=np.array([[[-1.0, 0.0], [0.0, 1.0]]]),
        boost=np.array([[0.0, 1.0], [0.0, 0.0]]),
    )


def twins(rng, people=3):
    """A linear system of depot, centre, periphery and metabolite, and one with huge km."""
    ka, cl, q, out = rng.uniform(0.1, 2.0, (4, people))
    zero, share = np.zeros(people), 0.7
    rates = np.array(
        [
            [-ka, zero, zero, zero],
            [0.6 * ka, -cl - q, 0.5 * q, zero],
            [zero, q, -0.5 * q, zero],
            [0.2 * ka, share * cl, zero, -out],
        ]
    ).transpose(2, 0, 1)
    linear = rates.copy()
    linear[:, 1, 1] += cl
    linear[:, 3, 1] -= share * cl
    system = Nonlinear(
        rates=linear,
        origin=np.array([1]),
        speed=cl[:, None],
        saturation=np.full((people, 1), 1e-14),
        moves=np.tile([0.0, -1.0, 0.0, share], (people, 1, 1)),
        boost=np.zeros((1, 4)),
    )
    return rates, system


def test_with_a_huge_km_everything_is_as_in_the_linear_engine():
    rng = np.random.default_rng(4)
    rates, system = twins(rng)
    starts = np.array([0.0, 2.0, 2.0, 2.0, 5.0, 1.0, 3.5])
    actions = Actions(
        time=np.concatenate([np.tile(starts, (3, 1)), rng.uniform(0.0, 8.0, (3, 2))], axis=1),
        compartment=np.array([0, 1, 1, 3, 0, 1, 1, 2, 0]),
        amount=np.array([50.0, 20.0, 0.0, 5.0, 30.0, 0.0, 0.0, 7.0, 9.0]),
        rate=np.array([0.0, 0.0, 0.0, 0.0, 0.0, 4.0, -4.0, 0.0, 0.0]),
        order=np.array([0, 1, 0, 2, 0, 0, 0, 0, 0]),
    )
    times = np.array([0.0, 0.5, 1.0, 2.0, 2.0, 2.0, 3.5, 5.0, 9.0])
    order = np.array([1, 1, 1, 0, 1, 2, 0, 1, 1])
    rows = rng.uniform(0.0, 1.0, (3, 2, 4))
    found, truth = (solve(one, actions, times, rows, order=order) for one in (system, rates))
    np.testing.assert_allclose(found.at, truth.at, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.state, truth.state, rtol=1e-9)
    np.testing.assert_allclose(found.input_rate, truth.input_rate, rtol=1e-14)


def test_with_a_huge_km_areas_and_the_last_phase_are_as_in_the_linear_engine():
    rates, system = twins(np.random.default_rng(6))
    actions = Actions([0.0, 1.0], np.array([0, 1]), amount=np.array([30.0, 10.0]))
    rows, times = np.eye(4)[1:], [0.5, 12.0]
    state = solve(rates, actions, times, rows).state
    for question in (
        lambda one: integral(one, actions, times, rows),
        lambda one: area_after(one, state, rows),
        lambda one: terminal_rate(one, state, rows),
    ):
        np.testing.assert_allclose(question(system), question(rates), rtol=1e-8)


@pytest.mark.parametrize(
    ("since", "duration"),
    [
        (6.0, 0.0),
        (0.0, 0.0),
        (0.0, 2.0),
        (6.0, 2.0),
        (1.0, 5.5),
        (4.0, 6.0),
        (2.5, 20.0),
        (6.0, 12.0),
    ],
)
def test_with_a_huge_km_steady_states_are_as_in_the_linear_engine(since, duration):
    rates, system = twins(np.random.default_rng(7), people=1)
    where, amount = np.array([0, 1]), np.array([40.0, 15.0])
    times = {"since": np.array([since, 3.0]), "duration": np.array([duration, 1.0])}
    found = repeated_state(system, where, amount, 6.0, **times)
    truth = sum(
        steady_state(rates[0], mg * np.eye(4)[k], 6.0, since=one, duration=lasting)
        for k, mg, one, lasting in zip(where, amount, *times.values(), strict=True)
    )
    np.testing.assert_allclose(found, truth, rtol=1e-8)
    np.testing.assert_allclose(repeated_state(rates, where, amount, 6.0, **times), truth)
    inflow = np.array([3.0, 2.0, 0.0, 0.0])
    np.testing.assert_allclose(
        running_state(system, inflow), running_state(rates, inflow), rtol=1e-9
    )


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 30.0), st.floats(0.5, 200.0), st.floats(1.0, 500.0))
def test_a_bolus_falls_as_the_lambert_function_says(km, vmax, dose):
    start, times = dose / V, np.linspace(0.0, 24.0, 49)
    found = solve(saturable(vmax, km), Actions([0.0], [0], [dose]), times, [[1.0 / V]]).at[0, 0]
    exponent = np.log(start / km) + (start - vmax / V * times) / km
    known = exponent < 700.0
    truth = km * lambertw(np.exp(exponent[known])).real
    np.testing.assert_allclose(found[known], truth, rtol=1e-8, atol=1e-13 * start)
    assert (np.diff(found) <= 0.0).all()


def test_elimination_at_a_km_of_almost_nothing_is_a_straight_line_to_zero():
    times = np.array([0.0, 2.0, 4.0, 6.0, 8.0, 9.0, 30.0])
    found = solve(saturable(km=1e-9), AT_ONCE, times, [[1.0]]).at[0, 0]
    np.testing.assert_allclose(found, np.maximum(DOSE - VMAX * times, 0.0), atol=1e-5)


def test_the_area_of_a_bolus_is_the_closed_form():
    start = DOSE / V
    area = start / (VMAX / V) * (KM + start / 2.0)
    rows = [[1.0 / V]]
    whole = area_after(saturable(), [[DOSE]], rows)[0, 0]
    assert whole == pytest.approx(area, rel=1e-9)
    first = solve(saturable(), AT_ONCE, [5.0], rows).state
    parts = integral(saturable(), AT_ONCE, [5.0], rows)[0, 0, 0] + area_after(
        saturable(), first, rows
    )
    assert parts[0, 0] == pytest.approx(area, rel=1e-9)


def test_an_area_without_end_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        area_after(saturable(vmax=0.0), [[DOSE]], [[1.0]])


def test_the_last_phase_is_told_only_when_it_has_come():
    rate = VMAX / (KM * V)
    low, high = 0.005 * KM * V, 0.05 * KM * V
    assert terminal_rate(saturable(), [[low]], [[1.0]])[0, 0] == pytest.approx(rate, rel=1e-12)
    assert np.isnan(terminal_rate(saturable(), [[high]], [[1.0]])[0, 0])
    assert np.isnan(terminal_rate(induced(), [[1e-9, 0.5]], [[1.0, 0.0]])[0, 0])
    assert terminal_rate(induced(), [[1e-9, 1e-3]], [[1.0, 0.0]])[0, 0] == pytest.approx(20.0 / V)


@pytest.mark.parametrize("share", [0.1, 0.9, 0.999, 0.999999])
def test_a_constant_input_comes_to_the_analytic_steady_state(share):
    inflow = share * VMAX
    truth = V * inflow * KM / (VMAX - inflow)
    assert running_state(saturable(), [inflow])[0] == pytest.approx(truth, rel=1e-9)


def test_a_constant_input_is_followed_to_the_analytic_steady_state():
    inflow = 0.6 * VMAX
    actions = Actions([0.0], [0], rate=np.array([inflow]))
    found = solve(saturable(), actions, [2000.0], [[1.0 / V]]).at[0, 0, 0]
    assert found == pytest.approx(inflow * KM / (VMAX - inflow), rel=1e-9)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95, 0.999])
def test_repeated_doses_come_to_the_analytic_steady_state(share):
    dose = share * VMAX * 24.0
    left = repeated_state(saturable(), np.array([0]), np.array([dose]), 24.0, **INTERVAL)[0]
    # vmax tau = dose, the implicit solution over one interval with the dose taken out again
    lost = dose + KM * V * np.log((left + dose) / left)
    assert lost == pytest.approx(VMAX * 24.0, rel=1e-9)


def test_repeated_infusions_longer_than_the_interval_come_to_where_the_doses_lead():
    amount, every, lasting = 30.0, 6.0, 14.0
    starts = every * np.arange(400)
    actions = Actions(
        time=np.concatenate([starts, starts + lasting]),
        compartment=np.zeros(800, dtype=int),
        rate=np.repeat([amount / lasting, -amount / lasting], 400),
    )
    system = saturable(vmax=8.0)
    truth = solve(system, actions, [starts[-1] + 2.5], [[1.0]]).state[0]
    found = repeated_state(
        system, np.array([0]), np.array([amount]), every,
        since=np.array([2.5]), duration=np.array([lasting]),
    )  # fmt: skip
    np.testing.assert_allclose(found, truth, rtol=1e-8)


@pytest.mark.parametrize("share", [1.0, 1.01, 20.0])
def test_more_than_vmax_on_average_has_no_steady_state(share):
    with pytest.raises(np.linalg.LinAlgError, match="more comes in than can leave"):
        running_state(saturable(), [share * VMAX])
    dose = np.array([share * VMAX * 24.0])
    with pytest.raises(np.linalg.LinAlgError, match="more comes in than can leave"):
        repeated_state(saturable(), np.array([0]), dose, 24.0, **INTERVAL)


def test_what_stays_for_ever_has_no_steady_state():
    closed = np.array([[[0.0, 0.0], [0.0, 0.0]]])
    system = saturable().with_rates(closed)
    with pytest.raises(np.linalg.LinAlgError):
        running_state(system, [1.0, 1.0])
    with pytest.raises(np.linalg.LinAlgError):
        repeated_state(system, np.array([1]), np.array([10.0]), 24.0, **INTERVAL)


def test_auto_induction_agrees_with_another_integrator():
    cl, kenz, emax, ec50 = 20.0, 0.05, 4.0, 0.2
    times = np.linspace(0.0, 72.0, 73)
    actions = Actions([0.0, 24.0], np.array([0, 0]), rate=np.array([15.0, -15.0]))

    def slopes(_, x, inflow):
        conc = x[0] / V
        return [inflow - cl * x[1] * conc, kenz * (1.0 + emax * conc / (ec50 + conc) - x[1])]

    found = solve(induced(), actions, times, np.eye(2)).at[0]
    first, then = times[times <= 24.0], times[times >= 24.0]
    how = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-14}
    filled = solve_ivp(slopes, (0.0, 24.0), [0.0, 1.0], t_eval=first, args=(15.0,), **how).y
    emptied = solve_ivp(slopes, (24.0, 72.0), filled[:, -1], t_eval=then, args=(0.0,), **how).y
    truth = np.concatenate([filled, emptied[:, 1:]], axis=1)
    np.testing.assert_allclose(found[0], truth[0], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(1.0 + found[1], truth[1], rtol=1e-9)


def test_auto_induction_comes_to_its_analytic_steady_state():
    cl, emax, ec50, inflow = 20.0, 4.0, 0.2, 15.0
    # cl E C = inflow with E = 1 + emax C / (ec50 + C) is a quadratic equation in C
    conc = max(np.roots([cl * (1.0 + emax), cl * ec50 - inflow, -inflow * ec50]))
    truth = [V * conc, emax * conc / (ec50 + conc)]
    np.testing.assert_allclose(running_state(induced(), [inflow, 0.0]), truth, rtol=1e-9)
    actions = Actions([0.0], [0], rate=np.array([inflow]))
    found = solve(induced(), actions, [1000.0], np.eye(2)).at[0, :, 0]
    np.testing.assert_allclose(found, truth, rtol=1e-9)


def test_repeated_doses_of_an_inducer_come_to_where_the_doses_lead():
    starts = 12.0 * np.arange(120)
    actions = Actions(starts, np.zeros(120, dtype=int), np.full(120, 80.0))
    truth = solve(induced(), actions, [starts[-1] + 12.0], np.eye(2)).state[0]
    found = repeated_state(
        induced(), np.array([0]), np.array([80.0]), 12.0,
        since=np.array([12.0]), duration=np.array([0.0]),
    )  # fmt: skip
    np.testing.assert_allclose(found, truth, rtol=1e-8)


def test_mass_is_kept():
    rates = np.array([[[-0.5, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    system = Nonlinear(
        rates=rates,
        origin=np.array([1]),
        speed=np.array([[0.8]]),
        saturation=np.array([[0.1]]),
        moves=np.array([[[0.0, -1.0, 1.0]]]),
        boost=np.zeros((1, 3)),
    )
    actions = Actions([0.0, 3.0, 5.0], np.array([0, 1, 1]), np.array([50.0, 0.0, 0.0]),
                      np.array([0.0, 10.0, -10.0]))  # fmt: skip
    total = solve(system, actions, np.array([1.0, 5.0, 60.0]), np.ones((1, 3))).at[0, 0]
    np.testing.assert_allclose(total, [50.0, 70.0, 70.0], rtol=1e-11)


def test_the_jacobian_is_the_derivative_of_the_slope():
    slope, jacobian = induced().laws(0)
    for state in np.random.default_rng(8).uniform(0.1, 50.0, (5, 2)):
        for k, nudge in enumerate(np.diag(1e-5 * state)):
            derivative = (slope(state + nudge) - slope(state - nudge)) / (2.0 * nudge[k])
            np.testing.assert_allclose(jacobian(state)[:, k], derivative, rtol=1e-8, atol=1e-12)


def test_a_part_of_the_states_is_the_system_of_that_part():
    whole = induced()
    alone = among(whole, [0])
    truth = solve(np.array([[[-20.0 / V]]]), AT_ONCE, [1.0, 5.0], [[1.0]]).at
    np.testing.assert_allclose(solve(alone, AT_ONCE, [1.0, 5.0], [[1.0]]).at, truth, rtol=1e-9)
    assert among(whole, [1]).speed.shape == (1, 0)
    twice = chosen(whole, np.array([0, 0]))
    both = solve(twice, AT_ONCE, [3.0], np.eye(2)).at
    np.testing.assert_array_equal(both[0], both[1])


def test_states_that_are_driven_give_nothing_back():
    sites = np.array([[[0.7 / V, 0.0, -0.7]]])
    system = driving(induced(), sites)
    times = np.array([0.0, 1.0, 4.0, 12.0])
    found = solve(system, AT_ONCE, times, np.eye(3)).at[0]
    np.testing.assert_allclose(
        found[:2], solve(induced(), AT_ONCE, times, np.eye(2)).at[0], rtol=1e-8
    )
    conc = solve_ivp(
        lambda t, x: [*induced().laws(0)[0](x[:2]), 0.7 * (x[0] / V - x[2])],
        (0.0, 12.0), [DOSE, 0.0, 0.0], "DOP853", t_eval=times, rtol=1e-12, atol=1e-14,
    ).y[2]  # fmt: skip
    np.testing.assert_allclose(found[2], conc, rtol=1e-8, atol=1e-12)


def test_actions_after_the_last_observation_are_left_out():
    actions = Actions([0.0, 2.0, 9.0], np.zeros(3, dtype=int), np.array([DOSE, 0.0, 50.0]),
                      np.array([0.0, 5.0, -5.0]))  # fmt: skip
    found = solve(saturable(), actions, [1.0, 4.0], [[1.0]])
    assert found.input_rate[0, 0] == 5.0
    assert found.state[0, 0] == found.at[0, 0, 1] < DOSE


def test_an_empty_system_stays_empty():
    found = solve(induced(), Actions(np.zeros(0), np.zeros(0, dtype=int)), [0.0, 5.0], np.eye(2))
    assert not found.at.any()


def test_a_system_that_cannot_be_followed_is_refused():
    actions = Actions([0.0, 1.0], np.array([0, 0]), rate=np.array([DOSE, -DOSE]))
    with pytest.raises(ValueError, match="the integration of a nonlinear system stopped"):
        solve(saturable(vmax=1e50), actions, [0.0, 5.0], [[1.0]])
