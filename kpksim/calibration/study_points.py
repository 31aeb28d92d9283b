"""Points of a cluster of studies: where its statements look, as arrays over typical curves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.arms import CHOOSER, Places
from kpksim.calibration.moments import Moment
from kpksim.calibration.statement_row import StatementRow

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

DESIGNS = ("none", "blinded", "open")
"""What people expect, in the order of codes."""

MIDAZOLAM_LASTS = 3.0
"""Time constant of what midazolam does by itself [h]."""


@dataclass(frozen=True)
class Looks:
    """Moments of all clusters, one behind another, as arrays of length P.

    Attributes
    ----------
    moments : tuple of Moment
        The moments.
    place : array of int
        Position among the times of all courses; -1 for arms without ketamine.
    hour : array
        Time since the start [h].
    design : array of int
        Place in `DESIGNS`.
    midazolam : array
        What share is left of midazolam's own effect; 0 in other arms [1].
    scale : tuple of str
        Instrument of each.
    group : array of int
        Group of people within its cluster.
    chooser : array of int
        Position within its cluster of the test that chose its people, or -1.
    ends : array of int, shape (number of clusters + 1,)
        Where each cluster begins.
    """

    moments: tuple[Moment, ...]
    place: Indices
    hour: Array
    design: Indices
    midazolam: Array
    scale: tuple[str, ...]
    group: Indices
    chooser: Indices
    ends: Indices


def look(
    clusters: Mapping[str, Sequence[StatementRow]], places: Places, chooser_hour: float | None
) -> tuple[Looks, dict[str, dict[Moment, int]]]:
    """Lay the moments of all clusters out.

    Parameters
    ----------
    clusters : mapping of str to sequence of StatementRow
        Rows by cluster.
    places : Places
        Where each moment stands among the times of all courses.
    chooser_hour : float or None
        When the test that chose responders rated them [h]; None for no shift.

    Returns
    -------
    looks : Looks
        The moments.
    found : dict of str to dict of Moment to int
        Position of each moment within its cluster.
    """
    moments: list[Moment] = []
    choosers: list[int] = []
    groups: list[int] = []
    ends, found = [0], {}
    for name, rows in clusters.items():
        own = list(dict.fromkeys(m for row in rows for m in (*row.first, *row.second)))
        tests: dict[tuple[str, str], int] = {}
        for moment in list(own):
            if moment.chosen and chooser_hour is not None:
                test = _test(moment, chooser_hour)
                if (test.design, test.instrument) not in tests:
                    tests[test.design, test.instrument] = len(own)
                    own.append(test)
        known = list(dict.fromkeys(one.group for one in own))
        groups += [known.index(one.group) for one in own]
        choosers += [
            tests.get((one.design, one.instrument), -1) if one.chosen else -1 for one in own
        ]
        found[name] = {one: k for k, one in enumerate(own)}
        moments += own
        ends.append(len(moments))
    looks = Looks(
        moments=tuple(moments),
        place=np.array([places.found.get((m.study, m.arm, m.hour), -1) for m in moments]),
        hour=np.array([m.hour for m in moments]),
        design=np.array([DESIGNS.index(m.design) for m in moments]),
        midazolam=np.array(
            [np.exp(-m.hour / MIDAZOLAM_LASTS) * (m.kind == "midazolam") for m in moments]
        ),
        scale=tuple(m.instrument for m in moments),
        group=np.array(groups),
        chooser=np.array(choosers),
        ends=np.array(ends),
    )
    return looks, found


def _test(moment: Moment, hour: float) -> Moment:
    """Give the earlier test that chose the people of an arm."""
    return Moment(CHOOSER, CHOOSER, hour, "drug", moment.design, moment.instrument, moment.group)
