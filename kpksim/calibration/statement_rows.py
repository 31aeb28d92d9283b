"""Statements of studies turned into rows of numbers that a likelihood can read."""

from collections.abc import Sequence
from dataclasses import replace

from kpksim.calibration.alternatives import otherwise
from kpksim.calibration.asked import Asked
from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.moments import CONTROLS, construct_of, instrument_of
from kpksim.calibration.readers import READERS
from kpksim.calibration.statement_row import StatementRow, Unread
from kpksim.errors import DataError
from kpksim.evidence import REVIEW, Statement, Study


def rows_of(
    study: Study,
    outcome: str,
    settings: CalibrationDocument,
    *,
    alternative: bool = False,
) -> tuple[list[StatementRow], list[Unread]]:
    """Turn the statements of a study about an outcome into rows.

    Parameters
    ----------
    study : Study
        The study.
    outcome : str
        Name of the outcome.
    settings : CalibrationDocument
        Weights, thresholds and what is left out.
    alternative : bool
        Whether each statement is read in its other way, where it has one.

    Returns
    -------
    rows : list of StatementRow
        What is read.
    unread : list of Unread
        What is not, and why.
    """
    rows: list[StatementRow] = []
    unread: list[Unread] = []
    for statement in study.statements:
        if statement.construct != construct_of(outcome):
            continue
        why = _why_not(study, statement, outcome, settings)
        reading = (alternative and statement.alternative) or statement.reading
        said = otherwise(statement, settings.alternatives) if alternative else statement
        asked = Asked(study, said, outcome, reading, settings, study.cohort)
        if not why and reading == "not used":
            why = "its other reading is to leave it out"
        found = [] if why else _read(asked)
        if alternative and not why and not found:
            found = _read(replace(asked, statement=statement, reading=statement.reading))
        rows += found
        if not found:
            unread.append(Unread(statement.id, why or "its reading needs a number that is missing"))
    return rows, unread


def _why_not(
    study: Study, statement: Statement, outcome: str, settings: CalibrationDocument
) -> str:
    """Say why a statement is not read; empty where it is."""
    if statement.reading == "not used":
        return statement.why_not_used
    if statement.repeats:
        return f"the fact is in {statement.repeats}"
    instrument = instrument_of(statement, outcome)
    if not instrument:
        return "it does not name this pressure"
    for one in settings.left_out:
        if statement.id in one.statements or instrument in one.scales:
            return one.why
    if statement.hours and max(statement.hours) <= 0.0:
        return "it stands before the first dose and says nothing of a change"
    arms = [study.arms[one] for one in statement.arms]
    if not statement.hours:
        return "it has no time"
    if any(arm.regimen is None and arm.kind not in CONTROLS for arm in arms):
        return "an arm has no regimen"
    return ""


def _read(asked: Asked) -> list[StatementRow]:
    """Read a statement; nothing where its reading needs what is not there."""
    if asked.reading not in READERS:
        raise DataError(
            f'statement {asked.statement.id}: no likelihood reads "{asked.reading}"; '
            f"known are {', '.join(READERS)}"
        )
    return list(READERS[asked.reading](asked))


def clusters_of(studies: Sequence[Study]) -> dict[str, list[Study]]:
    """Put studies of the same people together.

    Parameters
    ----------
    studies : sequence of Study
        The studies.

    Returns
    -------
    dict of str to list of Study
        By the name of the cohort; what the review says by itself is one of its own.
    """
    found: dict[str, list[Study]] = {}
    for one in studies:
        found.setdefault(REVIEW if one.key == REVIEW else one.cohort, []).append(one)
    return found
