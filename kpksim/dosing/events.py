"""A regimen as an event table, and back."""

from collections.abc import Sequence

import numpy as np

from kpksim.dosing.dose import Dose, Timed
from kpksim.dosing.event_order import unroll
from kpksim.dosing.event_rules import MISSING, Rule, check
from kpksim.dosing.event_table import EventTable
from kpksim.dosing.regimen import Regimen
from kpksim.dosing.sentence import say_dose
from kpksim.dosing.series import find_series
from kpksim.errors import DataError, KpksimError, RegimenError
from kpksim.vocabulary import ROUTES

_DEFAULTS = {"DRUG": "racemic ketamine", "FORM": "base", "PRODUCT": "."}
"""What is meant where the columns beyond NONMEM's say nothing."""


def to_events(regimen: Regimen, weight: float | None = None, id: int = 1) -> EventTable:
    """Write a regimen as an event table.

    Equal doses at equal spacing become one record with ADDL and II. CMT is the route, RATE the
    amount divided by the duration. DRUG and FORM say what is weighed, so that a model of another
    drug refuses the table; PRODUCT is there when a dose names one.

    Parameters
    ----------
    regimen : Regimen
        The regimen.
    weight : float, optional
        Actual body weight; needed when a dose is per kg [kg].
    id : int
        ID of the subject.

    Returns
    -------
    EventTable
        One record per series of doses.

    Raises
    ------
    RegimenError
        If a dose is per kg and there is no weight.

    Examples
    --------
    >>> from kpksim.dosing import subcutaneous, weekly
    >>> table = to_events(weekly(subcutaneous("1 mg/kg"), weeks=4), weight=70.0)
    >>> table.cmt, table.amt.tolist(), table.ii.tolist(), table.addl.tolist()
    (('sc',), [70.0], [168.0], [3])
    """
    series = find_series(_absolute(regimen, weight).doses)
    doses = [one.dose for one in series]
    return EventTable(
        id=(str(id),) * len(series),
        time=np.array([one.start for one in series]),
        evid=np.ones(len(series), dtype=int),
        cmt=tuple(dose.route for dose in doses),
        amt=np.array([dose.amount for dose in doses]),
        rate=np.array([dose.amount / dose.over if dose.over else 0.0 for dose in doses]),
        ii=np.array([one.every for one in series]),
        addl=np.array([one.count - 1 for one in series]),
        ss=np.zeros(len(series), dtype=int),
        further=_special(doses),
        source="regimen",
    )


def from_events(table: EventTable) -> Regimen:
    """Read the doses of an event table as a regimen.

    Parameters
    ----------
    table : EventTable
        Records of one subject; every dose goes into a route. Observations are passed over.

    Returns
    -------
    Regimen
        The doses in mg; durations are AMT / RATE, so exact to rounding.

    Raises
    ------
    DataError
        If the table holds more than doses of one subject by named routes.

    Examples
    --------
    >>> from kpksim.dosing import subcutaneous
    >>> from_events(to_events(subcutaneous("35 mg", at="2 h"))).sentence()
    '35 mg SC, once at 2 h'
    """
    check(table, _REGIMEN_RULES)
    given = unroll(table)
    if not given.time.size:
        raise DataError(f"{table.source}: a regimen needs a dose (EVID 1), got none; add one")
    doses = {record: _dose(table, record) for record in set(given.record.tolist())}
    return Regimen(
        tuple(
            Timed(time, doses[record])
            for time, record in zip(given.time.tolist(), given.record.tolist(), strict=True)
        )
    )


def _absolute(regimen: Regimen, weight: float | None) -> Regimen:
    """Give the regimen in mg."""
    if weight is not None:
        return regimen.for_weight(weight)
    for timed in regimen.doses:
        if timed.dose.per_kg:
            raise RegimenError(
                f"an event table holds amounts in mg, got {say_dose(timed.dose)}; "
                "give the body weight: weight=70.0"
            )
    return regimen


def _special(doses: Sequence[Dose]) -> dict[str, tuple[str, ...]]:
    """Give the columns beyond NONMEM's."""
    columns = {
        "DRUG": tuple(dose.drug for dose in doses),
        "FORM": tuple(dose.form for dose in doses),
    }
    if any(dose.product for dose in doses):
        columns["PRODUCT"] = tuple(dose.product or "." for dose in doses)
    return columns


def _dose(table: EventTable, record: int) -> Dose:
    """Read the dose of one record."""
    amount, rate = float(table.amt[record]), float(table.rate[record])
    said = {name: table.further[name][record] for name in _DEFAULTS if name in table.further}
    words = _DEFAULTS | {name: value for name, value in said.items() if value not in MISSING}
    try:
        return Dose(
            amount,
            per_kg=False,
            route=table.cmt[record],
            over=amount / rate if rate else 0.0,
            drug=words["DRUG"],
            form=words["FORM"],
            product=None if words["PRODUCT"] == "." else words["PRODUCT"],
        )
    except KpksimError as error:
        raise DataError(f"{table.source}: line {table.line[record]}: {error}") from None


_REGIMEN_RULES = (
    Rule("ID", lambda table: table.subject > 0, "a regimen is of one subject",
         "take one table of EventTable.of_subjects()"),
    Rule("EVID", lambda table: table.evid > 1, "a regimen holds no other events and no resets",
         "leave the record out"),
    Rule("RATE", lambda table: table.rate < 0.0, "a regimen holds no modelled rate or duration",
         "write the rate itself"),
    Rule("SS", lambda table: table.ss > 0, "a regimen holds no steady state",
         "give the doses that lead to it with II and ADDL"),
    Rule("CMT", lambda table: table.is_dose & ~np.isin(table.cmt, list(ROUTES)),
         "a regimen gives doses by a route", f"write one of {', '.join(ROUTES)}"),
)  # fmt: skip
