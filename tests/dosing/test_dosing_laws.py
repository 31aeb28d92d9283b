from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpksim.dosing import (
    Dose,
    Regimen,
    Timed,
    from_events,
    read_events,
    to_events,
    unroll,
    write_events,
)
from kpksim.vocabulary import DRUGS, FORMS, ROUTES

AMOUNTS = st.integers(1, 10**5).map(lambda n: n / 1000.0)
TIMES = st.one_of(
    st.integers(0, 2000).map(float),
    st.integers(0, 60_000).map(lambda minutes: minutes / 60.0),
    st.floats(0.0, 1e4).map(lambda time: float(f"{time:.9g}")),
)
INTERVALS = st.integers(1, 20_000).map(lambda minutes: minutes / 60.0)
WHOLE_HOURS = st.integers(0, 2000).map(float)
COUNTS = st.integers(1, 9)
PRODUCTS = st.none() | st.text("abc XYZ-0", min_size=1).filter(lambda name: name == name.strip())


@st.composite
def doses(draw, per_kg=None):
    route = draw(st.sampled_from(list(ROUTES)))
    over = draw(st.just(0.0) | INTERVALS) if route in ("iv", "im", "sc") else 0.0
    return Dose(
        draw(AMOUNTS),
        draw(st.booleans()) if per_kg is None else per_kg,
        route,
        over,
        drug=draw(st.sampled_from(DRUGS)),
        form=draw(st.sampled_from(FORMS)),
        product=draw(PRODUCTS),
    )


@st.composite
def regimens(draw, per_kg=None, times=TIMES, intervals=INTERVALS):
    """Draw a few blocks, each repeated, side by side; often of a dose that is there already."""
    few = draw(st.lists(doses(per_kg), min_size=1, max_size=2))
    blocks = [
        Regimen((Timed(draw(times), draw(st.sampled_from(few))),)).repeat(
            draw(intervals), times=draw(COUNTS)
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    return sum(blocks[1:], start=blocks[0])


def assert_same(one, other, rel):
    """Compare two regimens, times and durations to rounding and all else exactly."""
    assert [replace(a.dose, over=0.0) for a in one.doses] == [
        replace(b.dose, over=0.0) for b in other.doses
    ]
    pairs = list(zip(one.doses, other.doses, strict=True))
    assert all(a.time == pytest.approx(b.time, rel=rel, abs=0.0) for a, b in pairs)
    assert all(a.dose.over == pytest.approx(b.dose.over, rel=rel, abs=0.0) for a, b in pairs)


@settings(deadline=None)
@given(regimens(), regimens())
def test_the_order_of_adding_does_not_matter(one, other):
    assert one + other == other + one


@settings(deadline=None)
@given(regimens(), regimens(), TIMES)
def test_then_is_adding_what_is_shifted(one, other, after):
    assert one.then(other, after) == one + other.shifted(one.last_time + after)


@settings(deadline=None)
@given(regimens(), INTERVALS, COUNTS, COUNTS)
def test_a_repeat_multiplies_the_number_of_doses(regimen, every, times, more):
    repeated = regimen.repeat(every, times=times)
    assert len(repeated.doses) == times * len(regimen.doses)
    assert len(repeated.repeat(every, times=more).doses) == more * len(repeated.doses)


@settings(deadline=None)
@given(regimens(), INTERVALS, COUNTS, st.floats(30.0, 200.0))
def test_a_repeat_multiplies_the_total_dose(regimen, every, times, weight):
    total = times * regimen.total(weight)
    assert regimen.repeat(every, times=times).total(weight) == pytest.approx(total, rel=1e-14)
    assert regimen.for_weight(weight).total(weight) == regimen.total(weight)


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(0, 5000))
def test_until_gives_as_many_doses_as_exact_fractions_count(every, until):
    once = Regimen((Timed(0.0, Dose(1.0, per_kg=False, route="oral")),))
    expected = Fraction(until, 60) // Fraction(every, 60) + 1
    assert len(once.repeat(every / 60.0, until=until / 60.0).doses) == expected


@settings(deadline=None)
@given(regimens(per_kg=False))
def test_a_regimen_comes_back_from_its_event_table(regimen):
    assert_same(from_events(to_events(regimen)), regimen, rel=1e-12)


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(1, 500), COUNTS, doses(per_kg=False))
def test_doses_at_whole_hours_come_back_at_exactly_their_times(start, every, times, dose):
    regimen = Regimen((Timed(float(start), dose),)).repeat(float(every), times=times)
    table = to_events(regimen)
    assert len(table) == 1
    assert_same(from_events(table), regimen, rel=3e-16)
    assert [one.time for one in from_events(table).doses] == [one.time for one in regimen.doses]


@settings(max_examples=30, deadline=None)
@given(regimens(per_kg=False))
def test_a_regimen_comes_back_from_a_file(tmp_path_factory, regimen):
    path = tmp_path_factory.mktemp("events") / "events.csv"
    table = to_events(regimen)
    write_events(table, path)
    assert from_events(read_events(path)) == from_events(table)


@settings(deadline=None)
@given(regimens(per_kg=False))
def test_unrolled_doses_are_those_counted_one_by_one(regimen):
    table = to_events(regimen)
    expected = [
        (start + k * every, record, k, record + 1 if k == 0 else 0)
        for record, (start, every, more) in enumerate(
            zip(table.time, table.ii, table.addl, strict=True)
        )
        for k in range(more + 1)
    ]
    given_doses = unroll(table)
    assert expected == list(
        zip(given_doses.time, given_doses.record, given_doses.copy, given_doses.rank, strict=True)
    )
    assert len(expected) == len(regimen.doses)


@settings(max_examples=200, deadline=None)
@given(regimens(), regimens())
def test_regimens_that_differ_are_said_differently(one, other):
    assert (one.sentence() == other.sentence()) == (one == other)


@settings(max_examples=200, deadline=None)
@given(regimens(), st.data())
def test_a_change_of_one_dose_is_heard(regimen, data):
    place = data.draw(st.integers(0, len(regimen.doses) - 1))
    timed = regimen.doses[place]
    changed = data.draw(
        st.one_of(
            st.builds(Timed, TIMES, st.just(timed.dose)),
            st.builds(Timed, st.just(timed.time), doses()),
            AMOUNTS.map(lambda amount: Timed(timed.time, replace(timed.dose, amount=amount))),
        )
    )
    other = Regimen((*regimen.doses[:place], changed, *regimen.doses[place + 1 :]))
    assert (other.sentence() == regimen.sentence()) == (other == regimen)


@settings(deadline=None)
@given(regimens(per_kg=False, times=WHOLE_HOURS, intervals=WHOLE_HOURS.filter(bool)))
def test_the_way_through_an_event_table_does_not_change_the_sentence(regimen):
    assert from_events(to_events(regimen)).sentence() == regimen.sentence()
