r"""Readings of a test or a comparison: passed or not, more or less, no difference."""

import math

from kpksim.calibration.normal import normal_cdf, normal_pdf
from kpksim.calibration.readings.codes import (
    COUNTS,
    COUNTS2,
    DIRECTION,
    GROUP,
    HIGH,
    KIND,
    LOW,
    NOT_SIGNIFICANT,
    OFFSET,
    ORDER,
    PEOPLE,
    PLATEAU,
    SIGNIFICANCE,
    SIGNIFICANT,
    STARTS,
    YES_NO,
)
from kpksim.calibration.readings.difference import compare_one, compare_sides
from kpksim.calibration.readings.reading import Reading
from kpksim.calibration.readings.room import Room
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import inner

CHAIN_STEP = 0.5
CHAIN_NODES = 16
"""Trapezoidal rule over the noise of the middle one of three means, from -3.75 to 3.75."""


class Significant(Reading):
    r"""A difference from the control, or from the own baseline, passed its test.

    .. math:: P = \Phi\left(\frac{-1.96\,S - D}{v}\right)

    Alternative: only the sign of the difference.
    """

    key, code, family, alternative = "significant", SIGNIFICANT, YES_NO, "direction"


class Direction(Reading):
    r"""One side did more than the other, tested or not.

    .. math:: P = \Phi(-D / v)

    Alternative: the test was passed.
    """

    key, code, family, alternative = "direction", DIRECTION, YES_NO, "significant"


class NotSignificant(Reading):
    r"""A test was not passed in either direction.

    .. math:: P = \Phi\left(\frac{1.96\,S - D}{v}\right) - \Phi\left(\frac{-1.96\,S - D}{v}\right)

    Alternative: left out, as what is not said to be significant need not have been tested.
    """

    key, code, family, alternative = "not significant", NOT_SIGNIFICANT, YES_NO, ""


class Order(Reading):
    r"""Two or three means in their order, the first with the largest effect.

    .. math:: P(y_1 < y_2) = \Phi(-D / v), \qquad
        P(y_1 < y_2 < y_3) = \int \Phi\left(\frac{y - m_1}{v_1}\right)
        \Phi\left(\frac{m_3 - y}{v_3}\right) N(y; m_2, v_2^2) \, dy

    with m and v given what the people add; visits are independent. Alternative: the difference of
    two passed a test.
    """

    key, code, family, alternative = "order", ORDER, YES_NO, "significant"


class Plateau(Reading):
    r"""The difference between two times or arms is within a margin.

    .. math:: P = \Phi\left(\frac{hi - D}{v}\right) - \Phi\left(\frac{lo - D}{v}\right)

    Alternative: left out.
    """

    key, code, family, alternative = "plateau", PLATEAU, YES_NO, ""


class Offset(Reading):
    r"""Significant at one rating and not at the next.

    .. math:: P = P_{significant}(t_1) \, P_{not\ significant}(t_2)

    given what the people add, as visits are independent. Alternative: significant at the first.
    """

    key, code, family, alternative = "offset", OFFSET, YES_NO, "significant"


@inner
def expect_contrast(points: Indices, code: Indices, numbers: Array, rho: float, room: Room) -> None:
    """Write the probability of yes of a test or a comparison."""
    kind = code[KIND]
    if kind == ORDER and code[COUNTS2] == 0:
        _ordered(points, code, numbers, rho, room)
    elif kind == OFFSET:
        compare_one(points, 0, code, numbers, rho, room)
        _within(-math.inf, -SIGNIFICANCE, room, room.second)
        compare_one(points, 1, code, numbers, rho, room)
        _within(-SIGNIFICANCE, SIGNIFICANCE, room, room.first)
        for k in range(room.first.size):
            room.first[k] *= room.second[k]
    else:
        compare_sides(points, code, numbers, rho, room)
        _tested(kind, numbers, room)


@inner
def _tested(kind: int, numbers: Array, room: Room) -> None:
    """Write the probability of yes from the difference in the room."""
    if kind == SIGNIFICANT:
        _within(-math.inf, -SIGNIFICANCE, room, room.first)
    elif kind == NOT_SIGNIFICANT:
        _within(-SIGNIFICANCE, SIGNIFICANCE, room, room.first)
    elif kind == PLATEAU:
        between(numbers[LOW], numbers[HIGH], 0.0, room)
    else:
        between(-math.inf, 0.0, 0.0, room)


@inner
def _within(low: float, high: float, room: Room, out: Array) -> None:
    """Write the probability that the observed difference is within limits in standard errors."""
    for k in range(out.size):
        over = 1.0 / room.noise[k]
        shift = (room.typical[k] + room.person[k]) * over
        scale = room.error[k] * over
        out[k] = normal_cdf(high * scale - shift) - normal_cdf(low * scale - shift)


@inner
def between(low: float, high: float, error: float, room: Room) -> None:
    """Write the probability that the observed difference is within limits, with an own error."""
    for k in range(room.first.size):
        over = 1.0 / math.sqrt(room.noise[k] * room.noise[k] + error * error)
        shift = room.typical[k] + room.person[k]
        room.first[k] = normal_cdf((high - shift) * over) - normal_cdf((low - shift) * over)


@inner
def _ordered(points: Indices, code: Indices, numbers: Array, rho: float, room: Room) -> None:
    """Write the probability of the order of two or three means of the same people."""
    start, people, z = code[STARTS], numbers[PEOPLE], room.z[code[GROUP]]
    visit, person = math.sqrt((1.0 - rho) / people), math.sqrt(rho / people)
    one, two = points[start], points[start + 1]
    three = points[start + code[COUNTS] - 1]
    for part, at in ((room.mean, one), (room.mean2, two), (room.typical, three)):
        for k in range(z.size):
            part[k] = room.mu[at, k] + person * room.held[at, k] * z[k]
    if code[COUNTS] == 2:
        for k in range(z.size):
            s, s2 = room.spread[one, k], room.spread[two, k]
            gap = room.mean2[k] - room.mean[k]
            room.first[k] = normal_cdf(gap / (visit * math.sqrt(s * s + s2 * s2)))
        return
    room.first[:] = 0.0
    total = 0.0
    for i in range(CHAIN_NODES):
        w = CHAIN_STEP * (i - 0.5 * (CHAIN_NODES - 1))
        weight = normal_pdf(w)
        total += weight
        for k in range(z.size):
            y = room.mean2[k] + w * visit * room.spread[two, k]
            low = normal_cdf((y - room.mean[k]) / (visit * room.spread[one, k]))
            high = normal_cdf((room.typical[k] - y) / (visit * room.spread[three, k]))
            room.first[k] += weight * low * high
    for k in range(z.size):
        room.first[k] /= total
