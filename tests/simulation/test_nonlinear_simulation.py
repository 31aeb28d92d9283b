"""Models that are not linear through the seam: regimens, effects, people, tables, exposure."""

from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import kpksim as kp
from kpksim.analysis import compare, parse_scenario
from kpksim.analysis.exposure import exposure
from kpksim.analysis.summary import NO_HALF_LIFE
from kpksim.dosing import read_events
from kpksim.errors import DataError, ModelError
from kpksim.models import kinetics, parse_model, rate_matrix
from kpksim.population import sample_people

FOLDER = Path(__file__).parents[1] / "models"
MINE = (FOLDER / "mine.toml").read_text(encoding="utf-8")
LINEAR = parse_model(MINE, "mine.toml")
TWIN = parse_model(
    MINE.replace('clearance = "cl"\n', 'vmax = "vmax"\nkm = "huge"\n')
    .replace('clearance = "cl_nk"\n', 'vmax = "vmax_nk"\nkm = "huge"\n')
    .replace(
        "[parameters]\n",
        '[parameters]\nhuge = { value = "1e9 g/L" }\nvmax = { expression = "cl * huge" }\n'
        'vmax_nk = { expression = "cl_nk * huge" }\n',
    ),
    "twin.toml",
)
INDUCED = kp.load_model(FOLDER / "induced.toml")
ONE = """
name = "one"
title = "one"
source = "user"
[[compartments]]
name = "central"
volume = "vc"
[[flows]]
from = "central"
vmax = "vmax"
km = "km"
[[administrations]]
route = "iv"
into = "central"
[outputs.ketamine]
compartment = "central"
[parameters]
vc = { value = "1 L/kg" }
vmax = { value = "12 mg/h" }
km = { value = "0.3 mg/L" }
"""
REGIMENS = {
    "infusions": kp.infusion("35 mg", over="40 min").repeat(every="24 h", times=3),
    "oral": kp.oral("70 mg").repeat(every="9 h", times=3),
}
TIMES = np.linspace(0.0, 72.0, 145)


def people_of(model):
    blocks = [(block.parameters, block.omega) for block in model.blocks]
    return sample_people(blocks, 3, seed=5, weight_cv=0.2)


def simulated(model, text, tmp_path):
    """Simulate an event table from its text."""
    (tmp_path / "events.csv").write_text(text)
    return kp.simulate(model, read_events(tmp_path / "events.csv"))


@pytest.mark.parametrize("regimen", REGIMENS)
def test_people_and_effects_are_those_of_the_linear_model_when_km_is_huge(regimen):
    people = people_of(LINEAR)
    linear, twin = (
        kp.simulate(model, REGIMENS[regimen], TIMES, subjects=people) for model in (LINEAR, TWIN)
    )
    assert not TWIN.is_linear
    assert set(twin.data_vars) == set(linear.data_vars) >= {"anxiety", "dissociation", "sbp"}
    for name, curve in linear.data_vars.items():
        error = np.abs(twin[name] - curve).max() / np.abs(curve).max()
        assert float(error) <= 1e-8, name


@pytest.mark.parametrize("regimen", REGIMENS)
def test_exposure_is_that_of_the_linear_model_when_km_is_huge(regimen):
    people = people_of(LINEAR)
    linear, twin = (
        exposure(model, REGIMENS[regimen], horizon=30.0, subjects=people)
        for model in (LINEAR, TWIN)
    )
    for metric in ("cmax", "auc_horizon", "auc_inf", "t_half"):
        np.testing.assert_allclose(twin[metric], linear[metric], rtol=1e-8)
    np.testing.assert_allclose(twin["tmax"], linear["tmax"], rtol=1e-3)


def test_a_steady_state_of_a_dose_by_two_ways_is_where_the_doses_lead(tmp_path):
    header = "TIME,CMT,AMT,II,ADDL,SS\n"
    often = simulated(
        INDUCED, header + "0,oral,40,12,99,0\n1188,0,0,0,0,0\n1191,0,0,0,0,0\n", tmp_path
    )
    steady = simulated(INDUCED, header + "0,oral,40,12,0,1\n3,0,0,0,0,0\n", tmp_path)
    for name in INDUCED.outputs:
        np.testing.assert_allclose(steady[name], often[name][1:], rtol=1e-8)
    linear, twin = (
        simulated(model, header + "0,oral,40,6,1,1\n2,0,0,0,0,0\n9,oral,30,4,0,2\n10,0,0,0,0,0\n",
                  tmp_path)
        for model in (LINEAR, TWIN)
    )  # fmt: skip
    for name in LINEAR.outputs:
        np.testing.assert_allclose(twin[name], linear[name], rtol=1e-8)


def test_a_reset_takes_the_enzyme_back_to_its_baseline(tmp_path):
    first = "TIME,EVID,CMT,AMT\n0,1,iv,200\n48,{},iv,{}\n{}48,0,0,0\n52,0,0,0\n"
    fresh = simulated(INDUCED, "TIME,EVID,CMT,AMT\n0,1,iv,50\n0,0,0,0\n4,0,0,0\n", tmp_path)
    for evid, amount, then in ((4, 50, ""), (3, 0, "48,1,iv,50\n")):
        found = simulated(INDUCED, first.format(evid, amount, then), tmp_path)
        for name in INDUCED.outputs:
            np.testing.assert_allclose(found[name][-2:], fresh[name][-2:], rtol=1e-9)
    kept = simulated(INDUCED, first.format(1, 50, ""), tmp_path)
    assert float(kept["ketamine"][-1]) < 0.95 * float(fresh["ketamine"][-1])


def test_parameters_by_record_agree_with_another_integrator(tmp_path):
    found = simulated(
        INDUCED,
        "TIME,CMT,AMT,RATE,VMAX,KENZ\n0,iv,150,75,20,0.03\n1,0,0,0,20,0.03\n5,0,0,0,5,0.3\n"
        "9,0,0,0,40,0.01\n",
        tmp_path,
    )
    state, truth = np.array([0.0, 0.0, 0.0, 1.0]), [0.0]
    spans = [(0, 1, 75, 20, 0.03), (1, 2, 75, 5, 0.3), (2, 5, 0, 5, 0.3), (5, 9, 0, 40, 0.01)]
    for start, end, inflow, vmax, kenz in spans:

        def slopes(_, x, inflow=inflow, vmax=vmax, kenz=kenz):
            conc = x[0] / 70.0
            swapped, gone = 60.0 * (conc - x[1] / 150.0), vmax * conc / (0.3 + conc)
            return [
                inflow - swapped - gone - 20.0 * x[3] * conc,
                swapped,
                gone,
                kenz * (1.0 + 3.0 * conc / (0.1 + conc) - x[3]),
            ]

        state = solve_ivp(slopes, (start, end), state, "DOP853", rtol=1e-12, atol=1e-13).y[:, -1]
        if end != 2:
            truth.append(1000.0 * state[0] / 70.0)
    np.testing.assert_allclose(found["ketamine"], truth, rtol=1e-8)


@pytest.mark.parametrize(
    ("model", "records", "message"),
    [
        (INDUCED, "0,1,iv,50,0,12,0,1\n24,1,iv,50,0,12,0,2\n",
         r"events\.csv: line 3, column SS: 2 adds a steady state .* induced has an enzyme, .* 1,"),
        ("saturable", "0,1,iv,500,0,12,0,1\n",
         r"line 2, column SS: induced has no steady state of this dose, because it brings more on "
         r"average than flows with a vmax can take away, .*; give the doses themselves"),
        ("saturable", "0,1,central,0,30,0,0,1\n", r"line 2, column SS: .* brings more on average"),
    ],
)  # fmt: skip
def test_a_steady_state_that_does_not_exist_is_refused_with_its_line(
    model, records, message, tmp_path
):
    if model == "saturable":
        model = without_enzyme()
    with pytest.raises(DataError, match=message):
        simulated(model, "TIME,EVID,CMT,AMT,RATE,II,ADDL,SS\n" + records, tmp_path)


def without_enzyme():
    """Give the example with its saturable way out alone."""
    text = (FOLDER / "induced.toml").read_text(encoding="utf-8")
    second = text[text.index("[[flows]]                       # clearance") :]
    text = text.replace(second[: second.index("[[flows]]", 9)], "")
    enzyme = text[text.index("[[enzymes]]") : text.index("[[administrations]]")]
    return parse_model(text.replace(enzyme, ""), "saturable.toml")


def test_the_area_of_a_bolus_is_the_closed_form_and_a_half_life_waits_for_its_phase():
    one = parse_model(ONE, "one.toml")
    early, late = (
        exposure(one, kp.bolus("100 mg"), horizon=hours).iloc[0] for hours in (4.0, 48.0)
    )
    start = 100.0 / 70.0
    for found in (early, late):
        assert found.auc_inf == pytest.approx(
            1000.0 * start * 70.0 / 12.0 * (0.3 + start / 2.0), rel=1e-8
        )
        assert found.cmax == pytest.approx(1000.0 * start, rel=1e-12)
    assert np.isnan(early.t_half)
    assert late.t_half == pytest.approx(np.log(2.0) * 0.3 * 70.0 / 12.0, rel=1e-9)


def test_an_area_without_end_is_refused():
    text = ONE.replace('"12 mg/h"', '"0 mg/h"')
    with pytest.raises(ModelError, match=r"one: drug stays for ever .* its area is infinite"):
        exposure(parse_model(text, "one.toml"), kp.bolus("100 mg"), horizon=4.0)


def test_a_comparison_says_why_there_is_no_half_life_and_how_far_it_is():
    text = (
        f'title = "Induced"\nmodel = "{FOLDER / "induced.toml"}"\nhorizon = "24 h"\n'
        'outcomes = ["ketamine", "anxiety"]\n[[regimens]]\nname = "IV"\nroute = "iv"\n'
        'dose = "1 mg/kg"\nover = "40 min"\n[population]\nn = 6\nseed = 3\n'
    )
    told = []
    found = compare(parse_scenario(text, "test.toml"), progress=told.append)
    rows = found.summary[found.summary.quantity == "ketamine"].set_index("metric")
    assert np.isnan(rows.value["t_half"])
    assert rows.index[rows.note == NO_HALF_LIFE].tolist() == ["t_half"]
    assert rows.p05["cmax"] < rows.value["cmax"] < rows.p95["cmax"]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert any(0.0 < share < 1.0 for share in told)


def test_a_linear_model_never_takes_the_way_step_by_step():
    values = LINEAR.values({"weight": np.array([70.0])})
    np.testing.assert_array_equal(kinetics(LINEAR, values), rate_matrix(LINEAR, values))
