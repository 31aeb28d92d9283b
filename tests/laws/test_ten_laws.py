"""Ten laws that every linear model obeys, at random positive parameters."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kpksim as kp
from kpksim import dosing
from kpksim.analysis.exposure import exposure
from kpksim.dosing import EventTable, Regimen
from kpksim.engine import integral, solve
from kpksim.population import typical_person
from kpksim.simulation.problem import problem_of

REFERENCE = "reference_racemic_2026a"
TIMES = np.concatenate([[0.0, 0.05, 0.2, 1 / 3, 0.5, 2 / 3], np.arange(1.0, 13.0), [18.0, 24.0]])
SOME = settings(max_examples=15, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
KEYS = st.sampled_from(kp.list_models())


def redrawn(key, seed, spread=0.4):
    """Give a model whose volumes, clearances, rate constants and times are drawn anew."""
    model, rng = kp.load_model(key), np.random.default_rng(seed)
    return scaled(model, {name: np.exp(spread * rng.normal()) for name in model.parameters})


def scaled(model, factors):
    """Give a model with some parameters multiplied; shares and formulas stay as they are."""
    parameters = {
        name: replace(one, value=one.value * factors.get(name, 1.0))
        if one.expression is None and one.dimension != "fraction"
        else one
        for name, one in model.parameters.items()
    }
    return replace(model, parameters=parameters)


def ways(model):
    """Give every way of dosing that a model knows and whose shares do not depend on the dose."""
    by_dose = {one.route for one in model.administrations if one.fraction_by_dose}
    known = dict.fromkeys((one.route, one.product) for one in model.administrations)
    return [(route, product) for route, product in known if route not in by_dose]


def dose(model, way, amount=35.0, at=0.0, over=None):
    """Give one dose of the model's own drug."""
    route, product = way
    return dosing.given(f"{amount!r} mg", route, drug=model.drug, product=product, at=at, over=over)


def curves(model, regimen, times=TIMES):
    """Give the concentrations of all outputs, shape (A, T)."""
    result = kp.simulate(model, regimen, times, outcomes=list(model.outputs))
    return np.stack([result[name].to_numpy() for name in model.outputs])


def far(one, other):
    """Give the largest difference relative to the peak of each output."""
    return float((np.abs(one - other).max(axis=-1) / np.abs(other).max(axis=-1)).max())


@SOME
@given(KEYS, SEEDS, st.floats(1e-3, 1e3), st.data())
def test_law_1_concentrations_are_proportional_to_the_dose(key, seed, factor, data):
    model = redrawn(key, seed)
    way = data.draw(st.sampled_from(ways(model)))
    one = curves(model, dose(model, way))
    other = curves(model, dose(model, way, amount=35.0 * factor))
    np.testing.assert_allclose(other, factor * one, rtol=1e-12, atol=0.0)


def test_law_1_effects_are_not_proportional_to_the_dose():
    model = kp.load_model(REFERENCE)
    names = ["anxiety", "dissociation"]
    one, two = (kp.simulate(model, kp.bolus(f"{mg} mg"), [1.0], outcomes=names) for mg in (35, 70))
    assert all(abs(float(two[name][0] / one[name][0]) - 2.0) > 0.05 for name in names)


@SOME
@given(KEYS, SEEDS, st.data())
def test_law_2_a_regimen_is_the_sum_of_its_doses(key, seed, data):
    model = redrawn(key, seed)
    all_ways = ways(model)
    parts = []
    for _ in range(data.draw(st.integers(2, 5))):
        way = data.draw(st.sampled_from(all_ways))
        over = data.draw(st.sampled_from([None, "40 min", "6 h"])) if way[0] == "iv" else None
        at = data.draw(st.sampled_from([0.0, 0.5, 0.75, 3.0, 11.0]))
        parts.append(dose(model, way, data.draw(st.floats(1.0, 100.0)), at, over))
    whole = curves(model, sum(parts[1:], start=parts[0]))
    assert far(whole, sum(curves(model, part) for part in parts)) <= 1e-11


AREAS = {
    "clements1981": lambda p: p["vc"] * 70.0 * p["k10"],
    "domino1982": lambda p: p["vc"] * 70.0 * p["k10"],
    "fanta2015": lambda p: p["cl"],
    "flint2017": lambda p: p["cl"],
    "herd2007": lambda p: p["cl"],
    "herd2007norketamine": lambda p: p["cl_other"] + p["cl_formation"],
    "hijazi2003": lambda p: p["vc"] * 70.0 * p["k10"],
    "hornik2018": lambda p: p["cl"],
    "kamp2020": lambda p: p["cl"],
    "noppers2011": lambda p: p["cl"],
    "otto2021": lambda p: p["cl"],
    "perezruixo2021": lambda p: 1.0 / (1.0 / p["qh"] + 1.0 / (p["vh"] * (p["kel"] + p["kmet"]))),
    REFERENCE: lambda p: p["cl"],
    "reference_racemic_2026b": lambda p: p["cl_s"] / (0.5 + 0.5 / p["ratio_cl"]),
    "simons2022": lambda p: p["cl"],
}
SHARES = {("im", None): 0.93, ("sc", None): 0.93, ("oral", None): 0.18}
SHARES |= {("oral_er", "PR tablet"): 0.15, ("oral_er", "R-107"): 0.15, ("sublingual", None): 0.263}
SHARES |= {("intranasal", None): 0.36 + 0.64 * 0.18}


def test_every_model_has_its_clearance_written_down():
    assert sorted(AREAS) == kp.list_models()


@SOME
@given(KEYS, SEEDS, st.sampled_from([None, "1 min", "40 min", "24 h"]))
def test_law_3_the_area_is_the_dose_over_clearance(key, seed, over):
    model = redrawn(key, seed)
    clearance = AREAS[key]({name: one.value for name, one in model.parameters.items()})
    found = exposure(model, dose(model, ("iv", None), over=over), horizon=24.0)
    area = found.set_index("analyte").auc_inf["ketamine"]
    assert area == pytest.approx(35_000.0 / clearance, rel=1e-9)


@SOME
@given(SEEDS, st.sampled_from(list(SHARES)))
def test_law_3_absorption_changes_the_area_by_its_share_alone(seed, way):
    model = redrawn(REFERENCE, seed)
    found = exposure(model, dose(model, way), horizon=24.0).set_index("analyte").auc_inf
    expected = SHARES[way] * 35_000.0 / model.parameters["cl"].value
    assert found["ketamine"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("key", AREAS)
def test_law_3_the_area_under_the_simulated_curve_is_the_dose_over_clearance(key):
    model = kp.load_model(key)
    problem = problem_of(model, dose(model, ("iv", None), over="40 min"), typical_person())
    area = integral(problem.rates, problem.actions, np.array([1000.0]), problem.rows(["ketamine"]))
    clearance = AREAS[key]({name: one.value for name, one in model.parameters.items()})
    assert float(area[0, 0, 0]) == pytest.approx(35_000.0 / clearance, rel=1e-9)


@SOME
@given(SEEDS, st.floats(1.0, 200.0), st.sampled_from(list(SHARES)))
def test_law_4_the_area_of_norketamine_counts_what_is_formed_before_the_blood(seed, amount, way):
    model = redrawn(REFERENCE, seed)
    formed = {"oral": 0.75, "oral_er": 0.78, "sublingual": 0.65, "intranasal": 0.64 * 0.75}
    expected = (SHARES[way] + formed.get(way[0], 0.0)) / SHARES[way]
    expected *= model.parameters["cl"].value / model.parameters["cl_nk"].value
    found = exposure(model, dose(model, way, amount), horizon=24.0).set_index("analyte").auc_inf
    assert found["norketamine"] / found["ketamine"] == pytest.approx(expected, rel=1e-9)


@SOME
@given(SEEDS)
def test_law_4_a_molar_flow_carries_the_ratio_of_molar_masses(seed):
    model = redrawn("simons2022", seed)
    found = exposure(model, dose(model, ("iv", None)), horizon=24.0).set_index("analyte").auc_inf
    expected = 0.8 * 223.70 / 237.73 * 35_000.0 / model.parameters["cl_nk"].value
    assert found["norketamine"] == pytest.approx(expected, rel=1e-9)


@SOME
@given(KEYS, SEEDS, st.floats(0.01, 400.0), st.data())
def test_law_5_later_doses_give_later_curves(key, seed, later, data):
    model = redrawn(key, seed)
    regimen = dose(model, data.draw(st.sampled_from(ways(model)))).repeat(every="6 h", times=3)
    moved = curves(model, regimen.shifted(later), np.append(0.0, TIMES + later))
    assert (moved[:, 0] == 0.0).all()
    assert far(moved[:, 1:], curves(model, regimen)) <= 1e-9


@SOME
@given(KEYS, st.floats(0.5, 48.0), st.sampled_from(["drug", "open"]))
def test_law_5_before_the_first_dose_there_is_nothing(key, start, shown):
    model = kp.load_model(key)
    regimen = dose(model, ("iv", None), at=start, over="40 min")
    expectation = "none" if shown == "drug" else shown
    before = np.linspace(0.0, start, 9)[:-1]
    result = kp.simulate(model, regimen, np.append(before, start + 2.0), expectation=expectation)
    for name in result.data_vars:
        assert (result[name].to_numpy()[:-1] == 0.0).all(), name
        assert float(result[name][-1]) != 0.0


@SOME
@given(KEYS, SEEDS, st.data())
def test_law_6_nothing_is_lost_and_nothing_is_negative(key, seed, data):
    model = redrawn(key, seed)
    first, second = (data.draw(st.sampled_from(ways(model))) for _ in range(2))
    over = "90 min" if second[0] == "iv" else None
    problem = problem_of(
        model, dose(model, first) + dose(model, second, 20.0, 2.0, over), typical_person()
    )
    each, leaving = np.eye(problem.rates.shape[-1])[None], -problem.rates.sum(axis=1)[:, None]
    there = solve(problem.rates, problem.actions, TIMES, each).at[0]
    gone = integral(problem.rates, problem.actions, TIMES, leaving)[0, 0]
    assert there.min() >= 0.0
    entered = np.array([_entered(problem.actions, time) for time in TIMES])
    np.testing.assert_allclose(there.sum(axis=0) + gone, entered, rtol=1e-12, atol=1e-12)


def _entered(actions, time):
    """Add up what the actions have put in by a time [mg]."""
    at_once = actions.amount[0][actions.time[0] <= time].sum()
    return at_once + (actions.rate[0] * np.maximum(time - actions.time[0], 0.0)).sum()


@SOME
@given(KEYS, SEEDS, st.sampled_from([8.0, 12.0, 24.0]), st.data())
def test_law_7_the_area_between_doses_in_the_end_is_that_of_one_dose(key, seed, every, data):
    model = redrawn(key, seed, spread=0.2)
    single = dose(model, data.draw(st.sampled_from(ways(model))))
    alone = exposure(model, single, horizon=24.0).set_index("analyte")
    doses = int(60.0 * alone.t_half.max() / every) + 2
    problem = problem_of(model, single.repeat(every=every, times=doses), typical_person())
    ends = np.array([doses - 1.0, doses]) * every
    areas = integral(problem.rates, problem.actions, ends, problem.rows(list(model.outputs)))
    np.testing.assert_allclose(np.diff(areas[0])[:, 0], alone.auc_inf, rtol=1e-9)


def test_law_8_a_shorter_infusion_tends_to_the_bolus_at_its_middle():
    model, eight = kp.load_model(REFERENCE), [0.0, 8.0]
    gaps = []
    for minutes in (40, 20, 10):
        given_slowly = kp.infusion("35 mg", over=f"{minutes} min")
        middle = kp.bolus("35 mg", at=f"{minutes / 2} min")
        slow, fast = (
            kp.simulate(model, one, eight, outcomes=["ketamine"])["ketamine"].to_numpy()[1]
            for one in (given_slowly, middle)
        )
        gaps.append(slow / fast - 1.0)
    assert gaps == pytest.approx([1.55e-3, 3.74e-4, 9.2e-5], rel=0.01)


@SOME
@given(KEYS, SEEDS)
def test_law_8_an_infusion_of_no_length_is_a_bolus(key, seed):
    model = redrawn(key, seed)
    gaps = [
        far(
            curves(model, dose(model, ("iv", None), over=f"{over} h"), TIMES[6:]),
            curves(model, dose(model, ("iv", None)), TIMES[6:]),
        )
        for over in (1e-4, 1e-5)
    ]
    assert gaps[1] < 0.02
    assert gaps[0] / gaps[1] == pytest.approx(10.0, rel=0.2)


def mean_residence(model, regimen):
    """Give the mean residence time of ketamine from the integral of what is still to come."""
    problem, end = problem_of(model, regimen, typical_person()), 500.0
    n = problem.rates.shape[-1]
    rates = np.zeros((1, n + 1, n + 1))
    rates[:, :n, :n] = problem.rates
    rates[:, n, :n] = problem.rows(["ketamine"])[:, 0]
    sums = np.eye(1, n + 1, n)
    area = solve(rates, problem.actions, np.array([end]), sums).at[0, 0, 0]
    return end - integral(rates, problem.actions, np.array([end]), sums)[0, 0, 0] / area


def test_law_9_the_mean_residence_time_of_the_reference_is_the_printed_one():
    assert mean_residence(kp.load_model(REFERENCE), kp.bolus("35 mg")) == pytest.approx(
        4.399, abs=5e-4
    )


@SOME
@given(SEEDS, st.floats(0.05, 6.0))
def test_law_9_mean_residence_adds_up(seed, over):
    model = redrawn(REFERENCE, seed, spread=0.2)
    p = {name: one.value for name, one in model.parameters.items()}
    iv = mean_residence(model, kp.bolus("35 mg"))
    assert iv == pytest.approx((p["vc"] + p["vp"] + p["vp2"]) / p["cl"], rel=1e-9)
    infused = mean_residence(model, kp.infusion("35 mg", over=f"{over!r} h"))
    assert infused - iv == pytest.approx(over / 2.0, abs=1e-8)
    assert mean_residence(model, kp.subcutaneous("35 mg")) - iv == pytest.approx(
        1.0 / p["ka_sc"], abs=1e-8
    )
    assert mean_residence(model, kp.oral("35 mg")) - iv == pytest.approx(
        p["d_oral"] / 2.0 + 1.0 / p["ka_oral"], abs=1e-8
    )


@SOME
@given(st.sampled_from(["otto2021", "kamp2020", REFERENCE]), SEEDS, st.floats(0.2, 5.0))
def test_law_10_a_larger_body_with_a_larger_dose_has_the_same_curve(key, seed, factor):
    model = redrawn(key, seed)
    way, sizes = ("iv", None), {"volume", "clearance"}
    small = curves(model, dose(model, way))
    every = {n: factor for n, one in model.parameters.items() if one.dimension in sizes}
    large = curves(scaled(model, every), dose(model, way, 35.0 * factor))
    assert far(large, small) <= 1e-11
    volumes = {n: f for n, f in every.items() if model.parameters[n].dimension == "volume"}
    if abs(factor - 1.0) > 0.05:
        assert far(curves(scaled(model, volumes), dose(model, way, 35.0 * factor)), small) > 1e-3


@SOME
@given(KEYS, SEEDS, st.integers(2, 6), st.data())
def test_law_10_a_dose_in_parts_is_the_dose(key, seed, parts, data):
    model = redrawn(key, seed)
    way = data.draw(st.sampled_from(ways(model)))
    one = dose(model, way, 35.0 / parts)
    whole = curves(model, dose(model, way))
    assert far(curves(model, Regimen(one.doses * parts)), whole) <= 1e-11


def test_law_10_minutes_and_hours_and_the_order_of_adding_change_nothing():
    model = kp.load_model(REFERENCE)
    one, two = kp.infusion("35 mg", over="40 min"), kp.oral("35 mg", at="3 h")
    same = kp.infusion("35000 ug", over="0.6666666666666666 h")
    assert far(curves(model, two + same), curves(model, one + two)) <= 1e-12


def test_law_10_the_order_of_doses_at_one_time_changes_nothing():
    model = kp.load_model(REFERENCE)
    doses, last = [("iv", 35.0), ("oral", 70.0)], []
    for rows in (doses, doses[::-1]):
        table = EventTable(
            id=("1",) * 3, time=[0.0, 0.0, 5.0], evid=[1, 1, 0], cmt=(rows[0][0], rows[1][0], "0"),
            amt=[rows[0][1], rows[1][1], 0.0], rate=[0.0] * 3, ii=[0.0] * 3, addl=[0] * 3,
            ss=[0] * 3,
        )  # fmt: skip
        last.append(float(kp.simulate(model, table)["ketamine"][-1]))
    assert last[0] == pytest.approx(last[1], rel=1e-12)
