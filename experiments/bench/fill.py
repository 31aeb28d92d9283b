"""The measure of all timings of the engine: writing a constant into the same warm array."""

from dataclasses import dataclass

from numpy.typing import NDArray

from kpksim.engine.compiled import compiled
from kpksim.engine.solution import _share

WRITTEN = 1.0
"""The constant."""


@dataclass(frozen=True)
class Filling:
    """Work that the engine shares out as it shares out its own.

    Attributes
    ----------
    at : array, shape (S, A, T)
        Where the constant goes.
    """

    at: NDArray

    def do(self, first: int, end: int) -> None:
        """Fill the part of some subjects."""
        values = self.at.shape[1] * self.at.shape[2]
        _write(self.at.reshape(-1), first * values, end * values, WRITTEN)


def fill(out: NDArray, threads: int | None = None) -> None:
    """Write a constant into an array (S, A, T), with the engine's threads and parts."""
    _share(Filling(out), threads)


@compiled
def _write(values, first, end, constant):
    """Write a constant into a run of values."""
    part = values[first:end]
    for k in range(part.size):
        part[k] = constant
