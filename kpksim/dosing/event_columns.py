"""Event tables as columns of text: what files, data frames and arrays have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing.event_rules import MISSING, read_number
from kpksim.dosing.event_table import COLUMNS, EventTable
from kpksim.errors import DataError

EXAMPLE = ",".join(COLUMNS)

_LARGEST_WHOLE = 2.0**53
"""Beyond this a float does not tell one whole number from the next."""


def columns_of(table: EventTable) -> dict[str, Any]:
    """Give all columns of a table in the order in which they are written.

    Parameters
    ----------
    table : EventTable
        The table.

    Returns
    -------
    dict of str to array or tuple of str
        NONMEM's columns, then the further ones.
    """
    return {name: getattr(table, name.lower()) for name in COLUMNS} | dict(table.further)


def column_names(header: Sequence[str], source: str) -> list[str]:
    """Give the names of columns in capitals.

    Parameters
    ----------
    header : sequence of str
        The names as written.
    source : str
        Where they stand, for messages.

    Returns
    -------
    list of str
        The names.

    Raises
    ------
    DataError
        If TIME is missing, or a name is empty or there twice.
    """
    names = [name.upper() for name in header]
    if "TIME" not in names:
        raise DataError(
            f"{source}: line 1: a column TIME is needed, got {', '.join(names)}; "
            f"the first line names the columns, with commas between: {EXAMPLE}"
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


def table_of_text(
    columns: Mapping[str, Sequence[str]], lines: Sequence[int], source: str
) -> EventTable:
    """Give the event table that columns of text make.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Values as they stand, by name in capitals.
    lines : sequence of int
        Line of each record, for messages.
    source : str
        Where they stand, for messages.

    Returns
    -------
    EventTable
        The table; a missing column means 0, an empty value and ``.`` as well.

    Raises
    ------
    DataError
        If a value cannot be read or a record breaks a rule.
    """
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
