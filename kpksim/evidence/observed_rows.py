"""The numbers of an observed study: one row of a CSV file each, refused by line and column."""

from collections.abc import Mapping
from math import inf, isnan, nan

from kpksim.documents import at_place
from kpksim.errors import DataError
from kpksim.evidence.observed import Observation, ObservedArm
from kpksim.evidence.observed_csv import (
    NOT_STATED,
    Row,
    bound_of,
    number_of,
    one_of,
    rows_of,
    text_of,
)
from kpksim.evidence.observed_units import METRICS, at_door
from kpksim.vocabulary import ANALYTES, GRADES

ENANTIOMERS = ("sum", "s", "r")
STATISTICS = ("mean", "median", "typical value of a model", "point")
USES = ("quantitative", "context")


def read_rows(text: str, arms: Mapping[str, ObservedArm], place: str) -> tuple[Observation, ...]:
    """Read the numbers of an observed study.

    Parameters
    ----------
    text : str
        Content of the CSV file.
    arms : mapping of str to ObservedArm
        The arms to which the rows belong.
    place : str
        Where the text comes from, for messages.

    Returns
    -------
    tuple of Observation
        One for each row.

    Raises
    ------
    DataError
        If a row breaks a rule; the message names file, line, column, rule and way out.
    """
    found: dict[str, Observation] = {}
    with at_place(place):
        for line, row in rows_of(text):
            with at_place(f"line {line}"):
                one = _observation(row, arms)
                if one.id in found:
                    raise DataError(f'id: "{one.id}" stands twice; give every row its own')
            found[one.id] = one
        if not found:
            raise DataError("holds no row; an observed study reports at least one number")
    return tuple(found.values())


def _observation(row: Row, arms: Mapping[str, ObservedArm]) -> Observation:
    """Turn a row into an observation."""
    arm = arms[one_of(row, "arm", list(arms))]
    metric = one_of(row, "metric", list(METRICS))
    analyte = one_of(row, "analyte", list(ANALYTES))
    use = one_of(row, "use", list(USES))
    value, unit = _value(row, "value", metric, analyte)
    if not value > 0.0 and not (metric == "tmax" and value == 0.0):
        raise DataError(f"value: must be > 0, got {row['value']}; leave out what was not measured")
    one = Observation(
        id=text_of(row, "id"),
        arm=arm.name,
        analyte=analyte,
        enantiomer=_enantiomer(row, arm),
        metric=metric,
        value=value,
        unit=unit,
        statistic=one_of(row, "statistic", list(STATISTICS)),
        grade=_grade(row),
        where=text_of(row, "where"),
        use=use,
        why=_why(row, use, arm),
        doubt=row["doubt"],
        note=row["note"],
        time=_time(row, metric, use),
        window=_window(row, metric),
        over=_over(row, metric, analyte),
        **_spread(row, metric, analyte),
        spread=row["spread"],
        digitised=one_of(row, "digitised", ["yes", "no"]) == "yes",
    )
    _check_together(one)
    return one


def _check_together(one: Observation) -> None:
    """Refuse what only several columns together show."""
    if one.unit != METRICS[one.metric].unit and one.use == "quantitative":
        raise DataError(
            f"unit: a quantitative {one.metric} is per person [{METRICS[one.metric].unit}]; "
            'multiply by a mean weight that the source states, or give it use "context"'
        )
    if one.low > one.value or one.high < one.value:
        raise DataError(
            f"low, high: must hold the value, got {one.low:g} to {one.high:g} around {one.value:g}"
        )
    numbers = not (isnan(one.sd) and isnan(one.low) and isnan(one.high))
    if numbers and not one.spread:
        raise DataError('spread: say what sd, low and high are, such as "SD" or "range"')


def _value(row: Row, column: str, metric: str, analyte: str) -> tuple[float, str]:
    """Read a number in the unit of its row and convert it to that of its metric."""
    number = number_of(row, column)
    if column == "value" and isnan(number):
        raise DataError("value: is empty; leave the row out when nothing was reported")
    unit = text_of(row, "unit")
    with at_place("unit"):
        return at_door(number, unit, metric, analyte)


def _spread(row: Row, metric: str, analyte: str) -> dict[str, float]:
    """Read standard deviation and bounds."""
    found = {}
    for column in ("sd", "low", "high"):
        number = number_of(row, column)
        if number < 0.0:
            raise DataError(f"{column}: must be >= 0, got {row[column]}")
        found[column] = nan if isnan(number) else _value(row, column, metric, analyte)[0]
    return found


def _enantiomer(row: Row, arm: ObservedArm) -> str:
    """Read which enantiomer was measured, and refuse one that was not given."""
    one = one_of(row, "enantiomer", list(ENANTIOMERS))
    drugs = {timed.dose.drug for timed in arm.regimen.doses} if arm.regimen else set()
    if (one == "r" and drugs == {"esketamine"}) or (one == "s" and drugs == {"arketamine"}):
        raise DataError(
            f'enantiomer: "{one}" cannot be measured after {drugs.pop()} alone; check the arm'
        )
    return one


def _grade(row: Row) -> str:
    """Read the grade, and say why a number from memory is refused."""
    if row["grade"] == "C":
        raise DataError("grade: C is a number from memory and is not accepted; find its source")
    return one_of(row, "grade", list(GRADES))


def _why(row: Row, use: str, arm: ObservedArm) -> str:
    """Read why a number is context, and refuse a quantitative one without a regimen."""
    if (use == "context") != bool(row["why"]):
        raise DataError('why: says why a number is "context", and stands there only')
    if use == "quantitative" and arm.regimen is None:
        raise DataError(
            f'use: the arm "{arm.name}" has no regimen, so no model can be compared with this '
            'number; state one in the TOML file, or give the row use "context"'
        )
    return row["why"]


def _time(row: Row, metric: str, use: str) -> float:
    """Read when a concentration was measured."""
    time = number_of(row, "time_h")
    if metric != "concentration" and not isnan(time):
        raise DataError(f"time_h: only a concentration has one, this is a {metric}; leave it empty")
    if metric == "concentration" and use == "quantitative" and isnan(time):
        raise DataError('time_h: a concentration needs its time; without one it is "context"')
    if time < 0.0:
        raise DataError(f"time_h: counts from the start of the regimen, got {row['time_h']}")
    return time


def _window(row: Row, metric: str) -> tuple[float, float]:
    """Read start and end of a window."""
    start, end = (bound_of(row, column) for column in ("start_h", "end_h"))
    said = [column for column in ("start_h", "end_h") if row[column]]
    if said and not METRICS[metric].windowed:
        raise DataError(f"start_h, end_h: a {metric} has no window; leave them empty")
    if len(said) == 1 or (metric == "auc" and not said):
        raise DataError(
            f"start_h, end_h: {'a window has both' if said else 'an area needs its window'}; the "
            f'end may be inf, and either may be "{NOT_STATED}"'
        )
    if start < 0.0 or start == inf or end <= start:
        raise DataError(f"start_h, end_h: must be 0 <= start < end, got {start:g} to {end:g}")
    return start, end


def _over(row: Row, metric: str, analyte: str) -> str:
    """Read the denominator of a ratio."""
    if metric != "auc_ratio":
        if row["over"]:
            raise DataError(f"over: only an auc_ratio has a denominator, this is a {metric}")
        return ""
    if not row["over"]:
        raise DataError("over: an auc_ratio needs the analyte of its denominator")
    over = one_of(row, "over", list(ANALYTES))
    if over == analyte:
        raise DataError(f"over: a ratio has two analytes, got {analyte} twice")
    return over
