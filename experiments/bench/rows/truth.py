"""Errors against 40 digits, and values below 0."""

from fractions import Fraction

import mpmath
import numpy as np

from experiments.accuracy.errors import errors_of, relative_errors
from experiments.accuracy.exact import exact_outputs
from experiments.accuracy.models import KINDS
from experiments.accuracy.settings import FOLDER as ACCURACY
from experiments.accuracy.settings import read_settings
from experiments.bench.figures import Figure
from experiments.bench.rows.cohort import Found, simulate, six_infusions
from experiments.bench.settings import Settings
from experiments.bench.workload import (
    Workload,
    lagged,
    off_minutes,
    on_minutes,
    oral_course,
    sampled,
)

SUBJECTS = 2
"""Subjects of the cohort whose values are compared."""


def in_minutes(time: float) -> Fraction:
    """The whole minute that a time on the lattice of minutes means."""
    return Fraction(round(60.0 * time), 60)


def exact_cohort(work: Workload, subject: int) -> list[list[mpmath.mpf]]:
    """Exact outputs of a subject whose infusions and times are whole minutes."""
    each = work.actions
    moments = map(in_minutes, each.time)
    doses = [
        (time, int(state), 0.0, rate)
        for time, state, rate in zip(moments, each.compartment, each.rate, strict=True)
    ]
    times = [in_minutes(time) for time in work.times]
    return exact_outputs(work.rates[subject], doses, times, work.rows[subject])


def accuracy(settings: Settings) -> Found:
    """Largest error of the cohort, and of a small set of random and defective models."""
    work = six_infusions(settings).first(SUBJECTS)
    found = work.warm()
    simulate(work, found)
    errors = [
        relative_errors(found[subject], exact_cohort(work, subject))
        for subject in range(len(work.rates))
    ]
    cohort = float(np.nanmax(errors))
    small = read_settings(ACCURACY / "quick.toml")
    others = {
        kind: errors_of(kind, small.models, small.subjects, small.seed).as_json()["max"]
        for kind in KINDS
    }
    worst = max(others, key=lambda kind: others[kind])
    return [
        Figure("accuracy", "largest error of all", max(cohort, others[worst]), ""),
        Figure("", f"of {len(work.rates)} subjects of the cohort", cohort, ""),
        Figure("", f"of random models (worst: {worst})", others[worst], ""),
    ], ["componentwise and relative; docs/accuracy.md has the full report"]


def negatives(settings: Settings) -> Found:
    """Number of values below 0 over all workloads."""
    size, days, seed = settings.course, settings.cohort.days, settings.seed
    course = oral_course(size.subjects, size.doses, size.step_minutes, seed)
    few, times = settings.irregular.subjects, settings.irregular.times
    works = [
        six_infusions(settings),
        course,
        lagged(course, size.lag_hours, seed),
        sampled(few, days, on_minutes(times, days, seed), seed),
        sampled(few, days, off_minutes(times, days, seed), seed),
    ]
    below, values = 0, 0
    for work in works:
        out = work.warm()
        simulate(work, out)
        below, values = below + int((out < 0.0).sum()), values + out.size
    note = f"of {values:,} values of the cohort, the oral courses and the irregular times"
    return [Figure("negatives", "values below 0", float(below), "")], [note]
