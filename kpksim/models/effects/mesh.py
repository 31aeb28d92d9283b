r"""Mesh of cells on which the clocks are solved, and polynomials inside a cell.

A drive has a kink at every dose, infusion end and lag end, and right after it a power
:math:`(t - b)^\gamma` that no polynomial follows. Cells that shrink in proportion to their
distance from the kink b let a polynomial through equally spaced nodes follow it everywhere.

The mesh does not depend on the times at which a curve is wanted: between the nodes a curve is
read off the polynomial of its cell. The lengths of cells are one length times powers of two, so
that few different steps occur.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

STEPS = 12
"""Equal steps in a cell; the polynomial has this degree.

Followed by the clocks of a steep, fast effect (g = 3, effect site 6 min, slow clock filling at
1/h) the error is 1e-9; with 8 steps and cells half as long it is the same for a third more nodes.
"""

NODES = np.arange(STEPS + 1) / STEPS
"""Places of the nodes in a cell of length one, both ends included, shape (13,)."""

FIRST_CELL = 2.0**-9
"""Length that the first cell after a break does not exceed [h], 7 s.

A bolus into the blood whose effect rises with the power 0.8 of the time since is followed to 3e-8.
"""

LONGEST_CELL = 4.0
"""Length that no cell exceeds [h].

With cells of 6 h the same effect errs by 1e-7 after an oral dose.
"""

ANY_UNIT = 1.0
"""Length whose powers of two are the cells when there is one break only [h]."""

SAME_TIME = 1e-9
"""Two times closer than this are one [h]."""

SAME_RATIO = 1e-11
"""A ratio of lengths this close to a whole number is one."""


@dataclass(frozen=True)
class Mesh:
    """Cells, one behind the other.

    Attributes
    ----------
    nodes : array, shape (12 C + 1,)
        Nodes of all cells, ascending; neighbours share the node between them [h].
    lengths : array, shape (C,)
        Lengths of the cells [h].
    """

    nodes: Array
    lengths: Array

    @classmethod
    def of(cls, starts: Array, lengths: Array, end: float) -> "Mesh":
        """Mesh of cells that start and end somewhere.

        Parameters
        ----------
        starts, lengths : array, shape (C,)
            Start and length of each cell [h].
        end : float
            End of the last one [h].

        Returns
        -------
        Mesh
            Its cells, each with its nodes.
        """
        nodes = starts[:, None] + lengths[:, None] * NODES[:-1]
        return cls(np.append(nodes.ravel(), end), lengths)

    @property
    def boundaries(self) -> Array:
        """Cell boundaries, shape (C + 1,) [h]."""
        return self.nodes[::STEPS]

    def places(self, times: ArrayLike) -> tuple[Indices, Array]:
        """Cells of some times, and their places in them.

        Parameters
        ----------
        times : array, shape (M,)
            Times up to the end of the mesh, ascending [h].

        Returns
        -------
        begins : array of int, shape (C + 1,)
            First time in each cell; a time between two cells is in the earlier one, and times
            before ``begins[0]`` are not after the start of the first.
        places : array, shape (M,)
            From -1 at the start of its cell to 1 at its end.
        """
        wanted = np.asarray(times, dtype=float)
        begins = np.searchsorted(wanted, self.boundaries, side="right")
        begins[-1:] = len(wanted)
        cell = np.repeat(np.arange(len(self.lengths)), np.diff(begins))
        places = np.full(len(wanted), -1.0)
        since = wanted[begins[0] :] - self.boundaries[cell]
        places[begins[0] :] = np.clip(2.0 * since / self.lengths[cell] - 1.0, -1.0, 1.0)
        return begins, places


def graded_mesh(
    times: ArrayLike, breaks: ArrayLike, *, first: float = FIRST_CELL, longest: float = LONGEST_CELL
) -> Mesh:
    """Mesh from the first break to the last wanted time that is fine after every break.

    A cell that starts at distance d after the last break is at most d long; the first cell after
    a break is at most `first` long and none exceeds `longest`. The last cell may end after the
    last wanted time, but not after a break that follows it.

    Parameters
    ----------
    times : array, shape (M,)
        Wanted times, ascending [h].
    breaks : array, shape (B,)
        Times of doses, infusion ends and lag ends, in any order [h].
    first, longest : float
        Longest first cell after a break, and longest cell [h].

    Returns
    -------
    Mesh
        Its cells; none when every wanted time is before the first break.

    Examples
    --------
    >>> mesh = graded_mesh([0.0, 8.0], breaks=[0.0])
    >>> [float(time) for time in mesh.boundaries[-4:]]
    [1.0, 2.0, 4.0, 8.0]
    """
    last = float(np.asarray(times, dtype=float)[-1])
    edges = _apart(np.unique(np.asarray(breaks, dtype=float)))
    unit = min(np.diff(edges), default=ANY_UNIT)
    starts, lengths = [], []
    for start, end in pairwise([*edges, np.inf]):
        if start >= last:
            break
        for offset, length in _cells(end - start, unit, last - start, first, longest):
            starts.append(start + offset)
            lengths.append(length)
    end = starts[-1] + lengths[-1] if starts else min(edges, default=last)
    end = min(edges[np.abs(edges - end) <= SAME_TIME], default=end)
    return Mesh.of(np.asarray(starts), np.asarray(lengths), end)


def _apart(edges: Array) -> Array:
    """Keep the first of edges that are one but for rounding."""
    return edges[np.diff(edges, prepend=-np.inf) > SAME_TIME]


def _cells(
    span: float, unit: float, needed: float, first: float, most: float
) -> Iterator[tuple[float, float]]:
    """Start and length of the cells that fill a span, or as much of it as is needed.

    Lengths are counted in the shortest one, so that they add up to the span without rounding.
    """
    units = 1.0
    if np.isfinite(span):
        units = np.round(span / unit)
        if abs(span / unit - units) > SAME_RATIO * units:
            units = 1.0
        unit = span / units
    halvings = max(0, int(np.ceil(np.log2(unit / first))))
    shortest = unit / 2**halvings
    whole = int(units) * 2**halvings if np.isfinite(span) else None
    longest = max(1, int(most / shortest))
    done = 0
    while done * shortest < needed and done != whole:
        room = min(longest, max(done, 1), longest if whole is None else whole - done)
        count = 1 << (room.bit_length() - 1)
        yield done * shortest, count * shortest
        done += count
