"""The doors: text with a unit on one side, plain numbers in fixed units on the other.

Inside kpksim every number is in mg, h, L, mg/L, kg and what follows from them.
"""

from kpksim.units.clock import hours, say_time
from kpksim.units.quantity import (
    INTERNAL_UNIT,
    dimension_of,
    formula_dimension,
    is_number,
    read_quantity,
    to_internal,
)
from kpksim.units.share import say_share
from kpksim.units.substance import (
    base_to_hydrochloride,
    hydrochloride_to_base,
    mass_to_molar,
    molar_to_mass,
)

__all__ = [
    "INTERNAL_UNIT",
    "base_to_hydrochloride",
    "dimension_of",
    "formula_dimension",
    "hours",
    "hydrochloride_to_base",
    "is_number",
    "mass_to_molar",
    "molar_to_mass",
    "read_quantity",
    "say_share",
    "say_time",
    "to_internal",
]
