"""Every scenario that is shipped can be computed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kpksim.analysis import compare, read_scenario
from kpksim.library import load_model

FOLDER = Path(__file__).parents[2] / "configs" / "scenarios"
DOSES = {  # mg in all, of each regimen at 70 kg
    "routes": [35.0, 35.0, 35.0],
    "glue_ascending": [122.5],
    "maintenance": [980.0, 1960.0],
    "daily_oral": [980.0],
    "extended_release": [420.0, 840.0, 1680.0],
    "six_infusions": [210.0],
    "esketamine_weekly": [210.0, 420.0],
    "interactions": [14.0] * 5,
}
SEVERAL_MODELS = ["uncertainty_split"]  # tested with the split of the spread


def test_every_file_has_its_doses_written_down():
    known = [*DOSES, *SEVERAL_MODELS]
    assert sorted(known) == sorted(file.stem for file in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("name", DOSES)
def test_a_scenario_is_computed_in_the_typical_person_and_in_people(name):
    scenario = read_scenario(FOLDER / f"{name}.toml")
    assert [one.total(70.0) for one in scenario.regimens.values()] == pytest.approx(DOSES[name])
    found = compare(replace(scenario, people=3, seed=1))
    result = found.result
    assert result.sizes["regimen"] == len(scenario.regimens)
    assert float(result.time[-1]) == scenario.horizon
    for outcome in scenario.outcomes:
        for curve in (result[outcome], result[f"{outcome}_people"]):
            assert np.isfinite(curve).all()
            assert (np.abs(curve) > 0.0).any()


@pytest.mark.parametrize("name", [name for name in DOSES if name != "interactions"])
def test_all_that_is_absorbed_is_cleared_as_norketamine(name):
    linear = (load_model("reference_racemic_2026a"),)
    scenario = replace(read_scenario(FOLDER / f"{name}.toml"), people=0, models=linear)
    summary = compare(scenario).summary
    areas = summary[(summary.metric == "auc_inf") & (summary.quantity == "norketamine")].value
    absorbed = np.array(DOSES[name]) * np.array([
        1.0 if one.doses[0].dose.route == "iv" else 0.93 for one in scenario.regimens.values()
    ])  # fmt: skip
    np.testing.assert_allclose(areas, absorbed * 1000.0 / 57.72, rtol=1e-6)
