"""Every shipped model gives the numbers of its paper, or says why it does not."""

import tomllib
from pathlib import Path

import pytest

import kpksim as kp
from kpksim.analysis.exposure import exposure
from kpksim.bibliography import all_sources
from kpksim.dosing import given
from kpksim.library import list_models
from kpksim.units import hours

FOLDER = Path(__file__).parent
FILES = {file.stem: tomllib.loads(file.read_text()) for file in sorted(FOLDER.glob("*.toml"))}
UNITS = {
    "cmax": {"ng/mL": 1.0},
    "concentration": {"ng/mL": 1.0},
    "tmax": {"h": 1.0, "min": 1 / 60},
    "auc": {"ng h/mL": 1.0, "ng min/mL": 1 / 60},
    "auc_inf": {"ng h/mL": 1.0},
    "clearance": {"L/h": 1.0, "mL/min": 0.06},
    "ratio": {"1": 1.0},
}
LONG = 72.0


def known(reason):
    """Expect a disagreement; a crash is none, and neither is an agreement."""
    return pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True)


def rows():
    """One test per value; a known disagreement must fail, and says why."""
    for model, content in FILES.items():
        for number, row in enumerate(content["values"], start=1):
            marks = [known(row["xfail"])] if "xfail" in row else []
            route = "+".join(dose["route"] for dose in row["doses"])
            name = f"{model}-{number}-{route}-{row['output']}-{row['metric']}"
            yield pytest.param(model, row, id=name, marks=marks)


def regimen_of(row):
    """Join the doses of a row into one regimen."""
    first, *later = (given(**dose) for dose in row["doses"])
    return sum(later, start=first)


def computed(model, row):
    """Compute the metric of a row in the first unit of its kind."""
    regimen, output = regimen_of(row), row["output"]
    if row["metric"] == "concentration":
        time = hours(row["at"])
        return float(kp.simulate(model, regimen, times=[0.0, time])[output][-1])
    table = exposure(model, regimen, horizon=hours(row.get("to", LONG))).set_index("analyte")
    if row["metric"] == "clearance":
        return regimen.doses[0].dose.amount * 1000.0 / table.auc_inf[output]
    if row["metric"] == "ratio":
        return table.auc_inf[output] / table.auc_inf["ketamine"]
    return table["auc_horizon" if row["metric"] == "auc" else row["metric"]][output]


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
    for row in FILES[model]["values"]:
        if row["kind"] == "published":
            assert row["source"] in all_sources()
            assert row["grade"] in ("A", "B")
            assert row["place"]
        else:
            assert row["kind"] == "recomputed"
            assert row["by"]
        assert "interval" in row or (row["tolerance"] <= 0.25 and row["why"])
