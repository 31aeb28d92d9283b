"""Curves of one regimen: in people, in parts so that memory stays bounded, and in draws."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kpksim.dosing import Regimen
from kpksim.engine.threads import in_parts
from kpksim.models import Model, Values
from kpksim.models.effects import Effect, Number
from kpksim.population import People
from kpksim.simulation.blocks import together
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.origin import drug_of, potency_of
from kpksim.simulation.problem import Problem, make_problem
from kpksim.simulation.question import Question
from kpksim.simulation.responses import Curves, all_curves

Array = NDArray[np.float64]
Progress = Callable[[float], None]
PEOPLE_AT_ONCE = 256
"""People whose effects are computed together, so that memory stays bounded."""
DRAWS_AT_ONCE = 100
"""Draws of an effect that are computed together."""
STEP_BY_STEP = 4
"""People at once where a model is not linear: each takes a while, and progress shall show."""


def curves_of_people(
    model: Model,
    regimen: Regimen,
    people: People,
    values: Values,
    *,
    question: Question,
    times: Array,
    progress: Progress,
) -> Curves:
    """Compute one regimen in all people, part by part, and its effects in all draws.

    Parameters
    ----------
    model : Model
        The model.
    regimen : Regimen
        The doses.
    people : People
        S people with every covariate that the model reads.
    values : dict of str to array, shape (S,)
        Parameters of each person.
    question : Question
        What is asked; its mixtures are computed in the people of their own draws.
    times : array, shape (T,)
        Times, ascending [h].
    progress : callable
        Called with the share of the work that is done.

    Returns
    -------
    dict of str to array
        Curves by name: shape (S, T), those of mixtures (n, T) for their n draws.
    """
    done = {"people": 0.0, "draws": 0.0}
    share = 0.5 if question.mixtures else 0.0

    def tell(of: str, more: float) -> None:
        done[of] += more
        progress((1.0 - share) * done["people"] + share * done["draws"])

    of_people = partial(tell, "people")
    found = _in_people(
        model, regimen, people, values, question=question, times=times, tell=of_people
    )
    return found | _in_draws(model, regimen, question, times, partial(tell, "draws"))


def _in_people(
    model: Model,
    regimen: Regimen,
    people: People,
    values: Values,
    *,
    question: Question,
    times: Array,
    tell: Progress,
) -> Curves:
    """Compute concentrations and effects with one set of parameters."""
    parts: dict[int, Curves] = {}
    if not question.outputs and not question.effects:
        return {}

    def compute(first: int, end: int) -> None:
        some = slice(first, end)
        part = {name: value[some] for name, value in values.items()}
        problem = _problem(model, regimen, people.chosen(some), part)
        found = _curves(problem, regimen, question.outputs, question.effects, times)
        parts[first] = _shown(found, question.effects, question.expectation)
        tell((end - first) / len(people))

    size, threads = _shared_out(model, question, len(people))
    in_parts(compute, len(people), part=size, threads=threads)
    return _joined([parts[first] for first in sorted(parts)])


def _in_draws(
    model: Model, regimen: Regimen, question: Question, times: Array, tell: Progress
) -> Curves:
    """Compute every effect of a mixture in each of its draws, some draws at a time."""
    size = DRAWS_AT_ONCE if model.is_linear else STEP_BY_STEP
    tasks = list(together(question.mixtures, size))
    parts: dict[int, Curves] = {}

    def compute(first: int, _: int) -> None:
        block = tasks[first]
        one = next(iter(block.values()))
        problem = _problem(model, regimen, one.people, one.values)
        effects = {outcome: drawn.effect for outcome, drawn in block.items()}
        found = _curves(problem, regimen, (), effects, times, potency=one.potency)
        parts[first] = _shown(found, effects, question.expectation)
        tell(1.0 / len(tasks))

    in_parts(compute, len(tasks), part=1, threads=None if model.is_linear else 1)
    result: Curves = {}
    for outcome in question.mixtures:
        result |= _joined(
            [
                {name: curve for name, curve in parts[k].items() if name.startswith(outcome)}
                for k, block in enumerate(tasks)
                if outcome in block
            ]
        )
    return result


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


def _curves(
    problem: Problem,
    regimen: Regimen,
    outputs: Sequence[str],
    effects: Mapping[str, Effect],
    times: Array,
    *,
    potency: Array | None = None,
) -> Curves:
    """Compute all curves; an enantiomer drives effects by its own strength."""
    drug = drug_of(regimen)
    strength: Number = potency_of(drug) if effects else 1.0
    if potency is not None and drug == "esketamine":
        strength = potency
    start = regimen.doses[0].time
    return all_curves(problem, outputs, effects, times, potency=strength, first_dose=start)


def _shown(curves: Curves, effects: Mapping[str, Effect], expectation: str) -> Curves:
    """Give each outcome the component that is asked for under its own name."""
    shown = "drug" if expectation == "none" else expectation
    for outcome in effects:
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
