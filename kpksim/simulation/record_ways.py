"""By which ways the dose of a record enters the body: compartment, amount, duration, lag."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from kpksim.dosing import EventTable
from kpksim.errors import DataError, KpksimError
from kpksim.models import Intake, Model, Values, intake_by_compartment, intakes_by_route
from kpksim.simulation.inputs import in_form_of
from kpksim.simulation.origin import refuse_compartment, refuse_drug
from kpksim.vocabulary import FORMS, ROUTES

MODELLED_RATE, MODELLED_DURATION = -1.0, -2.0
"""Codes of RATE."""


@dataclass(frozen=True)
class Way:
    """One way of the dose of a record into one compartment.

    Attributes
    ----------
    compartment : int
        Position of the compartment.
    amount : float
        What enters [mg]; 0 for an input that has always been running.
    duration : float
        How long it takes [h]; 0 is at once.
    rate : float
        Rate of an input that has always been running [mg/h].
    lag : float
        Time from the record until it begins [h].
    """

    compartment: int
    amount: float
    duration: float
    rate: float
    lag: float


def ways_of(model: Model, values: Values, table: EventTable, record: int) -> list[Way]:
    """Say by which ways the dose of a record enters; what brings nothing is left out.

    Parameters
    ----------
    model : Model
        The model.
    values : dict of str to array, shape (1,)
        Parameters at the record.
    table : EventTable
        Records of one subject.
    record : int
        Position of the dose record.

    Returns
    -------
    list of Way
        The ways.

    Raises
    ------
    KpksimError
        If the model cannot be given this dose.
    """
    amount = amount_of(model, table, record)
    ways = [
        _way(model, intake, amount, rate)
        for intake, rate in intakes_of(model, values, table, record)
    ]
    return [one for one in ways if one.amount > 0.0 or one.rate > 0.0]


def amount_of(model: Model, table: EventTable, record: int) -> float:
    """Give the amount of a dose record in the form in which the model counts mass [mg]."""
    return _in_form(model, table, record, float(table.amt[record]))


def intakes_of(
    model: Model, values: Values, table: EventTable, record: int
) -> list[tuple[Intake, float]]:
    """Say where the dose of a record goes, and with which RATE.

    Parameters
    ----------
    model : Model
        The model.
    values : dict of str to array, shape (1,)
        Parameters at the record.
    table : EventTable
        Records of one subject.
    record : int
        Position of the dose record.

    Returns
    -------
    list of (Intake, float)
        The ways into the body and their rate [mg/h], -1 or -2 where it or the duration is modelled.

    Raises
    ------
    KpksimError
        If the model does not know the compartment, the route or the drug.
    """
    with _in_column("DRUG", "leave DRUG empty for the drug of the model"):
        drug = word(table, "DRUG", record, model.drug)
        refuse_drug(model, drug)
    rate = float(table.rate[record])
    rate = _in_form(model, table, record, rate) if rate > 0.0 else rate
    name = table.cmt[record]
    if name not in ROUTES or name in [one.name for one in model.compartments]:
        index = _compartment(model, name)
        with _in_column("CMT", ""):
            refuse_compartment(model, model.compartments[index].name, drug)
        return [(intake_by_compartment(model, values, index), rate)]
    product = word(table, "PRODUCT", record, "")
    amount = amount_of(model, table, record)
    known = any(entry.route == name for entry in model.administrations)
    column = "CMT" if not known else "PRODUCT" if product else "AMT"
    with _in_column(column, f"{model.name} takes other doses by this or another route"):
        intakes = intakes_by_route(model, values, name, amount, product or None, drug)
    return [(one, _rate_by_route(model, one, rate)) for one in intakes]


def at_line(table: EventTable, record: int, error: KpksimError) -> DataError:
    """Give an error about a record with file and line in front."""
    separator = ", " if str(error).startswith("column ") else ": "
    return DataError(f"{table.source}: line {table.line[record]}{separator}{error}")


def word(table: EventTable, column: str, record: int, default: str) -> str:
    """Give a word of a further column; empty or missing means the default."""
    said = table.further[column][record].strip() if column in table.further else ""
    return default if said in ("", ".") else said


@contextmanager
def _in_column(column: str, way_out: str) -> Iterator[None]:
    """Put the column in front of what a model refuses, and a way out behind it."""
    try:
        yield
    except KpksimError as error:
        end = "" if ";" in str(error) else f"; {way_out}"
        raise DataError(f"column {column}: {error}{end}") from None


def _in_form(model: Model, table: EventTable, record: int, value: float) -> float:
    """Convert an amount or a rate from the form that a record names."""
    form = word(table, "FORM", record, model.form)
    if form not in FORMS:
        raise DataError(f'column FORM: a form is {" or ".join(FORMS)}, got "{form}"; write one')
    return float(in_form_of(model, np.array([value]), form)[0])


def _compartment(model: Model, name: str) -> int:
    """Give the position of a compartment that a record names or numbers."""
    names = [compartment.name for compartment in model.compartments]
    if name in names:
        return names.index(name)
    if name.isdigit():
        if 1 <= int(name) <= len(names):
            return int(name) - 1
        raise DataError(
            f"column CMT: {model.name} has compartments 1 to {len(names)} "
            f"({', '.join(names)}), got {name}; write one of them"
        )
    raise DataError(
        f'column CMT: "{name}" is no compartment of {model.name} ({", ".join(names)}) '
        f"and no route ({', '.join(ROUTES)}); write one of them"
    )


def _rate_by_route(model: Model, intake: Intake, rate: float) -> float:
    """Give RATE of a dose by a route: an input that the model states is the only one."""
    stated = 0.0
    if intake.duration is not None:
        stated = MODELLED_DURATION
    elif intake.rate is not None:
        stated = MODELLED_RATE
    if stated and rate not in (0.0, stated):
        raise DataError(
            f"column RATE: {model.name} states the input of this dose itself, got {rate:g}; "
            f"write 0 or {stated:g}"
        )
    return rate or stated


def _way(model: Model, intake: Intake, amount: float, rate: float) -> Way:
    """Give one way of a dose; F scales the duration, or the rate where the duration is modelled."""
    share, lag = float(intake.share[0]), float(intake.lag[0])
    entering = amount * share * float(intake.bioavailability[0])
    if rate == MODELLED_DURATION:
        if intake.duration is None:
            raise _not_modelled(model, intake, rate, "duration")
        return Way(intake.compartment, entering, float(intake.duration[0]), 0.0, lag)
    inflow = rate * share
    if rate == MODELLED_RATE:
        if intake.rate is None or not intake.rate[0] > 0.0:
            raise _not_modelled(model, intake, rate, "rate > 0")
        inflow = float(intake.rate[0])
    if inflow == 0.0:
        return Way(intake.compartment, entering, 0.0, 0.0, lag)
    return Way(intake.compartment, entering, entering / inflow, 0.0 if amount else inflow, lag)


def _not_modelled(model: Model, intake: Intake, rate: float, key: str) -> DataError:
    """Say that a model does not state what RATE asks of it."""
    name = model.compartments[intake.compartment].name
    return DataError(
        f'column RATE: RATE {rate:g} needs a modelled {key} of compartment "{name}", and '
        f"{model.name} has none; write the rate itself, or give the compartment a {key}"
    )
