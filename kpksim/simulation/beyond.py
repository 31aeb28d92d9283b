"""Beyond the evidence: when an effect curve is one that no study has looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.dosing import Regimen
from kpksim.evidence import Support, per_kg, supported
from kpksim.units import say_time
from kpksim.vocabulary import ROUTES

Array = NDArray[np.float64]
CHANGED_BODY = "no study while another drug or a gene changes the body"
_ROUNDING = 1e-6
"""Part of a dose or a time by which rounding may move it."""
_DRUGS = {"racemic ketamine": "ketamine"}
"""What a drug is called where it need not be told from another."""


@dataclass(frozen=True)
class Gap:
    """A part of a curve that no study supports.

    Attributes
    ----------
    start, end : float
        From when to when [h]; neither end belongs to it.
    why : str
        Why, in words.
    """

    start: float
    end: float
    why: str


def with_beyond(
    result: xr.Dataset,
    named: Mapping[str, Regimen],
    outcomes: Sequence[str],
    *,
    weight: float,
    changed: frozenset[str] = frozenset(),
) -> xr.Dataset:
    """Mark the times at which effect curves go beyond what the studies support.

    Parameters
    ----------
    result : Dataset
        Curves on T times [h].
    named : mapping of str to Regimen
        R regimens by name; a single one named ``""`` has no dim of its own.
    outcomes : sequence of str
        O names among `kpksim.vocabulary.OUTCOMES`.
    weight : float
        Body weight, for doses that are not per kg [kg].
    changed : frozenset of str
        Regimens under which another drug or a gene changes the body.

    Returns
    -------
    Dataset
        The result with two coordinates, so that arithmetic of curves leaves them alone:
        ``beyond_evidence``, dims regimen, outcome and time, whether the curve is one that no study
        has looked at, by drug, route, dose, schedule or time, or lies before the first rating;
        ``why_beyond``, dims regimen and outcome, the reasons in words, empty for none. Without
        outcomes the result as it is.
    """
    if not outcomes:
        return result
    times = np.asarray(result["time"].values, dtype=float)
    gaps = [
        [_gaps(one, outcome, weight, changed=name in changed) for outcome in outcomes]
        for name, one in named.items()
    ]
    marked = np.array([[_marked(some, times) for some in of_one] for of_one in gaps])
    words = np.array([[_words(some, times) for some in of_one] for of_one in gaps])
    alone = list(named) == [""]
    over = () if alone else ("regimen",)
    flag = (marked[0], words[0]) if alone else (marked, words)
    label = {"long_name": "Beyond what the studies support", "units": "1"}
    return result.assign_coords(
        outcome=list(outcomes),
        beyond_evidence=((*over, "outcome", "time"), flag[0], label),
        why_beyond=((*over, "outcome"), flag[1]),
    )


def _marked(gaps: list[Gap], times: Array) -> NDArray[np.bool_]:
    """Mark the times inside any gap."""
    inside = np.zeros(len(times), dtype=bool)
    for gap in gaps:
        inside |= _inside(gap, times)
    return inside


def _inside(gap: Gap, times: Array) -> NDArray[np.bool_]:
    """Mark the times inside a gap, which rounding does not put there."""
    slack = _ROUNDING * np.maximum(1.0, np.abs(times))
    return np.asarray((times > gap.start + slack) & (times < gap.end - slack))


def _words(gaps: list[Gap], times: Array) -> str:
    """Join the reasons for which a time is marked."""
    return "; ".join(dict.fromkeys(gap.why for gap in gaps if _inside(gap, times).any()))


def _gaps(regimen: Regimen, outcome: str, weight: float, *, changed: bool) -> list[Gap]:
    """Find what no study supports in the course of one outcome under one regimen."""
    start = regimen.doses[0].time
    if changed:
        return [Gap(start, inf, CHANGED_BODY)]
    ways = list(dict.fromkeys((one.dose.drug, one.dose.route) for one in regimen.doses))
    known = supported(outcome)
    for way in ways:
        if way not in known:
            return [Gap(start, inf, f"no study of {_said(*way)} states it")]
    if len(ways) > 1:
        return [
            Gap(start, inf, f"no study of {' and '.join(_said(*way) for way in ways)} together")
        ]
    support, phrase = known[ways[0]], ROUTES[ways[0][1]].phrase
    return [
        *_unlike_doses(regimen, support, weight, phrase),
        *_unlike_schedule(regimen, support, phrase),
        *_unrated(regimen, support),
    ]


def _said(drug: str, route: str) -> str:
    """Name a drug by a route."""
    return f"{ROUTES[route].phrase} {_DRUGS.get(drug, drug)}"


def _unlike_doses(regimen: Regimen, support: Support, weight: float, phrase: str) -> Iterator[Gap]:
    """Find the first dose that is smaller or larger, and the first given faster or slower."""
    for dose_of, span, told in (
        (lambda dose: per_kg(dose, weight), support.amount, _amounts(support.amount)),
        (lambda dose: dose.over, support.over, _durations(support.over)),
    ):
        unlike = [one.time for one in regimen.doses if not _within(dose_of(one.dose), span)]
        if unlike:
            yield Gap(unlike[0], inf, f"studies gave {phrase} doses {told}")


def _unlike_schedule(regimen: Regimen, support: Support, phrase: str) -> Iterator[Gap]:
    """Find the first dose too many, and the first that comes too early or too late."""
    times = [one.time for one in regimen.doses]
    if len(times) > support.most:
        doses = "one dose" if support.most == 1 else f"{support.most} doses"
        yield Gap(times[support.most], inf, f"studies gave at most {doses} {phrase}")
    unlike = [
        after for before, after in pairwise(times) if not _within(after - before, support.spacing)
    ]
    if unlike and isfinite(support.spacing[0]):
        yield Gap(unlike[0], inf, f"studies gave {phrase} doses {_apart(support.spacing)}")


def _unrated(regimen: Regimen, support: Support) -> Iterator[Gap]:
    """Find the times before the first rating, and those after the last."""
    times = [one.time for one in regimen.doses]
    start = times[0]
    yield Gap(start, start + support.first, f"no rating before {say_time(support.first)}")
    alone = support.after_one or support.after_several
    in_course = max(support.after_one, support.after_several)
    for place, (time, following) in enumerate(pairwise([*times, inf])):
        limit = in_course if place else alone
        yield Gap(time + limit, following, f"last rating {_rounded(limit)} after a dose")
    if len(times) > 1 and support.latest:
        told = f"last rating {_rounded(support.latest)} after the first dose"
        yield Gap(max(start + support.latest, times[1]), inf, told)


def _within(value: float, span: tuple[float, float]) -> bool:
    """Tell whether a value lies in a span, as far as rounding lets one say."""
    low, high = span
    return low - _ROUNDING * low <= value <= high + _ROUNDING * high


def _amounts(span: tuple[float, float]) -> str:
    """Say a span of doses."""
    return f"of {' to '.join(dict.fromkeys(f'{end:.3g}' for end in span))} mg/kg"


def _durations(span: tuple[float, float]) -> str:
    """Say a span of durations."""
    if span[1] == 0.0:
        return "at once"
    return f"over {' to '.join(dict.fromkeys(say_time(end) for end in span))}"


def _apart(span: tuple[float, float]) -> str:
    """Say a span of times between doses."""
    if span[1] == inf:
        return f"{say_time(span[0])} or more apart"
    return f"{' to '.join(dict.fromkeys(say_time(end) for end in span))} apart"


def _rounded(hours: float) -> str:
    """Say a time as exactly as a reader needs it."""
    return say_time(round(hours / 24.0, 1) * 24.0 if hours > 72.0 else hours)
