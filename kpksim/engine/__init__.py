"""How linear systems are solved: arrays in, arrays out; knows no drug.

Every system is ``dx/dt = rates @ x + input`` with an input that is constant between actions and a
matrix whose off-diagonal entries are not negative (a Metzler matrix). All arithmetic on states is
sums and products of non-negative numbers, so nothing cancels and nothing is ever negative.
"""

from kpksim.engine.actions import Actions
from kpksim.engine.exponential import propagator
from kpksim.engine.exposure import area_after, integral
from kpksim.engine.solution import Inside, Solution, solve
from kpksim.engine.steady import constant_state, steady_state
from kpksim.engine.terminal import terminal_rate

__all__ = [
    "Actions",
    "Inside",
    "Solution",
    "area_after",
    "constant_state",
    "integral",
    "propagator",
    "solve",
    "steady_state",
    "terminal_rate",
]
