"""Outputs in a run of equal cells, read off a table: a short sum for each value.

A cell has several outputs: those at its end, and others at fractions of it. Each is a row times the
state at the start of the cell. In a run the row of cell b is ``row @ P^b`` with the propagator P
over a cell, so one state gives the outputs of a whole block of cells.
"""

import math
from typing import NamedTuple

import numpy as np

from kpksim.engine import doubled
from kpksim.engine.actions import Array, Floats, Indices
from kpksim.engine.compiled import compiled, inlined
from kpksim.engine.exponential import exponential, multiply
from kpksim.engine.ladder import Ladder, apply, coefficients, powers
from kpksim.engine.system import DEGREE, NORM, SUBSTEP_NORM, System
from kpksim.engine.vectors import COLUMNS, LANES, combine, combine_four

MANY_PARTS = 16
"""Taylor sums over a cell from which on propagators between its fractions are cheaper."""


class Tables(NamedTuple):
    """Tables of one subject, for each of H steps.

    Attributes
    ----------
    steps : array, shape (H,)
        Length of a cell [h].
    block : array of int, shape (H,)
        Cells in a block, a power of two.
    powers : array
        Propagators over 1, 2, 4, ... cells up to a block, step after step.
    first_power, first_row : array of int, shape (H,)
        Where those of a step begin.
    rows : array
        Row of every output at every cell of a block: by step, output, state and cell.
    columns : array of int, shape (R, n)
        States that lead to each source, first the outputs at ends and then those inside.
    n_columns : array of int, shape (R,)
        How many these are.
    sources : array, shape (R * ld,)
        Rows of one subject.
    fractions : array, shape (F,)
        Positions inside a cell.
    n_ends : int, in an array
        How many sources are read at the ends of cells; the others are read inside.
    room, short : array
        Room to work in.
    """

    steps: Array
    block: Indices
    powers: Array
    first_power: Indices
    rows: Array
    first_row: Indices
    columns: Indices
    n_columns: Indices
    sources: Array
    fractions: Array
    n_ends: Indices
    room: Array
    short: Array


@compiled
def build(tables: Tables, h: int, system: System, ladder: Ladder) -> None:
    """Make the table of one step for the subject whose rates are loaded."""
    n, ld, size = system.n[0], system.n[1], system.n[2]
    power = tables.first_power[h]
    if ladder.built[1]:
        place = doubled.exponential(system, tables.steps[h], ladder.work, ladder.low)
    else:
        place = exponential(system, tables.steps[h], ladder.work)
    for k in range(size):
        tables.powers[power + k] = ladder.work[place + k]
    cells = 1
    while cells < tables.block[h]:
        multiply(tables.powers, power, tables.powers, power, tables.powers, power + size, n, ld)
        power += size
        cells *= 2
    _first_rows_at_ends(tables, h, system)
    if len(tables.fractions):
        _first_rows_inside(tables, h, system, ladder)
    for source in range(len(tables.n_columns)):
        _fill(tables, h, source, system)


@compiled
def _place(tables: Tables, h: int, output: int, system: System) -> int:
    """Give the place where the rows of an output at a step begin."""
    columns = system.n[2] // system.n[1]
    return tables.first_row[h] + output * columns * (tables.block[h] + LANES)


@inlined
def _first_rows_at_ends(tables: Tables, h: int, system: System) -> None:
    """Write the rows that read the outputs at the end of the first cell off its start."""
    n, ld, power = system.n[0], system.n[1], tables.first_power[h]
    for source in range(tables.n_ends[0]):
        place = _place(tables, h, source, system)
        for k in range(tables.n_columns[source]):
            j, total = tables.columns[source, k], 0.0
            for i in range(n):
                total += tables.sources[source * ld + i] * tables.powers[power + j * ld + i]
            tables.rows[place + k * (tables.block[h] + LANES)] = total


@inlined
def _first_rows_inside(tables: Tables, h: int, system: System, ladder: Ladder) -> None:
    """Write the rows that read the outputs inside the first cell off its start."""
    parts = max(math.ceil(system.numbers[NORM] * tables.steps[h] / SUBSTEP_NORM), 1)
    if parts > MANY_PARTS:
        _rows_by_propagators(tables, h, system, ladder)
    else:
        for source in range(tables.n_ends[0], len(tables.n_columns)):
            _rows_by_taylor_sums(tables, h, source, parts, system, ladder)


@inlined
def _rows_by_taylor_sums(
    tables: Tables, h: int, source: int, parts: int, system: System, ladder: Ladder
) -> None:
    """Write the rows of one source at all fractions; a Taylor sum serves those near each other."""
    ld = system.n[1]
    room, step = tables.room, tables.steps[h] / parts
    for i in range(ld):
        room[i] = tables.sources[source * ld + i]
    for part in range(parts):
        powers(room, ladder.terms, system.transposed, system)
        for f in range(len(tables.fractions)):
            fraction = tables.fractions[f]
            if int(fraction * parts) == part:
                coefficients(fraction * tables.steps[h] - part * step, ladder.weights, system)
                combine(room, ld, ladder.terms, 0, ld, ladder.weights, 0, DEGREE + 1, ld)
                _scatter(tables, h, source, f, ld, system)
        coefficients(step, ladder.weights, system)
        combine(room, 0, ladder.terms, 0, ld, ladder.weights, 0, DEGREE + 1, ld)


@inlined
def _rows_by_propagators(tables: Tables, h: int, system: System, ladder: Ladder) -> None:
    """Write the rows of all sources at all fractions, from each fraction to the next."""
    n, ld = system.n[0], system.n[1]
    n_sources, room = len(tables.n_columns), tables.room
    for source in range(tables.n_ends[0], n_sources):
        for i in range(ld):
            room[(source + 1) * ld + i] = tables.sources[source * ld + i]
    last = 0.0
    for f in range(len(tables.fractions)):
        fraction = tables.fractions[f]
        place = exponential(system, (fraction - last) * tables.steps[h], ladder.work)
        last = fraction
        for source in range(tables.n_ends[0], n_sources):
            for j in range(n):
                total = 0.0
                for i in range(n):
                    total += room[(source + 1) * ld + i] * ladder.work[place + j * ld + i]
                room[j] = total
            for j in range(n):
                room[(source + 1) * ld + j] = room[j]
            _scatter(tables, h, source, f, 0, system)


@inlined
def _scatter(tables: Tables, h: int, source: int, f: int, start: int, system: System) -> None:
    """Write a row as that of the first cell for one source and fraction."""
    n_ends = tables.n_ends[0]
    output = n_ends + (source - n_ends) * len(tables.fractions) + f
    place = _place(tables, h, output, system)
    for k in range(tables.n_columns[source]):
        value = tables.room[start + tables.columns[source, k]]
        tables.rows[place + k * (tables.block[h] + LANES)] = value


@inlined
def _fill(tables: Tables, h: int, source: int, system: System) -> None:
    """Fill the rows of all cells of a block by doubling, for the outputs of one source.

    Sums are at least `LANES` cells wide, so early ones write too far; later ones mend that.
    """
    ld, size = system.n[1], system.n[2]
    count, stride = tables.n_columns[source], tables.block[h] + LANES
    n_ends, n_inside = tables.n_ends[0], len(tables.fractions)
    first, outputs = source, 1
    if source >= n_ends:
        first, outputs = n_ends + (source - n_ends) * n_inside, n_inside
    cells, power = 1, tables.first_power[h]
    while cells < tables.block[h]:
        for k in range(count):
            for i in range(count):
                j = tables.columns[source, k]
                tables.room[k * ld + i] = tables.powers[power + j * ld + tables.columns[source, i]]
        for output in range(first, first + outputs):
            place = _place(tables, h, output, system)
            for k in range(0, count, COLUMNS):
                combine_four(
                    tables.rows, place + k * stride + cells, stride, tables.rows, place, stride,
                    tables.room, k * ld, ld, count, max(cells, LANES),
                )  # fmt: skip
        power += size
        cells *= 2


@compiled
def emit(
    tables: Tables, h: int, output: int, source: int, state: Array, cells: int, out: Floats,
    o: int, system: System,
) -> None:  # fmt: skip
    """Write one output in up to a block of cells, from the state at the start of the first.

    Parameters
    ----------
    tables : Tables
        Tables of the subject.
    h, output, source : int
        Step, output, and the source that it belongs to.
    state : array
        State and input rates.
    cells : int
        Number of cells.
    out : flat array
        Where the values go.
    o : int
        Place of the first.
    system : System
        Rate constants of the subject.
    """
    count, stride = tables.n_columns[source], tables.block[h] + LANES
    place, weights = _place(tables, h, output, system), tables.short
    for k in range(count):
        weights[LANES + k] = state[tables.columns[source, k]]
    whole = cells // LANES * LANES
    combine(out, o, tables.rows, place, stride, weights, LANES, count, whole)
    if whole < cells:
        combine(weights, 0, tables.rows, place + whole, stride, weights, LANES, count, LANES)
        for b in range(whole, cells):
            out[o + b] = weights[b - whole]


@compiled
def forward(
    tables: Tables, h: int, state: Array, cells: int, system: System, ladder: Ladder
) -> None:
    """Take a state over a number of cells, at most a block."""
    power, left = tables.first_power[h], cells
    while left:
        if left & 1:
            apply(tables.powers, power, state, system, ladder.terms)
        left >>= 1
        power += system.n[2]


def empty_tables(
    steps: Array, block: Indices, columns: Indices, count: Indices, n_ends: int, fractions: Array,
    sizes: tuple[int, int, int],
) -> Tables:  # fmt: skip
    """Give room for the tables of one subject."""
    n, ld, size = sizes
    outputs = n_ends + (len(count) - n_ends) * len(fractions)
    per_power = size * (np.log2(block).astype(np.int64) + 1)
    per_row = outputs * (size // ld) * (block + LANES)
    return Tables(
        steps, block, np.zeros(per_power.sum()), np.cumsum(per_power) - per_power,
        np.zeros(per_row.sum() + LANES), np.cumsum(per_row) - per_row, columns, count,
        np.zeros(len(count) * ld), fractions, np.array([n_ends]),
        np.zeros((len(count) + 2) * ld + ld * ld), np.zeros(2 * LANES + n),
    )  # fmt: skip
