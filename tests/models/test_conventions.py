"""What a model says of CL/F, of the mass of metabolites and of the site holds in its structure."""

from pathlib import Path

import numpy as np
import pytest

import kpksim as kp
from kpksim.errors import DataError
from kpksim.models import parse_model

FOLDER = Path(__file__).parent
TABLETS = (FOLDER / "apparent.toml").read_text(encoding="utf-8")
MINE = (FOLDER / "mine.toml").read_text(encoding="utf-8")
MOLAR = "molar     = true\n"
OWN = MINE.replace('name = "depot"', 'name = "depot"\nanalyte = "ketamine"', 1).replace(
    'rate = "ka"', 'rate = "ka"\nmolar = true', 1
)
ROUTE = "[outputs.ketamine]"


def stating(text, **keys):
    """The same file with further keys at its head."""
    return "".join(f'{key} = "{value}"\n' for key, value in keys.items()) + text


CONTRADICTIONS = {
    "molar flow in parent mass": (
        stating(MINE, metabolite_mass="parent"),
        r'flows\.3\.molar: with metabolite_mass = "parent" .* leave molar out, or write',
    ),
    "mass kept where the analyte changes": (
        stating(OWN.replace(MOLAR, ""), metabolite_mass="own"),
        r'flows\.3: with metabolite_mass = "own" .* ketamine becomes norketamine; write molar',
    ),
    "mass kept on the way in": (
        stating(MINE, metabolite_mass="own"), r"flows\.1: .* ketamine becomes norketamine; write"
    ),
    "IV beside CL/F": (
        TABLETS.replace(ROUTE, f'[[administrations]]\nroute = "iv"\ninto = "central"\n{ROUTE}'),
        r'administrations\.2\.route: with clearance = "apparent" .* straight into blood; leave',
    ),
    "IV alone with CL/F": (
        TABLETS.replace('route = "oral"', 'route = "iv"'),
        r"administrations\.1\.route: .* straight into blood",
    ),
    "F of another route beside CL/F": (
        TABLETS.replace(ROUTE, f'[[administrations]]\nroute = "sublingual"\ninto = "depot"\n'
                               f'bioavailability = 0.5\n{ROUTE}'),
        r'administrations\.2\.route: .* bioavailability of route oral, so "sublingual" cannot',
    ),
    "F of the compartment beside CL/F": (
        TABLETS.replace('name = "depot"', 'name = "depot"\nbioavailability = "f"', 1)
        + 'f = { value = "0.18" }\n',
        r"compartments\.depot\.bioavailability: .* in CL/F already and would count twice; leave",
    ),
    "F of the administration beside CL/F": (
        TABLETS.replace('into = "depot"', 'into = "depot"\nbioavailability = 0.18'),
        r"administrations\.1\.bioavailability: .* would count twice",
    ),
    "venous output called arterial": (
        TABLETS.replace("[outputs.ketamine]", "[outputs.ketamine_arterial]"),
        r'outputs\.ketamine_arterial\.site: an output named so is arterial, got "venous"; write',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_file_that_contradicts_itself_is_refused(name):
    text, message = CONTRADICTIONS[name]
    with pytest.raises(DataError, match=rf"mine\.toml: {message}"):
        parse_model(text, "mine.toml")


def test_a_relative_bioavailability_of_a_second_product_stands_beside_the_first():
    second = '[[administrations]]\nroute = "oral"\nproduct = "R-107"\ninto = "depot"\n'
    model = parse_model(TABLETS.replace(ROUTE, f"{second}bioavailability = 0.5\n{ROUTE}"), "a.toml")
    plain = kp.simulate(model, kp.oral("35 mg"), [1.0])["ketamine"]
    other = kp.simulate(model, kp.oral("35 mg", product="R-107"), [1.0])["ketamine"]
    np.testing.assert_allclose(other, 0.5 * plain, rtol=1e-12)


def test_models_of_both_kinds_of_mass_give_own_mass_and_compare_as_they_are():
    """Parent-equivalent mass in V x 237.73 / 223.70 is the same concentration as own mass in V."""
    own = parse_model(stating(OWN, metabolite_mass="own"), "own.toml")
    ratio = 237.73 / 223.70
    text = MINE.replace(MOLAR, "").replace('"1.41 L/kg"', f'"{1.41 * ratio!r} L/kg"')
    text = text.replace('"0.6 * cl"', f'"{0.6 * ratio!r} * cl"')
    parent = parse_model(stating(text, metabolite_mass="parent"), "parent.toml")
    regimen, times = kp.oral("35 mg") + kp.bolus("10 mg", at="3 h"), [0.5, 2.0, 5.0, 24.0]
    first, second = (kp.simulate(one, regimen, times) for one in (own, parent))
    for name in ("ketamine", "norketamine"):
        np.testing.assert_allclose(first[name], second[name], rtol=1e-12)
        assert first[name].attrs["units"] == second[name].attrs["units"] == "ng/mL"
