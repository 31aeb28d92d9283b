"""Propagators of a chunk of subjects, remembered by step."""

from dataclasses import dataclass, field

import numpy as np

from kpksim.engine.actions import Array, Indices
from kpksim.engine.propagator import propagator

REMEMBERED = 64
"""Most steps whose propagators are kept."""


@dataclass(frozen=True)
class Steps:
    """Propagators of the same subjects over different steps.

    Attributes
    ----------
    rates : array, shape (S, n, n)
        Rate constants [1/h].
    rows : array, shape (S, A, n)
        Outputs of a state.
    fractions : tuple of float
        Positions inside a step at which outputs are wanted.
    longest : float
        Longest step whose propagator needs no extended numbers [h].
    """

    rates: Array
    rows: Array
    fractions: tuple[float, ...]
    longest: float
    _known: dict[float, Array] = field(default_factory=dict)
    _inside: dict[float, Array] = field(default_factory=dict)

    def over(self, step: float) -> Array:
        """Propagators over a step, shape (S, n, n)."""
        if step not in self._known:
            self._make_room()
            self._known[step] = propagator(self.rates, step)
        return self._known[step]

    def for_each(self, who: Indices, steps: Array) -> Array:
        """Propagators of some subjects, each over its own step, shape (len(who), n, n)."""
        shared = steps[0]
        if np.all(steps == shared) and (len(who) == len(self.rates) or shared in self._known):
            return self.over(float(shared))[who]
        return propagator(self.rates[who], steps)

    def inside(self, step: float) -> Array:
        """Rows that read the outputs inside a step off its first state, shape (S, F * A, n)."""
        if step not in self._inside:
            self._make_room()
            lengths = np.array(self.fractions) * step
            seen = self.rows[:, None] @ propagator(self.rates[:, None], lengths)
            self._inside[step] = seen.reshape(len(seen), -1, seen.shape[-1])
        return self._inside[step]

    def _make_room(self) -> None:
        """Forget everything when too much is remembered."""
        if len(self._known) + len(self._inside) >= REMEMBERED:
            self._known.clear()
            self._inside.clear()
