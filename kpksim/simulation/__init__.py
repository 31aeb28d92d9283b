"""THE SEAM: dosing, model, person and effect meet in `simulate`."""

from kpksim.simulation.control import control_arm
from kpksim.simulation.plain_events import plain_events
from kpksim.simulation.seam import simulate

__all__ = ["control_arm", "plain_events", "simulate"]
