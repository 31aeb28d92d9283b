"""Regimens by the name of the route, from amounts written as text."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add

from kpksim.dosing.dose import Dose, Timed
from kpksim.dosing.regimen import Regimen
from kpksim.errors import RegimenError
from kpksim.units import hours, read_quantity


def given(
    dose: str,
    route: str,
    *,
    over: float | str | None = None,
    drug: str = "racemic ketamine",
    form: str = "base",
    product: str | None = None,
    at: float | str = 0.0,
) -> Regimen:
    """One dose by any route, the route named as in a file.

    Parameters
    ----------
    dose : str
        Amount with unit, such as ``"35 mg"`` or ``"0.5 mg/kg"``.
    route : str
        A key of `kpksim.vocabulary.ROUTES`.
    over : float or str, optional
        Duration of an infusion [h, or text with a unit]; without it the dose is given at once.
    drug : str
        One of `kpksim.vocabulary.DRUGS`.
    form : str
        What is weighed, ``"base"`` or ``"hydrochloride"``.
    product : str, optional
        Which tablet, spray or wafer.
    at : float or str
        Start of the dose [h, or text with a unit].

    Returns
    -------
    Regimen
        The one dose.

    Raises
    ------
    UnitError
        If a text is no quantity of the right dimension.
    RegimenError
        If the dose cannot be given.
    UnknownName
        If the route, the drug or the form is not known.

    Examples
    --------
    >>> given("1 mg/kg", "sc", drug="esketamine").sentence()
    '1 mg/kg esketamine SC, once'
    """
    amount, dimension = read_quantity(dose, "amount", "amount per weight")
    duration = 0.0 if over is None else _duration(over, route)
    per_kg = dimension == "amount per weight"
    one = Dose(amount, per_kg, route, duration, drug=drug, form=form, product=product)
    return Regimen((Timed(hours(at), one),))


def bolus(
    dose: str,
    *,
    drug: str = "racemic ketamine",
    form: str = "base",
    at: float | str = 0.0,
) -> Regimen:
    """One intravenous dose, given at once; parameters and errors as in `given`.

    Examples
    --------
    >>> bolus("35 mg").sentence()
    '35 mg IV bolus, once'
    """
    return given(dose, "iv", drug=drug, form=form, at=at)


def infusion(
    dose: str,
    over: float | str,
    *,
    drug: str = "racemic ketamine",
    form: str = "base",
    at: float | str = 0.0,
) -> Regimen:
    """One intravenous dose, given evenly over a time; parameters and errors as in `given`.

    Examples
    --------
    >>> infusion("0.5 mg/kg", over="40 min").sentence()
    '0.5 mg/kg IV over 40 min, once'
    """
    return given(dose, "iv", over=over, drug=drug, form=form, at=at)


def subcutaneous(
    dose: str,
    *,
    over: float | str | None = None,
    drug: str = "racemic ketamine",
    form: str = "base",
    at: float | str = 0.0,
) -> Regimen:
    """One subcutaneous injection or infusion; parameters and errors as in `given`.

    Examples
    --------
    >>> subcutaneous("0.5 mg/kg", at="2 h").sentence()
    '0.5 mg/kg SC, once at 2 h'
    """
    return given(dose, "sc", over=over, drug=drug, form=form, at=at)


def intramuscular(
    dose: str,
    *,
    over: float | str | None = None,
    drug: str = "racemic ketamine",
    form: str = "base",
    at: float | str = 0.0,
) -> Regimen:
    """One intramuscular injection; parameters and errors as in `given`.

    Examples
    --------
    >>> intramuscular("0.5 mg/kg").sentence()
    '0.5 mg/kg IM, once'
    """
    return given(dose, "im", over=over, drug=drug, form=form, at=at)


def oral(
    dose: str,
    *,
    drug: str = "racemic ketamine",
    form: str = "base",
    product: str | None = None,
    at: float | str = 0.0,
) -> Regimen:
    """One swallowed dose, released at once; parameters and errors as in `given`.

    Examples
    --------
    >>> oral("0.5 mg/kg").sentence()
    '0.5 mg/kg oral, once'
    """
    return given(dose, "oral", drug=drug, form=form, product=product, at=at)


def extended_release(
    dose: str,
    product: str | None = None,
    *,
    drug: str = "racemic ketamine",
    form: str = "base",
    at: float | str = 0.0,
) -> Regimen:
    """One swallowed dose, released slowly; parameters and errors as in `given`.

    Examples
    --------
    >>> extended_release("120 mg", product="R-107 tablet").sentence()
    '120 mg oral ER (R-107 tablet), once'
    """
    return given(dose, "oral_er", drug=drug, form=form, product=product, at=at)


def intranasal(
    dose: str,
    *,
    drug: str = "racemic ketamine",
    form: str = "base",
    product: str | None = None,
    at: float | str = 0.0,
) -> Regimen:
    """One dose into the nose; parameters and errors as in `given`.

    Examples
    --------
    >>> intranasal("28 mg", drug="esketamine").sentence()
    '28 mg esketamine intranasal, once'
    """
    return given(dose, "intranasal", drug=drug, form=form, product=product, at=at)


def sublingual(
    dose: str,
    *,
    drug: str = "racemic ketamine",
    form: str = "base",
    product: str | None = None,
    at: float | str = 0.0,
) -> Regimen:
    """One dose under the tongue; parameters and errors as in `given`.

    Examples
    --------
    >>> sublingual("50 mg", product="wafer").sentence()
    '50 mg sublingual (wafer), once'
    """
    return given(dose, "sublingual", drug=drug, form=form, product=product, at=at)


def ascending(doses: Sequence[str], every: float | str, give: Callable[[str], Regimen]) -> Regimen:
    """One dose after the other at equal spacing, as in a dose-escalation study.

    Parameters
    ----------
    doses : sequence of str
        Amounts with unit, in the order in which they are given.
    every : float or str
        Time from one dose to the next [h, or text with a unit].
    give : callable
        Makes a regimen of one amount, such as `subcutaneous`.

    Returns
    -------
    Regimen
        All doses.

    Raises
    ------
    RegimenError
        If there is no dose or `every` is not > 0.

    Examples
    --------
    >>> ascending(["0.25 mg/kg", "0.5 mg/kg"], every="1 week", give=subcutaneous).sentence()
    '0.25 mg/kg SC at 0 h, then 0.5 mg/kg at 7 d'
    """
    interval = hours(every)
    if not doses or isinstance(doses, str):
        raise RegimenError(
            f'ascending needs a list of doses such as ["0.25 mg/kg", "0.5 mg/kg"], got {doses!r}'
        )
    if interval <= 0.0:
        raise RegimenError(
            f'ascending needs every > 0, got "{every}"; doses at one time are added with +'
        )
    return reduce(add, (give(dose).shifted(k * interval) for k, dose in enumerate(doses)))


def daily(regimen: Regimen, days: int) -> Regimen:
    """Give a regimen once a day; errors as in `Regimen.repeat`.

    Examples
    --------
    >>> daily(oral("0.5 mg/kg"), days=28).sentence()
    '0.5 mg/kg oral, 28 daily doses'
    """
    return regimen.repeat(every="1 d", times=days)


def weekly(regimen: Regimen, weeks: int) -> Regimen:
    """Give a regimen once a week; errors as in `Regimen.repeat`.

    Examples
    --------
    >>> weekly(subcutaneous("1 mg/kg"), weeks=14).sentence()
    '1 mg/kg SC, 14 weekly doses'
    """
    return regimen.repeat(every="1 week", times=weeks)


def twice_weekly(regimen: Regimen, weeks: int) -> Regimen:
    """Give a regimen every 3.5 days; errors as in `Regimen.repeat`.

    Examples
    --------
    >>> twice_weekly(subcutaneous("1 mg/kg"), weeks=14).sentence()
    '1 mg/kg SC, 28 doses every 3.5 d'
    """
    return regimen.repeat(every="3.5 d", times=2 * weeks)


def _duration(over: float | str, route: str) -> float:
    """Read the duration of an infusion and refuse 0, which would mean at once."""
    duration = hours(over)
    if duration <= 0.0:
        way_out = "use bolus()" if route == "iv" else "leave the duration out"
        raise RegimenError(
            f'infusion needs a duration > 0, got "{over}"; for an instant dose {way_out}'
        )
    return duration
