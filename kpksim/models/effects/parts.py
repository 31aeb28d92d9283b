"""Cells cut into equal parts where a rate is too fast for them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.models.effects.mesh import STEPS, Mesh
from kpksim.models.effects.polynomials import halvings

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """Parts of the cells of a mesh; most are whole cells.

    Attributes
    ----------
    mesh : Mesh
        The parts as cells of their own.
    cell : array of int, shape (P,)
        Cell that each is a part of.
    row, stride : array of int, shape (P,)
        Row of `table` for the first node of each part, and rows from one node to the next; the
        stride is 0 for a whole cell, which needs no table.
    table : array, shape (R, 13)
        Rows that give values between the nodes of a cell from those at its nodes.
    """

    mesh: Mesh
    cell: Indices
    row: Indices
    stride: Indices
    table: Array


def cut(mesh: Mesh, level: int, each: int = 0) -> Parts:
    """Cut cells until none is longer than the longest one halved a number of times.

    Parameters
    ----------
    mesh : Mesh
        C cells.
    level : int
        How often the longest cell is halved.
    each : int
        How often every cell is halved at least, however short.

    Returns
    -------
    Parts
        Halves, quarters and so on of the long cells, and the others whole.

    Examples
    --------
    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> mesh = graded_mesh([8.0], breaks=[0.0])
    >>> cut(mesh, 1).mesh.boundaries[-5:].tolist()
    [1.0, 2.0, 4.0, 6.0, 8.0]
    """
    lengths = mesh.lengths
    limit = max(lengths, default=0.0) / 2**level
    halved = np.ceil(np.log2(np.maximum(lengths / limit, 1.0) * (1.0 - 1e-9))).astype(np.int64)
    count = 2 ** np.maximum(halved, each)
    finest = max(level, each)
    cell = np.repeat(np.arange(len(lengths)), count)
    part = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    pieces = count[cell]
    starts = mesh.boundaries[cell] + lengths[cell] * (part / pieces)
    stride = 2**finest // pieces
    return Parts(
        mesh=Mesh.of(starts, lengths[cell] / pieces, mesh.nodes[-1]),
        cell=cell,
        row=STEPS * part * stride,
        stride=np.where(pieces == 1, 0, stride),
        table=halvings(finest),
    )
