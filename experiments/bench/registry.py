"""Every row of the benchmark by its key, in the order of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from experiments.bench.figures import Figure, Row
from experiments.bench.rows import (
    cohort,
    courses,
    effects,
    growth,
    likelihoods,
    others,
    quantiles,
    start,
    truth,
)
from experiments.bench.settings import Settings


@dataclass(frozen=True)
class Task:
    """What a row is called, and what measures it."""

    title: str
    measure: Callable[[Settings], tuple[list[Figure], list[str]]]


TASKS = {
    "cohort": Task("Six infusions, regular grid", cohort.cohort_against_fill),
    "one_thread": Task("The same, one thread", cohort.one_thread),
    "threads": Task("The same, two threads against one", cohort.two_threads),
    "accuracy": Task("Error against 40 digits", truth.accuracy),
    "negatives": Task("Negative values", truth.negatives),
    "irregular_minutes": Task("Irregular times, whole minutes", courses.irregular_minutes),
    "irregular_free": Task("Irregular times, on no lattice", courses.irregular_free),
    "course": Task("Daily oral doses", courses.course),
    "course_lags": Task("Daily oral doses, a lag per subject", courses.course_with_lags),
    "effects": Task("Effect curve", effects.effects),
    "likelihoods": Task("Likelihood of a calibration", likelihoods.likelihoods),
    "quantiles": Task("Quantiles over people", quantiles.over_people),
    "start": Task("Import and first call", start.start),
    "compile": Task("Very first call", start.first_compile),
    "roadrunner": Task("libRoadRunner", others.roadrunner),
    "solve_ivp": Task("SciPy solve_ivp (LSODA)", others.scipy_ivp),
    "float32": Task("Storage in float32", cohort.float32),
    "memory": Task("Memory", growth.memory),
    "people": Task("Growth with subjects", growth.people),
    "states": Task("Growth with states", growth.states),
}


def measured(key: str, settings: Settings) -> Row:
    """Measure a row; one that fails says why, and the others go on."""
    task, begin = TASKS[key], perf_counter()
    try:
        figures, notes = task.measure(settings)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
        return Row(key, task.title, seconds=perf_counter() - begin, failure=failure)
    seconds = perf_counter() - begin
    return Row(key, task.title, tuple(figures), tuple(notes), seconds)
