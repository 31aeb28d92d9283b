"""Which effects can be computed with a model, and with which parameters."""

import numpy as np

from kpksim.dosing import infusion
from kpksim.errors import ModelError
from kpksim.library.effect_catalogue import load_effects
from kpksim.models import Model
from kpksim.models.effects import Effect
from kpksim.population import typical_person
from kpksim.simulation.problem import problem_of
from kpksim.vocabulary import OUTCOMES

REFERENCE = infusion("0.5 mg/kg", over="40 min")
"""Regimen whose peak sets the scale of concentrations for the symptom effects."""


def effects_for(model: Model, outcomes: tuple[str, ...]) -> dict[str, Effect]:
    """Give the effects of a model by outcome.

    Parameters
    ----------
    model : Model
        The model.
    outcomes : tuple of str
        Names among `kpksim.vocabulary.OUTCOMES`; others are passed over.

    Returns
    -------
    dict of str to Effect
        Effects with their parameters.

    Raises
    ------
    ModelError
        If the effects cannot be driven by this model.
    """
    wanted = [name for name in outcomes if name in OUTCOMES]
    if not wanted:
        return {}
    reason = why_no_effects(model)
    if reason:
        raise ModelError(f'"{wanted[0]}" cannot be computed with {model.name}: {reason}')
    effects = load_effects(reference_peak(model))
    return {name: effects[name] for name in wanted}


def why_no_effects(model: Model) -> str:
    """Say why a model cannot drive the effects.

    Parameters
    ----------
    model : Model
        The model.

    Returns
    -------
    str
        The reason; empty when it can.
    """
    if model.drug == "generic" or "ketamine" not in model.outputs:
        return 'the effects are driven by an output "ketamine" of a model of ketamine'
    if model.outputs["ketamine"].site == "arterial":
        return (
            "its concentrations are arterial, and the effects are stated for venous plasma, which "
            "peaks at about half of it; choose a venous model such as reference_racemic"
        )
    if all(entry.route != "iv" for entry in model.administrations):
        return "the effects are scaled to the peak of an IV infusion, and it has no route iv"
    return ""


def site_warning(model: Model) -> str:
    """Say what is assumed when nobody knows where the blood of a model was sampled.

    Parameters
    ----------
    model : Model
        A model that drives effects.

    Returns
    -------
    str
        One sentence; empty when the site is known.
    """
    if model.outputs["ketamine"].site != "unknown":
        return ""
    return (
        f"{model.name} does not say where blood was sampled; its concentrations are read as "
        "venous, and effects are too large if they are arterial."
    )


def reference_peak(model: Model) -> float:
    """Give the peak of ketamine after 0.5 mg/kg IV over 40 min, by the model itself.

    A model that another drug or a gene changes keeps the peak that it has without them: they
    change concentrations, not how people respond to a concentration.

    Parameters
    ----------
    model : Model
        The model; its typical person of 70 kg is used.

    Returns
    -------
    float
        Largest concentration [ng/mL]; it is reached when the infusion ends.
    """
    problem = problem_of(model.unchanged or model, REFERENCE, typical_person())
    end = REFERENCE.doses[0].dose.over
    return float(problem.concentrations(["ketamine"], np.array([end]))[0, 0, 0])
