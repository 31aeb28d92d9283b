r"""Courses: what a regimen does to the two clocks of an effect, fast enough for a fit.

Concentrations at the effect site are linear in the dose and do not depend on what is fitted except
through the speed of the site. The engine computes them once for many speeds; in between they are
interpolated by a cubic polynomial in the logarithm of the speed. From there on the clocks are the
compiled code that `kpksim.simulate` uses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.models.effects.blocks import BLOCK, ROWS
from kpksim.models.effects.mesh import STEPS, Mesh, graded_mesh
from kpksim.simulation.problem import Problem
from kpksim.simulation.sites import site_levels

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

FIRST_CELL = 0.125
"""Longest first cell after a dose or the end of one [h]."""

LONGEST_CELL = 32.0
"""Longest cell [h]. With these the states are within 0.002 of an ODE solver's, as tests show."""

HALF_LIVES = np.geomspace(0.005, 36.0, 32)
"""Half-lives of the effect site for which levels are computed [h]."""

SPEEDS = np.log(2.0) / HALF_LIVES
"""Their rate constants [1/h]."""


@dataclass(frozen=True)
class Courses:
    """Regimens with the times at which statements are made about them, laid one behind another.

    Cells stand in blocks of 64, B in all; the last block of a course is filled up with cells of no
    length.

    Attributes
    ----------
    steps : array, shape (B, 64)
        Lengths of the cells [h].
    first, count : array of int, shape (B,)
        Place of a block's first cell in `begins`, and how many cells it has.
    starts : array of bool, shape (B,)
        Whether a block is the first of its course.
    owner : array of int, shape (B,)
        Course of each block.
    begins : array of int
        First time in each cell, course after course, each with its end.
    places : array, shape (T,)
        Place of each time in its cell, from -1 to 1.
    course : array of int, shape (T,)
        Course of each time.
    inside : mapping of str to array, shape (K, B, 13 * 64)
        Levels at the nodes by output, for the K speeds of `HALF_LIVES` [ng/mL].
    at : mapping of str to array, shape (K, T)
        Levels at the times [ng/mL].
    """

    steps: Array
    first: Indices
    count: Indices
    starts: NDArray[np.bool_]
    owner: Indices
    begins: Indices
    places: Array
    course: Indices
    inside: Mapping[str, Array]
    at: Mapping[str, Array]


def lay_courses(
    problems: Sequence[Problem], drives: Sequence[str], times: Sequence[Array]
) -> Courses:
    """Compute courses.

    Parameters
    ----------
    problems : sequence of Problem
        Regimens, each in one person.
    drives : sequence of str
        Outputs that may drive an effect.
    times : sequence of array
        Times of each, ascending [h].

    Returns
    -------
    Courses
        The courses.
    """
    meshes = [
        graded_mesh(wanted, one.actions.time[0], first=FIRST_CELL, longest=LONGEST_CELL)
        for one, wanted in zip(problems, times, strict=True)
    ]
    cells = [len(mesh.lengths) for mesh in meshes]
    blocks = [-(-number // BLOCK) for number in cells]
    reading = [mesh.places(wanted) for mesh, wanted in zip(meshes, times, strict=True)]
    before = np.cumsum([0, *map(len, times)])
    return Courses(
        steps=np.concatenate([_padded(mesh.lengths) for mesh in meshes]),
        first=np.concatenate(_firsts(cells, blocks)),
        count=np.concatenate([_counts(*pair) for pair in zip(cells, blocks, strict=True)]),
        starts=np.concatenate([np.arange(number) == 0 for number in blocks]),
        owner=np.repeat(np.arange(len(blocks)), blocks),
        begins=np.concatenate([one[0] + k for one, k in zip(reading, before[:-1], strict=True)]),
        places=np.concatenate([one[1] for one in reading]),
        course=np.repeat(np.arange(len(times)), [len(one) for one in times]),
        inside={drive: _inside(problems, drive, meshes) for drive in drives},
        at={drive: _at(problems, drive, times) for drive in drives},
    )


def _padded(lengths: Array) -> Array:
    """Put lengths into rows of a block, the last filled up with 0."""
    blocks = -(-len(lengths) // BLOCK)
    found = np.zeros(blocks * BLOCK)
    found[: len(lengths)] = lengths
    return found.reshape(blocks, BLOCK)


def _firsts(cells: Sequence[int], blocks: Sequence[int]) -> list[Indices]:
    """Give the place of each block's first cell among all `begins`, one more than cells each."""
    before = np.cumsum([0, *[number + 1 for number in cells]])
    return [
        start + BLOCK * np.arange(number) for start, number in zip(before, blocks, strict=False)
    ]


def _counts(cells: int, blocks: int) -> Indices:
    """Count the cells in each block of a course."""
    return np.minimum(BLOCK, cells - BLOCK * np.arange(blocks))


def _inside(problems: Sequence[Problem], drive: str, meshes: Sequence[Mesh]) -> Array:
    """Compute the levels of one output at the nodes of all courses."""
    found = [
        _blocks(site_levels(one, drive, SPEEDS, mesh.nodes), len(mesh.lengths))
        for one, mesh in zip(problems, meshes, strict=True)
    ]
    return np.ascontiguousarray(np.concatenate(found, axis=1))


def _at(problems: Sequence[Problem], drive: str, times: Sequence[Array]) -> Array:
    """Compute the levels of one output at the times of all courses."""
    found = [
        site_levels(one, drive, SPEEDS, wanted) for one, wanted in zip(problems, times, strict=True)
    ]
    return np.ascontiguousarray(np.concatenate(found, axis=1))


def _blocks(nodes: Array, cells: int) -> Array:
    """Lay values at nodes in blocks of cells, row after row; cells that fill up a block are 0."""
    blocks = -(-cells // BLOCK)
    found = np.zeros((len(nodes), blocks, ROWS, BLOCK))
    for cell in range(cells):
        row = nodes[:, STEPS * cell : STEPS * cell + ROWS]
        found[:, cell // BLOCK, :, cell % BLOCK] = row
    return found.reshape(len(nodes), blocks, ROWS * BLOCK)
