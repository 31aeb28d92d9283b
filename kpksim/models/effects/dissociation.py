"""Dissociation: a score that follows the concentration and wanes with slow tolerance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.models.effects.clocks import leaky_integral
from kpksim.models.effects.drive import Drive
from kpksim.models.effects.effect import LN2, DrivenEffect, Number
from kpksim.models.effects.scale import waning_score
from kpksim.models.effects.site import EffectSite
from kpksim.models.effects.transduction import transduced

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Dissociation(DrivenEffect):
    r"""CADSS score that follows the drive and wanes with slow tolerance.

    .. math::

        dT/dt &= D - (\ln 2 / t_{tol})\, T \\
        CADSS &= E_{max}\, D\, e^{-\kappa T}

    Attributes
    ----------
    drive : str
        Analyte that drives the effect.
    t_ke0 : float or array, shape (S,)
        Half-life of the effect site [h].
    emax : float or array, shape (S,)
        Largest score [CADSS points].
    ec50 : float or array, shape (S,)
        Concentration of half the largest drive [ng/mL].
    g : float or array, shape (S,)
        Steepness [1].
    kappa : float or array, shape (S,)
        Tolerance per hour of full drive [1/h].
    t_tol : float or array, shape (S,)
        Half-life of tolerance [h].

    Raises
    ------
    ModelError
        If a parameter is not positive.

    Examples
    --------
    Half of the largest score at the EC50, before any tolerance:

    >>> cadss = Dissociation("ketamine", 0.1, emax=40.0, ec50=150.0, g=2.0, kappa=0.1, t_tol=672.0)
    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> mesh = graded_mesh([0.0], breaks=[0.0])
    >>> site = EffectSite(np.zeros(1), np.full((1, 1), 150.0), mesh, np.full((1, 1), 150.0))
    >>> float(cadss.response(site)["drug"][0, 0])
    20.0
    """

    emax: Number
    ec50: Number
    g: Number
    kappa: Number
    t_tol: Number

    def response(self, site: EffectSite) -> dict[str, Array]:
        """Score by the drug.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        dict of str to array, shape (S, T)
            ``"drug"``: score at the times of the site [CADSS points].
        """
        drive = Drive(site.mesh, site.inside, self.ec50, self.g)
        tolerance = leaky_integral(drive, site.times, LN2 / self.t_tol)
        fast = transduced(site.at, self.ec50, self.g)
        return {"drug": waning_score(fast, tolerance, self.emax, self.kappa)}
