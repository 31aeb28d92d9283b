"""Event tables through a model: which dose is in which record."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kpksim as kp
from kpksim import dosing
from kpksim.dosing import EventTable, read_events, to_events, write_events
from kpksim.errors import DataError
from kpksim.population import typical_person

MODEL = kp.load_model("reference_racemic_2026a")
LAGGED = """
name = "lagged"
title = "One compartment, lag after oral, F and duration of a depot"
source = "user"
drug = "racemic ketamine"
form = "base"
sampling = "venous"
population = "nobody"
[[compartments]]
name = "central"
volume = "vc"
analyte = "ketamine"
[[compartments]]
name = "skin"
bioavailability = "f"
duration = "d"
[[flows]]
from = "central"
clearance = "cl"
[[flows]]
from = "skin"
to = "central"
rate = "ka"
[[administrations]]
route = "iv"
into = "central"
[[administrations]]
route = "oral"
into = "central"
lag = "tlag"
[[administrations]]
route = "sc"
into = "skin"
[outputs.ketamine]
compartment = "central"
[covariates.age]
unit = "year"
reference = "40 year"
[parameters]
vc.value = "100 L"
cl.value = "50 L/h"
tlag.value = "0.1 h"
f.value = "0.5"
d.value = "2 h"
ka.value = "1 1/h"
"""
ONCE = 1000.0 * 35.0 / 100.0


@pytest.fixture(scope="module")
def lagged(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "lagged.toml"
    file.write_text(LAGGED)
    return kp.load_model(file)


@pytest.fixture
def events(tmp_path):
    """Give the function that reads an event table from lines."""

    def read(*lines):
        file = tmp_path / "events.csv"
        file.write_text("\n".join(lines))
        return read_events(file)

    return read


def ketamine(model, table):
    """Give ketamine at every record [ng/mL]."""
    return kp.simulate(model, table)["ketamine"].to_numpy()


ROUTES = ["iv", "sc", "im", "oral", "oral_er", "intranasal", "sublingual"]


@st.composite
def regimens(draw):
    """Draw up to three series of doses; only an IV dose is given over a time."""
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        amount, at = draw(st.integers(1, 100)), draw(st.integers(0, 24)) / 4.0
        route = draw(st.sampled_from(ROUTES))
        if route == "iv" and draw(st.booleans()):
            one = kp.infusion(f"{amount} mg", over="40 min", at=at)
        else:
            one = dosing.given(f"{amount} mg", route, at=at)
        parts.append(
            one.repeat(every=draw(st.sampled_from([2.4, 8.0])), times=draw(st.integers(1, 4)))
        )
    return sum(parts[1:], start=parts[0])


def with_observations(table, times):
    """Add observations behind the doses, sorted by time, doses first."""
    time = np.concatenate([table.time, times])
    order = np.argsort(time, kind="stable")
    nothing = np.zeros(len(times))

    def column(name):
        return np.concatenate([getattr(table, name), nothing])[order]

    cmt = [*table.cmt, *["0"] * len(times)]
    further = {
        name: tuple([*values, *["."] * len(times)][k] for k in order)
        for name, values in table.further.items()
    }
    return EventTable(
        id=("1",) * len(time), time=time[order], cmt=tuple(cmt[k] for k in order), further=further,
        **{name: column(name) for name in ("evid", "amt", "rate", "ii", "addl", "ss")},
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(regimens())
def test_a_regimen_and_its_event_table_give_the_same(regimen):
    times = np.unique([0.0, 0.3, 2.4, 4.8, 7.2, 8.0, 24.0, *(one.time for one in regimen.doses)])
    table = with_observations(to_events(regimen), times)
    found = kp.simulate(MODEL, table)
    expected = kp.simulate(MODEL, regimen, times)
    seen = found["EVID"].to_numpy() == 0
    for name in MODEL.outputs:
        np.testing.assert_allclose(
            found[name].to_numpy()[seen], expected[name], rtol=1e-9, atol=1e-9
        )


def test_the_result_has_a_record_per_line_and_survives_both_files(tmp_path):
    table = to_events(kp.infusion("35 mg", over="40 min").repeat(every="1 d", times=3))
    write_events(table, tmp_path / "events.csv")
    result = kp.simulate(MODEL, read_events(tmp_path / "events.csv"))
    assert dict(result.sizes) == {"record": 1}
    assert set(result.data_vars) == set(MODEL.outputs)
    assert result["ketamine"].attrs["units"] == "ng/mL"
    assert result.attrs["events"].endswith("events.csv")
    result.to_netcdf(tmp_path / "result.nc", engine="h5netcdf")


def test_records_at_one_time_act_in_the_order_of_the_file(lagged, events):
    table = events("TIME,EVID,CMT,AMT", "1,0,0,0", "1,1,iv,35", "1,0,0,0", "1,1,iv,35", "1,0,0,0")
    assert ketamine(lagged, table) == pytest.approx([0, ONCE, ONCE, 2 * ONCE, 2 * ONCE])


def test_additional_doses_come_before_an_observation_at_their_time(lagged, events):
    """The third additional dose is at 3 x 0.1 = 0.30000000000000004 h."""
    table = events("TIME,EVID,CMT,AMT,II,ADDL", "0,1,iv,35,0.1,3", "0.3,0,0,0,0,0")
    expected = ONCE * sum(np.exp(-0.5 * k / 10) for k in range(4))
    assert ketamine(lagged, table)[1] == pytest.approx(expected, rel=1e-12)


def test_a_lagged_dose_comes_before_an_observation_at_its_time(lagged, events):
    """The lag of 0.1 h after 0.2 h ends at 0.30000000000000004 h."""
    table = events("TIME,EVID,CMT,AMT", "0.2,1,oral,35", "0.25,0,0,0", "0.3,0,0,0", "1.3,0,0,0")
    assert ketamine(lagged, table) == pytest.approx([0, 0, ONCE, ONCE * np.exp(-0.5)], rel=1e-12)


def test_a_compartment_is_named_by_number_name_or_route(lagged, events):
    found = [
        ketamine(lagged, events("TIME,EVID,CMT,AMT", f"0,1,{cmt},35", "1,0,0,0"))[1]
        for cmt in ("1", "central", "iv", "1.0")
    ]
    assert found == pytest.approx([ONCE * np.exp(-0.5)] * 4, rel=1e-12)
    skin = [
        ketamine(lagged, events("TIME,EVID,CMT,AMT,RATE", f"0,1,{cmt},35,-2", "1,0,0,0,0"))[1]
        for cmt in ("2", "skin", "sc")
    ]
    assert skin == pytest.approx([skin[0]] * 3, rel=1e-12)
    assert 0.0 < skin[0] < found[0]


def test_f_scales_the_duration_of_a_given_rate_and_not_the_rate(events):
    table = events(
        "TIME,EVID,CMT,AMT,RATE", "0,1,sc,35,35", "0.93,0,0,0,0", "1,0,0,0,0", "3,0,0,0,0"
    )
    at_rate = dosing.given("35 mg", "sc", over=0.93)  # 0.93 x 35 mg in 0.93 h
    expected = kp.simulate(MODEL, at_rate, [0.93, 1.0, 3.0])["ketamine"]
    np.testing.assert_allclose(ketamine(MODEL, table)[1:], expected, rtol=1e-12)


def test_doses_by_a_route_with_a_duration_are_absorbed_over_it(events):
    table = events("TIME,EVID,CMT,AMT", "0,1,oral,35", "0.32,0,0,0", "1.2,0,0,0")
    expected = kp.simulate(MODEL, kp.oral("35 mg"), [0.32, 1.2])["ketamine"]
    np.testing.assert_allclose(ketamine(MODEL, table)[1:], expected, rtol=1e-12)


def test_each_id_starts_empty_and_rows_stay_in_the_order_of_the_file(events):
    table = events(
        "ID,TIME,EVID,CMT,AMT,WT",
        "A,0,1,iv,35,70", "A,1,0,0,0,70", "B,0,0,0,0,50", "B,0,1,iv,35,50", "B,1,0,0,0,50",
        "C,0,0,0,0,90",
    )  # fmt: skip
    result = kp.simulate(MODEL, table)
    assert result["ID"].values.tolist() == ["A", "A", "B", "B", "B", "C"]
    found = result["ketamine"].to_numpy()
    assert found[0] == pytest.approx(35_000 / 133)
    assert found[[2, 5]].tolist() == [0.0, 0.0]
    assert found[3] == pytest.approx(35_000 / (133 * 50 / 70))
    light = kp.simulate(MODEL, kp.bolus("35 mg"), [1.0], subjects=typical_person(50.0))
    assert found[4] == pytest.approx(float(light["ketamine"][0, 0]), rel=1e-12)


@pytest.mark.parametrize("column", ["WT", "wt", "WEIGHT"])
def test_the_weight_of_a_table_scales_the_model(column, events):
    table = events(f"TIME,EVID,CMT,AMT,{column}", "0,1,iv,35,140")
    assert ketamine(MODEL, table)[0] == pytest.approx(35_000 / 266)


def test_hydrochloride_and_esketamine_are_read_from_their_columns(events):
    table = events("TIME,EVID,CMT,AMT,FORM,DRUG", "0,1,iv,40,hydrochloride,esketamine")
    result = kp.simulate(MODEL, table)
    assert float(result["ketamine"][0]) == pytest.approx(1000 * 40 * 0.867 / 133)
    assert "Esketamine in reference_racemic_2026a" in result.attrs["warnings"]
    assert kp.simulate(MODEL, events("TIME,CMT,AMT", "0,iv,35")).attrs["warnings"] == ""


def test_a_rate_of_hydrochloride_lasts_as_long_as_its_dose(events):
    slow = events("TIME,EVID,CMT,AMT,RATE,FORM", "0,1,iv,40,20,hydrochloride", "2,0,0,0,0,.")
    expected = kp.simulate(
        MODEL, kp.infusion("40 mg", over="2 h", form="hydrochloride"), [2.0], outcomes=["ketamine"]
    )
    assert ketamine(MODEL, slow)[1] == pytest.approx(float(expected["ketamine"][0]), rel=1e-12)


def test_a_product_is_read_from_its_column(events):
    table = events("TIME,EVID,CMT,AMT,PRODUCT", "0,1,oral_er,60,R-107", "8,0,0,0,.")
    expected = kp.simulate(MODEL, kp.extended_release("60 mg", "R-107"), [8.0])["ketamine"]
    assert ketamine(MODEL, table)[1] == pytest.approx(float(expected[0]), rel=1e-12)


H = "TIME,EVID,CMT,AMT,RATE"
BAD = {
    "no such number": ((H, "0,1,16,35,0"), "line 2, column CMT: .* compartments 1 to 15 .* got 16"),
    "no such name": ((H, "0,1,blood,35,0"), 'line 2, column CMT: "blood" is no compartment'),
    "no such route here": ((H, "0,1,iv,1,0", "1,1,depot,1,0"), 'line 3, column CMT: "depot"'),
    "rate into a zero-order input": ((H, "0,1,oral,35,10"), "line 2, column RATE: .* write 0 or"),
    "modelled duration": ((H, "0,1,iv,35,-2"), "line 2, column RATE: RATE -2 needs a modelled"),
    "other drug": (
        (H + ",DRUG", "0,1,iv,35,0,arketamine"), "line 2, column DRUG: .* be given arketamine"
    ),
    "unknown product": (
        (H + ",PRODUCT", "0,1,oral_er,60,0,R-108"),
        r'line 2, column PRODUCT: .* "R-108"; did you mean "R-107"\?',
    ),
    "weight of zero": ((H + ",WT", "0,1,iv,35,0,0"), "line 2, column WT: "),
    "weight that is no number": (
        (H + ",WT", "0,1,iv,35,0,heavy"), "line 2, column WT: .*heavy"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "message"), BAD.values(), ids=BAD.keys())
def test_a_record_that_cannot_be_simulated_is_refused_with_its_line(events, lines, message):
    with pytest.raises(DataError, match=r"events\.csv: " + message):
        kp.simulate(MODEL, events(*lines))


def test_an_unknown_form_is_refused_with_its_line(events):
    with pytest.raises(DataError, match=r'events\.csv: line 2, column FORM: .* got "hydrochlorid"'):
        kp.simulate(MODEL, events("TIME,EVID,CMT,AMT,FORM", "0,1,iv,35,hydrochlorid"))


def test_an_unknown_drug_is_refused_with_its_line(events):
    with pytest.raises(
        DataError, match=r'events\.csv: line 2, column DRUG: no drug "esketamin"; did'
    ):
        kp.simulate(MODEL, events("TIME,EVID,CMT,AMT,DRUG", "0,1,iv,35,esketamin"))


def test_a_table_of_a_racemic_regimen_is_refused_by_a_model_of_esketamine():
    table = to_events(kp.infusion("35 mg", over="40 min"))
    with pytest.raises(DataError, match="otto2021 is a model of esketamine and cannot be given"):
        kp.simulate(kp.load_model("otto2021"), table)
