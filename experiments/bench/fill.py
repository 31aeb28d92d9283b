"""The measure of all timings of the engine: writing a constant into the same warm array."""

from numpy.typing import NDArray

from kpksim.engine.compiled import compiled
from kpksim.engine.threads import in_parts

PART = 16
"""Subjects that a thread takes at a time, as the engine's threads do."""


def fill(out: NDArray, threads: int | None = None) -> None:
    """Write 1 into every place of an array (S, A, T), with the engine's threads and chunks."""

    def write(first: int, end: int) -> None:
        _write_ones(out[first:end].reshape(-1))

    in_parts(write, len(out), part=PART, threads=threads)


@compiled
def _write_ones(values):
    """Write 1 into every place."""
    for place in range(values.shape[0]):
        values[place] = 1.0
