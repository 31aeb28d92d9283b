"""What `simulate` gives, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import kpksim as kp
from kpksim import dosing
from kpksim.bibliography import all_sources
from kpksim.dosing import to_events
from kpksim.errors import KpksimError, ModelError, ScenarioError, UnitError, UnknownName
from kpksim.library.effect_catalogue import potency_prior
from kpksim.population import sample_people
from kpksim.vocabulary import OUTCOMES, QUANTITIES

MODEL = kp.load_model("reference_racemic_2026a")
INFUSION = kp.infusion("35 mg", over="40 min")
TIMES = [0.0, 2 / 3, 4.0, 24.0]


def test_one_regimen_in_the_typical_person_has_the_dim_time_alone():
    result = kp.simulate(MODEL, INFUSION, TIMES)
    assert dict(result.sizes) == {"time": 4, "outcome": 5}
    assert set(QUANTITIES) <= set(result.data_vars)


def test_regimens_and_people_have_dims_of_their_own():
    three = sample_people([(b.parameters, b.omega) for b in MODEL.blocks], 3, seed=1)
    result = kp.simulate(
        MODEL, {"IV": INFUSION, "SC": kp.subcutaneous("35 mg")}, TIMES, subjects=three
    )
    assert dict(result.sizes) == {"regimen": 2, "subject": 3, "time": 4, "outcome": 5}
    assert result.regimen.values.tolist() == ["IV", "SC"]
    assert result.sentence.values.tolist() == ["35 mg IV over 40 min, once", "35 mg SC, once"]
    assert result.route.values.tolist() == ["iv", "sc"]
    assert result.attrs["seed"] == "1"


def test_every_variable_says_its_unit_and_what_it_is():
    result = kp.simulate(MODEL, INFUSION, TIMES)
    for name, variable in result.data_vars.items():
        base = QUANTITIES[name.partition("_")[0]]
        assert variable.attrs["units"] == base.unit
        assert variable.attrs["long_name"].startswith(base.label)
    assert result["time"].attrs["units"] == "h"
    assert result["ketamine"].attrs["site"] == "venous"


def test_the_result_says_where_it_comes_from():
    attrs = kp.simulate(MODEL, INFUSION, TIMES).attrs
    assert attrs["models"] == "reference_racemic_2026a"
    assert attrs["calibration"] == "uncalibrated: prior medians"
    assert attrs["version"] == kp.__version__
    cited = set(attrs["citations"].split())
    assert cited <= set(all_sources())
    assert {"otto2021", "simons2022"} <= cited


def test_effects_cite_the_sources_of_their_priors_and_concentrations_do_not():
    only_drug = kp.simulate(MODEL, INFUSION, TIMES, outcomes=["ketamine"]).attrs
    with_cadss = kp.simulate(MODEL, INFUSION, TIMES, outcomes=["dissociation"]).attrs
    assert "bremner1998" not in only_drug["citations"]
    assert {"bremner1998", "bowdle1998"} <= set(with_cadss["citations"].split())
    assert only_drug["calibration"] == ""


def test_a_result_comes_back_from_a_netcdf_file(tmp_path):
    regimens = {"IV": INFUSION, "Esketamine": kp.subcutaneous("1 mg/kg", drug="esketamine")}
    result = kp.simulate(MODEL, regimens, TIMES)
    result.to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as back:
        xr.testing.assert_identical(back.load(), result)


def test_the_symptom_curve_shows_the_component_that_is_asked_for():
    results = {
        shown: kp.simulate(MODEL, INFUSION, TIMES, outcomes=["anxiety", "sbp"], expectation=shown)
        for shown in ("none", "blinded", "open")
    }
    for shown, part in (("none", "drug"), ("blinded", "blinded"), ("open", "open")):
        result = results[shown]
        assert result.attrs["expectation"] == shown
        xr.testing.assert_equal(result["anxiety"], result[f"anxiety_{part}"])
        xr.testing.assert_equal(result["sbp"], results["none"]["sbp"])
        assert "sbp_drug" not in result
    last = [float(results[shown]["anxiety"][-1]) for shown in ("none", "blinded", "open")]
    assert last[0] > last[1] > last[2]


def test_outcomes_are_given_alone_and_alike():
    whole = kp.simulate(MODEL, INFUSION, TIMES)
    for name in QUANTITIES:
        alone = kp.simulate(MODEL, INFUSION, TIMES, outcomes=[name])[name]
        np.testing.assert_allclose(alone, whole[name], rtol=1e-9, atol=1e-12)


def test_one_time_before_at_or_after_the_doses_is_enough():
    regimen = INFUSION.shifted("30 min")
    whole = kp.simulate(MODEL, regimen, [0.25, 0.5, 5.0])
    for k, time in enumerate((0.25, 0.5, 5.0)):
        one = kp.simulate(MODEL, regimen, [time])
        assert one.sizes["time"] == 1
        for name in QUANTITIES:
            assert float(one[name][0]) == pytest.approx(float(whole[name][k]), rel=1e-8)


@pytest.mark.parametrize("outcomes", [["ketamine"], ["ketamine", "anxiety"]])
def test_a_dose_is_in_what_is_wanted_at_its_time_whatever_the_rounding(outcomes):
    """The fourth dose is at 3 x 0.1 = 0.30000000000000004 h."""
    regimen = kp.bolus("35 mg").repeat(every=0.1, times=4)
    after = kp.simulate(MODEL, regimen, [0.3], outcomes=outcomes)["ketamine"]
    beyond = kp.simulate(MODEL, regimen, [0.3 + 1e-6], outcomes=outcomes)["ketamine"]
    assert float(after[0]) == pytest.approx(float(beyond[0]), rel=1e-4)


def test_expectation_starts_with_the_first_dose_and_not_when_drug_arrives(tmp_path):
    """A tablet that opens after an hour: half of it by expectation alone until then."""
    file = tmp_path / "lagged.toml"
    file.write_text(LAGGED)
    result = kp.simulate(
        kp.load_model(file), kp.oral("35 mg", at="2 h"), [2.0, 2.5, 2.9], expectation="open"
    )
    assert (result["ketamine"] == 0.0).all()
    assert (result["anxiety_drug"] == 0.0).all()
    assert float(result["anxiety"][0]) == 0.0
    assert float(result["anxiety"][2]) < float(result["anxiety"][1]) < 0.0


LAGGED = """
name = "lagged"
title = "One compartment with a lag"
source = "user"
drug = "racemic ketamine"
form = "base"
sampling = "venous"
population = "nobody"
[[compartments]]
name = "central"
volume = "vc"
analyte = "ketamine"
[[flows]]
from = "central"
clearance = "cl"
[[administrations]]
route = "iv"
into = "central"
[[administrations]]
route = "oral"
into = "central"
lag = "tlag"
[outputs.ketamine]
compartment = "central"
[parameters]
vc.value = "100 L"
cl.value = "50 L/h"
tlag.value = "1 h"
"""


def test_esketamine_in_the_racemate_model_acts_stronger_and_says_so():
    racemate = kp.simulate(MODEL, INFUSION, TIMES)
    given = kp.infusion("35 mg", over="40 min", drug="esketamine")
    esketamine = kp.simulate(MODEL, given, TIMES)
    for name in MODEL.outputs:
        xr.testing.assert_equal(esketamine[name], racemate[name])
    pressure = float(esketamine["sbp"][1] / racemate["sbp"][1])
    stronger = 35 * potency_prior("esketamine").value
    drive_alone = kp.simulate(MODEL, kp.infusion(f"{stronger} mg", over="40 min"), TIMES)
    assert pressure > 1.0
    for name in OUTCOMES:
        np.testing.assert_allclose(esketamine[name], drive_alone[name], rtol=1e-9, atol=1e-12)
    assert "Esketamine in reference_racemic_2026a" in esketamine.attrs["warnings"]
    assert "1.65" in esketamine.attrs["warnings"]
    assert racemate.attrs["warnings"] == ""


def test_progress_is_told_up_to_the_end():
    told = []
    kp.simulate(MODEL, {"A": INFUSION, "B": INFUSION}, TIMES, progress=told.append)
    assert told == [0.5, 1.0]


def test_progress_is_told_part_by_part_of_many_people():
    told = []
    people = sample_people([(("cl",), [[0.1]])], 600, seed=1)
    kp.simulate(MODEL, INFUSION, [0.0, 1.0], subjects=people, progress=told.append)
    steps = np.diff([0.0, *sorted(told)])  # parts end in any order
    assert sorted(steps) == pytest.approx([88 / 600, 256 / 600, 256 / 600])


MIXED = INFUSION + kp.infusion("35 mg", over="40 min", at="1 d", drug="esketamine")
OVER_ZERO_ORDER = dosing.given("35 mg", "sc", over="1 h")
REFUSED = {
    "unknown outcome": (
        {"outcomes": ["ketamin"]}, UnknownName, r'"ketamin"; did you mean "ketamine"\?'
    ),
    "unknown expectation": ({"expectation": "opn"}, UnknownName, r'"opn"; did you mean "open"\?'),
    "no outcome": ({"outcomes": []}, ScenarioError, "no outcome is asked for; .* gives ketamine"),
    "no regimen": ({"regimen": {}}, ScenarioError, "give at least one regimen"),
    "no times": ({"times": []}, ScenarioError, "times must hold at least one time"),
    "times twice": ({"times": [0.0, 1.0, 1.0]}, ScenarioError, "ascend without repeats"),
    "times back": ({"times": [1.0, 0.0]}, ScenarioError, "ascend without repeats"),
    "times nan": ({"times": [0.0, np.nan]}, ScenarioError, "must be finite and ascend"),
    "times of two dims": ({"times": [[0.0, 1.0]]}, ScenarioError, "must be finite and ascend"),
    "horizon too early": (
        {"regimen": INFUSION.shifted("2 h"), "times": None, "horizon": 1.0},
        ScenarioError, "after the first dose, got 1 h with the first dose at 2 h",
    ),
    "horizon infinite": ({"times": None, "horizon": np.inf}, UnitError, "finite number, got inf"),
    "outcomes a word": ({"outcomes": "ketamine"}, ScenarioError, 'a list of names, got "ketamine"'),
    "mixed drugs": (
        {"regimen": MIXED}, ModelError, "one drug, got racemic ketamine and esketamine; compare"
    ),
    "racemate to esketamine": (
        {"model": "otto2021"}, ModelError,
        'otto2021 is a model of esketamine and cannot be given racemic ketamine; .* set drug = ',
    ),
    "route that is missing": (
        {"model": "domino1982", "regimen": kp.oral("35 mg")}, ModelError,
        'domino1982 has no route "oral"; its routes are iv',
    ),
    "unknown product": (
        {"regimen": kp.extended_release("60 mg", "R-108")}, UnknownName,
        r'no product by route oral_er .* "R-108"; did you mean "R-107"\?',
    ),
    "unknown share": (
        {"model": "perezruixo2021", "regimen": kp.intranasal("35 mg", drug="esketamine")},
        ModelError, "known for doses of 28, 56, 84 mg, got 35 mg",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "error", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_an_impossible_request_is_refused(changes, error, message):
    wanted = {"model": "reference_racemic_2026a", "regimen": INFUSION, "times": TIMES} | changes
    with pytest.raises(error, match=message) as refusal:
        kp.simulate(kp.load_model(wanted.pop("model")), **wanted)
    assert isinstance(refusal.value, KpksimError)


def test_a_dose_over_a_time_is_refused_where_the_model_has_its_own_input(tmp_path):
    file = tmp_path / "slow.toml"
    text = LAGGED.replace('route = "oral"', 'route = "sc"').replace("lag =", "duration =")
    file.write_text(text)
    with pytest.raises(ModelError, match=r'zero-order input of its own by route sc.*leave "over"'):
        kp.simulate(kp.load_model(file), OVER_ZERO_ORDER, TIMES, outcomes=["ketamine"])


@pytest.mark.parametrize("more", [{"times": [0.0, 1.0]}, {"horizon": 24.0}])
def test_an_event_table_brings_its_own_times(more):
    with pytest.raises(ScenarioError, match="an event table brings its own times and subjects"):
        kp.simulate(MODEL, to_events(INFUSION), **more)


def test_effects_of_an_event_table_are_refused():
    with pytest.raises(ScenarioError, match='concentrations only so far, got "anxiety"'):
        kp.simulate(MODEL, to_events(INFUSION), outcomes=["ketamine", "anxiety"])


def test_esketamine_drives_effects_by_its_potency_in_a_model_of_esketamine_too():
    """The parent is the same in both models."""
    esketamine = kp.infusion("35 mg", over="40 min", drug="esketamine")
    one, other = (
        kp.simulate(kp.load_model(key), esketamine, TIMES, outcomes=["sbp"])
        for key in ("otto2021", "reference_racemic_2026a")
    )
    np.testing.assert_allclose(one["sbp"], other["sbp"], rtol=1e-9)
    assert "1.65 per mg (a prior on potency from ebert1997" in one.attrs["warnings"]


def test_effects_of_a_model_of_unknown_site_come_with_a_warning():
    domino = kp.load_model("domino1982")
    found = kp.simulate(domino, INFUSION, TIMES, outcomes=["sbp"]).attrs["warnings"]
    assert found.startswith("domino1982 does not say where blood was sampled")
    assert not kp.simulate(domino, INFUSION, TIMES, outcomes=["ketamine"]).attrs["warnings"]


def test_a_drug_without_a_name_is_refused_by_a_model_of_ketamine():
    with pytest.raises(ModelError, match="model of racemic ketamine and cannot be given generic"):
        kp.simulate(MODEL, kp.bolus("35 mg", drug="generic"), TIMES)


def test_esketamine_in_a_model_of_both_enantiomers_fills_only_its_own():
    model = kp.load_model(Path(__file__).parent.parent / "models" / "chiral.toml")
    times = np.array([0.0, 1.0, 3.0])
    alone = kp.simulate(model, kp.bolus("10 mg", drug="esketamine"), times)
    both = kp.simulate(model, kp.bolus("10 mg"), times)
    assert alone["ketamine"].values == pytest.approx(1000.0 * np.exp(-times), rel=1e-12)
    expected = 500.0 * (np.exp(-times) + np.exp(-0.8 * times))
    assert both["ketamine"].values == pytest.approx(expected, rel=1e-12)
    assert both["ketamine_s"].values == pytest.approx(500.0 * np.exp(-times), rel=1e-12)
