"""Blood pressure: a rise that is a power of the concentration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.models.effects.effect import DrivenEffect, Number
from kpksim.models.effects.site import EffectSite
from kpksim.models.effects.transduction import power

Array = NDArray[np.float64]

PRESSURE_REFERENCE = 200.0
"""Concentration at which the rise of a blood pressure is stated [ng/mL]."""


@dataclass(frozen=True)
class Pressure(DrivenEffect):
    r"""Rise of a blood pressure as a power of the concentration, without tolerance.

    .. math:: \Delta = a \, (C_e / 200\ \mathrm{ng/mL})^g

    Attributes
    ----------
    drive : str
        Analyte that drives the effect.
    t_ke0 : float or array, shape (S,)
        Half-life of the effect site [h].
    a : float or array, shape (S,)
        Rise at 200 ng/mL [mmHg].
    g : float or array, shape (S,)
        Exponent [1].

    Raises
    ------
    ModelError
        If a parameter is not positive.

    Examples
    --------
    >>> sbp = Pressure("ketamine", t_ke0=0.1, a=10.0, g=1.0)
    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> mesh = graded_mesh([0.0], breaks=[0.0])
    >>> site = EffectSite(np.zeros(1), np.full((1, 1), 100.0), mesh, np.full((1, 1), 100.0))
    >>> float(sbp.response(site)["drug"][0, 0])
    5.0
    """

    a: Number
    g: Number

    def response(self, site: EffectSite) -> dict[str, Array]:
        """Rise of the pressure by the drug.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        dict of str to array, shape (S, T)
            ``"drug"``: rise at the times of the site [mmHg].
        """
        return {"drug": power(site.at, self.a, self.g, PRESSURE_REFERENCE)}
