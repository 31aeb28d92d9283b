"""The clock of a statement: words of a paper turned into hours since the first dose."""

from kpksim.documents import at_place
from kpksim.dosing import Regimen
from kpksim.errors import DataError
from kpksim.evidence.study_document import StatementDocument
from kpksim.units import to_internal


def hours_of(
    one: StatementDocument, regimen: Regimen | None, day_of_first_dose: int
) -> tuple[float, ...]:
    """Give the times that a statement is about.

    Parameters
    ----------
    one : StatementDocument
        The statement.
    regimen : Regimen or None
        Doses of its arm; None in an arm without any, whose first dose is at 0.
    day_of_first_dose : int
        What the paper calls the day of the first dose.

    Returns
    -------
    tuple of float
        Hours since the start of the first dose, or of any dose for the clock ``"each dose"``;
        empty where no time is stated.

    Raises
    ------
    DataError
        If a time cannot be read, days are counted by another clock than that of the first dose,
        or times do not ascend.
    """
    if one.day is not None:
        return (_of_day(one, day_of_first_dose),)
    start = _start(one, regimen)
    hours = tuple(start + _read(place, text) for place, text in _texts(one))
    if list(hours) != sorted(set(hours)):
        raise DataError("times must ascend, each once")
    return hours


def _of_day(one: StatementDocument, day_of_first_dose: int) -> float:
    """Count a day of the paper from the first dose [h]."""
    assert one.day is not None
    if one.clock != "first dose":
        raise DataError(f'day: days are of the clock "first dose", got clock = "{one.clock}"')
    if one.day < day_of_first_dose:
        raise DataError(
            f"day: {one.day:g} lies before the first dose on day {day_of_first_dose}; "
            "see design.day_of_first_dose"
        )
    return 24.0 * (one.day - day_of_first_dose)


def _start(one: StatementDocument, regimen: Regimen | None) -> float:
    """Give when the clock of a statement starts [h]."""
    if regimen is None or one.clock == "each dose":
        return 0.0
    return regimen.last_time if one.clock == "last dose" else regimen.doses[0].time


def _texts(one: StatementDocument) -> list[tuple[str, str]]:
    """Give every time as written, with its place."""
    if one.time is not None:
        return [("time", one.time)]
    if one.during is not None:
        return [("during", text) for text in one.during]
    return [("visits", text) for text in one.visits]


def _read(place: str, text: str) -> float:
    """Read a time [h]."""
    with at_place(place):
        return to_internal(text, "time")
