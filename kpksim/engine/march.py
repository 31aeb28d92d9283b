"""The kernel: subjects taken one after the other through their observations and actions."""

from typing import NamedTuple

import numpy as np

from kpksim.engine.actions import Array, Indices
from kpksim.engine.cells import Tables, build, emit, forward, read
from kpksim.engine.compiled import allocation_free, inlined
from kpksim.engine.delivery import COLLECTED, Outbox, begin, deliver, finish
from kpksim.engine.doses import Doses
from kpksim.engine.ladder import Ladder, advance, apply, start
from kpksim.engine.system import NORM, System, load
from kpksim.engine.vectors import aligned

EXACT_NORM = 2000.0
"""Norm of the whole time axis above which propagators are computed in double length.

Rounding in a propagator adds up over the time axis, to about 1e-12 at this norm.
"""

STAGES = 512
"""Stages of a journey after which outputs are written.

Each output is written in one go: memory takes short pieces of several outputs in turn much slower.
"""

MOST_STAGES = 2
"""Stages that are added at once."""

NEVER = 2**62
"""Cell of the action after the last one."""


class Course(NamedTuple):
    """The observations cut into runs, the same for all subjects.

    Attributes
    ----------
    times : array, shape (T,)
        Times of the observations [h].
    runs : array of int, shape (R, 3)
        First and last observation of a run of equal cells, and the number of its step; -1 where
        cells are gone through one by one.
    """

    times: Array
    runs: Indices


class Journey(NamedTuple):
    """One subject on the way.

    Attributes
    ----------
    subject : array of int, shape (5,)
        Number of the subject, how many of its actions have happened, how many stages wait for
        their outputs to be written, the cell of the next action, and the observation up to which
        no action divides a cell.
    state : array, shape (ld,)
        Input rates and state, padded.
    rates : array, shape (2, q)
        Sum of all changes of each input rate, and what rounding took from it.
    stages : array of int, shape (STAGES, 3)
        First observation that is read off a state, how many are, and the number of their step; -1
        for an observation at the time of the state.
    states : array, shape (STAGES * ld,)
        These states.
    """

    subject: Indices
    state: Array
    rates: Array
    stages: Indices
    states: Array


class Room(NamedTuple):
    """What a thread works in, subject after subject; not shared with another thread."""

    journey: Journey
    tables: Tables
    system: System
    ladder: Ladder
    outbox: Outbox


@allocation_free
def march(
    first: int, end: int, rates: Array, outputs: Array, course: Course, doses: Doses, room: Room,
    last: Array,
) -> None:  # fmt: skip
    """Take subjects through all observations.

    Parameters
    ----------
    first, end : int
        The subjects from `first` up to `end`, without it.
    rates : array, shape (end - first, n, n)
        Rate constants of these subjects [1/h].
    outputs : array, shape (S or 1, A, n)
        Rows that give the outputs of a state.
    course : Course
        Observations.
    doses : Doses
        Actions.
    room : Room
        Room to work in; its outbox knows where outputs go.
    last : array, shape (S, q + n)
        Where the input rates after the last observation go, and the state.
    """
    journey, tables, system, ladder, outbox = room
    span = course.times[-1] - course.times[0]
    for s in range(first, end):
        load(system, rates, s - first, doses.inlets)
        start(ladder, system, 1 if system.numbers[NORM] * span > EXACT_NORM else 0)
        for output in range(outputs.shape[1]):
            place = output * system.n[1] + len(doses.inlets)
            for i in range(rates.shape[1]):
                tables.outputs[place + i] = outputs[min(s, len(outputs) - 1), output, i]
        for h in range(len(tables.steps)):
            build(tables, h, system, ladder)
        _begin(journey, course, doses, s)
        _travel(journey, course, doses, tables, system, ladder, outbox)
        _write(journey, len(course.times), tables, outbox)
        for i in range(last.shape[1]):
            last[s, i] = journey.state[i]
    finish(outbox)


@inlined
def _begin(journey: Journey, course: Course, doses: Doses, s: int) -> None:
    """Begin with a subject: nothing is there, and no action has happened."""
    journey.subject[0], journey.subject[1], journey.subject[2] = s, 0, 0
    _look_ahead(journey, course, doses)
    for i in range(len(journey.state)):
        journey.state[i] = 0.0
    for i in range(journey.rates.shape[1]):
        journey.rates[0, i] = journey.rates[1, i] = 0.0


@inlined
def _travel(
    journey: Journey, course: Course, doses: Doses, tables: Tables, system: System,
    ladder: Ladder, outbox: Outbox,
) -> None:  # fmt: skip
    """Take one subject through all runs; the first cell is that before the first observation."""
    n_times, run, here, last, h = len(course.times), -1, -1, 0, -1
    while here < n_times - 1:
        if here == last:
            run += 1
            last, h = course.runs[run, 1], course.runs[run, 2]
        if journey.subject[2] > STAGES - MOST_STAGES:
            _write(journey, n_times, tables, outbox)
        whole = min(last, journey.subject[4])
        if h < 0 or whole <= here:
            here += 1
            _cross(journey, here, h, course, doses, tables, system, ladder)
        else:
            here += _hop(journey, here, whole, h, tables, system, ladder)
            _arrive(journey, here, course, doses)


@inlined
def _look_ahead(journey: Journey, course: Course, doses: Doses) -> None:
    """Find the cell of the next action, and up to which observation all cells are whole."""
    s, e = journey.subject[0], journey.subject[1]
    cell = whole = NEVER
    if e < doses.ranking.shape[1]:
        action = doses.ranking[min(s, len(doses.ranking) - 1), e]
        cell = whole = doses.cell[min(s, len(doses.cell) - 1), action]
        if cell < len(course.times):
            due = doses.time[min(s, len(doses.time) - 1), action]
            whole -= 0 if due == course.times[cell] else 1
    journey.subject[3], journey.subject[4] = cell, whole


@inlined
def _hop(
    journey: Journey, here: int, last: int, h: int, tables: Tables, system: System, ladder: Ladder
) -> int:
    """Go through up to a block of equal cells without actions; give how many."""
    cells = min(tables.block[h], last - here)
    _keep(journey, here + 1, cells, h)
    power = tables.first_power[h]
    forward(tables.powers, power, journey.state, cells, system.n, ladder.terms)
    return cells


@inlined
def _keep(journey: Journey, first: int, count: int, h: int) -> None:
    """Keep the state, from which the outputs at some observations are read later."""
    stage, ld = journey.subject[2], len(journey.state)
    journey.stages[stage, 0], journey.stages[stage, 1], journey.stages[stage, 2] = first, count, h
    for i in range(ld):
        journey.states[stage * ld + i] = journey.state[i]
    journey.subject[2] += 1


@allocation_free
def _write(journey: Journey, n_times: int, tables: Tables, outbox: Outbox) -> None:
    """Write the outputs of all stages that wait for it, one output after the other."""
    s, stages, n_outputs, ld = (
        journey.subject[0], journey.stages, len(tables.n_leading), len(journey.state)
    )  # fmt: skip
    values, waiting = outbox.values, outbox.waiting
    for output in range(n_outputs):
        begin(outbox, (s * n_outputs + output) * n_times + stages[0, 0])
        for stage in range(journey.subject[2]):
            cells, h = stages[stage, 1], stages[stage, 2]
            if h < 0:
                values[waiting[1]] = read(tables, output, journey.states, stage * ld, ld)
            else:
                emit(tables, h, output, journey.states, stage * ld, cells, values, waiting[1])
            waiting[1] += cells
            if waiting[1] >= COLLECTED:
                deliver(outbox)
    journey.subject[2] = 0


@inlined
def _cross(
    journey: Journey, end: int, h: int, course: Course, doses: Doses, tables: Tables,
    system: System, ladder: Ladder,
) -> None:  # fmt: skip
    """Go through the cell that ends at an observation, stopping for each action in it."""
    s, times = journey.subject[0], course.times
    before = times[max(end - 1, 0)]
    clock, acting = before, True
    while acting:
        acting = journey.subject[3] == end
        e, due = 0, times[end]
        if acting:
            e = doses.ranking[min(s, len(doses.ranking) - 1), journey.subject[1]]
            due = doses.time[min(s, len(doses.time) - 1), e]
        if due > clock:
            if h >= 0 and clock == before and due == times[end]:
                apply(tables.powers, tables.first_power[h], journey.state, system.n, ladder.terms)
            else:
                advance(journey.state, due - clock, ladder, system)
        clock = due
        if acting:
            _act(journey, doses, e)
            journey.subject[1] += 1
            _look_ahead(journey, course, doses)
    _keep(journey, end, 1, -1)


@inlined
def _arrive(journey: Journey, here: int, course: Course, doses: Doses) -> None:
    """Let the actions at an observation happen; what they add to the state shows in it."""
    s, added = journey.subject[0], 0.0
    while journey.subject[3] == here:
        e = doses.ranking[min(s, len(doses.ranking) - 1), journey.subject[1]]
        added += abs(doses.amount[min(s, len(doses.amount) - 1), e])
        _act(journey, doses, e)
        journey.subject[1] += 1
        _look_ahead(journey, course, doses)
    if added > 0.0:
        journey.stages[journey.subject[2] - 1, 1] -= 1
        _keep(journey, here, 1, -1)


@inlined
def _act(journey: Journey, doses: Doses, e: int) -> None:
    """Let an action happen.

    The rounding error of the sum of input rates is carried along exactly (Knuth's two-sum), so that
    ``+a +b -a -b`` is 0 and not a residue.
    """
    s, state, inlet = journey.subject[0], journey.state, doses.inlet[e]
    state[len(doses.inlets) + doses.compartment[e]] += doses.amount[
        min(s, len(doses.amount) - 1), e
    ]
    if inlet >= 0:
        old, new = journey.rates[0, inlet], doses.change[min(s, len(doses.change) - 1), e]
        total = old + new
        back = total - old
        journey.rates[0, inlet] = total
        journey.rates[1, inlet] += (old - (total - back)) + (new - back)
        state[inlet] = max(total + journey.rates[1, inlet], 0.0)


def empty_journey(sizes: tuple[int, int, int], n_inlets: int) -> Journey:
    """Give room for one subject, `sizes` as from `kpksim.engine.system.lengths`."""
    return Journey(
        np.zeros(5, dtype=np.int64),
        aligned(sizes[1]),
        np.zeros((2, n_inlets)),
        np.zeros((STAGES, 3), dtype=np.int64),
        aligned(STAGES * sizes[1]),
    )
