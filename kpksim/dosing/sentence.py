"""A regimen in words, so that a slip in it can be heard."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kpksim.dosing.dose import Dose, Timed
from kpksim.dosing.series import Series, find_series
from kpksim.units import hours, say_time
from kpksim.vocabulary import ROUTES

_DEFAULT_DRUG = "racemic ketamine"
_ADVERBS = {24.0: "daily", 168.0: "weekly"}


def say_doses(doses: Sequence[Timed]) -> str:
    """Read doses back as one English sentence part; different doses give different words.

    Parameters
    ----------
    doses : sequence of Timed
        Doses sorted by time.

    Returns
    -------
    str
        The doses, equal ones at equal spacing taken together.

    Examples
    --------
    >>> dose = Dose(35.0, per_kg=False, route="sc")
    >>> say_doses([Timed(0.0, dose), Timed(84.0, dose), Timed(168.0, dose)])
    '35 mg SC, 3 doses every 3.5 d'
    """
    series = find_series(doses)
    if len(series) == 1:
        return _say_alone(series[0])
    if all(one.count == 1 for one in series):
        return _say_list(series)
    return _say_several(series)


def say_dose(dose: Dose) -> str:
    """Read one dose back in words, without its time.

    Parameters
    ----------
    dose : Dose
        The dose.

    Returns
    -------
    str
        Amount, drug and form when they are not racemic ketamine base, route, product, duration.

    Examples
    --------
    >>> say_dose(Dose(35.0, per_kg=False, route="iv", over=2 / 3))
    '35 mg IV over 40 min'
    """
    words = [_say_amount(dose), _say_substance(dose), ROUTES[dose.route].phrase]
    if dose.route == "iv" and dose.over == 0.0:
        words.append("bolus")
    if dose.product is not None:
        words.append(f"({dose.product})")
    if dose.over > 0.0:
        words.append(f"over {_say_exactly(dose.over)}")
    return " ".join(word for word in words if word)


def _say_amount(dose: Dose) -> str:
    """Say an amount with its unit, to the last digit that means something."""
    return f"{dose.amount:.15g} {dose.unit}"


def _say_substance(dose: Dose) -> str:
    """Name drug and form where they differ from racemic ketamine base."""
    if dose.form == "base":
        return "" if dose.drug == _DEFAULT_DRUG else dose.drug
    return f"{dose.drug} {dose.form}"


def _say_exactly(time: float) -> str:
    """Say a time as a person would, or in hours where that would round it."""
    words = say_time(time)
    return words if math.isclose(hours(words), time, rel_tol=1e-14) else f"{time:.15g} h"


def _say_alone(series: Series) -> str:
    """Say a series that is the whole regimen; its start is named unless it is 0."""
    if series.count > 1:
        start = f" from {_say_exactly(series.start)}" if series.start else ""
        return f"{_say_repeated(series)}{start}"
    start = f" at {_say_exactly(series.start)}" if series.start else ""
    return f"{say_dose(series.dose)}, once{start}"


def _say_repeated(series: Series) -> str:
    """Say a dose and how often it is given."""
    adverb = _ADVERBS.get(round(series.every, 10))
    rhythm = (
        f"{series.count} {adverb} doses"
        if adverb
        else f"{series.count} doses every {_say_exactly(series.every)}"
    )
    return f"{say_dose(series.dose)}, {rhythm}"


def _say_list(series: Sequence[Series]) -> str:
    """Say single doses one after the other; what stays the same is said once."""
    words = f"{say_dose(series[0].dose)} at {_say_exactly(series[0].start)}"
    for before, one in pairwise(series):
        word = "then" if one.start > before.start else "and"
        words += f", {word} {_say_change(before.dose, one.dose)} at {_say_exactly(one.start)}"
    return words


def _say_change(before: Dose, dose: Dose) -> str:
    """Say the amount alone when nothing else differs from the dose before."""
    same = replace(before, amount=dose.amount, per_kg=dose.per_kg) == dose
    return _say_amount(dose) if same else say_dose(dose)


def _say_several(series: Sequence[Series]) -> str:
    """Say series that follow each other ("then") or run side by side ("and")."""
    words, last = _say_part(series[0]), series[0].last
    for one in series[1:]:
        words += f"; {'then' if one.start > last else 'and'} {_say_part(one)}"
        last = max(last, one.last)
    return words


def _say_part(series: Series) -> str:
    """Say one series among several, always with its start."""
    if series.count == 1:
        return f"{say_dose(series.dose)} at {_say_exactly(series.start)}"
    return f"{_say_repeated(series)} from {_say_exactly(series.start)}"
