"""How systems are solved: arrays in, arrays out; knows no drug.

A linear system is ``dx/dt = rates @ x + input`` with an input that is constant between actions and
a matrix whose off-diagonal entries are not negative (a Metzler matrix). All arithmetic on states is
sums and products of non-negative numbers, so nothing cancels and nothing is ever negative.

A system with processes that saturate or are induced (`Nonlinear`) answers the same questions, step
by step and a hundred times slower.
"""

from kpksim.engine.actions import Actions
from kpksim.engine.exponential import propagator
from kpksim.engine.kinetics import (
    Kinetics,
    among,
    area_after,
    chosen,
    driving,
    integral,
    outputs_alone,
    repeated_state,
    running_state,
    solve,
    terminal_rate,
)
from kpksim.engine.nonlinear import Nonlinear
from kpksim.engine.solution import Solution
from kpksim.engine.steady import constant_state, steady_state

__all__ = [
    "Actions",
    "Kinetics",
    "Nonlinear",
    "Solution",
    "among",
    "area_after",
    "chosen",
    "constant_state",
    "driving",
    "integral",
    "outputs_alone",
    "propagator",
    "repeated_state",
    "running_state",
    "solve",
    "steady_state",
    "terminal_rate",
]
