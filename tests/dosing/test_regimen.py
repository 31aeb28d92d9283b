import math

import numpy as np
import pytest

from kpksim.dosing import Regimen, bolus, infusion, oral, subcutaneous
from kpksim.errors import RegimenError, UnitError


def times_of(regimen):
    return [timed.time for timed in regimen.doses]


def test_doses_are_sorted_by_time():
    late, early = bolus("35 mg", at="2 h"), oral("35 mg", at="1 h")
    assert times_of(Regimen(late.doses + early.doses)) == [1.0, 2.0]


def test_a_regimen_without_doses_is_refused():
    with pytest.raises(RegimenError, match="a regimen needs at least one dose, got none"):
        Regimen(())


def test_six_infusions_in_twelve_and_a_half_days():
    regimen = infusion("0.5 mg/kg", over="40 min").repeat(every="3.5 d", times=6)
    assert times_of(regimen) == [0.0, 84.0, 168.0, 252.0, 336.0, 420.0]


def test_every_12_hours_until_72_hours_is_seven_doses():
    assert times_of(oral("60 mg").repeat(every="12 h", until="72 h")) == list(range(0, 73, 12))


def test_until_counts_from_the_first_dose():
    regimen = oral("60 mg", at="6 h").repeat(every="12 h", until="24 h")
    assert times_of(regimen) == [6.0, 18.0, 30.0]


@pytest.mark.parametrize("minutes", [1, 7, 10, 20, 40, 50])
def test_until_includes_its_own_time_in_spite_of_rounding(minutes):
    for count in range(1, 60):
        until = f"{minutes * count} min"
        assert len(oral("1 mg").repeat(f"{minutes} min", until=until).doses) == count + 1


def test_until_leaves_out_what_comes_after_it():
    assert times_of(oral("1 mg").repeat("12 h", until="71.9 h"))[-1] == 60.0
    assert times_of(oral("1 mg").repeat("12 h", until=0.0)) == [0.0]


def test_times_of_copies_carry_no_accumulated_rounding():
    regimen = oral("1 mg").repeat(every=0.1, times=1001)
    assert times_of(regimen) == [0.1 * k for k in range(1001)]


def test_a_repeat_repeats_the_whole_block():
    block = oral("1 mg") + oral("2 mg", at="8 h")
    regimen = block.repeat(every="1 d", times=2)
    assert [(one.time, one.dose.amount) for one in regimen.doses] == [
        (0.0, 1.0),
        (8.0, 2.0),
        (24.0, 1.0),
        (32.0, 2.0),
    ]


def test_times_may_be_a_numpy_integer():
    assert len(oral("1 mg").repeat("1 d", times=np.int64(3)).doses) == 3


@pytest.mark.parametrize("times", [0, -1, 2.5, 6.0, "6"])
def test_a_number_of_copies_that_is_no_count_is_refused(times):
    with pytest.raises(RegimenError, match=f"whole number >= 1, got {times}"):
        oral("1 mg").repeat("1 d", times=times)


@pytest.mark.parametrize("every", ["0 h", "-1 d", 0.0])
def test_an_interval_of_nothing_is_refused(every):
    with pytest.raises(RegimenError, match=f'repeat needs every > 0, got "{every}"'):
        oral("1 mg").repeat(every, times=2)


@pytest.mark.parametrize("ends", [{}, {"times": 3, "until": "72 h"}])
def test_a_repeat_has_exactly_one_end(ends):
    with pytest.raises(RegimenError, match="repeat needs times or until and not both"):
        oral("1 mg").repeat("12 h", **ends)


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(RegimenError, match='repeat needs until >= 0, got "-1 h"'):
        oral("1 mg").repeat("12 h", until="-1 h")


@pytest.mark.parametrize("ends", [{"times": 100_001}, {"until": "10 y"}, {"until": 1e300}])
def test_more_doses_than_anyone_gives_are_refused(ends):
    with pytest.raises(RegimenError, match=r"at most 100000 doses, got .*; check the units"):
        oral("1 mg").repeat("1 s", **ends)


def test_an_interval_that_is_no_time_is_refused():
    with pytest.raises(UnitError, match=r'"3.5 mg" is an amount, expected time'):
        oral("1 mg").repeat("3.5 mg", times=2)


def test_then_counts_from_the_last_dose():
    regimen = oral("1 mg").repeat("1 d", times=3).then(subcutaneous("2 mg", at="1 h"), after="1 d")
    assert times_of(regimen) == [0.0, 24.0, 48.0, 73.0]


def test_then_does_not_go_back_in_time():
    with pytest.raises(RegimenError, match='then needs after >= 0, got "-1 h"'):
        oral("1 mg").then(oral("1 mg"), after="-1 h")


def test_adding_keeps_both_clocks():
    regimen = oral("1 mg", at="3 h") + subcutaneous("2 mg", at="1 h")
    assert [(one.time, one.dose.route) for one in regimen.doses] == [(1.0, "sc"), (3.0, "oral")]


def test_only_a_regimen_can_be_added():
    with pytest.raises(TypeError, match="unsupported operand"):
        oral("1 mg") + "1 mg"


def test_a_regimen_moves_later_and_back():
    regimen = oral("1 mg").repeat("1 d", times=2)
    assert times_of(regimen.shifted("2 h")) == [2.0, 26.0]
    assert regimen.shifted("2 h").shifted("-2 h") == regimen


def test_a_regimen_does_not_move_before_the_start():
    with pytest.raises(RegimenError, match="finite time >= 0 h, got -1"):
        oral("1 mg").shifted("-1 h")


def test_the_last_time_is_the_start_of_the_last_dose():
    assert infusion("1 mg", over="10 h").repeat("1 d", times=3).last_time == 48.0


def test_the_total_adds_doses_in_mg_and_per_kg():
    assert (oral("10 mg") + oral("0.5 mg/kg").repeat("1 d", times=2)).total(80.0) == 90.0


def test_for_weight_turns_every_dose_into_mg():
    regimen = (oral("10 mg") + oral("0.5 mg/kg", at="1 d")).for_weight(80.0)
    assert [(one.dose.amount, one.dose.per_kg) for one in regimen.doses] == [
        (10.0, False),
        (40.0, False),
    ]


@pytest.mark.parametrize("weight", [0.0, math.nan])
def test_a_weight_that_nobody_has_is_refused_by_the_regimen(weight):
    with pytest.raises(RegimenError, match="body weight must be finite and > 0 kg"):
        oral("0.5 mg/kg").total(weight)
