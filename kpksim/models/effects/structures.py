"""The three effect structures: a symptom score, dissociation, blood pressure."""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.models.effects.clocks import delayed, leaky_integral, slow_clock
from kpksim.models.effects.scale import expectation, log_reduction, percent_change
from kpksim.models.effects.site import EffectSite
from kpksim.models.effects.transduction import hill, power

Array = NDArray[np.float64]

SHARES = ("rf", "rs", "p_blind", "p_open")
"""Parameters that are a share of a score and stay below 1."""

PRESSURE_REFERENCE = 200.0
"""Concentration at which the rise of a blood pressure is stated [ng/mL]."""


@dataclass(frozen=True)
class _Effect:
    """What every effect has: an analyte that drives it and an effect site."""

    drive: str
    t_ke0: float

    def __post_init__(self) -> None:
        """Refuse parameters outside their range."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or isinstance(value, str):
                continue
            if field.name in SHARES and not 0.0 <= value < 1.0:
                raise ModelError(
                    f"{field.name} of an effect is a share from 0 up to less than 1, got {value}"
                )
            if field.name not in SHARES and not (math.isfinite(value) and value > 0.0):
                raise ModelError(f"{field.name} of an effect must be positive, got {value}")

    @property
    def ke0(self) -> float:
        """Rate constant of the effect site, ln 2 / `t_ke0` [1/h]."""
        return math.log(2.0) / self.t_ke0


@dataclass(frozen=True)
class Symptom(_Effect):
    r"""Score of anxiety or depression with a fast and a slow clock.

    .. math::

        D &= C_e^g / (EC_{50}^g + C_e^g), \qquad F = D \\
        dX/dt &= k_{in} D (1 - X) - (\ln 2 / t_{slow})\, X \\
        dZ/dt &= (\ln 2 / t_d)(X - Z), \qquad Z = X \text{ without delay} \\
        L &= -\ln(1 - R_f)\, F - \ln(1 - R_s)\, Z \\
        p &= -\ln\bigl(1 - P (1 - e^{-t/\tau_p})\bigr) \\
        \mu &= -100 \bigl(1 - e^{-(L + p)}\bigr)

    This is the typical study: differences between studies multiply L and are 1 here.

    Attributes
    ----------
    drive : str
        Analyte that drives the effect.
    t_ke0 : float
        Half-life of the effect site [h].
    ec50 : float
        Concentration of half the largest drive [ng/mL].
    g : float
        Steepness [1].
    rf, rs : float
        Largest reduction by the fast and by the slow clock alone, in [0, 1).
    kin : float
        Rate at which full drive fills the slow clock [1/h].
    t_slow : float
        Half-life of the slow clock [h].
    p_blind, p_open : float
        Reduction by expectation in the end, under a blind and in an open study, in [0, 1).
    tau_p : float
        Time constant of expectation [h].
    t_d : float or None
        Half-life of the delay behind the slow clock [h]; None for no delay.

    Raises
    ------
    ModelError
        If a share is not in [0, 1) or another parameter is not positive.

    Examples
    --------
    Constant drive at the EC50, half of the fast clock and nothing yet on the slow one:

    >>> symptom = Symptom(
    ...     "ketamine", t_ke0=0.5, ec50=90.0, g=1.5, rf=0.75, rs=0.5, kin=0.2, t_slow=96.0,
    ...     p_blind=0.1, p_open=0.2, tau_p=12.0,
    ... )
    >>> site = EffectSite(np.array([0.0, 1.0]), np.full((1, 2), 90.0), np.full((1, 1, 6), 90.0))
    >>> round(float(symptom.response(site)["drug"][0, 0]), 12)
    -50.0
    """

    ec50: float
    g: float
    rf: float
    rs: float
    kin: float
    t_slow: float
    p_blind: float
    p_open: float
    tau_p: float
    t_d: float | None = None

    def clocks(self, site: EffectSite) -> tuple[Array, Array]:
        """Fast clock F and slow clock Z.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        fast, slow : array, shape (S, T)
            F and Z at the mesh times, 0 to 1.
        """
        fast = hill(site.at, self.ec50, self.g)
        drive = hill(site.inside, self.ec50, self.g)
        slow, inside = slow_clock(site.times, drive, self.kin, math.log(2.0) / self.t_slow)
        if self.t_d is not None:
            slow = delayed(site.times, inside, math.log(2.0) / self.t_d)
        return fast, slow

    def response(self, site: EffectSite) -> dict[str, Array]:
        """Change of the score by the drug alone, and with expectation.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        dict of str to array, shape (S, T)
            Change from the value before the first dose at the mesh times [%]: ``"drug"`` the
            drug alone, ``"blinded"`` and ``"open"`` with the expectation of such a study.
        """
        drug = log_reduction(*self.clocks(site), self.rf, self.rs)
        since = site.times - site.first_dose
        return {
            "drug": percent_change(drug),
            "blinded": percent_change(drug + expectation(since, self.p_blind, self.tau_p)),
            "open": percent_change(drug + expectation(since, self.p_open, self.tau_p)),
        }


@dataclass(frozen=True)
class Dissociation(_Effect):
    r"""CADSS score that follows the drive and wanes with slow tolerance.

    .. math::

        dT/dt &= D - (\ln 2 / t_{tol})\, T \\
        CADSS &= E_{max}\, D\, e^{-\kappa T}

    Attributes
    ----------
    drive : str
        Analyte that drives the effect.
    t_ke0 : float
        Half-life of the effect site [h].
    emax : float
        Largest score [CADSS points].
    ec50 : float
        Concentration of half the largest drive [ng/mL].
    g : float
        Steepness [1].
    kappa : float
        Tolerance per hour of full drive [1/h].
    t_tol : float
        Half-life of tolerance [h].

    Raises
    ------
    ModelError
        If a parameter is not positive.

    Examples
    --------
    Half of the largest score at the EC50, before any tolerance:

    >>> cadss = Dissociation("ketamine", 0.1, emax=40.0, ec50=150.0, g=2.0, kappa=0.1, t_tol=672.0)
    >>> site = EffectSite(np.array([0.0, 1.0]), np.full((1, 2), 150.0), np.full((1, 1, 6), 150.0))
    >>> float(cadss.response(site)["drug"][0, 0])
    20.0
    """

    emax: float
    ec50: float
    g: float
    kappa: float
    t_tol: float

    def response(self, site: EffectSite) -> dict[str, Array]:
        """Score by the drug.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        dict of str to array, shape (S, T)
            ``"drug"``: score at the mesh times [CADSS points].
        """
        drive = hill(site.inside, self.ec50, self.g)
        tolerance = leaky_integral(site.times, drive, math.log(2.0) / self.t_tol)
        score = self.emax * hill(site.at, self.ec50, self.g) * np.exp(-self.kappa * tolerance)
        return {"drug": score}


@dataclass(frozen=True)
class Pressure(_Effect):
    r"""Rise of a blood pressure as a power of the concentration, without tolerance.

    .. math:: \Delta = a \, (C_e / 200\ \mathrm{ng/mL})^g

    Attributes
    ----------
    drive : str
        Analyte that drives the effect.
    t_ke0 : float
        Half-life of the effect site [h].
    a : float
        Rise at 200 ng/mL [mmHg].
    g : float
        Exponent [1].

    Raises
    ------
    ModelError
        If a parameter is not positive.

    Examples
    --------
    >>> sbp = Pressure("ketamine", t_ke0=0.1, a=10.0, g=1.0)
    >>> site = EffectSite(np.array([0.0, 1.0]), np.full((1, 2), 100.0), np.full((1, 1, 6), 100.0))
    >>> float(sbp.response(site)["drug"][0, 0])
    5.0
    """

    a: float
    g: float

    def response(self, site: EffectSite) -> dict[str, Array]:
        """Rise of the pressure by the drug.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        dict of str to array, shape (S, T)
            ``"drug"``: rise at the mesh times [mmHg].
        """
        return {"drug": power(site.at, self.a, self.g, PRESSURE_REFERENCE)}


Effect = Symptom | Dissociation | Pressure
