"""The file of effect priors keeps its contract, and the scales of the vocabulary theirs."""

import math
from importlib import resources

import pytest
from scipy import stats

from kpksim.documents import parse_document
from kpksim.errors import DataError, ModelError, UnknownName
from kpksim.library.effect_catalogue import (
    load_effects,
    outcome_notes,
    potency_prior,
    prior,
    priors,
)
from kpksim.library.effect_document import Beta, EffectsDocument
from kpksim.models.effects import Dissociation, Pressure, Symptom
from kpksim.vocabulary import OUTCOMES, SCALES

RECORDS = {
    f"{outcome}.{name}": record for outcome in OUTCOMES for name, record in priors(outcome).items()
} | {"esketamine_potency": potency_prior("esketamine")}

TEXT = (resources.files("kpksim") / "library/effects/priors.toml").read_text(encoding="utf-8")


def distribution(record):
    """The same distribution by SciPy's own classes."""
    shape = record.distribution
    if isinstance(shape, Beta):
        return stats.beta(shape.a, shape.b)
    return stats.lognorm(shape.sd, scale=shape.median)


@pytest.mark.parametrize("name", RECORDS)
def test_record_says_that_it_is_assumed_and_why(name):
    record = RECORDS[name]
    assert (record.kind, record.grade) == ("assumed", "D")
    assert record.reason.endswith(".")
    assert record.range[0] < record.median < record.range[1]


@pytest.mark.parametrize("name", RECORDS)
def test_range_is_the_central_ninety_percent_of_the_distribution(name):
    record = RECORDS[name]
    assert record.median == pytest.approx(distribution(record).ppf(0.5), rel=1e-9)
    assert record.range == pytest.approx(distribution(record).ppf([0.05, 0.95]), rel=0.04)


def test_medians_become_effects_in_hours_and_nanograms():
    effects = load_effects(reference_peak=158.04)
    anxiety, depression = effects["anxiety"], effects["depression"]
    assert isinstance(anxiety, Symptom)
    assert anxiety.ec50 == pytest.approx(94.8, abs=0.05)
    assert anxiety.t_slow == 96.0
    assert anxiety.rf == pytest.approx(0.5)
    assert (anxiety.t_d, depression.t_d) == (None, 4.0)
    assert isinstance(effects["dissociation"], Dissociation)
    assert effects["dissociation"].ec50 == pytest.approx(142.2, abs=0.05)
    assert effects["dissociation"].t_tol == 28 * 24.0
    assert isinstance(effects["sbp"], Pressure)
    assert effects["sbp"].ke0 == pytest.approx(math.log(2.0) / (5 / 60))
    assert set(effects) == set(OUTCOMES)


def test_every_ec50_follows_the_model_and_pressure_does_not():
    low, high = load_effects(100.0), load_effects(200.0)
    for outcome in ("anxiety", "depression", "dissociation"):
        assert high[outcome].ec50 == 2 * low[outcome].ec50
    assert high["sbp"] == low["sbp"]


def test_potency_of_esketamine_follows_from_the_affinities():
    s, r = 1 / 0.3, 1 / 1.4
    assert potency_prior("esketamine").value == pytest.approx(s / ((s + r) / 2), abs=0.005)


def test_dissociation_says_that_its_drive_is_venous():
    assert outcome_notes("dissociation")[0].startswith("Dissociation uses the venous drive until")


@pytest.mark.parametrize("peak", [0.0, -5.0, float("nan")])
def test_reference_peak_must_be_a_concentration(peak):
    with pytest.raises(ModelError, match=r"effects need the peak after .* as a positive"):
        load_effects(peak)


def test_unknown_outcome_and_parameter_are_named_with_the_nearest():
    with pytest.raises(UnknownName, match='no effect "anxeity"; did you mean "anxiety"'):
        priors("anxeity")
    with pytest.raises(UnknownName, match='no parameter of anxiety "t_slo"; did you mean "t_slow"'):
        prior("anxiety", "t_slo")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sd = 0.4 }", "sd = -0.4 }", r"priors.toml: shared\.symptom\.g\.distribution.*sd: "),
        ('"lognormal", median = 1.5', '"normal", median = 1.5', "shared.symptom.g.distribution"),
        ("[shared.symptom.kin]", "[shared.symptom.kinn]", "outcomes.anxiety: .* parameter kin"),
        ('kind    = "assumed"', 'kind = "estimated"', "shared.symptom.ec50_ratio.kind"),
        ('drive     = "ketamine"', 'drive = "ketamin"', "outcomes.anxiety.drive"),
        ('title = "Effects', 'colour = "x"\ntitle = "Effects', "colour: unknown key"),
        ("[outcomes.sbp]", "[outcomes.pulse]", "outcomes.pulse"),
        (
            "[outcomes.depression.parameters.t_d]",
            "[outcomes.sbp.parameters.t_d]",
            "outcomes.sbp: a pressure has no parameter t_d; it has a, g, t_ke0",
        ),
    ],
)
def test_broken_file_is_refused_with_file_and_key(old, new, message):
    assert old in TEXT
    with pytest.raises(DataError, match=message):
        parse_document(TEXT.replace(old, new, 1), EffectsDocument, "priors.toml")


@pytest.mark.parametrize("name", SCALES)
def test_scale_is_complete_and_its_levels_lie_inside_its_range(name):
    scale = SCALES[name]
    assert scale.name == name
    assert scale.label
    assert scale.meaning.endswith(".")
    assert (scale.lower is None) == (scale.upper is None)
    assert scale.unit in ("points", "mmHg")
    assert scale.better in ("lower", "neither")
    assert scale.sources or scale.construct == "blood pressure"
    if scale.lower is not None and scale.upper is not None:
        assert scale.lower < scale.upper
    if scale.clinical_level is not None:
        assert scale.lower < scale.clinical_level < scale.upper
    assert scale.response is None or -100.0 < scale.response < 0.0


def test_dissociation_and_its_scale_agree_on_the_range():
    assert (OUTCOMES["dissociation"].lower, OUTCOMES["dissociation"].upper) == (
        SCALES["CADSS"].lower,
        SCALES["CADSS"].upper,
    )
