"""Event tables as CSV files."""

import csv
import io
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kpksim.documents import read_text
from kpksim.dosing.event_rules import MISSING, read_number
from kpksim.dosing.event_table import COLUMNS, EventTable
from kpksim.errors import DataError, OutputError

_EXAMPLE = ",".join(COLUMNS)

_LARGEST_WHOLE = 2.0**53
"""Beyond this a float does not tell one whole number from the next."""


def read_events(path: str | Path) -> EventTable:
    r"""Read an event table from a CSV file with the column names of NONMEM.

    Columns may stand in any order and case. TIME is required; a missing column means 0, except
    ID (everything is about one subject, 1) and EVID (1 where AMT > 0, else 0). An empty value
    and ``.`` mean 0. Columns with other names are kept as text.

    Parameters
    ----------
    path : str or Path
        The file; ``"-"`` is the standard input.

    Returns
    -------
    EventTable
        The records in the order of the file.

    Raises
    ------
    DataError
        If the file cannot be read or a record breaks a rule; the message names file, line,
        column, rule and the way out.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "events.csv")
    ...     _ = path.write_text("TIME,CMT,AMT\n0,sc,35\n")
    ...     read_events(path).amt.tolist()
    [35.0]
    """
    source = "standard input" if str(path) == "-" else str(path)
    text = _read_stdin() if str(path) == "-" else read_text(Path(path))
    names, records = _split(text.removeprefix("\ufeff"), source)
    lines = [line for line, _ in records]
    columns = {name: [row[place] for _, row in records] for place, name in enumerate(names)}
    return _table(columns, lines, source)


def write_events(table: EventTable, path: str | Path) -> None:
    """Write an event table as a CSV file from which `read_events` restores it exactly.

    Parameters
    ----------
    table : EventTable
        The table.
    path : str or Path
        The file; ``"-"`` is the standard output.

    Raises
    ------
    OutputError
        If the file cannot be written; then nothing is left behind.

    Examples
    --------
    >>> from kpksim.dosing import bolus, to_events
    >>> write_events(to_events(bolus("35 mg")), "-")
    ID,TIME,EVID,CMT,AMT,RATE,II,ADDL,SS
    1,0,1,iv,35,0,0,0,0
    """
    text = _as_csv(table)
    if str(path) == "-":
        sys.stdout.write(text)
        return
    target = Path(path)
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise OutputError(
            f"{path}: cannot be written ({error.strerror}); choose another folder"
        ) from None


def _read_stdin() -> str:
    """Read the standard input to its end."""
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"standard input: is not UTF-8 text ({error.reason})") from None


def _split(text: str, source: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Cut a CSV text into column names and records with their line; blank lines are skipped."""
    reader = csv.reader(io.StringIO(text), strict=True)
    rows = []
    try:
        for row in reader:
            if any(value.strip() for value in row):
                rows.append((reader.line_num, [value.strip() for value in row]))
    except csv.Error as error:
        raise DataError(
            f"{source}: line {reader.line_num}: is not CSV ({error}); check the quotes"
        ) from None
    if not rows:
        raise DataError(f"{source}: is empty; the first line names the columns: {_EXAMPLE}")
    names = _column_names(rows[0][1], source)
    if len(rows) == 1:
        raise DataError(f"{source}: has column names and no record; add a line below them")
    for line, row in rows[1:]:
        if len(row) != len(names):
            raise DataError(
                f"{source}: line {line}: a record needs {len(names)} values as there are columns, "
                f'got {len(row)}; write "." where there is none'
            )
    return names, rows[1:]


def _column_names(header: list[str], source: str) -> list[str]:
    """Check the first line of a file and give its names in capitals."""
    names = [name.upper() for name in header]
    if "TIME" not in names:
        raise DataError(
            f"{source}: line 1: a column TIME is needed, got {', '.join(names)}; "
            f"the first line names the columns, with commas between: {_EXAMPLE}"
        )
    for place, name in enumerate(names):
        if not name:
            raise DataError(
                f"{source}: line 1: every column needs a name, column {place + 1} has none; "
                "name it or remove it"
            )
        if name in names[:place]:
            raise DataError(
                f"{source}: line 1: a column may be there once, got {name} twice; rename one"
            )
    return names


def _table(columns: dict[str, list[str]], lines: list[int], source: str) -> EventTable:
    """Turn columns of text into a table."""
    nothing = ["0"] * len(lines)
    places = [f"{source}: line {line}, column " for line in lines]

    def numbers(name: str) -> NDArray[np.float64]:
        texts = zip(columns.get(name, nothing), places, strict=True)
        return np.array([read_number(text, place + name) for text, place in texts])

    def counts(name: str) -> NDArray[np.int64]:
        values = zip(numbers(name), places, strict=True)
        return np.array([_whole(value, place + name) for value, place in values])

    amt = numbers("AMT")
    return EventTable(
        id=tuple("0" if one in MISSING else one for one in columns.get("ID", ["1"] * len(lines))),
        time=numbers("TIME"),
        evid=counts("EVID") if "EVID" in columns else np.where(amt > 0.0, 1, 0),
        cmt=tuple(_compartment(one) for one in columns.get("CMT", nothing)),
        amt=amt,
        rate=numbers("RATE"),
        ii=numbers("II"),
        addl=counts("ADDL"),
        ss=counts("SS"),
        further={name: tuple(values) for name, values in columns.items() if name not in COLUMNS},
        line=tuple(lines),
        source=source,
    )


def _whole(value: float, place: str) -> int:
    """Turn a number into a count or a code."""
    if not value.is_integer() or abs(value) > _LARGEST_WHOLE:
        raise DataError(f"{place}: a whole number is expected, got {value:g}; round it")
    return int(value)


def _compartment(text: str) -> str:
    """Give a compartment as text; a number that other programs write as 1.0 is 1."""
    if text in MISSING:
        return "0"
    digits = text.removesuffix(".0")
    return str(int(digits)) if digits.isdecimal() else text


def _as_csv(table: EventTable) -> str:
    """Write the records as CSV text."""
    columns: dict[str, Sequence[object]] = {
        name: getattr(table, name.lower()) for name in COLUMNS
    } | dict(table.further)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_shortest(value) for value in row])
    return out.getvalue()


def _shortest(value: object) -> str:
    """Write a value with as many digits as restore it."""
    return repr(float(value)).removesuffix(".0") if isinstance(value, float) else str(value)
