r"""Readings of people who responded: how many of n, at one visit or at any of several.

A person with deviation b, standard normal, responds at one of the visits with

.. math:: R(b) = 1 - \prod_t \Phi\left(\frac{\mu_t + s_t \sqrt\rho\, b - c}{s_t \sqrt{1 - \rho}}
   \right), \qquad p = \int R(b)\, \phi(b)\, db

(of people who were chosen with the density of those chosen instead of phi, b counted from their
mean), and the count K of n people is binomial(n, p). It goes together with the mean deviation z of
the same people: K is the quantile of a normal number x whose correlation g with z makes the
correlation of K and z what it is for people drawn one by one,

.. math:: P(K \le k \mid z) = \Phi\left(\frac{t_k - g z}{\sqrt{1 - g^2}}\right), \qquad
   t_k = \Phi^{-1}(F_{n,p}(k)), \qquad
   g = \frac{\int b R(b) \phi(b) db}{\sqrt{p (1 - p)}}
       \frac{\sqrt{n p (1 - p)}}{\sum_k \phi(t_k)}

as :math:`E[K x] = \sum_k \phi(t_k)`. Both integrals are sums by the trapezoidal rule, which is the
best rule for them as all ends are flat.
"""

import math
from functools import lru_cache

import numpy as np

from kpksim.calibration.normal import binomial_tails, normal_cdf, normal_pdf, normal_quantile
from kpksim.calibration.readings.chosen import write_choice, write_shares
from kpksim.calibration.readings.codes import (
    COUNT,
    COUNTS,
    EVER_RESPONDED,
    RELAPSE,
    RESPONDED,
    STARTS,
    YES_NO,
)
from kpksim.calibration.readings.reading import Reading
from kpksim.calibration.readings.room import Room
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import compiled, inner
from kpksim.engine.elementary import logarithm

PERSON_STEP = 1.0 / 3.0
PERSON_NODES = 24
"""Trapezoidal rule over a person's deviation, from -3.83 to 3.83."""

TABLE_LIMIT, TABLE = 14.0, 113
"""Logits of p, evenly from minus to plus the limit, at which tables of counts are kept."""

TABLE_STEP = 2.0 * TABLE_LIMIT / (TABLE - 1)
RAREST = 1e-6

ENDLESS = 1e3
"""Stands for a limit that nothing passes."""

LARGEST_TIE = 0.995


class EverResponded(Reading):
    r"""k of n people were beyond a threshold at one or more of several visits.

    Alternative: at the first visit alone.
    """

    key, code, family, alternative = "ever responded", EVER_RESPONDED, COUNT, "responded"


class Responded(Reading):
    r"""k of n people were beyond a threshold at a visit.

    Alternative: at any visit, where the words leave it open.
    """

    key, code, family, alternative = "responded", RESPONDED, COUNT, "ever responded"


class Relapse(Reading):
    r"""More than half of n people are back above a threshold.

    .. math:: P = P(K < n / 2 \mid z)

    for the count K of those who still are below. Alternative: the mean is not significantly below
    baseline.
    """

    key, code, family, alternative = "relapse", RELAPSE, YES_NO, "not significant"


@inner
def responding(
    points: Indices, code: Indices, threshold: float, rho: float, chooser: int, room: Room
) -> None:
    """Write the probability that a person responds, and its correlation with the deviation.

    Parameters
    ----------
    points : array of int
        Points of all statements.
    code : array of int
        Whole numbers of the statement.
    threshold : float
        Below it a person has responded [effect scale].
    rho : float
        Share of the variance that is the person's.
    chooser : int
        Point of the test that chose the people; -1 for people as they come.
    room : Room
        Means and standard deviations; `first` and `second` are written.
    """
    rate, tie, missed, total = room.first, room.second, room.product, room.noise
    share, over = room.mean, room.person
    rate[:] = 0.0
    tie[:] = 0.0
    total[:] = 0.0
    write_choice(chooser, rho, room)
    person, visit = math.sqrt(rho), math.sqrt(1.0 - rho)
    for i in range(PERSON_NODES):
        b = PERSON_STEP * (i - 0.5 * (PERSON_NODES - 1))
        write_shares(b, chooser, rho, room)
        missed[:] = 1.0
        for j in range(code[STARTS], code[STARTS] + code[COUNTS]):
            means, spreads = room.mu[points[j]], room.spread[points[j]]
            for k in range(rate.size):
                s = spreads[k]
                mean = means[k] + s * person * (b + over[k])
                missed[k] *= normal_cdf((mean - threshold) / (s * visit))
        for k in range(rate.size):
            total[k] += share[k]
            rate[k] += share[k] * (1.0 - missed[k])
            tie[k] += share[k] * (1.0 - missed[k]) * (b + over[k])
    for k in range(rate.size):
        p = min(max(rate[k] / total[k], 0.0), 1.0)
        rate[k] = p
        tie[k] = tie[k] / (total[k] * room.error[k]) / math.sqrt(max(p * (1.0 - p), 1e-18))


@inner
def cubic(place: float, size: int) -> tuple[int, float, float, float, float]:
    """Give the cubic through four neighbours of a table: the first of them and their weights."""
    i = int(min(max(place, 1.0), size - 3.0))
    x = min(max(place - i, -1.0), 2.0)
    a = -x * (x - 1.0) * (x - 2.0) * (1.0 / 6.0)
    b = (x + 1.0) * (x - 1.0) * (x - 2.0) * 0.5
    c = -(x + 1.0) * x * (x - 2.0) * 0.5
    d = (x + 1.0) * x * (x - 1.0) * (1.0 / 6.0)
    return i - 1, a, b, c, d


@inner
def place_of(rate: float) -> float:
    """Give the place of a probability in the tables of counts."""
    p = min(max(rate, RAREST), 1.0 - RAREST)
    return (logarithm(p) - logarithm(1.0 - p) + TABLE_LIMIT) * (1.0 / TABLE_STEP)


@inner
def looked_up(row: Array, i: int, a: float, b: float, c: float, d: float) -> float:
    """Give the value of a cubic."""
    found: float = a * row[i] + b * row[i + 1] + c * row[i + 2] + d * row[i + 3]
    return found


@inner
def copula_tie(rate: float, tie: float, table: Array) -> float:
    """Give the correlation of the normal number behind a count with the deviation."""
    i, a, b, c, d = cubic(place_of(rate), TABLE)
    loss = looked_up(table[2], i, a, b, c, d)
    return min(max(tie * loss, -LARGEST_TIE), LARGEST_TIE)


@inner
def cut_counts(
    table: Array, rate: Array, tie: Array, upper: Array, lower: Array, slope: Array
) -> None:
    r"""Write what the probability of a count given z is made of.

    It is :math:`\Phi(upper - slope\,z) - \Phi(lower - slope\,z)`.
    """
    for k in range(rate.size):
        i, a, b, c, d = cubic(place_of(rate[k]), TABLE)
        g = tie[k] * looked_up(table[2], i, a, b, c, d)
        g = min(max(g, -LARGEST_TIE), LARGEST_TIE)
        one = 1.0 / math.sqrt(1.0 - g * g)
        upper[k] = looked_up(table[0], i, a, b, c, d) * one
        lower[k] = looked_up(table[1], i, a, b, c, d) * one
        slope[k] = g * one


def count_table(kind: int, people: int, value: float) -> Array:
    r"""Give the table of a statement that is read from a count.

    Parameters
    ----------
    kind : int
        Code of the reading.
    people : int
        n.
    value : float
        The count; not looked at for a relapse.

    Returns
    -------
    array, shape (3, TABLE)
        :math:`t_k, t_{k - 1}` and the loss of correlation over the logits of p; a relapse has no
        lower end.
    """
    if kind == RELAPSE:
        return np.stack(
            [_cuts(math.ceil(0.5 * people) - 1, people), _cuts(-1, people), _losses(people)]
        )
    k = int(value)
    return np.stack([_cuts(k, people), _cuts(k - 1, people), _losses(people)])


def _rates() -> Array:
    """Give the probabilities of the tables."""
    logits = np.linspace(-TABLE_LIMIT, TABLE_LIMIT, TABLE)
    return 1.0 / (1.0 + np.exp(-logits))


@lru_cache(maxsize=4096)
def _cuts(k: int, people: int) -> Array:
    r"""Give :math:`t_k` over the logits of p; without an end for none and for all."""
    if k < 0 or k >= people:
        return np.full(TABLE, math.copysign(ENDLESS, k))
    return np.array([normal_quantile(*binomial_tails(k, people, one)) for one in _rates()])


@lru_cache(maxsize=512)
def _losses(people: int) -> Array:
    r"""Give :math:`\sqrt{n p (1 - p)} / \sum_k \phi(t_k)` over the logits of p; at least 1."""
    return np.array([_loss(people, one) for one in _rates()])


@compiled
def _loss(people: int, rate: float) -> float:
    """Give how much a count loses of its correlation as it takes whole numbers only."""
    total = 0.0
    for k in range(people):
        below, above = binomial_tails(k, people, rate)
        total += normal_pdf(normal_quantile(below, above))
    return math.sqrt(people * rate * (1.0 - rate)) / total
