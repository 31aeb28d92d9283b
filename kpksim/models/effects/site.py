"""Concentration at the effect site, on the mesh where the clocks are solved."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.models.effects.mesh import POINTS

Array = NDArray[np.float64]


@dataclass(frozen=True)
class EffectSite:
    """Concentration at the effect site of S subjects.

    Attributes
    ----------
    times : array, shape (T,)
        Cell boundaries from `kpksim.models.effects.mesh.graded_mesh` [h].
    at : array, shape (S, T)
        Concentration at the boundaries [ng/mL].
    inside : array, shape (S, T-1, 6)
        Concentration at the nodes of each cell [ng/mL].
    first_dose : float
        Time of the first dose, where expectation starts [h].

    Raises
    ------
    ModelError
        If the shapes do not belong together, or a concentration is negative or not finite.

    Examples
    --------
    >>> times = np.array([0.0, 1.0])
    >>> site = EffectSite(times, at=np.zeros((1, 2)), inside=np.zeros((1, 1, 6)))
    >>> site.first_dose
    0.0
    """

    times: Array
    at: Array
    inside: Array
    first_dose: float = 0.0

    def __post_init__(self) -> None:
        """Refuse arrays from which no clock can be wound up."""
        boundaries = len(self.times)
        wanted = (len(self.at), boundaries), (len(self.at), boundaries - 1, POINTS)
        if (self.at.shape, self.inside.shape) != wanted:
            raise ModelError(
                f"an effect site with {boundaries} mesh times needs shapes (S, {boundaries}) and "
                f"(S, {boundaries - 1}, {POINTS}), got {self.at.shape} and {self.inside.shape}"
            )
        for values in (self.at, self.inside):
            if not (np.isfinite(values).all() and (values >= 0.0).all()):
                worst = values[~(values >= 0.0) | ~np.isfinite(values)][0]
                raise ModelError(
                    f"a concentration at the effect site must be finite and not negative, "
                    f"got {worst} ng/mL"
                )
