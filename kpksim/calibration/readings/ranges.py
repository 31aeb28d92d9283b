r"""Readings of words that put an observed mean into a range."""

import math

from kpksim.calibration.readings.codes import (
    BELOW_THRESHOLD,
    ERROR,
    GONE_BY,
    HIGH,
    INTERVAL,
    KIND,
    LOW,
    THRESHOLD,
    YES_NO,
)
from kpksim.calibration.readings.contrasts import between
from kpksim.calibration.readings.reading import Reading
from kpksim.calibration.readings.room import Room
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import inner


class Interval(Reading):
    r"""Words such as "minor" or "drastic" as a range of the observed mean.

    .. math:: P = \Phi\left(\frac{hi - o - f D}{\sqrt{f^2 v^2 + se^2}}\right)
        - \Phi\left(\frac{lo - o - f D}{\sqrt{f^2 v^2 + se^2}}\right)

    with o and f from effect to the unit of the statement. Alternative: the same with wider bounds.
    """

    key, code, family, alternative = "interval", INTERVAL, YES_NO, "interval"


class GoneBy(Reading):
    """The observed mean effect is small again: an interval around 0.

    Alternative: the same at a later time.
    """

    key, code, family, alternative = "gone by", GONE_BY, YES_NO, "gone by"


class BelowThreshold(Reading):
    """The mean score is under a clinical level: an interval of the score without a lower end.

    Alternative: the same with another level.
    """

    key, code, family, alternative = "below threshold", BELOW_THRESHOLD, YES_NO, "below threshold"


@inner
def expect_range(code: Indices, numbers: Array, offset: float, factor: float, room: Room) -> None:
    """Write the probability that the observed mean in the room is within the stated range."""
    low, high = numbers[LOW], numbers[HIGH]
    if code[KIND] == BELOW_THRESHOLD:
        low, high = -math.inf, numbers[THRESHOLD]
    one = 1.0 / factor
    between((low - offset) * one, (high - offset) * one, numbers[ERROR] * one, room)
