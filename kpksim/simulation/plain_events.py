"""Event tables that other programs read: compartments by number, columns of numbers."""

from dataclasses import replace

import numpy as np

from kpksim.dosing import EventTable
from kpksim.errors import DataError, KpksimError
from kpksim.models import Intake, Model, intake_by_compartment
from kpksim.simulation.record_parameters import record_parameters
from kpksim.simulation.record_ways import amount_of, at_line, intakes_of

WORDS = ("DRUG", "FORM", "PRODUCT")
"""Columns that only kpksim reads; what they mean is in AMT and CMT of a plain table."""


def plain_events(model: Model, table: EventTable) -> EventTable:
    """Give the same events as NONMEM, PKNCA and their like read them.

    CMT and ID are numbers, AMT and RATE count the form of drug that the model counts, RATE is -1 or
    -2 where a route has a modelled input, and there are the columns DV (none) and MDV. Columns of
    words are left out.

    Parameters
    ----------
    model : Model
        The model that numbers the compartments.
    table : EventTable
        The events.

    Returns
    -------
    EventTable
        The events; `kpksim.dosing.write_events` and `EventTable.to_frame` hand them on.

    Raises
    ------
    DataError
        If a dose cannot be said by one record with a compartment, such as one by a route that
        splits it; the message names the line.

    Examples
    --------
    >>> import kpksim as kp
    >>> from kpksim.dosing import to_events
    >>> plain_events(kp.load_model("domino1982"), to_events(kp.bolus("35 mg"))).cmt
    ('1',)
    """
    cmt, amt, rate = [_number(model, one) for one in table.cmt], table.amt.copy(), table.rate.copy()
    subjects = table.of_subjects()
    firsts = np.cumsum([0, *(len(one) for one in subjects)])
    for first, one in zip(firsts, subjects, strict=False):
        parameters = record_parameters(model, one, ())
        for record in np.flatnonzero(one.is_dose):
            place = int(first + record)
            values = parameters.at(int(record))
            try:
                intakes = intakes_of(model, values, one, int(record))
                index, rate[place] = _one_way(model, intakes, values)
                amt[place] = amount_of(model, one, int(record))
            except KpksimError as error:
                raise at_line(table, place, error) from None
            cmt[place] = str(index + 1)
    missing = {"DV": (".",) * len(table), "MDV": tuple(str(int(one > 0)) for one in table.evid)}
    further = {name: one for name, one in table.further.items() if _is_plain(name, one)}
    whole = all(one.isdecimal() for one in table.id)
    id_ = table.id if whole else tuple(str(number + 1) for number in table.subject)
    return replace(table, id=id_, cmt=tuple(cmt), amt=amt, rate=rate, further=missing | further)


def _number(model: Model, cmt: str) -> str:
    """Give the compartment of a record that is no dose as a number; 0 where it is none."""
    names = [one.name for one in model.compartments]
    if cmt in names:
        return str(names.index(cmt) + 1)
    return cmt if cmt.isdecimal() else "0"


def _one_way(
    model: Model, intakes: list[tuple[Intake, float]], values: dict[str, np.ndarray]
) -> tuple[int, float]:
    """Give compartment and rate of a dose that enters one compartment as that compartment says."""
    (intake, rate), *others = intakes
    plain = intake_by_compartment(model, values, intake.compartment)
    if others or any(
        getattr(intake, name) != getattr(plain, name)
        for name in ("share", "bioavailability", "lag", "duration", "rate")
    ):
        raise DataError(
            "column CMT: this route splits the dose or changes F, lag or duration of its "
            "compartment, which one plain record cannot say; write one record per compartment"
        )
    return intake.compartment, rate


def _is_plain(name: str, values: tuple[str, ...]) -> bool:
    """Say whether a further column holds numbers that another program may read."""
    if name in WORDS:
        return False
    try:
        return all(np.isfinite(float(one)) for one in values if one not in ("", "."))
    except ValueError:
        return False
