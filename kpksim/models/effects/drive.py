"""Drive of the clocks at the nodes of a mesh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpksim.models.effects.mesh import Mesh
from kpksim.models.effects.transduction import transduced

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Drive:
    """Drive at the nodes of a mesh, as the concentrations that give it.

    Attributes
    ----------
    mesh : Mesh
        Cells, with N nodes.
    ce : array, shape (S, N)
        Concentration at the nodes [ng/mL].
    ec50 : float or array, shape (S,)
        Concentration that gives half of the largest drive [ng/mL].
    g : float or array, shape (S,)
        Steepness [1].
    shape : str
        One of `kpksim.models.effects.transduction.SHAPES`, or ``"given"`` where `ce` is the drive.
    ic50 : float or array, shape (S,), optional
        Concentration that halves the drive of an inverted U [ng/mL].
    """

    mesh: Mesh
    ce: Array
    ec50: ArrayLike
    g: ArrayLike
    shape: str = "hill"
    ic50: ArrayLike | None = None

    def at(self, ce: ArrayLike, *, out: Array | None = None) -> Array:
        """Give the drive that other concentrations give.

        Parameters
        ----------
        ce : array, shape (S, T)
            Concentration at the effect site [ng/mL].
        out : array, shape (S, T), optional
            Where the drive is written; a new array when left out.

        Returns
        -------
        array, shape (S, T)
            Drive in [0, 1].
        """
        return transduced(ce, self.ec50, self.g, self.shape, self.ic50, out=out)
