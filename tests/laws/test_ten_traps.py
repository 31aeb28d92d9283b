"""Detectors of the traps into which models of ketamine have fallen."""

from dataclasses import replace
from itertools import pairwise

import mpmath
import numpy as np
import pytest

import kpksim as kp
from kpksim import dosing
from kpksim.analysis.exposure import exposure
from kpksim.dosing import EventTable
from kpksim.errors import ModelError
from kpksim.population import sample_people

REFERENCE = kp.load_model("reference_racemic_2026a")


def areas(model, regimen):
    """Give the area of each analyte, dose to infinity [ng h/mL]."""
    return exposure(model, regimen, horizon=48.0).set_index("analyte").auc_inf


def peaks(model, regimen):
    """Give the peak of each analyte [ng/mL]."""
    return exposure(model, regimen, horizon=48.0).set_index("analyte").cmax


@pytest.mark.parametrize("name", ["bolus", "subcutaneous", "oral"])
def test_trap_1_milligrams_of_hydrochloride_are_not_milligrams_of_base(name):
    make = getattr(kp, name)
    salt = kp.simulate(REFERENCE, make("57.7 mg", form="hydrochloride"), [0.0, 1.0, 5.0])
    base = kp.simulate(REFERENCE, make("50 mg"), [0.0, 1.0, 5.0])
    for analyte in REFERENCE.outputs:
        np.testing.assert_allclose(salt[analyte], base[analyte], rtol=1e-3)


def test_trap_1_a_model_of_the_hydrochloride_takes_base_as_more_of_it():
    salted = replace(REFERENCE, form="hydrochloride")
    one = areas(salted, kp.bolus("50 mg"))["ketamine"]
    assert one / areas(REFERENCE, kp.bolus("50 mg"))["ketamine"] == pytest.approx(
        1 / 0.867, rel=1e-9
    )


def test_trap_2_esketamine_is_not_half_of_itself_in_a_racemate_model():
    same = areas(REFERENCE, kp.infusion("35 mg", over="40 min", drug="esketamine"))
    assert same["ketamine"] == pytest.approx(
        areas(REFERENCE, kp.infusion("35 mg", over="40 min"))["ketamine"], rel=1e-12
    )


@pytest.mark.parametrize(
    ("key", "drug"),
    [("otto2021", "racemic ketamine"), ("simons2022", "racemic ketamine"),
     ("perezruixo2021", "racemic ketamine"), ("reference_racemic_2026a", "arketamine"),
     ("domino1982", "arketamine"), ("otto2021", "arketamine")],
)  # fmt: skip
def test_trap_2_other_mixes_of_drug_and_model_are_refused(key, drug):
    model = kp.load_model(key)
    with pytest.raises(ModelError, match=f"{model.name} is a model of .* cannot be given {drug}"):
        kp.simulate(model, kp.bolus("35 mg", drug=drug), [0.0, 1.0])


@pytest.mark.parametrize("key", ["reference_racemic_2026a", "otto2021"])
def test_trap_3_apparent_norketamine_is_not_converted_a_second_time(key):
    model = kp.load_model(key)
    found = areas(model, kp.infusion("35 mg", over="40 min", drug=model.drug))
    assert found["norketamine"] == pytest.approx(606.4, abs=0.05)
    assert found["norketamine"] / found["ketamine"] == pytest.approx(95.2 / 57.72, rel=1e-9)


@pytest.mark.parametrize("key", ["simons2022", "kamp2020"])
def test_trap_4_arterial_levels_do_not_drive_effects_of_venous_ones(key):
    model = kp.load_model(key)
    regimen = kp.bolus("35 mg", drug=model.drug)
    with pytest.raises(ModelError, match=r'"anxiety" cannot be computed .* arterial, .* venous'):
        kp.simulate(model, regimen, [0.0, 1.0], outcomes=["ketamine", "anxiety"])
    result = kp.simulate(model, regimen, [0.0, 1.0])
    assert set(result.data_vars) == set(model.outputs)
    assert {one.attrs["site"] for one in result.data_vars.values()} == {"arterial"}


def test_trap_5_the_nasal_share_of_perezruixo_is_a_share_absorbed():
    model = kp.load_model("perezruixo2021")
    spray = kp.intranasal("28 mg", drug="esketamine")
    swallowed = kp.oral("28 mg", drug="esketamine")
    infused = kp.infusion("28 mg", over="40 min", drug="esketamine")
    area = {name: areas(model, one)["ketamine"] for name, one in
            {"spray": spray, "oral": swallowed, "iv": infused}.items()}  # fmt: skip
    assert 28_000.0 / area["iv"] == pytest.approx(109.0, rel=0.005)
    assert area["oral"] / area["iv"] == pytest.approx(0.178, rel=0.005)
    assert area["spray"] / area["iv"] == pytest.approx(0.62, rel=0.005)
    assert peaks(model, spray)["ketamine"] == pytest.approx(43.9, rel=0.005)
    assert peaks(model, infused)["ketamine"] == pytest.approx(99.87, rel=0.005)


def test_trap_6_a_given_rate_is_kept_and_bioavailability_shortens_the_infusion():
    """35 mg SC at 35 mg/h, F 0.93: 32.55 mg enter at 35 mg/h, in 0.93 h and not in 1 h."""
    times = [0.0, 0.5, 0.93, 1.0, 2.0, 5.0]
    table = EventTable(
        id=("1",) * 7, time=[0.0, *times], evid=[1, *[0] * 6], cmt=("sc", *["0"] * 6),
        amt=[35.0, *[0.0] * 6], rate=[35.0, *[0.0] * 6], ii=[0.0] * 7, addl=[0] * 7, ss=[0] * 7,
    )  # fmt: skip
    found = kp.simulate(REFERENCE, table)["ketamine"].to_numpy()[1:]
    stated = dosing.given("35 mg", "sc", over=0.93)
    same_rate = kp.simulate(REFERENCE, stated, times)["ketamine"].to_numpy()
    np.testing.assert_allclose(found, same_rate, rtol=1e-12)
    rate_scaled = kp.simulate(REFERENCE, dosing.given("35 mg", "sc", over=1.0), times)["ketamine"]
    assert abs(found[3] / float(rate_scaled[3]) - 1.0) > 0.02
    assert areas(REFERENCE, stated)["ketamine"] == pytest.approx(0.93 * 35_000 / 95.2, rel=1e-9)


@pytest.mark.parametrize("minutes", [7, 40, 50, 65, 95, 600])
def test_trap_7_the_grid_holds_the_end_of_the_infusion(minutes):
    regimen = kp.infusion("35 mg", over=f"{minutes} min").repeat(every="3.7 d", times=3)
    curve = kp.simulate(REFERENCE, regimen, outcomes=["ketamine"])["ketamine"]
    first = curve.sel(time=slice(0.0, 80.0))
    assert float(first.time[int(first.to_numpy().argmax())]) == pytest.approx(
        minutes / 60.0, abs=1e-9
    )
    table = exposure(REFERENCE, regimen, horizon=400.0, outputs=["ketamine"])
    assert float(curve.max()) == pytest.approx(table.cmax[0], rel=1e-9)


@pytest.mark.parametrize("make", [kp.subcutaneous, kp.oral, kp.intramuscular, kp.intranasal])
def test_trap_7_a_finer_grid_finds_no_higher_peak(make):
    found = exposure(REFERENCE, make("35 mg"), horizon=24.0).set_index("analyte")
    for analyte, row in found.iterrows():
        near = np.unique(np.append(0.0, row.tmax + np.linspace(-0.1, 0.1, 2001)))
        curve = kp.simulate(REFERENCE, make("35 mg"), near[near >= 0.0], outcomes=[analyte])
        assert row.cmax == pytest.approx(float(curve[analyte].max()), rel=1e-6)


def test_trap_7_a_dose_at_a_wanted_time_is_in_and_never_dropped():
    twice = kp.bolus("35 mg").repeat(every="1 h", times=2)
    without = float(kp.simulate(REFERENCE, kp.bolus("35 mg"), [1.0])["ketamine"][0])
    with_it = float(kp.simulate(REFERENCE, twice, [1.0])["ketamine"][0])
    assert with_it - without == pytest.approx(35_000.0 / 133.0, rel=1e-9)


ONE_COMPARTMENT = """
name = "sweep"
title = "One compartment, oral"
source = "user"
drug = "generic"
form = "base"
sampling = "unknown"
population = "nobody"
[[compartments]]
name = "depot"
[[compartments]]
name = "central"
volume = "vc"
[[flows]]
from = "depot"
to = "central"
rate = "ka"
[[flows]]
from = "central"
rate = "k"
[[administrations]]
route = "oral"
into = "depot"
[outputs.drug]
compartment = "central"
[parameters]
vc.value = "10 L"
k.value = "0.2 1/h"
ka.value = "KA 1/h"
"""


def bateman(ka, k, time):
    """Give amount / dose in the central compartment with 40 digits."""
    with mpmath.workdps(40):
        ka, k, time = mpmath.mpf(ka), mpmath.mpf(k), mpmath.mpf(time)
        if ka == k:
            return float(k * time * mpmath.exp(-k * time))
        return float(ka / (ka - k) * (mpmath.exp(-k * time) - mpmath.exp(-ka * time)))


def test_trap_8_absorption_as_fast_as_elimination_is_no_special_case(tmp_path):
    times = np.array([0.1, 1.0, 5.0, 50.0])
    offsets = [0.0, *(sign * 10.0**-k for k in range(2, 16) for sign in (1, -1))]
    at_five = {}
    for offset in offsets:
        ka = 0.2 * (1.0 + offset)
        file = tmp_path / "sweep.toml"
        file.write_text(ONE_COMPARTMENT.replace("KA", repr(ka)))
        model = kp.load_model(file)
        found = kp.simulate(model, kp.oral("35 mg", drug="generic"), times)["drug"].to_numpy()
        exact = [3500.0 * bateman(ka, 0.2, time) for time in times]
        np.testing.assert_allclose(found, exact, rtol=1e-12)
        at_five[offset] = found[2]
    ascending = [at_five[offset] for offset in sorted(at_five)]
    assert all(b - a > -1e-10 for a, b in pairwise(ascending))


@pytest.fixture(scope="module")
def areas_of_people():
    """Give the area of ketamine in 3000 people."""
    blocks = [(block.parameters, block.omega) for block in REFERENCE.blocks]
    people = sample_people(blocks, 3000, seed=1)
    bolus = kp.bolus("35 mg")
    return exposure(REFERENCE, bolus, horizon=1.0, subjects=people, outputs=["ketamine"]).auc_inf


def test_trap_9_the_mean_of_people_is_not_the_typical_person(areas_of_people):
    """Log-normal with omega2 0.026048: mean / median 1.013."""
    assert areas_of_people.median() == pytest.approx(35_000.0 / 95.2, rel=0.01)
    ratio = areas_of_people.mean() / areas_of_people.median()
    assert ratio == pytest.approx(np.exp(0.026048 / 2), abs=0.005)


def test_trap_9_a_band_of_people_does_not_shrink_with_their_number(areas_of_people):
    """The band of means of 100 people is ten times narrower than that of people."""
    everybody = areas_of_people.to_numpy()
    widths = [np.ptp(np.quantile(everybody[:n], [0.05, 0.95])) for n in (300, 1000, 3000)]
    assert widths == pytest.approx([widths[-1]] * 3, rel=0.15)
    means = everybody.reshape(-1, 100).mean(axis=1)
    assert np.ptp(np.quantile(means, [0.05, 0.95])) == pytest.approx(widths[-1] / 10, rel=0.4)
