"""Irregular times, and long oral courses with and without lags."""

import numpy as np

from experiments.bench.clock import in_turns
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found, against_fill, simulate, size_of
from experiments.bench.settings import Settings
from experiments.bench.workload import lagged, off_minutes, on_minutes, oral_course, sampled


def irregular_minutes(settings: Settings) -> Found:
    """Time per subject at times that are whole minutes."""
    size = settings.irregular
    times = on_minutes(size.times, settings.cohort.days, settings.seed)
    return _per_subject(settings, times, "irregular_minutes")


def irregular_free(settings: Settings) -> Found:
    """Time per subject at times on no lattice."""
    size = settings.irregular
    times = off_minutes(size.times, settings.cohort.days, settings.seed)
    return _per_subject(settings, times, "irregular_free")


def _per_subject(settings: Settings, times: np.ndarray, name: str) -> Found:
    """Time per subject with all threads, and with one."""
    subjects = settings.irregular.subjects
    work = sampled(subjects, settings.cohort.days, times, settings.seed)
    out, per = work.warm(), subjects * 1e-6
    taken = in_turns(
        {"all": lambda: simulate(work, out), "one": lambda: simulate(work, out, 1)},
        settings.rounds,
    )
    every, single = taken["all"], taken["one"]
    return [
        Figure(name, "per subject, one thread", single.median / per, "us", single.spread(per)),
        Figure("", "per subject, all threads", every.median / per, "us", every.spread(per)),
    ], [f"{size_of(work)}; six infusions, whose starts and ends are events between the times"]


def course(settings: Settings) -> Found:
    """Daily oral doses against the fill."""
    return against_fill(_course(settings), settings, "course_ratio")


def course_with_lags(settings: Settings) -> Found:
    """The same, every subject with a lag of its own, so that no dose is on the grid."""
    late = lagged(_course(settings), settings.course.lag_hours, settings.seed)
    return against_fill(late, settings, "course_lags_ratio")


def _course(settings: Settings):
    """The oral course of the settings."""
    size = settings.course
    return oral_course(size.subjects, size.doses, size.step_minutes, settings.seed)
