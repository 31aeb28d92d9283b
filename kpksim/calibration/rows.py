"""Statements and points of studies as rows of numbers, the form that compiled functions read."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from kpksim.calibration.readings import codes
from kpksim.calibration.readings.responders import TABLE, count_table
from kpksim.engine.actions import Array, Indices

_COUNTED = (codes.EVER_RESPONDED, codes.RESPONDED, codes.RELAPSE)


@dataclass(frozen=True)
class PointRows:
    """The points of a study that depend on no parameter.

    Attributes
    ----------
    form : array of int, shape (P,)
        `SYMPTOM` or `PLAIN`.
    chooser : array of int, shape (P,)
        Point of the test that chose the people of this one, within the study; else -1.
    """

    form: Indices
    chooser: Indices


@dataclass(frozen=True)
class StatementRows:
    """The statements of a study.

    A statement compares side A with side C, or with the people's own baseline if it has no side C.
    An order takes its two or three points from side A, one after the other. An offset takes two
    from side A, its time and that of the next rating, and as many controls from side C or none.

    Attributes
    ----------
    kind : array of int, shape (J,)
        Code of the reading.
    index : array of int, shape (I,)
        Points within the study, side by side.
    start, count, start2, count2 : array of int, shape (J,)
        Where the points of sides A and C stand in `index`, and how many they are.
    group, group2 : array of int, shape (J,)
        Groups of people of the sides, from 0.
    same : array of bool, shape (J,)
        Whether both sides are the same people; if not, each has half of them.
    own : array of bool, shape (J,)
        Whether `se` is the stated standard error of the mean itself.
    baseline : array of int, shape (J,)
        Which baseline its scale goes through; -1: none.
    unit : array of int, shape (J,)
        `AS_IT_IS`, `CHANGE` (points of a baseline) or `SCORE`.
    n : array, shape (J,)
        People, of both sides together.
    lo, hi, thr, se : array, shape (J,)
        Bounds, threshold and error of the statement [its unit].
    y : array, shape (J,)
        What was found: a number, a count, or 1 for yes and 0 for no.
    q : array, shape (J,)
        Probability that the statement tells nothing.
    l0 : array, shape (J,)
        Probability, or its density, of what was found if it tells nothing.
    """

    kind: Indices
    index: Indices
    start: Indices
    count: Indices
    start2: Indices
    count2: Indices
    group: Indices
    group2: Indices
    same: Indices
    own: Indices
    baseline: Indices
    unit: Indices
    n: Array
    lo: Array
    hi: Array
    thr: Array
    se: Array
    y: Array
    q: Array
    l0: Array


class Statements(NamedTuple):
    """The statements of several studies, one below the other.

    Attributes
    ----------
    codes : array of int, shape (J, 12)
        Whole numbers, columns as in `readings.codes`.
    numbers : array, shape (J, 8)
        Numbers, columns as in `readings.codes`.
    places : array of int, shape (I,)
        Points within each study.
    tables : array, shape (T, 3, TABLE)
        Tables of the statements that are read from counts.
    form, chooser : array of int, shape (P,)
        Points of all studies.
    bounds : array of int, shape (S, 5)
        Of each study: first row and the row after its last, the same of points, and latents.
    """

    codes: Indices
    numbers: Array
    places: Indices
    tables: Array
    form: Indices
    chooser: Indices
    bounds: Indices


class Effects(NamedTuple):
    """What the parameters say of the points of all studies.

    Attributes
    ----------
    drug, other : array, shape (P,)
        Effect of the drug in the typical study, and of everything else.
    sigma, cv : array, shape (P,)
        Standard deviation of single observations: its constant part, and as a share of the mean.
    """

    drug: Array
    other: Array
    sigma: Array
    cv: Array


def stack(studies: Sequence[tuple[PointRows, StatementRows]]) -> Statements:
    """Put the rows of studies one below the other.

    Parameters
    ----------
    studies : sequence of (PointRows, StatementRows)
        The studies, in the order of their likelihoods.

    Returns
    -------
    Statements
        All of them, for the compiled functions.
    """
    bounds = np.zeros((len(studies), 5), dtype=np.int64)
    blocks, row, point, place = [], 0, 0, 0
    for s, (points, rows) in enumerate(studies):
        bounds[s] = (row, row + len(rows.kind), point, point + len(points.form), _latents(rows))
        row, point = bounds[s, 1], bounds[s, 3]
        blocks.append(_codes(rows, place))
        place += len(rows.index)
    whole = np.concatenate(blocks)
    counted = np.isin(whole[:, codes.KIND], _COUNTED)
    whole[counted, codes.TABLED] = np.arange(counted.sum())
    numbers = np.concatenate([_numbers(rows) for _, rows in studies])
    return Statements(
        whole,
        numbers,
        np.concatenate([rows.index for _, rows in studies]).astype(np.int64),
        _tables(whole, numbers),
        np.concatenate([points.form for points, _ in studies]).astype(np.int64),
        np.concatenate([points.chooser for points, _ in studies]).astype(np.int64),
        bounds,
    )


def _tables(whole: Indices, numbers: Array) -> Array:
    """Give the tables of all statements that are read from counts."""
    found = [
        count_table(int(code[codes.KIND]), int(row[codes.PEOPLE]), float(row[codes.VALUE]))
        for code, row in zip(whole, numbers, strict=True)
        if code[codes.KIND] in _COUNTED
    ]
    return np.array(found).reshape(-1, 3, TABLE)


def _latents(rows: StatementRows) -> int:
    """Give the number of latents: the study effect and every group of people."""
    return 2 + int(max(rows.group.max(), rows.group2.max()))


def _codes(rows: StatementRows, place: int) -> Indices:
    """Give the whole numbers of a study; its index begins at `place`."""
    columns = (
        rows.kind, rows.start + place, rows.count, rows.start2 + place, rows.count2, rows.group + 1,
        rows.group2 + 1, rows.same, rows.own, rows.baseline, rows.unit,
        np.zeros(len(rows.kind)),
    )  # fmt: skip
    return np.column_stack([np.asarray(one, dtype=np.int64) for one in columns])


def _numbers(rows: StatementRows) -> Array:
    """Give the numbers of a study."""
    return np.column_stack([rows.n, rows.lo, rows.hi, rows.thr, rows.se, rows.y, rows.q, rows.l0])


def only(rows: StatementRows, chosen: Indices) -> StatementRows:
    """Give some of the statements of a study.

    Parameters
    ----------
    rows : StatementRows
        All of them.
    chosen : array of int
        Places of those to keep.

    Returns
    -------
    StatementRows
        The chosen ones, over the same points.
    """
    parts = {one.name: getattr(rows, one.name) for one in fields(rows)}
    return StatementRows(
        **{name: part if name == "index" else part[chosen] for name, part in parts.items()}
    )


def with_data(statements: Statements, found: Array) -> Statements:
    """Give the same statements with other findings.

    Parameters
    ----------
    statements : Statements
        Statements of all studies.
    found : array, shape (J,)
        A number, a count, or 1 for yes and 0 for no, for each.

    Returns
    -------
    Statements
        The statements that say so.
    """
    numbers = statements.numbers.copy()
    numbers[:, codes.VALUE] = found
    return statements._replace(numbers=numbers, tables=_tables(statements.codes, numbers))
