"""Model files with vmax and km, and with enzymes: read, and refused where they make no sense."""

import re
from pathlib import Path

import numpy as np
import pytest

from kpksim.engine import Nonlinear
from kpksim.errors import DataError, ModelError
from kpksim.models import kinetics, output_rows, parse_model, rate_matrix, reachable
from kpksim.vocabulary import MOLAR_MASS

TEXT = (Path(__file__).parent / "induced.toml").read_text(encoding="utf-8")
MODEL = parse_model(TEXT, "induced.toml")
WEIGHT = {"weight": np.array([70.0, 35.0])}
SATURABLE = 'vmax     = "vmax"\nkm       = "km"\n'
INDUCED = 'clearance = "cl"\nenzyme    = "cyp"'
ENZYME = TEXT[TEXT.index("[[enzymes]]") : TEXT.index("[[administrations]]")]

FAULTS = {
    "vmax without km": (
        SATURABLE, 'vmax = "vmax"\n', r'flows\.3: the flow from "central" needs both "vmax" and'
    ),
    "km without vmax": (
        INDUCED, INDUCED + '\nkm = "km"', r'flows\.4: the flow from "central" needs both "vmax" and'
    ),
    "vmax and clearance": (
        SATURABLE, SATURABLE + 'clearance = "cl"\n', r'flows\.3: .* either "rate" or "clearance",'
    ),
    "no size": (SATURABLE, "", r'flows\.3: .* needs either "rate" or "clearance", or "vmax"'),
    "enzyme on a rate": (
        'rate = "ka"', 'rate = "ka"\nenzyme = "cyp"', r'flows\.1: .* "enzyme", so it needs a "cle'
    ),
    "vmax both ways": (
        'clearance = "q"\n', SATURABLE, r'flows\.2: .* goes both ways: it needs one "to" and a'
    ),
    "enzyme both ways": (
        'clearance = "q"\n', 'clearance = "q"\nenzyme = "cyp"\n', r'flows\.2: .* and no "enzyme"'
    ),
    "vmax of another dimension": (
        '"20 mg/h"', '"20 L/h"', r'vmax\.value: "20 L/h" is of dimension clearance, expected infusi'
    ),
    "km of another dimension": (
        '"300 ng/mL"', '"300 ng"', r'parameters\.km\.value: .* expected concentration .*flows\.3'
    ),
    "molar km": (
        '"300 ng/mL"', '"1 umol/L"', r'parameters\.km\.value: .* of dimension molar concentration'
    ),
    "km 0": ('"300 ng/mL"', '"0 ng/mL"', r"km\.value, used as flows\.3\.km: must be > 0, got"),
    "unknown km": ('km       = "km"', 'km = "kmm"', r'flows\.3\.km: no parameter "kmm"; did you'),
    "km 0 by an expression": (
        '"300 ng/mL"', '"1 mg/L"', r'typical person: induced: a km or ec50 must be > 0, "km2" is 0'
    ),
    "vmax without volume": (
        'rate = "ka"', 'vmax = "vmax"\nkm = "km"', r'flows\.1: a vmax needs a volume in .*"depot"'
    ),
    "shares above 1": (
        'fraction = "fm"', 'fraction = "emax"', r"flows\.3\.to\.central_nk: a share must be <= 1"
    ),
    "an instant flow": (
        '"300 ng/mL"', '"1e-15 ng/mL"', r"no rate constant may exceed 1e\+12 1/h .*; the largest is"
    ),
    "an infinite flow": (
        '"300 ng/mL"', '"1e-307 ng/mL"', r"no rate constant may exceed .* the largest is inf 1/h"
    ),
    "unknown enzyme": (
        'enzyme    = "cyp"', 'enzyme = "cpy"', r'flows\.4\.enzyme: no enzyme "cpy"; did you mean "c'
    ),
    "no enzymes": (ENZYME, "", r'flows\.4\.enzyme: no enzyme "cyp"; each enzyme has a table'),
    "enzyme of no flow": (
        'enzyme    = "cyp"', "", r'enzymes\.cyp: no flow is catalysed by it; give a flow the key'
    ),
    "two enzymes of one name": (ENZYME, ENZYME + ENZYME, 'enzymes: the name "cyp" stands twice'),
    "unknown inducer": (
        'inducer  = "central"', 'inducer = "centre"', r'enzymes\.cyp\.inducer: no compartment "cent'
    ),
    "inducer without volume": (
        'inducer  = "central"', 'inducer = "depot"', r'inducer: compartment "depot" has no volume'
    ),
    "enzyme without ec50": ('ec50     = "ec50"', "", r"enzymes\.1\.ec50: this key is missing"),
    "unknown key of an enzyme": (
        "emax     =", "emxa =", r'enzymes\.1\.emxa: unknown key; did you mean "emax"'
    ),
    "turnover of another dimension": (
        '"0.03 1/h"', '"30 h"', r"parameters\.kenz\.value: .* rate constant .* enzymes\.cyp\.turn"
    ),
    "turnover 0": ('"0.03 1/h"', '"0 1/h"', r"used as enzymes\.cyp\.turnover: must be > 0"),
    "ec50 of another dimension": (
        '"100 ng/mL"', '"100 mg"', r"parameters\.ec50\.value: .* concentration .* enzymes\.cyp\.ec"
    ),
    "emax of a dimension": (
        'emax  = { value = "3" }', 'emax = { value = "3 L" }', r"emax\.value: .* enzymes\.cyp\.emax"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_refused_with_place_and_rule(fault):
    old, new, message = FAULTS[fault]
    assert TEXT.count(old) >= 1
    text = TEXT.replace(old, new, 1)
    if fault == "km 0 by an expression":
        text = text.replace('km       = "km"', 'km = "km2"')
        text += 'km2 = { expression = "km * (fm - fm)" }\n'
    with pytest.raises(DataError, match=message) as refusal:
        parse_model(text, "induced.toml")
    words = str(refusal.value)
    assert words.startswith("induced.toml: ")
    assert not re.search(r"Document|dict\[|list\[|Traceback|\n", words)


def test_the_system_has_the_numbers_of_the_file():
    values = MODEL.values(WEIGHT)
    system = kinetics(MODEL, values)
    assert isinstance(system, Nonlinear)
    vc = np.array([70.0, 35.0])
    cl = 20.0 * (vc / 70.0) ** 0.75
    ratio = MOLAR_MASS["norketamine"] / MOLAR_MASS["ketamine"]
    slope, _ = system.laws(1)
    state = np.array([5.0, 14.0, 3.0, 2.0, 0.25])
    conc = 14.0 / vc[1]
    gone, swapped = 20.0 * conc / (0.3 + conc), 60.0 * (conc - 3.0 / 150.0)
    expected = [
        -5.0,
        5.0 - gone - swapped - cl[1] * 1.25 * conc,
        swapped,
        0.8 * ratio * gone - 60.0 / 100.0 * 2.0,
        0.03 * (3.0 * conc / (0.1 + conc) - 0.25),
    ]
    assert slope(state) == pytest.approx(expected, rel=1e-12)


def test_far_below_km_and_ec50_the_system_is_that_of_the_clearances():
    values = MODEL.values(WEIGHT)
    text = TEXT.replace(ENZYME, "").replace('enzyme    = "cyp"', "")
    text = text.replace(SATURABLE, 'clearance = "cl_int"\n')
    linear = parse_model(text + 'cl_int = { expression = "vmax / km" }\n', "linear.toml")
    assert linear.is_linear
    assert not MODEL.is_linear
    expected = rate_matrix(linear, linear.values(WEIGHT))
    near_zero = kinetics(MODEL, values).near_zero()
    np.testing.assert_allclose(near_zero[:, :4, :4], expected, rtol=1e-12)
    np.testing.assert_array_equal(kinetics(linear, linear.values(WEIGHT)), expected)


def test_an_enzyme_is_a_state_after_the_compartments_that_no_output_sees():
    assert MODEL.n_states == 5
    assert reachable(MODEL, {0}) == [0, 1, 2, 3, 4]
    assert reachable(MODEL, {3}) == [3]
    rows = output_rows(MODEL, tuple(MODEL.outputs), MODEL.values(WEIGHT))
    assert rows.shape == (2, 2, 5)
    assert not rows[:, :, 4].any()


def test_a_km_of_0_in_some_person_is_refused():
    values = MODEL.values(WEIGHT) | {"km": np.array([0.3, 0.0])}
    with pytest.raises(ModelError, match='a km or ec50 must be > 0, "km" is 0 in some person'):
        kinetics(MODEL, values)
