"""What a model is compared with, what is converted for it, and what is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import kpksim as kp
from kpksim.analysis.claims import APART, REFUSALS, Claim, Refusal, claims
from kpksim.analysis.prediction import predict
from kpksim.evidence import list_observed, load_observed
from kpksim.library import list_models
from kpksim.models import Covariate, read_model

MODELS = Path(__file__).parent.parent / "models"
OTTO, SIMONS, DOMINO = (kp.load_model(key) for key in ("otto2021", "simons2022", "domino1982"))
REFERENCE = kp.load_model("reference_racemic_2026a")


def one_of(study, **wanted):
    """The first observation that is so, no context unless it is named, and its arm."""
    found = load_observed(study)
    wanted = wanted if "id" in wanted else wanted | {"use": "quantitative"}
    for one in found.observations:
        if all(getattr(one, name) == value for name, value in wanted.items()):
            return found.arms[one.arm], one
    raise AssertionError(wanted)


VENOUS_S = one_of("otto2021", analyte="ketamine")
RACEMATE_S = one_of("hasan2021", metric="concentration", enantiomer="s", arm="iv")
RACEMATE_R = one_of("hasan2021", metric="concentration", enantiomer="r", arm="iv")
ARTERIAL = one_of("kampbja2020", analyte="ketamine", arm="esketamine")
ORAL_F = one_of("chong2006", metric="f", arm="oral")


def kind(model, pair, **changes):
    """The kind of a refusal, "claim" for a claim; `changes` to the observation."""
    arm, observation = pair
    found = claims(model, arm, replace(observation, **changes))
    return found.kind if isinstance(found, Refusal) else "claim"


def test_a_model_claims_its_own_paper_as_it_is():
    found = claims(OTTO, *VENOUS_S)
    assert isinstance(found, Claim)
    assert (found.output, found.regimen) == ("ketamine", VENOUS_S[0].regimen)


def test_half_of_a_racemate_is_given_to_a_model_of_one_enantiomer_and_said():
    arm, observation = RACEMATE_S
    found = claims(OTTO, arm, observation)
    (given,), (taken,) = arm.regimen.doses, found.regimen.doses
    assert (taken.dose.amount, taken.dose.drug) == (0.5 * given.dose.amount, "esketamine")
    assert (taken.time, taken.dose.over) == (given.time, given.dose.over)
    assert any("half of the racemate as esketamine" in one for one in found.reasons)
    (value,) = predict(OTTO, found.regimen, [observation], weight=found.weight, site=arm.site)
    alone = kp.infusion(f"{0.5 * given.dose.amount} mg", over=given.dose.over, drug="esketamine")
    curve = kp.simulate(OTTO, alone, [observation.time])["ketamine"]
    assert value == pytest.approx(float(curve[0]), rel=1e-9)


def test_the_other_enantiomer_and_the_sum_are_refused_by_a_model_of_one():
    assert kind(OTTO, RACEMATE_R) == "drug"
    assert kind(OTTO, RACEMATE_S, enantiomer="sum") == "drug"


def test_a_model_that_is_not_linear_takes_no_half_of_a_racemate():
    bent = replace(read_model(MODELS / "induced.toml"), drug="esketamine")
    assert not bent.is_linear
    found = claims(bent, *RACEMATE_S)
    assert (found.kind, "not linear" in found.words) == ("drug", True)


def test_one_enantiomer_of_a_racemate_is_refused_by_a_model_of_the_sum():
    assert kind(DOMINO, RACEMATE_S) == "enantiomer"
    assert kind(DOMINO, RACEMATE_S, enantiomer="sum") == "claim"


def test_esketamine_goes_into_a_model_of_the_racemate_with_a_reason():
    found = claims(REFERENCE, *VENOUS_S)
    assert isinstance(found, Claim)
    assert any("computed as total ketamine with the same disposition" in r for r in found.reasons)


def test_arterial_blood_is_not_compared_with_venous():
    assert claims(OTTO, *ARTERIAL) == Refusal(
        "site", "arterial blood in the data, venous in the model"
    )
    assert kind(SIMONS, ARTERIAL) == "claim"
    assert kind(SIMONS, VENOUS_S) == "site"


def test_an_arterial_output_beside_a_venous_one_is_found():
    more = {"ketamine_arterial": replace(OTTO.outputs["ketamine"], site="arterial")}
    both = replace(OTTO, outputs={**OTTO.outputs, **more})
    assert claims(both, *ARTERIAL).output == "ketamine_arterial"
    assert claims(both, *VENOUS_S).output == "ketamine"


def test_blood_of_unknown_vessels_is_compared_and_said():
    arm, observation = VENOUS_S
    found = claims(OTTO, replace(arm, site="unknown"), observation)
    assert any("vessel not stated in the data" in one for one in found.reasons)
    of_model = claims(REFERENCE, *VENOUS_S), claims(DOMINO, *VENOUS_S)
    said = [any("vessel not stated in the model" in r for r in one.reasons) for one in of_model]
    assert said == [False, True]


def test_a_route_that_the_model_lacks_is_refused_in_the_models_own_words():
    found = claims(DOMINO, *ORAL_F)
    assert found.kind == "route"
    assert 'domino1982 has no route "oral"' in found.words


def test_an_analyte_that_the_model_lacks_is_refused():
    assert claims(DOMINO, *one_of("chong2006", analyte="norketamine", arm="iv")).kind == "analyte"
    ratio = one_of("hasan2017", metric="auc_ratio", analyte="norketamine", arm="iv")
    assert kind(DOMINO, ratio) == "analyte"
    assert kind(REFERENCE, ratio, over="dehydronorketamine") == "claim"
    assert kind(OTTO, ratio, enantiomer="s", over="dehydronorketamine") == "analyte"


def test_a_number_of_which_too_little_is_stated_is_refused():
    assert kind(OTTO, VENOUS_S, metric="auc", window=(0.0, np.nan)) == "window"
    assert kind(OTTO, VENOUS_S, metric="auc", window=(0.0, np.inf)) == "claim"
    assert kind(OTTO, VENOUS_S, metric="t_half") == "window"
    assert kind(OTTO, VENOUS_S, metric="t_half", window=(4.0, 10.0)) == "claim"


def test_a_clearance_is_compared_after_iv_and_of_ketamine_only():
    assert kind(OTTO, VENOUS_S, metric="cl") == "claim"
    assert kind(OTTO, VENOUS_S, metric="cl", analyte="norketamine") == "apparent"
    assert kind(REFERENCE, ORAL_F, metric="vss") == "apparent"
    oral_only = tuple(one for one in REFERENCE.administrations if one.route != "iv")
    assert kind(replace(REFERENCE, administrations=oral_only), ORAL_F) == "intravenous"


def test_context_is_not_compared_but_for_what_is_shown_apart():
    arm, observation = one_of("hasan2017", id="PK072")
    assert observation.id in APART
    assert kind(REFERENCE, (arm, observation)) == "claim"
    assert kind(REFERENCE, (arm, observation), id="PK999") == "context"
    no_regimen = replace(VENOUS_S[0], regimen=None, why_no_regimen="no dose is stated")
    assert claims(OTTO, no_regimen, VENOUS_S[1]) == Refusal("context", "no dose is stated")


def test_a_weight_that_is_not_stated_is_that_of_a_usual_adult_and_never_of_a_child():
    arm, observation = VENOUS_S
    unknown = replace(arm, weight=np.nan)
    found = claims(OTTO, unknown, observation)
    assert found.weight == 70.0
    assert any(one.startswith("body weight is not stated: 70 kg") for one in found.reasons)
    child = claims(DOMINO, replace(unknown, people="children"), observation)
    assert child.kind in ("weight", "people")


def test_people_of_another_kind_are_refused_and_unknown_ones_are_not():
    arm, observation = VENOUS_S
    of_children = replace(OTTO, people="children", covariates={})
    assert claims(of_children, arm, observation) == Refusal(
        "people", "adults in the data, children in the model"
    )
    assert kind(replace(OTTO, people="unknown"), VENOUS_S) == "claim"
    assert kind(OTTO, (replace(arm, people="unknown"), observation)) == "claim"


def test_a_weight_outside_the_models_range_is_refused():
    of_adults = Covariate("weight", "kg", "70 kg", ("50 kg", "100 kg"))
    narrow = replace(OTTO, covariates={"weight": of_adults})
    arm, observation = VENOUS_S
    assert kind(narrow, (replace(arm, weight=14.0), observation)) == "weight"
    assert kind(narrow, (replace(arm, weight=50.0), observation)) == "claim"


def test_a_salt_is_converted_and_said():
    arm, observation = VENOUS_S
    salt = kp.infusion("10 mg", over="30 min", drug="esketamine", form="hydrochloride")
    found = claims(OTTO, replace(arm, regimen=salt), observation)
    assert any("each milligram is taken as 0.86" in one for one in found.reasons)


def test_everything_that_is_claimed_in_the_library_is_predicted_and_all_else_has_a_reason():
    for key in list_models():
        model = kp.load_model(key)
        for study in map(load_observed, list_observed()):
            for one in study.observations:
                arm = study.arms[one.arm]
                found = claims(model, arm, one)
                if isinstance(found, Refusal):
                    assert found.kind in REFUSALS
                    assert found.words, (key, one.id)
                else:
                    value = predict(model, found.regimen, [one], weight=found.weight, site=arm.site)
                    assert value[0] > 0.0, (key, one.id)
