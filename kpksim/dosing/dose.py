"""One dose: how much of what, by which route, over how long, and when."""

import math
from dataclasses import dataclass, replace

from kpksim.errors import RegimenError, unknown
from kpksim.vocabulary import DRUGS, FORMS, ROUTES

ROUTES_WITH_DURATION = ("iv", "im", "sc")
MOST = {"mg": 50_000.0, "mg/kg": 100.0}
"""Largest amount that is taken for a dose; far beyond any in use, so what is above is a slip."""


@dataclass(frozen=True)
class Dose:
    """One dose, as it is given.

    Attributes
    ----------
    amount : float
        Amount of `drug` in its `form` [mg, or mg/kg when `per_kg`].
    per_kg : bool
        Whether the amount is per kg of actual body weight.
    route : str
        How it is given, a key of `kpksim.vocabulary.ROUTES`.
    over : float
        Duration of an infusion; 0 is at once [h].
    drug : str
        One of `kpksim.vocabulary.DRUGS`.
    form : str
        What is weighed, ``"base"`` or ``"hydrochloride"``.
    product : str or None
        Which tablet, spray or wafer.

    Raises
    ------
    RegimenError
        If the amount or the duration cannot be given, or the product has no name.
    UnknownName
        If the route, the drug or the form is not known.

    Examples
    --------
    >>> Dose(0.5, per_kg=True, route="iv", over=1.0).for_weight(70.0).amount
    35.0
    """

    amount: float
    per_kg: bool
    route: str
    over: float = 0.0
    drug: str = "racemic ketamine"
    form: str = "base"
    product: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be given."""
        _check_name("route", self.route, list(ROUTES))
        _check_name("drug", self.drug, list(DRUGS))
        _check_name("form", self.form, list(FORMS))
        if not (math.isfinite(self.amount) and self.amount > 0.0):
            raise RegimenError(
                f"a dose must be finite and > 0, got {self.amount:g} {self.unit}; "
                "to give nothing leave the dose out"
            )
        if self.amount > MOST[self.unit]:
            raise RegimenError(
                f"a dose of {self.amount:g} {self.unit} is no dose for a person, the most is "
                f"{MOST[self.unit]:g} {self.unit}; check the number and its unit"
            )
        self._check_duration()
        self._check_product()

    @property
    def unit(self) -> str:
        """Unit of the amount."""
        return "mg/kg" if self.per_kg else "mg"

    def for_weight(self, weight: float) -> "Dose":
        """Give the same dose in mg for one body weight.

        Parameters
        ----------
        weight : float
            Actual body weight [kg].

        Returns
        -------
        Dose
            The dose in mg; a dose in mg stays as it is.

        Raises
        ------
        RegimenError
            If the weight is not a finite number > 0.

        Examples
        --------
        >>> Dose(0.5, per_kg=True, route="sc").for_weight(80.0).amount
        40.0
        """
        if not (math.isfinite(weight) and weight > 0.0):
            raise RegimenError(f"body weight must be finite and > 0 kg, got {weight:g}")
        return replace(self, amount=self.amount * weight, per_kg=False) if self.per_kg else self

    def _check_duration(self) -> None:
        """Refuse a duration that is no time, or that the route does not have."""
        if not (math.isfinite(self.over) and self.over >= 0.0):
            raise RegimenError(
                f"the duration of a dose must be finite and >= 0 h, got {self.over:g}; "
                "0 is a dose given at once"
            )
        if self.over > 0.0 and self.route not in ROUTES_WITH_DURATION:
            raise RegimenError(
                f"only IV, IM and SC doses are given over a time, got {self.over:g} h for "
                f"{ROUTES[self.route].phrase}; leave the duration out"
            )

    def _check_product(self) -> None:
        """Refuse a product whose name would be lost in a table."""
        name = self.product
        if name is not None and (name.strip() in ("", ".") or not name.isprintable()
                                 or name != name.strip()):  # fmt: skip
            raise RegimenError(
                f"a product needs a name in plain words on one line, got {name!r}; "
                "without a product leave it out"
            )


@dataclass(frozen=True)
class Timed:
    """A dose and the time at which it starts.

    Attributes
    ----------
    time : float
        Start of the dose [h].
    dose : Dose
        What is given.

    Raises
    ------
    RegimenError
        If the time is negative or not finite.

    Examples
    --------
    >>> Timed(24.0, Dose(35.0, per_kg=False, route="sc")).time
    24.0
    """

    time: float
    dose: Dose

    def __post_init__(self) -> None:
        """Refuse a time that is none."""
        if not (math.isfinite(self.time) and self.time >= 0.0):
            raise RegimenError(
                f"a dose starts at a finite time >= 0 h, got {self.time:g}; "
                "count the time from the start of the simulation"
            )


def _check_name(kind: str, name: str, known: list[str]) -> None:
    """Refuse a name that the vocabulary does not have."""
    if name not in known:
        raise unknown(kind, name, known)
