"""Event tables through the seam: subjects, routes, parameters by record, other programs."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kpksim import infusion, load_model, read_events, simulate
from kpksim.dosing import write_events
from kpksim.errors import DataError
from kpksim.models import parse_model
from kpksim.simulation import plain_events

MODEL_TEXT = """
name = "one"
title = "one compartment and a depot"
source = "user"
[[compartments]]
name = "depot"
bioavailability = "f"
lag = "tlag"
[[compartments]]
name = "central"
volume = "vc"
duration = "d2"
[[flows]]
from = "depot"
to = "central"
rate = "ka"
[[flows]]
from = "central"
clearance = "cl"
[[administrations]]
route = "oral"
into = "depot"
[[administrations]]
route = "iv"
into = "central"
[[administrations]]
route = "sc"
into = "depot"
fraction = 0.5
[outputs.c]
compartment = "central"
[covariates.age]
unit = "years"
reference = "40 years"
[parameters]
f = { value = "0.5" }
tlag = { value = "1 h" }
ka = { value = "0.8 1/h" }
d2 = { value = "2 h" }
vc = { value = "10 L", scaling = { covariate = "weight", reference = "70 kg", exponent = 1 } }
cl = { expression = "k * vc" }
k = { value = "0.2 1/h", scaling = { covariate = "age", reference = "40 years", exponent = 1 } }
"""
MODEL = parse_model(MODEL_TEXT, "one.toml")


def table_of(text, tmp_path):
    """Read a text as a file."""
    (tmp_path / "events.csv").write_text(text)
    return read_events(tmp_path / "events.csv")


def values(text, tmp_path):
    """Give the concentrations [mg/L] at every record of a text."""
    return simulate(MODEL, table_of(text, tmp_path))["c"].values / 1000.0


def test_subjects_do_not_touch_each_other(tmp_path):
    header = "ID,TIME,EVID,CMT,AMT,RATE,WT\n"
    first = "1,0,1,2,100,0,70\n1,3,0,2,0,0,70\n"
    second = "2,0,1,2,50,25,35\n2,9,0,2,0,0,35\n"
    together = values(header + first + second, tmp_path)
    alone = [values(header + one, tmp_path) for one in (first, second)]
    assert together.tolist() == np.concatenate(alone).tolist()
    assert together[1] == pytest.approx(10.0 * np.exp(-0.6), rel=1e-13)


def test_a_route_takes_the_duration_of_its_compartment_and_a_number_does_not(tmp_path):
    header = "TIME,CMT,AMT,RATE\n"
    by_route = values(header + "0,iv,100,0\n0.5,0,0,0\n", tmp_path)
    assert by_route == pytest.approx([0.0, 5.0 * -np.expm1(-0.1) / 0.2], rel=1e-13)
    assert values(header + "0,2,100,0\n0.5,0,0,0\n", tmp_path)[0] == 10.0
    modelled = values(header + "0,central,100,-2\n0.5,0,0,0\n", tmp_path)
    assert modelled.tolist() == by_route.tolist()


def test_a_covariate_and_a_parameter_hold_back_to_the_record_above(tmp_path):
    found = values("TIME,CMT,AMT,AGE\n0,2,100,40\n1,0,0,80\n3,0,0,20\n3,0,0,10\n", tmp_path)
    expected = 10.0 * np.exp([0.0, -0.4, -0.6, -0.6])
    assert found == pytest.approx(expected, rel=1e-13)


def test_a_stated_parameter_enters_the_expressions_that_name_it(tmp_path):
    found = values("TIME,CMT,AMT,VC\n0,2,100,20\n5,0,0,20\n", tmp_path)
    assert found == pytest.approx([5.0, 5.0 * np.exp(-1.0)], rel=1e-13)


def test_additional_doses_keep_f_and_lag_of_their_record(tmp_path):
    found = values(
        "TIME,CMT,AMT,II,ADDL,F,TLAG\n0,1,100,12,1,1,2\n13.9,0,0,0,0,0.1,0\n14.5,0,0,0,0,0.1,0\n",
        tmp_path,
    )
    one = lambda t: 10.0 * 0.8 / 0.6 * (np.exp(-0.2 * t) - np.exp(-0.8 * t))  # noqa: E731
    assert found[1:] == pytest.approx([one(11.9), one(12.5) + one(0.5)], rel=1e-12)


def test_parameters_that_change_agree_with_an_ode_solver(tmp_path):
    weights = [70.0, 60.0, 85.0, 50.0]
    rows = [f"{4 * k},{'1,100,24,0' if k == 0 else '0,0,0,0'},{w}" for k, w in enumerate(weights)]
    found = values("TIME,CMT,AMT,II,ADDL,WT\n" + "\n".join(rows) + "\n", tmp_path)
    state = np.array([0.0, 0.0])
    expected = [0.0]
    for k in range(1, 4):
        start = 4.0 * (k - 1)
        if k == 1:
            state, start = np.array([50.0, 0.0]), 1.0
        answer = solve_ivp(
            lambda t, x: [-0.8 * x[0], 0.8 * x[0] - 0.2 * x[1]],
            (start, 4.0 * k), state, rtol=1e-11, atol=1e-13,
        )  # fmt: skip
        state = answer.y[:, -1]
        expected.append(state[1] / (10.0 * weights[k] / 70.0))
    assert found == pytest.approx(expected, rel=1e-8)


def test_a_regimen_and_its_records_give_the_same_curve(tmp_path):
    model = load_model("reference_racemic_2026a")
    regimen = infusion("35 mg", over="40 min").repeat(every="84 h", times=6)
    times = np.linspace(0.0, 500.0, 41)
    looks = "".join(f"{time},0,0,0,0,0\n" for time in times)
    text = "TIME,CMT,AMT,RATE,II,ADDL\n0,iv,35,52.5,84,5\n" + looks
    found = simulate(model, table_of(text, tmp_path))["norketamine"].values[1:]
    expected = simulate(model, regimen, times)["norketamine"].values
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("route", ["iv", "im", "sc", "oral", "oral_er", "intranasal", "sublingual"])
def test_sixty_daily_doses_lead_to_the_steady_state_by_every_route(route, tmp_path):
    model = load_model("reference_racemic_2026a")
    header = "TIME,EVID,CMT,AMT,II,ADDL,SS\n"
    steady = f"0,1,{route},50,24,1,1\n0,0,0,0,0,0,0\n30,0,0,0,0,0,0\n"
    led = f"0,1,{route},50,24,61,0\n1440,0,0,0,0,0,0\n1470,0,0,0,0,0,0\n"
    found, expected = (
        simulate(model, table_of(header + one, tmp_path)).isel(record=slice(1, None))
        for one in (steady, led)
    )
    for name in found.data_vars:
        assert found[name].values == pytest.approx(expected[name].values, rel=1e-12)


def test_a_category_is_read_from_its_column(tmp_path):
    factors = 'k = { value = "0.2 1/h", scaling = { covariate = "sex", form = "category", '
    text = MODEL_TEXT.split("k = {")[0] + factors + "factors = { female = 2.0 } } }\n"
    table = table_of("TIME,CMT,AMT,SEX\n0,2,100,male\n1,0,0,female\n2,0,0,male\n", tmp_path)
    found = simulate(parse_model(text, "one.toml"), table)["c"].values / 1000.0
    assert found == pytest.approx(10.0 * np.exp([0.0, -0.4, -0.6]), rel=1e-13)


def test_a_plain_table_says_the_same_in_numbers(tmp_path):
    table = table_of(
        "ID,TIME,CMT,AMT,FORM,WT,NOTE\nanna,0,oral,100,hydrochloride,60,x\nanna,5,central,0,.,60,y\n"
        "bert,0,iv,50,base,80,z\nbert,1,0,0,.,80,z\n",
        tmp_path,
    )
    plain = plain_events(MODEL, table)
    assert plain.cmt == ("1", "2", "2", "0")
    assert plain.rate.tolist() == [0.0, 0.0, -2.0, 0.0]
    assert (plain.id, sorted(plain.further)) == (("1", "1", "2", "2"), ["DV", "MDV", "WT"])
    assert plain.further["MDV"] == ("1", "0", "1", "0")
    write_events(plain, tmp_path / "plain.csv")
    again = simulate(MODEL, read_events(tmp_path / "plain.csv"))["c"].values
    assert again.tolist() == simulate(MODEL, table)["c"].values.tolist()
    assert all(kind.kind in "if" for kind in plain.to_frame().dtypes)


def test_a_route_that_changes_the_dose_has_no_plain_record(tmp_path):
    with pytest.raises(
        DataError, match=r"line 2, column CMT: this route splits the dose .*; write"
    ):
        plain_events(MODEL, table_of("TIME,CMT,AMT\n0,sc,100\n", tmp_path))
