"""Draws of parameters: medians as published, spread as stated, apart from people."""

import numpy as np
import pandas as pd
import pytest
from scipy import special

import kpksim as kp
from kpksim.dosing import EventTable
from kpksim.errors import KpksimError, ScenarioError
from kpksim.library import list_models, load_model
from kpksim.models import intakes_by_route, parse_model, rate_matrix
from kpksim.population import sample_draws, sample_people, typical_person
from kpksim.simulation.problem import people_values, problem_of

COVARIANCE = np.array([[0.0016, 0.006], [0.006, 0.04]])
BLOCKS = [(("cl", "f"), COVARIANCE), (("vc",), np.array([[0.01]]))]
SHARES = """
name = "two_shares"
title = "Two uncertain shares of one dose"
source = "user"
[[compartments]]
name = "central"
volume = "vc"
[[compartments]]
name = "other"
[[flows]]
from = "central"
rate = "k"
[[administrations]]
route = "oral"
into = "central"
fraction = "f"
[[administrations]]
route = "oral"
into = "other"
fraction = "g"
[outputs.ketamine]
compartment = "central"
[parameters]
vc = { value = "100 L" }
k = { value = "1 1/h" }
f = { value = "0.5", rse = 0.2 }
g = { value = "0.45", rse = 0.2 }
"""


TOO_MUCH = (
    r'each as one person \(.* scale = "logit" .*\): two_shares: shares of a dose by route oral'
)


def draws_of(model, n, seed=1):
    return sample_draws(
        [(one.parameters, one.covariance) for one in model.uncertainty], n, seed=seed
    )


def test_draws_have_the_covariance_that_is_stated_and_the_median_zero():
    draws = sample_draws(BLOCKS, 20_000, seed=7)
    both = np.array([draws.shifts["cl"], draws.shifts["f"]])
    # the standard error of a variance is its size times sqrt(2 / n): 1 %
    assert np.cov(both) == pytest.approx(COVARIANCE, rel=0.05)
    assert np.median(both, axis=1) == pytest.approx([0.0, 0.0], abs=0.005)
    assert np.corrcoef(both[0], draws.shifts["vc"])[0, 1] == pytest.approx(0.0, abs=0.03)


def test_a_draw_is_the_same_however_many_there_are():
    few, many = (sample_draws(BLOCKS, n, seed=3) for n in (5, 50))
    assert len(few) == 5
    for name, shift in few.shifts.items():
        assert np.array_equal(shift, many.shifts[name][:5])


def test_draws_are_no_people_of_the_same_seed():
    people = sample_people(BLOCKS, 200, seed=3)
    draws = sample_draws(BLOCKS, 200, seed=3)
    assert abs(np.corrcoef(people.etas["cl"], draws.shifts["cl"])[0, 1]) < 0.2


def test_nothing_uncertain_gives_equal_draws():
    draws = draws_of(load_model("domino1982"), 3)
    assert len(draws) == 3
    assert draws.shifts == {}
    peaks = kp.simulate(load_model("domino1982"), kp.bolus("35 mg"), [0.5], draws=draws)["ketamine"]
    assert np.ptp(peaks.to_numpy()) == 0.0


@pytest.mark.parametrize(("n", "seed"), [(0, 1), (5, -1), (5, 2**63)])
def test_impossible_draws_are_refused(n, seed):
    with pytest.raises(ScenarioError, match="parameter draws need n >= 1 and a seed from 0"):
        sample_draws(BLOCKS, n, seed=seed)


def test_draws_are_never_crossed_with_people():
    model = load_model("simons2022")
    draws, people = draws_of(model, 4), sample_people([], 2, seed=1)
    with pytest.raises(ScenarioError, match="never crossed with people; simulate draws and people"):
        kp.simulate(model, esketamine(), draws=draws, subjects=people)


def test_draws_of_an_event_table_are_refused():
    model = load_model("simons2022")
    table = EventTable.from_frame(pd.DataFrame({"ID": [1], "TIME": [0.0], "EVID": [0]}))
    with pytest.raises(ScenarioError, match="leave out times, subjects, draws and horizon"):
        kp.simulate(model, table, draws=draws_of(model, 2))


def esketamine():
    return kp.infusion("35 mg", over="40 min", drug="esketamine")


def test_every_draw_is_the_model_with_those_parameters():
    """A draw against the model whose file says the drawn values, in a heavier person."""
    model = load_model("simons2022")
    draws = draws_of(model, 3)
    person = typical_person(90.0)
    times = [0.5, 1.0, 4.0]
    found = kp.simulate(model, esketamine(), times, draws=draws, subjects=person)
    assert found["norketamine"].dims == ("draw", "time")
    assert found.attrs["seed"] == "1"
    for k in range(3):
        drawn = {
            name: np.array([
                special.expit(special.logit(one.value) + draws.shifts[name][k])
                if one.uncertainty.scale == "logit"
                else one.value * np.exp(draws.shifts[name][k])
            ])
            for name, one in model.parameters.items()
            if one.uncertainty is not None
        }  # fmt: skip
        scale = {"vc": 1, "vp": 1, "vp2": 1, "vp_nk": 1, "vc_hnk": 1, "vp_hnk": 1,
                 "cl": 0.75, "q": 0.75, "q2": 0.75, "cl_nk": 0.75, "q_nk": 0.75, "cl_hnk": 0.75,
                 "q_hnk": 0.75}  # fmt: skip
        stated = {name: value * (90 / 70) ** scale.get(name, 0) for name, value in drawn.items()}
        _, values = people_values(model, person, stated)
        _, of_draw = people_values(model, draws.of(person))
        for name, value in values.items():
            assert of_draw[name][k] == pytest.approx(value[0], rel=1e-12), name
        whole = problem_of(model, esketamine(), draws.of(person)).chosen(slice(k, k + 1))
        expected = whole.concentrations(["norketamine"], np.array(times))[0, 0]
        np.testing.assert_allclose(found["norketamine"][k], expected, rtol=1e-9)


def test_the_area_of_draws_is_dose_over_the_clearance_of_each():
    model = load_model("simons2022")
    draws = draws_of(model, 400)
    log_area = np.log(35.0e3 / (88.8 * np.exp(draws.shifts["cl"])))
    assert log_area.var(ddof=1) == pytest.approx(np.log1p((0.06 / 1.48) ** 2), rel=0.2)
    grid = np.concatenate([np.linspace(0, 2, 401), np.linspace(2.01, 72, 4000)])
    curves = kp.simulate(model, esketamine(), grid, draws=draws)["ketamine"]
    areas = np.trapezoid(curves.to_numpy(), grid, axis=1)
    np.testing.assert_allclose(np.log(areas), log_area, atol=2e-3)


UNCERTAIN = [key for key in list_models() if load_model(key).uncertainty]


def test_some_models_say_how_uncertain_they_are():
    assert {"otto2021", "simons2022"} <= set(UNCERTAIN)


@pytest.mark.parametrize("key", UNCERTAIN)
def test_no_draw_of_a_shipped_model_is_impossible(key):
    """A hundred thousand draws: no share leaves 0 to 1, nobody absorbs more than the dose."""
    model = load_model(key)
    draws = draws_of(model, 100_000)
    _, values = people_values(model, draws.of(typical_person()))
    for name, parameter in model.parameters.items():
        assert (values[name] >= 0.0).all(), name
        is_share = parameter.dimension == "fraction" and not name.startswith("ratio_")
        if is_share and parameter.value < 1.0:
            assert (values[name] <= 1.0).all(), name
        if parameter.uncertainty is not None:
            error = 1.26 * np.sqrt(parameter.uncertainty.omega2 / len(draws))  # of a median
            slope = 1.0 / (1.0 - parameter.value) if parameter.uncertainty.scale == "logit" else 1.0
            middle = np.log(np.median(values[name]) / parameter.value)
            assert middle * slope == pytest.approx(0.0, abs=4.5 * error), name
    for entry in model.administrations:
        amount = next(iter(entry.fraction_by_dose), 35.0)
        intakes_by_route(model, values, entry.route, amount, entry.product, entry.drug)
    rate_matrix(model, values)


def test_draws_that_absorb_more_than_the_dose_are_refused_and_named():
    model = parse_model(SHARES, "mine.toml")
    with pytest.raises(KpksimError, match=TOO_MUCH):
        kp.simulate(model, kp.oral("10 mg"), [1.0], draws=draws_of(model, 200))
