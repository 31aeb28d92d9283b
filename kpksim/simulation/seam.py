"""`simulate`: where dosing, model, person and effect meet."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from kpksim.documents import at_place
from kpksim.dosing import EventTable, Regimen
from kpksim.engine.threads import in_parts
from kpksim.errors import ModelError, ScenarioError, unknown
from kpksim.models import Model, Values
from kpksim.models.effects import Effect
from kpksim.population import Draws, People, typical_person
from kpksim.simulation.beyond import with_beyond
from kpksim.simulation.dataset import to_dataset
from kpksim.simulation.effects import effects_for, site_warning, why_no_effect
from kpksim.simulation.grid import default_times
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.origin import (
    dose_warnings,
    drug_of,
    potency_of,
    potency_warning,
    why_no_potency,
)
from kpksim.simulation.problem import Problem, make_problem, people_values
from kpksim.simulation.records import simulate_records
from kpksim.simulation.responses import Curves, all_curves
from kpksim.simulation.whom import effect_people_warning, people_warnings
from kpksim.units import hours
from kpksim.vocabulary import OUTCOMES

Array = NDArray[np.float64]
PEOPLE_AT_ONCE = 256
"""People whose effects are computed together, so that memory stays bounded."""
STEP_BY_STEP = 4
"""People at once where a model is not linear: each takes a while, and progress shall show."""
DRAWN = 'draws of parameters, each as one person (a share with scale = "logit" stays below 1)'
"""Place in front of what is refused in a draw."""
EXPECTATIONS = ("none", "blinded", "open")


@dataclass(frozen=True)
class Question:
    """What is asked of a model.

    Attributes
    ----------
    outputs : tuple of str
        Concentrations.
    effects : mapping of str to Effect
        Effects by outcome.
    expectation : str
        ``"none"`` for the drug alone, ``"blinded"`` or ``"open"`` for such a study.
    drugs : tuple of str
        The drug of each regimen.
    warnings : tuple of str
        Why something is left out that was not asked for by name.
    """

    outputs: tuple[str, ...]
    effects: Mapping[str, Effect]
    expectation: str
    drugs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def simulate(
    model: Model,
    regimen: Regimen | Mapping[str, Regimen] | EventTable,
    times: ArrayLike | None = None,
    *,
    subjects: People | None = None,
    draws: Draws | None = None,
    outcomes: Sequence[str] | None = None,
    expectation: str = "none",
    horizon: float | str | None = None,
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Concentrations and effects over time.

    Parameters
    ----------
    model : Model
        A model, from `kpksim.load_model`. One that is not linear (a flow with vmax and km, or an
        enzyme) is integrated step by step: up to a second per person and regimen.
    regimen : Regimen, mapping of str to Regimen, or EventTable
        One regimen, several by name, or an event table.
    times : array, shape (T,), optional
        Times, ascending, from 0 at the start of the simulation [h]; a fine default grid when
        left out. An event table brings its own.
    subjects : People, optional
        People; the typical person of 70 kg when left out.
    draws : Draws, optional
        Parameters as uncertain as their estimates, in the one typical person of `subjects`: the
        result has the dim draw instead of subject. Draws and people are never crossed.
    outcomes : sequence of str, optional
        Concentrations and effects that are wanted; all that the model gives when left out.
    expectation : str
        ``"none"``: effect curves show the drug alone; ``"blinded"`` or ``"open"``: with the
        expectation of such a study.
    horizon : float or str, optional
        End of the default grid [h, or text with a unit]; two weeks after the last dose when left
        out.
    progress : callable, optional
        Called with the share of the work that is done.

    Returns
    -------
    xarray.Dataset
        Dims among regimen, subject or draw, time; for an event table one dim ``record``.
        Concentrations in ng/mL; symptoms in % change, dissociation in CADSS points, pressures in
        mmHg. The coordinate ``beyond_evidence``, dims among regimen, outcome, time, marks where no
        study supports an effect curve; ``why_beyond`` says why. What was converted or extrapolated
        stands in ``attrs["warnings"]``, one sentence a line.

    Raises
    ------
    KpksimError
        If the model cannot be given this regimen, or does not know an outcome.

    Examples
    --------
    >>> import kpksim as kp
    >>> model = kp.load_model("reference_racemic")
    >>> regimen = kp.infusion("35 mg", over="40 min")
    >>> result = kp.simulate(model, regimen, [0.0, 2 / 3], outcomes=["ketamine"])
    >>> result["ketamine"].values.round(1).tolist()
    [0.0, 198.1]
    """
    if isinstance(regimen, EventTable):
        _refuse_beside_table(times, subjects, draws, horizon)
        return simulate_records(model, regimen, _outputs_of_table(model, outcomes))
    named = {"": regimen} if isinstance(regimen, Regimen) else dict(regimen)
    if not named:
        raise ScenarioError("nothing to simulate: give at least one regimen")
    told = [one for regimen in named.values() for one in dose_warnings(model, regimen)]
    question = _question(model, outcomes, expectation, list(map(drug_of, named.values())))
    if draws is not None:
        subjects = draws.of(subjects or typical_person())

    def tell(regimen: int, share: float) -> None:
        if progress:
            progress((regimen + share) / len(named))

    with at_place(DRAWN) if draws else nullcontext():
        people, values = people_values(model, subjects or typical_person())
        grid = _times(model, named, people, times, horizon)
        curves = [
            _curves_of_people(
                model, one, people, values, question=question, times=grid, progress=partial(tell, k)
            )
            for k, one in enumerate(named.values())
        ]
    result = to_dataset(
        model,
        named,
        grid,
        curves,
        subjects,
        expectation=expectation,
        warnings=_warnings(model, question, people, told),
    )
    result = result if draws is None else result.rename(subject="draw")
    weight = float(np.median(people.covariates["weight"]))
    changed = frozenset(named if model.unchanged else ())
    return with_beyond(result, named, list(question.effects), weight=weight, changed=changed)


def _refuse_beside_table(*stated: object) -> None:
    """Refuse what an event table states itself."""
    if any(one is not None for one in stated):
        raise ScenarioError(
            "an event table brings its own times and subjects; leave out times, subjects, draws "
            "and horizon"
        )


def _warnings(model: Model, question: Question, people: People, told: list[str]) -> list[str]:
    """Say what a reader must know of doses, people and site of sampling, each thing once."""
    said = [*told, *people_warnings(model, people), *question.warnings]
    if question.effects:
        said += [site_warning(model, question.effects), effect_people_warning(model)]
        said += [potency_warning(model, drug) for drug in question.drugs]
    return [one for one in dict.fromkeys(said) if one]


def _question(
    model: Model, outcomes: Sequence[str] | None, expectation: str, drugs: Sequence[str]
) -> Question:
    """Sort what is asked into concentrations and effects."""
    if expectation not in EXPECTATIONS:
        raise unknown("expectation", expectation, list(EXPECTATIONS))
    effects = [name for name in OUTCOMES if not why_no_effect(model, name)]
    why_not = next((why for one in drugs if (why := why_no_potency(model, one))), "")
    possible = list(model.outputs) + ([] if why_not else effects)
    names = tuple(possible if outcomes is None else outcomes)
    if isinstance(outcomes, str):
        raise ScenarioError(f'outcomes are a list of names, got "{outcomes}"; put it in brackets')
    if not names:
        raise ScenarioError(f"no outcome is asked for; {model.name} gives {', '.join(possible)}")
    for name in names:
        if name not in model.outputs and name not in OUTCOMES:
            raise unknown(f"outcome of {model.name}", name, possible)
        if name in OUTCOMES and why_not:
            raise ModelError(f'"{name}" cannot be computed with {model.name}: {why_not}')
    outputs = tuple(name for name in names if name in model.outputs)
    left_out = [f"No effects with {model.name}: {why_not}."] if why_not and effects else []
    warnings = tuple(left_out if outcomes is None else [])
    return Question(outputs, effects_for(model, names), expectation, tuple(drugs), warnings)


def _outputs_of_table(model: Model, outcomes: Sequence[str] | None) -> tuple[str, ...]:
    """Give the concentrations that are asked of an event table, and refuse effects."""
    names = tuple(model.outputs if outcomes is None else outcomes)
    for name in names:
        if name in OUTCOMES:
            raise ScenarioError(
                f'an event table gives concentrations only so far, got "{name}"; '
                "simulate a regimen for effects"
            )
    return _question(model, names, "none", []).outputs


def _times(
    model: Model,
    named: Mapping[str, Regimen],
    people: People,
    times: ArrayLike | None,
    horizon: float | str | None,
) -> Array:
    """Check the wanted times, or make the default grid from every event of the typical person."""
    if times is not None:
        wanted = np.atleast_1d(np.asarray(times, dtype=float))
        if wanted.ndim != 1 or not np.isfinite(wanted).all() or (np.diff(wanted) <= 0.0).any():
            raise ScenarioError("times must be finite and ascend without repeats")
        if not wanted.size:
            raise ScenarioError("times must hold at least one time; leave them out for a fine grid")
        return wanted
    typical, values = people_values(model, typical_person(float(people.covariates["weight"][0])))
    events = [
        moment
        for one in named.values()
        for entry in regimen_inputs(model, values, one, typical)
        for moment in (entry.start[0], (entry.start + entry.duration)[0])
    ]
    doses = np.array([timed.time for one in named.values() for timed in one.doses])
    end = float(doses.max()) + 336.0 if horizon is None else hours(horizon)
    return default_times(np.concatenate([events, doses]), doses, end)


def _curves_of_people(
    model: Model,
    regimen: Regimen,
    people: People,
    values: Values,
    *,
    question: Question,
    times: Array,
    progress: Callable[[float], None],
) -> Curves:
    """Compute one regimen in all people, part by part, so that memory stays bounded."""
    parts: dict[int, Curves] = {}

    def compute(first: int, end: int) -> None:
        some = slice(first, end)
        part = {name: value[some] for name, value in values.items()}
        problem = _problem(model, regimen, people.chosen(some), part)
        parts[first] = _curves(problem, regimen, question, times)
        progress(len(parts) / -(-len(people) // size))

    size, threads = _shared_out(model, question, len(people))
    in_parts(compute, len(people), part=size, threads=threads)
    return _joined([parts[first] for first in sorted(parts)])


def _shared_out(model: Model, question: Question, people: int) -> tuple[int, int | None]:
    """Give how many people are computed at once, and in how many threads.

    The engine shares out concentrations by itself; steps of SciPy's integrators hold Python's lock.
    """
    if not model.is_linear:
        return STEP_BY_STEP, 1
    return (PEOPLE_AT_ONCE, None) if question.effects else (people, 1)


def _problem(model: Model, regimen: Regimen, people: People, values: Values) -> Problem:
    """Put the problem of one regimen in some people together."""
    return make_problem(model, people, values, regimen_inputs(model, values, regimen, people))


def _curves(problem: Problem, regimen: Regimen, question: Question, times: Array) -> Curves:
    """Compute all curves; each outcome bears the component that is asked for under its name."""
    potency = potency_of(drug_of(regimen)) if question.effects else 1.0
    curves = all_curves(
        problem,
        question.outputs,
        question.effects,
        times,
        potency=potency,
        first_dose=regimen.doses[0].time,
    )
    shown = "drug" if question.expectation == "none" else question.expectation
    for outcome in question.effects:
        component = curves.get(f"{outcome}_{shown}", curves[f"{outcome}_drug"])
        if f"{outcome}_open" not in curves:
            del curves[f"{outcome}_drug"]
        curves[outcome] = component
    return curves


def _joined(parts: Sequence[Curves]) -> Curves:
    """Put the people of all parts behind each other."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
