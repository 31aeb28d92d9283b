r"""Statements of one study at given latents: means, expectations, likelihood.

The latents of a study are standard normal: the study effect z_0 first, then the mean deviation of
each group of people. A mean is, with :math:`\eta = \tau z_0`,

.. math:: \mu = -100 \left(1 - e^{-(e^\eta L + p)}\right) \quad \text{(symptoms)}, \qquad
   \mu = -e^\eta E \quad \text{(points)}

and people who were chosen by an earlier test are as `kpksim.calibration.readings.chosen` says.

The likelihood of a statement is robust: with probability q it tells nothing.
"""

import math

import numpy as np

from kpksim.calibration.normal import normal_cdf, normal_pdf
from kpksim.calibration.readings.chosen import choose
from kpksim.calibration.readings.codes import (
    DOUBT,
    EFFECT_SIZE,
    EVER_RESPONDED,
    FLAT,
    GROUP,
    KIND,
    RELAPSE,
    RESPONDED,
    STARTS,
    SYMPTOM,
    TABLED,
    THRESHOLD,
    VALUE,
)
from kpksim.calibration.readings.expect import expect, scale_of
from kpksim.calibration.readings.responders import (
    copula_tie,
    cubic,
    cut_counts,
    looked_up,
    responding,
)
from kpksim.calibration.readings.room import Room, empty_room
from kpksim.calibration.rows import Effects, Statements
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import compiled, inner
from kpksim.engine.elementary import exponential, logarithm

FOLD = 12
"""Likelihoods that are multiplied before their logarithm is taken: far from the smallest number."""

GRID_LIMIT, GRID = 4.6, 24
"""Study effects at which counts are read, evenly up to so many standard deviations."""

GRID_STEP = 2.0 * GRID_LIMIT / (GRID - 1)


@inner
def write_means(
    study: Indices, statements: Statements, effects: Effects, rho: float, tau: float, room: Room
) -> None:
    """Write mean and standard deviation of every point of a study at every node."""
    first, count = study[2], study[3] - study[2]
    for k in range(room.grow.size):
        room.grow[k] = exponential(tau * room.z[0, k])
    for i in range(count):
        point = first + i
        mu, spread = room.mu[i], room.spread[i]
        drug, other = effects.drug[point], effects.other[point]
        if statements.form[point] == SYMPTOM:
            for k in range(mu.size):
                mu[k] = 100.0 * exponential(-(room.grow[k] * drug + other)) - 100.0
        else:
            for k in range(mu.size):
                mu[k] = -room.grow[k] * drug
        _write_spread(effects.sigma[point], effects.cv[point], mu, spread, room.held[i])
    for i in range(count):
        if statements.chooser[first + i] >= 0:
            choose(statements.chooser[first + i], i, rho, room)


@inner
def _write_spread(sigma: float, cv: float, mu: Array, spread: Array, held: Array) -> None:
    """Write the standard deviation of single observations, and of people, the same."""
    if cv == 0.0:
        spread[:] = sigma
        held[:] = sigma
        return
    for k in range(mu.size):
        part = cv * mu[k]
        spread[k] = held[k] = math.sqrt(part * part + sigma * sigma)


@inner
def is_counted(kind: int) -> bool:
    """Tell whether a statement is read from a count of people."""
    return kind in (EVER_RESPONDED, RESPONDED, RELAPSE)


@inner
def effect_threshold(code: Indices, numbers: Array, baselines: Array) -> float:
    """Give the threshold of a statement on the scale of the effect."""
    offset, factor = scale_of(code, baselines)
    threshold: float = (numbers[THRESHOLD] - offset) / factor
    return threshold


@inner
def _respond(
    study: Indices, statements: Statements, code: Indices, threshold: float, rho: float, room: Room
) -> None:
    """Write how probable it is that a person responds, and its correlation with the deviation."""
    places = statements.places
    chooser = statements.chooser[study[2] + places[code[STARTS]]]
    responding(places, code, threshold, rho, chooser, room)


@inner
def write_counts(
    study: Indices, statements: Statements, effects: Effects, baselines: Array, rho: float,
    tau: float, room: Room, cuts: Array,
) -> None:  # fmt: skip
    """Write what counts need over a grid of study effects; `room` has `GRID` nodes."""
    for k in range(GRID):
        room.z[0, k] = k * GRID_STEP - GRID_LIMIT
    write_means(study, statements, effects, rho, tau, room)
    for j in range(study[0], study[1]):
        code, numbers = statements.codes[j], statements.numbers[j]
        if is_counted(code[KIND]):
            threshold = effect_threshold(code, numbers, baselines)
            part = cuts[j - study[0]]
            _respond(study, statements, code, threshold, rho, room)
            table = statements.tables[code[TABLED]]
            cut_counts(table, room.first, room.second, part[0], part[1], part[2])


@inner
def write_product(
    study: Indices, statements: Statements, baselines: Array, rho: float, cuts: Array,
    room: Room, out: Array,
) -> None:  # fmt: skip
    """Write the logarithm of the product of all likelihoods at every node."""
    out[:] = 0.0
    room.product[:] = 1.0
    for j in range(study[0], study[1]):
        code, numbers = statements.codes[j], statements.numbers[j]
        kind = code[KIND]
        if is_counted(kind):
            _interpolate(cuts[j - study[0]], room)
            _times_count(code, numbers, room)
        else:
            expect(kind, statements.places, code, numbers, baselines, rho, room)
            if kind <= EFFECT_SIZE:
                _times_number(numbers, room)
            else:
                _times_answer(numbers, room)
        if (j - study[0]) % FOLD == FOLD - 1 or j == study[1] - 1:
            for k in range(out.size):
                out[k] += logarithm(room.product[k])
                room.product[k] = 1.0


@inner
def _interpolate(cuts: Array, room: Room) -> None:
    """Write what a count needs at the nodes, by cubics through four neighbours of the grid."""
    upper, lower, slope = cuts[0], cuts[1], cuts[2]
    for k in range(room.first.size):
        i, a, b, c, d = cubic((room.z[0, k] + GRID_LIMIT) * (1.0 / GRID_STEP), GRID)
        room.first[k] = looked_up(upper, i, a, b, c, d)
        room.second[k] = looked_up(lower, i, a, b, c, d)
        room.person[k] = looked_up(slope, i, a, b, c, d)


@inner
def _times_count(code: Indices, numbers: Array, room: Room) -> None:
    """Multiply by the likelihood of a count, or of a relapse."""
    z, doubt = room.z[code[GROUP]], numbers[DOUBT]
    no = code[KIND] == RELAPSE and numbers[VALUE] == 0.0
    start, sign = (1.0, -1.0) if no else (0.0, 1.0)
    for k in range(room.first.size):
        tied = room.person[k] * z[k]
        chance = normal_cdf(room.first[k] - tied) - normal_cdf(room.second[k] - tied)
        room.product[k] *= (1.0 - doubt) * (start + sign * chance) + doubt * numbers[FLAT]


@inner
def _times_number(numbers: Array, room: Room) -> None:
    """Multiply by the likelihood of a number."""
    doubt, flat, value = numbers[DOUBT], numbers[FLAT], numbers[VALUE]
    for k in range(room.first.size):
        one = 1.0 / room.second[k]
        density = normal_pdf((value - room.first[k]) * one) * one
        room.product[k] *= (1.0 - doubt) * density + doubt * flat


@inner
def _times_answer(numbers: Array, room: Room) -> None:
    """Multiply by the likelihood of a yes or a no."""
    doubt, flat = numbers[DOUBT], numbers[FLAT]
    start, sign = (0.0, 1.0) if numbers[VALUE] > 0.5 else (1.0, -1.0)
    for k in range(room.first.size):
        room.product[k] *= (1.0 - doubt) * (start + sign * room.first[k]) + doubt * flat


@compiled
def log_products(
    statements: Statements, effects: Effects, baselines: Array, rho: float, tau: float,
    which: int, z: Array,
) -> Array:  # fmt: skip
    """Logarithm of the product of a study's likelihoods at given latents.

    Parameters
    ----------
    statements : Statements
        Statements of all studies.
    effects : Effects
        What the parameters say of their points.
    baselines : array
        Mean scores at baseline, as the rows number them.
    rho, tau : float
        Share of the variance that is the person's; standard deviation of study effects.
    which : int
        The study.
    z : array, shape (L, K)
        Latents.

    Returns
    -------
    array, shape (K,)
        The logarithms.
    """
    study = statements.bounds[which]
    points, rows = study[3] - study[2], study[1] - study[0]
    cuts = np.zeros((rows, 3, GRID))
    write_counts(
        study, statements, effects, baselines, rho, tau, empty_room(points, study[4], GRID), cuts
    )
    room = empty_room(points, study[4], z.shape[1])
    room.z[:] = z
    out = np.empty(z.shape[1])
    write_means(study, statements, effects, rho, tau, room)
    write_product(study, statements, baselines, rho, cuts, room, out)
    return out


@compiled
def expectations(
    statements: Statements, effects: Effects, baselines: Array, rho: float, tau: float,
    which: int, z: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """Work out what every statement of a study expects at given latents.

    Parameters
    ----------
    statements, effects, baselines, rho, tau, which, z
        As for `log_products`.

    Returns
    -------
    array, shape (J, K)
        Probability of yes; probability of each person of a count; mean of a number.
    array, shape (J, K)
        Correlation behind a count; standard deviation of a number; 0 for yes/no.
    """
    study = statements.bounds[which]
    room = empty_room(study[3] - study[2], study[4], z.shape[1])
    room.z[:] = z
    write_means(study, statements, effects, rho, tau, room)
    first = np.zeros((study[1] - study[0], z.shape[1]))
    second = np.zeros_like(first)
    for j in range(study[0], study[1]):
        code, numbers = statements.codes[j], statements.numbers[j]
        if is_counted(code[KIND]):
            _expect_count(study, code, numbers, statements, baselines, rho, room)
        else:
            room.second[:] = 0.0
            expect(code[KIND], statements.places, code, numbers, baselines, rho, room)
            if code[KIND] > EFFECT_SIZE:
                room.second[:] = 0.0
        first[j - study[0]] = room.first
        second[j - study[0]] = room.second
    return first, second


@inner
def _expect_count(
    study: Indices, code: Indices, numbers: Array, statements: Statements, baselines: Array,
    rho: float, room: Room,
) -> None:  # fmt: skip
    """Write the probability of each person and the copula's correlation, or that of a relapse."""
    threshold = effect_threshold(code, numbers, baselines)
    _respond(study, statements, code, threshold, rho, room)
    table = statements.tables[code[TABLED]]
    if code[KIND] != RELAPSE:
        for k in range(room.first.size):
            room.second[k] = copula_tie(room.first[k], room.second[k], table)
        return
    cut_counts(table, room.first, room.second, room.typical, room.noise, room.person)
    z = room.z[code[GROUP]]
    for k in range(room.first.size):
        room.first[k] = normal_cdf(room.typical[k] - room.person[k] * z[k])
        room.second[k] = 0.0
