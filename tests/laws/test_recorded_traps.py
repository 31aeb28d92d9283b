"""Traps into which readers of the papers have fallen: each is refused, or told in words."""

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import kpksim as kp
from kpksim.analysis.exposure import exposure
from kpksim.errors import DataError, ModelError
from kpksim.models import parse_model

MODELS = Path(__file__).parent.parent / "models"
CHIRAL = kp.load_model(MODELS / "chiral.toml")
TABLETS = (MODELS / "apparent.toml").read_text(encoding="utf-8")
LIBRARY = files("kpksim.library") / "models"


def shipped(key):
    """The text of a model of the library."""
    return (LIBRARY / f"{key}.toml").read_text(encoding="utf-8")


def area(model, regimen, analyte="ketamine"):
    """Area of an analyte, dose to infinity [ng h/mL]."""
    return float(exposure(model, regimen, horizon=24.0).set_index("analyte").auc_inf[analyte])


def test_esketamine_gives_twice_the_s_of_equal_racemate_in_a_chiral_model():
    s = kp.simulate(CHIRAL, kp.bolus("35 mg", drug="esketamine"), [0.5, 2.0, 8.0])["ketamine_s"]
    racemate = kp.simulate(CHIRAL, kp.bolus("35 mg"), [0.5, 2.0, 8.0])["ketamine_s"]
    np.testing.assert_allclose(s / racemate, 2.0, rtol=1e-12)


@pytest.mark.parametrize("key", ["otto2021", "reference_racemic_2026a"])
def test_parent_equivalent_norketamine_cannot_be_made_molar_as_well(key):
    """Its volume and clearance hold 223.70 / 237.73 already: a second factor is 5.9 % too low."""
    flow = re.compile(r'to += "central_nk"\n')
    molar, count = flow.subn(r"\g<0>molar = true\n", shipped(key), count=1)
    assert count == 1
    with pytest.raises(
        DataError, match=r'flows\.\d+\.molar: with metabolite_mass = "parent" the r'
    ):
        parse_model(molar, f"{key}.toml")
    unsaid = parse_model(molar.replace('"parent"', '"unknown"', 1), f"{key}.toml")
    given = kp.bolus("35 mg", drug=unsaid.drug)
    low = area(unsaid, given, "norketamine") / area(kp.load_model(key), given, "norketamine")
    assert low == pytest.approx(223.70 / 237.73, rel=1e-9)


def test_own_mass_cannot_lose_its_molar_flows():
    text = shipped("simons2022").replace("molar    = true\n", "")
    with pytest.raises(DataError, match=r"flows\.\d+: .* ketamine becomes norketamine; write mola"):
        parse_model(text, "simons2022.toml")


def test_a_clearance_from_nasal_doses_is_refused_for_an_iv_dose_that_it_would_get_wrong_by_f():
    """One public model took CL/F and V/F of sprays for CL and V of infusions."""
    nasal = TABLETS.replace('route = "oral"', 'route = "intranasal"')
    with pytest.raises(ModelError, match=r'has no route "iv"; its routes are intranasal; it knows'):
        kp.simulate(parse_model(nasal, "nasal.toml"), kp.bolus("35 mg"), [1.0])
    taken_for_cl = nasal.replace('"apparent"', '"true"').replace(
        "[outputs.ketamine]",
        '[[administrations]]\nroute = "iv"\ninto = "central"\n[outputs.ketamine]',
    )
    wrong = parse_model(taken_for_cl, "nasal.toml")
    assert area(wrong, kp.bolus("35 mg")) == pytest.approx(
        area(wrong, kp.intranasal("35 mg")), rel=1e-9
    )


PER_MINUTE = {
    "no unit": ("0.4381", "has no unit, expected rate constant"),
    "a clearance, as table 3 of Perez-Ruixo prints it": ("1.11 L/h", "is of dimension clearance"),
}


@pytest.mark.parametrize("name", PER_MINUTE)
def test_a_rate_constant_needs_its_own_unit(name):
    value, message = PER_MINUTE[name]
    with pytest.raises(DataError, match=rf"parameters\.ka\.value: .* {message}"):
        parse_model(TABLETS.replace('"0.97 1/h"', f'"{value}"'), "mine.toml")


def test_constants_per_minute_are_sixty_times_those_per_hour():
    """Domino: k10 0.4381 per min and 0.063 L/kg are 27.6 mL/min/kg."""
    per_minute = area(kp.load_model("domino1982"), kp.bolus("70 mg"))
    assert 70_000.0 / per_minute / 70.0 * 1000.0 / 60.0 == pytest.approx(27.6, abs=0.01)
    text = shipped("domino1982").replace("1/min", "1/h")
    per_hour = area(parse_model(text, "domino1982.toml"), kp.bolus("70 mg"))
    assert per_hour == pytest.approx(60.0 * per_minute, rel=1e-9)


def test_the_milligrams_of_the_spray_are_base():
    """SPRAVATO: 32.3 mg of hydrochloride are 28 mg of base, for which the share is known."""
    model = kp.load_model("perezruixo2021")
    salt = kp.intranasal("32.3 mg", drug="esketamine", form="hydrochloride")
    base = kp.intranasal("28 mg", drug="esketamine")
    assert area(model, salt) == pytest.approx(area(model, base), rel=1e-3)
    taken_for_base = kp.intranasal("32.3 mg", drug="esketamine")
    with pytest.raises(ModelError, match=r"doses of 28, 56, 84 mg, got 32\.3 mg"):
        area(model, taken_for_base)
