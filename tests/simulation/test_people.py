"""People in a simulation: the same whoever else is drawn, and as spread as their model says."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import kpksim as kp
from kpksim.analysis.exposure import exposure
from kpksim.errors import ModelError
from kpksim.population import People, sample_people
from kpksim.simulation import curves as seam

MODEL = kp.load_model("reference_racemic_2026a")
INFUSION = kp.infusion("0.5 mg/kg", over="40 min")
TIMES = np.array([0.0, 1 / 3, 2 / 3, 1.0, 4.0, 24.0])


def people(n, *, model=MODEL, seed=20260101, weight_cv=0.0):
    """Draw people from the blocks of a model."""
    blocks = [(block.parameters, block.omega) for block in model.blocks]
    return sample_people(blocks, n, seed=seed, weight_cv=weight_cv)


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    one, again, other = (
        kp.simulate(MODEL, INFUSION, TIMES, subjects=people(4, seed=seed)) for seed in (7, 7, 8)
    )
    xr.testing.assert_identical(one, again)
    assert not np.allclose(one["ketamine"][:, 2], other["ketamine"][:, 2])


@pytest.mark.parametrize("regimen", [INFUSION, kp.oral("0.5 mg/kg"), kp.intranasal("35 mg")])
def test_it_does_not_matter_how_many_people_are_computed_at_once(monkeypatch, regimen):
    some = people(7, weight_cv=0.2)
    whole = kp.simulate(MODEL, regimen, TIMES, subjects=some)
    for size in (1, 3):
        monkeypatch.setattr(seam, "PEOPLE_AT_ONCE", size)
        parts = kp.simulate(MODEL, regimen, TIMES, subjects=some)
        for name in whole.data_vars:
            np.testing.assert_allclose(parts[name], whole[name], rtol=1e-12, atol=1e-300)


def test_a_person_is_the_same_among_few_and_among_many():
    few = kp.simulate(MODEL, INFUSION, TIMES, subjects=people(3))
    many = kp.simulate(MODEL, INFUSION, TIMES, subjects=people(70))
    for name in few.data_vars:
        np.testing.assert_allclose(many[name][:3], few[name], rtol=1e-12, atol=1e-300)


def test_a_dose_per_kg_follows_the_weight_of_each_person():
    three = People({"weight": np.array([50.0, 70.0, 100.0])}, {})
    peak = kp.simulate(MODEL, kp.bolus("0.5 mg/kg"), [0.0], subjects=three)["ketamine"][:, 0]
    np.testing.assert_allclose(peak, [500 / (133 / 70)] * 3, rtol=1e-12)
    fixed = kp.simulate(MODEL, kp.bolus("35 mg"), [0.0], subjects=three)["ketamine"][:, 0]
    np.testing.assert_allclose(fixed, 35_000 / (133 * np.array([50, 70, 100]) / 70), rtol=1e-12)


def test_people_whose_inputs_end_at_different_times_keep_their_own_effects():
    """Oral input lasts d_oral; with a spread of it every person has a mesh of his own."""
    d_oral = MODEL.parameters["d_oral"]
    spread = replace(d_oral, iiv=replace(MODEL.parameters["ka_oral"].iiv, scale="log"))
    model = replace(MODEL, parameters={**MODEL.parameters, "d_oral": spread})
    etas = {"d_oral": np.log([0.5, 1.0, 3.0])}
    three = People({"weight": np.full(3, 70.0)}, etas)
    together = kp.simulate(model, kp.oral("70 mg"), TIMES, subjects=three)
    for k in range(3):
        alone = kp.simulate(model, kp.oral("70 mg"), TIMES, subjects=three.chosen(slice(k, k + 1)))
        for name in together.data_vars:
            np.testing.assert_allclose(
                together[name][k], alone[name][0], rtol=1e-9, atol=1e-12, err_msg=name
            )
    assert len({round(float(value), 3) for value in together["ketamine"][:, 2]}) == 3


def test_a_share_known_for_single_doses_is_refused_for_people_of_different_weight():
    model = kp.load_model("perezruixo2021")
    spray = kp.intranasal("0.4 mg/kg", drug="esketamine")
    heavy = People({"weight": np.array([70.0, 90.0])}, {})
    with pytest.raises(ModelError, match=r"per kg people get from 28 to 36 mg; give the dose in"):
        kp.simulate(model, spray, [0.0, 1.0], subjects=heavy)
    alike = People({"weight": np.array([70.0, 70.0])}, {})
    assert kp.simulate(model, spray, [0.0, 1.0], subjects=alike)["ketamine"].max() > 0.0


@pytest.mark.parametrize("key", ["reference_racemic_2026a", "perezruixo2021"])
def test_nobody_absorbs_more_than_the_dose(key):
    """Ketamine and norketamine formed before the blood, as areas, never exceed an IV dose."""
    model = kp.load_model(key)
    many = people(60, model=model, seed=3)
    iv = exposure(model, kp.bolus("28 mg", drug=model.drug), horizon=9.0, subjects=many)
    best = iv[iv.analyte == "norketamine"].auc_inf.to_numpy()
    for make in (kp.oral, kp.intranasal):
        found = exposure(model, make("28 mg", drug=model.drug), horizon=9.0, subjects=many)
        assert (found[found.analyte == "norketamine"].auc_inf.to_numpy() <= best * (1 + 1e-9)).all()


@pytest.mark.slow
def test_people_are_as_spread_as_a_monte_carlo_of_the_published_covariances():
    """Quantiles 5, 50, 95 of the peak 115, 157, 205; of the area 282, 368, 479, ratio 1.70."""
    found = exposure(
        MODEL, kp.infusion("35 mg", over="40 min"), horizon=24.0, subjects=people(4000, seed=1),
        outputs=["ketamine"],
    )  # fmt: skip
    assert np.quantile(found.cmax, [0.05, 0.5, 0.95]) == pytest.approx([115, 157, 205], rel=0.03)
    low, median, high = np.quantile(found.auc_inf, [0.05, 0.5, 0.95])
    assert [low, median, high] == pytest.approx([282, 368, 479], rel=0.03)
    assert high / low == pytest.approx(np.exp(3.29 * np.sqrt(0.026048)), rel=0.03)
