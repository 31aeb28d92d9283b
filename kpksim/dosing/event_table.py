"""The event table: the records of a NONMEM data set as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing.event_rules import TABLE_RULES, check, read_number
from kpksim.errors import DataError, unknown

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

COLUMNS = ("ID", "TIME", "EVID", "CMT", "AMT", "RATE", "II", "ADDL", "SS")
"""The columns that every table has, in the order in which they are written."""

_NUMBERS: dict[str, type] = {
    "time": float, "evid": int, "amt": float, "rate": float, "ii": float, "addl": int, "ss": int,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class EventTable:
    """Records in the order of their file, one entry per record in every column.

    The meaning of the columns is NONMEM's. A record is an observation (EVID 0), a dose (1), an
    event of another kind (2), a reset (3), or a reset and a dose (4).

    Attributes
    ----------
    id : tuple of str, length n
        Whom the record is about; a change of ID starts a new subject.
    time : array, shape (n,)
        Time of the record [h].
    evid : int array, shape (n,)
        Kind of record.
    cmt : tuple of str, length n
        Number of a compartment from 1, its name, or a route; ``"0"`` where none is named.
    amt : array, shape (n,)
        Amount of the dose [mg].
    rate : array, shape (n,)
        Infusion rate [mg/h]; 0 is at once, -1 a modelled rate, -2 a modelled duration.
    ii : array, shape (n,)
        Time between additional doses [h].
    addl : int array, shape (n,)
        Number of additional doses after the first.
    ss : int array, shape (n,)
        Steady state: 0 none, 1 reset to it, 2 added to what is there, 3 started from it.
    further : mapping of str to tuple of str
        Other columns, names in capitals, values as they stand in the file.
    line : tuple of int, length n
        Line of each record in its file; without it lines are counted below a header.
    source : str
        Name of the file, for messages.

    Raises
    ------
    DataError
        If a record breaks a rule; the message names source, line and column.

    Examples
    --------
    >>> table = EventTable(id=("1", "1"), time=[0.0, 2.0], evid=[1, 0], cmt=("iv", "0"),
    ...                    amt=[35.0, 0.0], rate=[0.0, 0.0], ii=[0.0, 0.0], addl=[0, 0],
    ...                    ss=[0, 0])
    >>> len(table), table.rank.tolist()
    (2, [1, 2])
    """

    id: tuple[str, ...]
    time: NDArray[np.float64]
    evid: NDArray[np.int64]
    cmt: tuple[str, ...]
    amt: NDArray[np.float64]
    rate: NDArray[np.float64]
    ii: NDArray[np.float64]
    addl: NDArray[np.int64]
    ss: NDArray[np.int64]
    further: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line: tuple[int, ...] = ()
    source: str = "event table"

    def __post_init__(self) -> None:
        """Bring the columns into their types and check every record."""
        for name, kind in _NUMBERS.items():
            column: NDArray[Any] = np.array(getattr(self, name), dtype=kind)
            column.flags.writeable = False
            object.__setattr__(self, name, column)
        further = {name.upper(): tuple(values) for name, values in self.further.items()}
        object.__setattr__(self, "further", MappingProxyType(further))
        object.__setattr__(self, "id", tuple(self.id))
        object.__setattr__(self, "cmt", tuple(self.cmt))
        object.__setattr__(self, "line", tuple(self.line) or tuple(range(2, len(self) + 2)))
        self._check_lengths()
        check(self, TABLE_RULES)

    def __len__(self) -> int:
        """Count the records."""
        return len(self.id)

    @property
    def is_dose(self) -> NDArray[np.bool_]:
        """Which records give a dose, shape (n,)."""
        return np.isin(self.evid, (1, 4))

    @property
    def subject(self) -> NDArray[np.int64]:
        """Number of the subject of each record from 0, shape (n,)."""
        changes = [before != after for before, after in pairwise(self.id)]
        numbers: NDArray[np.int64] = np.cumsum([False, *changes])
        return numbers

    @property
    def rank(self) -> NDArray[np.int64]:
        """Place of each record among those of one time, shape (n,): the order of the file."""
        return np.arange(1, len(self) + 1)

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Values of a further column as numbers; an empty one is 0, as in NONMEM.

        Parameters
        ----------
        column : str
            Name of the column, in capitals.

        Returns
        -------
        array, shape (n,)
            The values.

        Raises
        ------
        UnknownName
            If there is no such column.
        DataError
            If a value is no finite number.
        """
        if column not in self.further:
            raise unknown("column", column, [*COLUMNS, *self.further])
        values = [
            read_number(text, f"{self.source}: line {line}, column {column}")
            for text, line in zip(self.further[column], self.line, strict=True)
        ]
        return np.array(values)

    @classmethod
    def from_frame(cls, frame: "pd.DataFrame", source: str = "data frame") -> "EventTable":
        """Read an event table from a data frame.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row per record; columns as `read_events` takes them, missing values included.
        source : str
            Name for messages.

        Returns
        -------
        EventTable
            The records.

        Raises
        ------
        DataError
            If a record breaks a rule; lines are counted as in a file with a header.

        Examples
        --------
        >>> import pandas as pd
        >>> EventTable.from_frame(pd.DataFrame({"TIME": [0.0], "CMT": ["sc"], "AMT": [35]})).cmt
        ('sc',)
        """
        from kpksim.dosing.event_frames import table_of_frame

        return table_of_frame(frame, source)

    def to_frame(self) -> "pd.DataFrame":
        """Give the table as a data frame.

        Returns
        -------
        pandas.DataFrame
            One row per record, plain columns: numbers where all values are numbers.

        Examples
        --------
        >>> from kpksim.dosing import bolus, to_events
        >>> to_events(bolus("35 mg")).to_frame()[["TIME", "CMT", "AMT"]].values.tolist()
        [[0.0, 'iv', 35.0]]
        """
        from kpksim.dosing.event_frames import frame_of

        return frame_of(self)

    @classmethod
    def from_xarray(cls, dataset: "xr.Dataset", source: str = "data set") -> "EventTable":
        """Read an event table from a data set.

        Parameters
        ----------
        dataset : xarray.Dataset
            One dim, along the records; its variables and coordinates are the columns.
        source : str
            Name for messages.

        Returns
        -------
        EventTable
            The records.

        Raises
        ------
        DataError
            If there is more than one dim, or a record breaks a rule.
        """
        from kpksim.dosing.event_frames import table_of_dataset

        return table_of_dataset(dataset, source)

    def to_xarray(self) -> "xr.Dataset":
        """Give the table as a data set along the dim ``record``.

        Returns
        -------
        xarray.Dataset
            One variable per column; ID, TIME and EVID are coordinates.
        """
        from kpksim.dosing.event_frames import dataset_of

        return dataset_of(self)

    def of_subjects(self) -> tuple["EventTable", ...]:
        """Split the table into one table per subject, in the order of the file.

        Returns
        -------
        tuple of EventTable
            The tables; they keep their lines and their source.

        Examples
        --------
        >>> table = EventTable(id=("1", "1", "2"), time=[0.0, 2.0, 0.0], evid=[1, 0, 1],
        ...                    cmt=("iv", "0", "iv"), amt=[35.0, 0.0, 70.0], rate=[0.0] * 3,
        ...                    ii=[0.0] * 3, addl=[0] * 3, ss=[0] * 3)
        >>> [len(one) for one in table.of_subjects()]
        [2, 1]
        """
        starts = np.flatnonzero(np.diff(self.subject)) + 1
        return tuple(self._taken(rows) for rows in np.split(np.arange(len(self)), starts))

    def _taken(self, rows: NDArray[np.int64]) -> "EventTable":
        """Keep some records."""
        kept: dict[str, Any] = {name: getattr(self, name)[rows] for name in _NUMBERS}
        for name in ("id", "cmt", "line"):
            kept[name] = _take(getattr(self, name), rows)
        kept["further"] = {name: _take(values, rows) for name, values in self.further.items()}
        return replace(self, **kept)

    def _check_lengths(self) -> None:
        """Refuse an empty table and columns of different length."""
        if not len(self):
            raise DataError(f"{self.source}: an event table needs a record, got none; add a dose")
        columns = {one.name: getattr(self, one.name) for one in fields(self)[:9]}
        for name, column in (columns | {"line": self.line} | dict(self.further)).items():
            if np.shape(column) != (len(self),):
                raise DataError(
                    f"{self.source}: column {name.upper()} must have one value per record, "
                    f"got {np.shape(column)} for {len(self)} records; check how it was made"
                )


def _take(values: Sequence[Any], rows: NDArray[np.int64]) -> tuple[Any, ...]:
    """Keep some entries of a tuple."""
    return tuple(values[row] for row in rows)
