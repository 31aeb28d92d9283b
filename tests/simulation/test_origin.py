"""The origin guard: what does not fit a model is refused or converted with a printed reason."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import kpksim as kp
from kpksim.analysis.exposure import exposure
from kpksim.errors import DataError, ModelError
from kpksim.library import effect_catalogue
from kpksim.population import People, sample_people, typical_person
from kpksim.simulation.effects import driving_output, effects_for, reference_peak, why_no_effect
from kpksim.vocabulary import OUTCOMES

MODELS = Path(__file__).parent.parent / "models"
REFERENCE = kp.load_model("reference_racemic_2026a")
OTTO = kp.load_model("otto2021")
SIMONS = kp.load_model("simons2022")
RUIXO = kp.load_model("perezruixo2021")
CHIRAL = kp.load_model(MODELS / "chiral.toml")
TABLETS = kp.load_model(MODELS / "apparent.toml")
TIMES = [0.5, 1.0, 4.0]
INFUSION = kp.infusion("35 mg", over="40 min")
INFUSION_S = kp.infusion("35 mg", over="40 min", drug="esketamine")


def warnings_of(model, regimen, **options):
    """What a reader is told, one line each."""
    options = {"outcomes": ["ketamine"]} | options
    return kp.simulate(model, regimen, TIMES, **options).attrs["warnings"].splitlines()


# ---------------------------------------------------------------- drug


def test_a_racemate_in_a_model_of_esketamine_is_refused_by_every_door():
    message = "otto2021 is a model of esketamine and cannot be given racemic ketamine; choose"
    with pytest.raises(ModelError, match=message):
        kp.simulate(OTTO, INFUSION, TIMES)
    with pytest.raises(ModelError, match=message):
        exposure(OTTO, INFUSION, horizon=24.0)


def test_esketamine_in_a_model_of_the_racemate_is_converted_with_a_reason():
    (told,) = warnings_of(REFERENCE, kp.bolus("35 mg", drug="esketamine"))
    assert told.startswith("Esketamine in reference_racemic_2026a: reference_racemic_2026a is a mo")
    assert "computed as total ketamine with the same disposition" in told


def test_a_native_enantiomer_needs_no_word_and_gives_itself_alone():
    """35 mg esketamine in 10 L: 3500 ng/mL at once, falling at 1 1/h; half of it after racemate."""
    given = kp.bolus("35 mg", drug="esketamine")
    assert warnings_of(CHIRAL, given) == []
    result = kp.simulate(CHIRAL, given, TIMES)
    np.testing.assert_allclose(result["ketamine_s"], 3500.0 * np.exp(-np.array(TIMES)), rtol=1e-12)
    np.testing.assert_allclose(result["ketamine"], result["ketamine_s"], rtol=1e-12)
    racemate = kp.simulate(CHIRAL, kp.bolus("35 mg"), TIMES)
    np.testing.assert_allclose(racemate["ketamine_s"], 0.5 * result["ketamine_s"], rtol=1e-12)


def both_enantiomers():
    """A model that takes arketamine too."""
    (way,) = [one for one in CHIRAL.administrations if one.drug == "esketamine"]
    into_r = replace(way, drug="arketamine", into="central_r")
    return replace(CHIRAL, administrations=(*CHIRAL.administrations, into_r))


def test_native_arketamine_gives_concentrations_and_no_effects():
    model, given = both_enantiomers(), kp.bolus("35 mg", drug="arketamine")
    result = kp.simulate(model, given, TIMES)
    expected = 3500.0 * np.exp(-0.8 * np.array(TIMES))
    np.testing.assert_allclose(result["ketamine"], expected, rtol=1e-12)
    assert not set(OUTCOMES) & set(result.data_vars)
    assert (
        "No effects with chiral: the effects are stated for the racemate"
        in result.attrs["warnings"]
    )
    message = '"anxiety" cannot be computed with chiral: .* a milligram of arketamine acts; ask'
    with pytest.raises(ModelError, match=message):
        kp.simulate(model, given, TIMES, outcomes=["ketamine", "anxiety"])


@pytest.fixture
def arketamine_prior(monkeypatch):
    """Let the library state a potency of arketamine."""
    library = effect_catalogue.effects_document()
    prior = library.esketamine_potency

    def state(median):
        distribution = prior.distribution.model_copy(update={"median": median})
        stated = prior.model_copy(update={"distribution": distribution})
        changed = library.model_copy(update={"arketamine_potency": stated})
        monkeypatch.setattr(effect_catalogue, "effects_document", lambda: changed)

    return state


def test_a_prior_on_the_potency_of_arketamine_lets_it_act(arketamine_prior):
    """Pressure is a power of the drive: twice the potency is 2^g of the rise."""
    found = []
    for potency in (0.35, 0.7):
        arketamine_prior(potency)
        given = kp.bolus("35 mg", drug="arketamine")
        result = kp.simulate(both_enantiomers(), given, TIMES, outcomes=["sbp"])
        assert f"multiplied by {potency} per mg" in result.attrs["warnings"]
        found.append(result["sbp"])
    g = effect_catalogue.priors("sbp")["g"].value
    np.testing.assert_allclose(found[1] / found[0], 2.0**g, rtol=1e-9)


@pytest.mark.parametrize("key", ["reference_racemic_2026a", "otto2021", "domino1982"])
def test_arketamine_has_no_stand_in(key):
    with pytest.raises(ModelError, match=f"{key} is a model of .* and cannot be given arketamine"):
        kp.simulate(kp.load_model(key), kp.bolus("35 mg", drug="arketamine"), TIMES)


# ---------------------------------------------------------------- base and hydrochloride


def test_a_dose_of_hydrochloride_is_converted_with_a_reason_told_once():
    """Simons 2022: 57.7 mg of the film's hydrochloride are 50 mg of base."""
    film = kp.sublingual("57.7 mg", drug="esketamine", form="hydrochloride")
    (told,) = warnings_of(SIMONS, film.repeat(every="6 h", times=3))
    assert "taken as 0.867 mg of base" in told
    assert "57.7 mg of hydrochloride hold 50 mg of base, simons2022" in told
    found = kp.simulate(SIMONS, film, TIMES, outcomes=["ketamine"])["ketamine"]
    base = kp.simulate(SIMONS, kp.sublingual("50 mg", drug="esketamine"), TIMES)["ketamine"]
    np.testing.assert_allclose(found, base, rtol=1e-3)


def test_base_in_a_model_that_counts_hydrochloride_is_converted_with_a_reason():
    (told,) = warnings_of(replace(REFERENCE, form="hydrochloride"), INFUSION)
    assert "it counts hydrochloride, so each milligram is taken as 1.153 mg" in told


def test_what_needs_no_conversion_is_not_talked_about():
    assert warnings_of(REFERENCE, INFUSION) == []


# ---------------------------------------------------------------- CL and CL/F


def test_an_iv_dose_in_a_model_that_knows_cl_over_f_is_refused():
    message = 'tablets has no route "iv"; its routes are oral; it knows CL/F, and nothing else'
    with pytest.raises(ModelError, match=message):
        kp.simulate(TABLETS, INFUSION, TIMES)


def test_cl_over_f_serves_its_own_route():
    """The area is dose over CL/F: 35 mg / 529 L/h."""
    found = exposure(TABLETS, kp.oral("35 mg"), horizon=24.0)
    assert found.auc_inf[0] == pytest.approx(35_000 / 529, rel=1e-9)


# ---------------------------------------------------------------- people


def of_weight(*weights):
    """People of some weights."""
    return People({"weight": np.array(weights)}, {})


def test_a_weight_outside_the_range_of_a_model_is_told_with_range_and_value():
    given = kp.bolus("0.5 mg/kg", drug="esketamine")
    (told,) = warnings_of(SIMONS, given, subjects=of_weight(15.0))
    assert told == (
        "The range of weight behind simons2022 is 53 kg to 93 kg, got 15 kg: what it gives there "
        "is extrapolated."
    )
    assert warnings_of(SIMONS, given, subjects=of_weight(53.0, 70.0, 93.0)) == []
    (told,) = warnings_of(SIMONS, given, subjects=of_weight(45.0, 70.0, 120.0, 130.0))
    assert "got 45 to 130 kg in 3 of 4 people" in told


def test_a_covariate_is_told_in_the_unit_of_the_file():
    old = People({"weight": np.array([70.0]), "age": np.array([90.0 * 8766.0])}, {})
    (told,) = warnings_of(RUIXO, kp.bolus("28 mg", drug="esketamine"), subjects=old)
    assert "of age behind perezruixo2021 is 18 year to 86 year, got 90 year" in told


@pytest.mark.parametrize(
    ("people", "weight", "message"),
    [
        (
            "adults",
            15.0,
            "is about adults, got a weight of 15 kg, below that of the lightest adult",
        ),
        ("children", 70.0, "is about children, got a weight of 70 kg, not below that of the light"),
    ],
)
def test_child_and_adult_are_told_apart_where_a_model_states_no_range(people, weight, message):
    model = replace(OTTO, people=people)
    (told,) = warnings_of(model, kp.bolus("10 mg", drug="esketamine"), subjects=of_weight(weight))
    assert message in told


@pytest.mark.parametrize(("people", "weight"), [("adults", 40.0), ("children", 15.0),
                                                ("unknown", 15.0)])  # fmt: skip
def test_people_who_fit_are_not_talked_about(people, weight):
    model = replace(OTTO, people=people)
    given = kp.bolus("10 mg", drug="esketamine")
    assert warnings_of(model, given, subjects=of_weight(weight)) == []


@pytest.mark.parametrize("people", ["children", "intensive care"])
def test_effects_are_stated_for_adults(people):
    model = replace(REFERENCE, people=people)
    told = warnings_of(model, INFUSION, subjects=of_weight(20.0), outcomes=["ketamine", "sbp"])
    assert any("the effects are stated for adults" in one for one in told)


# ---------------------------------------------------------------- site


def with_arterial(model):
    """A model with an arterial output beside its venous one: here the same compartment."""
    output = replace(model.outputs["ketamine"], name="ketamine_arterial", site="arterial")
    return replace(model, outputs={**model.outputs, "ketamine_arterial": output})


def test_effects_take_the_venous_output_of_a_model_that_has_both():
    effects = effects_for(with_arterial(REFERENCE), ("anxiety", "sbp"))
    assert {one.drive for one in effects.values()} == {"ketamine"}


@pytest.fixture
def arterial_drive(monkeypatch):
    """Let dissociation be driven by arterial ketamine."""
    library = effect_catalogue.effects_document()
    one = library.outcomes["dissociation"].model_copy(update={"drive": "ketamine_arterial"})
    changed = library.model_copy(update={"outcomes": library.outcomes | {"dissociation": one}})
    monkeypatch.setattr(effect_catalogue, "effects_document", lambda: changed)


@pytest.mark.usefixtures("arterial_drive")
def test_an_effect_may_ask_for_arterial_plasma():
    both = with_arterial(REFERENCE)
    effects = effects_for(both, ("dissociation", "sbp"))
    assert effects["dissociation"].drive == "ketamine_arterial"
    assert effects["sbp"].drive == "ketamine"
    assert driving_output(SIMONS, "ketamine_arterial") == "ketamine"
    assert why_no_effect(SIMONS, "dissociation") == ""
    result = kp.simulate(both, INFUSION, TIMES, outcomes=["dissociation"])
    plain = kp.simulate(SIMONS, INFUSION_S, TIMES)
    assert set(OUTCOMES) & set(plain.data_vars) == {"dissociation"}
    assert float(result["dissociation"].max()) > 0.0


@pytest.mark.usefixtures("arterial_drive")
def test_a_model_without_arterial_plasma_cannot_drive_such_an_effect():
    message = '"dissociation" .* driven by arterial ketamine, .* no output "ketamine_arterial"'
    with pytest.raises(ModelError, match=message):
        kp.simulate(REFERENCE, INFUSION, TIMES, outcomes=["dissociation"])
    assert "dissociation" not in kp.simulate(REFERENCE, INFUSION, TIMES)


def test_the_reference_peak_is_that_of_the_driving_output():
    """Ketamine peaks where the infusion ends; norketamine later (75 ng/mL at 1.5 h)."""
    assert reference_peak(REFERENCE) == pytest.approx(158.04, abs=0.01)
    fine = np.linspace(0.6, 3.0, 2401)
    curve = kp.simulate(REFERENCE, INFUSION, fine, outcomes=["norketamine"])["norketamine"]
    assert reference_peak(REFERENCE, "norketamine") == pytest.approx(float(curve.max()), rel=2e-3)


# ---------------------------------------------------------------- event tables


def table(tmp_path, text):
    """Read an event table from text."""
    file = tmp_path / "events.csv"
    file.write_text(text)
    return kp.read_events(file)


HEAD = "ID,TIME,EVID,CMT,AMT,DRUG,FORM,WT\n"
REFUSED_RECORDS = {
    "racemate in a model of esketamine": (
        OTTO, "1,0,1,iv,35,racemic ketamine,,70",
        "line 2, column DRUG: otto2021 is a model of esketamine and cannot be given racemic ketami",
    ),
    "drug that is none": (OTTO, "1,0,1,iv,35,esketamin,,70", 'column DRUG: no drug "esketamin"; d'),
    "IV in a model with CL/F": (
        TABLETS, "1,0,1,iv,35,,,70", 'line 2, column CMT: tablets has no route "iv"; .* CL/F',
    ),
    "straight into blood with CL/F": (
        TABLETS, "1,0,1,central,35,,,70",
        'line 2, column CMT: tablets knows CL/F, .* into depot alone, got a dose into "central"',
    ),
    "straight into blood by number": (TABLETS, "1,0,1,2,35,,,70", 'got a dose into "central"'),
    "esketamine into the place of arketamine": (
        CHIRAL, "1,0,1,central_r,35,esketamine,,70",
        'column CMT: chiral has no dose of esketamine into "central_r", which takes racemic keta',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_RECORDS)
def test_a_record_of_another_origin_is_refused_with_line_and_column(tmp_path, name):
    model, record, message = REFUSED_RECORDS[name]
    with pytest.raises(DataError, match=message) as refusal:
        kp.simulate(model, table(tmp_path, f"{HEAD}{record}\n1,1,0,0,0,,,70\n"))
    assert str(refusal.value).startswith(str(tmp_path / "events.csv"))


def test_what_records_convert_is_told_once_with_line_and_column(tmp_path):
    records = "1,0,1,iv,10,,,70\n" + "1,1,1,iv,57.7,esketamine,hydrochloride,70\n" * 2
    told = kp.simulate(REFERENCE, table(tmp_path, HEAD + records)).attrs["warnings"].splitlines()
    places = [one.split(": ")[1] for one in told]
    assert places == ["line 3, column DRUG", "line 3, column FORM"]
    assert "computed as total ketamine" in told[0]
    assert "each milligram is taken as 0.867 mg of base" in told[1]


def test_subjects_outside_the_range_are_told_with_line_and_column(tmp_path):
    records = "1,0,1,iv,10,,,70\n2,0,1,iv,10,,,15\n2,1,0,0,0,,,15\n3,0,1,iv,10,,,120\n"
    (told,) = kp.simulate(SIMONS, table(tmp_path, HEAD + records)).attrs["warnings"].splitlines()
    assert "line 3, column WT: The range of weight behind simons2022 is 53 kg to 93 kg" in told
    assert told.endswith("got 15 kg: what it gives there is extrapolated. "
                         "1 further subject is outside as well.")  # fmt: skip


def test_many_people_are_told_of_in_one_line():
    many = sample_people([], 200, seed=1, weight_cv=0.3)
    (told,) = warnings_of(SIMONS, kp.bolus("0.5 mg/kg", drug="esketamine"), subjects=many)
    outside = (many.covariates["weight"] < 53.0) | (many.covariates["weight"] > 93.0)
    assert f"in {outside.sum()} of 200 people" in told
    assert warnings_of(SIMONS, INFUSION_S, subjects=typical_person(60.0)) == []
