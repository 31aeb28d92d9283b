"""Room that the compiled functions of one study work in, and what stands in it."""

from typing import NamedTuple

import numpy as np

from kpksim.engine.actions import Array
from kpksim.engine.compiled import compiled


class Room(NamedTuple):
    """Numbers at the nodes of the latents, for the statement that is being read.

    Attributes
    ----------
    mu, spread : array, shape (P, K)
        Mean and standard deviation of single observations of each point.
    held : array, shape (P, K)
        Standard deviation on which the share of people is taken: less than `spread` where people
        were chosen, who are more alike.
    z : array, shape (L, K)
        Latents: the study effect first, then one for each group of people.
    grow : array, shape (K,)
        Factor of the study effect.
    mean, square, own, mean2, square2, own2 : array, shape (K,)
        Mean and mean squares of `spread` and of `held` of each of two sides.
    typical, person, noise, error : array, shape (K,)
        Mean difference, deviation of its people, noise between visits, standard error.
    first, second : array, shape (K,)
        What a reading expects.
    product : array, shape (K,)
        Product of likelihoods.
    """

    mu: Array
    spread: Array
    held: Array
    z: Array
    grow: Array
    mean: Array
    square: Array
    own: Array
    mean2: Array
    square2: Array
    own2: Array
    typical: Array
    person: Array
    noise: Array
    error: Array
    first: Array
    second: Array
    product: Array


@compiled
def empty_room(points: int, latents: int, nodes: int) -> Room:
    """Give room for so many points, latents and nodes."""
    rows = np.empty((14, nodes))
    return Room(
        np.empty((points, nodes)),
        np.empty((points, nodes)),
        np.empty((points, nodes)),
        np.empty((latents, nodes)),
        rows[0],
        rows[1],
        rows[2],
        rows[3],
        rows[4],
        rows[5],
        rows[6],
        rows[7],
        rows[8],
        rows[9],
        rows[10],
        rows[11],
        rows[12],
        rows[13],
    )
