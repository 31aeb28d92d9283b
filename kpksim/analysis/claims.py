"""Which observations a model may be compared with, what is converted for it, or why not."""

from dataclasses import dataclass, replace
from math import isfinite, isnan

import numpy as np

from kpksim.analysis.observables import given_drug, output_of
from kpksim.dosing import Regimen, Timed
from kpksim.errors import KpksimError
from kpksim.evidence import Observation, ObservedArm
from kpksim.models import Model
from kpksim.population import typical_person
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.origin import drug_warning, form_warning, refuse_drug
from kpksim.simulation.problem import people_values
from kpksim.simulation.whom import covariate_warning
from kpksim.vocabulary import PURE

USUAL_WEIGHT = 70.0
"""Body weight of adults where a source states none [kg]."""
APART = frozenset({"PK072"})
"""Context that is compared all the same, and counted apart: hydroxynorketamine over ketamine after
IV in hasan2017, five to nine times less than in hasan2021."""
REFUSALS = {
    "context": "the number is context, not to be compared with any model",
    "people": "other people than those behind the model",
    "weight": "a body weight outside the model's range",
    "drug": "a drug, or one enantiomer of it, that the model says nothing about",
    "route": "a route or product that the model does not know",
    "analyte": "an analyte that the model does not give",
    "enantiomer": "one enantiomer, where the model gives the sum",
    "site": "arterial against venous blood",
    "window": "the window of the number is not stated",
    "intravenous": "no IV dose in the model to compare with",
    "apparent": "a clearance or volume over an unknown bioavailability",
}
"""Why a model is not compared with an observation, by kind."""


@dataclass(frozen=True)
class Claim:
    """A model may be compared with an observation.

    Attributes
    ----------
    output : str
        Output of the model that is the analyte.
    regimen : Regimen
        What the model is given.
    weight : float
        Body weight [kg].
    reasons : tuple of str
        What was converted or taken for granted; printed with every result.
    """

    output: str
    regimen: Regimen
    weight: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """A model is not compared with an observation.

    Attributes
    ----------
    kind : str
        A key of `REFUSALS`.
    words : str
        The reason in full.
    """

    kind: str
    words: str


def claims(model: Model, arm: ObservedArm, observation: Observation) -> Claim | Refusal:
    """Say whether a model may be compared with an observation.

    Parameters
    ----------
    model : Model
        The model.
    arm : ObservedArm
        The people it was seen in, and what they were given.
    observation : Observation
        What was seen.

    Returns
    -------
    Claim or Refusal
        What to compute, with the reason of every conversion; or why nothing is compared.

    Examples
    --------
    >>> import kpksim as kp
    >>> from kpksim.evidence import load_observed
    >>> study = load_observed("otto2021")
    >>> claims(kp.load_model("otto2021"), study.arms["iv"], study.observations[0]).output
    'ketamine'
    >>> claims(kp.load_model("simons2022"), study.arms["iv"], study.observations[0]).words
    'venous blood in the data, arterial in the model'
    """
    in_use = observation.use != "context" or observation.id in APART
    if not in_use or arm.regimen is None:
        return Refusal("context", observation.why or arm.why_no_regimen)
    weight, of_weight = _weight(arm, arm.regimen)
    given = _given(model, arm.regimen, observation.enantiomer)
    if isinstance(given, Refusal):
        return given
    regimen, of_drug = given
    output = _output(model, regimen, observation, arm.site)
    if isinstance(output, Refusal):
        return output
    refusal = (
        _other_people(model, arm)
        or _other_weight(model, arm, weight)
        or _unknown_way(model, regimen, weight)
        or _unreadable(model, regimen, observation)
    )
    forms = (form_warning(model, one) for one in {timed.dose.form for timed in regimen.doses})
    reasons = (of_drug, of_weight, _of_site(model, output, arm), *forms)
    return refusal or Claim(output, regimen, weight, tuple(filter(None, reasons)))


def _weight(arm: ObservedArm, regimen: Regimen) -> tuple[float, str]:
    """Give the body weight, and what is taken for granted."""
    if not isnan(arm.weight):
        return arm.weight, ""
    matters = any(one.dose.per_kg for one in regimen.doses)
    dose = ", also for the dose per kg" if matters else ""
    return USUAL_WEIGHT, f"body weight is not stated: {USUAL_WEIGHT:g} kg{dose}"


def _given(model: Model, regimen: Regimen, enantiomer: str) -> tuple[Regimen, str] | Refusal:
    """Give the regimen as the model takes it, and how it was converted."""
    drug = given_drug(regimen)
    try:
        refuse_drug(model, drug)
    except KpksimError as error:
        if drug != "racemic ketamine" or PURE.get(model.drug) != enantiomer:
            return Refusal("drug", str(error))
    else:
        return regimen, drug_warning(model, drug)
    if not model.is_linear:
        return Refusal("drug", "one enantiomer of a racemate in a model that is not linear")
    words = f"half of the racemate as {model.drug}: the model is linear"
    return _halved(regimen, model.drug), words


def _halved(regimen: Regimen, drug: str) -> Regimen:
    """Give the doses of one enantiomer in those of the racemate."""
    halves = (
        Timed(one.time, replace(one.dose, amount=0.5 * one.dose.amount, drug=drug))
        if one.dose.drug not in PURE
        else one
        for one in regimen.doses
    )
    return Regimen(tuple(halves))


def _output(model: Model, regimen: Regimen, observation: Observation, site: str) -> str | Refusal:
    """Find the output that was seen; of a ratio both must be there."""
    drug = given_drug(regimen)
    named = [observation.analyte, *filter(None, [observation.over])]
    found = []
    for analyte in named:
        output = output_of(model, drug, analyte, observation.enantiomer, site)
        if output is None:
            return _no_output(model, drug, analyte, observation.enantiomer, site)
        found.append(output)
    return found[0]


def _no_output(model: Model, drug: str, analyte: str, enantiomer: str, site: str) -> Refusal:
    """Say why a model has no output that is the analyte."""
    anywhere = output_of(model, drug, analyte, enantiomer)
    if anywhere is not None:
        of_model = model.outputs[anywhere].site
        return Refusal("site", f"{site} blood in the data, {of_model} in the model")
    if output_of(model, drug, analyte, "sum") is not None:
        return Refusal("enantiomer", f"{enantiomer.upper()} alone, the model gives the sum")
    return Refusal("analyte", f"the model gives no {analyte}")


def _other_people(model: Model, arm: ObservedArm) -> Refusal | None:
    """Refuse people of another kind."""
    of_model = model.people
    if "unknown" in (of_model, arm.people) or of_model == arm.people:
        return None
    return Refusal("people", f"{arm.people} in the data, {of_model} in the model")


def _other_weight(model: Model, arm: ObservedArm, weight: float) -> Refusal | None:
    """Refuse a weight outside the range that informed the model, and children of any weight."""
    if arm.people == "children" and isnan(arm.weight):
        return Refusal("weight", "children whose body weight is not stated")
    words = covariate_warning(model, "weight", np.array([weight]))
    return Refusal("weight", words) if words else None


def _unknown_way(model: Model, regimen: Regimen, weight: float) -> Refusal | None:
    """Refuse doses that the model cannot be given, in the words of the model's own message."""
    people, values = people_values(model, typical_person(weight))
    try:
        regimen_inputs(model, values, regimen, people)
    except KpksimError as error:
        return Refusal("route", str(error))
    return None


def _unreadable(model: Model, regimen: Regimen, observation: Observation) -> Refusal | None:
    """Refuse a number that the model cannot give, or of which too little is stated."""
    metric, end = observation.metric, observation.window[1]
    if (metric == "auc" and isnan(end)) or (metric == "t_half" and not isfinite(end)):
        return Refusal("window", "until when blood was drawn is not stated")
    if metric not in ("f", "cl", "vss"):
        return None
    routes = {one.dose.route for one in regimen.doses}
    if metric != "f" and (routes != {"iv"} or observation.analyte != "ketamine"):
        return Refusal("apparent", "a clearance or volume over an unknown bioavailability")
    if not model.is_linear or all(one.route != "iv" for one in model.administrations):
        return Refusal("intravenous", "no IV dose in the model to compare with")
    return None


def _of_site(model: Model, output: str, arm: ObservedArm) -> str:
    """Say that blood is taken to be of the same kind of vessel."""
    of_model = model.outputs[output].site
    if arm.site == "unknown":
        return f"vessel not stated in the data: taken as the model's ({of_model})"
    return "vessel not stated in the model: taken as in the data" if of_model == "unknown" else ""
