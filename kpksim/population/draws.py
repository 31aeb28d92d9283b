"""Draws: the typical person as a model's uncertain parameters may have it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ScenarioError
from kpksim.population.effects import RandomEffects, correlated, normals, width_of
from kpksim.population.people import People

Array = NDArray[np.float64]
_FIRST_STREAM = 2**63
"""Streams of draws, apart from those of people with the same seed."""


@dataclass(frozen=True)
class Draws:
    """Values that the parameters of a model may have, given how well they were estimated.

    Attributes
    ----------
    shifts : mapping of str to array, shape (D,)
        How far the estimate of each parameter is off, on the scale of its uncertainty [1].
    n : int
        How many draws there are, D.
    seed : int
        Seed they were drawn with.
    """

    shifts: Mapping[str, Array]
    n: int
    seed: int

    def __len__(self) -> int:
        """Count them."""
        return self.n

    def of(self, person: People) -> People:
        """Give one person once for every draw.

        Parameters
        ----------
        person : People
            One person without random effects.

        Returns
        -------
        People
            D times this person, each with the parameters of one draw.

        Raises
        ------
        ScenarioError
            If it is not one person, or not a typical one.
        """
        if len(person) != 1 or person.etas:
            raise ScenarioError(
                "parameter draws are for the typical person and are never crossed with people; "
                "simulate draws and people apart"
            )
        same = {name: np.repeat(value, self.n) for name, value in person.covariates.items()}
        return People(same, {}, self.seed, self.shifts)


def sample_draws(uncertainty: RandomEffects, n: int, *, seed: int) -> Draws:
    """Draw parameters from the uncertainty of their estimates.

    A draw is normal on the scale of each parameter (log, or logit for a share), so that its median
    is the published value and a share stays between 0 and 1. Every draw has a random stream of its
    own, keyed by seed and number, and none is a stream of `sample_people`.

    Parameters
    ----------
    uncertainty : sequence of (names, covariance)
        Blocks of parameters, from ``Model.uncertainty``; covariance has shape (P, P).
    n : int
        How many draws.
    seed : int
        Seed, from 0 to 2^63 - 1.

    Returns
    -------
    Draws
        The draws; all equal to the published values where nothing is uncertain.

    Raises
    ------
    ScenarioError
        If there is nothing to draw, or the seed is impossible.

    Examples
    --------
    >>> draws = sample_draws([(("cl",), np.array([[0.01]]))], 1000, seed=1)
    >>> round(float(draws.shifts["cl"].std()), 2)
    0.1
    """
    if n < 1 or not 0 <= seed < 2**63:
        raise ScenarioError(
            f"parameter draws need n >= 1 and a seed from 0 to 2^63 - 1, got n = {n}, seed = {seed}"
        )
    streams = range(_FIRST_STREAM, _FIRST_STREAM + n)
    return Draws(correlated(uncertainty, normals(seed, streams, width_of(uncertainty))), n, seed)
