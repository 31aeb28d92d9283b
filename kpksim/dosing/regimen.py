"""A regimen: which doses are given when."""

import math
from dataclasses import dataclass, replace
from numbers import Integral

from kpksim.dosing.dose import Timed
from kpksim.dosing.sentence import say_doses
from kpksim.errors import RegimenError
from kpksim.units import hours

MOST_DOSES = 100_000
"""Largest number of doses: one every 5 minutes for a year. More is a slip of a unit."""

_SLACK = 1e-9
"""Relative rounding that `until` forgives, so that q12h until 72 h ends with a dose at 72 h."""


@dataclass(frozen=True)
class Regimen:
    """Doses in the order of time; doses at one time have a fixed order of their own.

    Attributes
    ----------
    doses : tuple of Timed
        The doses, at least one.

    Raises
    ------
    RegimenError
        If there is no dose.

    Examples
    --------
    >>> from kpksim.dosing import subcutaneous
    >>> subcutaneous("0.5 mg/kg").repeat(every="1 week", times=6).sentence()
    '0.5 mg/kg SC, 6 weekly doses'
    """

    doses: tuple[Timed, ...]

    def __post_init__(self) -> None:
        """Sort the doses and refuse an empty regimen."""
        if not self.doses:
            raise RegimenError("a regimen needs at least one dose, got none; start with bolus()")
        object.__setattr__(self, "doses", tuple(sorted(self.doses, key=_place)))

    def __add__(self, other: "Regimen") -> "Regimen":
        """Give both regimens side by side, each by its own clock."""
        return Regimen(self.doses + other.doses) if isinstance(other, Regimen) else NotImplemented

    @property
    def last_time(self) -> float:
        """Start of the last dose [h]."""
        return self.doses[-1].time

    def shifted(self, by: float | str) -> "Regimen":
        """Give the same doses earlier or later.

        Parameters
        ----------
        by : float or str
            Time to add to every dose [h, or text with a unit].

        Returns
        -------
        Regimen
            The shifted doses.

        Raises
        ------
        RegimenError
            If a dose would start before 0 h.

        Examples
        --------
        >>> from kpksim.dosing import subcutaneous
        >>> subcutaneous("35 mg", at="1 h").shifted("1 d").last_time
        25.0
        """
        return self._moved(hours(by))

    def repeat(
        self, every: float | str, times: int | None = None, until: float | str | None = None
    ) -> "Regimen":
        """Give the whole regimen again and again.

        Parameters
        ----------
        every : float or str
            Time from the start of one copy to the start of the next [h, or text with a unit].
        times : int, optional
            Number of copies, the first one included.
        until : float or str, optional
            Instead of `times`: latest start of a copy, counted from the first dose
            [h, or text with a unit]; a copy exactly then is given.

        Returns
        -------
        Regimen
            All copies.

        Raises
        ------
        RegimenError
            If `every` is not > 0, not exactly one of `times` and `until` is given, or the
            number of copies is not a whole number from 1 to what `MOST_DOSES` allows.

        Examples
        --------
        Every 12 hours with the last dose at 72 h, that is at 0, 12, ..., 72:

        >>> from kpksim.dosing import extended_release
        >>> extended_release("60 mg").repeat(every="12 h", until="72 h").sentence()
        '60 mg oral ER, 7 doses every 12 h'
        """
        interval = hours(every)
        if interval <= 0.0:
            raise RegimenError(
                f'repeat needs every > 0, got "{every}"; doses at one time are added with +'
            )
        copies = _copies(interval, times, until)
        if copies * len(self.doses) > MOST_DOSES:
            raise RegimenError(
                f"a regimen has at most {MOST_DOSES} doses, got {copies * len(self.doses)} or "
                "more; check the units of every and until"
            )
        moved = (self._moved(k * interval).doses for k in range(copies))
        return Regimen(tuple(timed for doses in moved for timed in doses))

    def then(self, other: "Regimen", after: float | str) -> "Regimen":
        """Give another regimen some time after the last dose of this one.

        Parameters
        ----------
        other : Regimen
            What follows.
        after : float or str
            Time from the start of the last dose of this regimen to time 0 of the other
            [h, or text with a unit].

        Returns
        -------
        Regimen
            Both.

        Raises
        ------
        RegimenError
            If `after` is negative.

        Examples
        --------
        >>> from kpksim.dosing import subcutaneous
        >>> high = subcutaneous("0.5 mg/kg")
        >>> subcutaneous("0.25 mg/kg").then(high, after="1 week").sentence()
        '0.25 mg/kg SC at 0 h, then 0.5 mg/kg at 7 d'
        """
        pause = hours(after)
        if pause < 0.0:
            raise RegimenError(
                f'then needs after >= 0, got "{after}"; regimens that overlap are added with +'
            )
        return self + other._moved(self.last_time + pause)

    def for_weight(self, weight: float) -> "Regimen":
        """Give the regimen with every dose in mg for one body weight.

        Parameters
        ----------
        weight : float
            Actual body weight [kg].

        Returns
        -------
        Regimen
            The same doses in mg.

        Raises
        ------
        RegimenError
            If the weight is not a finite number > 0.

        Examples
        --------
        >>> from kpksim.dosing import subcutaneous
        >>> subcutaneous("0.5 mg/kg").for_weight(70.0).sentence()
        '35 mg SC, once'
        """
        return Regimen(tuple(Timed(one.time, one.dose.for_weight(weight)) for one in self.doses))

    def of_drug(self, drug: str) -> "Regimen":
        """Give the same doses, milligram for milligram, of another drug.

        Parameters
        ----------
        drug : str
            One of `kpksim.vocabulary.DRUGS`.

        Returns
        -------
        Regimen
            The doses of that drug.

        Examples
        --------
        >>> from kpksim.dosing import subcutaneous
        >>> subcutaneous("35 mg").of_drug("esketamine").sentence()
        '35 mg esketamine SC, once'
        """
        return Regimen(tuple(replace(one, dose=replace(one.dose, drug=drug)) for one in self.doses))

    def total(self, weight: float) -> float:
        """Sum of all doses for one body weight, each in the form in which it is given.

        Parameters
        ----------
        weight : float
            Actual body weight [kg].

        Returns
        -------
        float
            Total amount [mg].

        Raises
        ------
        RegimenError
            If the weight is not a finite number > 0.

        Examples
        --------
        >>> from kpksim.dosing import subcutaneous
        >>> subcutaneous("0.5 mg/kg").repeat(every="1 d", times=4).total(70.0)
        140.0
        """
        return math.fsum(one.dose.for_weight(weight).amount for one in self.doses)

    def sentence(self) -> str:
        """Read the regimen back in words.

        Returns
        -------
        str
            What is given, how often and when; different regimens give different words.

        Examples
        --------
        >>> from kpksim.dosing import infusion
        >>> infusion("35 mg", over="40 min").sentence()
        '35 mg IV over 40 min, once'
        """
        return say_doses(self.doses)

    def _moved(self, by: float) -> "Regimen":
        """Add hours to every time."""
        return Regimen(tuple(Timed(one.time + by, one.dose) for one in self.doses))


def _place(timed: Timed) -> tuple[float, str, str, str, str, bool, float, float]:
    """Give the place of a dose among others; at one time the order must not depend on +."""
    dose = timed.dose
    what = (dose.route, dose.product or "", dose.drug, dose.form)
    return (timed.time, *what, dose.per_kg, dose.amount, dose.over)


def _copies(interval: float, times: int | None, until: float | str | None) -> int:
    """Count the copies that a repetition asks for."""
    if (times is None) == (until is None):
        raise RegimenError(
            f"repeat needs times or until and not both, got times = {times}, until = {until}"
        )
    if until is not None:
        span = hours(until)
        if span < 0.0:
            raise RegimenError(
                f'repeat needs until >= 0, got "{until}"; it counts from the first dose'
            )
        return math.floor(min(span / interval * (1.0 + _SLACK), MOST_DOSES)) + 1
    return _count(times)


def _count(times: object) -> int:
    """Check that a number of copies is a whole number of at least one."""
    if not isinstance(times, Integral) or int(times) < 1:
        raise RegimenError(
            f"repeat needs times to be a whole number >= 1, got {times}; 1 is the regimen itself"
        )
    return int(times)
