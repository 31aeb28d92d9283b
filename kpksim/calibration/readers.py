"""Readers: each turns statements of one kind into rows, or gives none where a number lacks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from math import inf, isfinite, isnan, nan, sqrt

import numpy as np
from scipy.stats import t as student

from kpksim.calibration.asked import Asked
from kpksim.calibration.moments import SAME_PEOPLE, instrument_of, visits
from kpksim.calibration.statement_row import Pair, StatementRow

PRIMARY = 24.0
"""Rating that stands for a response where one has to be chosen [h]."""

LOOKED_FOR = 97
"""Times of a span among which the peak of an acute effect is looked for."""


def _hours(asked: Asked) -> tuple[float, ...]:
    """Give the times of a statement; of a span the ratings of the study within it."""
    statement = asked.statement
    if not statement.span:
        return statement.hours
    low, high = statement.hours
    instrument = instrument_of(statement, asked.outcome)
    inside = [one for one in visits(asked.study, instrument, asked.outcome) if low <= one <= high]
    if asked.sign < 0.0:
        return tuple(float(one) for one in np.linspace(low, high, LOOKED_FOR)[1:])
    return tuple(inside) or statement.hours


def _number(asked: Asked) -> Iterator[StatementRow]:
    """Read a change in percent, a change in points, or a mean score."""
    statement, settings = asked.statement, asked.settings
    if isnan(statement.value):
        return
    plain = statement.unit == "%" or asked.sign < 0.0
    score = "plain" if plain else {"mean score": "mean"}.get(asked.reading, "change")
    stated = _standard_error(asked)
    own = isfinite(stated)
    if not own:
        stated = _rounding(asked)
    width = {
        "%": settings.ranges.percent, "mmHg": settings.ranges.pressure
    }.get(statement.unit, settings.ranges.points)  # fmt: skip
    yield asked.row(
        asked.at(_hours(asked)),
        score=score,
        y=asked.sign * statement.value,
        se=stated,
        own=own,
        l0=1.0 / width,
    )


def _standard_error(asked: Asked) -> float:
    """Give the stated standard error of a mean, from its interval where need be; nan if none."""
    statement = asked.statement
    if isfinite(statement.se):
        return statement.se
    if isfinite(statement.ci[0]):
        half = (statement.ci[1] - statement.ci[0]) / 2.0
        return half / float(student.ppf(0.975, asked.n - 1.0))
    return statement.sd / sqrt(asked.n) if isfinite(statement.sd) else nan


def _rounding(asked: Asked) -> float:
    """Give the standard error of a number that is rounded or said in words."""
    unit, rounding = asked.statement.unit, asked.settings.rounding
    if unit == "%":
        return rounding.percent[asked.statement.grade]  # type: ignore[index]
    return rounding.pressure if unit == "mmHg" else rounding.points


def _responders(asked: Asked) -> Iterator[StatementRow]:
    """Read k of n people at any rating, or at one."""
    statement = asked.statement
    threshold = statement.threshold
    if isnan(threshold):
        threshold = asked.settings.thresholds.get(statement.id, nan)
    if isnan(threshold) or statement.k is None or statement.n is None:
        return
    hours = _hours(asked)
    if asked.reading == "responded" and len(hours) > 1:
        hours = (min(hours, key=lambda one: abs(one - PRIMARY)),)
    elif asked.reading == "ever responded" and len(hours) == 1:
        instrument = instrument_of(statement, asked.outcome)
        known = visits(asked.study, instrument, asked.outcome)
        hours = tuple(one for one in known if 0.0 < one <= hours[0]) or hours
    yield asked.row(
        asked.at(hours),
        n=float(statement.n),
        y=float(statement.k),
        threshold=asked.sign * threshold,
        l0=1.0 / (statement.n + 1.0),
    )


def _contrast(asked: Asked) -> Iterator[StatementRow]:
    """Read a test against the baseline or against another arm; of an order, of its ends."""
    if asked.statement.reading == "order":
        yield from _ends(asked)
        return
    hours = _hours(asked)
    versus = asked.statement.versus
    if versus == "baseline":
        yield asked.row(asked.at(hours))
    elif versus in asked.study.arms:
        yield asked.row(asked.at(hours), second=asked.at(hours, [versus]))


def _ends(asked: Asked) -> Iterator[StatementRow]:
    """Compare the ends of an order: first and last arm, or the later time and the earlier."""
    for row in _order(asked):
        yield replace(row, first=row.first[:1], second=row.first[-1:])


def _effect_size(asked: Asked) -> Iterator[StatementRow]:
    """Read a standardised difference with its interval."""
    statement = asked.statement
    if statement.unit != "d" or not isfinite(statement.ci[0]):
        return
    for row in _contrast(asked):
        yield replace(
            row,
            y=asked.sign * statement.value,
            se=(statement.ci[1] - statement.ci[0]) / 3.92,
            own=not row.second,
            l0=1.0 / asked.settings.ranges.effect_size,
        )


def _order(asked: Asked) -> Iterator[StatementRow]:
    """Read an order of arms at one time, the first does most; or of times, the last does most."""
    statement = asked.statement
    if len(statement.arms) == 1 and len(statement.hours) == 2:
        yield asked.row(asked.at(statement.hours[::-1]), same=True)
    elif len(statement.arms) > 1:
        hours = _hours(asked)[:1]
        yield asked.row(asked.at(hours), same=True)


def _plateau(asked: Asked) -> Iterator[StatementRow]:
    """Read no further change between two times."""
    if len(asked.statement.hours) != 2 or isnan(asked.statement.bounds[0]):
        return
    early, late = asked.statement.hours
    yield asked.row(asked.at([late]), second=asked.at([early]), same=True, bounds=_bounds(asked))


def _interval(asked: Asked) -> Iterator[StatementRow]:
    """Read words as a range of the mean, arm by arm."""
    statement = asked.statement
    if isnan(statement.bounds[0]):
        return
    plain = statement.unit == "%" or asked.sign < 0.0
    pooled = asked.study.layout not in SAME_PEOPLE
    for arms in [list(statement.arms)] if pooled else [[one] for one in statement.arms]:
        moment = asked.at(_hours(asked), arms)
        yield asked.row(moment, bounds=_bounds(asked), score="plain" if plain else "change")


def _bounds(asked: Asked) -> Pair:
    """Give the range of words, turned so that down is effect."""
    low, high = asked.statement.bounds
    if asked.sign > 0.0:
        return low, high
    return -high, inf if low == 0.0 else -low  # none at all is as little as little


def _below(asked: Asked) -> Iterator[StatementRow]:
    """Read a mean score under a level."""
    if isfinite(asked.statement.threshold):
        level = asked.statement.threshold
        yield asked.row(asked.at(_hours(asked)), threshold=level, score="mean")


def _offset(asked: Asked) -> Iterator[StatementRow]:
    """Read what is there at a rating and not at the next."""
    statement = asked.statement
    last = statement.hours[-1]
    known = visits(asked.study, instrument_of(statement, asked.outcome), asked.outcome)
    later = [one for one in known if one > last]
    if not later or statement.versus not in (*asked.study.arms, "baseline"):
        return
    control = [] if statement.versus == "baseline" else [statement.versus]
    yield asked.row(
        asked.at([last, later[0]]),
        second=asked.at([last, later[0]], control) if control else (),
    )


def _relapse(asked: Asked) -> Iterator[StatementRow]:
    """Read that most people have lost their relief."""
    if isfinite(asked.statement.threshold):
        yield asked.row(asked.at(_hours(asked)), threshold=asked.sign * asked.statement.threshold)


READERS: Mapping[str, Callable[[Asked], Iterator[StatementRow]]] = {
    "percent change": _number,
    "points": _number,
    "mean score": _number,
    "ever responded": _responders,
    "responded": _responders,
    "significant": _contrast,
    "direction": _contrast,
    "not significant": _contrast,
    "effect size": _effect_size,
    "order": _order,
    "plateau": _plateau,
    "interval": _interval,
    "gone by": _interval,
    "below threshold": _below,
    "offset": _offset,
    "relapse": _relapse,
}
"""Reader of each reading, by its key in the vocabulary."""
