"""Where a dose goes: shares, rest, shares by dose, products, overrides."""

from pathlib import Path

import numpy as np
import pytest

from kpksim.errors import ModelError, UnknownName
from kpksim.models import intake_by_compartment, intakes_by_route, parse_model, read_model

TEXT = """
name = "ways"
title = "Ways into the body"
source = "user"
notes = ["The film is a scale, no share."]
compartments = [
  { name = "depot", bioavailability = "f", lag = "tlag", duration = "d" },
  { name = "gut", rate = "r" },
  { name = "central", volume = "vc" },
]
flows = [
  { from = "depot", to = "central", rate = "ka" },
  { from = "gut", to = "central", rate = "ka" },
  { from = "central", rate = "ka" },
]
administrations = [
  { route = "iv", into = "central" },
  { route = "oral", into = "depot" },
  { route = "oral_er", into = "depot", product = "A", duration = "d_er", bioavailability = 0.25 },
  { route = "oral_er", into = "gut", product = "B" },
  { route = "im", into = "depot", fraction = "share" },
  { route = "im", into = "gut", fraction = "rest" },
  { route = "intranasal", into = "central", fraction_by_dose = { "28 mg" = "share", "56 mg" = 0.4 } },
  { route = "intranasal", into = "gut", fraction = "rest" },
  { route = "sublingual", into = "gut", fraction = 1.16, scale_factor = true },
  { route = "sublingual", into = "central", fraction = 0.26, scale_factor = true },
  { route = "sc", into = "depot", fraction = "share" },
  { route = "sc", into = "gut", fraction = 0.3 },
]
outputs.ketamine.compartment = "central"
[parameters]
f     = { value = "0.9" }
tlag  = { value = "6 min" }
d     = { value = "30 min" }
d_er  = { value = "10 h" }
r     = { value = "5 mg/h" }
ka    = { value = "1 1/h" }
vc    = { value = "10 L" }
share = { value = "0.6", iiv = { omega2 = 0.1 } }
"""  # noqa: E501
PEOPLE = {"weight": np.array([70.0, 70.0])}
MODEL = parse_model(TEXT, "ways.toml")
VALUES = MODEL.values(PEOPLE)


def ways(route, amount=10.0, product=None, values=VALUES):
    return intakes_by_route(MODEL, values, route, amount, product)


def test_whole_dose_goes_at_once_when_nothing_else_is_said():
    (way,) = ways("iv")
    assert way.compartment == 2
    assert way.share.tolist() == way.bioavailability.tolist() == [1.0, 1.0]
    assert way.lag.tolist() == [0.0, 0.0]
    assert (way.duration, way.rate) == (None, None)


def test_compartment_gives_what_the_administration_does_not_say():
    (way,) = ways("oral")
    assert way.bioavailability == pytest.approx(0.9)
    assert way.lag == pytest.approx(0.1)
    assert way.duration == pytest.approx(0.5)


def test_administration_overrides_its_compartment():
    (way,) = ways("oral_er", product="A")
    assert way.bioavailability.tolist() == [0.25, 0.25]
    assert way.lag == pytest.approx(0.1)
    assert way.duration == pytest.approx(10.0)


def test_product_chooses_and_the_first_stands_for_none():
    assert ways("oral_er")[0].compartment == ways("oral_er", product="A")[0].compartment == 0
    (other,) = ways("oral_er", product="B")
    assert other.compartment == 1
    assert other.rate == pytest.approx(5.0)
    with pytest.raises(UnknownName, match='no product by route oral_er in ways "C"; known: A, B'):
        ways("oral_er", product="C")
    with pytest.raises(UnknownName, match='route oral in ways "C"; the model tells no products ap'):
        ways("oral", product="C")


def test_rest_is_what_the_other_leaves_in_each_person():
    values = MODEL.values(PEOPLE, {"share": np.array([0.0, 0.5])})
    first, rest = ways("im", values=values)
    assert first.share == pytest.approx(0.6 * np.exp([0.0, 0.5]))
    assert rest.share == pytest.approx(1.0 - first.share)


def test_person_who_would_absorb_more_than_the_dose_is_refused():
    values = MODEL.values(PEOPLE, {"share": np.array([0.0, 1.0])})
    with pytest.raises(ModelError, match=r"by route sc must lie .* the largest sum is 1\.78"):
        ways("sc", values=values | {"f": np.ones(2)} | {"share": 0.6 * np.exp([0.0, 0.905])})
    with pytest.raises(ModelError, match="by route im must lie between 0 and 1"):
        ways("im", values=values)


def test_share_by_dose_is_looked_up_and_never_between():
    assert [way.share[0] for way in ways("intranasal", 28.0)] == pytest.approx([0.6, 0.4])
    assert [way.share[0] for way in ways("intranasal", 56.0)] == pytest.approx([0.4, 0.6])
    with pytest.raises(ModelError, match=r"known for doses of 28, 56 mg, got 42 mg; give one of"):
        ways("intranasal", 42.0)


def test_scale_factor_may_exceed_the_dose():
    assert [way.share[0] for way in ways("sublingual")] == [1.16, 0.26]


def test_unknown_route_is_answered_with_the_known_ones():
    model = parse_model(TEXT.replace('{ route = "iv", into = "central" },', ""), "ways.toml")
    with pytest.raises(ModelError, match='ways has no route "iv"; its routes are oral, oral_er'):
        intakes_by_route(model, VALUES, "iv", 10.0)


def test_record_into_a_compartment_takes_what_the_compartment_says():
    way = intake_by_compartment(MODEL, VALUES, 0)
    assert (way.compartment, way.share.tolist()) == (0, [1.0, 1.0])
    assert way.bioavailability == pytest.approx(0.9)
    assert way.duration == pytest.approx(0.5)
    assert intake_by_compartment(MODEL, VALUES, 1).rate == pytest.approx(5.0)


def chiral(route, drug):
    model = read_model(Path(__file__).with_name("chiral.toml"))
    found = intakes_by_route(
        model, model.values({"weight": np.array([70.0])}), route, 10.0, drug=drug
    )
    return [(way.compartment, way.share.tolist()) for way in found]


def test_each_drug_goes_where_the_model_says_and_an_unknown_one_where_its_own_goes():
    assert chiral("iv", "racemic ketamine") == [(0, [0.5]), (1, [0.5])]
    assert chiral("iv", "esketamine") == [(0, [1.0])]
    assert chiral("iv", "arketamine") == chiral("iv", None) == chiral("iv", "racemic ketamine")


def test_route_of_another_drug_is_no_route_of_this_one():
    with pytest.raises(
        ModelError, match='chiral has no route "oral" for esketamine; its routes are iv'
    ):
        chiral("oral", "esketamine")
