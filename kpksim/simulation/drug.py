"""Whether a drug may be given to a model, and what that means for the effect curves."""

from kpksim.dosing import Regimen
from kpksim.errors import ModelError, unknown
from kpksim.library.effect_catalogue import esketamine_potency, esketamine_prior
from kpksim.models import Model
from kpksim.vocabulary import DRUGS


def drug_of(regimen: Regimen) -> str:
    """Give the one drug of a regimen.

    Parameters
    ----------
    regimen : Regimen
        The doses.

    Returns
    -------
    str
        One of `kpksim.vocabulary.DRUGS`.

    Raises
    ------
    ModelError
        If the doses are not all of one drug.
    """
    drugs = list(dict.fromkeys(timed.dose.drug for timed in regimen.doses))
    if len(drugs) > 1:
        raise ModelError(
            f"one regimen gives one drug, got {' and '.join(drugs)}; "
            "compare two regimens instead of mixing them"
        )
    return drugs[0]


def fit_drug(model: Model, drug: str) -> tuple[float, str]:
    """Give the factor on the drive of effects, and a warning, for a drug in a model.

    Effects are stated for the racemate, so a milligram of esketamine drives them by its potency.
    In a model of the racemate it is computed as total ketamine with the same disposition.

    Parameters
    ----------
    model : Model
        The model.
    drug : str
        The drug that is given.

    Returns
    -------
    potency : float
        Factor on the drive [1].
    warning : str
        What a reader must know; empty when the drug is the model's own.

    Raises
    ------
    ModelError
        If the model cannot say anything about this drug.
    UnknownName
        If there is no such drug.
    """
    if drug not in DRUGS:
        raise unknown("drug", drug, list(DRUGS))
    if model.drug == "generic" or (drug in model.drugs and drug != "esketamine"):
        return 1.0, ""
    if drug == "esketamine" and {"esketamine", "racemic ketamine"} & set(model.drugs):
        return esketamine_potency(), _esketamine_warning(model)
    raise ModelError(
        f"{model.name} is a model of {model.drug} and cannot be given {drug}; "
        f'choose a model of {drug} or set drug = "{model.drug}"'
    )


def _esketamine_warning(model: Model) -> str:
    """Say what is assumed of esketamine."""
    disposition = (
        f"{model.name} is a model of the racemate, so it is computed as total ketamine with the "
        "same disposition; "
        if "esketamine" not in model.drugs
        else ""
    )
    sources = ", ".join(esketamine_prior().sources)
    return (
        f"Esketamine in {model.name}: {disposition}the drive of the effects is multiplied by "
        f"{esketamine_potency():g} per mg (a prior on potency from {sources}, not a measurement)."
    )
