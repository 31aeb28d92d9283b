"""Inner loops of a fit: the two clocks of an effect at the times of statements."""

from typing import Any

import numpy as np

from kpksim.engine.compiled import compiled
from kpksim.engine.elementary import exponential
from kpksim.models.effects.blocks import BLOCK, ROWS, read
from kpksim.models.effects.kernels import drive_row
from kpksim.models.effects.mesh import STEPS
from kpksim.models.effects.stages import fill_clock, follow

MOST_TURNS = 4.0
"""Turnovers of a slow clock within a cell that the polynomial of a cell follows."""


@compiled
def between(table: Any, first: int, weights: Any, share: float, out: Any) -> None:
    """Add a share of the values between four neighbouring rows of a table."""
    a, b, c, d = table[first], table[first + 1], table[first + 2], table[first + 3]
    w0, w1, w2, w3 = (
        share * weights[0], share * weights[1], share * weights[2], share * weights[3]
    )  # fmt: skip
    for k in range(len(out)):
        out[k] += w0 * a[k] + w1 * b[k] + w2 * c[k] + w3 * d[k]


@compiled
def cubic(place: float, rows: int, weights: Any) -> int:
    """Write the weights of four rows for a place among rows; give the first of the four."""
    first = min(max(int(place) - 1, 0), rows - 4)
    x = place - first
    weights[0] = -(x - 1.0) * (x - 2.0) * (x - 3.0) / 6.0
    weights[1] = x * (x - 2.0) * (x - 3.0) / 2.0
    weights[2] = -x * (x - 1.0) * (x - 3.0) / 2.0
    weights[3] = x * (x - 1.0) * (x - 2.0) / 6.0
    return first


@compiled
def lag_behind(values: Any, steps: Any, starts: Any, rate: float, level: float, rows: Any) -> float:
    """Replace a curve by one that follows it at a rate; give that one's value at the end.

    Between nodes the curve is taken as straight, so that any rate is followed.
    """
    keep, old, new = rows[0], rows[1], rows[2]
    begun, before, after = rows[3], rows[4], rows[5]
    for i in range(BLOCK):
        passed = max(rate * steps[i] / STEPS, 1e-12)
        keep[i] = exponential(-passed)
        mean = (1.0 - keep[i]) / passed
        old[i] = mean - keep[i]
        new[i] = 1.0 - mean
        before[i] = values[i]
        values[i] = 0.0
        begun[i] = 1.0
    for q in range(1, ROWS):
        for i in range(BLOCK):
            after[i] = values[q * BLOCK + i]
            here = values[(q - 1) * BLOCK + i]
            values[q * BLOCK + i] = keep[i] * here + new[i] * after[i] + old[i] * before[i]
            before[i] = after[i]
            begun[i] *= keep[i]
    for i in range(BLOCK):
        starts[i] = level
        level = values[STEPS * BLOCK + i] + begun[i] * level
    for i in range(BLOCK):
        begun[i] = starts[i]
    for q in range(ROWS):
        for i in range(BLOCK):
            values[q * BLOCK + i] += begun[i]
            begun[i] *= keep[i]
    return level


@compiled
def fill_any(
    values: Any, steps: Any, starts: Any, kin: float, kout: float, level: float, rows: Any
) -> float:
    """Replace the drive of a block by the slow clock, however fast; give the clock at its end.

    Between nodes the drive is taken as its mean there. Where a clock turns over within a fraction
    of a cell it stays near its equilibrium, and this is all that is needed.
    """
    keep, gain, before, begun = rows[0], rows[1], rows[2], rows[3]
    for i in range(BLOCK):
        before[i] = values[i]
        values[i] = 0.0
        keep[i] = 1.0
    for q in range(1, ROWS):
        for i in range(BLOCK):
            filling = 0.5 * kin * (before[i] + values[q * BLOCK + i])
            before[i] = values[q * BLOCK + i]
            left = exponential(-(filling + kout) * steps[i] / STEPS)
            full = filling / (filling + kout)
            values[q * BLOCK + i] = full + (values[(q - 1) * BLOCK + i] - full) * left
            gain[i] = left
        for i in range(BLOCK):
            rows[4 + q, i] = keep[i] * gain[i]
            keep[i] *= gain[i]
    for i in range(BLOCK):
        starts[i] = level
        level = values[STEPS * BLOCK + i] + keep[i] * level
    for i in range(BLOCK):
        begun[i] = starts[i]
        values[i] = begun[i]
    for q in range(1, ROWS):
        for i in range(BLOCK):
            values[q * BLOCK + i] += rows[4 + q, i] * begun[i]
    return level


@compiled
def turns_over(drive: Any, steps: Any, kin: float, kout: float, total: Any) -> bool:
    """Tell whether a slow clock turns over more than a few times within a cell of a block."""
    total[:] = 0.0
    for q in range(ROWS):
        for i in range(BLOCK):
            total[i] += drive[q * BLOCK + i]
    worst = 0.0
    for i in range(BLOCK):
        worst = max(worst, (kin * total[i] / ROWS + kout) * steps[i])
    return worst > MOST_TURNS


@compiled
def wane(drive: Any, passed: Any, rate: float) -> None:
    """Let a drive wane with what has passed."""
    for k in range(len(drive)):
        drive[k] *= exponential(-rate * passed[k])


@compiled
def drive_block(
    levels: Any, block: int, row: int, weights: Any, factors: Any, drive: Any, values: Any, out: Any
) -> None:
    """Write the drive of a block by the levels of one analyte and a share of another."""
    own, also = levels
    factor, share = factors
    ec50, g, shape, ic50 = drive
    values[:] = 0.0
    between(own[:, block], row, weights, factor, values)
    if share > 0.0:
        between(also[:, block], row, weights, factor * share, values)
    drive_row(values, ec50, g, shape, ic50, out)


@compiled
def tire_block(
    driven: Any, steps: Any, forget: float, tolerance: Any, integrals: Any, room: Any, out: Any
) -> None:
    """Write tolerance to the drive of a block; keep it at the end of the block."""
    growth, begun, small, stages = room
    out[:] = driven
    follow(
        out, steps, begun, 1.0, forget, tolerance, integrals, growth, stages[0], stages[1],
        stages[2], small,
    )  # fmt: skip


@compiled
def fill_block(
    driven: Any, steps: Any, clock: Any, state: Any, integrals: Any, room: Any, spare: Any
) -> None:
    """Replace the drive of a block by the slow clock, delayed; keep both at the end of it."""
    kin, kout, delay = clock
    growth, begun, small, _ = room
    if turns_over(driven, steps, kin, kout, small[0]):
        state[0] = fill_any(driven, steps, begun, kin, kout, state[0], small)
    else:
        state[0] = fill_clock(
            driven, steps, begun, kin, kout, state[0], integrals[0], growth, spare
        )
    if delay > 0.0:
        state[1] = lag_behind(driven, steps, begun, delay, state[1], small)


@compiled
def run_courses(cells: Any, levels: Any, site: Any, drive: Any, clock: Any, found: Any) -> None:
    """Write the slow clock, and tolerance, at every time of all courses.

    Parameters
    ----------
    cells : tuple
        steps, first, count, starts, owner, begins, places of the courses, and the tables of
        integrals and of coefficients.
    levels : tuple of array, shape (K, B, 832)
        Of the drive, of what is added to it, and of the drive of the slow clock.
    site : tuple
        Place of the site's speed among those of the levels, share of what is added, and the factor
        on the levels of each course.
    drive : tuple
        ec50, g, shape, ic50, and the ec50 of the slow clock, 0 where it has the same drive.
    clock : tuple
        kin (0 for no slow clock), kout, rate of the delay (0 for none), kappa (0 for no tolerance)
        and the rate at which tolerance is forgotten.
    found : tuple of array, shape (T,)
        Where the slow clock and tolerance are written.
    """
    steps, first, count, starts, owner, begins, places, integrals, coefficients = cells
    own, also, other = levels
    place, share, factors = site
    ec50, g, shape, ic50, slow_ec50 = drive
    kin, kout, delay, kappa, forget = clock
    slow, passed = found
    weights, state, tolerance = np.empty(4), np.zeros(2), np.zeros(1)
    row = cubic(place, len(own), weights)
    driven, values, spare = (
        np.empty(ROWS * BLOCK), np.empty(ROWS * BLOCK), np.empty(ROWS * BLOCK)
    )  # fmt: skip
    begun = np.empty(BLOCK)
    room = np.empty(ROWS * BLOCK), begun, np.empty((4 + ROWS, BLOCK)), np.empty((3, 1, BLOCK))
    for b in range(len(steps)):
        if starts[b]:
            state[:] = 0.0
            tolerance[0] = 0.0
        factor = factors[owner[b]]
        hill = (ec50, g, shape, ic50)
        drive_block((own, also), b, row, weights, (factor, share), hill, values, driven)
        if kappa > 0.0:
            tire_block(driven, steps[b], forget, tolerance, integrals, room, values)
            wane(driven, values, kappa)
            read(values, begun, coefficients, first[b], count[b], begins, places, spare, passed)
        if kin > 0.0:
            if slow_ec50 > 0.0:
                hill = (slow_ec50, g, shape, ic50)
                drive_block((other, other), b, row, weights, (factor, 0.0), hill, values, driven)
            fill_block(driven, steps[b], (kin, kout, delay), state, integrals, room, spare)
            read(driven, begun, coefficients, first[b], count[b], begins, places, spare, slow)


@compiled
def fast_clock(at: Any, also: Any, site: Any, course: Any, drive: Any, found: Any) -> None:
    """Write the level at the effect site and the drive it gives at every time."""
    place, share, factors = site
    ec50, g, shape, ic50, _ = drive
    level, fast = found
    weights = np.empty(4)
    row = cubic(place, len(at), weights)
    level[:] = 0.0
    between(at, row, weights, 1.0, level)
    if share > 0.0:
        between(also, row, weights, share, level)
    for k in range(len(level)):
        level[k] = max(level[k] * factors[course[k]], 0.0)
    drive_row(level, ec50, g, shape, ic50, fast)
