"""Where effect curves go beyond the evidence."""

import numpy as np
import pytest
import xarray as xr

import kpksim as kp
from kpksim.evidence import supported
from kpksim.simulation.beyond import CHANGED_BODY, with_beyond

HOURS = np.array([0.0, 0.25, 0.5, 2 / 3, 1.0, 2.0, 24.0, 167.0, 336.0, 337.0, 700.0])
INFUSION = kp.infusion("0.5 mg/kg", over="40 min")


def marked(regimen, outcome="anxiety", *, times=HOURS, weight=70.0):
    """The times that are beyond the evidence, and why."""
    empty = xr.Dataset(coords={"regimen": ["A"], "time": times})
    found = with_beyond(empty, {"A": regimen}, [outcome], weight=weight)
    flags = found["beyond_evidence"].values[0, 0]
    return times[flags].tolist(), str(found["why_beyond"].values[0, 0])


def test_one_infusion_is_supported_from_its_first_rating_to_its_last():
    times, why = marked(INFUSION)
    assert times == [0.25, 0.5, 337.0, 700.0]
    assert why == "no rating before 40 min; last rating 14 d after a dose"


def test_nothing_is_marked_before_the_dose():
    later = INFUSION.shifted("100 h")
    assert marked(later)[0] == [700.0]


@pytest.mark.parametrize(
    ("regimen", "why"),
    [
        (kp.intramuscular("0.5 mg/kg"), "no study of IM ketamine states it"),
        (kp.subcutaneous("0.5 mg/kg", drug="esketamine"), "no study of SC esketamine states it"),
        (INFUSION + kp.subcutaneous("0.5 mg/kg"), "no study of IV ketamine and SC ketamine tog"),
        (kp.infusion("1 mg/kg", over="40 min"), "studies gave IV doses of 0.5 mg/kg"),
        (kp.bolus("0.5 mg/kg"), "studies gave IV doses over 40 min"),
        (kp.subcutaneous("2 mg/kg"), "studies gave SC doses of 0.25 to 1 mg/kg"),
    ],
)  # fmt: skip
def test_what_no_study_gave_is_marked_from_the_first_dose(regimen, why):
    times, said = marked(regimen)
    assert times == HOURS[1:].tolist()
    assert said.startswith(why)


def test_a_dose_in_mg_is_judged_by_the_weight_of_the_person():
    flat = kp.infusion("35 mg", over="40 min")
    assert marked(flat, weight=70.0) == marked(INFUSION)
    assert "doses of 0.5 mg/kg" in marked(flat, weight=50.0)[1]


def test_the_seventh_infusion_is_one_too_many():
    times = np.arange(0.0, 700.0)
    found, why = marked(INFUSION.repeat(every="48 h", times=8), times=times)
    assert 6 * 48.0 not in found  # what the dose itself does comes after it
    assert 6 * 48.0 + 1.0 in found
    assert 6 * 48.0 - 1.0 not in found
    assert "studies gave at most 6 doses IV" in why


def test_doses_closer_than_any_studied_ones_are_marked_from_the_second():
    found, why = marked(INFUSION.repeat(every="24 h", times=3), times=np.arange(0.0, 100.0))
    assert found == np.arange(25.0, 100.0).tolist()
    assert "studies gave IV doses 2 d or more apart" in why


def test_a_single_dose_counts_as_doses_endlessly_far_apart():
    assert marked(INFUSION.repeat(every="14 d", times=2), times=np.arange(1.0, 600.0))[0] == []


def test_a_course_that_was_studied_at_one_spacing_alone_has_no_other():
    daily = kp.oral("0.5 mg/kg").repeat(every="24 h", times=28)
    assert marked(daily, times=np.arange(72.0, 672.0))[0] == []
    weekly = kp.oral("0.5 mg/kg").repeat(every="168 h", times=2)
    assert "studies gave oral doses 1 d apart" in marked(weekly)[1]


def test_simulate_marks_its_effects_and_no_concentration():
    model = kp.load_model("reference_racemic_2026a")
    result = kp.simulate(model, {"IV": INFUSION}, [0.0, 0.5, 1.0], outcomes=["ketamine", "sbp"])
    assert result["beyond_evidence"].dims == ("regimen", "outcome", "time")
    assert result["outcome"].values.tolist() == ["sbp"]
    assert result["beyond_evidence"].values.tolist() == [[[False, True, True]]]
    assert result["beyond_evidence"].attrs["long_name"]
    alone = kp.simulate(model, INFUSION, [0.0, 0.5], outcomes=["ketamine"])
    assert "beyond_evidence" not in alone.coords


def test_no_study_speaks_of_a_changed_body():
    model = kp.load_model("reference_racemic_2026a")
    slow = kp.models.changed(model, {"cl": 0.5})
    result = kp.simulate(slow, INFUSION, [0.0, 1.0], outcomes=["anxiety"])
    assert result["beyond_evidence"].values.tolist() == [[False, True]]
    assert result["why_beyond"].values.tolist() == [CHANGED_BODY]


def test_every_limit_is_a_time_dose_or_number_of_a_study():
    """The edges of what is marked are the spans that the statements have, and no other number."""
    for (drug, route), span in supported("anxiety").items():
        if drug != "racemic ketamine" or span.after_one == 0.0:
            continue
        build = {"iv": INFUSION, "sc": kp.subcutaneous("0.5 mg/kg")}.get(route)
        if build is None:
            continue
        grid = np.sort([span.first * 0.99, span.first, span.after_one, span.after_one * 1.01])
        assert marked(build, times=grid)[0] == [grid[0], grid[3]]
