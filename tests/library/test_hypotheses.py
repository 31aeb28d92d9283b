"""The catalogue of hypotheses keeps its contract, and each becomes an effect."""

from importlib import resources

import numpy as np
import pytest

from kpksim.documents import parse_document
from kpksim.errors import DataError, ModelError, UnknownName
from kpksim.library.effect_catalogue import load_effects, priors
from kpksim.library.effect_document import STRUCTURES, Beta, EffectsDocument
from kpksim.library.hypotheses import (
    effect_of,
    hypothesis_priors,
    list_hypotheses,
    load_hypothesis,
    study_priors,
)
from kpksim.library.hypothesis_document import HypothesesDocument
from kpksim.vocabulary import OUTCOMES, SCALES

CASES = [(key, outcome) for outcome in OUTCOMES for key in list_hypotheses(outcome)]
FOLDER = resources.files("kpksim") / "library/effects"
HYPOTHESES = (FOLDER / "hypotheses.toml").read_text(encoding="utf-8")
PRIORS = (FOLDER / "priors.toml").read_text(encoding="utf-8")
PEAKS = {"ketamine": 158.0, "ketamine_arterial": 289.0}


def peaks(drive, also="", w_also=0.0):
    """Peak of each drive; a second one adds its share as if both peaked together."""
    return PEAKS.get(drive, 60.0) + (w_also * 60.0 if also else 0.0)


def medians(key, outcome):
    return {name: one.value for name, one in hypothesis_priors(key, outcome).items()}


@pytest.mark.parametrize(("key", "outcome"), CASES)
def test_every_hypothesis_becomes_an_effect_of_its_structure(key, outcome):
    hypothesis = load_hypothesis(key)
    effect = effect_of(hypothesis, medians(key, outcome), peaks)
    assert isinstance(effect, STRUCTURES[hypothesis.structure])
    assert {name for site in effect.sites for name in site} == set(hypothesis.drives)
    assert hypothesis.says.endswith(".")
    assert set(priors(outcome)) & set(hypothesis_priors(key, outcome))


@pytest.mark.parametrize(("key", "outcome"), CASES)
def test_a_draw_for_each_subject_becomes_the_effect_of_each_subject(key, outcome):
    hypothesis, one = load_hypothesis(key), medians(key, outcome)
    three = {name: value * np.array([0.8, 1.0, 1.1]) for name, value in one.items()}
    together = effect_of(hypothesis, three, peaks)
    for k in range(3):
        alone = effect_of(hypothesis, {name: draws[k] for name, draws in three.items()}, peaks)
        for name, value in vars(alone).items():
            whole = vars(together)[name]
            assert (whole[k] if np.ndim(whole) else whole) == value


@pytest.mark.parametrize(("key", "outcome"), CASES)
def test_a_missing_parameter_is_named(key, outcome):
    values = medians(key, outcome)
    del values["t_ke0"]
    with pytest.raises(ModelError, match=f'hypothesis "{key}" needs a value of t_ke0'):
        effect_of(load_hypothesis(key), values, peaks)


def test_the_leading_hypotheses_at_the_medians_are_the_effects_of_the_library():
    effects = load_effects(158.0)
    for outcome, key in (
        ("anxiety", "ketamine"),
        ("depression", "ketamine"),
        ("dissociation", "dissociation_venous"),
        ("sbp", "pressure_venous"),
        ("dbp", "pressure_venous"),
    ):
        assert effect_of(load_hypothesis(key), medians(key, outcome), peaks) == effects[outcome]


def test_every_ratio_is_one_of_the_peak_of_its_own_drive():
    keys = ("norketamine", "ketamine_norketamine", "slow_norketamine", "ketamine_inverted_u")
    found = {key: effect_of(load_hypothesis(key), medians(key, "anxiety"), peaks) for key in keys}
    assert found["norketamine"].ec50 == pytest.approx(0.6 * 60.0)
    assert found["ketamine_norketamine"].ec50 == pytest.approx(0.6 * (158.0 + 0.1 * 60.0))
    assert found["slow_norketamine"].ec50 == pytest.approx(0.6 * 158.0)
    assert found["slow_norketamine"].slow_ec50 == pytest.approx(0.6 * 60.0)
    assert found["ketamine_inverted_u"].ic50 == pytest.approx(1.6 * 158.0)


def test_a_clock_that_does_not_act_has_no_parameters_and_no_effect():
    fast = effect_of(load_hypothesis("fast_only"), medians("fast_only", "depression"), peaks)
    slow = effect_of(load_hypothesis("slow_only"), medians("slow_only", "depression"), peaks)
    assert (fast.rs, fast.kin, fast.t_d) == (0.0, None, None)
    assert (slow.rf, slow.t_d) == (0.0, 4.0)


def test_plasticity_is_steep_and_late_and_the_delay_of_depression_stays_its_own():
    anxiety, depression = (hypothesis_priors("plasticity", o) for o in ("anxiety", "depression"))
    assert (anxiety["g"].median, anxiety["t_d"].median) == (6.0, pytest.approx(0.7))
    assert (depression["g"].median, depression["t_d"].median) == (6.0, 4.0)


def test_a_mediator_is_driven_as_dissociation_is():
    mediator, own = hypothesis_priors("mediator", "anxiety"), priors("dissociation")
    for name in ("ec50_ratio", "g", "t_ke0", "kappa", "t_tol"):
        assert mediator[name] == own[name]
    assert "emax" not in mediator


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_studies_scatter_by_parameters_with_a_reason(outcome):
    found = study_priors(outcome)
    assert {"rho", "tau", "potency"} <= set(found)
    assert isinstance(found["rho"].distribution, Beta)
    for name, one in found.items():
        assert one.range[0] < one.median < one.range[1], name
        instrument = name.partition("_")[2]
        assert not instrument or instrument in SCALES
        if name.startswith("b_"):
            assert SCALES[instrument].lower < one.range[0] < one.range[1] < SCALES[instrument].upper


def test_names_of_a_study_and_of_an_effect_do_not_meet():
    for key, outcome in CASES:
        assert not set(study_priors(outcome)) & set(hypothesis_priors(key, outcome))


def test_weight_of_norketamine_lies_below_its_affinity():
    weight = hypothesis_priors("ketamine_norketamine", "anxiety")["w_also"]
    both = [2.0 / (1.0 / s + 1.0 / r) for s, r in ((0.3, 1.4), (1.7, 13.0))]
    assert weight.median < both[0] / both[1] == pytest.approx(0.164, abs=0.001)


def test_unknown_hypotheses_are_named_with_the_nearest():
    with pytest.raises(UnknownName, match='no hypothesis "ketamin"; did you mean "ketamine"'):
        load_hypothesis("ketamin")
    with pytest.raises(UnknownName, match='no hypothesis of sbp "ketamine"; known: pressure_art'):
        hypothesis_priors("ketamine", "sbp")
    with pytest.raises(UnknownName, match='no effect "anxeity"'):
        list_hypotheses("anxeity")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('drive     = "ketamine_arterial"', 'drive = "arterial"', "ketamine_arterial.drive"),
        ('shape     = "power"', 'shape = "step"', r"ketamine_power\.shape: must be one of hill"),
        ('clocks    = "fast"', 'clock = "fast"', 'clock: unknown key; did you mean "clocks"'),
        ("trigger   = true", 'trigger = true\nslow_drive = "norketamine"', "needs both clocks"),
        ('clocks    = "slow"\ntrigger', 'clocks = "both"\ntrigger', "the slow clock alone"),
        ('also      = "norketamine"', 'also = "norket"', "ketamine_norketamine.also"),
        (
            'outcomes  = ["sbp", "dbp"]',
            'outcomes = ["sbp"]\nwanes = true',
            "pressure_arterial: a pressure has no wanes; only a symptom has",
        ),
    ],
)
def test_a_broken_catalogue_is_refused_with_file_and_key(old, new, message):
    assert old in HYPOTHESES
    with pytest.raises(DataError, match=message):
        parse_document(HYPOTHESES.replace(old, new, 1), HypothesesDocument, "hypotheses.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[hypotheses.also.w_also]", "[hypotheses.also.weight]", "also: has w_also; look at"),
        ("[hypotheses.plasticity.t_d]", "[hypotheses.plasticity.td]", "plasticity: has g, t_d"),
        ("[studies.outcomes.sbp.sigma]", "[studies.outcomes.pulse.sigma]", "studies.outcomes"),
        ("[studies.shared.symptom.tau]", "[studies.shared.symptoms.tau]", "studies.shared"),
        ("[shared.symptom.m]", "[shared.symptom.mm]", "needs the parameter m"),
    ],
)
def test_broken_priors_of_hypotheses_and_studies_are_refused(old, new, message):
    assert old in PRIORS
    with pytest.raises(DataError, match=message):
        parse_document(PRIORS.replace(old, new, 1), EffectsDocument, "priors.toml")
