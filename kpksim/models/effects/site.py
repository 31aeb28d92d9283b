"""Concentration at the effect site, on the mesh where the clocks are solved."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.models.effects.mesh import Mesh

Array = NDArray[np.float64]


@dataclass(frozen=True)
class EffectSite:
    """Concentration at the effect site of S subjects.

    Attributes
    ----------
    times : array, shape (T,)
        Times at which effects are wanted, ascending [h].
    at : array, shape (S, T)
        Concentration at these times [ng/mL].
    mesh : Mesh
        Cells from `kpksim.models.effects.mesh.graded_mesh`, with N nodes.
    inside : array, shape (S, N)
        Concentration at the nodes of the cells [ng/mL].
    first_dose : float
        Time of the first dose, where expectation starts [h].

    Raises
    ------
    ModelError
        If the shapes do not belong together, or a concentration is negative or not finite.

    Examples
    --------
    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> times = np.array([0.0, 1.0])
    >>> mesh = graded_mesh(times, breaks=[0.0])
    >>> site = EffectSite(times, np.zeros((1, 2)), mesh, np.zeros((1, len(mesh.nodes))))
    >>> site.first_dose
    0.0
    """

    times: Array
    at: Array
    mesh: Mesh
    inside: Array
    first_dose: float = 0.0

    def __post_init__(self) -> None:
        """Refuse arrays from which no clock can be wound up."""
        wanted, nodes = len(self.times), len(self.mesh.nodes)
        if (self.at.shape, self.inside.shape) != ((len(self.at), wanted), (len(self.at), nodes)):
            raise ModelError(
                f"an effect site with {wanted} times and {nodes} nodes needs shapes (S, {wanted}) "
                f"and (S, {nodes}), got {self.at.shape} and {self.inside.shape}"
            )
        for values in (self.at, self.inside):
            if not (values.min(initial=0.0) >= 0.0 and values.max(initial=0.0) < np.inf):
                worst = values[~((values >= 0.0) & (values < np.inf))][0]
                raise ModelError(
                    f"a concentration at the effect site must be finite and not negative, "
                    f"got {worst} ng/mL"
                )
