"""One subject taken through its records: from reset to reset, from one set of parameters on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import EventTable
from kpksim.engine import Actions, among, chosen, solve
from kpksim.models import Model, reachable
from kpksim.simulation.problem import snapped
from kpksim.simulation.record_doses import Brought, brought_by
from kpksim.simulation.record_parameters import RecordParameters

Array = NDArray[np.float64]
ROUNDING = 16.0
"""A dose that misses a record by so many units in the last place of its time is at its time."""
FIRST = -1
"""Rank of what is there before anything else at its time."""


@dataclass(frozen=True)
class Inputs:
    """E inputs between two resets, in the order in which they are given.

    Attributes
    ----------
    compartment : int array, shape (E,)
        Where an input goes.
    start, end : array, shape (E,)
        When it begins and ends [h]; equal where it enters at once.
    amount : array, shape (E,)
        How much enters [mg].
    rank : int array, shape (E,)
        Place of its record in the table.
    """

    compartment: NDArray[np.int64]
    start: Array
    end: Array
    amount: Array
    rank: NDArray[np.int64]


def walk(model: Model, table: EventTable, parameters: RecordParameters) -> Array:
    """Give the outputs right after every record of one subject.

    A reset (EVID 3 or 4) and a steady state that is reset to (SS 1 or 3) end everything: what is
    there, what runs and what is still to come. Between two of them the parameters of a record hold
    from the record above it, and all records with equal parameters are solved at once.

    Parameters
    ----------
    model : Model
        The model.
    table : EventTable
        Records of one subject, n of them.
    parameters : RecordParameters
        Parameters at every record.

    Returns
    -------
    array, shape (n, A)
        Outputs [ng/mL].

    Raises
    ------
    DataError
        If the model cannot be given a dose; the message names the line.
    """
    found = np.zeros((len(table), parameters.rows.shape[1]))
    brought = {
        int(record): brought_by(model, table, int(record), parameters)
        for record in np.flatnonzero(table.is_dose)
    }
    resets = np.isin(table.evid, (3, 4)) | np.isin(table.ss, (1, 3))
    for records in _cut(np.cumsum(resets)):
        inputs = _inputs(table, records, brought)
        kept = reachable(model, set(inputs.compartment.tolist()))
        if kept:
            _through(table, records, parameters, inputs, kept, found)
    return found


def _cut(numbers: NDArray[np.int64], start: int = 0) -> Iterator[range]:
    """Cut positions into ranges of one number each."""
    edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    for first, end in pairwise(edges):
        yield range(start + first, start + end)


def _inputs(table: EventTable, records: range, brought: Mapping[int, Brought]) -> Inputs:
    """Give what the records between two resets bring.

    A steady state is what enters at once at its record. With the rank of its record a dose that
    begins later, by lag or as an additional one, comes before the records of that time: they stand
    below its own.
    """
    givers = [record for record in records if record in brought]
    owner, parts = [], []
    for record in givers:
        one, time = brought[record], table.time[record]
        there = np.flatnonzero(one.state)
        at_once = np.full(len(there), time)
        parts.append((there, at_once, at_once, one.state[there]))
        parts.append((one.compartment, one.start, one.end, one.amount))
        owner += [record] * (len(there) + len(one.start))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] or [np.zeros(0)] * 4
    times = table.time[records.start : records.stop]
    start, end = (
        snapped(column, times, ROUNDING * np.spacing(np.abs(column))) for column in columns[1:3]
    )
    return Inputs(columns[0].astype(np.int64), start, end, columns[3], table.rank[owner])


def _through(
    table: EventTable,
    records: range,
    parameters: RecordParameters,
    inputs: Inputs,
    kept: list[int],
    found: Array,
) -> None:
    """Fill in the outputs of the records between two resets."""
    state = np.zeros(len(kept))
    time, rank = float(table.time[records.start]), FIRST
    for part in _cut(parameters.run[records.start : records.stop], records.start):
        rows = slice(part.start, part.stop)
        run = parameters.run[part.start]
        solution = solve(
            among(chosen(parameters.rates, slice(run, run + 1)), kept),
            _actions(_since(inputs, time, rank), state, kept, time),
            table.time[rows],
            parameters.rows[run : run + 1, :, kept],
            order=table.rank[rows],
        )
        found[rows] = solution.at[0].T
        state = solution.state[0]
        time, rank = float(table.time[part[-1]]), int(table.rank[part[-1]])


def _since(inputs: Inputs, time: float, rank: int) -> Inputs:
    """Give the inputs that have not acted in full at a point in the order of things."""
    later = (inputs.start > time) | ((inputs.start == time) & (inputs.rank > rank))
    open_ = later | (inputs.end > time)
    return Inputs(
        inputs.compartment[open_],
        inputs.start[open_],
        inputs.end[open_],
        inputs.amount[open_],
        inputs.rank[open_],
    )


def _actions(inputs: Inputs, state: Array, kept: list[int], time: float) -> Actions:
    """Give the engine's actions from a time on: what is there first, then what enters."""
    lasting = inputs.end - inputs.start
    runs = lasting > 0.0
    rate = np.divide(inputs.amount, lasting, out=np.zeros_like(lasting), where=runs)
    where = np.searchsorted(kept, inputs.compartment)
    nothing = np.zeros(int(runs.sum()))
    return Actions(
        time=np.concatenate(
            [np.full(len(state), time), np.maximum(inputs.start, time), inputs.end[runs]]
        ),
        compartment=np.concatenate([np.arange(len(state)), where, where[runs]]),
        amount=np.concatenate([state, np.where(runs, 0.0, inputs.amount), nothing]),
        rate=np.concatenate([np.zeros(len(state)), rate, -rate[runs]]),
        order=np.concatenate(
            [
                np.full(len(state), FIRST),
                inputs.rank,
                np.zeros(int(runs.sum()), dtype=np.int64),
            ]
        ),
    )
