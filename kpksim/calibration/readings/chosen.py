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
from kpksim.calibration.readings.room import Room
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
def write_choice(chooser: int, rho: float, room: Room) -> None:
    """Write how people were chosen at every node; into rows that nothing else needs meanwhile.

    Parameters
    ----------
    chooser : int
        Point of the test that chose the people; -1 for people as they come.
    rho : float
        Share of the variance that is the person's.
    room : Room
        `typical` gets a, `person` the mean deviation of those chosen with its sign turned, and
        `error` their standard deviation over that of all.
    """
    if chooser < 0:
        room.person[:] = 0.0
        room.error[:] = 1.0
        return
    test, width, person = room.mu[chooser], room.spread[chooser], math.sqrt(rho)
    for k in range(test.size):
        a = (CHOICE - test[k]) / width[k]
        ratio = normal_pdf(a) / normal_cdf(a)
        room.typical[k] = a
        room.person[k] = person * ratio
        room.error[k] = math.sqrt(max(1.0 - rho * ratio * (ratio + a), 1e-12))


@inner
def write_shares(b: float, chooser: int, rho: float, room: Room) -> None:
    """Write how many people have a deviation: the normal density, of those who were chosen.

    Parameters
    ----------
    b : float
        The deviation.
    chooser : int
        Point of the test that chose the people; -1 for people as they come.
    rho : float
        Share of the variance that is the person's.
    room : Room
        After `write_choice`; `mean` is written.
    """
    density = normal_pdf(b)
    if chooser < 0:
        room.mean[:] = density
        return
    person, visit = math.sqrt(rho), 1.0 / math.sqrt(1.0 - rho)
    for k in range(room.mean.size):
        room.mean[k] = density * normal_cdf((room.typical[k] - person * b) * visit)
