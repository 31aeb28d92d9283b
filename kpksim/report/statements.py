"""What studies of the same doses state, set for reading."""

import json
from dataclasses import dataclass
from typing import Any

import xarray as xr

from kpksim.plots.curves import regimen_names
from kpksim.plots.words import say_number, short_name, when


@dataclass(frozen=True)
class StatementRow:
    """One statement beside a regimen.

    Attributes
    ----------
    place : int
        Place of the regimen among the curves.
    about, when, says, study : str
        Outcome, times, the statement with its number, and the key of the study.
    """

    place: int
    about: str
    when: str
    says: str
    study: str


def statement_rows(result: xr.Dataset) -> list[StatementRow]:
    """Set the statements that a comparison carries.

    Parameters
    ----------
    result : Dataset
        Curves with the attribute ``statements``.

    Returns
    -------
    list of StatementRow
        Those about outcomes that the comparison shows; one about both pressures stands once.
    """
    names = regimen_names(result)
    rows: dict[tuple[str, str], StatementRow] = {}
    for one in json.loads(result.attrs.get("statements", "[]")):
        if one["outcome"] in result and one["regimen"] in names:
            key = (one["regimen"], one["statement"])
            rows.setdefault(
                key,
                StatementRow(
                    names.index(one["regimen"]),
                    short_name(result, one["outcome"]),
                    _times(one["hours"], span=one["span"]),
                    _words(one),
                    one["study"],
                ),
            )
    return sorted(rows.values(), key=lambda row: (row.place, row.about))


def _times(hours: list[float], *, span: bool) -> str:
    """Say when a statement is about."""
    said = [when(hour) if hour else "start" for hour in hours]
    if span or len(said) > 3:
        return f"{said[0]} to {said[-1]}"
    return ", ".join(said)


def _words(one: dict[str, Any]) -> str:
    """Give the statement with its number."""
    if one["value"] is None:
        return str(one["says"])
    return f"{one['says']} ({say_number(one['value'])} {one['unit']})"
