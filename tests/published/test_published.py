"""Every shipped model gives the numbers of its paper, or says why it does not."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

import kpksim as kp
from kpksim.analysis.exposure import exposure
from kpksim.bibliography import all_sources
from kpksim.dosing import given
from kpksim.library import list_models
from kpksim.models.expression import parse_expression
from kpksim.population import People, typical_person
from kpksim.units import hours, to_internal

FOLDER = Path(__file__).parent
FILES = {file.stem: tomllib.loads(file.read_text()) for file in sorted(FOLDER.glob("*.toml"))}
UNITS = {
    "bioavailability": {"1": 1.0},
    "parameters": {"1": 1.0, "L": 1.0},
    "t_half": {"h": 1.0},
    "v_beta": {"L/kg": 1.0},
    "cmax": {"ng/mL": 1.0},
    "concentration": {"ng/mL": 1.0},
    "tmax": {"h": 1.0, "min": 1 / 60},
    "auc": {"ng h/mL": 1.0, "ng min/mL": 1 / 60},
    "auc_inf": {"ng h/mL": 1.0},
    "clearance": {"L/h": 1.0, "mL/min": 0.06, "mL/min/kg": 0.06},
    "ratio": {"1": 1.0},
}
LONG = 72.0


def known(reason):
    """Expect a disagreement; a crash is none, and neither is an agreement."""
    return pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True)


def values_of(content):
    """Give every value of a file; the rows of a table share what the table says."""
    tables = [{**table, **row} for table in content.get("tables", []) for row in table["rows"]]
    return content["values"] + tables


def rows():
    """One test per value; a known disagreement must fail, and says why."""
    for model, content in FILES.items():
        for number, row in enumerate(values_of(content), start=1):
            marks = [known(row["xfail"])] if "xfail" in row else []
            route = "+".join(dose["route"] for dose in row.get("doses", []))
            name = f"{model}-{number}-{route}-{row['output']}-{row['metric']}"
            yield pytest.param(model, row, id=name, marks=marks)


def regimen_of(row):
    """Join the doses of a row into one regimen."""
    first, *later = (given(**dose) for dose in row["doses"])
    return sum(later, start=first)


def person_of(model, row):
    """Give the typical person, with the weight and the covariates of a row."""
    person = typical_person(to_internal(row.get("weight", "70 kg"), "weight"))
    said = {
        name: text if model.covariates[name].categories else to_internal(text, "time")
        for name, text in row.get("covariates", {}).items()
    }
    return People(
        {**person.covariates, **{name: np.array([one]) for name, one in said.items()}}, {}
    )


def from_parameters(model, row):
    """Compute what a row says of the parameters themselves."""
    person = person_of(model, row).with_covariates(model.typical_covariates)
    return float(parse_expression(row["expression"])(model.values(person.covariates))[0])


def computed(model, row):
    """Compute the metric of a row in the first unit of its kind."""
    if row["metric"] == "parameters":
        return from_parameters(model, row)
    regimen, output, person = regimen_of(row), row["output"], person_of(model, row)
    if row["metric"] == "concentration":
        curve = kp.simulate(model, regimen, times=[0.0, hours(row["at"])], subjects=person)
        return float(curve[output].to_numpy().ravel()[-1])
    given_to = {"horizon": hours(row.get("to", LONG)), "subjects": person}
    table = exposure(model, regimen, **given_to).set_index("analyte")
    dose, weight = regimen.doses[0].dose, person.covariates["weight"][0]
    amount = dose.amount * (weight if dose.per_kg else 1.0)
    clearance = amount * 1000.0 / table.auc_inf[output]
    match row["metric"]:
        case "clearance":
            return clearance / (weight if row["unit"].endswith("/kg") else 1.0)
        case "v_beta":
            return clearance * table.t_half[output] / np.log(2.0) / weight
        case "bioavailability":
            iv = given(route="iv", dose="1 mg", drug=model.drug)
            by_vein = exposure(model, iv, **given_to).set_index("analyte")
            return table.auc_inf[output] / amount / by_vein.auc_inf[output]
        case "ratio":
            return table.auc_inf[output] / table.auc_inf["ketamine"]
        case "auc":
            return table.auc_horizon[output]
    return table[row["metric"]][output]


@pytest.mark.parametrize(("model", "row"), list(rows()))
def test_a_model_gives_the_number_of_its_source(model, row):
    factor = UNITS[row["metric"]][row["unit"]]
    found = computed(kp.load_model(model), row)
    if "interval" in row:
        lower, upper = (bound * factor for bound in row["interval"])
        assert lower <= found <= upper
    else:
        assert found == pytest.approx(row["value"] * factor, rel=row["tolerance"])


def test_every_model_of_the_library_has_numbers_to_give():
    assert sorted(FILES) == list_models()
    assert all(content["model"] == name for name, content in FILES.items())


@pytest.mark.parametrize("model", FILES)
def test_every_number_says_where_it_is_from_and_how_near_it_must_be(model):
    for row in values_of(FILES[model]):
        if row["kind"] == "published":
            assert row["source"] in all_sources()
            assert row["grade"] in ("A", "B")
            assert row["place"]
        else:
            assert row["kind"] == "recomputed"
            assert row["by"]
        assert "interval" in row or (row["tolerance"] <= 0.25 and row["why"])
