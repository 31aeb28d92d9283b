r"""Readings of a number: a mean, its change, a standardised difference."""

import math

from kpksim.calibration.readings.codes import (
    COUNTS2,
    EFFECT_SIZE,
    ERROR,
    KIND,
    MEAN_SCORE,
    NUMBER,
    OWN,
    PERCENT_CHANGE,
    POINTS,
)
from kpksim.calibration.readings.reading import Reading
from kpksim.calibration.readings.room import Room
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import inner


class PercentChange(Reading):
    r"""Observed mean percent change.

    .. math:: y \sim N(D, \; v^2 + se^2)

    with se what the words leave open ("about 50 %"). With a standard error of its own, which
    already holds both people and visits, it is :math:`N(D_0 + se\,u, \; se^2 v^2 / S^2)`,
    :math:`u = (D - D_0) / S`. Alternative: "at least 50 %", an interval without a lower end.
    """

    key, code, family, alternative = "percent change", PERCENT_CHANGE, NUMBER, "interval"


class Points(Reading):
    r"""Observed mean change in points of a scale, through the mean score B at baseline.

    .. math:: y \sim N(B D / 100, \; (B v / 100)^2 + se^2)

    and with a standard error of its own as a percent change. Alternative: the standardised
    difference, whose scale is the residual standard deviation instead of a baseline.
    """

    key, code, family, alternative = "points", POINTS, NUMBER, "effect size"


class MeanScore(Reading):
    r"""Observed mean score itself.

    .. math:: y \sim N(B + B D / 100, \; (B v / 100)^2 + se^2)

    Alternative: an interval of one standard error to either side.
    """

    key, code, family, alternative = "mean score", MEAN_SCORE, NUMBER, "interval"


class EffectSize(Reading):
    r"""Standardised difference (Cohen's d) with its stated standard error.

    .. math:: y \sim N(D_0 / s + se\,u, \; se^2 v^2 / S^2), \qquad u = (D - D_0) / S

    with s the root mean square of the standard deviations of both sides. Within the same people
    u = 0 and v = S. Alternative: only the sign, as it is often unsaid which standard deviation
    was used.
    """

    key, code, family, alternative = "effect size", EFFECT_SIZE, NUMBER, "direction"


@inner
def expect_number(code: Indices, numbers: Array, offset: float, factor: float, room: Room) -> None:
    """Write mean and standard deviation of a number, from the difference in the room."""
    if code[KIND] == EFFECT_SIZE:
        _standardise(code[COUNTS2], room)
    elif code[OWN] == 1:
        room.first[:] = factor
    else:
        _add_error(numbers[ERROR], offset, factor, room)
        return
    error = numbers[ERROR]
    for k in range(room.first.size):
        one = 1.0 / room.error[k]
        room.first[k] = offset + room.first[k] * room.typical[k] + error * room.person[k] * one
        room.second[k] = error * room.noise[k] * one


@inner
def _standardise(controls: int, room: Room) -> None:
    """Write one over the standard deviation by which a difference is divided."""
    share = 0.5 if controls else 1.0
    for k in range(room.first.size):
        room.first[k] = 1.0 / math.sqrt(share * (room.square[k] + room.square2[k]))


@inner
def _add_error(error: float, offset: float, factor: float, room: Room) -> None:
    """Write mean and standard deviation where an error is independent of people and visits."""
    for k in range(room.first.size):
        scaled = factor * room.noise[k]
        room.first[k] = offset + factor * (room.typical[k] + room.person[k])
        room.second[k] = math.sqrt(scaled * scaled + error * error)
