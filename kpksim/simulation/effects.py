"""Which effects can be computed with a model, and with which parameters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import Regimen, infusion
from kpksim.errors import ModelError
from kpksim.library.effect_catalogue import drive_of, load_effects
from kpksim.library.hypotheses import Hypothesis, effect_of
from kpksim.models import Model
from kpksim.models.effects import Effect, Number
from kpksim.population import People, typical_person
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
    return why_no_drive(model, drive_of(outcome))


def why_no_hypothesis(model: Model, hypothesis: Hypothesis) -> str:
    """Say why a model cannot drive an effect under a hypothesis.

    Parameters
    ----------
    model : Model
        The model.
    hypothesis : Hypothesis
        The hypothesis.

    Returns
    -------
    str
        The reason; empty when it can.
    """
    return next((why for one in hypothesis.drives if (why := why_no_drive(model, one))), "")


def why_no_drive(model: Model, drive: str) -> str:
    """Say why a model has nothing that drives an effect.

    Parameters
    ----------
    model : Model
        The model.
    drive : str
        An analyte in venous plasma, or with the suffix of arterial plasma.

    Returns
    -------
    str
        The reason; empty when it has.
    """
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


def site_warning(model: Model, drives: Iterable[str]) -> str:
    """Say what is assumed when nobody knows where the blood of a model was sampled.

    Parameters
    ----------
    model : Model
        A model that drives effects.
    drives : iterable of str
        The outputs that drive them.

    Returns
    -------
    str
        One sentence; empty when the site is known.
    """
    if all(model.outputs[one].site != "unknown" for one in drives):
        return ""
    return (
        f"{model.name} does not say where blood was sampled; its concentrations are read as "
        "venous, and effects are too large if they are arterial."
    )


def effect_under(model: Model, hypothesis: Hypothesis, values: Mapping[str, Number]) -> Effect:
    """Give an effect under a hypothesis, scaled to a model and driven by its outputs.

    Parameters
    ----------
    model : Model
        The model.
    hypothesis : Hypothesis
        What drives the effect and how.
    values : mapping of str to float or array, shape (S,)
        Parameters by the names of `kpksim.library.hypotheses.hypothesis_priors`, times in h.

    Returns
    -------
    Effect
        The effect.

    Raises
    ------
    ModelError
        If the model lacks what drives it, or a parameter is missing or outside its range.
    """
    if reason := why_no_hypothesis(model, hypothesis):
        raise ModelError(f'"{hypothesis.key}" cannot be computed with {model.name}: {reason}')
    effect = effect_of(hypothesis, values, ReferencePeaks(model))
    return effect.driven_by(lambda drive: str(driving_output(model, drive)))


@dataclass(frozen=True)
class ReferencePeaks:
    """Peaks after 0.5 mg/kg IV over 40 min by a model, as `reference_peak` finds them.

    Attributes
    ----------
    model : Model
        The model.
    people : People or None
        S people in whom they are looked for; None for the typical person.
    """

    model: Model
    people: People | None = None

    def __call__(self, drive: str, also: str = "", w_also: Number = 0.0) -> Number:
        """Give the peak of what drives an effect.

        Parameters
        ----------
        drive : str
            An analyte in venous plasma, or with the suffix of arterial plasma.
        also : str
            A second one that adds to it; empty for none.
        w_also : float or array, shape (S,)
            Weight of the second [1].

        Returns
        -------
        float or array, shape (S,)
            Largest concentration, of both together if there are two [ng/mL].
        """
        output = str(driving_output(self.model, drive))
        if not also and self.people is None:
            return reference_peak(self.model, output)
        second = [str(driving_output(self.model, also))] if also else []
        found = _after_reference(self.model, [output, *second], self.people)
        course = found[:, 0]
        if also:
            course = course + np.atleast_1d(np.asarray(w_also, dtype=float))[:, None] * found[:, 1]
        peaks: NDArray[np.float64] = course.max(axis=-1)
        is_one = self.people is None and np.ndim(w_also) == 0
        return float(peaks[0]) if is_one else peaks


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
    course = _after_reference(model, [output])[0, 0]
    if course[1] < course[0]:  # it falls from there on, as where the dose enters
        return float(course[0])
    return float(course.max())


def _after_reference(
    model: Model, outputs: Sequence[str], people: People | None = None
) -> NDArray[np.float64]:
    """Give concentrations from the end of 0.5 mg/kg over 40 min on, shape (S, A, T) [ng/mL]."""
    regimen = _reference(model.drug)
    problem = problem_of(model.unchanged or model, regimen, people or typical_person())
    return problem.concentrations(outputs, regimen.doses[0].dose.over + AFTER)
