"""Which effects can be computed with a model, and with which parameters."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from kpksim.dosing import Regimen, infusion
from kpksim.errors import ModelError
from kpksim.library.effect_catalogue import drive_of, load_effects
from kpksim.models import Model
from kpksim.models.effects import Effect
from kpksim.population import typical_person
from kpksim.simulation.problem import problem_of
from kpksim.vocabulary import ARTERIAL, OUTCOMES

AFTER = np.append(0.0, np.geomspace(1.0 / 120.0, 24.0, 80))
"""Times after an infusion at which the peak of a metabolite or of delayed blood is looked for [h].

They are a tenth apart, so that a peak, which is flat, is met within some 0.1 %.
"""


def effects_for(model: Model, outcomes: tuple[str, ...]) -> dict[str, Effect]:
    """Give the effects of a model by outcome, each driven by an output of the model.

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
        If an effect cannot be driven by this model.
    """
    found: dict[str, dict[str, Effect]] = {}
    effects = {}
    for name in (one for one in outcomes if one in OUTCOMES):
        reason = why_no_effect(model, name)
        if reason:
            raise ModelError(f'"{name}" cannot be computed with {model.name}: {reason}')
        output = str(driving_output(model, drive_of(name)))
        if output not in found:
            found[output] = load_effects(reference_peak(model, output))
        effects[name] = replace(found[output][name], drive=output)
    return effects


def driving_output(model: Model, drive: str) -> str | None:
    """Find the output of a model that holds what drives an effect, from the right site.

    Parameters
    ----------
    model : Model
        The model.
    drive : str
        An analyte in venous plasma, or with the suffix of arterial plasma.

    Returns
    -------
    str or None
        Name of the output: that of the drive, or the plain one of a model that is all arterial.
        An unknown site is read as venous. None where the model has no such output.
    """
    arterial = drive.endswith(ARTERIAL)
    for name in (drive, drive.removesuffix(ARTERIAL)):
        if name in model.outputs and (model.outputs[name].site == "arterial") == arterial:
            return name
    return None


def why_no_effect(model: Model, outcome: str) -> str:
    """Say why a model cannot drive an effect.

    Parameters
    ----------
    model : Model
        The model.
    outcome : str
        Name of the outcome.

    Returns
    -------
    str
        The reason; empty when it can.
    """
    drive = drive_of(outcome)
    analyte = drive.removesuffix(ARTERIAL)
    if model.drug == "generic" or analyte not in model.outputs:
        return f'the effects are driven by an output "{analyte}" of a model of ketamine'
    if driving_output(model, drive) is None and drive.endswith(ARTERIAL):
        return (
            f'it is driven by arterial {analyte}, and the model has no output "{drive}"; choose an '
            "arterial model"
        )
    if driving_output(model, drive) is None:
        return (
            "its concentrations are arterial, and the effects are stated for venous plasma, which "
            "peaks at about half of it; choose a venous model such as reference_racemic"
        )
    if all(entry.route != "iv" for entry in model.administrations):
        return "the effects are scaled to the peak of an IV infusion, and it has no route iv"
    return ""


def site_warning(model: Model, effects: Mapping[str, Effect]) -> str:
    """Say what is assumed when nobody knows where the blood of a model was sampled.

    Parameters
    ----------
    model : Model
        A model that drives effects.
    effects : mapping of str to Effect
        The effects, from `effects_for`.

    Returns
    -------
    str
        One sentence; empty when the site is known.
    """
    if all(model.outputs[one.drive].site != "unknown" for one in effects.values()):
        return ""
    return (
        f"{model.name} does not say where blood was sampled; its concentrations are read as "
        "venous, and effects are too large if they are arterial."
    )


@cache
def _reference(drug: str) -> Regimen:
    """Give the regimen whose peak sets the scale of concentrations for the symptom effects."""
    return infusion("0.5 mg/kg", over="40 min", drug=drug)


def reference_peak(model: Model, output: str = "ketamine") -> float:
    """Give the peak of what drives an effect after 0.5 mg/kg IV over 40 min, by the model itself.

    A model that another drug or a gene changes keeps the peak that it has without them: they
    change concentrations, not how people respond to a concentration.

    Parameters
    ----------
    model : Model
        The model; its typical person of 70 kg is used, and its own drug.
    output : str
        The output that drives the effect.

    Returns
    -------
    float
        Largest concentration [ng/mL]: where the infusion ends, or later.
    """
    regimen = _reference(model.drug)
    problem = problem_of(model.unchanged or model, regimen, typical_person())
    times = regimen.doses[0].dose.over + AFTER
    at_end, next_to_it = problem.concentrations([output], times[:2])[0, 0]
    if next_to_it < at_end:  # it falls from there on, as where the dose enters
        return float(at_end)
    return float(problem.concentrations([output], times).max())
