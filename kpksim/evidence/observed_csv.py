"""The CSV file of an observed study: its columns, lines and cells."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from math import inf, nan

from kpksim.documents import at_place
from kpksim.errors import DataError, unknown

COLUMNS = (
    "id", "arm", "analyte", "enantiomer", "metric", "over", "time_h", "start_h", "end_h",
    "value", "unit", "sd", "low", "high", "spread", "statistic", "grade", "where", "digitised",
    "use", "why", "doubt", "note",
)  # fmt: skip
"""Columns of the file, in any order; every one is there, most may be empty."""

NOT_STATED = "not stated"
"""What stands at the end of a window that the source does not give."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")

Row = Mapping[str, str]
"""Values of a line by column."""


def rows_of(text: str) -> Iterator[tuple[int, Row]]:
    """Give the rows of a file.

    Parameters
    ----------
    text : str
        Content of the file.

    Yields
    ------
    line : int
        Number of the line.
    row : mapping of str to str
        Its values by column.

    Raises
    ------
    DataError
        If the header or a line breaks the form of a table.
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_columns(names)
        for row in reader:
            if not row:
                continue
            if len(row) != len(names):
                raise DataError(
                    f"line {reader.line_num}: has {len(row)} values for {len(names)} columns; "
                    "put a text with a comma in double quotes"
                )
            yield reader.line_num, dict(zip(names, (value.strip() for value in row), strict=True))
    except csv.Error as error:
        raise DataError(f"line {reader.line_num}: is not valid CSV: {error}") from None


def _check_columns(names: list[str]) -> None:
    """Refuse a header with unknown, missing or repeated columns."""
    for name in names:
        if name not in COLUMNS:
            raise DataError(f"line 1: {unknown('column', name, list(COLUMNS))}")
        if names.count(name) > 1:
            raise DataError(f'line 1: the column "{name}" stands twice; keep one of them')
    if missing := [name for name in COLUMNS if name not in names]:
        raise DataError(f'line 1: the column "{missing[0]}" is missing; it may be empty below')


def one_of(row: Row, column: str, known: list[str]) -> str:
    """Read a word that must be one of some.

    Parameters
    ----------
    row : mapping of str to str
        Values by column.
    column : str
        Which of them.
    known : list of str
        Every word that may stand there.

    Returns
    -------
    str
        The word.

    Raises
    ------
    DataError
        If it is none of them.
    """
    if row[column] not in known:
        with at_place(column):
            raise unknown(column, row[column], known)
    return row[column]


def text_of(row: Row, column: str) -> str:
    """Read a text that must be there.

    Parameters
    ----------
    row : mapping of str to str
        Values by column.
    column : str
        Which of them.

    Returns
    -------
    str
        The text.

    Raises
    ------
    DataError
        If it is empty.
    """
    if not row[column]:
        raise DataError(f"{column}: is empty; every observation has one")
    return row[column]


def number_of(row: Row, column: str) -> float:
    """Read a number; nan when it is left out.

    Parameters
    ----------
    row : mapping of str to str
        Values by column.
    column : str
        Which of them.

    Returns
    -------
    float
        The number [as in the file].

    Raises
    ------
    DataError
        If the text is no plain number.
    """
    text = row[column]
    if not text:
        return nan
    if not _NUMBER.fullmatch(text):
        raise DataError(f'{column}: "{text}" is no number; write it like 0.25, units apart')
    return float(text)


def bound_of(row: Row, column: str) -> float:
    """Read one end of a window.

    Parameters
    ----------
    row : mapping of str to str
        Values by column.
    column : str
        Which of them.

    Returns
    -------
    float
        The time, inf for all time, nan where it is not stated or left out [h].

    Raises
    ------
    DataError
        If the text is none of them.
    """
    words = {"inf": inf, NOT_STATED: nan}
    return words[row[column]] if row[column] in words else number_of(row, column)
