"""A control arm follows expectation, and midazolam if it is given."""

import numpy as np
import pytest

import kpksim as kp
from kpksim.errors import ModelError, UnknownName
from kpksim.evidence import list_studies, load_study
from kpksim.simulation.control import control_arm

TIMES = np.array([0.0, 1.0, 24.0, 168.0])
CONTROLS = [
    (key, arm.name)
    for key in list_studies()
    for arm in load_study(key).arms.values()
    if arm.kind != "drug"
]


@pytest.mark.parametrize("study", ["blinded", "open"])
@pytest.mark.parametrize("outcome", ["anxiety", "depression"])
def test_a_control_arm_is_the_limit_of_a_vanishing_dose(outcome, study):
    model = kp.load_model("reference_racemic_2026a")
    least = kp.simulate(model, kp.bolus("1e-9 mg"), TIMES, outcomes=[outcome], expectation=study)
    found = control_arm(TIMES, outcomes=[outcome])[f"{outcome}_{study}"]
    np.testing.assert_allclose(found, least[outcome], rtol=1e-9, atol=1e-9)
    assert found[-1] < found[0] == 0.0


@pytest.mark.parametrize(("key", "name"), CONTROLS)
def test_every_control_arm_of_a_study_can_be_simulated(key, name):
    arm = load_study(key).arms[name]
    assert arm.regimen is None
    assert arm.given
    times = [hour for one in load_study(key).statements for hour in one.hours]
    found = control_arm(sorted(set(times)), kind=arm.kind)
    assert np.isfinite(found["anxiety_blinded"]).all()


@pytest.mark.parametrize("study", ["blinded", "open"])
def test_midazolam_adds_to_expectation_and_is_gone_in_a_day(study):
    placebo, midazolam = (control_arm(TIMES, kind=kind) for kind in ("placebo", "midazolam"))
    difference = (midazolam - placebo)[f"anxiety_{study}"].to_numpy()
    assert (difference[:2] < -5.0).all()
    assert -0.1 < difference[2] < 0.0
    assert abs(difference[3]) < 1e-12
    assert "midazolam" in midazolam[f"anxiety_{study}"].attrs["long_name"]


def test_there_are_control_arms():
    assert len(CONTROLS) >= 6


def test_what_does_not_change_without_ketamine_is_refused():
    with pytest.raises(ModelError, match='"dissociation" does not change without ketamine'):
        control_arm(TIMES, outcomes=["dissociation"])
    with pytest.raises(UnknownName, match='no outcome "axiety"; did you mean "anxiety"'):
        control_arm(TIMES, outcomes=["axiety"])
    with pytest.raises(UnknownName, match='no kind of control "saline"; known: placebo, midazo'):
        control_arm(TIMES, kind="saline")
