"""Outputs in a run of equal cells, read off a table: a short sum for each value.

In a run the output at the end of cell b is ``row @ P^(b + 1) @ state`` with the propagator P over a
cell and the state at the start of the first, so one state gives the outputs of a whole block.
"""

from typing import NamedTuple

import numpy as np

from kpksim.engine import doubled
from kpksim.engine.actions import Array, Floats, Indices
from kpksim.engine.compiled import allocation_free, inlined
from kpksim.engine.exponential import exponential, multiply
from kpksim.engine.ladder import Ladder, apply
from kpksim.engine.system import MATRICES, System
from kpksim.engine.vectors import COLUMNS, LANES, aligned, combine, combine_four


class Tables(NamedTuple):
    """Tables of one subject, for each of H steps, and its A outputs.

    Attributes
    ----------
    steps : array, shape (H,)
        Length of a cell [h].
    block : array of int, shape (H,)
        Cells in a block, a power of two.
    powers : array
        Propagators over 1, 2, 4, ... cells up to a block, step after step.
    first_power : array of int, shape (H,)
        Where those of a step begin.
    rows : array
        Row of every output at every cell of a block: by step, output, state and cell.
    first_row, per_output : array of int, shape (H,)
        Where those of a step begin, and how long those of an output are.
    outputs : array, shape (A * ld,)
        Rows that give the outputs of a state.
    n_leading : array of int, shape (A,)
        How many of the first states lead to each output; no other does.
    """

    steps: Array
    block: Indices
    powers: Array
    first_power: Indices
    rows: Array
    first_row: Indices
    per_output: Indices
    outputs: Array
    n_leading: Indices


def empty_tables(
    steps: Array, block: Indices, n_leading: Indices, sizes: tuple[int, int, int]
) -> Tables:
    """Give room for the tables of one subject, `sizes` as from `kpksim.engine.system.lengths`."""
    _, ld, size = sizes
    per_power = size * (np.log2(block).astype(np.int64) + 1)
    per_output = (size // ld) * (block + LANES)
    per_step = len(n_leading) * per_output
    return Tables(
        steps, block, aligned(per_power.sum()), np.cumsum(per_power) - per_power,
        aligned(per_step.sum() + LANES), np.cumsum(per_step) - per_step, per_output,
        aligned(len(n_leading) * ld), n_leading,
    )  # fmt: skip


@allocation_free
def build(tables: Tables, h: int, system: System, ladder: Ladder) -> None:
    """Make the table of one step for the subject whose rates are loaded."""
    n, ld, size = system.n[0], system.n[1], system.n[2]
    power, place = tables.first_power[h], _propagator(tables, h, system, ladder)
    for k in range(size):
        tables.powers[power + k] = ladder.work[place + k]
    cells = 1
    while cells < tables.block[h]:
        multiply(tables.powers, power, tables.powers, power, tables.powers, power + size, n, ld)
        power += size
        cells *= 2
    for output in range(len(tables.n_leading)):
        place = tables.first_row[h] + output * tables.per_output[h]
        _first_row(tables, h, output, place, system)
        _other_rows(tables, h, output, place, system)


@inlined
def _propagator(tables: Tables, h: int, system: System, ladder: Ladder) -> int:
    """Compute the propagator of a step, by squaring that of the step before if it is twice as long.

    Gives its place in the room of the ladder.
    """
    n, ld, step, work, low = (
        system.n[0], system.n[1], tables.steps[h], ladder.work, ladder.low
    )  # fmt: skip
    exactly, place = ladder.built[1], ladder.built[2]
    if h > 0 and step == 2.0 * tables.steps[h - 1]:
        other = 0 if place else MATRICES * system.n[2] - system.n[2]
        if exactly:
            doubled.multiply(work, low, place, work, low, place, work, low, other, n, ld)
        else:
            multiply(work, place, work, place, work, other, n, ld)
        place = other
    elif exactly:
        place = doubled.exponential(system, step, work, low)
    else:
        place = exponential(system, step, work)
    ladder.built[2] = place
    return place


@inlined
def _first_row(tables: Tables, h: int, output: int, place: int, system: System) -> None:
    """Write the row that reads an output at the end of the first cell off its start."""
    n, ld, power = system.n[0], system.n[1], tables.first_power[h]
    for j in range(tables.n_leading[output]):
        total = 0.0
        for i in range(n):
            total += tables.outputs[output * ld + i] * tables.powers[power + j * ld + i]
        tables.rows[place + j * (tables.block[h] + LANES)] = total


@inlined
def _other_rows(tables: Tables, h: int, output: int, place: int, system: System) -> None:
    """Write the rows of the other cells of a block by doubling.

    Sums are at least `LANES` cells wide, so early ones write too far; later ones mend that.
    """
    ld, size, power = system.n[1], system.n[2], tables.first_power[h]
    count, stride, cells = tables.n_leading[output], tables.block[h] + LANES, 1
    while cells < tables.block[h]:
        for j in range(0, count, COLUMNS):
            combine_four(
                tables.rows, place + j * stride + cells, stride, tables.rows, place, stride,
                tables.powers, power + j * ld, ld, count, max(cells, LANES),
            )  # fmt: skip
        power += size
        cells *= 2


@inlined
def emit(
    tables: Tables, h: int, output: int, states: Array, place: int, cells: int, out: Floats, o: int
) -> None:
    """Write one output in up to a block of cells, from the state at the start of the first.

    Sums are `LANES` cells wide, so the last one may write too far.

    Parameters
    ----------
    tables : Tables
        Tables of the subject.
    h, output : int
        Step and output.
    states : flat array
        Input rates and state, from `place` on.
    place : int
        Place of the first of them.
    cells : int
        Number of cells.
    out : flat array
        Where the values go.
    o : int
        Place of the first.
    """
    count, stride = tables.n_leading[output], tables.block[h] + LANES
    row = tables.first_row[h] + output * tables.per_output[h]
    combine(out, o, tables.rows, row, stride, states, place, count, -(-cells // LANES) * LANES)


@allocation_free
def forward(
    powers: Array, place: int, state: Array, cells: int, sizes: Indices, room: Array
) -> None:
    """Take a state over a number of cells, with their propagators from a place on."""
    while cells:
        if cells & 1:
            apply(powers, place, state, sizes, room)
        cells >>= 1
        place += sizes[2]


@inlined
def read(tables: Tables, output: int, states: Array, place: int, ld: int) -> float:
    """Give an output of the state from a place on."""
    total = 0.0
    for i in range(tables.n_leading[output]):
        total += tables.outputs[output * ld + i] * states[place + i]
    return total
