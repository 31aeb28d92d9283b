"""What doses, schedules and times the studies support, for each outcome, drug and route."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf, isfinite

from kpksim.dosing import Dose, Regimen
from kpksim.evidence.study import Statement, Study, StudyArm
from kpksim.evidence.study_catalogue import REVIEW, list_studies, load_study
from kpksim.population import typical_person
from kpksim.units import hydrochloride_to_base

Way = tuple[str, str]
"""Drug and route."""


@dataclass(frozen=True)
class Rating:
    """When people were rated.

    Attributes
    ----------
    doses : int
        Doses that they had got by then.
    since_first, since_last : float
        Time since the first and since the last of them [h].
    """

    doses: int
    since_first: float
    since_last: float


@dataclass(frozen=True)
class Support:
    """Spans of what studies of one drug by one route gave, and of when they rated.

    Attributes
    ----------
    amount : tuple of float
        Smallest and largest dose, as base [mg/kg].
    over : tuple of float
        Shortest and longest infusion; 0 is at once [h].
    most : int
        Most doses of a course that was rated after the last of them.
    spacing : tuple of float
        Shortest and longest time between doses; a single dose has no other near it, so it counts
        as endless [h].
    first : float
        First rating after the first dose [h].
    after_one, after_several : float
        Last rating after the last dose of people who had got one, or several [h]; 0 for none.
    latest : float
        Last rating after the first dose of a course [h]; 0 for none.
    """

    amount: tuple[float, float]
    over: tuple[float, float]
    most: int
    spacing: tuple[float, float]
    first: float
    after_one: float
    after_several: float
    latest: float


@cache
def supported(outcome: str) -> Mapping[Way, Support]:
    """Give what the studies support of one outcome.

    Statements count that a fit takes: those with a reading, each fact once, about a change.

    Parameters
    ----------
    outcome : str
        A key of `kpksim.vocabulary.OUTCOMES`.

    Returns
    -------
    mapping of (str, str) to Support
        By drug and route; what is missing has no study.

    Examples
    --------
    >>> supported("anxiety")["racemic ketamine", "iv"].amount
    (0.5, 0.5)
    """
    return support_of([load_study(key) for key in (*list_studies(), REVIEW)], outcome)


def support_of(studies: Sequence[Study], outcome: str) -> dict[Way, Support]:
    """Give what some studies support of one outcome.

    Parameters
    ----------
    studies : sequence of Study
        The studies.
    outcome : str
        A key of `kpksim.vocabulary.OUTCOMES`.

    Returns
    -------
    dict of (str, str) to Support
        By drug and route.
    """
    found: dict[Way, list[tuple[Regimen, float, list[Rating]]]] = {}
    usual = float(typical_person().covariates["weight"][0])
    for study in studies:
        weight = study.weight if isfinite(study.weight) else usual
        for one in study.statements:
            for arm, regimen in _arms(study, one, outcome):
                ratings = list(_ratings(one, regimen))
                found.setdefault(arm, []).append((regimen, weight, ratings))
    return {way: _support(known) for way, known in found.items()}


def _arms(study: Study, one: Statement, outcome: str) -> Iterator[tuple[Way, Regimen]]:
    """Give the regimens that a statement is about, if a fit takes it, with drug and route."""
    if not (one.is_fitted and one.hours and outcome in one.outcomes):
        return
    for name in one.arms:
        arm: StudyArm = study.arms[name]
        if arm.regimen is not None:
            dose = arm.regimen.doses[0].dose
            yield (dose.drug, dose.route), arm.regimen


def _ratings(one: Statement, regimen: Regimen) -> Iterator[Rating]:
    """Say when a statement rated people; a rating at the time of a dose is before it."""
    doses = [timed.time for timed in regimen.doses]
    for hour in one.hours:
        if one.clock == "each dose":
            yield Rating(1, hour, hour)
            yield Rating(len(doses), doses[-1] - doses[0] + hour, hour)
        else:
            given = [time for time in doses if time < doses[0] + hour] or doses[:1]
            yield Rating(len(given), hour, doses[0] + hour - given[-1])


def _support(known: Sequence[tuple[Regimen, float, list[Rating]]]) -> Support:
    """Take the spans of all regimens and ratings together."""
    given = [(timed.dose, weight) for regimen, weight, _ in known for timed in regimen.doses]
    ratings = [rating for _, _, some in known for rating in some]
    one = [rating for rating in ratings if rating.doses == 1]
    several = [rating for rating in ratings if rating.doses > 1]
    return Support(
        amount=_span(per_kg(dose, weight) for dose, weight in given),
        over=_span(dose.over for dose, _ in given),
        most=max(rating.doses for rating in ratings),
        spacing=_span(gap for regimen, _, _ in known for gap in _gaps(regimen)),
        first=min(rating.since_first for rating in ratings),
        after_one=max((rating.since_last for rating in one), default=0.0),
        after_several=max((rating.since_last for rating in several), default=0.0),
        latest=max((rating.since_first for rating in several), default=0.0),
    )


def _gaps(regimen: Regimen) -> list[float]:
    """Give the times between doses; endless for a single one."""
    times = [timed.time for timed in regimen.doses]
    return [after - before for before, after in pairwise(times)] or [inf]


def _span(values: Iterator[float]) -> tuple[float, float]:
    """Give the smallest and the largest of some values."""
    found = list(values)
    return min(found), max(found)


def per_kg(dose: Dose, weight: float) -> float:
    """Give a dose per kg of body weight, as base.

    Parameters
    ----------
    dose : Dose
        The dose.
    weight : float
        Body weight [kg].

    Returns
    -------
    float
        Amount [mg/kg].

    Examples
    --------
    >>> per_kg(Dose(35.0, per_kg=False, route="iv"), weight=70.0)
    0.5
    """
    amount = dose.amount if dose.per_kg else dose.amount / weight
    return float(hydrochloride_to_base(amount)) if dose.form == "hydrochloride" else amount
