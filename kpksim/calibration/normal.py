r"""Normal and binomial distributions that a compiler can work out for several numbers at once.

The upper tail of the normal distribution is, for a >= 0,

.. math:: \Phi(-a) = e^{-a^2 / 2} \; t \; Q(t), \qquad t = \frac{1}{1 + c a}

the form of formula 7.1.26 of [Abramowitz1964]_, with a polynomial Q of degree 10 instead of 4. Its
coefficients are worked out here from SciPy's scaled complementary error function, so that the
error is below 1e-8 of the tail itself: small probabilities are as good as large ones.

References
----------
.. [Abramowitz1964] Abramowitz M, Stegun IA, Handbook of Mathematical Functions, 1964: 7.1.26 (form
   of the tail) and 26.2.23 (form of the start of the quantile).
"""

import math
from typing import Any

import numpy as np
from scipy.special import erfcx

from kpksim.engine.compiled import compiled, inner
from kpksim.engine.elementary import exponential

SHRINK = 0.23
"""c of the tail; the one that makes a polynomial of degree 10 best, to two digits."""

DEGREE = 10
ROOT = 1.0 / math.sqrt(2.0 * math.pi)
SURE = 9.0
"""Standard deviations beyond which a probability counts as 0 or 1 in a quantile."""

LEAST = 1.2e-19
"""Probability beyond `SURE`."""

STEPS = 3


def _scaled_tail(t: float) -> Any:
    """Give Q(t), from the scaled complementary error function."""
    a = (1.0 / t - 1.0) / SHRINK
    return 0.5 * erfcx(a / math.sqrt(2.0)) / t


def _near_best() -> tuple[float, ...]:
    """Give the coefficients of the polynomial through the Chebyshev points of 0 to 1."""
    angles = np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1)
    points = 0.5 + 0.5 * np.cos(angles)
    values = [_scaled_tail(float(one)) for one in points]
    found = np.polynomial.Polynomial.fit(points, values, DEGREE, domain=[0.0, 1.0])
    return tuple(float(one) for one in found.convert().coef)


Q0, Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8, Q9, Q10 = _near_best()


@compiled
def normal_cdf(x: float) -> float:
    """Probability that a standard normal number is below a limit.

    Parameters
    ----------
    x : float
        The limit; may be infinite.

    Returns
    -------
    float
        The probability, good to 1e-8 of itself below 0 and to 1e-8 above.

    Examples
    --------
    >>> round(normal_cdf(0.0), 7), round(normal_cdf(-1.959964), 7), normal_cdf(math.inf)
    (0.5, 0.025, 1.0)
    """
    a = abs(x)
    t = 1.0 / (1.0 + SHRINK * a)
    q = Q10
    q = q * t + Q9
    q = q * t + Q8
    q = q * t + Q7
    q = q * t + Q6
    q = q * t + Q5
    q = q * t + Q4
    q = q * t + Q3
    q = q * t + Q2
    q = q * t + Q1
    q = q * t + Q0
    tail = q * t * exponential(-0.5 * a * a)
    return tail if x < 0.0 else 1.0 - tail


@compiled
def normal_pdf(x: float) -> float:
    """Density of the standard normal distribution.

    Examples
    --------
    >>> round(normal_pdf(0.0), 7)
    0.3989423
    """
    return ROOT * exponential(-0.5 * x * x)


@compiled
def normal_quantile(p: float, rest: float) -> float:
    r"""Limit below which a standard normal number lies with a probability.

    It starts from the leading term of the tail, :math:`x^2 = -2 \ln(p) - \ln(-4 \pi \ln p)`, or
    from the tangent in the middle, and is refined by Halley's method on :math:`\ln \Phi(-a)`.

    Parameters
    ----------
    p : float
        The probability.
    rest : float
        One minus it, worked out by itself so that a probability near 1 loses nothing.

    Returns
    -------
    float
        The limit, within plus and minus `SURE`.

    Examples
    --------
    >>> round(normal_quantile(0.975, 0.025), 5), normal_quantile(1.0, 0.0)
    (1.95996, 9.0)
    """
    tail = min(p, rest)
    if tail <= LEAST:
        return SURE if rest < p else -SURE
    log_tail = math.log(tail)
    a = math.sqrt(max(-2.0 * log_tail - math.log(1.0 - 4.0 * log_tail), 0.0))
    for _ in range(STEPS):
        below = normal_cdf(-a)
        miss = (math.log(below) - log_tail) * below / normal_pdf(a)
        # d ln(tail)/da = -pdf/tail =: -h;   h' = h (h - a), Newton's step times Halley's factor
        h = normal_pdf(a) / below
        a += miss / (1.0 - 0.5 * miss * (a - h))
    return a if rest < p else -a


@compiled
def binomial_tails(k: int, n: int, p: float) -> tuple[float, float]:
    """Probabilities of at most, and of more than, k successes.

    Parameters
    ----------
    k, n : int
        A number of successes, out of so many trials.
    p : float
        Probability of a success in one trial.

    Returns
    -------
    float, float
        Both probabilities, each summed by itself so that a small one is as good as a large one.

    Examples
    --------
    >>> binomial_tails(0, 2, 0.5)
    (0.25, 0.75)
    """
    if p > 0.5:
        more, fewer = _sums(n - k - 1, n, 1.0 - p)
        return fewer, more
    return _sums(k, n, p)


@inner
def _sums(k: int, n: int, p: float) -> tuple[float, float]:
    """Sum the probabilities up to and beyond k, for p of at most a half."""
    chance = (1.0 - p) ** n
    odds = p / (1.0 - p)
    below = above = 0.0
    for i in range(n + 1):
        if i <= k:
            below += chance
        else:
            above += chance
        chance *= odds * (n - i) / (i + 1.0)
    return below, above
