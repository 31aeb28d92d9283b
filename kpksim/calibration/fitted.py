"""A hypothesis with draws of its posterior: what everything else is made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.fits import Asked
from kpksim.calibration.problem import Problem

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
        Those, and where they were halfway on their walk: more to choose from when they are spread
        over the pharmacokinetic model.
    """

    asked: Asked
    problem: Problem
    values: Array
    by_study: Array
    worth: float
    pool: Array
