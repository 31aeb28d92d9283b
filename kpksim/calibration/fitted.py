"""A hypothesis with draws of its posterior: what everything else is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.fits import Asked
from kpksim.calibration.problem import Problem
from kpksim.calibration.samples import Samples
from kpksim.calibration.setting import NO_CHANGES
from kpksim.calibration.targets import target_curves, targets
from kpksim.population import Draws

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A hypothesis with its posterior draws.

    Attributes
    ----------
    asked : Asked
        The calibration file.
    problem : Problem
        The problem.
    values : array, shape (n, P)
        Equally weighted draws under the typical pharmacokinetic model.
    by_study : array, shape (n, S)
        Logarithm of the likelihood of each cluster.
    worth : float
        How many independent draws the fits are worth.
    pool : array, shape (2 n, P)
        Those and more, to choose from when they are spread over the pharmacokinetic model.
    """

    asked: Asked
    problem: Problem
    values: Array
    by_study: Array
    worth: float
    pool: Array


def pooled(fits: Sequence[Samples], n: int, rng: np.random.Generator) -> Array:
    """Give equally weighted draws of fits that differ in their seed alone, as many of each.

    Parameters
    ----------
    fits : sequence of Samples
        The fits.
    n : int
        How many draws.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    array, shape (n, P)
        The draws, in random order.
    """
    shares = np.diff(np.linspace(0, n, len(fits) + 1).astype(int))
    parts = [one.equal(int(share), rng) for one, share in zip(fits, shares, strict=True)]
    return rng.permutation(np.concatenate(parts))


def target_values(
    asked: Asked,
    problem: Problem,
    values: Array,
    *,
    draw: tuple[Draws, int] | None = None,
    changes: ChangesDocument = NO_CHANGES,
) -> Array:
    """Give the targets of a calibration file under some draws.

    Parameters
    ----------
    asked : Asked
        The calibration file.
    problem : Problem
        The problem whose parameters they are.
    values : array, shape (n, P)
        Draws.
    draw : tuple of (Draws, int), optional
        Parameters of the pharmacokinetic model as one of its draws has them.
    changes : ChangesDocument
        What is done otherwise.

    Returns
    -------
    array, shape (n, number of targets)
        In the unit of the outcome.
    """
    if not asked.settings.targets:
        return np.empty((len(values), 0))
    curves = target_curves(asked.setting(changes), problem.hypothesis, draw)
    return targets(curves, problem.names, values)
