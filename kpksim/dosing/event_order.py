"""Which dose acts when: additional doses unrolled, and the order of things at one time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing.event_table import EventTable


@dataclass(frozen=True, eq=False)
class UnrolledDoses:
    """Every dose of an event table on its own, E doses.

    Attributes
    ----------
    time : array, shape (E,)
        Time of the dose [h].
    record : int array, shape (E,)
        Record of the table that gives it.
    copy : int array, shape (E,)
        0 for the dose of the record itself, k for its k-th additional dose.
    rank : int array, shape (E,)
        Place among the doses and records of one time, smaller first.
    """

    time: NDArray[np.float64]
    record: NDArray[np.int64]
    copy: NDArray[np.int64]
    rank: NDArray[np.int64]


def unroll(table: EventTable) -> UnrolledDoses:
    """Every dose of a table with the time and the rank at which it acts.

    The order is NONMEM's. At one time the records act in the order of the file: a dose listed
    above an observation is in it, one listed below is not. An additional dose that falls on the
    time of a record acts before it, so its rank is 0; the ranks of the records themselves
    (`EventTable.rank`) start at 1.

    Parameters
    ----------
    table : EventTable
        Records of one or more subjects.

    Returns
    -------
    UnrolledDoses
        The doses, record by record, the additional ones after their first.

    Examples
    --------
    >>> table = EventTable(id=("1",), time=[1.0], evid=[1], cmt=("sc",), amt=[35.0], rate=[0.0],
    ...                    ii=[12.0], addl=[2], ss=[0])
    >>> doses = unroll(table)
    >>> doses.time.tolist(), doses.rank.tolist()
    ([1.0, 13.0, 25.0], [1, 0, 0])
    """
    givers = np.flatnonzero(table.is_dose)
    counts = table.addl[givers] + 1
    record = np.repeat(givers, counts)
    copy = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return UnrolledDoses(
        time=table.time[record] + copy * table.ii[record],
        record=record,
        copy=copy,
        rank=np.where(copy == 0, table.rank[record], 0),
    )
