"""THE SEAM: dosing, model, person and effect meet in `simulate`."""

from kpksim.simulation.seam import simulate

__all__ = ["simulate"]
