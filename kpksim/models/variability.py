"""Spread of a parameter between people and between doses, and where it comes from."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kpksim.errors import ModelError
from kpksim.models.document import TraceDocument, VariabilityDocument


class Trace(NamedTuple):
    """Where a number comes from and how well it is traced.

    Attributes
    ----------
    grade, source, where, reason : str
        As a model file says them; `source` is a key of the bibliography, or ``"user"``.
    """

    grade: str
    source: str
    where: str
    reason: str


@dataclass(frozen=True)
class Variability:
    """Spread of a parameter.

    Attributes
    ----------
    omega2 : float
        Variance of the random effect on its scale [1].
    scale : str
        ``"log"`` or ``"logit"``.
    grade, source, where, reason : str
        Where it comes from and how well it is traced.
    """

    omega2: float
    scale: str
    grade: str = "D"
    source: str = "user"
    where: str = ""
    reason: str = ""


def read_variability(record: VariabilityDocument | None, known: Trace) -> Variability | None:
    """Make a variability from its record; cv means omega2 = ln(1 + cv^2).

    Parameters
    ----------
    record : VariabilityDocument or None
        What the model file says.
    known : Trace
        Where the parameter itself comes from, for what the record leaves out.

    Returns
    -------
    Variability or None
        The variability; None where there is no record.

    Raises
    ------
    ModelError
        If it says a grade of its own without a place or a reason.
    """
    if record is None:
        return None
    omega2 = record.omega2 if record.omega2 is not None else np.log1p(float(record.cv or 0.0) ** 2)
    return Variability(float(omega2), record.scale, *traced(record, known))


def traced(record: TraceDocument, known: Trace) -> Trace:
    """Complete what a record says of its origin by what is known of the whole.

    Parameters
    ----------
    record : TraceDocument
        What the model file says of a spread.
    known : Trace
        What it says of the number or the model that the spread belongs to.

    Returns
    -------
    Trace
        The origin of the spread.

    Raises
    ------
    ModelError
        If a grade is given without the place or the reason that it needs.
    """
    if record.grade is None and record.reason and known.grade != "D":
        raise ModelError('a spread with a "reason" of its own needs a "grade" of its own')
    found = Trace(
        record.grade or known.grade,
        record.source or known.source,
        record.where or known.where,
        record.reason or known.reason,
    )
    if record.grade is not None and found.source != "user":
        refuse_untraced(found.grade, found.where, found.reason)
    return found


def refuse_untraced(grade: str | None, where: str, reason: str) -> None:
    """Refuse a published number without grade, place or reason.

    Parameters
    ----------
    grade : str or None
        Its grade.
    where, reason : str
        Its place in the source, and why it was chosen.

    Raises
    ------
    ModelError
        If what its grade needs is missing.
    """
    if grade is None:
        raise ModelError('a published number needs a grade: "A", "B" or "D"')
    if grade in ("A", "B") and not where:
        raise ModelError(f'a number of grade "{grade}" needs "where": table, page or equation')
    if grade == "D" and not reason:
        raise ModelError('a number of grade "D" needs a "reason"')
