"""What the dose records of one subject bring into which compartment, and when."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import EventTable
from kpksim.engine import Kinetics, among, chosen, repeated_state, running_state
from kpksim.errors import DataError, KpksimError
from kpksim.models import Model, reachable
from kpksim.simulation.record_parameters import RecordParameters
from kpksim.simulation.record_ways import Way, at_line, ways_of

Array = NDArray[np.float64]
MOST_INPUTS = 10_000
"""Most doses of a steady state that are still to come or still run."""


@dataclass(frozen=True)
class Brought:
    """What one record brings, E inputs and amounts that are there at its time.

    Attributes
    ----------
    compartment : int array, shape (E,)
        Where an input goes.
    start, end : array, shape (E,)
        When it begins and ends [h]; equal where it enters at once.
    amount : array, shape (E,)
        How much enters [mg].
    state : array, shape (m,)
        Steady state that is there at the time of the record [mg; 1 for enzymes].
    """

    state: Array
    compartment: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    start: Array = field(default_factory=lambda: np.zeros(0))
    end: Array = field(default_factory=lambda: np.zeros(0))
    amount: Array = field(default_factory=lambda: np.zeros(0))

    def joined(self, compartment: int, start: Array, duration: Array, amount: Array) -> "Brought":
        """Give the same with further inputs into one compartment."""
        return replace(
            self,
            compartment=np.append(self.compartment, np.full(len(start), compartment)),
            start=np.append(self.start, start),
            end=np.append(self.end, start + duration),
            amount=np.append(self.amount, amount),
        )


def brought_by(
    model: Model, table: EventTable, record: int, parameters: RecordParameters
) -> Brought:
    """Say what a dose record brings, its additional doses and its steady state included.

    Parameters
    ----------
    model : Model
        The model, m compartments and enzymes.
    table : EventTable
        Records of one subject.
    record : int
        Position of the dose record.
    parameters : RecordParameters
        Parameters at every record; those of this record hold for all its doses.

    Returns
    -------
    Brought
        The inputs.

    Raises
    ------
    DataError
        If the model cannot be given this dose; the message names the line.
    """
    brought = Brought(np.zeros(model.n_states))
    try:
        ways = ways_of(model, parameters.at(record), table, record)
        for way in ways:
            brought = _with_doses(brought, way, table, record)
        if table.ss[record] and ways:
            _refuse_sum_of_enzymes(model, table, record)
            for way in ways:
                brought = _with_open_doses(brought, way, table, record)
            run = parameters.run[record]
            rates = chosen(parameters.rates, slice(run, run + 1))
            state = _steady_state(model, ways, float(table.ii[record]), rates)
            brought = replace(brought, state=state)
    except KpksimError as error:
        raise at_line(table, record, error) from None
    except np.linalg.LinAlgError:
        raise at_line(table, record, _no_steady_state(model)) from None
    return brought


def _refuse_sum_of_enzymes(model: Model, table: EventTable, record: int) -> None:
    """Refuse SS 2 where there are enzymes: the sum of two induced pools has no meaning."""
    if model.enzymes and table.ss[record] == 2:
        raise DataError(
            f"column SS: 2 adds a steady state to what is there, and {model.name} has an enzyme, "
            "of which no sum can be made; write 1, or give the doses themselves with II and ADDL"
        )


def _no_steady_state(model: Model) -> DataError:
    """Say that doses have no steady state, and why."""
    why = "something of it stays in a compartment for ever, or nearly so"
    if not model.is_linear:
        why = f"it brings more on average than flows with a vmax can take away, or {why}"
    return DataError(
        f"column SS: {model.name} has no steady state of this dose, because {why}; give the doses "
        "themselves with II and ADDL"
    )


def _with_doses(brought: Brought, way: Way, table: EventTable, record: int) -> Brought:
    """Add the dose of a record and its additional doses; a constant input ends at its record."""
    if way.rate:
        return brought
    copies = np.arange(table.addl[record] + 1)
    start = table.time[record] + copies * table.ii[record] + way.lag
    every = np.ones(len(copies))
    return brought.joined(way.compartment, start, way.duration * every, way.amount * every)


def _with_open_doses(brought: Brought, way: Way, table: EventTable, record: int) -> Brought:
    """Add what doses still bring that have always been given before a record.

    They were given every II up to II before the record, with the lag, so that with a lag longer
    than II some are still to come.
    """
    if way.rate:
        return brought
    time, every = table.time[record], table.ii[record]
    begun, since = _latest(way, every)
    running = max(int(np.ceil((way.duration - since) / every)), 0)
    if begun + running > MOST_INPUTS:
        raise DataError(
            f"column II: at most {MOST_INPUTS} doses may wait or run at a time, got {every:g} h "
            f"for a lag of {way.lag:g} h and a duration of {way.duration:g} h; give longer ones"
        )
    coming = time + way.lag - every * np.arange(1, begun)
    one = np.ones(len(coming))
    brought = brought.joined(way.compartment, coming, way.duration * one, way.amount * one)
    rest = np.maximum(way.duration - since - every * np.arange(running), 0.0)
    share = rest / way.duration if running else rest
    return brought.joined(way.compartment, np.full(running, time), rest, way.amount * share)


def _latest(way: Way, every: float) -> tuple[int, float]:
    """Say how many intervals ago the latest dose that began was given, and when it began [h]."""
    begun = max(int(np.ceil(way.lag / every)), 1)
    return begun, max(begun * every - way.lag, 0.0)


def _steady_state(model: Model, ways: list[Way], every: float, rates: Kinetics) -> Array:
    """Give what doses have left that have always been given before a record, shape (m,)."""
    kept = reachable(model, {way.compartment for way in ways})
    where = np.searchsorted(kept, [way.compartment for way in ways])
    state = np.zeros(model.n_states)
    if ways[0].rate:
        into = np.zeros(len(kept))
        np.add.at(into, where, [way.rate for way in ways])
        state[kept] = running_state(among(rates, kept), into)
        return state
    state[kept] = repeated_state(
        among(rates, kept),
        where,
        np.array([way.amount for way in ways]),
        every,
        since=np.array([_latest(way, every)[1] for way in ways]),
        duration=np.array([way.duration for way in ways]),
    )
    return state
