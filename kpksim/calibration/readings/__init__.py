"""How the likelihood reads a statement: one small class and one compiled function per kind."""

from kpksim.calibration.readings.contrasts import (
    Direction,
    NotSignificant,
    Offset,
    Order,
    Plateau,
    Significant,
)
from kpksim.calibration.readings.means import EffectSize, MeanScore, PercentChange, Points
from kpksim.calibration.readings.ranges import BelowThreshold, GoneBy, Interval
from kpksim.calibration.readings.reading import Reading
from kpksim.calibration.readings.responders import EverResponded, Relapse, Responded

_ALL: tuple[type[Reading], ...] = (
    PercentChange, Points, MeanScore, EffectSize,
    EverResponded, Responded, Relapse,
    Significant, Direction, NotSignificant, Order, Plateau, Offset,
    Interval, GoneBy, BelowThreshold,
)  # fmt: skip

READING: dict[str, type[Reading]] = {one.key: one for one in _ALL}
"""Readings by their key in the vocabulary."""

__all__ = ["READING", "Reading", *[one.__name__ for one in _ALL]]
