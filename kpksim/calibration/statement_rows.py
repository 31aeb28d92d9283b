"""Statements of studies turned into rows of numbers that a likelihood can read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, isnan, nan, sqrt

import numpy as np
from scipy.stats import t as student

from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.moments import (
    CONTROLS,
    PRESSURES,
    SAME_PEOPLE,
    Moment,
    construct_of,
    instrument_of,
    moments,
    visits,
)
from kpksim.errors import DataError
from kpksim.evidence import REVIEW, Statement, Study

PRIMARY = 24.0
"""Rating that stands for a response where one has to be chosen [h]."""

LOOKED_FOR = 97
"""Times of a span among which the peak of an acute effect is looked for."""

Pair = tuple[float, float]


@dataclass(frozen=True)
class StatementRow:
    """A statement as numbers; down is effect for every outcome.

    Attributes
    ----------
    id, cluster, reading, grade : str
        The statement, its cluster of studies, a key of `kpksim.vocabulary.READINGS`, its grade.
    first, second : tuple of Moment
        What it is about, and what that is compared with.
    n : float
        People.
    same : bool
        Whether both sides are the same people.
    score : str
        ``"plain"``, or how the unit follows from a change in percent: ``"change"`` in points, or
        ``"mean"`` score.
    y, se : float
        Number, count, or 1 for what was so; standard error that is stated, or of rounding.
    own : bool
        Whether `se` is that of the mean and holds the spread of people.
    bounds : tuple of float
        Range that words stand for [unit of the statement].
    threshold : float
        Change that counts [unit of the statement].
    q, l0 : float
        Share of a likelihood that knows nothing, and its density.
    peak : bool
        Whether of all moments the one with the highest level counts.
    """

    id: str
    cluster: str
    reading: str
    grade: str
    first: tuple[Moment, ...]
    second: tuple[Moment, ...] = ()
    n: float = nan
    same: bool = True
    score: str = "plain"
    y: float = 1.0
    se: float = 0.0
    own: bool = False
    bounds: Pair = (-inf, inf)
    threshold: float = nan
    q: float = 0.05
    l0: float = 0.5
    peak: bool = False


@dataclass(frozen=True)
class Unread:
    """A statement that no curve is held against, and why."""

    id: str
    why: str


@dataclass(frozen=True)
class _Asked:
    """A statement with all that its reading needs to know."""

    study: Study
    statement: Statement
    outcome: str
    reading: str
    settings: CalibrationDocument
    cluster: str

    @property
    def sign(self) -> float:
        """-1 where an effect is a rise, so that down is effect."""
        return -1.0 if self.outcome in PRESSURES or self.outcome == "dissociation" else 1.0

    @property
    def n(self) -> float:
        """People behind the statement."""
        arms = [self.study.arms[one] for one in self.statement.arms]
        if self.statement.id in self.settings.people:
            return float(self.settings.people[self.statement.id])
        if self.statement.n is not None:
            return float(self.statement.n)
        stated = [one.n for one in arms if one.n is not None]
        apart = self.study.layout not in SAME_PEOPLE and len(stated) == len(arms)
        if apart and self.statement.versus not in self.study.arms:
            return float(sum(stated))
        return float(stated[0] if stated and self.study.layout in SAME_PEOPLE else self.study.n)

    def at(self, hours: Sequence[float], arms: Sequence[str] | None = None) -> tuple[Moment, ...]:
        """Give moments of the arms of the statement, or of others, at some times."""
        chosen = self.statement.arms if arms is None else arms
        return tuple(moments(self.study, self.statement, chosen, hours, self.outcome))

    def row(self, first: Sequence[Moment], **more: object) -> StatementRow:
        """Give a row with what every one holds."""
        plain = StatementRow(
            id=self.statement.id,
            cluster=self.cluster,
            reading=self.reading,
            grade=self.statement.grade,
            first=tuple(first),
            n=self.n,
            same=self.study.layout in SAME_PEOPLE,
            peak=self.statement.span and self.sign < 0.0,
            q=_weight(self.settings, self.statement.id, self.reading, self.statement.grade),
        )
        return replace(plain, **more)  # type: ignore[arg-type]


def _weight(settings: CalibrationDocument, name: str, reading: str, grade: str) -> float:
    """Give q of a statement: its own, that of its reading if larger, or that of its grade."""
    weights = settings.weights
    if name in weights.statements:
        return weights.statements[name]
    by_grade = {str(key): share for key, share in weights.grades.items()}
    return max(by_grade.get(grade, 0.0), weights.readings.get(reading, 0.0))


def rows_of(
    study: Study,
    outcome: str,
    settings: CalibrationDocument,
    *,
    alternative: bool = False,
) -> tuple[list[StatementRow], list[Unread]]:
    """Turn the statements of a study about an outcome into rows.

    Parameters
    ----------
    study : Study
        The study.
    outcome : str
        Name of the outcome.
    settings : CalibrationDocument
        Weights, thresholds and what is left out.
    alternative : bool
        Whether each statement is read in its other way, where it has one.

    Returns
    -------
    rows : list of StatementRow
        What is read.
    unread : list of Unread
        What is not, and why.
    """
    rows: list[StatementRow] = []
    unread: list[Unread] = []
    for statement in study.statements:
        if statement.construct != construct_of(outcome):
            continue
        why = _why_not(study, statement, outcome, settings)
        reading = (alternative and statement.alternative) or statement.reading
        asked = _Asked(study, statement, outcome, reading, settings, study.cohort)
        if not why and reading == "not used":
            why = "its other reading is to leave it out"
        found = [] if why else _read(asked)
        if alternative and not why and not found:
            found = _read(replace(asked, reading=statement.reading))
        rows += found
        if not found:
            unread.append(Unread(statement.id, why or "its reading needs a number that is missing"))
    return rows, unread


def _why_not(
    study: Study, statement: Statement, outcome: str, settings: CalibrationDocument
) -> str:
    """Say why a statement is not read; empty where it is."""
    if statement.reading == "not used":
        return statement.why_not_used
    if statement.repeats:
        return f"the fact is in {statement.repeats}"
    instrument = instrument_of(statement, outcome)
    if not instrument:
        return "it does not name this pressure"
    for one in settings.left_out:
        if statement.id in one.statements or instrument in one.scales:
            return one.why
    if statement.hours and max(statement.hours) <= 0.0:
        return "it stands before the first dose and says nothing of a change"
    arms = [study.arms[one] for one in statement.arms]
    if not statement.hours:
        return "it has no time"
    if any(arm.regimen is None and arm.kind not in CONTROLS for arm in arms):
        return "an arm has no regimen"
    return ""


def _read(asked: _Asked) -> list[StatementRow]:
    """Read a statement; nothing where its reading needs what is not there."""
    if asked.reading not in _READERS:
        raise DataError(
            f'statement {asked.statement.id}: no likelihood reads "{asked.reading}"; '
            f"known are {', '.join(_READERS)}"
        )
    return list(_READERS[asked.reading](asked))


def _hours(asked: _Asked) -> tuple[float, ...]:
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


def _number(asked: _Asked) -> Iterator[StatementRow]:
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


def _standard_error(asked: _Asked) -> float:
    """Give the stated standard error of a mean, from its interval where need be; nan if none."""
    statement = asked.statement
    if isfinite(statement.se):
        return statement.se
    if isfinite(statement.ci[0]):
        half = (statement.ci[1] - statement.ci[0]) / 2.0
        return half / float(student.ppf(0.975, asked.n - 1.0))
    return statement.sd / sqrt(asked.n) if isfinite(statement.sd) else nan


def _rounding(asked: _Asked) -> float:
    """Give the standard error of a number that is rounded or said in words."""
    unit, rounding = asked.statement.unit, asked.settings.rounding
    if unit == "%":
        return rounding.percent[asked.statement.grade]  # type: ignore[index]
    return rounding.pressure if unit == "mmHg" else rounding.points


def _responders(asked: _Asked) -> Iterator[StatementRow]:
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


def _contrast(asked: _Asked) -> Iterator[StatementRow]:
    """Read a test against the baseline or against another arm."""
    hours = _hours(asked)
    versus = asked.statement.versus
    if versus == "baseline":
        yield asked.row(asked.at(hours))
    elif versus in asked.study.arms:
        yield asked.row(asked.at(hours), second=asked.at(hours, [versus]))


def _effect_size(asked: _Asked) -> Iterator[StatementRow]:
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


def _order(asked: _Asked) -> Iterator[StatementRow]:
    """Read an order of arms at one time, the first does most; or of times, the last does most."""
    statement = asked.statement
    if len(statement.arms) == 1 and len(statement.hours) == 2:
        yield asked.row(asked.at(statement.hours[::-1]), same=True)
    elif len(statement.arms) > 1:
        hours = _hours(asked)[:1]
        yield asked.row(asked.at(hours), same=True)


def _plateau(asked: _Asked) -> Iterator[StatementRow]:
    """Read no further change between two times."""
    if len(asked.statement.hours) != 2 or isnan(asked.statement.bounds[0]):
        return
    early, late = asked.statement.hours
    yield asked.row(asked.at([late]), second=asked.at([early]), same=True, bounds=_bounds(asked))


def _interval(asked: _Asked) -> Iterator[StatementRow]:
    """Read words as a range of the mean, arm by arm."""
    statement = asked.statement
    if isnan(statement.bounds[0]):
        return
    plain = statement.unit == "%" or asked.sign < 0.0
    pooled = asked.study.layout not in SAME_PEOPLE
    for arms in [list(statement.arms)] if pooled else [[one] for one in statement.arms]:
        moment = asked.at(_hours(asked), arms)
        yield asked.row(moment, bounds=_bounds(asked), score="plain" if plain else "change")


def _bounds(asked: _Asked) -> Pair:
    """Give the range of words, turned so that down is effect."""
    low, high = asked.statement.bounds
    if asked.sign > 0.0:
        return low, high
    return -high, inf if low == 0.0 else -low  # none at all is as little as little


def _below(asked: _Asked) -> Iterator[StatementRow]:
    """Read a mean score under a level."""
    if isfinite(asked.statement.threshold):
        bounds = (-inf, asked.statement.threshold)
        yield asked.row(asked.at(_hours(asked)), bounds=bounds, score="mean")


def _offset(asked: _Asked) -> Iterator[StatementRow]:
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


def _relapse(asked: _Asked) -> Iterator[StatementRow]:
    """Read that most people have lost their relief."""
    if isfinite(asked.statement.threshold):
        yield asked.row(asked.at(_hours(asked)), threshold=asked.sign * asked.statement.threshold)


_READERS: Mapping[str, Callable[[_Asked], Iterator[StatementRow]]] = {
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


def clusters_of(studies: Sequence[Study]) -> dict[str, list[Study]]:
    """Put studies of the same people together.

    Parameters
    ----------
    studies : sequence of Study
        The studies.

    Returns
    -------
    dict of str to list of Study
        By the name of the cohort; what the review says by itself is one of its own.
    """
    found: dict[str, list[Study]] = {}
    for one in studies:
        found.setdefault(REVIEW if one.key == REVIEW else one.cohort, []).append(one)
    return found
