"""The other numbers of a statement whose other reading is of the same kind as its own."""

from dataclasses import replace
from math import isfinite

from kpksim.calibration.document import AlternativesDocument
from kpksim.evidence import Statement
from kpksim.units import hours


def otherwise(statement: Statement, numbers: AlternativesDocument) -> Statement:
    """Give a statement with the numbers of its other reading.

    Parameters
    ----------
    statement : Statement
        The statement.
    numbers : AlternativesDocument
        How much wider a range is taken, how much later an effect may be gone, other levels.

    Returns
    -------
    Statement
        The same where its other reading is of another kind or has no other number.

    Examples
    --------
    >>> from kpksim.evidence import load_study
    >>> said = {one.id: one for one in load_study("tully2021").statements}["tully2021-26"]
    >>> said.hours, otherwise(said, AlternativesDocument(later="7 d")).hours
    ((336.0,), (504.0,))
    """
    if statement.alternative != statement.reading:
        return statement
    if statement.reading == "interval" and statement.unit == "%":
        low, high = statement.bounds
        return replace(statement, bounds=(low - numbers.wider, high + numbers.wider))
    if statement.reading == "gone by":
        late = hours(numbers.later)
        return replace(statement, hours=tuple(one + late for one in statement.hours))
    level = numbers.thresholds.get(statement.id, statement.threshold)
    return replace(statement, threshold=level) if isfinite(level) else statement
