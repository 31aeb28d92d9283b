"""Scores of anxiety and depression: a fast and a slow clock, and what people expect."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError
from kpksim.models.effects.clocks import slow_clock, waning
from kpksim.models.effects.drive import Drive
from kpksim.models.effects.effect import LN2, DrivenEffect, Number
from kpksim.models.effects.scale import score_changes
from kpksim.models.effects.site import EffectSite

Array = NDArray[np.float64]

MIDAZOLAM_TIME = 3.0
"""Time constant at which what midazolam does to a score is gone [h]; assumed, "brief"."""

TOGETHER = (("also", "w_also"), ("slow_drive", "slow_ec50"), ("kappa", "t_tol"))
"""Fields that are stated both or not at all."""


@dataclass(frozen=True)
class Symptom(DrivenEffect):
    r"""Score of anxiety or depression with a fast and a slow clock.

    .. math::

        D &= C_e^g / (EC_{50}^g + C_e^g), \qquad F = D \\
        dX/dt &= k_{in} D (1 - X) - (\ln 2 / t_{slow})\, X \\
        dZ_i/dt &= (\ln 2 / t_d)(Z_{i-1} - Z_i), \qquad Z_0 = X, \quad
            Z = Z_n, \text{ or } X \text{ without delay} \\
        L &= -\ln(1 - R_f)\, F - \ln(1 - R_s)\, Z \\
        p &= -\ln\bigl(1 - P (1 - e^{-t/\tau_p})\bigr) \\
        \mu &= -100 \bigl(1 - e^{-(L + p)}\bigr)

    Variants: the other shapes of `kpksim.models.effects.transduction.transduced`; :math:`C_e` of
    two concentrations, the second times its weight; a slow clock with a site and an EC50 of its
    own; a drive that wanes as dissociation does,

    .. math:: F = D\, e^{-\kappa T}, \qquad dT/dt = D - (\ln 2 / t_{tol})\, T

    which then drives both clocks.

    This is the typical study: differences between studies multiply L and are 1 here. Every
    parameter but n may be an array with one number per subject.

    Attributes
    ----------
    drive : str
        Concentration that drives the effect.
    t_ke0 : float or array, shape (S,)
        Half-life of the effect site [h].
    ec50 : float or array, shape (S,)
        Concentration of half the largest drive [ng/mL].
    g : float or array, shape (S,)
        Steepness [1].
    rf, rs : float or array, shape (S,)
        Largest reduction by the fast and by the slow clock alone, in [0, 1); 0 for a clock that
        does nothing.
    kin : float, array of shape (S,), or None
        Rate at which full drive fills the slow clock [1/h]; None with `t_slow` for no slow clock.
    t_slow : float, array of shape (S,), or None
        Half-life of the slow clock [h].
    p_blind, p_open : float or array, shape (S,)
        Reduction by expectation in the end, under a blind and in an open study, in [0, 1).
    tau_p : float or array, shape (S,)
        Time constant of expectation [h].
    t_d : float, array of shape (S,), or None
        Half-life of each transit of the delay behind the slow clock [h]; None for no delay.
    transits : int
        Number of transits of the delay, n.
    m : float or array, shape (S,)
        Reduction by midazolam when it is given as a control, in [0, 1).
    shape : str
        One of `kpksim.models.effects.transduction.SHAPES`.
    ic50 : float, array of shape (S,), or None
        Concentration that halves the drive of an inverted U [ng/mL].
    also : str
        Second concentration that drives the effect; empty for none.
    w_also : float, array of shape (S,), or None
        Weight of the second concentration [1].
    slow_drive : str
        Concentration that drives the slow clock; empty when it is `drive`.
    slow_ec50 : float, array of shape (S,), or None
        Concentration of `slow_drive` of half its largest drive [ng/mL].
    kappa : float, array of shape (S,), or None
        Waning of the drive per hour of full drive [1/h]; None for a drive that does not wane.
    t_tol : float, array of shape (S,), or None
        Half-life of the waning [h].

    Raises
    ------
    ModelError
        If a share is not in [0, 1), another parameter is not positive, or a variant lacks one.

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
    kin: Number | None
    t_slow: Number | None
    p_blind: Number
    p_open: Number
    tau_p: Number
    t_d: Number | None = None
    transits: int = 1
    m: Number = 0.0
    shape: str = "hill"
    ic50: Number | None = None
    also: str = ""
    w_also: Number | None = None
    slow_drive: str = ""
    slow_ec50: Number | None = None
    kappa: Number | None = None
    t_tol: Number | None = None

    def __post_init__(self) -> None:
        """Refuse parameters outside their range, and variants that are not whole."""
        super().__post_init__()
        for one, other in (*TOGETHER, ("kin", "t_slow")):
            if _is_stated(getattr(self, one)) != _is_stated(getattr(self, other)):
                raise ModelError(f"{one} and {other} of an effect come together; state both")
        if (self.shape == "inverted U") != (self.ic50 is not None):
            raise ModelError(f'an inverted U needs ic50, and only it; got "{self.shape}"')
        if self.kin is None and np.any(self.rs):
            raise ModelError("rs of an effect is 0 without a slow clock; state kin and t_slow")
        if self.slow_drive and (self.ic50 is not None or self.kappa is not None):
            raise ModelError(
                "a slow clock with a concentration of its own does not go with an inverted U or a "
                "drive that wanes"
            )

    @property
    def sites(self) -> tuple[Mapping[str, Number], ...]:
        """Effect sites by the weights of what drives them [1]: the one, and the slow clock's."""
        main: dict[str, Number] = {self.drive: 1.0}
        if self.w_also is not None:
            main[self.also] = self.w_also
        return (main, {self.slow_drive: 1.0}) if self.slow_drive else (main,)

    def clocks(self, site: EffectSite, slow: EffectSite | None = None) -> tuple[Array, Array]:
        """Fast clock F and slow clock Z.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.
        slow : EffectSite, optional
            Concentration at the site of the slow clock, if it has one of its own.

        Returns
        -------
        fast, slow : array, shape (S, T)
            F and Z at the times of the site, 0 to 1.
        """
        result = self._clocks(site, slow)
        return result[1], result[2]

    def _clocks(self, site: EffectSite, slow: EffectSite | None) -> Array:
        """Give room for three curves, the last two filled with the clocks, shape (3, S, T)."""
        result = np.empty((3, *site.at.shape))
        drive = Drive(site.mesh, site.inside, self.ec50, self.g, self.shape, self.ic50)
        drive.at(site.at, out=result[1])
        if self.kappa is not None and self.t_tol is not None:
            left, drive = waning(drive, site.times, self.kappa, LN2 / self.t_tol)
            result[1] *= left
        if slow is not None and self.slow_ec50 is not None:
            drive = Drive(slow.mesh, slow.inside, self.slow_ec50, self.g, self.shape)
        if self.kin is None or self.t_slow is None:
            result[2] = 0.0
            return result
        delay, transits = (1.0, 0) if self.t_d is None else (self.t_d, self.transits)
        slow_clock(
            drive, site.times, self.kin, LN2 / self.t_slow,
            rate=LN2 / delay, transits=transits, out=result[2],
        )  # fmt: skip
        return result

    def response(self, site: EffectSite, slow: EffectSite | None = None) -> dict[str, Array]:
        """Change of the score by the drug alone, and with expectation.

        Parameters
        ----------
        site : EffectSite
            Concentration at the effect site.
        slow : EffectSite, optional
            Concentration at the site of the slow clock, if it has one of its own.

        Returns
        -------
        dict of str to array, shape (S, T)
            Change from the value before the first dose at the times of the site [%]: ``"drug"``
            the drug alone, ``"blinded"`` and ``"open"`` with the expectation of such a study.
        """
        if (slow is None) != (not self.slow_drive):
            raise ModelError(
                f"give one concentration per effect site, of which it has {len(self.sites)}"
            )
        since = site.times - site.first_dose
        drug, blinded, opened = score_changes(
            self._clocks(site, slow), since, (self.rf, self.rs), (self.p_blind, self.p_open),
            self.tau_p,
        )  # fmt: skip
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

    def midazolam(self, since: Array) -> dict[str, Array]:
        r"""Change of the score after midazolam as a control.

        What remains is that of `expectation` times :math:`1 - M e^{-t/3\,\mathrm{h}}`, from when
        midazolam is given.

        Parameters
        ----------
        since : array, shape (T,)
            Time since it was given [h].

        Returns
        -------
        dict of str to array, shape (T,)
            Change from the value before [%] in a ``"blinded"`` and in an ``"open"`` study.
        """
        given = since >= 0.0
        left = 1.0 - self.m * np.exp(-np.maximum(since, 0.0) / MIDAZOLAM_TIME) * given
        expected = self.expectation(since)
        return {name: (100.0 + one) * left - 100.0 for name, one in expected.items()}


def _is_stated(value: Number | str | None) -> bool:
    """Whether a field says anything: neither None nor an empty name."""
    return value is not None and not (isinstance(value, str) and value == "")
