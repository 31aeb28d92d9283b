r"""Readings of people who responded: how many of n, at one visit or at any of several.

A person with deviation b, standard normal, responds at one of the visits with

.. math:: R(b) = 1 - \prod_t \Phi\left(\frac{\mu_t + s_t \sqrt\rho\, b - c}{s_t \sqrt{1 - \rho}}
   \right), \qquad p = \int R(b)\, \phi(b)\, db

and the count K of n people is binomial(n, p). It goes together with the mean deviation z of the
same people: K is the quantile of a normal number x whose correlation g with z makes the
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
from kpksim.calibration.readings.codes import (
    COUNT,
    COUNTS,
    EVER_RESPONDED,
    KIND,
    PEOPLE,
    RELAPSE,
    RESPONDED,
    STARTS,
    THRESHOLD,
    TIES,
    VALUE,
    YES_NO,
)
from kpksim.calibration.readings.reading import Reading
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import compiled, inner

PERSON_STEP = 1.0 / 3.0
PERSON_NODES = 24
"""Trapezoidal rule over a person's deviation, from -3.83 to 3.83."""

TIE_LIMIT, TIE_NODES = 4.0, 33
"""Probits of p for which what a count loses of its tie is kept."""

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
    points: Indices, code: Indices, threshold: float, rho: float, mu: Array, spread: Array,
    rate: Array, tie: Array, missed: Array,
) -> None:  # fmt: skip
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
    mu, spread : array, shape (P, K)
        Mean and standard deviation at each point and node.
    rate, tie : array, shape (K,)
        What is written: p, and the correlation of responding with the deviation.
    missed : array, shape (K,)
        Room.
    """
    rate[:] = 0.0
    tie[:] = 0.0
    total = 0.0
    person, visit = math.sqrt(rho), math.sqrt(1.0 - rho)
    for i in range(PERSON_NODES):
        b = PERSON_STEP * (i - 0.5 * (PERSON_NODES - 1))
        weight = normal_pdf(b)
        total += weight
        missed[:] = 1.0
        for j in range(code[STARTS], code[STARTS] + code[COUNTS]):
            means, spreads = mu[points[j]], spread[points[j]]
            for k in range(rate.size):
                s = spreads[k]
                missed[k] *= normal_cdf((means[k] + s * person * b - threshold) / (s * visit))
        for k in range(rate.size):
            rate[k] += weight * (1.0 - missed[k])
            tie[k] += weight * (1.0 - missed[k]) * b
    for k in range(rate.size):
        p = min(max(rate[k] / total, 0.0), 1.0)
        rate[k] = p
        tie[k] = tie[k] / total / math.sqrt(max(p * (1.0 - p), 1e-18))


@inner
def limit_of(code: Indices, numbers: Array) -> int:
    """Give the k of P(K <= k): that of a count, or just under half of the people."""
    if code[KIND] == RELAPSE:
        return int(math.ceil(0.5 * numbers[PEOPLE])) - 1
    return int(numbers[VALUE])


@inner
def copula_tie(rate: float, tie: float, row: int, ties: Array) -> float:
    """Give the correlation of the normal number behind a count with the deviation."""
    x = normal_quantile(rate, 1.0 - rate)
    place = (min(max(x, -TIE_LIMIT), TIE_LIMIT) + TIE_LIMIT) * (TIE_NODES - 1) / (2.0 * TIE_LIMIT)
    i = min(int(place), TIE_NODES - 2)
    loss = ties[row, i] + (place - i) * (ties[row, i + 1] - ties[row, i])
    return min(max(tie * loss, -LARGEST_TIE), LARGEST_TIE)


@inner
def cut_counts(
    code: Indices, numbers: Array, ties: Array, rate: Array, tie: Array, upper: Array,
    lower: Array, slope: Array,
) -> None:  # fmt: skip
    r"""Write what the probability of a count given z is made of.

    It is :math:`\Phi(upper - slope\,z) - \Phi(lower - slope\,z)`; for a relapse `lower` is minus
    infinity, as far as it matters.
    """
    k, n = limit_of(code, numbers), int(numbers[PEOPLE])
    for i in range(rate.size):
        g = copula_tie(rate[i], tie[i], code[TIES], ties)
        one = 1.0 / math.sqrt(1.0 - g * g)
        below, above = binomial_tails(k, n, rate[i])
        upper[i] = normal_quantile(below, above) * one
        slope[i] = g * one
        lower[i] = -1e3
        if code[KIND] != RELAPSE and k > 0:
            below, above = binomial_tails(k - 1, n, rate[i])
            lower[i] = normal_quantile(below, above) * one
        if k >= n:
            upper[i] = 1e3


@lru_cache(maxsize=512)
def tie_losses(people: int) -> tuple[float, ...]:
    r"""Give :math:`\sqrt{n p (1 - p)} / \sum_k \phi(t_k)` over the probits of p.

    Parameters
    ----------
    people : int
        n.

    Returns
    -------
    tuple of float
        One number per probit, evenly from `-TIE_LIMIT` to `TIE_LIMIT`; at least 1.
    """
    probits = np.linspace(-TIE_LIMIT, TIE_LIMIT, TIE_NODES)
    return tuple(_loss(people, normal_cdf(one)) for one in probits)


@compiled
def _loss(people: int, rate: float) -> float:
    """Give how much a count loses of its correlation as it takes whole numbers only."""
    total = 0.0
    for k in range(people):
        below, above = binomial_tails(k, people, rate)
        total += normal_pdf(normal_quantile(below, above))
    return math.sqrt(people * rate * (1.0 - rate)) / total
