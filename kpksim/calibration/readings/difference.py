r"""The observed mean difference between two sides, split into what people and visits add to it.

Side A and side C are means over points of the same people each; without a side C it is the change
from the people's own baseline. With n people on a side, s the root mean square of the standard
deviations of its points and V of them,

.. math::

    D_0 = \bar\mu_A - \bar\mu_C, \qquad
    D = D_0 + h_A \sqrt{\rho / n_A}\, z_A - h_C \sqrt{\rho / n_C}\, z_C

.. math::

    v^2 = (1 - \rho) \left(\frac{s_A^2}{n_A V_A} + \frac{s_C^2}{n_C V_C}\right), \qquad
    S^2 = v^2 + \operatorname{var}(D - D_0)

with h = s but for people who were chosen, who differ less from each other
(`kpksim.calibration.readings.chosen`). Within the same people z_A = z_C and what the people add
cancels but for unequal standard deviations; in parallel groups each side has half of the people.
"""

import math

from kpksim.calibration.readings.codes import (
    COUNTS,
    COUNTS2,
    GROUP,
    GROUP2,
    PEOPLE,
    SAME,
    STARTS,
    STARTS2,
)
from kpksim.calibration.readings.room import Room
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import inner


@inner
def side(
    points: Indices, start: int, count: int, room: Room, mean: Array, square: Array, own: Array
) -> None:  # fmt: skip
    """Write mean and mean squares of the standard deviations over the points of a side."""
    nodes = mean.size
    mean[:] = 0.0
    square[:] = 0.0
    own[:] = 0.0
    for i in range(start, start + count):
        mu, spread, held = room.mu[points[i]], room.spread[points[i]], room.held[points[i]]
        share = 1.0 / count
        for k in range(nodes):
            mean[k] += share * mu[k]
            square[k] += share * spread[k] * spread[k]
            own[k] += share * held[k] * held[k]


@inner
def compare(
    points: Indices, start: int, start2: int, count: int, count2: int, code: Indices,
    numbers: Array, rho: float, room: Room,
) -> None:  # fmt: skip
    """Write the difference of two sides, or of one side from baseline, into the room.

    The mean squares become those of scores, of people and visits together.
    """
    side(points, start, count, room, room.mean, room.square, room.own)
    side(points, start2, count2, room, room.mean2, room.square2, room.own2)
    same = code[SAME] == 1 or count2 == 0
    people = numbers[PEOPLE] if same else 0.5 * numbers[PEOPLE]
    visits, visits2 = 1.0 / count, 1.0 / max(count2, 1)
    za, zc = room.z[code[GROUP]], room.z[code[GROUP if same else GROUP2]]
    together = 2.0 if same else 0.0
    for k in range(room.mean.size):
        square, square2 = room.square[k], room.square2[k]
        own, own2 = room.own[k], room.own2[k]
        s, s2 = math.sqrt(own), math.sqrt(own2)
        root = math.sqrt(rho / people)
        within = (1.0 - rho) / people * (square * visits + square2 * visits2)
        between = rho / people * (own + own2 - together * s * s2)
        room.square[k] = (1.0 - rho) * square + rho * own
        room.square2[k] = (1.0 - rho) * square2 + rho * own2
        room.typical[k] = room.mean[k] - room.mean2[k]
        room.person[k] = root * (s * za[k] - s2 * zc[k])
        room.noise[k] = math.sqrt(within)
        room.error[k] = math.sqrt(within + between)


@inner
def compare_sides(points: Indices, code: Indices, numbers: Array, rho: float, room: Room) -> None:
    """Write the difference of the two sides of a statement."""
    compare(
        points, code[STARTS], code[STARTS2], code[COUNTS], code[COUNTS2], code, numbers, rho, room
    )


@inner
def compare_one(
    points: Indices, which: int, code: Indices, numbers: Array, rho: float, room: Room
) -> None:
    """Write the difference at one point of side A and, if there is one, the same of side C."""
    compare(
        points, code[STARTS] + which, code[STARTS2] + which, 1, min(code[COUNTS2], 1), code,
        numbers, rho, room,
    )  # fmt: skip
