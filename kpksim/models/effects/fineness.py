"""How finely the cells of a mesh are cut for each subject."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.models.effects.drive import Drive
from kpksim.models.effects.kinks import cut_where, passes
from kpksim.models.effects.mesh import Mesh
from kpksim.models.effects.parts import Parts, cut
from kpksim.models.effects.transduction import FULL_POWER

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

MOST_PASSED = 4.0
"""Largest product of a rate and the length of a cell: an exponential of it is followed to 1e-9."""

MOST_HALVINGS = 8
"""Cells are not halved more often: rates up to 256/h are followed."""

STEEP = 4.0
"""Steepness from which every cell is halved, once more for each doubling.

On a concentration that rises with time, as right after a dose, a drive turns from 0 to 1 over a
share of the time since that falls as 1/g, and cells are as long as the time since.
"""


def parts_by_subject(
    drive: Drive, fastest: Array, ec50: Array, g: Array
) -> Iterator[tuple[Indices, Parts]]:
    """Parts of cells, short enough for the rates and the steepness of each subject.

    Parameters
    ----------
    drive : Drive
        Drive of S subjects.
    fastest : array, shape (S,)
        Fastest rate that it drives [1/h].
    ec50, g : array, shape (S,)
        Parameters of the drive, one for each subject [ng/mL, 1].

    Yields
    ------
    who : array of int
        Subjects whose cells are cut alike; all subjects are in one of them.
    parts : Parts
        Their parts of cells.

    Raises
    ------
    ModelError
        If a rate is too fast to be followed.
    """
    steep = np.zeros(len(g)) if drive.shape == "given" else np.log2(np.maximum(g / STEEP, 1.0))
    each = np.minimum(np.ceil(steep), MOST_HALVINGS).astype(np.int64)
    fineness = np.stack([_halvings(drive.mesh, fastest), each], axis=1)
    for level, least in np.unique(fineness, axis=0):
        who = np.flatnonzero((fineness == (level, least)).all(axis=1))
        parts = cut(drive.mesh, int(level), int(least))
        if drive.shape == "power":
            yield from _cut_at_kinks(parts, who, drive, FULL_POWER * ec50)
        else:
            yield who, parts


def _cut_at_kinks(
    parts: Parts, who: Indices, drive: Drive, full: Array
) -> Iterator[tuple[Indices, Parts]]:
    """Give parts of cells of some subjects; those whose drive has a kink have their own."""
    kinked = np.array([passes(drive.ce[s], full[s]) for s in who], dtype=bool)
    if not kinked.all():
        yield who[~kinked], parts
    for s in who[kinked]:
        yield np.array([s]), cut_where(parts, drive.ce[s], full[s])


def _halvings(mesh: Mesh, fastest: Array) -> NDArray[np.int64]:
    """Count how often the longest cell is halved for the fastest rate of each subject."""
    passed = fastest * max(mesh.lengths, default=0.0) / MOST_PASSED
    levels = np.ceil(np.log2(np.maximum(passed, 1.0))).astype(np.int64)
    if (levels > MOST_HALVINGS).any():
        raise ModelError(
            f"rates of an effect up to {2**MOST_HALVINGS}/h are followed, "
            f"got {fastest.max():g}/h; choose a longer half-life or a lower kin"
        )
    return levels
