"""The cohort through libRoadRunner and solve_ivp: a few subjects, scaled, and what they reach."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from experiments.bench.clock import in_turns
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found, simulate, six_infusions
from experiments.bench.rows.truth import exact_cohort
from experiments.bench.settings import Settings
from experiments.bench.workload import Workload

SEEN = 1e-6
"""Values above this share of the peak of their analyte: an assay sees no smaller ones."""


def roadrunner(settings: Settings) -> Found:
    """LibRoadRunner against the engine."""
    from experiments.bench.others.roadrunner_way import RoadRunnerWay

    few = _few(settings)
    way = RoadRunnerWay(few, settings.others.rtol, settings.others.atol)
    return _compared(settings, few, way, "roadrunner")


def scipy_ivp(settings: Settings) -> Found:
    """SciPy's solve_ivp against the engine."""
    from experiments.bench.others.scipy_way import by_solve_ivp

    few, size = _few(settings), settings.others
    return _compared(settings, few, lambda: by_solve_ivp(few, size.rtol, size.atol), "solve_ivp")


def _few(settings: Settings) -> Workload:
    """The first subjects of the cohort."""
    return six_infusions(settings).first(settings.others.subjects)


def _compared(settings: Settings, few: Workload, way: Callable[[], NDArray], name: str) -> Found:
    """Ratio of the times for the whole cohort, one thread each, and errors of both."""
    work = six_infusions(settings)
    out, share = work.warm(), len(work.rates) / len(few.rates)
    taken = in_turns({"other": way, "engine": lambda: simulate(work, out, 1)}, settings.rounds)
    other, ours = taken["other"], taken["engine"]
    ratio = [share * a / b for a, b in zip(other.seconds, ours.seconds, strict=True)]
    middle = share * other.median / ours.median
    spread = {"min": min(ratio), "median": middle, "max": max(ratio), "n": len(ratio)}
    errors, own = errors_of(way(), few), errors_of(out[: len(few.rates)], few)
    figures = [
        Figure(name, "its time / ours", middle, "", spread),
        Figure("", "cohort, scaled", share * other.median, "s", other.spread(1.0 / share)),
        Figure("", "cohort, ours", ours.median, "s", ours.spread()),
        Figure("", "its largest error over the peak", errors["peak"], ""),
        Figure("", "its largest relative error above 1e-6 of the peak", errors["seen"], ""),
        Figure("", "ours, above 1e-6 of the peak", own["seen"], ""),
    ]
    size = settings.others
    return figures, [
        f"{len(few.rates)} subjects timed and scaled to {len(work.rates):,}, one thread each, "
        f"relative tolerance {size.rtol:g}, absolute {size.atol:g} mg, restarted where the input "
        "changes; setting the model up is not counted"
    ]


def errors_of(found: NDArray, work: Workload) -> dict[str, float]:
    """Largest error over the peak of each analyte, and largest relative one of what is seen."""
    exact = np.array(
        [
            [[float(x) for x in row] for row in exact_cohort(work, subject)]
            for subject in range(len(work.rates))
        ]
    )
    difference, peak = np.abs(found - exact), exact.max(axis=2, keepdims=True)
    seen = exact > SEEN * peak
    return {
        "peak": float((difference / peak).max()),
        "seen": float((difference[seen] / exact[seen]).max()),
    }
