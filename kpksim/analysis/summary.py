"""The summary of a comparison: exposure and effect in numbers, one row per metric."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from kpksim.analysis.course import MOMENTS, hours_above, largest_change, value_at
from kpksim.analysis.exposure import METRICS, Exposure
from kpksim.vocabulary import OUTCOMES, USE_LINE

Array = NDArray[np.float64]
COLUMNS = ["regimen", "model", "quantity", "component", "metric", "value", "unit", "p05", "p95"]
COMPONENTS = ("drug", "blinded", "open")
NO_HALF_LIFE = (
    "No half-life: the curve has no log-linear phase after the last dose and the horizon."
)


@dataclass(frozen=True)
class Row:
    """One number of a summary.

    Attributes
    ----------
    quantity : str
        Name in `kpksim.vocabulary.EVERY_QUANTITY`.
    component : str
        ``"total"`` for concentrations, ``"drug"``, ``"blinded"`` or ``"open"`` for effects.
    metric, unit : str
        What it is.
    values : array, shape (S,)
        Of each person.
    """

    quantity: str
    component: str
    metric: str
    unit: str
    values: Array


def exposure_rows(
    found: Exposure, outputs: Sequence[str], first_dose: float = 0.0
) -> Iterator[Row]:
    """Give the rows of concentrations.

    Parameters
    ----------
    found : Exposure
        Metrics of S people.
    outputs : sequence of str
        Names of the A analytes.
    first_dose : float
        Time of the first dose, from which tmax counts [h].

    Yields
    ------
    Row
        One per analyte and metric.
    """
    for k, output in enumerate(outputs):
        for metric, unit in METRICS.items():
            values = getattr(found, metric)[:, k]
            since = values - first_dose if metric == "tmax" else values
            yield Row(output, "total", metric, unit, since)


def effect_rows(result: xr.Dataset, first_dose: float) -> Iterator[Row]:
    """Give the rows of effects.

    Parameters
    ----------
    result : Dataset
        Effects of one regimen, dims (subject, time).
    first_dose : float
        Time of the first dose, from which moments count [h].

    Yields
    ------
    Row
        One per outcome, component and metric.
    """
    times = result["time"].to_numpy()
    for outcome in (name for name in OUTCOMES if name in result):
        unit = OUTCOMES[outcome].unit
        parts = {one: f"{outcome}_{one}" for one in COMPONENTS if f"{outcome}_{one}" in result}
        for component, name in (parts or {"drug": outcome}).items():
            curves = result[name].transpose("subject", "time").to_numpy()
            change, time = largest_change(times, curves)
            yield Row(outcome, component, "largest_change", unit, change)
            yield Row(outcome, component, "time_of_largest", "h", time - first_dose)
            for metric, moment in MOMENTS.items():
                values = value_at(times, curves, first_dose + moment)
                yield Row(outcome, component, metric, unit, values)
            yield Row(outcome, component, "hours_above_half", "h", hours_above(times, curves))


def summary_table(
    regimen: str,
    model: str,
    typical: Sequence[Row],
    people: Sequence[Row],
    draws: Sequence[Row] = (),
) -> pd.DataFrame:
    """Put rows into a table.

    Parameters
    ----------
    regimen, model : str
        Which comparison the rows belong to.
    typical : sequence of Row
        Rows of the typical person.
    people : sequence of Row
        The same rows of people; empty when none were simulated.
    draws : sequence of Row, optional
        The same rows of parameter draws in the typical person.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`; p05 and p95 hold the middle 90 % of people, or nan. With draws,
        parameters_p05 and parameters_p95 hold the middle 90 % of them.
    """
    rows = [
        (regimen, model, *_named(row), float(row.values[0]), row.unit, *_middle(spread))
        for row, spread in zip(typical, _beside(typical, people), strict=True)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    if not draws:
        return table
    ends = [_middle(values) for values in _beside(typical, draws)]
    low, high = zip(*ends, strict=True)
    return table.assign(parameters_p05=low, parameters_p95=high)


def with_flags(
    table: pd.DataFrame, result: xr.Dataset, first_doses: Mapping[str, float]
) -> pd.DataFrame:
    """Say which numbers rest on a part of a curve that no study supports.

    Parameters
    ----------
    table : DataFrame
        Rows of `summary_table`.
    result : Dataset
        The curves, with ``beyond_evidence`` where there are effects.
    first_doses : mapping of str to float
        Time of the first dose of each regimen [h].

    Returns
    -------
    pandas.DataFrame
        The table with a column ``beyond_evidence``: whether the curve of an effect is beyond the
        evidence at the time of the number, for ``hours_above_half`` most of that time; False for
        concentrations.
    """
    flags = [
        row["quantity"] in OUTCOMES
        and bool(np.isfinite(row["value"]))
        and _is_beyond(row, result, first_doses[row["regimen"]])
        for row in table.to_dict("records")
    ]
    return table.assign(beyond_evidence=flags)


def _is_beyond(row: dict[Hashable, Any], result: xr.Dataset, first_dose: float) -> bool:
    """Tell whether a number of an effect lies beyond the evidence."""
    outcome, regimen = row["quantity"], row["regimen"]
    marked = result["beyond_evidence"].sel(regimen=regimen, outcome=outcome).to_numpy()
    times = result["time"].to_numpy()
    if row["metric"] in MOMENTS:
        return bool(marked[np.abs(times - first_dose - MOMENTS[row["metric"]]).argmin()])
    part = f"{outcome}_{row['component']}"
    size = np.abs(result[part if part in result else outcome].sel(regimen=regimen).to_numpy())
    if row["metric"] == "hours_above_half":
        counts = np.gradient(times) * (size >= 0.5 * size.max())
        return bool(counts[marked].sum() > 0.5 * counts.sum())
    return bool(marked[size.argmax()])


def with_notes(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Add what a reader of the table alone must know.

    Parameters
    ----------
    table : DataFrame
        Rows of `summary_table`.
    labels : mapping of str to str
        How effects are calibrated, by outcome.

    Returns
    -------
    pandas.DataFrame
        The table with a column ``note``: effects say how they are calibrated, a half-life that is
        not there says why, and the first row says what the whole is for.
    """
    notes = [labels.get(name, "") for name in table["quantity"]]
    for row in np.flatnonzero((table["metric"] == "t_half") & table["value"].isna()):
        notes[row] = NO_HALF_LIFE
    notes[:1] = [" ".join([USE_LINE, *notes[:1]]).strip()]
    return table.assign(note=notes)


def _named(row: Row) -> tuple[str, str, str]:
    """Give what a row is about."""
    return row.quantity, row.component, row.metric


def _beside(typical: Sequence[Row], others: Sequence[Row]) -> list[Array | None]:
    """Give for each row of the typical person the values of the same row of others."""
    known = {_named(one): one.values for one in others}
    return [known.get(_named(row)) for row in typical]


def _middle(values: Array | None) -> tuple[float, float]:
    """Give the 5 and 95 % quantiles of people, nan when nobody has a value."""
    if values is None or np.isnan(values).all():
        return float("nan"), float("nan")
    low, high = np.nanquantile(values, [0.05, 0.95])
    return float(low), float(high)
