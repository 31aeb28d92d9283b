"""Event tables as CSV files."""

import csv
import io
import sys
from contextlib import suppress
from pathlib import Path

from kpksim.documents import read_text
from kpksim.dosing.event_columns import EXAMPLE, column_names, columns_of, table_of_text
from kpksim.dosing.event_table import EventTable
from kpksim.errors import DataError, OutputError


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
    return table_of_text(columns, lines, source)


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
    ID,TIME,EVID,CMT,AMT,RATE,II,ADDL,SS,DRUG,FORM
    1,0,1,iv,35,0,0,0,0,racemic ketamine,base
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
        raise DataError(f"{source}: is empty; the first line names the columns: {EXAMPLE}")
    names = column_names(rows[0][1], source)
    if len(rows) == 1:
        raise DataError(f"{source}: has column names and no record; add a line below them")
    for line, row in rows[1:]:
        if len(row) != len(names):
            raise DataError(
                f"{source}: line {line}: a record needs {len(names)} values as there are columns, "
                f'got {len(row)}; write "." where there is none'
            )
    return names, rows[1:]


def _as_csv(table: EventTable) -> str:
    """Write the records as CSV text."""
    columns = columns_of(table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_shortest(value) for value in row])
    return out.getvalue()


def _shortest(value: object) -> str:
    """Write a value with as many digits as restore it."""
    return repr(float(value)).removesuffix(".0") if isinstance(value, float) else str(value)
