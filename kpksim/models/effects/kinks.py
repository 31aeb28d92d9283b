"""Cells cut where a drive has a kink: where a concentration passes that of full power."""

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from kpksim.models.effects.mesh import NODES, STEPS, Mesh
from kpksim.models.effects.parts import Parts
from kpksim.models.effects.polynomials import coefficients

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

LEAST = 1e-9
"""Share of a cell that a piece of it is longer than."""


def passes(ce: Array, level: float) -> bool:
    """Whether a concentration passes a level between two nodes.

    Parameters
    ----------
    ce : array, shape (N,)
        Concentration at the nodes of a mesh [ng/mL].
    level : float
        The level [ng/mL].

    Returns
    -------
    bool
        True when it is above at one node and not at another.

    Examples
    --------
    >>> passes(np.array([0.0, 3.0]), 2.0), passes(np.array([0.0, 3.0]), 4.0)
    (True, False)
    """
    return bool(ce.min() < level < ce.max())


def cut_where(parts: Parts, ce: Array, level: float) -> Parts:
    """Cut parts of cells where a concentration passes a level.

    Parameters
    ----------
    parts : Parts
        Parts of the cells of a mesh.
    ce : array, shape (N,)
        Concentration of one subject at the nodes of the mesh [ng/mL].
    level : float
        The level [ng/mL].

    Returns
    -------
    Parts
        The same, those in which it passes the level cut there.

    Examples
    --------
    One cell of 4 h in which the concentration rises from 0 to 12:

    >>> from kpksim.models.effects.parts import cut
    >>> mesh = Mesh.of(np.zeros(1), np.full(1, 4.0), 4.0)
    >>> cut_where(cut(mesh, 0), np.arange(13.0), 3.0).mesh.boundaries.tolist()
    [0.0, 1.0, 4.0]
    """
    of_cell, places = _crossings(ce - level)
    spans = _spans(parts)
    pieces = np.bincount(parts.cell)[of_cell]
    which = np.searchsorted(parts.cell, of_cell) + (places * pieces).astype(np.int64)
    apart = np.minimum(places - spans[which, 0], spans[which, 1] - places) > LEAST
    which = np.concatenate([np.arange(len(spans)), which[apart]])
    begins = np.concatenate([spans[:, 0], places[apart]])
    order = np.lexsort((begins, which))
    which, begins = which[order], begins[order]
    ends = np.append(begins[1:], 0.0)
    is_last = np.append(which[1:] != which[:-1], True)
    ends[is_last] = spans[:, 1]
    return _pieces(parts, which, spans, np.stack([begins, ends], axis=1))


def _spans(parts: Parts) -> Array:
    """Begin and end of each part in its cell, from 0 to 1, shape (P, 2)."""
    begins = np.where(parts.stride == 0, 0, parts.row) / max(len(parts.table) - 1, 1)
    lengths = np.where(parts.stride == 0, 1.0, STEPS * parts.stride / max(len(parts.table) - 1, 1))
    return np.stack([begins, begins + lengths], axis=1)


def _crossings(values: Array) -> tuple[Indices, Array]:
    """Cells in which the polynomials through values at the nodes pass 0, and where in them."""
    nodes = np.flatnonzero(np.diff(values >= 0.0))
    cells, steps = nodes // STEPS, nodes % STEPS
    places = np.empty(len(nodes))
    for k, (cell, step) in enumerate(zip(cells, steps, strict=True)):
        powers = coefficients() @ values[STEPS * cell : STEPS * (cell + 1) + 1]
        begin, end = 2.0 * NODES[step] - 1.0, 2.0 * NODES[step + 1] - 1.0
        sides = polyval(np.array([begin, end]), powers)
        if sides[0] * sides[1] < 0.0:
            from scipy.optimize import brentq  # slow to import, and seldom needed

            found = brentq(polyval, begin, end, args=(powers,))
        else:  # at a node, but for rounding
            found = (begin, end)[int(np.argmin(np.abs(sides)))]
        places[k] = (found + 1.0) / 2.0
    return cells, places


def _pieces(parts: Parts, which: Indices, spans: Array, places: Array) -> Parts:
    """Make parts of pieces: which part each is of, and its begin and end in the cell."""
    share = parts.mesh.lengths / np.diff(spans)[:, 0]
    starts = parts.mesh.boundaries[which] + share[which] * (places[:, 0] - spans[which, 0])
    is_new = (places != spans[which]).any(axis=1)
    rows = len(parts.table) + len(NODES) * (np.cumsum(is_new) - 1)
    return Parts(
        mesh=Mesh.of(starts, share[which] * np.diff(places)[:, 0], parts.mesh.nodes[-1]),
        cell=parts.cell[which],
        row=np.where(is_new, rows, parts.row[which]),
        stride=np.where(is_new, 1, parts.stride[which]),
        table=np.concatenate([parts.table, *map(_between, places[is_new])]),
    )


def _between(place: Array) -> Array:
    """Rows that give values at the nodes of a piece from those at the nodes of its cell."""
    x = 2.0 * (place[0] + (place[1] - place[0]) * NODES) - 1.0
    rows: Array = np.vander(x, STEPS + 1, increasing=True) @ coefficients()
    return rows
