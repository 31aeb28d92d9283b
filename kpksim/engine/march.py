"""The kernel: subjects taken one after the other through their observations and actions."""

from typing import Any, NamedTuple

import numpy as np

from kpksim.engine.actions import Array, Floats, Indices
from kpksim.engine.cells import Tables, build, emit, forward
from kpksim.engine.compiled import compiled, inlined
from kpksim.engine.doses import Doses
from kpksim.engine.ladder import Ladder, advance, start
from kpksim.engine.system import NORM, System, load

EXACT_NORM = 4000.0
"""Norm of the whole time axis above which propagators are computed in double length.

Rounding in a propagator adds up over the time axis, to about 1e-12 at this norm.
"""

START: Any = np.int64(0)
NO_STEP: Any = np.int64(-1)
ONE_CELL: Any = np.int64(1)
"""Numbers that functions are called with, of a type that is compiled once."""

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
    subject : array of int, shape (2,)
        Number of the subject, and how many of its actions have happened.
    state : array, shape (ld,)
        State and input rates, padded.
    rates : array, shape (2, q)
        Sum of all changes of each input rate, and what rounding took from it.
    """

    subject: Indices
    state: Array
    rates: Array


@compiled
def march(
    first: int, end: int, rates: Array, sources: Array, journey: Journey, course: Course, doses:
    Doses, tables: Tables, system: System, ladder: Ladder, at: Floats, inside: Array, last:
    Array,
) -> None:  # fmt: skip
    """Take subjects through all observations.

    Parameters
    ----------
    first, end : int
        The subjects from `first` up to `end`, without it.
    rates : array, shape (S, n, n)
        Rate constants [1/h].
    sources : array, shape (S or 1, R, n)
        Rows that give outputs at the ends of cells, then those inside.
    journey : Journey
        Room for one subject, and likewise `tables`, `system` and `ladder`; not shared with another
        thread.
    course : Course
        Observations.
    doses : Doses
        Actions.
    tables : Tables
    system : System
    ladder : Ladder
    at, inside : flat array
        Where outputs go, shape (S, A, T) and (S, R - A, F, T - 1) when unfolded.
    last : array, shape (S, n + q)
        Where the state after the last observation goes, and the input rates.
    """
    n, ld, span = rates.shape[1], system.n[1], course.times[-1] - course.times[0]
    for s in range(first, end):
        load(system, rates, s, doses.inlets)
        start(ladder, system, 1 if system.numbers[NORM] * span > EXACT_NORM else 0)
        for source in range(sources.shape[1]):
            for i in range(n):
                tables.sources[source * ld + i] = sources[s % len(sources), source, i]
        for h in range(len(tables.steps)):
            build(tables, h, system, ladder)
        journey.subject[0], journey.subject[1] = s, 0
        for i in range(ld):
            journey.state[i] = 0.0
        for i in range(journey.rates.shape[1]):
            journey.rates[0, i] = journey.rates[1, i] = 0.0
        _travel(journey, course, doses, tables, system, ladder, at, inside)
        for i in range(last.shape[1]):
            last[s, i] = journey.state[i]


@inlined
def _travel(
    journey: Journey, course: Course, doses: Doses, tables: Tables, system: System, ladder:
    Ladder, at: Floats, inside: Array,
) -> None:  # fmt: skip
    """Take one subject through all runs."""
    _cross(journey, START, NO_STEP, course, doses, tables, system, ladder, at, inside)
    for run in range(len(course.runs)):
        here, last, h = course.runs[run, 0], course.runs[run, 1], course.runs[run, 2]
        while here < last:
            free = min(last, _next_cell(journey, doses) - 1)
            if free == here or h < 0:
                here += 1
                _cross(journey, here, h, course, doses, tables, system, ladder, at, inside)
            else:
                _run(journey, here, free, h, course, tables, system, ladder, at, inside)
                here = free


@inlined
def _next_cell(journey: Journey, doses: Doses) -> int:
    """Give the cell of the next action."""
    s, e = journey.subject[0], journey.subject[1]
    if e == doses.ranking.shape[1]:
        return NEVER
    return doses.cell[s % len(doses.cell), doses.ranking[s % len(doses.ranking), e]]


@inlined
def _run(
    journey: Journey, here: int, last: int, h: int, course: Course, tables: Tables, system:
    System, ladder: Ladder, at: Floats, inside: Array,
) -> None:  # fmt: skip
    """Go through equal cells without actions, block by block."""
    s, state, n_times = journey.subject[0], journey.state, len(course.times)
    while here < last:
        cells = min(tables.block[h], last - here)
        for source in range(tables.n_ends[0]):
            place = (s * tables.n_ends[0] + source) * n_times + here + 1
            emit(tables, h, source, source, state, cells, at, place, system)
        _emit_inside(journey, here, cells, h, n_times, tables, system, inside)
        forward(tables, h, state, cells, system, ladder)
        here += cells


@compiled
def _emit_inside(
    journey: Journey, here: int, cells: int, h: int, n_times: int, tables: Tables, system: System,
    inside: Array,
) -> None:  # fmt: skip
    """Write the outputs inside cells."""
    s, n_ends, n_inside = journey.subject[0], tables.n_ends[0], len(tables.fractions)
    n_sources = len(tables.n_columns) - n_ends
    for source in range(n_sources):
        for f in range(n_inside):
            output = source * n_inside + f
            place = (s * n_sources * n_inside + output) * (n_times - 1) + here
            emit(
                tables, h, n_ends + output, n_ends + source, journey.state, cells, inside, place,
                system,
            )  # fmt: skip


@inlined
def _cross(
    journey: Journey, end: int, h: int, course: Course, doses: Doses, tables: Tables, system:
    System, ladder: Ladder, at: Floats, inside: Array,
) -> None:  # fmt: skip
    """Go through the cell that ends at an observation, stopping for each action in it."""
    s = journey.subject[0]
    clock = course.times[max(end - 1, 0)]
    whole = end > 0 and len(tables.fractions) > 0
    while _next_cell(journey, doses) == end:
        e = doses.ranking[s % len(doses.ranking), journey.subject[1]]
        due = doses.time[s % len(doses.time), e]
        if due > clock:
            whole = _proceed(
                journey, clock, due, end, h, whole, course, tables, system, ladder, inside
            )
        clock = due
        _act(journey, doses, e, system.n[0])
        journey.subject[1] += 1
    if course.times[end] > clock or whole:
        _proceed(
            journey, clock, course.times[end], end, h, whole, course, tables, system, ladder, inside
        )
    for source in range(tables.n_ends[0]):
        place = (s * tables.n_ends[0] + source) * len(course.times) + end
        at[place] = _read(journey.state, source, tables, system)


@compiled
def _proceed(
    journey: Journey, clock: float, due: float, end: int, h: int, whole: bool, course: Course,
    tables: Tables, system: System, ladder: Ladder, inside: Array,
) -> bool:  # fmt: skip
    """Take the state from one time to another inside a cell; give whether values inside are due."""
    times, state = course.times, journey.state
    if end > 0 and h >= 0 and clock == times[end - 1] and due == times[end]:
        _emit_inside(journey, end - 1, ONE_CELL, h, len(times), tables, system, inside)
        forward(tables, h, state, ONE_CELL, system, ladder)
        return False
    if not whole:
        advance(state, due - clock, ladder, system)
        return False
    last = 0.0
    for f in range(len(tables.fractions)):
        fraction = tables.fractions[f]
        advance(state, (fraction - last) * (due - clock), ladder, system)
        last = fraction
        _read_inside(journey, end - 1, f, len(times), tables, system, inside)
    advance(state, (1.0 - last) * (due - clock), ladder, system)
    return False


@inlined
def _read_inside(
    journey: Journey, cell: int, f: int, n_times: int, tables: Tables, system: System, inside: Array
) -> None:
    """Write the outputs at one fraction of a cell."""
    n_ends, n_inside = tables.n_ends[0], len(tables.fractions)
    n_sources = len(tables.n_columns) - n_ends
    for source in range(n_sources):
        place = (journey.subject[0] * n_sources + source) * n_inside + f
        inside[place * (n_times - 1) + cell] = _read(journey.state, n_ends + source, tables, system)


@inlined
def _read(state: Array, source: int, tables: Tables, system: System) -> float:
    """Give an output of a state."""
    total, ld = 0.0, system.n[1]
    for i in range(system.n[0]):
        total += tables.sources[source * ld + i] * state[i]
    return total


@inlined
def _act(journey: Journey, doses: Doses, e: int, n_total: int) -> None:
    """Let an action happen.

    The rounding error of the sum of input rates is carried along exactly (Knuth's two-sum), so that
    ``+a +b -a -b`` is 0 and not a residue.
    """
    s, state, inlet = journey.subject[0], journey.state, doses.inlet[e]
    state[doses.compartment[e]] += doses.amount[s % len(doses.amount), e]
    if inlet >= 0:
        old, new = journey.rates[0, inlet], doses.change[s % len(doses.change), e]
        total = old + new
        back = total - old
        journey.rates[0, inlet] = total
        journey.rates[1, inlet] += (old - (total - back)) + (new - back)
        place = n_total - journey.rates.shape[1] + inlet
        state[place] = max(total + journey.rates[1, inlet], 0.0)


def empty_journey(sizes: tuple[int, int, int], n_inlets: int) -> Journey:
    """Give room for one subject, `sizes` as from `kpksim.engine.system.lengths`."""
    return Journey(np.zeros(2, dtype=np.int64), np.zeros(sizes[1]), np.zeros((2, n_inlets)))
