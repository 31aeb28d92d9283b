"""What the parameters are at each record of one subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import EventTable
from kpksim.engine import Kinetics
from kpksim.errors import DataError, KpksimError
from kpksim.models import Model, Values, kinetics, output_rows
from kpksim.population import People, typical_person
from kpksim.simulation.problem import NG_PER_ML, people_values
from kpksim.units import dimension_of, to_internal

Array = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]
ALIASES = {"WT": "weight"}
"""Columns that are in use for a covariate of another name; case does not count."""


@dataclass(frozen=True)
class RecordParameters:
    """Parameters of one subject with n records, in r runs of records with equal parameters.

    Attributes
    ----------
    run : array of int, shape (n,)
        Number of the run of each record.
    values : dict of str to array, shape (r,)
        Every parameter, in internal units.
    rates : Kinetics
        Of r runs and m states, which are all compartments and enzymes.
    rows : array, shape (r, A, m)
        rows @ amounts [mg] = concentrations [ng/mL].
    """

    run: NDArray[np.int64]
    values: Values
    rates: Kinetics
    rows: Array

    def at(self, record: int) -> Values:
        """Give the parameters of one record, shape (1,) each."""
        run = self.run[record]
        return {name: value[run : run + 1] for name, value in self.values.items()}


def record_parameters(
    model: Model, table: EventTable, outputs: tuple[str, ...]
) -> RecordParameters:
    """Read the parameters at every record of one subject.

    A column that bears the name of a parameter holds its value, in the internal unit (h, mg, L);
    a column with the name of a covariate, or its alias, holds the covariate in the unit in which
    the model writes it, a weight in kg. What has no column is the typical person's.

    Parameters
    ----------
    model : Model
        The model.
    table : EventTable
        Records of one subject.
    outputs : tuple of str
        Names of A outputs.

    Returns
    -------
    RecordParameters
        The parameters.

    Raises
    ------
    DataError
        If a value cannot be; the message names line and column.
    """
    covariates = record_covariates(model, table)
    given = _given(model, table)
    run = np.zeros(len(table), dtype=np.int64)
    for column in (*covariates.values(), *given.values()):
        run[1:] |= column[1:] != column[:-1]
    run = np.cumsum(run)
    first = np.flatnonzero(np.diff(run, prepend=-1))
    try:
        return RecordParameters(run, *_system(model, covariates, given, outputs, first))
    except KpksimError:
        for record in first:
            place = f"{table.source}: line {table.line[record]}"
            try:
                _system(model, covariates, given, outputs, first[first == record])
            except KpksimError as error:
                raise DataError(f"{place}: the parameters of this record: {error}") from None
        raise


def _system(
    model: Model,
    covariates: Columns,
    given: Columns,
    outputs: tuple[str, ...],
    records: NDArray[np.int64],
) -> tuple[Values, Kinetics, Array]:
    """Give parameters, rates and rows of some records."""
    people = People({name: column[records] for name, column in covariates.items()}, {})
    stated = {name: column[records] for name, column in given.items()}
    _, values = people_values(model, people, stated)
    return values, kinetics(model, values), NG_PER_ML * output_rows(model, outputs, values)


def record_covariates(model: Model, table: EventTable) -> Columns:
    """Read the covariates that a table has a column for; weight is always there.

    Parameters
    ----------
    model : Model
        The model.
    table : EventTable
        Records of one subject.

    Returns
    -------
    dict of str to array, shape (n,)
        Covariates at every record, in internal units; words of a category as they are.

    Raises
    ------
    DataError
        If a value cannot be; the message names line and column.
    """
    scalings = [one for parameter in model.parameters.values() for one in parameter.scalings]
    words = {one.covariate for one in scalings if one.form == "category"}
    words |= {name for name, one in model.covariates.items() if one.categories}
    found: Columns = {"weight": np.repeat(typical_person().covariates["weight"], len(table))}
    for name, column in _named(table, ("weight", *model.covariates, *words)):
        if name in words:
            found[name] = np.array(table.further[column])
            continue
        found[name] = table.numbers(column) * _internal(model, name)
        if name == "weight":
            _refuse(table, column, ~(found[name] > 0.0), "a body weight must be > 0 [kg]")
    return found


def column_of(table: EventTable, name: str) -> str | None:
    """Give the column of a table that holds a covariate or parameter; None where it has none."""
    return next((column for _, column in _named(table, [name])), None)


def _internal(model: Model, name: str) -> float:
    """Give the internal value of one unit in which a model writes a covariate; weight is in kg."""
    if name == "weight" or name not in model.covariates:
        return 1.0
    covariate = model.covariates[name]
    return to_internal(f"1 {covariate.unit}", dimension_of(covariate.reference))


def _given(model: Model, table: EventTable) -> Columns:
    """Read the parameters that the table has a column for."""
    found: Columns = {}
    for name, column in _named(table, model.parameters):
        found[name] = table.numbers(column)
        unit = model.parameters[name].unit.replace("/kg", "")
        _refuse(table, column, found[name] < 0.0, f'parameter "{name}" must be >= 0 [{unit}]')
    return found


def _named(table: EventTable, names: Iterable[str]) -> list[tuple[str, str]]:
    """Give each name that has a column, with the column; refuse what is said twice."""
    pairs = [
        (name, column)
        for name in dict.fromkeys(names)
        for column in table.further
        if column == name.upper() or ALIASES.get(column) == name
    ]
    for k, (name, column) in enumerate(pairs):
        for other_name, other in pairs[:k]:
            if name == other_name or column == other:
                raise DataError(
                    f"{table.source}: line 1, column {column}: one column sets one value, but "
                    f'{other} sets "{other_name}" and {column} sets "{name}"; rename one of them'
                )
    return pairs


def _refuse(table: EventTable, column: str, bad: NDArray[np.bool_], rule: str) -> None:
    """Refuse a value of a further column."""
    if bad.any():
        record = int(np.argmax(bad))
        raise DataError(
            f"{table.source}: line {table.line[record]}, column {column}: {rule}, "
            f'got "{table.further[column][record]}"; correct it, or leave the column out'
        )
