"""Effect curves as draws of posteriors: which draws, in whom, and which one stands for all."""

import numpy as np
import pytest
import xarray as xr

import kpksim as kp
from kpksim.errors import ModelError, ScenarioError, UnknownName
from kpksim.library import posterior_catalogue
from kpksim.library.hypotheses import effect_of, load_hypothesis
from kpksim.library.posteriors import load_posterior, mixture
from kpksim.population import People, sample_draws, sample_people, typical_person
from kpksim.simulation.effects import effect_under
from kpksim.vocabulary import OUTCOMES

MODEL = kp.load_model("reference_racemic_2026b")
VENOUS = kp.load_model("reference_racemic_2026a")
INFUSION = kp.infusion("0.5 mg/kg", over="40 min")
WEEKLY = kp.subcutaneous("1 mg/kg").repeat(every="7 d", times=2)
TIMES = np.array([0.0, 0.5, 2 / 3, 1.0, 4.0, 24.0, 168.0, 170.0, 336.0])
N = 20


@pytest.fixture(autouse=True)
def shipped_posteriors(shipped):
    shipped.ship()
    return shipped


def simulated(regimen=INFUSION, model=MODEL, **options):
    """Simulate with few draws."""
    return kp.simulate(model, regimen, TIMES, effect_draws=N, **options)


def pk_draws(n, seed=1):
    """Draws of the parameters of the concentrations."""
    together = [(one.parameters, one.covariance) for one in MODEL.uncertainty]
    return sample_draws(together, n, seed=seed)


def values_of(outcome, n=N):
    """Hypothesis and parameters of every draw of the mixture, one by one."""
    return [
        (part.hypothesis, {name: float(value[k]) for name, value in part.values.items()})
        for part in mixture(outcome, n).parts
        for k in range(len(part))
    ]


def test_effects_have_the_dim_draw_and_concentrations_do_not():
    result = simulated({"IV": INFUSION, "SC": WEEKLY})
    assert result["ketamine"].dims == ("regimen", "time")
    assert result["anxiety"].dims == result["anxiety_open"].dims == ("regimen", "draw", "time")
    assert result["dbp"].dims == ("regimen", "time")  # it has no posterior
    assert result["draw"].values.tolist() == list(range(1, N + 1))


def test_two_hundred_draws_are_usual():
    assert kp.simulate(MODEL, INFUSION, [1.0], outcomes=["sbp"]).sizes["draw"] == 200


def test_every_draw_tells_its_hypothesis():
    result = simulated()
    told = result["hypothesis"].sel(outcome="anxiety").values.tolist()
    assert told == ["ketamine"] * 10 + ["ketamine_arterial"] * 4 + ["slow_norketamine"] * 6
    assert set(result["hypothesis"].sel(outcome="dbp").values) == {""}


@pytest.mark.parametrize("outcome", ["anxiety", "depression", "dissociation", "sbp"])
def test_each_draw_is_the_curve_of_its_own_parameters(outcome):
    """One at a time, in one person, by the way that takes a single effect."""
    result = simulated(WEEKLY, outcomes=[outcome])
    for k, (hypothesis, values) in enumerate(values_of(outcome)):
        effect = {outcome: effect_under(MODEL, hypothesis, values)}
        alone = kp.simulate(MODEL, WEEKLY, TIMES, outcomes=[outcome], effects=effect)
        found = result[outcome].isel(draw=k).values
        assert found == pytest.approx(alone[outcome].values, rel=1e-9, abs=1e-9)


def paired(regimen, draws, k, outcome="anxiety"):
    """Draw k by hand: its concentrations, and an EC50 that is a share of their own peak."""
    shifts = {name: one[[k]] for name, one in draws.shifts.items()}
    person = People(dict(typical_person().covariates), {}, None, shifts)
    hypothesis, values = values_of(outcome)[k]
    fine = 2 / 3 + np.append(0.0, np.geomspace(1 / 120, 24.0, 80))

    def peak(drive, also="", w_also=0.0):
        seen = kp.simulate(MODEL, INFUSION, fine, subjects=person, outcomes=[drive])
        return float(seen[drive].max())

    effect = {outcome: effect_of(hypothesis, values, peak)}
    return kp.simulate(
        MODEL, regimen, TIMES, subjects=person, outcomes=["ketamine", outcome], effects=effect
    ).isel(subject=0)


@pytest.mark.parametrize("k", [0, 9, 12, 19])
def test_draws_of_concentrations_are_paired_with_draws_of_effects(k):
    draws = pk_draws(N)
    result = kp.simulate(MODEL, WEEKLY, TIMES, draws=draws, outcomes=["ketamine", "anxiety"])
    expected = paired(WEEKLY, draws, k)
    assert result["ketamine"].dims == result["anxiety"].dims == ("draw", "time")
    for name in ("ketamine", "anxiety", "anxiety_blinded"):
        assert result[name].values[k] == pytest.approx(expected[name].values, rel=1e-7, abs=1e-9)


def test_a_draw_keeps_the_concentrations_under_which_it_was_fitted(shipped_posteriors):
    """Draw 2 belongs to the fifth of six draws of the model, draw 3 to the typical person."""
    which = np.arange(300) % 6
    which[2], which[3] = 4, -1
    shipped_posteriors.ship({("anxiety", "ketamine"): 1.0}, pk_draw=which, pk_draws=6, pk_seed=7)
    result = simulated(WEEKLY, outcomes=["ketamine", "anxiety"])
    ensemble = pk_draws(6, seed=7)
    own = type(ensemble)({name: one[which[:N]] for name, one in ensemble.shifts.items()}, N, 7)
    found = result["anxiety"].values
    assert found[2] == pytest.approx(paired(WEEKLY, own, 2)["anxiety"].values, rel=1e-7)
    typical = effect_under(MODEL, *values_of("anxiety")[3])
    alone = kp.simulate(MODEL, WEEKLY, TIMES, outcomes=["anxiety"], effects={"anxiety": typical})
    assert found[3] == pytest.approx(alone["anxiety"].values, rel=1e-9, abs=1e-9)
    assert result["ketamine"].dims == ("time",)  # of the typical person


def test_another_model_has_no_such_concentrations(shipped_posteriors):
    shipped_posteriors.ship({("sbp", "pressure_venous"): 1.0}, pk_draw=[0] * 300, pk_draws=1)
    result = simulated(model=VENOUS, outcomes=["sbp"])
    effect = {"sbp": effect_under(VENOUS, *values_of("sbp")[0])}
    alone = kp.simulate(VENOUS, INFUSION, TIMES, outcomes=["sbp"], effects=effect)
    assert result["sbp"].values[0] == pytest.approx(alone["sbp"].values)


def test_a_hypothesis_that_a_model_cannot_drive_is_left_out_with_a_word():
    result = simulated(model=VENOUS, outcomes=["anxiety", "dissociation"])
    told = result["hypothesis"].sel(outcome="anxiety").values
    assert {str(one): int((told == one).sum()) for one in set(told)} == {
        "ketamine": 13, "slow_norketamine": 7,
    }  # fmt: skip
    lines = result.attrs["warnings"].split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("Anxiety without the hypothesis arterial ketamine: it is driven by")
    assert 'no output "ketamine_arterial"' in lines[0]


def test_an_effect_that_no_surviving_hypothesis_can_drive_is_refused(shipped_posteriors):
    shipped_posteriors.ship({("sbp", "pressure_arterial"): 1.0})
    with pytest.raises(ModelError, match='"sbp" cannot be computed with reference_racemic_2026a'):
        simulated(model=VENOUS, outcomes=["sbp"])
    assert "sbp" not in simulated(model=VENOUS)
    assert "sbp" in simulated(model=VENOUS, effects="prior")


def test_the_prior_can_still_be_asked_for(monkeypatch, tmp_path):
    with_posteriors = simulated(effects="prior")
    assert with_posteriors.attrs["calibration"] == "uncalibrated: prior medians"
    monkeypatch.setattr(posterior_catalogue, "_folder", lambda: tmp_path / "none")
    xr.testing.assert_identical(with_posteriors, simulated())


def test_the_label_says_to_what_curves_are_calibrated():
    result = simulated()
    words = "calibrated to 80 statements of 2 studies"
    assert result.attrs["calibration"] == f"{words}; diastolic rise uncalibrated: prior medians"
    assert result["anxiety"].attrs["calibration"] == "calibrated to 20 statements of 2 studies"
    assert result["dbp"].attrs["calibration"] == "uncalibrated: prior medians"
    assert "calibration" not in result["ketamine"].attrs
    assert {"diazgranados2010", "glue2017"} <= set(result.attrs["citations"].split())


def people(n=3):
    return sample_people([(b.parameters, b.omega) for b in MODEL.blocks], n, seed=1)


def test_people_are_at_the_draw_that_is_nearest_to_the_median_of_all():
    grid = np.linspace(0.0, 336.0, 50)
    options = {"effect_draws": N, "outcomes": ["anxiety", "sbp"]}
    result = kp.simulate(MODEL, WEEKLY, grid, subjects=people(), **options)
    draws = kp.simulate(MODEL, WEEKLY, grid, **options)
    assert result["anxiety"].dims == ("subject", "time")
    for outcome in ("anxiety", "sbp"):
        curves = draws[outcome].values
        away = ((curves - np.median(curves, axis=0)) ** 2).sum(axis=1)
        nearest = int(away.argmin())
        assert int(result["central_draw"].sel(outcome=outcome)) == nearest + 1
        hypothesis, values = values_of(outcome)[nearest]
        effect = {outcome: effect_under(MODEL, hypothesis, values)}
        same = kp.simulate(
            MODEL, WEEKLY, grid, subjects=people(), outcomes=[outcome], effects=effect
        )
        np.testing.assert_allclose(result[outcome], same[outcome], rtol=1e-9)
    assert result.attrs["calibration"] == "calibrated to 40 statements of 2 studies"


def test_one_typical_person_of_another_weight_has_draws():
    result = simulated(subjects=typical_person(50.0), outcomes=["ketamine", "sbp"])
    assert dict(result["sbp"].sizes) == {"draw": N, "time": len(TIMES)}
    assert dict(result["ketamine"].sizes) == {"subject": 1, "time": len(TIMES)}
    flat = kp.infusion("35 mg", over="40 min")
    light, usual = (
        simulated(flat, subjects=typical_person(kg), outcomes=["sbp"])["sbp"].max("time")
        for kg in (50.0, 70.0)
    )
    assert (light > usual).all()


def test_the_same_draws_are_drawn_whoever_asks():
    again = [simulated(outcomes=["anxiety"])["anxiety"].values for _ in range(2)]
    assert np.array_equal(*again)
    among = simulated({"SC": WEEKLY, "IV": INFUSION})["anxiety"].sel(regimen="IV").values
    np.testing.assert_allclose(among, again[0], rtol=1e-9, atol=1e-12)


def test_esketamine_acts_by_the_potency_of_each_draw(shipped_posteriors):
    shipped_posteriors.ship({("sbp", "pressure_venous"): 1.0})
    file = shipped_posteriors.folder / "sbp__pressure_venous.nc"
    found = xr.load_dataset(file, engine="h5netcdf")
    found["potency"] = ("draw", np.linspace(1.0, 3.0, found.sizes["draw"]).astype(np.float32))
    found.to_netcdf(file, engine="h5netcdf")
    posterior_catalogue._shipped.cache_clear()
    dose = kp.infusion("0.5 mg/kg", over="40 min", drug="esketamine")
    alike = load_posterior("sbp", "pressure_venous")
    result = simulated(dose, outcomes=["sbp"])["sbp"].max("time").values
    racemate = simulated(INFUSION, outcomes=["sbp"])["sbp"].max("time").values
    s_alone = kp.simulate(MODEL, dose, TIMES, outcomes=["ketamine"])["ketamine"].max()
    both = kp.simulate(MODEL, INFUSION, TIMES, outcomes=["ketamine"])["ketamine"].max()
    stronger = alike.values["potency"][:N] * float(s_alone / both)
    assert result / racemate == pytest.approx(stronger ** alike.values["g"][:N], rel=0.02)


def test_effects_of_ones_own_are_computed_and_called_so():
    own = {"sbp": effect_of(load_hypothesis("pressure_venous"), values_of("sbp")[0][1], None)}
    result = kp.simulate(MODEL, INFUSION, TIMES, outcomes=["sbp"], effects=own)
    assert result.attrs["calibration"] == "of parameters that were given"
    with pytest.raises(UnknownName, match='no effect among those given "anxiety"; known: sbp'):
        kp.simulate(MODEL, INFUSION, TIMES, outcomes=["anxiety"], effects=own)


def test_another_source_of_effects_is_refused():
    with pytest.raises(UnknownName, match='no source of effects "post"; did you mean "posterior"'):
        simulated(effects="post")
    with pytest.raises(ScenarioError, match="a number of draws of effects is at least 1, got 0"):
        kp.simulate(MODEL, INFUSION, TIMES, effect_draws=0)


def test_netcdf_keeps_draws_and_hypotheses(tmp_path):
    result = simulated({"IV": INFUSION})
    result.to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as back:
        xr.testing.assert_identical(back.load(), result)


def test_every_outcome_is_there_and_none_is_uncertain_without_its_posterior():
    result = simulated()
    assert {name for name in OUTCOMES if name in result} == set(OUTCOMES)
