from functools import partial

import pytest

from kpksim.dosing import (
    Dose,
    ascending,
    bolus,
    daily,
    extended_release,
    given,
    infusion,
    intramuscular,
    intranasal,
    oral,
    subcutaneous,
    sublingual,
    twice_weekly,
    weekly,
)
from kpksim.errors import RegimenError, UnitError, UnknownName


def dose_of(regimen):
    (timed,) = regimen.doses
    return timed.dose


def times_of(regimen):
    return [timed.time for timed in regimen.doses]


@pytest.mark.parametrize(
    ("constructor", "route"),
    [
        (bolus, "iv"),
        (subcutaneous, "sc"),
        (intramuscular, "im"),
        (oral, "oral"),
        (extended_release, "oral_er"),
        (intranasal, "intranasal"),
        (sublingual, "sublingual"),
    ],
)
def test_each_constructor_gives_its_route_and_reads_drug_form_and_time(constructor, route):
    regimen = constructor("0.5 mg/kg", drug="esketamine", form="hydrochloride", at="1 d")
    assert dose_of(regimen) == Dose(
        0.5, per_kg=True, route=route, drug="esketamine", form="hydrochloride"
    )
    assert times_of(regimen) == [24.0]


@pytest.mark.parametrize("constructor", [oral, extended_release, intranasal, sublingual])
def test_a_product_is_named_where_there_are_products(constructor):
    assert dose_of(constructor("28 mg", product="spray A")).product == "spray A"


def test_an_infusion_reads_its_duration_in_any_unit_of_time():
    assert dose_of(infusion("35 mg", over="30 min")).over == 0.5
    assert dose_of(infusion("35 mg", over=0.5)).over == 0.5
    assert dose_of(subcutaneous("35 mg", over="8 h")).over == 8.0


def test_amounts_are_read_in_any_unit_of_mass():
    assert dose_of(bolus("0.035 g")).amount == pytest.approx(35.0, rel=1e-15)
    assert dose_of(bolus("500 ug/kg")).amount == pytest.approx(0.5, rel=1e-15)


def test_given_is_what_the_named_constructors_give():
    assert given("1 mg/kg", "sc") == subcutaneous("1 mg/kg")
    assert given("1 mg/kg", "iv", over="40 min") == infusion("1 mg/kg", over="40 min")


@pytest.mark.parametrize("over", ["0 min", "-5 min", 0.0])
def test_an_infusion_without_duration_is_refused_and_bolus_named(over):
    message = rf'infusion needs a duration > 0, got "{over}"; for an instant dose use bolus\(\)'
    with pytest.raises(RegimenError, match=message):
        infusion("35 mg", over=over)


def test_a_subcutaneous_dose_of_no_duration_is_not_sent_to_bolus():
    with pytest.raises(RegimenError, match="for an instant dose leave the duration out"):
        subcutaneous("35 mg", over="0 min")


@pytest.mark.parametrize("dose", [35, 0.5])
def test_a_bare_number_is_no_dose(dose):
    with pytest.raises(UnitError, match=r'text with a unit such as "0.5 mg/kg", got'):
        bolus(dose)


@pytest.mark.parametrize(
    ("dose", "message"),
    [
        ("35", '"35" is a fraction, expected amount or amount per weight'),
        ("0.5 h", '"0.5 h" is a time, expected amount'),
        ("a lot", 'cannot read "a lot" as a quantity'),
        ("nan mg", 'must be a finite number, got "nan mg"'),
    ],
)
def test_what_is_no_amount_is_refused(dose, message):
    with pytest.raises(UnitError, match=message):
        bolus(dose)


@pytest.mark.parametrize("dose", ["0 mg", "-5 mg", "0 mg/kg"])
def test_nothing_and_less_than_nothing_are_refused(dose):
    with pytest.raises(RegimenError, match="a dose must be finite and > 0"):
        oral(dose)


def test_a_duration_that_is_no_time_is_refused():
    with pytest.raises(UnitError, match='"40 mg" is an amount, expected time'):
        infusion("35 mg", over="40 mg")


def test_an_unknown_route_is_refused_with_a_suggestion():
    with pytest.raises(UnknownName, match='no route "orall"; did you mean "oral"'):
        given("35 mg", "orall")


def test_ascending_gives_the_doses_in_their_order():
    regimen = ascending(["0.25 mg/kg", "0.5 mg/kg", "1 mg/kg"], every="1 week", give=subcutaneous)
    assert times_of(regimen) == [0.0, 168.0, 336.0]
    assert [timed.dose.amount for timed in regimen.doses] == [0.25, 0.5, 1.0]


def test_ascending_takes_an_infusion_with_its_duration():
    regimen = ascending(["10 mg", "20 mg"], every="1 d", give=partial(infusion, over="1 h"))
    assert {timed.dose.over for timed in regimen.doses} == {1.0}


@pytest.mark.parametrize("doses", [[], "1 mg"])
def test_ascending_without_a_list_of_doses_is_refused(doses):
    with pytest.raises(RegimenError, match="ascending needs a list of doses"):
        ascending(doses, every="1 week", give=subcutaneous)


def test_ascending_needs_time_between_the_doses():
    with pytest.raises(RegimenError, match='ascending needs every > 0, got "0 h"'):
        ascending(["1 mg"], every="0 h", give=subcutaneous)


def test_daily_weekly_and_twice_weekly_give_their_times():
    assert times_of(daily(oral("35 mg"), days=3)) == [0.0, 24.0, 48.0]
    assert times_of(weekly(oral("35 mg"), weeks=3)) == [0.0, 168.0, 336.0]
    assert times_of(twice_weekly(oral("35 mg"), weeks=2)) == [0.0, 84.0, 168.0, 252.0]
