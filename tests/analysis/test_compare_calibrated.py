"""Comparisons whose effects are draws of posteriors."""

import json

import numpy as np
import pytest

import kpksim as kp
from kpksim.analysis import compare, parse_scenario
from kpksim.analysis.effect_draws import by_hypothesis, effects_at, every_hypothesis
from kpksim.analysis.rare_hypotheses import DRAWS as DRAWS_OF_THE_RARE
from kpksim.population import sample_people, typical_person
from kpksim.report.tables import summary_table, write_effect
from kpksim.simulation.mixtures import mixture_of

TEXT = """
title    = "Two routes"
model    = "reference_racemic_2026b"
horizon  = "30 h"
outcomes = ["ketamine", "anxiety", "sbp", "dbp"]
[[regimens]]
name  = "IV"
route = "iv"
dose  = "0.5 mg/kg"
over  = "40 min"
[[regimens]]
name  = "Oral"
route = "oral"
dose  = "0.5 mg/kg"
"""
PEOPLE = "[population]\nn = 5\nseed = 3\n"
DRAWS = "[uncertainty]\nn = 12\nseed = 4\n"
MODEL = kp.load_model("reference_racemic_2026b")


@pytest.fixture(autouse=True)
def posteriors(shipped):
    shipped.ship()


def run(text=TEXT, **options):
    return compare(parse_scenario(text, "test.toml"), **options)


def simulated(found, **options):
    """The same regimens by `simulate`, on the same times."""
    regimens = {
        "IV": kp.infusion("0.5 mg/kg", over="40 min"),
        "Oral": kp.oral("0.5 mg/kg"),
    }
    names = ["ketamine", "anxiety", "sbp", "dbp"]
    return kp.simulate(MODEL, regimens, found.result["time"].values, outcomes=names, **options)


def test_the_typical_curve_is_the_median_of_the_draws_and_its_band_the_middle_of_them():
    found = run()
    draws = simulated(found)
    for name in ("anxiety", "anxiety_open", "sbp"):
        curves = draws[name].transpose("regimen", "draw", "time").values
        np.testing.assert_allclose(found.result[name], np.median(curves, axis=1), atol=1e-9)
        band = np.quantile(curves, [0.05, 0.5, 0.95], axis=1).transpose(1, 0, 2)
        np.testing.assert_allclose(found.result[f"{name}_parameters"], band, atol=1e-9)
    np.testing.assert_allclose(found.result["dbp"], draws["dbp"], atol=1e-9)
    assert "dbp_parameters" not in found.result
    assert "ketamine_parameters" not in found.result
    assert found.result.attrs["n_effect_draws"] == 200


def test_the_summary_has_the_numbers_of_the_median_and_the_middle_of_those_of_the_draws():
    found = run()
    rows = found.summary.set_index(["regimen", "quantity", "component", "metric"]).sort_index()
    row = rows.loc[("IV", "anxiety", "drug", "at_24h")]
    at = simulated(found)["anxiety"].sel(regimen="IV").interp(time=24.0).values
    assert row["value"] == pytest.approx(np.median(at), abs=1e-3)
    ends = [row["parameters_p05"], row["parameters_p95"]]
    assert ends == pytest.approx(np.quantile(at, [0.05, 0.95]), rel=1e-6)
    assert np.isnan(rows.loc[("IV", "ketamine", "total", "cmax"), "parameters_p05"])
    assert row["note"] == "calibrated to 20 statements of 2 studies"
    assert rows.loc[("IV", "dbp", "drug", "at_24h"), "note"] == "uncalibrated: prior medians"


def test_the_table_of_one_regimen_has_the_spread_of_the_draws():
    found = run(TEXT.partition('[[regimens]]\nname  = "Oral"')[0])
    table = summary_table(found)
    place = [one.head for one in table.columns].index("Anxiety, lowest")
    rows = found.summary.set_index(["quantity", "component", "metric"])
    row = rows.loc["anxiety", "drug", "largest_change"]
    low, high = (write_effect(row[name]) for name in ("parameters_p05", "parameters_p95"))
    assert table.blocks[0].rows[0][place].spread == f"{low} to {high}"


def test_people_of_every_regimen_get_one_central_draw():
    found = run(TEXT + PEOPLE, keep_people=True)
    place = json.loads(found.result.attrs["central_draws"])["reference_racemic_2026b"]
    assert set(place) == {"anxiety", "sbp"}
    draws = simulated(found)
    grid = np.unique(np.linspace(0, draws.sizes["time"] - 1, 120).round().astype(int))
    for name in ("anxiety", "sbp"):
        curves = draws[name].transpose("regimen", "draw", "time").values[:, :, grid]
        away = ((curves - np.median(curves, axis=1, keepdims=True)) ** 2).mean(axis=2)
        away /= curves.var(axis=1).mean(axis=1)[:, None]
        assert place[name] == away.sum(axis=0).argmin() + 1
    effects = {
        name: mixture_of(MODEL, name, 200, typical_person()).effect(place[name] - 1)
        for name in place
    }
    five = sample_people([(b.parameters, b.omega) for b in MODEL.blocks], 5, seed=3)
    regimens = {"Oral": kp.oral("0.5 mg/kg")}
    alone = kp.simulate(
        MODEL, regimens, found.result["time"].values, subjects=five, outcomes=list(place),
        effects=effects,
    )  # fmt: skip
    for name in place:
        np.testing.assert_allclose(
            found.people[name].sel(regimen="Oral"), alone[name].isel(regimen=0), rtol=1e-9
        )


def test_draws_of_concentrations_and_of_effects_are_paired_in_the_band():
    found = run(TEXT + DRAWS, keep_draws=True)
    assert found.draws.sizes["draw"] == 12
    assert found.draws["ketamine"].dims == found.draws["anxiety"].dims
    curves = found.draws["anxiety"].transpose("regimen", "draw", "time").values
    band = np.quantile(curves, [0.05, 0.5, 0.95], axis=1).transpose(1, 0, 2)
    np.testing.assert_allclose(found.result["anxiety_parameters"], band, atol=1e-9)
    typical = np.median(simulated(found)["anxiety"].transpose("regimen", "draw", "time"), axis=1)
    np.testing.assert_allclose(found.result["anxiety"], typical, atol=1e-9)


def test_each_hypothesis_has_the_median_of_its_own_draws():
    found = run().result
    draws = simulated(run())
    told = draws["hypothesis"].sel(outcome="anxiety").values
    for key in ("ketamine", "ketamine_arterial", "slow_norketamine"):
        own = draws["anxiety"].isel(draw=np.flatnonzero(told == key)).median("draw")
        lines = found["anxiety_hypotheses"].sel(account=key)
        np.testing.assert_allclose(lines, own, atol=1e-9)
    assert np.isnan(found["anxiety_hypotheses"].sel(account="norketamine")).all()
    assert "dbp_hypotheses" not in found


def test_a_hypothesis_of_few_draws_has_no_curve_of_its_own(shipped):
    shipped.ship({("anxiety", "ketamine"): 0.97, ("anxiety", "ketamine_arterial"): 0.03,
                  ("anxiety", "slow_norketamine"): 0.0})  # fmt: skip
    draws = kp.simulate(
        MODEL, {"IV": kp.infusion("0.5 mg/kg", over="40 min")}, [0.0, 1.0], outcomes=["anxiety"]
    )
    lines = by_hypothesis(draws)["anxiety_hypotheses"]
    known = lines["account"].values[np.isfinite(lines).all(("regimen", "time")).values]
    assert known.tolist() == ["ketamine"]


def test_a_hypothesis_of_small_weight_has_the_median_of_draws_of_its_own(shipped):
    weights = {"ketamine": 0.99, "slow_norketamine": 0.01, "norketamine": 0.0}
    shipped.ship({("anxiety", key): weight for key, weight in weights.items()})
    found = run().result
    shipped.ship({("anxiety", "slow_norketamine"): 1.0})
    alone = simulated(run(), effect_draws=DRAWS_OF_THE_RARE)
    np.testing.assert_allclose(
        found["anxiety_hypotheses"].sel(account="slow_norketamine"),
        alone["anxiety"].median("draw"),
        atol=1e-9,
    )
    assert np.isnan(found["anxiety_hypotheses"].sel(account="norketamine")).all()


def test_hypotheses_are_listed_once_in_the_order_of_the_library():
    assert every_hypothesis(["anxiety", "depression"]) == [
        "ketamine", "ketamine_arterial", "norketamine", "slow_norketamine",
    ]  # fmt: skip


def test_models_that_drive_different_hypotheses_stand_side_by_side():
    two = TEXT.replace(
        'model    = "reference_racemic_2026b"',
        'models = ["reference_racemic_2026a", "reference_racemic_2026b"]',
    )
    found = run(two).result
    arterial = found["anxiety_hypotheses"].sel(account="ketamine_arterial")
    has = np.isfinite(arterial).all("time").values.tolist()
    assert has == [False, False, True, True]
    assert "without the hypothesis arterial ketamine" in found.attrs["warnings"]


def test_effects_without_a_central_draw_are_those_of_the_prior():
    given = effects_at(MODEL, ["sbp", "dbp"], {})
    assert given["dbp"].a == pytest.approx(10.0)


def test_another_body_keeps_the_draws():
    changed = TEXT + '[[regimens]]\nname = "Slow"\nroute = "oral"\ndose = "0.5 mg/kg"\n'
    found = run(changed + "factors = { cl_s = 0.5 }\n" + PEOPLE)
    deeper = found.result["anxiety"].sel(regimen="Slow").min()
    assert deeper < found.result["anxiety"].sel(regimen="Oral").min()
    assert np.isfinite(found.result["anxiety_people"].sel(regimen="Slow")).all()
