"""Cells taken in blocks: loading them, adding up their nodes and reading their polynomials.

A row of a block holds one number per cell, and the rows of an array with one row per node stand
one behind the other: row q starts at ``q * BLOCK``. Every loop along a row has the same length and
no branch, so that it becomes vector code. The last block is filled up with cells of length 0,
which change nothing.
"""

from typing import Any

from kpksim.engine.compiled import compiled
from kpksim.models.effects.mesh import STEPS

BLOCK = 64
"""Cells in a block."""

ROWS = STEPS + 1
"""Nodes of a cell."""


@compiled
def combined(table: Any, row: int, values: Any, i: int) -> Any:
    """Give one row of a table times the values at the nodes of cell i."""
    return (
        table[row, 0] * values[i]
        + table[row, 1] * values[BLOCK + i]
        + table[row, 2] * values[2 * BLOCK + i]
        + table[row, 3] * values[3 * BLOCK + i]
        + table[row, 4] * values[4 * BLOCK + i]
        + table[row, 5] * values[5 * BLOCK + i]
        + table[row, 6] * values[6 * BLOCK + i]
        + table[row, 7] * values[7 * BLOCK + i]
        + table[row, 8] * values[8 * BLOCK + i]
        + table[row, 9] * values[9 * BLOCK + i]
        + table[row, 10] * values[10 * BLOCK + i]
        + table[row, 11] * values[11 * BLOCK + i]
        + table[row, 12] * values[12 * BLOCK + i]
    )


@compiled
def load(course: Any, lengths: Any, origin: Any, first: int, values: Any, steps: Any) -> int:
    """Load a concentration at the nodes, and the lengths, of a block of cells or parts of cells.

    Gives the number that are there. Inside a cell a concentration is smoother than its drive.
    """
    cells, rows, strides, table = origin
    count: int = min(BLOCK, len(lengths) - first)
    for i in range(count):
        start, row, stride = STEPS * cells[first + i], rows[first + i], strides[first + i]
        steps[i] = lengths[first + i]
        nodes = course[start : start + ROWS]
        if stride == 0:
            for q in range(ROWS):
                values[q * BLOCK + i] = nodes[q]
        else:
            for q in range(ROWS):
                weights, total = table[row + q * stride], 0.0
                for k in range(ROWS):
                    total += weights[k] * nodes[k]
                values[q * BLOCK + i] = max(total, 0.0)
    for i in range(count, BLOCK):
        steps[i] = 0.0
        for q in range(ROWS):
            values[q * BLOCK + i] = 0.0
    return count


@compiled
def read(
    values: Any,
    starts: Any,
    coefficients: Any,
    first: int,
    count: int,
    begins: Any,
    places: Any,
    powers: Any,
    out: Any,
) -> None:
    """Write what a block is at the wanted places in its cells, off its polynomials."""
    for q in range(ROWS):
        for i in range(BLOCK):
            values[q * BLOCK + i] -= starts[i]  # what is small is rounded less
    for q in range(ROWS):
        for i in range(BLOCK):
            powers[q * BLOCK + i] = combined(coefficients, q, values, i)
    for i in range(count):
        begin, end = begins[first + i], begins[first + i + 1]
        if begin == end:
            continue
        wanted, found = places[begin:end], out[begin:end]
        start = starts[i] + powers[i]
        p1, p2, p3 = powers[BLOCK + i], powers[2 * BLOCK + i], powers[3 * BLOCK + i]
        p4, p5, p6 = powers[4 * BLOCK + i], powers[5 * BLOCK + i], powers[6 * BLOCK + i]
        p7, p8, p9 = powers[7 * BLOCK + i], powers[8 * BLOCK + i], powers[9 * BLOCK + i]
        p10, p11, p12 = powers[10 * BLOCK + i], powers[11 * BLOCK + i], powers[12 * BLOCK + i]
        for k in range(len(wanted)):
            x = wanted[k]
            y = x * x
            even = ((((p12 * y + p10) * y + p8) * y + p6) * y + p4) * y + p2
            odd = ((((p11 * y + p9) * y + p7) * y + p5) * y + p3) * y + p1
            found[k] = max(start + (even * y + odd * x), 0.0)
