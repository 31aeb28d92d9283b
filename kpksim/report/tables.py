"""The numbers of a comparison, set for reading."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from kpksim.analysis import Comparison
from kpksim.plots.curves import drawable, regimen_names
from kpksim.plots.figures import forms
from kpksim.plots.words import EN_DASH, MINUS, say_number, short_name, title_and_unit, when
from kpksim.vocabulary import CONCENTRATIONS, OUTCOMES, QUANTITIES

Numbers = dict[tuple[str, str, str], tuple[float, float, float, bool]]
"""Value, 5 % and 95 % quantile, and whether it is beyond the evidence, by regimen, quantity and
metric."""


@dataclass(frozen=True)
class Column:
    """A column of numbers.

    Attributes
    ----------
    head, unit : str
        First and second line of the heading.
    quantity, metric : str
        Which numbers of the summary stand in it; an empty quantity means that of the block.
    write : callable
        Writes one number.
    spread : bool
        Whether the middle 90 % of people stand under it.
    """

    head: str
    unit: str
    quantity: str
    metric: str
    write: Callable[[float], str]
    spread: bool = True


@dataclass(frozen=True)
class Cell:
    """A number and, when people were simulated, the middle 90 % of them.

    Attributes
    ----------
    label, value, spread : str
        Words, the number and the middle 90 %.
    beyond : bool
        Whether the number is beyond the evidence.
    """

    label: str
    value: str
    spread: str
    beyond: bool = False


@dataclass(frozen=True)
class Block:
    """Rows about one quantity, or about all.

    Attributes
    ----------
    title : str
        What the rows are about.
    rows : tuple of tuple of Cell
        One row per regimen, in their order.
    """

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table with one row per regimen in every block."""

    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]


def write_concentration(value: float) -> str:
    """Write a concentration or an area with three digits.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
        Its text; small ones are bounded, not spelled out.

    Examples
    --------
    >>> write_concentration(158.04), write_concentration(2e-9), write_concentration(0.0)
    ('158', '< 0.01', '0')
    """
    return "< 0.01" if 0.0 < value < 0.01 else say_number(value, zeros=True)


def write_effect(value: float) -> str:
    """Write a change of a score or of a pressure with one decimal, from 10 on with none.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
        Its text; what rounds to nothing is 0.

    Examples
    --------
    >>> write_effect(18.7), write_effect(0.42), write_effect(-1e-6)
    ('19', '0.4', '0')
    """
    shown = round(value, 1)
    if abs(shown) < 1.0:
        return say_number(shown, digits=1)
    return say_number(shown, digits=2, zeros=True)


def write_hours(value: float) -> str:
    """Write a number of hours with two digits.

    Parameters
    ----------
    value : float
        Time [h].

    Returns
    -------
    str
        Its text.

    Examples
    --------
    >>> write_hours(0.6667), write_hours(24.72)
    ('0.67', '25')
    """
    return say_number(value, digits=2, zeros=True)


_EFFECTS = (
    Column("Anxiety, lowest", "% change", "anxiety", "largest_change", write_effect),
    Column("Anxiety, reached at", "", "anxiety", "time_of_largest", when, spread=False),
    Column("Dissociation, peak", "CADSS", "dissociation", "largest_change", write_effect),
    Column("Dissociation above half", "h", "dissociation", "hours_above_half", write_hours),
    Column("Systolic, peak", "mmHg", "sbp", "largest_change", write_effect),
)
_EXPOSURE = (
    Column("Cmax", "ng/mL", "", "cmax", write_concentration),
    Column("Tmax", "h", "", "tmax", write_hours),
    Column("AUC to horizon", "ng·h/mL", "", "auc_horizon", write_concentration),
    Column(f"AUC 0{EN_DASH}∞", "ng·h/mL", "", "auc_inf", write_concentration),
    Column("Terminal half-life", "h", "", "t_half", write_hours),
)
_COURSE = (
    *(
        Column(moment, "", "", f"at_{moment.replace(' ', '')}", write_effect)
        for moment in ("40 min", "1 h", "2 h", "4 h", "24 h", "72 h", "7 d", "14 d")
    ),
    Column("Largest", "", "", "largest_change", write_effect),
    Column("at", "", "", "time_of_largest", when),
    Column("Above half", "h", "", "hours_above_half", write_hours),
)


def summary_table(comparison: Comparison) -> Table:
    """Set the numbers that answer first: exposure, relief, side effects.

    Parameters
    ----------
    comparison : Comparison
        What was computed.

    Returns
    -------
    Table
        One block; columns without any number are left out.
    """
    return _table(comparison, (*_concentrations(comparison.result), *_EFFECTS), {"": ""})


def _concentrations(result: xr.Dataset) -> Iterator[Column]:
    """Give the columns of ketamine, its enantiomers and sites, then those of norketamine."""
    for place, name in enumerate(drawable(result, forms(("ketamine",)))):
        head = short_name(result, name)
        yield Column(f"{head} Cmax", "ng/mL", name, "cmax", write_concentration)
        if place == 0:
            yield Column("Tmax", "h", name, "tmax", write_hours)
            yield Column(f"AUC 0{EN_DASH}∞", "ng·h/mL", name, "auc_inf", write_concentration)
    for name in drawable(result, forms(("norketamine",))):
        head = short_name(result, name)
        yield Column(f"{head} Cmax", "ng/mL", name, "cmax", write_concentration)


def exposure_table(comparison: Comparison) -> Table:
    """Set the exposure to every analyte.

    Parameters
    ----------
    comparison : Comparison
        What was computed.

    Returns
    -------
    Table
        One block per analyte.
    """
    result = comparison.result
    names = drawable(result, tuple(CONCENTRATIONS))
    titles = {name: ", ".join(title_and_unit(result, name, short=False)) for name in names}
    return _table(comparison, _EXPOSURE, titles)


def course_table(comparison: Comparison) -> Table:
    """Set every effect at fixed times after the first dose.

    Parameters
    ----------
    comparison : Comparison
        What was computed.

    Returns
    -------
    Table
        One block per outcome; times beyond the horizon are left out.
    """
    return _table(comparison, _COURSE, {name: _title(name) for name in OUTCOMES})


def _title(name: str) -> str:
    """Name a quantity with its unit."""
    return f"{QUANTITIES[name].label}, {QUANTITIES[name].unit}"


def _table(comparison: Comparison, columns: tuple[Column, ...], titles: dict[str, str]) -> Table:
    """Fill a table, leaving out columns and blocks that hold no number."""
    numbers = _numbers(comparison)
    regimens = regimen_names(comparison.result)
    held = {(quantity, metric) for _, quantity, metric in numbers}
    kept = tuple(
        column
        for column in columns
        if any((column.quantity or name, column.metric) in held for name in titles)
    )
    blocks = tuple(
        Block(title, tuple(_row(numbers, kept, regimen, name) for regimen in regimens))
        for name, title in titles.items()
        if any((column.quantity or name, column.metric) in held for column in kept)
    )
    return Table(kept, blocks)


def _row(
    numbers: Numbers, columns: Iterable[Column], regimen: str, quantity: str
) -> tuple[Cell, ...]:
    """Write the numbers of one regimen."""
    cells = []
    for column in columns:
        label = f"{column.head}, {column.unit}" if column.unit else column.head
        key = (regimen, column.quantity or quantity, column.metric)
        number = numbers.get(key)
        cells.append(Cell(label, *_written(column, number), beyond=bool(number and number[3])))
    return tuple(cells)


def _written(column: Column, number: tuple[float, float, float, bool] | None) -> tuple[str, str]:
    """Write a number and its spread; the spread is left out when it says nothing more."""
    if number is None:
        return EN_DASH, ""
    value, low, high, _ = number
    ends = [column.write(end) for end in (low, high) if math.isfinite(end)]
    text = column.write(value)
    if not column.spread or len(ends) < 2 or set(ends) == {text}:
        return text, ""
    joint = " to " if any(MINUS in end or " " in end for end in ends) else EN_DASH
    return text, joint.join(ends)


def _numbers(comparison: Comparison) -> Numbers:
    """Look up the numbers of the component that the curves show."""
    expectation = str(comparison.result.attrs.get("expectation", "none"))
    wanted = "drug" if expectation == "none" else expectation
    table = comparison.summary
    several = table.groupby(["regimen", "quantity", "metric"])["component"].transform("nunique")
    drawn = table[(several == 1) | (table["component"] == wanted)]
    drawn = drawn[drawn["value"].notna()]
    keys = zip(drawn["regimen"], drawn["quantity"], drawn["metric"], strict=True)
    values = _with_spread(drawn, comparison.result)
    flags = drawn.get("beyond_evidence", pd.Series(False, drawn.index)).tolist()
    return {
        key: (value, low, high, bool(flag))
        for key, (value, low, high), flag in zip(keys, values, flags, strict=True)
    }


def _with_spread(table: pd.DataFrame, result: xr.Dataset) -> list[list[float]]:
    """Give each number with its spread: of people, or of the draws where an effect is fitted."""
    fitted = np.array([f"{name}_hypotheses" in result for name in table["quantity"]], dtype=bool)
    values = table[["value", "p05", "p95"]].to_numpy(dtype=float, copy=True)
    if fitted.any():
        values[fitted, 1:] = table.loc[fitted, ["parameters_p05", "parameters_p95"]].to_numpy()
    return [list(row) for row in values.tolist()]
