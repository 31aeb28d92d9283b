"""Event tables as pandas data frames and as xarray data sets."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from kpksim.dosing.event_columns import column_names, columns_of, table_of_text
from kpksim.dosing.event_rules import MISSING
from kpksim.dosing.event_table import EventTable
from kpksim.errors import DataError

UNITS = {"TIME": "h", "AMT": "mg", "RATE": "mg/h", "II": "h"}
"""Units of the columns that have one."""


def table_of_frame(frame: pd.DataFrame, source: str) -> EventTable:
    """Read an event table from a data frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per record, columns as in a file; the index is not read.
    source : str
        Name for messages.

    Returns
    -------
    EventTable
        The records; lines are counted as in a file with a header.

    Raises
    ------
    DataError
        If a column is missing or twice there, or a record breaks a rule.
    """
    names = column_names([str(name).strip() for name in frame.columns], source)
    columns = {name: _texts(frame.iloc[:, place]) for place, name in enumerate(names)}
    return table_of_text(columns, range(2, len(frame) + 2), source)


def frame_of(table: EventTable) -> pd.DataFrame:
    """Give an event table as a data frame with plain columns.

    Parameters
    ----------
    table : EventTable
        The table.

    Returns
    -------
    pandas.DataFrame
        One row per record; ID and CMT are whole numbers where all of them are written so, a
        further column holds numbers where all its values are numbers or missing.
    """
    columns = {name: _plain(name, values) for name, values in columns_of(table).items()}
    return pd.DataFrame(columns)


def table_of_dataset(dataset: xr.Dataset, source: str) -> EventTable:
    """Read an event table from a data set with one dim.

    Parameters
    ----------
    dataset : xarray.Dataset
        Variables and coordinates are the columns.
    source : str
        Name for messages.

    Returns
    -------
    EventTable
        The records.

    Raises
    ------
    DataError
        If the data set has another number of dims, or its records break a rule.
    """
    if len(dataset.dims) != 1:
        dims = ", ".join(map(str, dataset.dims)) or "none"
        raise DataError(f"{source}: records lie along one dim, got {dims}; choose with isel")
    (dim,) = dataset.dims
    columns = {name: one.values for name, one in dataset.variables.items() if one.dims == (dim,)}
    columns.pop(dim, None)
    return table_of_frame(pd.DataFrame(columns), source)


def dataset_of(table: EventTable) -> xr.Dataset:
    """Give an event table as a data set along the dim ``record``.

    Parameters
    ----------
    table : EventTable
        The table.

    Returns
    -------
    xarray.Dataset
        One variable per column; ID, TIME and EVID are coordinates, as in a simulated table.
    """
    frame = frame_of(table)
    result = xr.Dataset({name: ("record", frame[name].to_numpy()) for name in frame})
    for name, unit in UNITS.items():
        result[name].attrs["units"] = unit
    return result.set_coords(["ID", "TIME", "EVID"])


def _texts(column: "pd.Series[Any]") -> list[str]:
    """Give the values of a column as a file would hold them."""
    return ["." if pd.isna(value) else _text(value) for value in column.tolist()]


def _text(value: object) -> str:
    """Give one value with as many digits as restore it."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value).strip()


def _plain(name: str, values: Any) -> NDArray[Any]:
    """Give a column as numbers where it holds nothing else."""
    if isinstance(values, np.ndarray):
        return values
    if name in ("ID", "CMT"):
        whole = all(one.isdecimal() and str(int(one)) == one for one in values)
        return np.array([int(one) for one in values] if whole else list(values))
    try:
        return np.array([np.nan if one in MISSING else float(one) for one in values])
    except ValueError:
        return np.array(list(values))
