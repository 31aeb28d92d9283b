"""Simulation of an event table: one value per record and output, in the order of the file."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.dosing import EventTable, refuse_unsupported, unroll
from kpksim.engine import solve
from kpksim.errors import DataError, KpksimError, unknown
from kpksim.models import Intake, Model, Values, intake_by_compartment, intakes_by_route
from kpksim.population import People, typical_person
from kpksim.simulation.dataset import describe, provenance
from kpksim.simulation.drug import fit_drug
from kpksim.simulation.inputs import Input, in_form_of
from kpksim.simulation.problem import make_problem, on_times, people_values
from kpksim.vocabulary import DRUGS, FORMS, ROUTES

Array = NDArray[np.float64]
WEIGHT_COLUMNS = ("WEIGHT", "WT")


def simulate_records(model: Model, table: EventTable, outputs: Sequence[str]) -> xr.Dataset:
    """Concentrations at every record of an event table.

    A record that gives a dose shows the value after it. At equal times the records act in the
    order of the file; additional and lagged doses come before an observation at the same time.
    With RATE given, bioavailability scales the duration of an infusion, as in NONMEM.

    Parameters
    ----------
    model : Model
        The model.
    table : EventTable
        Doses and observations of one or more subjects.
    outputs : sequence of str
        Names of A outputs.

    Returns
    -------
    xarray.Dataset
        Dim ``record``, coordinates ID, TIME, EVID, one variable per output [ng/mL].

    Raises
    ------
    DataError
        If a record cannot be given to the model; the message names its line.
    """
    refuse_unsupported(table)
    columns = np.concatenate([_of_subject(model, one, outputs) for one in table.of_subjects()])
    data = {name: ("record", columns[:, k]) for k, name in enumerate(outputs)}
    coordinates = {
        "ID": ("record", list(table.id)),
        "TIME": ("record", table.time),
        "EVID": ("record", table.evid),
    }
    result = xr.Dataset(data, coordinates)
    result["TIME"].attrs = {"units": "h", "long_name": "Time"}
    for name in outputs:
        result[name].attrs = describe(name, model)
    result.attrs = provenance(model) | {"events": table.source, "warnings": _warnings(model, table)}
    return result


def _of_subject(model: Model, table: EventTable, outputs: Sequence[str]) -> Array:
    """Give the outputs at every record of one subject, shape (records, A)."""
    _refuse_parameter_columns(model, table)
    people, values = people_values(model, _person(table))
    inputs = _inputs(model, values, table)
    if not inputs:
        return np.zeros((len(table), len(outputs)))
    problem = make_problem(model, people, values, inputs)
    rows = problem.rows(outputs)
    actions = on_times(problem.actions, table.time)
    found = solve(problem.rates, actions, table.time, rows, order=table.rank)
    return np.asarray(found.at[0].T)


def _person(table: EventTable) -> People:
    """Give the subject of a table: typical, with the weight that the table says."""
    for name in WEIGHT_COLUMNS:
        if name in table.further:
            weights = table.numbers(name)
            for weight, line in zip(weights, table.line, strict=True):
                if not weight > 0.0 or weight != weights[0]:
                    raise DataError(
                        f"{table.source}: line {line}, column {name}: a body weight must be > 0 "
                        f"and the same in all records of one ID, got {weight:g}"
                    )
            return typical_person(float(weights[0]))
    return typical_person()


def _inputs(model: Model, values: Values, table: EventTable) -> list[Input]:
    """Say what enters which compartment when; a message about a dose names its line."""
    doses = unroll(table)
    inputs: list[Input] = []
    for time, record, rank in zip(doses.time, doses.record, doses.rank, strict=True):
        try:
            inputs += _dose_inputs(model, values, table, int(record), float(time), int(rank))
        except KpksimError as error:
            raise DataError(f"{table.source}: line {table.line[record]}: {error}") from None
    return inputs


def _dose_inputs(
    model: Model, values: Values, table: EventTable, record: int, time: float, rank: int
) -> list[Input]:
    """Give the inputs of one dose."""
    fit_drug(model, _known(table, "DRUG", record, model.drug, DRUGS))
    form = _known(table, "FORM", record, model.form, FORMS)
    amount = in_form_of(model, np.array([table.amt[record]]), form)
    rate = in_form_of(model, np.array([table.rate[record]]), form)
    inputs = []
    for intake in _intakes(model, values, table, record, float(amount[0])):
        given = amount * intake.share * intake.bioavailability
        duration = _duration(model, intake, given, rate * intake.share)
        inputs.append(Input(intake.compartment, time + intake.lag, given, duration, rank))
    return inputs


def _warnings(model: Model, table: EventTable) -> str:
    """Say what a reader must know of the drugs that are given, one warning per line."""
    drugs = {_word(table, "DRUG", int(k), model.drug) for k in np.flatnonzero(table.is_dose)}
    return "\n".join(sorted({fit_drug(model, drug)[1] for drug in drugs} - {""}))


def _intakes(
    model: Model, values: Values, table: EventTable, record: int, amount: float
) -> list[Intake]:
    """Say where a dose goes: by route, or by the name or number of a compartment."""
    name = table.cmt[record]
    names = [compartment.name for compartment in model.compartments]
    if name.isdigit():
        if not 1 <= int(name) <= len(names):
            raise DataError(
                f"column CMT: {model.name} has compartments 1 to {len(names)} "
                f"({', '.join(names)}), got {name}"
            )
        return [intake_by_compartment(model, values, int(name) - 1)]
    if name in names:
        return [intake_by_compartment(model, values, names.index(name))]
    if name in ROUTES:
        product = _word(table, "PRODUCT", record, "")
        return intakes_by_route(model, values, name, amount, product or None)
    raise DataError(
        f'column CMT: "{name}" is no compartment of {model.name} ({", ".join(names)}) '
        f"and no route ({', '.join(ROUTES)})"
    )


def _duration(model: Model, intake: Intake, amount: Array, rate: Array) -> Array:
    """Give the duration of an input; with a rate given, F scales it, and F is in the amount."""
    if rate[0] > 0.0:
        if intake.duration is not None or intake.rate is not None:
            raise DataError(
                f"column RATE: {model.name} states the input of this dose itself, so RATE must "
                f"be 0, got {rate[0]:g}"
            )
        return amount / rate
    if intake.duration is not None:
        return intake.duration
    return np.zeros_like(amount) if intake.rate is None else amount / intake.rate


def _word(table: EventTable, column: str, record: int, default: str) -> str:
    """Give a word of a further column; empty or missing means the default."""
    word = table.further[column][record].strip() if column in table.further else ""
    return default if word in ("", ".") else word


def _known(table: EventTable, column: str, record: int, default: str, known: Sequence[str]) -> str:
    """Read a word that the vocabulary must have."""
    word = _word(table, column, record, default)
    if word not in known:
        raise unknown(column.lower(), word, list(known))
    return word


def _refuse_parameter_columns(model: Model, table: EventTable) -> None:
    """Refuse columns that would change a parameter from record to record."""
    taken = {name.upper() for name in (*model.parameters, *model.covariates)} - {"WEIGHT"}
    for name in table.further:
        if name in taken:
            raise DataError(
                f"{table.source}: column {name} bears the name of a parameter of {model.name}, and "
                "parameters that change with the record are not simulated yet; leave the column out"
            )
