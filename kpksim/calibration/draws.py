"""Outcomes of statements drawn from what they expect: simulated data, posterior predictive."""

import numpy as np

from kpksim.calibration.normal import binomial_tails, normal_quantile
from kpksim.calibration.readings import codes
from kpksim.calibration.rows import Effects, Statements
from kpksim.calibration.study_kernel import expectations
from kpksim.engine.actions import Array, Indices


def draw_data(
    rng: np.random.Generator, statements: Statements, effects: Effects, baselines: Array,
    rho: float, tau: float,
) -> Array:  # fmt: skip
    """Draw what the studies would have found, for one set of parameters.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    statements : Statements
        Statements of all studies; what they found is not looked at. Each tells nothing with its
        probability q, as the likelihood has it.
    effects : Effects
        What the parameters say of their points.
    baselines : array
        Mean scores at baseline.
    rho, tau : float
        Share of the variance that is the person's; standard deviation of study effects.

    Returns
    -------
    array, shape (J,)
        A number, a count, or 1 for yes and 0 for no, in the order of the rows.
    """
    found = np.empty(len(statements.codes))
    for s, (first, end, _, _, latents) in enumerate(statements.bounds.tolist()):
        z = rng.standard_normal((latents, 1))
        one, two = expectations(statements, effects, baselines, rho, tau, s, z)
        for i, j in enumerate(range(first, end)):
            row = statements.codes[j], statements.numbers[j]
            found[j] = _draw(rng, *row, one[i, 0], two[i, 0], z[:, 0])
    silent = rng.random(len(found)) < statements.numbers[:, codes.DOUBT]
    for j in np.flatnonzero(silent).tolist():
        found[j] = _draw_flat(rng, statements.codes[j], statements.numbers[j])
    return found


def _draw(
    rng: np.random.Generator, code: Indices, numbers: Array, one: float, two: float, z: Array
) -> float:
    """Draw one outcome from what its reading expects."""
    kind = code[codes.KIND]
    if kind <= codes.EFFECT_SIZE:
        return float(rng.normal(one, two))
    if kind in (codes.EVER_RESPONDED, codes.RESPONDED):
        noise = rng.standard_normal()
        behind = two * z[code[codes.GROUP]] + np.sqrt(1.0 - two * two) * noise
        return _count_of(behind, int(numbers[codes.PEOPLE]), one)
    return float(rng.random() < one)


def _count_of(behind: float, people: int, rate: float) -> float:
    """Give the count that stands at the same quantile as a standard normal number."""
    for k in range(people):
        below, above = binomial_tails(k, people, rate)
        if behind <= normal_quantile(below, above):
            return float(k)
    return float(people)


def _draw_flat(rng: np.random.Generator, code: Indices, numbers: Array) -> float:
    """Draw an outcome that tells nothing."""
    kind = code[codes.KIND]
    if kind in (codes.EVER_RESPONDED, codes.RESPONDED):
        return float(rng.integers(int(numbers[codes.PEOPLE]) + 1))
    if kind > codes.EFFECT_SIZE:
        return float(rng.integers(2))
    width = 1.0 / numbers[codes.FLAT]
    start = 0.0 if code[codes.UNIT] == codes.SCORE else -width
    return float(rng.uniform(start, start + width))
