"""Rows and moments of clusters of studies as the arrays that compiled code reads."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.moments import Moment
from kpksim.calibration.readings import READING
from kpksim.calibration.readings.codes import AS_IT_IS, CHANGE, PLAIN, SCORE, SYMPTOM
from kpksim.calibration.rows import PointRows, StatementRows, Statements, stack
from kpksim.calibration.statement_row import StatementRow
from kpksim.calibration.study_points import Looks

Array = NDArray[np.float64]

UNITS = {"plain": AS_IT_IS, "change": CHANGE, "mean": SCORE}
"""Code of each way in which a unit follows from a change in percent."""


def baselines_of(rows: Sequence[StatementRow]) -> tuple[str, ...]:
    """Give the instruments whose score before the first dose is needed.

    Parameters
    ----------
    rows : sequence of StatementRow
        The rows.

    Returns
    -------
    tuple of str
        Instruments, each once.
    """
    needed = [row.first[0].instrument for row in rows if row.score != "plain"]
    return tuple(dict.fromkeys(needed))


def assemble(
    clusters: Mapping[str, Sequence[StatementRow]],
    looks: Looks,
    found: Mapping[str, Mapping[Moment, int]],
    *,
    plain: bool,
) -> Statements:
    """Put all clusters into arrays.

    Parameters
    ----------
    clusters : mapping of str to sequence of StatementRow
        Rows by cluster.
    looks : Looks
        Moments of all clusters.
    found : mapping of str to mapping of Moment to int
        Position of each moment within its cluster.
    plain : bool
        Whether the effect is in points without an end, and not a symptom score.

    Returns
    -------
    Statements
        The arrays.
    """
    baselines = baselines_of([row for rows in clusters.values() for row in rows])
    parts = []
    for number, (name, rows) in enumerate(clusters.items()):
        own = slice(looks.ends[number], looks.ends[number + 1])
        form = np.full(own.stop - own.start, PLAIN if plain else SYMPTOM)
        points = PointRows(form, looks.chooser[own])
        parts.append((points, _statements(rows, found[name], looks.group[own], baselines)))
    return stack(parts)


def _statements(
    rows: Sequence[StatementRow],
    found: Mapping[Moment, int],
    group: NDArray[np.int64],
    baselines: Sequence[str],
) -> StatementRows:
    """Put the rows of one cluster into arrays."""
    sides = [[found[one] for one in side] for row in rows for side in (row.first, row.second)]
    sizes = np.array([len(side) for side in sides]).reshape(-1, 2)
    starts = np.concatenate([[0], np.cumsum(sizes.ravel())[:-1]]).reshape(-1, 2)
    index = np.array([place for side in sides for place in side], dtype=np.int64)
    firsts = [found[row.first[0]] for row in rows]
    seconds = [found[row.second[0]] if row.second else found[row.first[0]] for row in rows]
    column = {name: np.array([getattr(row, name) for row in rows]) for name in ("n", "se", "y")}
    return StatementRows(
        kind=np.array([READING[row.reading].code for row in rows]),
        index=index,
        start=starts[:, 0],
        count=sizes[:, 0],
        start2=starts[:, 1],
        count2=sizes[:, 1],
        group=group[firsts],
        group2=group[seconds],
        same=np.array([_same(row) for row in rows], dtype=np.int64),
        own=np.array([row.own for row in rows], dtype=np.int64),
        baseline=np.array([_baseline(row, baselines) for row in rows]),
        unit=np.array([UNITS[row.score] for row in rows]),
        n=column["n"],
        lo=np.array([row.bounds[0] for row in rows]),
        hi=np.array([row.bounds[1] for row in rows]),
        thr=np.nan_to_num(np.array([row.threshold for row in rows])),
        se=column["se"],
        y=column["y"],
        q=np.array([row.q for row in rows]),
        l0=np.array([row.l0 for row in rows]),
    )


def _same(row: StatementRow) -> bool:
    """Tell whether both sides are the same people; an own baseline is."""
    return row.same or not row.second


def _baseline(row: StatementRow, baselines: Sequence[str]) -> int:
    """Give the place of the baseline that a row goes through, or -1."""
    return -1 if row.score == "plain" else baselines.index(row.first[0].instrument)
