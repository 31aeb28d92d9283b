"""Each study has a scenario of its arms, and every arm can be simulated."""

from pathlib import Path

import numpy as np
import pytest

import kpksim as kp
from kpksim.analysis import exposure, read_scenario
from kpksim.evidence import list_studies, load_study
from kpksim.vocabulary import OUTCOMES

FOLDER = Path(__file__).parents[2] / "configs" / "scenarios" / "studies"
ARMS = [
    (key, name)
    for key in list_studies()
    for name, arm in load_study(key).arms.items()
    if arm.regimen is not None
]


def test_every_study_has_a_scenario():
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(list_studies())


@pytest.mark.parametrize("key", list_studies())
def test_a_scenario_gives_what_the_arms_of_its_study_got(key):
    scenario = read_scenario(FOLDER / f"{key}.toml")
    arms = [arm.regimen for arm in load_study(key).arms.values() if arm.regimen is not None]
    assert {one.sentence() for one in scenario.regimens.values()} == {
        one.sentence() for one in arms
    }
    assert scenario.horizon > max(one.last_time for one in arms)


@pytest.mark.parametrize(("key", "name"), ARMS)
def test_an_arm_reaches_the_area_of_its_dose(key, name):
    """All that is absorbed of the reference model's ketamine becomes norketamine."""
    model = kp.load_model("reference_racemic_2026a")
    regimen = load_study(key).arms[name].regimen
    table = exposure(model, regimen, horizon=regimen.last_time + 48.0).set_index("analyte")
    absorbed = 1.0 if regimen.doses[0].dose.route == "iv" else 0.93
    expected = 1000.0 * absorbed * regimen.total(70.0) / 57.72
    assert table["auc_inf"]["norketamine"] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("key", ["glue2018", "irwin2013", "lucchese2021", "taylor2018"])
def test_a_study_is_simulated_with_its_effects(key):
    scenario = read_scenario(FOLDER / f"{key}.toml")
    name, regimen = next(iter(scenario.regimens.items()))
    model = scenario.models[0]
    result = kp.simulate(model, {name: regimen}, np.linspace(0.0, scenario.horizon, 200))
    for outcome in set(scenario.outcomes) & set(OUTCOMES):
        assert np.abs(result[outcome]).max() > 0.0
