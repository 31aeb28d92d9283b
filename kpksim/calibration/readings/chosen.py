r"""People who were chosen because an earlier test had found them to respond.

With a person's deviation b, standard normal before the choice, the test chose those with

.. math:: \mu_c + s_c (\sqrt\rho\, b + \sqrt{1 - \rho}\, w) < -50, \qquad
   P(\text{chosen} \mid b) = \Phi\left(\frac{a - \sqrt\rho\, b}{\sqrt{1 - \rho}}\right), \qquad
   a = \frac{-50 - \mu_c}{s_c}

Of the truncated normal distribution, with :math:`\lambda = \phi(a) / \Phi(a)`, those chosen have

.. math:: E[b] = -\sqrt\rho\, \lambda, \qquad
   \operatorname{var}(b) = 1 - \rho\, \lambda (\lambda + a)

so that their means are lower by :math:`\rho s \lambda` and they differ less from each other.

References
----------
Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, volume 1, 1994, section 10.1:
moments of the truncated normal distribution.
"""

import math

from kpksim.calibration.normal import normal_cdf, normal_pdf
from kpksim.calibration.readings.codes import COUNTS, STARTS
from kpksim.calibration.readings.responders import PERSON_NODES, PERSON_STEP
from kpksim.calibration.readings.room import Room
from kpksim.engine.actions import Indices
from kpksim.engine.compiled import inner

CHOICE = -50.0
"""Percent change that chose the people of an arm of responders."""

LARGEST_LOSS = -100.0
"""No score falls by more [%]."""


@inner
def choose(chooser: int, point: int, rho: float, room: Room) -> None:
    """Shift the mean of people who were chosen, and let them differ less.

    Parameters
    ----------
    chooser, point : int
        Points of the test that chose them and of what is observed now.
    rho : float
        Share of the variance that is the person's.
    room : Room
        Means and standard deviations; those of `point` are changed.
    """
    mu, spread, held = room.mu[point], room.spread[point], room.held[point]
    test, width = room.mu[chooser], room.spread[chooser]
    for k in range(mu.size):
        a = (CHOICE - test[k]) / width[k]
        ratio = normal_pdf(a) / normal_cdf(a)
        mu[k] = max(mu[k] - rho * spread[k] * ratio, LARGEST_LOSS)
        held[k] = spread[k] * math.sqrt(max(1.0 - rho * ratio * (ratio + a), 0.0))


@inner
def responding_chosen(
    points: Indices, code: Indices, threshold: float, rho: float, chooser: int, room: Room
) -> None:
    """Write the probability that a chosen person responds, and its correlation with the deviation.

    Persons count by the probability that they were chosen.

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
        Point of the test that chose the people.
    room : Room
        Means and standard deviations; `first` and `second` are written.
    """
    rate, tie, missed, total = room.first, room.second, room.product, room.noise
    rate[:] = 0.0
    tie[:] = 0.0
    total[:] = 0.0
    person, visit = math.sqrt(rho), math.sqrt(1.0 - rho)
    test, width = room.mu[chooser], room.spread[chooser]
    for i in range(PERSON_NODES):
        b = PERSON_STEP * (i - 0.5 * (PERSON_NODES - 1))
        missed[:] = 1.0
        for j in range(code[STARTS], code[STARTS] + code[COUNTS]):
            means, spreads = room.mu[points[j]], room.spread[points[j]]
            for k in range(rate.size):
                a = (CHOICE - test[k]) / width[k]
                over = b + person * normal_pdf(a) / normal_cdf(a)
                s = spreads[k]
                missed[k] *= normal_cdf((means[k] + s * person * over - threshold) / (s * visit))
        for k in range(rate.size):
            a = (CHOICE - test[k]) / width[k]
            weight = normal_pdf(b) * normal_cdf((a - person * b) / visit)
            over = b + person * normal_pdf(a) / normal_cdf(a)
            total[k] += weight
            rate[k] += weight * (1.0 - missed[k])
            tie[k] += weight * (1.0 - missed[k]) * over
    for k in range(rate.size):
        a = (CHOICE - test[k]) / width[k]
        ratio = normal_pdf(a) / normal_cdf(a)
        p = min(max(rate[k] / total[k], 0.0), 1.0)
        kept = math.sqrt(max(1.0 - rho * ratio * (ratio + a), 1e-12))
        rate[k] = p
        tie[k] = tie[k] / (total[k] * kept) / math.sqrt(max(p * (1.0 - p), 1e-18))
