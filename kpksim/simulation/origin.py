"""The origin guard: whether a dose fits what a model counts; else refused, or told and converted.

Every function gives the reason in words, empty where there is nothing to tell, or refuses.
"""

from kpksim.dosing import Regimen
from kpksim.errors import ModelError, unknown
from kpksim.library.effect_catalogue import potency_prior
from kpksim.models import Model
from kpksim.units import base_to_hydrochloride, hydrochloride_to_base
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


def refuse_drug(model: Model, drug: str) -> None:
    """Refuse a drug of which a model says nothing.

    A model takes the drugs that it has administrations for. One of the racemate alone takes
    esketamine too, as total ketamine (`drug_warning` says so); one of esketamine takes no racemate,
    and no other model stands in for arketamine.

    Parameters
    ----------
    model : Model
        The model.
    drug : str
        The drug that is given.

    Raises
    ------
    ModelError
        If the model cannot say anything about this drug.
    UnknownName
        If there is no such drug.
    """
    if drug not in DRUGS:
        raise unknown("drug", drug, list(DRUGS))
    if model.drug == "generic" or drug in model.drugs or _stands_in(model, drug):
        return
    raise ModelError(
        f"{model.name} is a model of {' and '.join(model.drugs)} and cannot be given {drug}; "
        f'choose a model of {drug} or set drug = "{model.drug}"'
    )


def refuse_compartment(model: Model, compartment: str, drug: str) -> None:
    """Refuse a dose that a record puts straight into a compartment where the model has none.

    Parameters
    ----------
    model : Model
        The model.
    compartment : str
        Name of the compartment.
    drug : str
        A drug that the model takes.

    Raises
    ------
    ModelError
        If the model knows CL/F only, which holds for doses on their way in alone, or if doses of
        other drugs go there and none of this drug.
    """
    routes = [(one.into, one.drug or model.drug) for one in model.administrations]
    ways_in = list(dict.fromkeys(into for into, _ in routes))
    if model.clearance == "apparent" and compartment not in ways_in:
        raise ModelError(
            f"{model.name} knows CL/F, which holds for doses into {' or '.join(ways_in) or 'none'} "
            f'alone, got a dose into "{compartment}"; write one of those, or take a model that '
            "knows CL"
        )
    if compartment in ways_in and drug in model.drugs and (compartment, drug) not in routes:
        others = " and ".join(one for into, one in routes if into == compartment)
        raise ModelError(
            f'{model.name} has no dose of {drug} into "{compartment}", which takes {others}; '
            "write another compartment or another drug"
        )


def drug_warning(model: Model, drug: str) -> str:
    """Say how a drug is computed that is not one of the model's own.

    Parameters
    ----------
    model : Model
        The model.
    drug : str
        A drug that it takes.

    Returns
    -------
    str
        One sentence; empty when the drug is one of the model's own.
    """
    if drug in model.drugs or not _stands_in(model, drug):
        return ""
    return (
        f"{drug.capitalize()} in {model.name}: {model.name} is a model of the racemate, so it is "
        "computed as total ketamine with the same disposition."
    )


def _stands_in(model: Model, drug: str) -> bool:
    """Whether a racemate's disposition is used for a drug that the model does not tell apart."""
    return drug == "esketamine" and "racemic ketamine" in model.drugs


def why_no_potency(model: Model, drug: str) -> str:
    """Say why a drug cannot drive effects.

    Parameters
    ----------
    model : Model
        The model.
    drug : str
        A drug that it takes.

    Returns
    -------
    str
        The reason; empty when it can.
    """
    if model.drug == "generic" or drug == "racemic ketamine" or potency_prior(drug):
        return ""
    return (
        f"the effects are stated for the racemate, and nothing says how strong a milligram of "
        f"{drug} acts; ask for concentrations only"
    )


def potency_of(drug: str) -> float:
    """Give the drive of effects per milligram of a drug, relative to the racemate.

    Parameters
    ----------
    drug : str
        A drug for which `why_no_potency` has no reason.

    Returns
    -------
    float
        Factor on the drive [1].
    """
    prior = potency_prior(drug)
    return prior.value if prior else 1.0


def potency_warning(model: Model, drug: str) -> str:
    """Say what is assumed of how strong a drug acts.

    Parameters
    ----------
    model : Model
        The model.
    drug : str
        A drug that drives effects.

    Returns
    -------
    str
        One sentence; empty for the racemate.
    """
    prior = potency_prior(drug)
    if prior is None:
        return ""
    return (
        f"{drug.capitalize()} in {model.name}: the drive of the effects is multiplied by "
        f"{prior.value:g} per mg (a prior on potency from {', '.join(prior.sources)}, not a "
        "measurement)."
    )


def form_warning(model: Model, form: str) -> str:
    """Say how a dose is converted to the form, base or hydrochloride, in which a model counts.

    Parameters
    ----------
    model : Model
        The model.
    form : str
        Form of the dose.

    Returns
    -------
    str
        One sentence; empty when nothing is converted.
    """
    if form == model.form:
        return ""
    factor = hydrochloride_to_base(1.0) if model.form == "base" else base_to_hydrochloride(1.0)
    return (
        f"Doses of {form} in {model.name}: it counts {model.form}, so each milligram is taken as "
        f"{factor:.4g} mg of {model.form} (57.7 mg of hydrochloride hold 50 mg of base, "
        "simons2022)."
    )


def dose_warnings(model: Model, regimen: Regimen) -> list[str]:
    """Say how the doses of a regimen are converted to what a model counts.

    Parameters
    ----------
    model : Model
        The model.
    regimen : Regimen
        The doses.

    Returns
    -------
    list of str
        One sentence for each conversion.

    Raises
    ------
    ModelError
        If the model cannot be given one of the doses.
    """
    said = []
    for drug, form in dict.fromkeys((one.dose.drug, one.dose.form) for one in regimen.doses):
        refuse_drug(model, drug)
        said += [drug_warning(model, drug), form_warning(model, form)]
    return [one for one in dict.fromkeys(said) if one]
