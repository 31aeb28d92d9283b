"""What every effect has: the concentrations that drive it, and an effect site."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import ModelError

Array = NDArray[np.float64]
Number = float | Array
"""One number for all subjects, or an array with one for each, shape (S,)."""

LN2 = float(np.log(2.0))

SHARES = ("rf", "rs", "p_blind", "p_open", "m")
"""Parameters that are a share of a score and stay below 1."""

COUNTS = ("transits",)
"""Parameters that are a number of things."""

CONCENTRATIONS = ("drive", "also", "slow_drive")
"""Fields that name a concentration."""


@dataclass(frozen=True)
class DrivenEffect:
    """What every effect has: a concentration that drives it, and an effect site.

    Attributes
    ----------
    drive : str
        Concentration that drives the effect.
    t_ke0 : float or array, shape (S,)
        Half-life of the effect site [h].

    Raises
    ------
    ModelError
        If a parameter is outside its range.
    """

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

    @property
    def sites(self) -> tuple[Mapping[str, Number], ...]:
        """Effect sites, each by the weights of the concentrations that drive it [1]."""
        return ({self.drive: 1.0},)

    def driven_by(self, output: Callable[[str], str]) -> Self:
        """Give the same effect driven by concentrations of other names.

        Parameters
        ----------
        output : callable
            Gives the new name of a concentration.

        Returns
        -------
        DrivenEffect
            The effect, otherwise unchanged.
        """
        stated = {name: getattr(self, name, "") for name in CONCENTRATIONS}
        new: dict[str, Any] = {name: output(one) for name, one in stated.items() if one}
        return replace(self, **new)
