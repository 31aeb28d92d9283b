import math

import pytest

from kpksim.dosing import Dose, Timed
from kpksim.errors import RegimenError, UnknownName


def test_a_dose_per_kg_is_multiplied_by_the_weight():
    dose = Dose(0.5, per_kg=True, route="iv", over=2 / 3).for_weight(80.0)
    assert dose == Dose(40.0, per_kg=False, route="iv", over=2 / 3)


def test_a_dose_in_mg_does_not_depend_on_the_weight():
    dose = Dose(35.0, per_kg=False, route="iv")
    assert dose.for_weight(50.0) == dose.for_weight(100.0) == dose


def test_the_unit_says_what_the_amount_is():
    assert Dose(1.0, per_kg=True, route="sc").unit == "mg/kg"
    assert Dose(1.0, per_kg=False, route="sc").unit == "mg"


@pytest.mark.parametrize("amount", [0.0, -5.0, math.nan, math.inf])
def test_an_amount_that_is_not_finite_and_positive_is_refused(amount):
    with pytest.raises(RegimenError, match=rf"must be finite and > 0, got {amount:g} mg"):
        Dose(amount, per_kg=False, route="iv")


@pytest.mark.parametrize("over", [-1.0, math.nan, math.inf])
def test_a_duration_that_is_no_time_is_refused(over):
    with pytest.raises(RegimenError, match=rf"duration .* finite and >= 0 h, got {over:g}"):
        Dose(35.0, per_kg=False, route="iv", over=over)


@pytest.mark.parametrize("route", ["oral", "oral_er", "intranasal", "sublingual"])
def test_a_duration_is_refused_where_the_route_has_none(route):
    with pytest.raises(RegimenError, match="only IV, IM and SC doses are given over a time"):
        Dose(35.0, per_kg=False, route=route, over=1.0)


@pytest.mark.parametrize("route", ["iv", "im", "sc"])
def test_a_duration_is_kept_where_the_route_has_one(route):
    assert Dose(35.0, per_kg=False, route=route, over=1.0).over == 1.0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"route": "subcutaneus"}, 'no route "subcutaneus"'),
        ({"route": "intranassal"}, 'did you mean "intranasal"'),
        ({"drug": "esketamin"}, 'no drug "esketamin"; did you mean "esketamine"'),
        ({"form": "salt"}, 'no form "salt"'),
    ],
)
def test_an_unknown_name_is_refused_with_a_suggestion(changed, message):
    with pytest.raises(UnknownName, match=message):
        Dose(**({"amount": 1.0, "per_kg": False, "route": "iv"} | changed))


@pytest.mark.parametrize("product", ["", " ", ".", "two\nlines", " padded"])
def test_a_product_that_a_table_would_lose_is_refused(product):
    with pytest.raises(RegimenError, match="a product needs a name in plain words"):
        Dose(60.0, per_kg=False, route="oral_er", product=product)


@pytest.mark.parametrize("weight", [0.0, -70.0, math.nan, math.inf])
def test_a_weight_that_nobody_has_is_refused(weight):
    with pytest.raises(
        RegimenError, match=rf"body weight must be finite and > 0 kg, got {weight:g}"
    ):
        Dose(0.5, per_kg=True, route="sc").for_weight(weight)


@pytest.mark.parametrize("time", [-1.0, math.nan, math.inf])
def test_a_dose_before_the_start_or_at_no_time_is_refused(time):
    with pytest.raises(RegimenError, match=rf"starts at a finite time >= 0 h, got {time:g}"):
        Timed(time, Dose(35.0, per_kg=False, route="iv"))


@pytest.mark.parametrize(
    ("amount", "per_kg"), [(50_000.1, False), (1e300, False), (100.1, True), (1e6, True)]
)
def test_a_dose_beyond_any_in_use_is_refused(amount, per_kg):
    with pytest.raises(
        RegimenError, match=r"is no dose for a person, the most is (50000 mg|100 mg/kg)"
    ):
        Dose(amount, per_kg=per_kg, route="iv")
