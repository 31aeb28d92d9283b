"""How people lie in memory, and which places in their order are wanted."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Real = NDArray[np.float64] | NDArray[np.float32]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Ranks:
    """Which values are wanted of how many people.

    Attributes
    ----------
    n : int
        Number of people.
    ranks : array of int, shape (R,)
        Places in the order of the people, from 0; the value at the next place is given as well.
    """

    n: int
    ranks: Whole

    @property
    def both(self) -> Whole:
        """The ranks and the next ones, as far as there are people, shape (2, R)."""
        return np.stack([self.ranks, np.minimum(self.ranks + 1, self.n - 1)])


def is_run(people: Real) -> bool:
    """Whether lanes are contiguous and rows lie a whole number of values apart.

    Parameters
    ----------
    people : array, shape (n, lanes)
        Values.

    Returns
    -------
    bool
        Whether `as_run` can see them.
    """
    rows, lanes = people.strides
    size = people.itemsize
    return bool(
        lanes == size
        and rows >= people.shape[1] * size
        and rows % size == 0
        and people.flags.aligned
        and people.dtype.isnative
    )


def contiguous(people: Real) -> Real:
    """Give people that can be read as a run of values, copied if they are not one.

    Parameters
    ----------
    people : array, shape (n, lanes)
        Values.

    Returns
    -------
    array, shape (n, lanes)
        The same values.
    """
    if is_run(people):
        return people
    native: Any = people.dtype.newbyteorder("=")
    copied: Real = np.ascontiguousarray(people, dtype=native)
    return copied


def as_run(people: Real) -> tuple[Real, int]:
    """See people as one run of values in memory.

    Parameters
    ----------
    people : array, shape (n, lanes)
        Values for which `is_run` holds.

    Returns
    -------
    array, int
        The run, which cannot be written, and how many values lie from row to row.
    """
    n, lanes = people.shape
    stride = people.strides[0] // people.itemsize
    run: Any = np.lib.stride_tricks.as_strided(
        people, shape=((n - 1) * stride + lanes,), strides=(people.itemsize,), writeable=False
    )
    return run, stride
