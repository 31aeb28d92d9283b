"""Text with a unit becomes the number in mg, h, L and kg, or is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpksim.errors import UnitError, UnknownName
from kpksim.units import (
    INTERNAL_UNIT,
    base_to_hydrochloride,
    dimension_of,
    formula_dimension,
    hours,
    hydrochloride_to_base,
    mass_to_molar,
    molar_to_mass,
    read_quantity,
    say_time,
    to_internal,
)
from kpksim.vocabulary import HYDROCHLORIDE_TO_BASE, MOLAR_MASS

READ = [
    ("35 mg", "amount", 35.0),
    ("0.035 g", "amount", 35.0),
    ("35000 ug", "amount", 35.0),
    ("35000 mcg", "amount", 35.0),
    ("35000 \N{MICRO SIGN}g", "amount", 35.0),
    ("35000 \N{GREEK SMALL LETTER MU}g", "amount", 35.0),
    ("0.5 mg/kg", "amount per weight", 0.5),
    ("500 ug / kg", "amount per weight", 0.5),
    ("40 min", "time", 2.0 / 3.0),
    ("90 s", "time", 0.025),
    ("2 weeks", "time", 336.0),
    ("1 year", "time", 365.25 * 24.0),
    (".5 d", "time", 12.0),
    ("5e-1 d", "time", 12.0),
    ("133 L", "volume", 133.0),
    ("0.063 L/kg", "volume per weight", 0.063),
    ("1.48 L/min", "clearance", 88.8),
    ("19.1 mL/min/kg", "clearance per weight", 1.146),
    ("0.0109 1/min", "rate constant", 0.654),
    ("0.654/h", "rate constant", 0.654),
    ("0.654 h^-1", "rate constant", 0.654),
    ("2 mg/min", "infusion rate", 120.0),
    ("5 mcg/kg/min", "infusion rate per weight", 0.3),
    ("150 ng/mL", "concentration", 0.15),
    ("0.058 nmol/mL", "molar concentration", 0.058),
    ("54 %", "fraction", 0.54),
    ("0.54", "fraction", 0.54),
    ("  5  mmHg ", "pressure", 5.0),
    ("-2.19 L/h", "clearance", -2.19),
]


@pytest.mark.parametrize(("text", "dimension", "number"), READ)
def test_text_becomes_the_internal_number(text, dimension, number):
    assert dimension_of(text) == dimension
    assert to_internal(text, dimension) == pytest.approx(number, rel=1e-14)


@given(
    st.sampled_from(list(INTERNAL_UNIT)),
    st.floats(min_value=-1e300, max_value=1e300),
)
def test_internal_number_written_with_its_unit_is_read_back(dimension, number):
    unit = INTERNAL_UNIT[dimension]
    text = f"{number!r} {'' if unit == '1' else unit}"
    assert read_quantity(text, dimension) == (number, dimension)
    assert dimension_of(text) == ("amount" if dimension == "weight" else dimension)


@given(st.floats(min_value=0.01, max_value=1e5))
def test_time_as_a_person_says_it_is_read_back(value):
    assert hours(say_time(value)) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0 h"), (1 / 60, "1 min"), (1.0, "1 h"), (1.5, "90 min"), (2.0, "2 h"),
        (24.0, "1 d"), (25.0, "25 h"), (36.0, "1.5 d"), (72.0, "3 d"), (336.0, "14 d"),
    ],
)  # fmt: skip
def test_time_is_said_in_the_unit_of_daily_life(value, said):
    assert say_time(value) == said


def test_plain_number_of_hours_stays():
    assert hours(2) == 2.0
    with pytest.raises(UnitError, match="a time must be a finite number, got nan"):
        hours(math.nan)


@pytest.mark.parametrize(
    "text",
    [
        "", "mg", "thirty mg", "0,5 mg", "1,000 mg", "1 000 mg", "1_000 mg", "1/2 mg", "2*3 mg",
        "5 mg + 3 mg", "5 h 30 min", "5 mg 3", "1.2.3 mg", "5 mg;", "(5) mg", "0x10 mg", "5 MG",
        "5 furlong", "0.5 mg/(kg*h)", "5 mg/", "5 mg//kg", "5 ^ 2 mg", "__import__('os')",
    ],
)  # fmt: skip
def test_text_that_may_be_misread_is_refused(text):
    with pytest.raises(UnitError, match="as a quantity; write one number, with a decimal point"):
        dimension_of(text)


@pytest.mark.parametrize("text", ["nan mg", "inf mg", "1e999 mg", "-1e999 mg"])
def test_number_without_a_value_is_refused(text):
    with pytest.raises(UnitError, match="a quantity must be a finite number, got "):
        dimension_of(text)


def test_number_without_text_is_refused_with_the_way_out():
    with pytest.raises(UnitError, match=r'text with a unit such as "0.5 mg/kg", got 35 without'):
        dimension_of(35)


@pytest.mark.parametrize("text", ["0.5 mg kg^-1", "0.5 mg*kg^-1/h"])
def test_body_weight_without_a_slash_is_refused(text):
    with pytest.raises(UnitError, match="per body weight is written with a slash"):
        dimension_of(text)


@pytest.mark.parametrize(
    ("text", "allowed", "message"),
    [
        ("0.5 h", ["amount", "amount per weight"],
         r'"0.5 h" is a time, expected amount or amount per weight \(unit like mg, mg/kg\)'),
        ("0.063 L", ["volume per weight"], r'"0.063 L" is a volume, expected volume per weight'),
        ("5 mg", ["time"], '"5 mg" is an amount, expected time'),
        ("5 L^2", ["volume"], r'"5 L\^2" is a \[volume\] \*\* 2, expected volume'),
        ("0.5 mg/kg", ["fraction"], "is an amount per weight, expected fraction"),
    ],
)  # fmt: skip
def test_wrong_dimension_says_what_it_is_and_what_is_expected(text, allowed, message):
    with pytest.raises(UnitError, match=message):
        read_quantity(text, *allowed)


FORMULAS = [
    (lambda v: v["cl"] / v["vc"], "rate constant"),
    (lambda v: v["cl"] * v["vc"] / (v["vc"] - v["vp"]), "clearance"),
    (lambda v: v["amount"] / v["vc"], "concentration"),
    (lambda v: np.exp(-v["cl"] / v["vc"] * v["lag"]), "fraction"),
    (lambda v: np.minimum(v["vc"], v["vp"]), "volume"),
    (lambda v: v["f"] ** v["f"] * v["vc"], "volume"),
    (lambda v: np.log(v["f"] - v["f"]), "fraction"),
    (lambda v: 2.0, "fraction"),
]
DIMENSIONS = {
    "cl": "clearance", "vc": "volume", "vp": "volume", "lag": "time", "f": "fraction",
    "amount": "amount", "weight": "weight",
}  # fmt: skip


@pytest.mark.parametrize(("formula", "dimension"), FORMULAS)
def test_formula_has_the_dimension_of_its_arithmetic(formula, dimension):
    assert formula_dimension(formula, DIMENSIONS) == dimension


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (lambda v: v["cl"] + v["vc"], "units do not agree"),
        (lambda v: np.exp(v["vc"]), "units do not agree"),
        (lambda v: np.maximum(v["vc"], 0.5), "units do not agree"),
        (lambda v: v["vc"] ** 2, "which is no quantity of a model"),
        (lambda v: v["vc"] ** v["f"], "which is no quantity of a model"),
        (lambda v: v["weight"] / v["amount"], "which is no quantity of a model"),
        (lambda v: v["weight"] + v["amount"], "units do not agree"),
    ],
)
def test_formula_that_mixes_units_is_refused(formula, message):
    with pytest.raises(UnitError, match=message):
        formula_dimension(formula, DIMENSIONS)


def test_hydrochloride_holds_the_base_of_its_molar_mass():
    ketamine, chloride = MOLAR_MASS["ketamine"], 36.46
    assert pytest.approx(ketamine / (ketamine + chloride), abs=5e-4) == HYDROCHLORIDE_TO_BASE
    assert hydrochloride_to_base(57.7) == pytest.approx(50.0, abs=0.05)
    amounts = np.array([0.0, 1.0, 35.0])
    assert base_to_hydrochloride(hydrochloride_to_base(amounts)) == pytest.approx(amounts)


@pytest.mark.parametrize("analyte", MOLAR_MASS)
def test_molar_concentration_goes_back_and_forth(analyte):
    concentrations = np.array([0.0, 1.0, 250.0])
    molar = mass_to_molar(concentrations, analyte)
    assert molar == pytest.approx(concentrations / MOLAR_MASS[analyte])
    assert molar_to_mass(molar, analyte) == pytest.approx(concentrations)


@pytest.mark.parametrize("convert", [mass_to_molar, molar_to_mass])
def test_molar_mass_of_an_unknown_analyte_is_refused(convert):
    with pytest.raises(UnknownName, match='no analyte "norket"; did you mean "norketamine"'):
        convert(1.0, "norket")


def test_molar_masses_follow_from_the_atoms():
    carbon, hydrogen, nitrogen, oxygen, chlorine = 12.011, 1.008, 14.007, 15.999, 35.45
    atoms = {
        "ketamine": (13, 16, 1),
        "norketamine": (12, 14, 1),
        "hydroxynorketamine": (12, 14, 2),
        "dehydronorketamine": (12, 12, 1),
    }
    for analyte, (c, h, o) in atoms.items():
        mass = c * carbon + h * hydrogen + nitrogen + o * oxygen + chlorine
        assert MOLAR_MASS[analyte] == pytest.approx(mass, abs=0.02)
