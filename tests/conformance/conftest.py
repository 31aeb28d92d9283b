"""The cases as model files of kpksim, and the literal simulator."""

import csv
import importlib.util
import json
import re
from pathlib import Path

import pytest

from kpksim.models import parse_model

HERE = Path(__file__).parent
MODELS = {
    "1 CENT": {"CENT": ["CL/V"]},
    "1 GUT,2 CENT": {"GUT": ["KA > CENT"], "CENT": ["CL/V"]},
    "1 CENT,2 PER": {"CENT": ["CL/V1", "Q/V1 > PER"], "PER": ["Q/V2 > CENT"]},
    "1 GUT,2 CENT,3 PER": {
        "GUT": ["KA > CENT"],
        "CENT": ["CL/V2", "Q/V2 > PER"],
        "PER": ["Q/V3 > CENT"],
    },
    "1 CENT,2 P1,3 P2": {
        "CENT": ["CL/V1", "Q2/V1 > P1", "Q3/V1 > P2"],
        "P1": ["Q2/V2 > CENT"],
        "P2": ["Q3/V3 > CENT"],
    },
    "1 GUT,2 CENT,3 P1,4 P2": {
        "GUT": ["KA > CENT"],
        "CENT": ["CL/V2", "Q3/V2 > P1", "Q4/V2 > P2"],
        "P1": ["Q3/V3 > CENT"],
        "P2": ["Q4/V4 > CENT"],
    },
    "1 GUT,2 PC,3 PP,4 MC": {
        "GUT": ["KA > PC x FH, MC x FPM*MWR"],
        "PC": ["CL/V > MC x FM*MWR", "Q/V > PP"],
        "PP": ["Q/VP > PC"],
        "MC": ["CLM/VM"],
    },
    "1 DEPOT,2 K1,3 K2,4 K3,5 N1,6 N2,7 H1,8 EL": {
        "DEPOT": ["KA > K1 x FH, N1 x FPN*MR"],
        "K1": ["CLK/V1K > N1 x FMN*MR", "Q2K/V1K > K2", "Q3K/V1K > K3"],
        "K2": ["Q2K/V2K > K1"],
        "K3": ["Q3K/V3K > K1"],
        "N1": ["CLN/V1N > H1 x FMH*MH", "QN/V1N > N2"],
        "N2": ["QN/V2N > N1"],
        "H1": ["CLH/VH > EL"],
        "EL": [],
    },
    "1 A,2 B,3 C,4 D,5 E": {
        "A": ["KAB > B"],
        "B": ["KBA > A", "KBC > C", "K0"],
        "C": ["KCB > B", "KCD > D"],
        "D": ["KDC > C", "KDE > E"],
        "E": ["KED > D"],
    },
    "1 T1,2 T2,3 T3,4 T4,5 T5,6 T6,7 CENT": {
        **{f"T{k}": [f"KTR > {f'T{k + 1}' if k < 6 else 'CENT'}"] for k in range(1, 7)},
        "CENT": ["CL/V"],
    },
}
"""What flows where in each structure: rate constant, or clearance/volume, > to x share."""
UNITS = {"C": "L/h", "Q": "L/h", "V": "L", "K": "1/h", "F": "", "M": "", "A": "h", "D": "h"}
"""Unit of a parameter by its first letter."""
SCALED = {"CL": 0.75, "V2": 1.0}
"""Exponent of WT / 70 kg where the parameters depend on it."""


@pytest.fixture(scope="session")
def literal():
    """Give the literal simulator as a module."""
    spec = importlib.util.spec_from_file_location("literal", HERE / "literal.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def model_of():
    """Give a function that makes the model of a case from its meta.json."""
    return lambda meta: parse_model(model_text(meta), f"{meta['case']}.toml")


def model_text(meta):
    """Write the model of a case as a model file."""
    parts = meta["model"]["compartments"]
    key = parts if isinstance(parts, str) else ",".join(parts)
    flows = MODELS[key]
    given = meta["dosing_parameters"]
    given = {} if isinstance(given, str) else given
    numbers, shares = {**meta["parameters"], **given}, {}
    lines = ['name = "case"', f'title = "{meta["description"]}"', 'source = "user"']
    for number, name in enumerate(flows, start=1):
        lines += ["[[compartments]]", f'name = "{name}"', f'volume = "{volume_of(flows[name])}"']
        for word, letter in {
            "bioavailability": "F", "lag": "ALAG", "duration": "D", "rate": "R",
        }.items():  # fmt: skip
            if f"{letter}{number}" in given:
                lines.append(f'{word} = "{letter}{number}"')
    for name, leaving in flows.items():
        for flow in leaving:
            lines += flow_lines(name, flow, shares)
    for number, name in enumerate(flows, start=1):
        lines += [f"[outputs.cmt{number}]", f'compartment = "{name}"']
    for name, value in numbers.items():
        lines += [f"[parameters.{name}]", f'value = "{value!r} {unit_of(name, given)}"']
        if meta["covariates"] == "WT" and name in SCALED:
            scaling = f'covariate = "weight", reference = "70 kg", exponent = {SCALED[name]}'
            lines.append(f"scaling = {{ {scaling} }}")
    for name, product in shares.items():
        lines += [f"[parameters.{name}]", f'expression = "{product}"']
    lines += ["[parameters.ONE]", 'value = "1 L"']
    return "\n".join(lines)


@pytest.fixture(scope="session")
def saturable_model_of():
    """Give a function that makes the same model with a vmax and a huge km on every flow."""
    return lambda meta: parse_model(saturable(model_text(meta)), f"{meta['case']}.toml")


@pytest.fixture(scope="session")
def saturable_text():
    """Give the function that does so with the text of a model file."""
    return saturable


def saturable(text):
    """Give every flow of a model file the vmax that makes it the same far below km."""
    volumes = dict(re.findall(r'name = "(\w+)"\nvolume = "(\w+)"', text))
    largest = {}

    def flow(found):
        origin, key, size = found.groups()
        slope = size if key == "clearance" else f"{size} * {volumes[origin]}"
        name = f"vmax_{size}_{origin}"
        largest[name] = f"{slope} * huge"
        return f'from = "{origin}"\nvmax = "{name}"\nkm = "huge"'

    lines = [re.sub(r'from = "(\w+)"\n(clearance|rate) = "(\w+)"', flow, text)]
    lines += [f'[parameters.{name}]\nexpression = "{one}"' for name, one in largest.items()]
    return "\n".join([*lines, "[parameters.huge]", 'value = "1e9 g/L"'])


def volume_of(leaving):
    """Name the volume of a compartment; where there is none, 1 L makes mg/L of mg."""
    named = [flow.split(">")[0].split("/")[1].strip() for flow in leaving if "/" in flow]
    return named[0] if named else "ONE"


def flow_lines(origin, flow, shares):
    """Write one flow; a product of parameters that is a share becomes a parameter of its own."""
    rate, _, to = flow.partition(" > ")
    key = "clearance" if "/" in rate else "rate"
    lines = ["[[flows]]", f'from = "{origin}"', f'{key} = "{rate.split("/")[0]}"']
    if not to:
        return lines
    arrivals = []
    for arrival in to.split(", "):
        name, _, product = arrival.partition(" x ")
        share = product.replace("*", "_times_")
        if "*" in product:
            shares[share] = product
        arrivals.append(f'{name} = "{share}"' if share else f"{name} = 1.0")
    return [*lines, f"to = {{ {', '.join(arrivals)} }}"]


def unit_of(name, given):
    """Give the unit of a parameter from its name."""
    if name in given and name.startswith("R"):
        return "mg/h"
    return UNITS[name[0]] if name in given or name[0] not in "D" else "1"


@pytest.fixture(scope="session")
def records_of():
    """Give a function that reads the lines of a CSV file as dictionaries."""

    def read(path):
        with path.open() as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def meta_of():
    """Give a function that reads the meta.json of a folder."""
    return lambda folder: json.loads((folder / "meta.json").read_text())
