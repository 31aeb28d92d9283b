"""Effect parameters of the library: prior distributions with their sources, and their medians."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import isfinite

from kpksim.documents import parse_document
from kpksim.errors import ModelError, unknown
from kpksim.library.effect_document import STRUCTURES, EffectsDocument, Prior
from kpksim.models.effects import Effect

PLACE = "library/effects/priors.toml"


@cache
def effects_document() -> EffectsDocument:
    """Read the file that is part of the package, once.

    Returns
    -------
    EffectsDocument
        Every prior of the library.
    """
    text = (resources.files("kpksim") / PLACE).read_text(encoding="utf-8")
    return parse_document(text, EffectsDocument, PLACE)


def load_effects(reference_peak: float) -> dict[str, Effect]:
    """Every effect of the library with the medians of its priors.

    Parameters
    ----------
    reference_peak : float
        Peak concentration of ketamine that the model in use gives after 0.5 mg/kg over 40 min
        [ng/mL]; every EC50 is a share of it.

    Returns
    -------
    dict of str to Symptom, Dissociation or Pressure
        Effect by name of the outcome.

    Raises
    ------
    ModelError
        If the peak is not a positive number.

    Examples
    --------
    >>> round(load_effects(reference_peak=100.0)["anxiety"].ec50, 9)
    60.0
    """
    if not (isfinite(reference_peak) and reference_peak > 0.0):
        raise ModelError(
            f"effects need the peak after 0.5 mg/kg over 40 min as a positive concentration, "
            f"got {reference_peak} ng/mL"
        )
    return {outcome: _effect(outcome, reference_peak) for outcome in effects_document().outcomes}


def _effect(outcome: str, reference_peak: float) -> Effect:
    """Put the medians of an outcome into its structure."""
    document = effects_document().outcomes[outcome]
    values = {name: prior.value for name, prior in priors(outcome).items()}
    if "ec50_ratio" in values:
        values["ec50"] = values.pop("ec50_ratio") * reference_peak
    effect: Effect = STRUCTURES[document.structure](drive=document.drive, **values)
    return effect


def priors(outcome: str) -> dict[str, Prior]:
    """Every prior of an outcome by the name of the parameter.

    Parameters
    ----------
    outcome : str
        Name of the outcome, such as ``"anxiety"``.

    Returns
    -------
    dict of str to Prior
        Record of each parameter.

    Raises
    ------
    UnknownName
        If the library has no such outcome.

    Examples
    --------
    >>> priors("sbp")["a"].median
    10.0
    """
    if outcome not in effects_document().outcomes:
        raise unknown("effect", outcome, list(effects_document().outcomes))
    return effects_document().parameters(outcome)


def prior(outcome: str, name: str) -> Prior:
    """Prior of one parameter of an outcome.

    Parameters
    ----------
    outcome : str
        Name of the outcome, such as ``"anxiety"``.
    name : str
        Name of the parameter, such as ``"t_slow"``.

    Returns
    -------
    Prior
        Distribution, unit, reason and sources.

    Raises
    ------
    UnknownName
        If the library has no such outcome or the outcome no such parameter.

    Examples
    --------
    >>> prior("anxiety", "t_slow").median, prior("anxiety", "t_slow").unit
    (4.0, 'd')
    """
    records = priors(outcome)
    if name not in records:
        raise unknown(f"parameter of {outcome}", name, list(records))
    return records[name]


def outcome_notes(outcome: str) -> tuple[str, ...]:
    """Sentences that a reader of an outcome's curve must know.

    Parameters
    ----------
    outcome : str
        Name of the outcome.

    Returns
    -------
    tuple of str
        Sentences, often none.

    Raises
    ------
    UnknownName
        If the library has no such outcome.

    Examples
    --------
    >>> len(outcome_notes("dissociation"))
    1
    """
    priors(outcome)
    return tuple(effects_document().outcomes[outcome].notes)


def drive_of(outcome: str) -> str:
    """Concentration that drives an outcome.

    Parameters
    ----------
    outcome : str
        Name of the outcome.

    Returns
    -------
    str
        A key of `kpksim.vocabulary.CONCENTRATIONS`: venous, or with the suffix of arterial plasma.

    Raises
    ------
    UnknownName
        If the library has no such outcome.

    Examples
    --------
    >>> drive_of("anxiety")
    'ketamine'
    """
    priors(outcome)
    return str(effects_document().outcomes[outcome].drive)


def potency_prior(drug: str) -> Prior | None:
    """Prior of the drive per milligram of an enantiomer, relative to the racemate.

    Parameters
    ----------
    drug : str
        One of `kpksim.vocabulary.DRUGS`.

    Returns
    -------
    Prior or None
        Distribution, unit, reason and sources; None where nothing is assumed.

    Examples
    --------
    >>> potency_prior("esketamine").value, potency_prior("esketamine").sources
    (1.65, ['ebert1997'])
    >>> potency_prior("arketamine") is None
    True
    """
    stated = {
        "esketamine": effects_document().esketamine_potency,
        "arketamine": effects_document().arketamine_potency,
    }
    return stated.get(drug)


def calibration_label(weights: Mapping[str, float] | None = None) -> str:
    """Words that every output made with these parameters carries.

    Parameters
    ----------
    weights : mapping of str to float, optional
        Share of each hypothesis whose posterior draws are used, by its key, as
        `kpksim.library.posteriors.MixedDraws` gives it; without any, prior medians are used.

    Returns
    -------
    str
        The label.

    Examples
    --------
    >>> calibration_label()
    'uncalibrated: prior medians'
    >>> calibration_label({"ketamine": 0.875, "norketamine": 0.125})
    'calibrated: posterior draws (ketamine 88 %, norketamine 12 %)'
    """
    if not weights:
        return "uncalibrated: prior medians"
    shares = ", ".join(f"{key} {100.0 * share:.0f} %" for key, share in weights.items())
    return f"calibrated: posterior draws ({shares})"
