"""A statement as numbers, and one that no curve is held against."""

from dataclasses import dataclass
from math import inf, nan

from kpksim.calibration.moments import Moment

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
