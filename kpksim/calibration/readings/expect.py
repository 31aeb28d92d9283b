"""What a reading expects: one way in for every kind of statement but counts at many nodes."""

from kpksim.calibration.readings.codes import (
    AS_IT_IS,
    BASELINE,
    BELOW_THRESHOLD,
    CHANGE,
    EFFECT_SIZE,
    GONE_BY,
    INTERVAL,
    MEAN_SCORE,
    PERCENT_CHANGE,
    POINTS,
    UNIT,
)
from kpksim.calibration.readings.contrasts import expect_contrast
from kpksim.calibration.readings.difference import compare_sides
from kpksim.calibration.readings.means import expect_number
from kpksim.calibration.readings.ranges import expect_range
from kpksim.calibration.readings.room import Room
from kpksim.engine.actions import Array, Indices
from kpksim.engine.compiled import inner


@inner
def scale_of(code: Indices, baselines: Array) -> tuple[float, float]:
    """Give offset and factor from the effect to the unit of a statement."""
    if code[UNIT] == AS_IT_IS:
        return 0.0, 1.0
    baseline = baselines[code[BASELINE]]
    return (0.0 if code[UNIT] == CHANGE else baseline), 0.01 * baseline


@inner
def expect(
    kind: int, points: Indices, code: Indices, numbers: Array, baselines: Array, rho: float,
    room: Room,
) -> None:  # fmt: skip
    """Write what the reading of a number or a yes/no statement expects at each node.

    Counts, and the relapse that is read from a count, have functions of their own, as they depend
    on the study effect alone.

    Parameters
    ----------
    kind : int
        Code of the reading.
    points : array of int
        Points of all statements.
    code, numbers : array
        The statement.
    baselines : array
        Mean scores at baseline.
    rho : float
        Share of the variance that is the person's.
    room : Room
        Means at the nodes; `first` and `second` are written.
    """
    if kind in (PERCENT_CHANGE, POINTS, MEAN_SCORE, EFFECT_SIZE):
        offset, factor = scale_of(code, baselines)
        compare_sides(points, code, numbers, rho, room)
        expect_number(code, numbers, offset, factor, room)
    elif kind in (INTERVAL, GONE_BY, BELOW_THRESHOLD):
        offset, factor = scale_of(code, baselines)
        compare_sides(points, code, numbers, rho, room)
        expect_range(code, numbers, offset, factor, room)
    else:
        expect_contrast(points, code, numbers, rho, room)
