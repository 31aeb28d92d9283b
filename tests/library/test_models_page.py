"""The page about the library names every model, and says of each what the model says."""

from pathlib import Path

import pytest

import kpksim as kp
from kpksim.analysis.exposure import exposure
from kpksim.vocabulary import PARTS, ROUTES

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip(" `") for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]
SHORT = {"hydroxynorketamine": "HNK", "dehydronorketamine": "DHNK"}
NAMES = {"racemic ketamine": "racemate", "esketamine": "S-enantiomer"}
SHORT_ROUTES = {"im": "IM", "sc": "SC", "oral_er": "oral ER"}


def test_the_page_lists_every_model_in_order():
    assert [row[0] for row in ROWS] == kp.list_models()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_page_says_what_the_model_says(row):
    model = kp.load_model(row[0])
    routes = {entry.route: None for entry in model.administrations}
    said = [SHORT_ROUTES.get(route, ROUTES[route].phrase) for route in routes]
    assert row[1] == NAMES[model.drug]
    assert sorted(row[2].split(", ")) == sorted(said)
    analytes = dict.fromkeys(PARTS[name][0] for name in model.outputs)
    assert row[3].split("; ")[0] == ", ".join(SHORT.get(name, name) for name in analytes)
    assert ("arterial" in row[3]) == any(name.endswith("_arterial") for name in model.outputs)
    assert row[4] == model.sampling
    first = row[5].split(" ")[0]
    assert first in model.population or first in ("not", "children", "meta-analysis", "composed")


def test_the_spread_that_the_page_states_is_that_of_the_models():
    regimen = {
        drug: kp.infusion("35 mg", over="40 min", drug=drug)
        for drug in ("racemic ketamine", "esketamine")
    }
    peaks, clearances = {}, {}
    for key in kp.list_models():
        model = kp.load_model(key)
        table = exposure(model, regimen[model.drug], horizon=24.0).set_index("analyte")
        peaks[key] = table.cmax["ketamine"]
        clearances[key] = 35_000.0 / table.auc_inf["ketamine"]
    assert min(peaks, key=peaks.get) == "perezruixo2021"
    assert max(peaks, key=peaks.get) == "hornik2018"
    assert f"from {min(peaks.values()):.0f} ng/mL in\n`perezruixo2021` to " in PAGE
    assert f"to {max(peaks.values()):.0f} in `hornik2018`" in PAGE
    assert f"from {min(clearances.values()):.0f} to {max(clearances.values()):.0f} L/h" in PAGE
    assert f"({peaks['otto2021']:.0f} in `otto2021`, {peaks['simons2022']:.0f} in" in PAGE
