"""Comparisons: curves, people and summary of whole scenarios."""

import json

import numpy as np
import pytest
import xarray as xr

import kpksim as kp
from kpksim.analysis import compare, parse_scenario
from kpksim.analysis.course import hours_above
from kpksim.analysis.exposure import exposure
from kpksim.errors import DataError, KpksimError, ScenarioError
from kpksim.population import sample_people
from kpksim.vocabulary import ANALYTES, OUTCOMES, QUANTITIES, USE_LINE

TEXT = """
title    = "Two routes"
model    = "reference_racemic_2026a"
horizon  = "15 d"
[[regimens]]
name  = "IV"
route = "iv"
dose  = "0.5 mg/kg"
over  = "40 min"
[[regimens]]
name  = "Oral later"
route = "oral"
dose  = "0.5 mg/kg"
start = "2 h"
"""
PEOPLE = "[population]\nn = 8\nseed = 3\n"
EXPOSURE = ["cmax", "tmax", "auc_horizon", "auc_inf", "t_half"]
EFFECT = ["largest_change", "time_of_largest", "at_40min", "at_1h", "at_2h", "at_4h", "at_24h",
          "at_72h", "at_7d", "at_14d", "hours_above_half"]  # fmt: skip
MOMENTS = {"at_40min": 2 / 3, "at_1h": 1.0, "at_4h": 4.0, "at_24h": 24.0, "at_7d": 168.0}


def run(text=TEXT, **options):
    """Compute a scenario from its text."""
    return compare(parse_scenario(text, "test.toml"), **options)


@pytest.fixture(scope="module")
def typical():
    return run()


@pytest.fixture(scope="module")
def with_people():
    return run(TEXT + PEOPLE, keep_people=True)


def metric(found, regimen, quantity, name, component=None):
    """Give one number of a summary."""
    part = component or ("total" if quantity in ANALYTES else "drug")
    rows = found.summary.set_index(["regimen", "quantity", "component", "metric"]).sort_index()
    return float(rows.loc[(regimen, quantity, part, name), "value"])


def test_the_curves_are_those_of_simulate(typical):
    times = typical.result["time"].to_numpy()
    alone = kp.simulate(kp.load_model("reference_racemic_2026a"), kp.oral("35 mg", at="2 h"), times)
    for name in QUANTITIES:
        found = typical.result[name].sel(regimen="Oral later")
        assert found.dims == ("time",)
        np.testing.assert_allclose(found, alone[name], rtol=1e-9, atol=1e-12)


def test_the_result_says_all_that_a_reader_needs(typical):
    result = typical.result
    assert result.regimen.values.tolist() == ["IV", "Oral later"]
    assert result.sentence.values.tolist() == [
        "0.5 mg/kg IV over 40 min, once", "0.5 mg/kg oral, once at 2 h",
    ]  # fmt: skip
    assert result.model.values.tolist() == ["reference_racemic_2026a"] * 2
    assert result.route.values.tolist() == ["iv", "oral"]
    assert result.last_dose.values.tolist() == [0.0, 2.0]
    assert float(result.time[-1]) == 360.0
    attrs = dict(result.attrs)
    assert attrs.pop("configuration") == TEXT
    assert list(json.loads(attrs.pop("model_cards"))) == ["reference_racemic_2026a"]
    assert attrs.pop("effect_notes").startswith("Dissociation uses the venous drive")
    assert {one["regimen"] for one in json.loads(attrs.pop("statements"))} == {"IV"}
    assert attrs.pop("citations").split() == sorted(set(result.attrs["citations"].split()))
    assert attrs == {
        "title": "Two routes", "version": kp.__version__, "models": "reference_racemic_2026a",
        "n_people": 0, "seed": "", "n_draws": 0, "draws_seed": "", "weight": 70.0,
        "n_effect_draws": 0, "central_draws": "",
        "use_line": USE_LINE, "expectation": "none",
        "calibration": "uncalibrated: prior medians", "warnings": "",
    }  # fmt: skip


def test_every_regimen_and_quantity_has_every_metric_once(typical):
    summary = typical.summary
    assert list(summary.columns) == [
        "regimen", "model", "quantity", "component", "metric",
        "value", "unit", "p05", "p95", "beyond_evidence", "note",
    ]  # fmt: skip
    keys = ["regimen", "quantity", "component"]
    for (_, quantity, component), rows in summary.groupby(keys, sort=False):
        assert rows.metric.tolist() == (EXPOSURE if quantity in ANALYTES else EFFECT)
        assert component in ({"total"} if quantity in ANALYTES else {"drug", "blinded", "open"})
    found = {
        (regimen, quantity)
        for regimen, quantity in zip(summary.regimen, summary.quantity, strict=True)
    }
    assert found == {(name, quantity) for name in ("IV", "Oral later") for quantity in QUANTITIES}
    parts = summary[summary.quantity == "anxiety"].component.unique().tolist()
    assert parts == ["drug", "blinded", "open"]
    assert summary[summary.quantity == "sbp"].component.unique().tolist() == ["drug"]
    assert summary[["p05", "p95"]].isna().all(axis=None)
    assert not summary.value.isna().any()


def test_the_table_says_once_what_it_is_for_and_of_each_effect_that_it_is_uncalibrated(typical):
    notes = typical.summary.note
    assert notes[0] == USE_LINE
    assert not any(USE_LINE in note for note in notes[1:])
    effects = typical.summary.quantity.isin(OUTCOMES)
    assert set(notes[effects]) == {"uncalibrated: prior medians"}
    assert set(notes[~effects][1:]) == {""}


def test_units_of_the_summary_are_those_of_the_quantities(typical):
    units = typical.summary.groupby(["quantity", "metric"]).unit.unique()
    assert all(len(one) == 1 for one in units)
    assert units["ketamine", "cmax"] == ["ng/mL"]
    assert units["ketamine", "auc_inf"] == ["ng h/mL"]
    assert units["dissociation", "largest_change"] == ["CADSS points"]
    assert units["anxiety", "at_1h"] == ["% change"]
    assert units["sbp", "at_1h"] == ["mmHg"]
    assert units["sbp", "hours_above_half"] == units["ketamine", "t_half"] == ["h"]


def test_exposure_in_the_summary_is_that_of_the_regimen(typical):
    model = kp.load_model("reference_racemic_2026a")
    found = exposure(model, kp.infusion("35 mg", over="40 min"), horizon=360.0)
    for _, row in found.iterrows():
        for name in EXPOSURE:
            close = 1e-4 if name == "tmax" else 1e-7
            assert metric(typical, "IV", row.analyte, name) == pytest.approx(row[name], rel=close)
    assert metric(typical, "IV", "ketamine", "cmax") == pytest.approx(158.04, abs=0.005)


def test_times_count_from_the_first_dose(typical):
    """An oral dose at 2 h gives the numbers of one at 0 h."""
    at_once = run(TEXT.replace('start = "2 h"', "").replace("Oral later", "Oral"))
    for quantity in QUANTITIES:
        for name in EXPOSURE if quantity in ANALYTES else EFFECT:
            later = metric(typical, "Oral later", quantity, name)
            if name not in ("auc_horizon", "hours_above_half"):
                close = {"abs": 0.01} if "t" in name[:4] else {"rel": 1e-3}
                assert later == pytest.approx(metric(at_once, "Oral", quantity, name), **close)
    assert metric(typical, "Oral later", "ketamine", "tmax") == pytest.approx(1.2, abs=0.01)


def test_moments_of_effects_are_values_of_their_curves(typical):
    for quantity in OUTCOMES:
        curve = typical.result[quantity].sel(regimen="Oral later")
        for name, moment in MOMENTS.items():
            expected = float(np.interp(2.0 + moment, curve.time, curve))
            assert metric(typical, "Oral later", quantity, name) == pytest.approx(expected)
        change = metric(typical, "Oral later", quantity, "largest_change")
        reached = metric(typical, "Oral later", quantity, "time_of_largest")
        assert float(curve.sel(time=2.0 + reached, method="nearest")) == change
        assert np.abs(curve).max() == abs(change)


def test_a_moment_after_the_horizon_is_unknown():
    short = run(TEXT.replace('"15 d"', '"30 h"'))
    assert np.isnan(metric(short, "IV", "anxiety", "at_72h"))
    assert not np.isnan(metric(short, "IV", "anxiety", "at_24h"))


def test_people_give_quantiles_and_the_typical_person_stays(typical, with_people):
    result = with_people.result
    assert result["quantile"].values.tolist() == [0.05, 0.5, 0.95]
    for name in QUANTITIES:
        band = result[f"{name}_people"]
        assert band.dims == ("regimen", "quantile", "time")
        assert (band.diff("quantile") >= 0.0).all()
        assert band.attrs["units"] == QUANTITIES[name].unit
        xr.testing.assert_equal(result[name], typical.result[name])
    assert (result.attrs["n_people"], result.attrs["seed"]) == (8, "3")


def test_quantiles_are_those_of_the_people_that_are_kept(with_people):
    people = with_people.people
    assert dict(people.sizes)["subject"] == 8
    for name in ("ketamine", "anxiety", "anxiety_open"):
        expected = np.quantile(
            people[name].transpose("regimen", "subject", "time"), [0.05, 0.5, 0.95], axis=1
        )
        found = with_people.result[f"{name}_people"].transpose("quantile", "regimen", "time")
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-300)
    assert people.attrs["title"] == "Two routes"


def test_the_spread_in_the_summary_is_that_of_the_people(with_people):
    rows = with_people.summary.set_index(
        ["regimen", "quantity", "component", "metric"]
    ).sort_index()
    curves = with_people.people
    for regimen in ("IV", "Oral later"):
        peaks = curves["ketamine"].sel(regimen=regimen).max("time")
        row = rows.loc[(regimen, "ketamine", "total", "cmax")]
        assert [row.p05, row.p95] == pytest.approx(np.quantile(peaks, [0.05, 0.95]).tolist())
        largest = curves["anxiety_drug"].sel(regimen=regimen).min("time")
        row = rows.loc[(regimen, "anxiety", "drug", "largest_change")]
        assert [row.p05, row.p95] == pytest.approx(np.quantile(largest, [0.05, 0.95]).tolist())


def test_the_typical_person_lies_between_the_outer_people_almost_always():
    found = run(TEXT.replace("15 d", "36 h") + PEOPLE.replace("8", "60")).summary
    known = found[~found.p05.isna()]
    inside = (known.p05 <= known.value + 1e-9) & (known.value <= known.p95 + 1e-9)
    assert inside.mean() > 0.9
    assert (known.p05 <= known.p95).all()


def test_no_people_are_kept_unless_asked(with_people):
    assert run(TEXT.replace("15 d", "1 d") + PEOPLE).people is None
    assert with_people.people is not None


@pytest.mark.parametrize("shown", ["blinded", "open"])
def test_with_expectation_the_curve_shows_it_and_the_summary_holds_all(typical, shown):
    found = run(TEXT.replace("[[regimens]]", f'with_expectation = "{shown}"\n[[regimens]]', 1))
    assert found.result.attrs["expectation"] == shown
    xr.testing.assert_equal(found.result["anxiety"], typical.result[f"anxiety_{shown}"])
    assert found.summary.drop(columns=["p05", "p95"]).equals(
        typical.summary.drop(columns=["p05", "p95"])
    )


SEVERAL = """
title    = "Two models"
models   = ["simons2022", "otto2021"]
horizon  = "24 h"
outcomes = ["ketamine", "norketamine", "hydroxynorketamine", "anxiety"]
[[regimens]]
name  = "A"
route = "iv"
dose  = "35 mg"
over  = "40 min"
drug  = "esketamine"
"""


def test_models_side_by_side_lack_what_they_do_not_give():
    found = run(SEVERAL)
    result = found.result
    assert result.regimen.values.tolist() == ["A, simons2022", "A, otto2021"]
    assert result.model.values.tolist() == ["simons2022", "otto2021"]
    assert result["anxiety"].sel(regimen="A, simons2022").isnull().all()
    assert result["hydroxynorketamine"].sel(regimen="A, otto2021").isnull().all()
    assert not result["ketamine"].isnull().any()
    warnings = result.attrs["warnings"].split("\n")
    assert warnings[0].startswith("simons2022 does not give anxiety (its concentrations are arter")
    assert warnings[1] == "otto2021 does not give hydroxynorketamine."
    simons = found.summary[found.summary.model == "simons2022"]
    assert set(simons.quantity) == {"ketamine", "norketamine", "hydroxynorketamine"}


@pytest.mark.parametrize("models", ['"simons2022", "otto2021"', '"otto2021", "simons2022"'])
def test_labels_of_one_model_are_not_lost_beside_another(models):
    text = SEVERAL.replace('"simons2022", "otto2021"', models)
    result = run(text.replace('"anxiety"', '"anxiety", "dissociation"')).result
    assert result.attrs["effect_notes"].count("Dissociation uses the venous drive") == 1
    assert result.attrs["calibration"] == "uncalibrated: prior medians"
    assert set(result["ketamine"].attrs["site"].split(", ")) == {"arterial", "venous"}
    assert {"simons2022", "otto2021", "taylor2018"} <= set(result.attrs["citations"].split())
    assert result["anxiety"].attrs["units"] == "% change"


def test_why_effects_are_missing_is_said_only_where_they_were_asked():
    result = run(SEVERAL.replace(', "anxiety"', "").replace("simons2022", "otto2021", 1)
                 .replace('"otto2021", "otto2021"', '"otto2021", "simons2022"')).result  # fmt: skip
    assert result.attrs["warnings"] == "otto2021 does not give hydroxynorketamine."
    assert result.attrs["calibration"] == ""


def test_a_model_that_gives_nothing_of_what_is_asked_is_refused():
    text = SEVERAL.replace(
        'outcomes = ["ketamine", "norketamine", "hydroxynorketamine", "anxiety"]',
        'outcomes = ["hydroxynorketamine"]',
    )
    with pytest.raises(ScenarioError, match="otto2021 gives none of the outcomes asked for; leave"):
        run(text)


def test_an_outcome_that_the_one_model_lacks_is_refused():
    text = TEXT.replace("reference_racemic_2026a", "domino1982")
    iv_only = text[: text.rindex("[[regimens]]")]
    asked = iv_only.replace("[[regimens]]", 'outcomes = ["ketamine", "norketamine"]\n[[regimens]]')
    with pytest.raises(KpksimError, match='"norketamine"'):
        run(asked)


def test_a_route_that_the_model_lacks_is_refused():
    message = r'test\.toml: regimen "Oral later": domino1982 has no route "oral"'
    with pytest.raises(DataError, match=message):
        run(
            TEXT.replace("reference_racemic_2026a", "domino1982").replace(
                "[[regimens]]", 'outcomes = ["ketamine"]\n[[regimens]]', 1
            )
        )


def test_esketamine_in_the_racemate_model_says_once_how_it_is_computed_and_how_strong_it_is():
    text = TEXT.replace('dose  = "0.5 mg/kg"', 'dose = "0.5 mg/kg"\ndrug = "esketamine"')
    warnings = run(text).result.attrs["warnings"].split("\n")
    assert len(warnings) == 2
    assert "computed as total ketamine" in warnings[0]
    assert "multiplied by 1.65 per mg" in warnings[1]


def test_a_comparison_comes_back_from_its_file(tmp_path, with_people):
    with_people.result.to_netcdf(tmp_path / "results.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as back:
        xr.testing.assert_identical(back.load(), with_people.result)


def test_progress_is_told_up_to_the_end():
    told = []
    run(TEXT.replace("15 d", "1 d"), progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_the_people_are_those_that_the_scenario_describes():
    text = TEXT.replace("15 d", "6 h") + PEOPLE + "weight_cv = 0.2\n"
    scenario = parse_scenario(
        text.replace("[[regimens]]", '[subject]\nweight = "60 kg"\n[[regimens]]', 1), "t"
    )
    found = compare(scenario, keep_people=True)
    blocks = [(block.parameters, block.omega) for block in scenario.models[0].blocks]
    eight = sample_people(blocks, 8, seed=3, weight=60.0, weight_cv=0.2)
    times = found.result["time"].to_numpy()
    expected = kp.simulate(scenario.models[0], scenario.regimens["IV"], times, subjects=eight)
    for name in ("ketamine", "norketamine", "sbp"):
        np.testing.assert_allclose(found.people[name].sel(regimen="IV"), expected[name], rtol=1e-9)


def test_doses_after_the_horizon_are_named():
    late = run(TEXT.replace('name  = "IV"', 'name  = "IV"\nevery = "2 d"\ntimes = 9', 1))
    assert "IV: " in late.result.attrs["warnings"]
    assert "of 9 doses lie after the horizon" in late.result.attrs["warnings"]


def test_sources_named_in_the_notes_of_a_model_are_cited(typical):
    assert {"fanta2015", "abuhelwa2022"} <= set(typical.result.attrs["citations"].split())


def test_the_time_above_half_of_repeated_doses_is_that_of_a_fine_grid():
    regimen = kp.subcutaneous("1 mg/kg").repeat(every="1 week", times=6)
    model = kp.load_model("reference_racemic_2026a")
    found, fine = (
        kp.simulate(model, regimen, times, outcomes=["dissociation"], horizon=1344.0)
        for times in (None, np.arange(0.0, 1344.0, 1 / 30))
    )
    hours = [
        float(hours_above(one["time"].to_numpy(), one["dissociation"].to_numpy()))
        for one in (found, fine)
    ]
    assert hours[0] == pytest.approx(hours[1], rel=0.02)


def test_numbers_beyond_the_evidence_are_flagged(typical):
    table = typical.summary.set_index(["regimen", "quantity", "component", "metric"]).sort_index()
    flags = table["beyond_evidence"]
    assert not flags.loc[("IV", "ketamine")].any()
    infusion = flags.loc[("IV", "anxiety", "drug")]
    assert not infusion.drop("at_14d").any()  # rated from 40 min to 14 d
    assert flags.loc[("IV", "sbp", "drug")].drop("at_14d").all()  # no study of IV states it
    assert flags.loc[("Oral later", "anxiety", "drug", "at_24h")]
    assert set(typical.result["outcome"].values) == set(OUTCOMES)
    why = typical.result["why_beyond"].sel(regimen="IV", outcome="sbp").item()
    assert why == "no study of IV ketamine states it"


def test_a_number_that_is_not_known_is_not_beyond_the_evidence():
    table = run(TEXT.replace("15 d", "3 d")).summary
    unknown = table[table["value"].isna()]
    assert len(unknown) > 0
    assert not unknown["beyond_evidence"].any()
