"""Solutions against SciPy's integrators, closed forms and the laws of linear systems."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import kpksim.engine.solution as solution_module
from kpksim.engine import Actions, outputs_alone, solve

DEPOT, CENTRAL, PERIPHERAL, METABOLITE = range(4)


def body(ka=1.3, k10=0.9, k12=0.7, k21=0.4, km=0.25):
    """Depot, central, peripheral and metabolite; 80 % of what is eliminated is metabolite."""
    return np.array(
        [
            [-ka, 0.0, 0.0, 0.0],
            [ka, -k10 - k12, k21, 0.0],
            [0.0, k12, -k21, 0.0],
            [0.0, 0.8 * k10, 0.0, -km],
        ]
    )


def people(n):
    """Bodies whose rates differ."""
    rng = np.random.default_rng(5)
    return np.stack([body(*rng.lognormal(0.0, 0.4, 5)) for _ in range(n)])


ROWS = np.array([[0.0, 0.02, 0.0, 0.0], [0.0, 0.0, 0.0, 0.05], [1.0, 1.0, 1.0, 1.0]])


def infusions(starts, durations, amounts, compartment=CENTRAL):
    """Infusions as actions; each argument (E,) or (S, E)."""
    start, over, amount = np.broadcast_arrays(*map(np.asarray, (starts, durations, amounts)))
    rate = amount / over
    return Actions(
        time=np.concatenate([start, start + over], axis=-1),
        compartment=np.full(2 * start.shape[-1], compartment),
        rate=np.concatenate([rate, -rate], axis=-1),
    )


def together(*several):
    """Actions of several kinds as one."""
    n_subjects = max([1, *(len(a.time) for a in several if np.ndim(a.time) == 2)])

    def joined(name):
        parts = []
        for actions in several:
            shape = (n_subjects, len(actions.compartment))
            parts.append(np.broadcast_to(getattr(actions, name), shape))
        return np.concatenate(parts, axis=1)

    compartment = np.concatenate([a.compartment for a in several])
    order = joined("order")[0]
    return Actions(joined("time"), compartment, joined("amount"), joined("rate"), order)


def boluses(times, amounts, compartment=DEPOT):
    """Amounts at once as actions."""
    return Actions(
        time=times, compartment=np.full(np.shape(times)[-1], compartment), amount=amounts
    )


def integrated(rates, actions, times, subject, method):
    """States of one subject by a SciPy integrator that stops at every action, shape (n, T)."""
    when, amount, change = (
        np.broadcast_to(values, (len(np.atleast_2d(values)), len(actions.compartment)))
        for values in (actions.time, actions.amount, actions.rate)
    )
    when, amount, change = (each[subject % len(each)] for each in (when, amount, change))
    state, feed = np.zeros(len(rates)), np.zeros(len(rates))
    states = np.zeros((len(rates), len(times)))
    stops = [*np.unique(when), np.inf]
    for now, following in pairwise(stops):
        for action in np.flatnonzero(when == now):
            state[actions.compartment[action]] += amount[action]
            feed[actions.compartment[action]] += change[action]
        wanted = (times >= now) & (times < following)
        until = min(following, times[-1] + 1.0)
        answer = solve_ivp(
            lambda _, x, feed: rates @ x + feed,
            (now, until),
            state,
            method=method,
            args=(feed,),
            t_eval=np.unique([*times[wanted], until]),
            rtol=1e-11,
            atol=1e-13,
        )
        states[:, wanted] = answer.y[:, : wanted.sum()]
        state = answer.y[:, -1].copy()
    return states


@pytest.mark.parametrize("method", ["LSODA", "DOP853"])
def test_boluses_and_overlapping_infusions_agree_with_an_integrator(method):
    rates = people(2)
    actions = together(
        boluses([0.5, 3.0], [40.0, 25.0]),
        infusions([0.0, 0.4, 1.1], [1.0, 2.0, 0.25], [30.0, 50.0, 10.0]),
        infusions([0.7], [3.3], [12.0], compartment=DEPOT),
    )
    times = np.linspace(0.0, 12.0, 121)
    found = solve(rates, actions, times, ROWS)
    for subject in range(2):
        truth = ROWS @ integrated(rates[subject], actions, times, subject, method)
        np.testing.assert_allclose(found.at[subject], truth, rtol=2e-8, atol=1e-10)
    assert not found.input_rate.any()


def test_people_with_their_own_lags_and_durations_agree_with_an_integrator():
    rng = np.random.default_rng(11)
    rates = people(5)
    lag = rng.uniform(0.0, 2.0, (5, 1))
    actions = together(
        boluses(np.array([0.0, 6.0]) + lag, np.full((5, 2), 20.0)),
        infusions(lag, rng.uniform(0.2, 3.0, (5, 1)), rng.uniform(5.0, 50.0, (5, 1))),
    )
    times = np.linspace(0.0, 10.0, 41)
    found = solve(rates, actions, times, ROWS)
    for subject in range(5):
        truth = ROWS @ integrated(rates[subject], actions, times, subject, "LSODA")
        np.testing.assert_allclose(found.at[subject], truth, rtol=2e-8, atol=1e-10)


def test_each_person_is_solved_as_if_alone():
    lag = np.array([[0.0], [0.31], [1.0], [2.5]])
    actions = infusions(lag, lag + 0.5, 10.0 + lag)
    times = np.linspace(0.0, 8.0, 33)
    rates = people(4)
    both = solve(rates, actions, times, ROWS)
    for person in range(4):
        alone = infusions(lag[person], lag[person] + 0.5, 10.0 + lag[person])
        found = solve(rates[[person]], alone, times, ROWS)
        np.testing.assert_allclose(both.at[person], found.at[0], rtol=1e-13, atol=0.0)


def test_an_infusion_into_one_compartment_follows_the_closed_form():
    k, rate, over = 0.5, 20.0, 1.5
    times = np.linspace(0.0, 6.0, 61)
    during = rate / k * -np.expm1(-k * np.minimum(times, over))
    expected = during * np.exp(-k * np.maximum(times - over, 0.0))
    found = solve([[[-k]]], infusions([0.0], [over], [rate * over], 0), times, [[1.0]])
    np.testing.assert_allclose(found.at[0, 0], expected, rtol=1e-13)


def test_a_run_of_twenty_thousand_steps_stays_exact():
    k = 0.02
    times = np.arange(20_161) / 60.0
    found = solve([[[-k]]], boluses([0.0], [100.0]), times, [[1.0]])
    np.testing.assert_allclose(found.at[0, 0], 100.0 * np.exp(-k * times), rtol=1e-12)


def test_irregular_times_equal_the_regular_ones_among_them():
    actions = together(boluses([0.0, 4.0], [10.0, 20.0]), infusions([1.0], [1.7], [30.0]))
    regular = np.linspace(0.0, 24.0, 241)
    some = np.sort(np.random.default_rng(2).choice(241, 30, replace=False))
    whole = solve(people(2), actions, regular, ROWS)
    found = solve(people(2), actions, regular[some], ROWS)
    np.testing.assert_allclose(found.at, whole.at[:, :, some], rtol=1e-12)


@pytest.mark.parametrize(
    ("observed", "acted", "seen"), [(0, 0, 10.0), (1, 0, 10.0), (0, 1, 0.0), (1, 1, 10.0)]
)
def test_order_decides_what_an_observation_sees_at_a_tie(observed, acted, seen):
    actions = Actions(time=[1.0], compartment=[0], amount=[10.0], order=[acted])
    found = solve([[[-1.0]]], actions, [0.0, 1.0], [[1.0]], order=[0, observed])
    assert found.at[0, 0, 1] == seen


def test_observations_between_actions_at_one_time_see_each_step():
    actions = Actions(time=[1.0] * 3, compartment=[0] * 3, amount=[1.0, 2.0, 4.0], order=[5, 1, 3])
    found = solve([[[-1.0]]], actions, [1.0] * 4, [[1.0]], order=[0, 2, 4, 6])
    np.testing.assert_array_equal(found.at[0, 0], [0.0, 2.0, 6.0, 7.0])


def test_before_the_first_action_everything_is_exactly_zero():
    actions = together(boluses([5.0], [10.0]), infusions([6.0], [1.0], [10.0]))
    found = solve(people(2), actions, np.linspace(0.0, 10.0, 21), ROWS, order=[0] * 21)
    np.testing.assert_array_equal(found.at[:, :, :10], 0.0)
    assert np.all(found.at[:, 2, 11:] > 0.0)


def test_actions_before_the_first_observation_count():
    found = solve([[[-0.5]]], boluses([-2.0], [10.0], 0), [0.0, 1.0], [[1.0]])
    np.testing.assert_allclose(found.at[0, 0], 10.0 * np.exp([-1.0, -1.5]), rtol=1e-14)


def test_actions_after_the_last_observation_are_ignored():
    times = np.linspace(0.0, 3.0, 7)
    few = solve(people(2), boluses([0.0], [10.0]), times, ROWS)
    more = solve(people(2), boluses([0.0, 3.5, 9.0], [10.0, 99.0, 99.0]), times, ROWS)
    np.testing.assert_array_equal(few.at, more.at)
    np.testing.assert_array_equal(few.state, more.state)


def test_amounts_given_at_observations_of_a_long_run_show_in_them():
    times, when, amount = np.arange(200) / 8.0, [3.0, 3.0, 3.125, 20.0], [8.0, 1.0, 2.0, 5.0]
    found = solve([[[-0.3]]], boluses(when, amount), times, [[1.0]]).at[0, 0]
    since = times - np.array(when)[:, None]
    exact = np.where(since >= 0.0, np.array(amount)[:, None] * np.exp(-0.3 * since), 0.0)
    np.testing.assert_allclose(found, exact.sum(axis=0), rtol=1e-13)


def test_without_actions_everything_is_zero():
    found = solve(people(2), Actions([], [], [], []), [0.0, 1.0], ROWS)
    assert not found.at.any()


def test_one_observation_is_enough():
    found = solve([[[-1.0]]], boluses([0.0], [7.0], 0), [0.0], [[1.0]])
    assert found.at.tolist() == [[[7.0]]]


def test_the_last_state_and_input_rate_continue_the_solution():
    rates = people(2)
    early = solve(rates, infusions([0.0], [4.0], [40.0]), [0.0, 3.0], ROWS)
    np.testing.assert_array_equal(early.input_rate, [[0.0, 10.0, 0.0, 0.0]] * 2)
    start = Actions([0.0] * 4, range(4), early.state, early.input_rate)
    late = solve(rates, start, [0.0, 1.0], ROWS)
    whole = solve(rates, infusions([0.0], [4.0], [40.0]), [0.0, 4.0], ROWS)
    np.testing.assert_allclose(late.at[:, :, 1], whole.at[:, :, 1], rtol=1e-13)


def test_infusions_that_have_ended_leave_no_rate_behind():
    rates = [0.1, 0.7, 1e-9, 1e6, 0.3, 1 / 3]
    actions = Actions(
        time=np.arange(12.0), compartment=[0] * 12, rate=[*rates, *(-r for r in rates)]
    )
    during = solve([[[-1.0]]], actions, np.arange(11.0), [[1.0]])
    after = solve([[[-1.0]]], actions, np.arange(12.0), [[1.0]])
    assert during.input_rate[0, 0] == 1 / 3
    assert after.input_rate[0, 0] == 0.0


def test_a_stop_larger_than_its_start_by_rounding_never_draws_anything_out():
    actions = Actions([0.0, 1.0], [0, 0], rate=[0.3, -np.nextafter(0.3, 1.0)])
    found = solve([[[-1e3]]], actions, np.linspace(0.0, 100.0, 101), [[1.0]])
    assert found.input_rate[0, 0] == 0.0
    assert found.at.min() >= 0.0


@settings(max_examples=40, deadline=None)
@given(regimen=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), min_size=1, max_size=4))
def test_nothing_is_ever_negative(regimen):
    start, over = np.array(regimen, dtype=float).T
    actions = together(boluses(start, 1.0 + over), infusions(start, over, 10.0 * over))
    rates = np.stack([body(), body(ka=67.0, k12=900.0), body(ka=0.9, km=1e4)])
    found = solve(rates, actions, np.arange(120.0), ROWS)
    for values in (found.at, found.state, found.input_rate):
        assert values.min() >= 0.0


def test_infusions_that_meet_end_to_end_act_as_one():
    times = np.linspace(0.0, 5.0, 51)
    one = solve(people(1), infusions([0.0], [1.0], [10.0]), times, ROWS)
    two = solve(people(1), infusions([0.0, 0.5], [0.5, 0.5], [5.0, 5.0]), times, ROWS)
    np.testing.assert_allclose(one.at, two.at, rtol=1e-13)


def shared_out(part, threads, monkeypatch):
    """Solve the same problem with other parts and threads."""
    lag = np.random.default_rng(0).choice([0.0, 0.25, 1 / 3, 0.77], (23, 1))
    actions = together(infusions(lag, [[0.5]], [[10.0]]), boluses([0.0, 2.0], [3.0, 4.0]))
    times = np.unique(np.r_[np.linspace(0.0, 6.0, 37), lag[:, 0], lag[:, 0] + 0.5])
    monkeypatch.setattr(solution_module, "PART", part)
    return solve(people(23), actions, times, ROWS, threads=threads)


@pytest.mark.parametrize(("part", "threads"), [(64, 2), (7, 1), (7, 2), (1, 2), (3, 5)])
def test_sharing_people_out_differently_changes_no_bit(part, threads, monkeypatch):
    one, other = shared_out(64, 1, monkeypatch), shared_out(part, threads, monkeypatch)
    np.testing.assert_array_equal(one.at, other.at)
    np.testing.assert_array_equal(one.state, other.state)


def test_a_subject_is_the_same_whoever_else_is_computed():
    actions = infusions([0.0, 3.0], [1.0, 1.0], [10.0, 5.0])
    times = np.linspace(0.0, 12.0, 145)
    everyone = solve(people(9), actions, times, ROWS)
    alone = solve(people(9)[4:5], actions, times, ROWS)
    np.testing.assert_array_equal(alone.at[0], everyone.at[4])


def test_outputs_alone_are_the_same_without_the_states_that_do_not_matter():
    actions = together(boluses([0.0, 2.0], [9.0, 3.0]), infusions([1.0], [0.5], [4.0], METABOLITE))
    times, rows = np.linspace(0.0, 6.0, 61), np.broadcast_to(ROWS[:1], (3, 1, 4))
    alone = outputs_alone(people(3), actions, times, rows)
    np.testing.assert_allclose(alone, solve(people(3), actions, times, rows).at, rtol=1e-13)


finite = st.floats(0.01, 100.0)
regimens = st.lists(st.tuples(st.floats(0.0, 20.0), finite, st.floats(0.01, 8.0)), max_size=5)


def given_as(regimen, factor=1.0, shift=0.0):
    """A regimen half as boluses into the depot, half as infusions."""
    start, amount, over = np.array(regimen, dtype=float).reshape(-1, 3).T
    amount = amount * factor
    return together(boluses(start + shift, amount), infusions(start + shift, over, amount, CENTRAL))


GRID = np.unique(np.r_[np.linspace(0.0, 24.0, 25), 3.3, 40.0, 200.0])


@settings(max_examples=40, deadline=None)
@given(first=regimens, second=regimens)
def test_two_regimens_together_give_the_sum(first, second):
    whole = solve(people(2), given_as(first + second), GRID, ROWS)
    parts = [solve(people(2), given_as(part), GRID, ROWS) for part in (first, second)]
    np.testing.assert_allclose(whole.at, parts[0].at + parts[1].at, rtol=1e-11, atol=1e-300)
    assert whole.at.min() >= 0.0
    assert whole.state.min() >= 0.0


@settings(max_examples=40, deadline=None)
@given(regimen=regimens, factor=st.floats(1e-3, 1e3))
def test_the_dose_scales_everything(regimen, factor):
    one = solve(people(2), given_as(regimen), GRID, ROWS)
    scaled = solve(people(2), given_as(regimen, factor), GRID, ROWS)
    np.testing.assert_allclose(scaled.at, factor * one.at, rtol=1e-12, atol=1e-300)


@settings(max_examples=40, deadline=None)
@given(regimen=regimens, shift=st.integers(1, 500))
def test_giving_everything_later_shifts_the_answer(regimen, shift):
    regimen = [(round(start * 64) / 64, amount, over) for start, amount, over in regimen]
    now = solve(people(1), given_as(regimen), GRID, ROWS)
    later = solve(people(1), given_as(regimen, shift=float(shift)), GRID + shift, ROWS)
    np.testing.assert_allclose(later.at, now.at, rtol=1e-10, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(regimen=regimens)
def test_with_a_sink_everything_given_is_somewhere(regimen):
    rates = np.zeros((5, 5))
    rates[:4, :4] = body()
    rates[4, :4] = -body().sum(axis=0)
    found = solve([rates], given_as(regimen), [0.0, 30.0], np.ones((1, 5)))
    given_in_all = 2.0 * sum(amount for _, amount, _ in regimen)
    np.testing.assert_allclose(found.at[0, 0, 1], given_in_all, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rates": np.zeros((2, 2))}, r"rates must have shape \(S, n, n\), got \(2, 2\)"),
        ({"rows": [[1.0, 2.0]]}, r"rows must have shape \(A, 1\) or \(1, A, 1\), got \(1, 2\)"),
        ({"times": [1.0, 0.0]}, "at least one ascending time"),
        ({"times": []}, "at least one ascending time"),
        ({"order": [1]}, r"order must have shape \(2,\), got \(1,\)"),
        ({"times": [1.0, 1.0], "order": [1, 0]}, "order must ascend among observations"),
        ({"actions": Actions([0.0], [1], [1.0])}, r"state indices from 0 to 0, got \[1\]"),
        ({"actions": Actions([0.0], [0], [1.0, 2.0])}, r"amount of actions must have shape \(1,\)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, message):
    fitting = {
        "rates": [[[-1.0]]],
        "actions": Actions([0.0], [0], [1.0]),
        "times": [0.0, 1.0],
        "rows": [[1.0]],
    }
    with pytest.raises(ValueError, match=message):
        solve(**(fitting | change))
