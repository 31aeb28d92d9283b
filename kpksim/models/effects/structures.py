"""The three effect structures: a symptom score, dissociation, blood pressure."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.models.effects.clocks import Drive, leaky_integral, slow_clock
from kpksim.models.effects.scale import score_changes, waning_score
from kpksim.models.effects.site import EffectSite
from kpksim.models.effects.transduction import hill, power

Array = NDArray[np.float64]
Number = float | Array
"""One number for all subjects, or an array with one for each, shape (S,)."""

LN2 = float(np.log(2.0))

SHARES = ("rf", "rs", "p_blind", "p_open")
"""Parameters that are a share of a score and stay below 1."""

COUNTS = ("transits",)
"""Parameters that are a number of things."""

PRESSURE_REFERENCE = 200.0
"""Concentration at which the rise of a blood pressure is stated [ng/mL]."""


@dataclass(frozen=True)
class _Effect:
    """What every effect has: an analyte that drives it and an effect site."""

    drive: str
    t_ke0: Number

    def __post_init__(self) -> None:
        """Refuse parameters outside their range."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or isinstance(value, str):
                continue
            values = np.atleast_1d(np.asarray(value, dtype=float))
            if field.name in SHARES:
                rule, fine = "is a share from 0 up to less than 1", (values >= 0.0) & (values < 1.0)
            elif field.name in COUNTS:
                rule, fine = "is a whole number from 1", (values >= 1.0) & (values % 1.0 == 0.0)
            else:
                rule, fine = "must be positive", np.isfinite(values) & (values > 0.0)
            if not fine.all():
                raise ModelError(f"{field.name} of an effect {rule}, got {values[~fine][0]}")

    @property
    def ke0(self) -> Number:
        """Rate constant of the effect site, ln 2 / `t_ke0` [1/h]."""
        return LN2 / self.t_ke0


@dataclass(frozen=True)
class Symptom(_Effect):
    r"""Score of anxiety or depression with a fast and a slow clock.

    .. math::

        D &= C_e^g / (EC_{50}^g + C_e^g), \qquad F = D \\
        dX/dt &= k_{in} D (1 - X) - (\ln 2 / t_{slow})\, X \\
        dZ_i/dt &= (\ln 2 / t_d)(Z_{i-1} - Z_i), \qquad Z_0 = X, \quad
            Z = Z_n, \text{ or } X \text{ without delay} \\
        L &= -\ln(1 - R_f)\, F - \ln(1 - R_s)\, Z \\
        p &= -\ln\bigl(1 - P (1 - e^{-t/\tau_p})\bigr) \\
        \mu &= -100 \bigl(1 - e^{-(L + p)}\bigr)

    This is the typical study: differences between studies multiply L and are 1 here. Every
    parameter but n may be an array with one number per subject.

    Attributes
    ----------
    drive : str
        Analyte that drives the effect.
    t_ke0 : float or array, shape (S,)
        Half-life of the effect site [h].
    ec50 : float or array, shape (S,)
        Concentration of half the largest drive [ng/mL].
    g : float or array, shape (S,)
        Steepness [1].
    rf, rs : float or array, shape (S,)
        Largest reduction by the fast and by the slow clock alone, in [0, 1).
    kin : float or array, shape (S,)
        Rate at which full drive fills the slow clock [1/h].
    t_slow : float or array, shape (S,)
        Half-life of the slow clock [h].
    p_blind, p_open : float or array, shape (S,)
        Reduction by expectation in the end, under a blind and in an open study, in [0, 1).
    tau_p : float or array, shape (S,)
        Time constant of expectation [h].
    t_d : float, array of shape (S,), or None
        Half-life of each transit of the delay behind the slow clock [h]; None for no delay.
    transits : int
        Number of transits of the delay, n.

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
    >>> from kpksim.models.effects.mesh import graded_mesh
    >>> mesh = graded_mesh([0.0], breaks=[0.0])
    >>> site = EffectSite(np.zeros(1), np.full((1, 1), 90.0), mesh, np.full((1, 1), 90.0))
    >>> round(float(symptom.response(site)["drug"][0, 0]), 12)
    -50.0
    """

    ec50: Number
    g: Number
    rf: Number
    rs: Number
    kin: Number
    t_slow: Number
    p_blind: Number
    p_open: Number
    tau_p: Number
    t_d: Number | None = None
    transits: int = 1

    def clocks(self, site: EffectSite) -> tuple[Array, Array]:
        """Fast clock F and slow clock Z.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        fast, slow : array, shape (S, T)
            F and Z at the times of the site, 0 to 1.
        """
        result = self._clocks(site)
        return result[1], result[2]

    def _clocks(self, site: EffectSite) -> Array:
        """Give room for three curves, the last two filled with the clocks, shape (3, S, T)."""
        result = np.empty((3, *site.at.shape))
        hill(site.at, self.ec50, self.g, out=result[1])
        delay, transits = (1.0, 0) if self.t_d is None else (self.t_d, self.transits)
        slow_clock(
            Drive(site.mesh, site.inside, self.ec50, self.g), site.times, self.kin,
            LN2 / self.t_slow, rate=LN2 / delay, transits=transits, out=result[2],
        )  # fmt: skip
        return result

    def response(self, site: EffectSite) -> dict[str, Array]:
        """Change of the score by the drug alone, and with expectation.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.

        Returns
        -------
        dict of str to array, shape (S, T)
            Change from the value before the first dose at the times of the site [%]: ``"drug"``
            the drug alone, ``"blinded"`` and ``"open"`` with the expectation of such a study.
        """
        since = site.times - site.first_dose
        drug, blinded, opened = score_changes(
            self._clocks(site), since, (self.rf, self.rs), (self.p_blind, self.p_open), self.tau_p
        )
        return {"drug": drug, "blinded": blinded, "open": opened}

    def expectation(self, since: Array) -> dict[str, Array]:
        r"""Change of the score without a drug, :math:`-100\, P (1 - e^{-t/\tau_p})`.

        Parameters
        ----------
        since : array, shape (T,)
            Time since the control was given [h].

        Returns
        -------
        dict of str to array, shape (T,)
            Change from the value before [%] in a ``"blinded"`` and in an ``"open"`` study.
        """
        grown = 100.0 * np.expm1(-np.maximum(since, 0.0) / self.tau_p) + 0.0  # 0, not -0
        return {"blinded": self.p_blind * grown, "open": self.p_open * grown}


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
        fast = hill(site.at, self.ec50, self.g)
        return {"drug": waning_score(fast, tolerance, self.emax, self.kappa)}


@dataclass(frozen=True)
class Pressure(_Effect):
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


Effect = Symptom | Dissociation | Pressure
