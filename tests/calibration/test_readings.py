"""Every reading against people drawn one by one, and the statement worked out from them."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from scipy import stats

from kpksim.calibration.readings import READING, codes
from kpksim.calibration.rows import Effects, PointRows, stack
from kpksim.calibration.study_kernel import expectations
from kpksim.vocabulary import READINGS
from tests.calibration.studies import rows_of

QUICK, MANY = 20_000, 1_000_000
CHUNK = 20_000
Z, WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
MEANS = np.array([-45.0, -30.0, -22.0, -8.0])
"""Mean of each point; those of the first four are within the reach of every statement below."""


@dataclass(frozen=True)
class Case:
    """A statement, and how it is found from scores of people at visits, shape (T, n, P)."""

    key: str
    found: object
    columns: dict = field(default_factory=dict)
    sd: float = 28.0
    rho: float = 0.73
    n: int = 12
    cv: float = 0.0
    means: tuple = tuple(MEANS)
    chosen: bool = False
    name: str = ""

    @property
    def spread(self):
        """Standard deviation of single scores at each point."""
        return np.sqrt(self.sd**2 + (self.cv * np.asarray(self.means)) ** 2)


def mean(y, *points):
    """Observed mean over people and some points."""
    return y[:, :, list(points)].mean(axis=(1, 2))


def half(y):
    """People of the first half at the first point, of the second half at the second."""
    middle = y.shape[1] // 2
    return y[:, :middle, 0].mean(axis=1) - y[:, middle:, 1].mean(axis=1)


def passed(difference, error):
    """A two-sided test in favour of an effect."""
    return difference / error < -1.96


def share(y, *points):
    """Number of people who fell by half or more at one of some points."""
    return (y[:, :, list(points)] < -50.0).any(axis=2).sum(axis=1)


def within_error(case, visits=1, times=1.0):
    """Standard error of a difference within people, or of a mean of several visits."""
    return case.sd * np.sqrt(times * (1.0 - case.rho) / (case.n * visits))


def own_error(case, visits=1):
    """Standard error of a change from baseline."""
    parts = case.rho + (1.0 - case.rho) / visits
    return case.sd * np.sqrt(parts / case.n)


def parallel_error(case):
    """Standard error of a difference between two halves."""
    return case.sd * np.sqrt(4.0 / case.n)


CONTROL = {"start2": 1, "count2": 1}
APART = {"start2": 1, "count2": 1, "group2": 1, "same": 0}
AT_ONE = {"start": 1}
SCORE = {"unit": codes.SCORE, "baseline": 0}
BASELINE = 14.0

CASES = [
    Case("percent change", lambda c, y: mean(y, 0)),
    Case("percent change", lambda c, y: mean(y, 0, 1), {"count": 2}, name="two visits"),
    Case("percent change", lambda c, y: mean(y, 0), {"se": 8.0}, n=5, name="rounded"),
    Case(
        "points", lambda c, y: mean(y, 0) * BASELINE / 100,
        {"unit": codes.CHANGE, "baseline": 0, "own": 1, "se": 1.2}, n=7,
        sd=1.2 * np.sqrt(7) * 100 / BASELINE, name="own error",
    ),
    Case("mean score", lambda c, y: BASELINE * (1 + mean(y, 0) / 100), {**SCORE, "se": 0.5}),
    Case("mean score", lambda c, y: mean(y, 0), {"se": 1.0}, sd=2.0, cv=0.8, name="of its own"),
    Case("effect size", lambda c, y: mean(y, 0) / c.sd, {"se": 12**-0.5}, name="own baseline"),
    Case(
        "effect size", lambda c, y: (mean(y, 0) - mean(y, 1)) / c.sd,
        {**CONTROL, "se": np.sqrt(2 * 0.27 / 12)}, name="same people",
    ),
    Case(
        "effect size", lambda c, y: half(y) / c.sd, {**APART, "se": np.sqrt(4 / 12)},
        name="parallel",
    ),
    Case("responded", lambda c, y: share(y, 0)),
    Case("responded", lambda c, y: share(y, 3), {"start": 3}, n=18, name="few", sd=20.0),
    Case("ever responded", lambda c, y: share(y, 0, 1, 2, 3), {"count": 4}, n=7),
    Case("ever responded", lambda c, y: share(y, 0, 1), {"count": 2}, rho=0.92, name="alike"),
    Case(
        "ever responded", lambda c, y: share(y, 1, 2, 3), {"start": 1, "count": 3}, rho=0.3,
        sd=14.0, n=20, name="unlike",
    ),
    Case(
        "responded", lambda c, y: (y[:, :, 0] < -4.0).sum(axis=1), {"thr": -4.0}, sd=2.0, cv=0.8,
        means=(-6.0, -2.0, -1.0, -1.0), n=7, name="wide where large",
    ),
    Case("significant", lambda c, y: passed(mean(y, 3), own_error(c)), {"start": 3}),
    Case(
        "significant", lambda c, y: passed(mean(y, 3, 2), own_error(c, 2)),
        {"start": 2, "count": 2}, n=3, name="two visits",
    ),
    Case(
        "significant", lambda c, y: passed(mean(y, 0) - mean(y, 1), within_error(c, 1, 2)), CONTROL,
        name="same people",
    ),
    Case(
        "significant", lambda c, y: passed(half(y), parallel_error(c)), APART, sd=15.0,
        name="parallel",
    ),
    Case(
        "significant", lambda c, y: passed(mean(y, 0) - mean(y, 1), unequal(c)), CONTROL, cv=0.8,
        sd=2.0, means=(-9.0, -2.0, -1.0, -1.0), name="unequal spread",
    ),
    Case("direction", lambda c, y: mean(y, 2) < 0.0, {"start": 2}, n=2, sd=35.0),
    Case("direction", lambda c, y: half(y) < 0.0, APART, name="parallel"),
    Case(
        "not significant", lambda c, y: np.abs(half(y)) <= 1.96 * parallel_error(c), APART, sd=15.0,
        name="parallel",
    ),
    Case(
        "not significant", lambda c, y: np.abs(mean(y, 3)) <= 1.96 * own_error(c), {"start": 3},
    ),
    Case("order", lambda c, y: mean(y, 1) < mean(y, 2), {"start": 1, "count": 2}),
    Case(
        "order", lambda c, y: (mean(y, 0) < mean(y, 1)) & (mean(y, 1) < mean(y, 2)), {"count": 3},
        n=8,
    ),
    Case(
        "order", lambda c, y: (mean(y, 0) < mean(y, 1)) & (mean(y, 1) < mean(y, 2)), {"count": 3},
        n=6, sd=2.0, cv=0.8, means=(-18.0, -10.0, -3.0, -1.0), name="unequal spread",
    ),
    Case(
        "order", lambda c, y: mean(y, 0, 1) < mean(y, 2, 3),
        {"count": 2, "start2": 2, "count2": 2}, n=2, rho=0.4, name="means of two",
    ),
    Case(
        "plateau", lambda c, y: np.abs(mean(y, 1) - mean(y, 2)) < 10.0,
        {"start": 1, "start2": 2, "count2": 1, "lo": -10.0, "hi": 10.0},
    ),
    Case(
        "offset",
        lambda c, y: passed(mean(y, 2), own_error(c)) & ~passed(mean(y, 3), own_error(c)),
        {"start": 2, "count": 2},
    ),
    Case(
        "offset",
        lambda c, y: passed(mean(y, 0) - mean(y, 2), within_error(c, 1, 2))
        & (np.abs(mean(y, 1) - mean(y, 3)) <= 1.96 * within_error(c, 1, 2)),
        {"count": 2, "start2": 2, "count2": 2}, name="same people", sd=40.0,
    ),
    Case(
        "interval", lambda c, y: (mean(y, 2) > -30.0) & (mean(y, 2) < -5.0),
        {"start": 2, "lo": -30.0, "hi": -5.0},
    ),
    Case(
        "interval", lambda c, y: mean(y, 0) < -50.0, {"lo": -np.inf, "hi": -50.0}, name="at least",
    ),
    Case("gone by", lambda c, y: np.abs(mean(y, 3)) < 10.0, {"start": 3, "lo": -10.0, "hi": 10.0}),
    Case(
        "below threshold", lambda c, y: BASELINE * (1 + mean(y, 0) / 100) < 8.0,
        {**SCORE, "thr": 8.0},
    ),
    Case(
        "relapse", lambda c, y: (y[:, :, 1] > -25.0).sum(axis=1) > c.n / 2,
        {"start": 1, "thr": -25.0},
    ),
    Case(
        "relapse", lambda c, y: (y[:, :, 1] > -25.0).sum(axis=1) > c.n / 2,
        {"start": 1, "thr": -25.0}, n=9, name="odd",
    ),
    Case("percent change", lambda c, y: mean(y, 1), AT_ONE, n=20, chosen=True, name="chosen"),
    Case(
        "percent change", lambda c, y: mean(y, 1, 2), {"start": 1, "count": 2}, rho=0.5,
        chosen=True, name="chosen, two visits",
    ),
    Case("responded", lambda c, y: share(y, 1), AT_ONE, n=7, chosen=True, name="chosen"),
    Case(
        "ever responded", lambda c, y: share(y, 1, 2, 3), {"start": 1, "count": 3}, n=7, rho=0.5,
        chosen=True, name="chosen",
    ),
    Case(
        "significant", lambda c, y: passed(mean(y, 3), chosen_error(c)), {"start": 3}, n=12,
        means=(-30.0, -10.0, -5.0, 2.0), chosen=True, name="chosen",
    ),
    Case(
        "order", lambda c, y: mean(y, 1) < mean(y, 2), {"start": 1, "count": 2}, n=20, chosen=True,
        name="chosen",
    ),
    Case(
        "plateau", lambda c, y: np.abs(mean(y, 1) - mean(y, 2)) < 10.0,
        {"start": 1, "start2": 2, "count2": 1, "lo": -10.0, "hi": 10.0}, n=20, chosen=True,
        name="chosen",
    ),
    Case(
        "relapse", lambda c, y: (y[:, :, 3] > -25.0).sum(axis=1) > c.n / 2,
        {"start": 3, "thr": -25.0}, n=20, chosen=True, name="chosen",
    ),
]  # fmt: skip
ERROR_APART = ("percent change", "mean score")


def unequal(case):
    """Standard error of a difference within people whose scores spread unequally."""
    a, c = case.spread[:2]
    return np.sqrt((case.rho * (a - c) ** 2 + (1 - case.rho) * (a**2 + c**2)) / case.n)


def chosen_error(case):
    """Standard error of a change from baseline of people who were chosen, from very many."""
    scores = chosen_people(case, 400_000, np.random.default_rng(1))[:, 3]
    return scores.std() / np.sqrt(case.n)


def chosen_people(case, count, rng):
    """Draw people at visits, shape (count, P), until as many fell by half at the first."""
    found = []
    while sum(map(len, found)) < count:
        person = rng.standard_normal((count, 1))
        visit = rng.standard_normal((count, len(case.means)))
        deviation = np.sqrt(case.rho) * person + np.sqrt(1.0 - case.rho) * visit
        scores = np.asarray(case.means) + case.spread * deviation
        found.append(scores[scores[:, 0] < -50.0])
    return np.concatenate(found)[:count]


def drawn(case, trials, rng):
    """Draw trials: people with their deviation, visits with theirs; work the statement out."""
    found = []
    for _ in range(max(trials // CHUNK, 1)):
        if case.chosen:
            scores = chosen_people(case, CHUNK * case.n, rng).reshape(CHUNK, case.n, -1)
            found.append(case.found(case, scores))
            continue
        person = rng.standard_normal((CHUNK, case.n, 1))
        visit = rng.standard_normal((CHUNK, case.n, len(case.means)))
        deviation = np.sqrt(case.rho) * person + np.sqrt(1.0 - case.rho) * visit
        found.append(case.found(case, np.asarray(case.means) + case.spread * deviation))
    found = np.concatenate(found)
    error = case.columns.get("se", 0.0)
    if case.key in ERROR_APART:
        found = found + error * rng.standard_normal(found.size)
    return found


def study_of(case):
    """Give a study that makes this one statement, in the typical study effect."""
    size = len(case.means)
    effects = Effects(
        -np.asarray(case.means), np.zeros(size), np.full(size, case.sd), np.full(size, case.cv)
    )
    chooser = np.where(np.arange(size) > 0, 0, -1) if case.chosen else np.full(size, -1)
    points = PointRows(np.full(size, codes.PLAIN), chooser)
    rows = rows_of([case.key], index=np.arange(size), n=float(case.n), **case.columns)
    return stack([(points, rows)]), effects


def expected(case):
    """What the reading expects at the nodes of the people's deviations, and their weights."""
    study, effects = study_of(case)
    latents = study.bounds[0, 4]
    parts = np.meshgrid(*[Z] * (latents - 1), indexing="ij")
    z = np.vstack([np.zeros(parts[0].size), *[one.ravel() for one in parts]])
    weights = WEIGHTS
    for _ in range(latents - 2):
        weights = np.multiply.outer(weights, WEIGHTS)
    first, second = expectations(study, effects, np.array([BASELINE]), case.rho, 0.3, 0, z)
    return first[0], second[0], weights.ravel()


def probabilities(case, found):
    """Give observed and expected probabilities: of yes, of every count, or of 20 bins."""
    first, second, weights = expected(case)
    family = READING[case.key].family
    if family == codes.YES_NO:
        return np.array([found.mean()]), np.array([weights @ first])
    if family == codes.COUNT:
        observed = np.bincount(found, minlength=case.n + 1) / found.size
        return observed, stats.binom.pmf(np.arange(case.n + 1), case.n, first[0])
    centre = weights @ first
    spread = np.sqrt(weights @ (second**2 + (first - centre) ** 2))
    inner = centre + spread * stats.norm.ppf(np.arange(1, 20) / 20)
    ends = np.concatenate([[-np.inf], inner, [np.inf]])
    cdf = np.array([weights @ stats.norm.cdf((one - first) / second) for one in ends])
    return np.histogram(found, ends)[0] / found.size, np.diff(cdf)


def identity(case):
    """Name of a case."""
    return f"{case.key} {case.name}".strip()


def compared(case, trials):
    """Give observed and expected probabilities of a case."""
    rng = np.random.default_rng([trials, CASES.index(case)])
    return probabilities(case, drawn(case, trials, rng))


def test_every_reading_is_compared():
    assert {case.key for case in CASES} == set(READING)


def test_readings_are_those_of_the_vocabulary():
    assert set(READING) == set(READINGS) - {"not used"}
    assert sorted(one.code for one in READING.values()) == list(range(len(READING)))
    assert {one.alternative for one in READING.values()} <= {*READING, ""}


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_a_reading_expects_what_people_would_show(case):
    observed, expectation = compared(case, QUICK)
    margin = 4.5 * np.sqrt(expectation * (1.0 - expectation) / QUICK) + 2.0 / QUICK
    assert np.abs(observed - expectation).max() > 0.0
    assert np.all(np.abs(observed - expectation) <= margin)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=identity)
def test_a_reading_expects_what_a_million_trials_show(case):
    observed, expectation = compared(case, MANY)
    assert np.abs(observed - expectation).max() <= 0.003
