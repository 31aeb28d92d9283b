"""Inner loops of the effects, one subject after the other.

What is written for one subject depends on its own row and parameters alone.
"""

from typing import Any

import numpy as np

from kpksim.engine.compiled import compiled
from kpksim.engine.elementary import exponential, logarithm
from kpksim.models.effects.blocks import BLOCK, ROWS, load, read
from kpksim.models.effects.stages import fill_clock, follow
from kpksim.models.effects.transduction import FULL_POWER, GIVEN, INVERTED_U, POWER


@compiled
def drive_row(ce: Any, ec50: float, g: float, shape: int, ic50: float, out: Any) -> None:
    """Write the drive at each concentration of a row, by the code of a shape.

    Shapes and equations: `kpksim.models.effects.transduction.transduced`. A given drive is copied.
    """
    if shape == GIVEN:
        for k in range(len(ce)):
            out[k] = ce[k]
    elif shape == POWER:
        full = 1.0 / (FULL_POWER * ec50)
        for k in range(len(ce)):
            out[k] = min(exponential(g * logarithm(ce[k] * full)), 1.0)
    else:
        share = 1.0 / ec50
        for k in range(len(ce)):
            out[k] = 1.0 / (1.0 + exponential(-g * logarithm(ce[k] * share)))
    if shape == INVERTED_U:
        falling = 1.0 / ic50
        for k in range(len(ce)):
            ratio = ce[k] * falling
            out[k] /= 1.0 + ratio * ratio * ratio


@compiled
def drives(ce: Any, ec50: Any, g: Any, shape: int, ic50: Any, out: Any) -> None:
    """Write the drive at each concentration."""
    for s in range(len(ce)):
        drive_row(ce[s], ec50[s], g[s], shape, ic50[s], out[s])


@compiled
def powers(ce: Any, scale: Any, g: Any, reference: float, out: Any) -> None:
    """Write a power of each concentration."""
    share = 1.0 / reference
    for s in range(len(ce)):
        row, rise, largest, power = ce[s], out[s], scale[s], g[s]
        for k in range(len(row)):
            rise[k] = largest * exponential(power * logarithm(row[k] * share))


@compiled
def waned(score: Any, tolerance: Any, emax: Any, kappa: Any) -> None:
    """Turn a drive into a score that wanes with tolerance, in place."""
    for s in range(len(score)):
        row, passed, largest, rate = score[s], tolerance[s], emax[s], kappa[s]
        for k in range(len(row)):
            row[k] = largest * row[k] * exponential(-rate * passed[k])


@compiled
def scores(since: Any, shares: Any, tau: Any, out: Any) -> None:
    """Write the change of a score by the drug alone, and with two expectations.

    The fast and the slow clock stand where the changes with expectation will be.
    """
    lf, ls, blind, open_ = shares
    drug, blinded, opened = out[0], out[1], out[2]
    built = np.empty(len(since))
    for s in range(len(drug)):
        if s == 0 or tau[s] != tau[s - 1]:
            for k in range(len(since)):
                built[k] = 1.0 - exponential(-max(since[k], 0.0) / tau[s])
        a, b, p, q = lf[s], ls[s], blind[s], open_[s]
        alone, one, two = drug[s], blinded[s], opened[s]
        for k in range(len(alone)):
            alone[k] = exponential(-(a * one[k] + b * two[k]))
        for k in range(len(one)):
            one[k] = 100.0 * (alone[k] * (1.0 - p * built[k]) - 1.0)
        for k in range(len(two)):
            two[k] = 100.0 * (alone[k] * (1.0 - q * built[k]) - 1.0)
        for k in range(len(alone)):
            alone[k] = 100.0 * (alone[k] - 1.0)


@compiled
def wind(
    source: Any,
    who: Any,
    lengths: Any,
    origin: Any,
    reading: Any,
    tables: Any,
    clock: Any,
    chain: Any,
    filled: bool,
    stages: int,
    out: Any,
) -> None:
    """Wind up some subjects: a slow clock, if one is filled, then a chain of stages.

    Written is the last of them at the places wanted; 0 before the first cell.
    """
    ce, ec50, g, shape, ic50 = source
    begins, places = reading
    integrals, coefficients = tables
    kin, kout = clock
    gain, rate = chain
    values, growth, spare = np.empty(ROWS * BLOCK), np.empty(ROWS * BLOCK), np.empty(ROWS * BLOCK)
    steps, starts = np.empty(BLOCK), np.empty(BLOCK)
    gains, passed = np.empty((stages, BLOCK)), np.empty((stages, BLOCK))
    begun, rows = np.empty((stages, BLOCK)), np.empty((3, BLOCK))
    levels = np.empty(stages)
    for s in who:
        level = 0.0
        levels[:] = 0.0
        out[s, : begins[0]] = 0.0
        for first in range(0, len(lengths), BLOCK):
            count = load(ce[s], lengths, origin, first, spare, steps)
            drive_row(spare, ec50[s], g[s], shape, ic50[s], values)
            if filled:
                level = fill_clock(
                    values, steps, starts, kin[s], kout[s], level, integrals[0], growth, spare
                )
            if stages:
                follow(
                    values, steps, starts, gain[s], rate[s], levels, integrals, growth,
                    gains, passed, begun, rows,
                )  # fmt: skip
            read(values, starts, coefficients, first, count, begins, places, spare, out[s])
