"""Covariates of published models reach them from Python and from event tables alike."""

import numpy as np
import pytest

import kpksim as kp
from kpksim.errors import DataError, ModelError
from kpksim.population import People

DOSE = "ID,TIME,EVID,CMT,AMT,RATE"


def read(tmp_path, text):
    path = tmp_path / "events.csv"
    path.write_text(text)
    return kp.read_events(path)


@pytest.mark.parametrize("ancestry", ["other", "asian", "japanese"])
def test_ancestry_from_a_column_is_that_of_python(ancestry, tmp_path):
    model = kp.load_model("perezruixo2021")
    rows = f"1,0,1,iv,28,0,{ancestry}\n1,1,0,0,0,0,{ancestry}\n1,6,0,0,0,0,{ancestry}\n"
    table = kp.simulate(model, read(tmp_path, f"{DOSE},ANCESTRY\n{rows}"))
    person = People({"weight": np.array([70.0]), "ancestry": np.array([ancestry])}, {})
    regimen = kp.bolus("28 mg", drug="esketamine")
    curve = kp.simulate(model, regimen, times=[0.0, 1.0, 6.0], subjects=person)
    for name in ("ketamine", "norketamine"):
        found = table[name].to_numpy().ravel()[1:]
        assert found == pytest.approx(curve[name].to_numpy().ravel()[1:], rel=1e-12)


def test_people_of_asian_ancestry_keep_ketamine_and_norketamine_longer():
    model = kp.load_model("perezruixo2021")
    words = np.array(["other", "asian", "japanese"])
    people = People({"weight": np.full(3, 70.0), "ancestry": words}, {})
    values = model.values(people.with_covariates(model.typical_covariates).covariates)
    assert values["kel"] == pytest.approx([1.11, 1.11 * 0.36, 1.11 * 0.36])
    assert values["cl_nk"] == pytest.approx([38.0, 38.0 * 0.81, 38.0 * 0.81])
    assert values["frn"] == pytest.approx([0.54, 0.54, 0.54 * 1.34])


def test_unknown_ancestry_is_refused_with_the_known_ones(tmp_path):
    model = kp.load_model("perezruixo2021")
    table = read(tmp_path, f"{DOSE},ANCESTRY\n1,0,1,iv,28,0,Japanese\n1,1,0,0,0,0,Japanese\n")
    message = r'events\.csv: line 2.*no category of ancestry .* "Japanese"; did you mean "japanese"'
    with pytest.raises(DataError, match=message):
        kp.simulate(model, table)
    people = People({"weight": np.array([70.0]), "ancestry": np.array(["martian"])}, {})
    with pytest.raises(ModelError, match="person 1: no category of ancestry in perezruixo2021"):
        kp.simulate(model, kp.bolus("28 mg", drug="esketamine"), subjects=people)


def test_clearance_of_norketamine_in_intensive_care_rises_with_the_column_elapsed(tmp_path):
    """At steady state its level follows the clearance at once: its volume is tiny."""
    model = kp.load_model("flint2017")
    times = (200.0, 201.0, 250.0)
    rows = "1,0,1,central,4200,16.8,7,0\n"
    rows += "".join(f"1,{time},0,0,0,0,7,{time}\n" for time in times)
    result = kp.simulate(model, read(tmp_path, f"{DOSE},WT,ELAPSED\n{rows}"))
    ketamine, norketamine = (result[k].to_numpy().ravel()[1:] for k in ("ketamine", "norketamine"))
    scale = (7.0 / 70.0) ** 0.75
    assert ketamine == pytest.approx(16.8 / (112.0 * scale) * 1000.0, rel=1e-6)
    expected = 16.8 / (53.2 * scale * (1.0 + 0.0087 * np.array(times))) * 1000.0
    assert norketamine == pytest.approx(expected, rel=1e-6)
