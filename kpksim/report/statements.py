"""What studies of the same doses state, set for reading."""

from dataclasses import dataclass
from typing import Any

import xarray as xr

from kpksim.plots.curves import regimen_names
from kpksim.plots.statements import all_statements
from kpksim.plots.words import say_number, short_name, when


@dataclass(frozen=True)
class StatementRow:
    """One statement.

    Attributes
    ----------
    when, says, study : str
        Times, the statement with its number, and the key of the study.
    """

    when: str
    says: str
    study: str


@dataclass(frozen=True)
class StatementGroup:
    """What is stated of one outcome of one regimen.

    Attributes
    ----------
    place : int
        Place of the regimen among the curves.
    about : str
        The outcome.
    rows : tuple of StatementRow
        In the order of their times.
    """

    place: int
    about: str
    rows: tuple[StatementRow, ...]


def statement_groups(result: xr.Dataset) -> list[StatementGroup]:
    """Set the statements that a comparison carries.

    Parameters
    ----------
    result : Dataset
        Curves with the attribute ``statements``.

    Returns
    -------
    list of StatementGroup
        Those about outcomes that the comparison shows, by regimen and outcome.
    """
    names = regimen_names(result)
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for one in all_statements(result):
        if one["outcome"] in result and one["regimen"] in names:
            place = names.index(one["regimen"])
            groups.setdefault((place, short_name(result, one["outcome"])), []).append(one)
    return [
        StatementGroup(place, about, tuple(_row(one) for one in sorted(found, key=_last)))
        for (place, about), found in sorted(groups.items(), key=lambda item: item[0][0])
    ]


def _last(one: dict[str, Any]) -> float:
    """Give the last time of a statement [h]."""
    return float(one["hours"][-1])


def _row(one: dict[str, Any]) -> StatementRow:
    """Set one statement."""
    return StatementRow(_times(one["hours"], span=one["span"]), _words(one), one["study"])


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
