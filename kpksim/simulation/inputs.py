"""Doses of a regimen turned into what the engine does: amounts added, inputs switched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import Dose, Regimen
from kpksim.engine import Actions
from kpksim.errors import ModelError
from kpksim.models import Intake, Model, Values, intakes_by_route
from kpksim.population import People
from kpksim.simulation.origin import refuse_drug
from kpksim.units import base_to_hydrochloride, hydrochloride_to_base

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Input:
    """Drug that enters a compartment, at once or at a constant rate.

    Attributes
    ----------
    compartment : int
        Position of the compartment.
    start : array, shape (S,)
        When it begins [h].
    amount : array, shape (S,)
        How much enters [mg].
    duration : array, shape (S,)
        How long it takes [h]; 0 is at once.
    rank : int
        Order among things at the same time, for the engine.
    """

    compartment: int
    start: Array
    amount: Array
    duration: Array
    rank: int = 0


def regimen_inputs(model: Model, values: Values, regimen: Regimen, people: People) -> list[Input]:
    """Say what enters which compartment when, in each person.

    An infusion by a regimen lasts as long as it says; bioavailability scales its rate.

    Parameters
    ----------
    model : Model
        The model.
    values : dict of str to array, shape (S,)
        Parameters of each person.
    regimen : Regimen
        The doses.
    people : People
        S people.

    Returns
    -------
    list of Input
        The inputs.

    Raises
    ------
    ModelError
        If the model does not know a drug or a route, a dose over a time has a zero-order input
        already, or people get different amounts of a product whose share is known for single doses
        only.
    """
    known: dict[Dose, list[tuple[Intake, Array, Array]]] = {}
    inputs = []
    for timed in regimen.doses:
        if timed.dose not in known:
            known[timed.dose] = _ways(model, values, timed.dose, people)
        inputs += [
            Input(intake.compartment, timed.time + intake.lag, amount, duration)
            for intake, amount, duration in known[timed.dose]
        ]
    return inputs


def to_actions(inputs: Sequence[Input], kept: Sequence[int]) -> Actions:
    """Turn inputs into the engine's actions.

    Parameters
    ----------
    inputs : sequence of Input
        What enters.
    kept : sequence of int
        Compartments that the engine computes, by position in the model.

    Returns
    -------
    Actions
        One action for an amount at once, two for an input that lasts.
    """
    place = {compartment: k for k, compartment in enumerate(kept)}
    rows: list[tuple[Array, int, Array, Array, int]] = []
    for one in inputs:
        nothing = np.zeros_like(one.amount)
        where = place[one.compartment]
        lasts = one.duration > 0.0
        if lasts.any():
            rate = np.divide(one.amount, one.duration, out=nothing.copy(), where=lasts)
            at_once = np.where(lasts, 0.0, one.amount)
            rows.append((one.start, where, at_once, rate, one.rank))
            rows.append((one.start + one.duration, where, nothing, -rate, one.rank))
        else:
            rows.append((one.start, where, one.amount, nothing, one.rank))
    columns = list(zip(*rows, strict=True))
    return Actions(
        time=np.stack(columns[0], axis=1),
        compartment=np.array(columns[1], dtype=int),
        amount=np.stack(columns[2], axis=1),
        rate=np.stack(columns[3], axis=1),
        order=np.array(columns[4], dtype=int),
    )


def in_form_of(model: Model, amount: Array, form: str) -> Array:
    """Convert a dose to the form, base or hydrochloride, in which a model counts mass.

    Parameters
    ----------
    model : Model
        The model.
    amount : array, shape (S,)
        Dose [mg of `form`].
    form : str
        ``"base"`` or ``"hydrochloride"``.

    Returns
    -------
    array, shape (S,)
        Dose [mg of the model's form].
    """
    if form == model.form:
        return amount
    if model.form == "base":
        return hydrochloride_to_base(amount)
    return base_to_hydrochloride(amount)


def _ways(
    model: Model, values: Values, dose: Dose, people: People
) -> list[tuple[Intake, Array, Array]]:
    """Give each way of one dose into the body, with amount [mg] and duration [h]."""
    refuse_drug(model, dose.drug)
    given = np.full(len(people), dose.amount)
    if dose.per_kg:
        given = given * people.covariates["weight"]
    amount = in_form_of(model, given, dose.form)
    _refuse_many_amounts(model, dose, amount)
    ways = []
    found = intakes_by_route(model, values, dose.route, float(amount[0]), dose.product, dose.drug)
    for intake in found:
        share = amount * intake.share * intake.bioavailability
        ways.append((intake, share, _duration(model, dose, intake, share)))
    return ways


def _refuse_many_amounts(model: Model, dose: Dose, amount: Array) -> None:
    """Refuse different amounts in different people where the share absorbed depends on them."""
    by_dose = [one for one in model.administrations if one.fraction_by_dose]
    if any(one.route == dose.route for one in by_dose) and (amount != amount[0]).any():
        raise ModelError(
            f"{model.name}: the share absorbed by route {dose.route} is known for single doses "
            f"only, and per kg people get from {amount.min():g} to {amount.max():g} mg; "
            "give the dose in mg"
        )


def _duration(model: Model, dose: Dose, intake: Intake, amount: Array) -> Array:
    """Give the duration of an input: the dose's own, or the model's."""
    stated = intake.duration is not None or intake.rate is not None
    if dose.over and stated:
        raise ModelError(
            f"{model.name} has a zero-order input of its own by route {dose.route}, so a dose "
            'cannot be given "over" a time; leave "over" out'
        )
    if intake.duration is not None:
        return intake.duration
    if intake.rate is not None:
        return amount / intake.rate
    return np.full_like(amount, dose.over)
