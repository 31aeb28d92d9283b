"""What an effect curve costs beside the concentrations, and its error."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from experiments.bench.clock import in_turns, ratios
from experiments.bench.driven import (
    CHUNK,
    Driven,
    concentrations,
    concentrations_and_effects,
    driven,
)
from experiments.bench.figures import Figure
from experiments.bench.others.effect_by_lsoda import RTOL, by_lsoda
from experiments.bench.rows.cohort import Found, simulate, size_of
from experiments.bench.settings import Settings
from experiments.bench.workload import MODEL, cohort
from kpksim.library import load_model
from kpksim.models.effects import Symptom
from kpksim.simulation.effects import effects_for

OUTCOME, TRANSITS = "depression", 3
WHAT = {
    "with": "concentrations and effect, per subject",
    "alone": "concentrations alone, per subject",
    "at once": "concentrations alone in one call, per subject",
}


def effects(settings: Settings) -> Found:
    """Cost of concentrations with one effect over concentrations alone, and largest error."""
    size, days, step = settings.effects, settings.cohort.days, settings.cohort.step_minutes
    people = driven(cohort(size.subjects, days, step, settings.seed), symptom())
    curves = people.with_site.warm(), np.ones(people.plain.shape[::2])
    out, per = people.plain.warm(), size.subjects * 1e-6
    ways = {
        "with": lambda: concentrations_and_effects(people, *curves),
        "alone": lambda: concentrations(people, out),
        "at once": lambda: simulate(people.plain, out, 1),
    }
    taken = in_turns(ways, settings.rounds)
    cost, dearer = (ratios(taken["with"], taken[way]) for way in ("alone", "at once"))
    error = largest_error(people, curves[1][: size.error_subjects])
    return [
        Figure("effects_cost", "time with an effect / without", cost["median"], "", cost),
        Figure("", "the same, without in one call", dearer["median"], "", dearer),
        *[Figure("", WHAT[way], one.median / per, "us", one.spread(per))
          for way, one in taken.items()],
        Figure("effects_error", "largest error over the largest effect", error, ""),
    ], [_note(people, settings)]  # fmt: skip


def symptom() -> Symptom:
    """The library's depression, its delay in three transits."""
    return replace(effects_for(load_model(MODEL), (OUTCOME,))[OUTCOME], transits=TRANSITS)


def largest_error(people: Driven, found: NDArray) -> float:
    """Largest difference of the first subjects from an integrator, over the largest effect."""
    truth = np.array([by_lsoda(people, subject) for subject in range(len(found))])
    return float(np.abs(found - truth).max() / np.abs(truth).max())


def _note(people: Driven, settings: Settings) -> str:
    """Say what is counted."""
    return (
        f"{size_of(people.plain)} and {OUTCOME}: effect site, Hill, slow clock, {TRANSITS} "
        f"transits; one thread, {CHUNK} people at a time, into warm arrays. With the effect counts "
        "the mesh, both solutions of the engine (at the times, and the effect site at the nodes of "
        "the mesh) and the curves of the drug alone, of a blinded and of an open study; putting "
        "the effect site into the rates is not counted. The error against LSODA, rtol "
        f"{RTOL:g}, of {settings.effects.error_subjects} subjects"
    )
