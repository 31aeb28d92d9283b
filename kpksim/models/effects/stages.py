r"""A block of cells wound up: the slow clock, and a chain of stages behind it.

Each is a linear equation :math:`dy/dt = u(t) - r(t)\,y` solved with the integrating factor: over a
cell, with :math:`U(s) = \int_0^s r`,

.. math:: y(s) = e^{-U(s)} \Bigl(y(0) + \int_0^s e^{U(s')} u(s')\, ds'\Bigr)

at every node, where the integrals are those of the polynomial through the nodes.
"""

from typing import Any

from kpksim.engine.compiled import compiled
from kpksim.engine.elementary import exponential
from kpksim.models.effects.blocks import BLOCK, ROWS, combined
from kpksim.models.effects.mesh import STEPS


@compiled
def fill_clock(
    values: Any,
    steps: Any,
    starts: Any,
    kin: float,
    kout: float,
    level: float,
    integrals: Any,
    growth: Any,
    gains: Any,
) -> float:
    """Replace the drive of a block by the slow clock; give the clock at its end."""
    for q in range(ROWS):
        for i in range(BLOCK):
            values[q * BLOCK + i] *= kin * steps[i]
    for q in range(1, ROWS):
        for i in range(BLOCK):
            passed = kout * steps[i] * (q / STEPS) + combined(integrals, q, values, i)
            growth[q * BLOCK + i] = passed
    for k in range(BLOCK, ROWS * BLOCK):
        growth[k] = exponential(growth[k])
    for k in range(BLOCK, ROWS * BLOCK):
        values[k] *= growth[k]
    for q in range(1, ROWS):
        for i in range(BLOCK):
            gains[q * BLOCK + i] = combined(integrals, q, values, i)
    for i in range(BLOCK):
        gains[i] = 1.0 / growth[STEPS * BLOCK + i]
    for i in range(BLOCK):
        starts[i] = level
        level = (level + gains[STEPS * BLOCK + i]) * gains[i]
    for i in range(BLOCK):
        values[i] = starts[i]
    for q in range(1, ROWS):
        for i in range(BLOCK):
            values[q * BLOCK + i] = (starts[i] + gains[q * BLOCK + i]) / growth[q * BLOCK + i]
    return level


@compiled
def follow(
    values: Any,
    steps: Any,
    starts: Any,
    gain: float,
    rate: float,
    levels: Any,
    integrals: Any,
    growth: Any,
    gains: Any,
    passed: Any,
    begun: Any,
    rows: Any,
) -> None:
    r"""Replace the values of a block by the last of a chain of stages.

    With the values u the first stage is dy/dt = gain u - rate y, and each next one follows the one
    before in the same way. `levels` are the stages at the start of the block, and then at its end.

    With growth :math:`e^{rate\,s}` taken out, stage n is a sum of repeated integrals of u and of
    powers of time times the stages at the start of the cell.
    """
    n = len(levels)
    ahead, shrink, left = rows[0], rows[1], rows[2]
    grow(values, steps, rate, growth, ahead, shrink, passed[0])
    march(values, steps, gain, levels, integrals, gains, passed, begun)
    last, table = begun[n - 1], integrals[n - 1]
    for i in range(BLOCK):
        left[i] = 1.0
        starts[i] = last[i]
    for i in range(BLOCK):
        growth[i] = last[i]
    for q in range(1, ROWS):
        for i in range(BLOCK):
            left[i] *= shrink[i]
        for i in range(BLOCK):
            ahead[i] = combined(table, q, values, i) * (gain * steps[i])
        for back in range(n - 1, 0, -1):
            source, share = begun[n - 1 - back], 1.0
            for k in range(back):
                share *= q / (STEPS * (k + 1.0))
            for i in range(BLOCK):
                ahead[i] = (ahead[i] + share * source[i]) * (gain * steps[i])
        for i in range(BLOCK):
            growth[q * BLOCK + i] = (starts[i] + ahead[i]) * left[i]
    for k in range(ROWS * BLOCK):
        values[k] = growth[k]


@compiled
def grow(
    values: Any, steps: Any, rate: float, growth: Any, ahead: Any, shrink: Any, own: Any
) -> None:
    """Multiply values by their growth since the start of the cell, as the stages are.

    Written are the growth up to each node, its inverse over a step, and that over a cell.
    """
    for i in range(BLOCK):
        growth[i] = 1.0
        ahead[i] = exponential(rate * steps[i] / STEPS)
    for q in range(1, ROWS):
        for i in range(BLOCK):
            growth[q * BLOCK + i] = growth[(q - 1) * BLOCK + i] * ahead[i]
    for k in range(BLOCK, ROWS * BLOCK):
        values[k] *= growth[k]
    for i in range(BLOCK):
        own[i] = 1.0 / growth[STEPS * BLOCK + i]
    for i in range(BLOCK):
        shrink[i] = 1.0 / ahead[i]


@compiled
def march(
    values: Any,
    steps: Any,
    gain: float,
    levels: Any,
    integrals: Any,
    gains: Any,
    passed: Any,
    begun: Any,
) -> None:
    """Take each stage of a chain from cell to cell, keeping it at the start of each.

    A row of `passed` is what a stage leaves of itself or gives to one further on over a cell, the
    first of them given; a row of `gains` is what else a stage gains.
    """
    own, factorial = passed[0], 1.0
    for stage in range(len(levels)):
        here, gained, table = passed[stage], gains[stage], integrals[stage]
        if stage:
            before, share = passed[stage - 1], gain / stage
            factorial *= stage
            for i in range(BLOCK):
                here[i] = before[i] * (share * steps[i])
        for i in range(BLOCK):
            scale = here[i] * (factorial * gain * steps[i])
            gained[i] = scale * combined(table, STEPS, values, i)
        for back in range(1, stage + 1):
            onward, source = passed[back], begun[stage - back]
            for i in range(BLOCK):
                gained[i] += onward[i] * source[i]
        at_start, level = begun[stage], levels[stage]
        for i in range(BLOCK):
            at_start[i] = level
            level = gained[i] + own[i] * level
        levels[stage] = level
