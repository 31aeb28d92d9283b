"""What a comparison computes: each regimen in each model, in whom, at which times."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpksim.analysis.scenario import Scenario
from kpksim.documents import at_place
from kpksim.dosing import Regimen
from kpksim.errors import ScenarioError
from kpksim.models import Model
from kpksim.population import Draws, People, sample_draws, sample_people, typical_person
from kpksim.simulation.grid import default_times
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.mixtures import why_no_curve
from kpksim.simulation.problem import people_values
from kpksim.simulation.whom import different_people
from kpksim.units import say_time
from kpksim.vocabulary import OUTCOMES

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One regimen in one model.

    Attributes
    ----------
    name : str
        The regimen, with the model where there are several.
    of : str
        The regimen alone.
    model : Model
        The model as it is under the regimen.
    regimen : Regimen
        The doses as the model gets them.
    outcomes : tuple of str
        What is wanted and the model gives.
    typical : People
        The typical person.
    people : People or None
        People around him or her.
    draws : Draws or None
        Draws of the uncertain parameters; None where the model states no uncertainty.
    times : array, shape (T,)
        Grid that all parts share [h].
    """

    name: str
    of: str
    model: Model
    regimen: Regimen
    outcomes: tuple[str, ...]
    typical: People
    people: People | None
    draws: Draws | None
    times: Array


def parts_of(scenario: Scenario) -> tuple[list[Part], list[str]]:
    """Cross regimens with models, on one time grid.

    Parameters
    ----------
    scenario : Scenario
        What to compare.

    Returns
    -------
    parts : list of Part
        Model by model, the regimens in their order.
    warnings : list of str
        What a reader must know: what a model does not give, and what was assumed of the doses.

    Raises
    ------
    KpksimError
        If a model cannot be given a regimen or does not give any outcome.
    """
    times = _common_times(scenario)
    parts, warnings = [], []
    for model in scenario.models:
        outcomes, missing = _outcomes(model, scenario)
        warnings += missing
        typical, people, draws = typical_person(scenario.weight), None, None
        if scenario.people:
            people = _people(model, scenario)
        if scenario.draws and model.uncertainty:
            draws = _draws(model, scenario)
        for name in scenario.regimens:
            label = name if len(scenario.models) == 1 else f"{name}, {model.name}"
            with at_place(f'{scenario.place}: regimen "{name}"'):
                own = scenario.model_for(name, model)
            regimen = scenario.regimen_for(name, model)
            parts.append(Part(label, name, own, regimen, outcomes, typical, people, draws, times))
    warnings += [f"{name}: {one.words}." for name, one in scenario.changes.items()]
    warnings += different_people(scenario.models)
    return parts, [*warnings, *_said_of_doses(scenario), *_without_uncertainty(scenario)]


def _people(model: Model, scenario: Scenario) -> People:
    """Draw the people of a model."""
    return sample_people(
        [(block.parameters, block.omega) for block in model.blocks],
        scenario.people,
        seed=scenario.seed,
        weight=scenario.weight,
        weight_cv=scenario.weight_cv,
    )


def _draws(model: Model, scenario: Scenario) -> Draws:
    """Draw the uncertain parameters of a model."""
    together = [(one.parameters, one.covariance) for one in model.uncertainty]
    return sample_draws(together, scenario.draws, seed=scenario.draws_seed)


def _said_of_doses(scenario: Scenario) -> Iterator[str]:
    """Say which drug each model gets where the file leaves it open, and which doses are late."""
    for name in scenario.regimens:
        if name in scenario.own_drug:
            drugs: dict[str, list[str]] = {}
            for model in scenario.models:
                drugs.setdefault(model.drug, []).append(model.name)
            given = "; ".join(f"{drug} to {', '.join(names)}" for drug, names in drugs.items())
            mixed = " Milligrams are equal, drugs are not." if len(drugs) > 1 else ""
            yield f'{name}: every model gets its own drug, as "as the model" asks: {given}.{mixed}'
    for name, regimen in scenario.regimens.items():
        late = sum(timed.time >= scenario.horizon for timed in regimen.doses)
        if late:
            yield (
                f"{name}: {late} of {len(regimen.doses)} doses lie after the horizon of "
                f"{say_time(scenario.horizon)}; curves and effects do not hold them, the AUC to "
                "infinity does."
            )


def _without_uncertainty(scenario: Scenario) -> Iterator[str]:
    """Say of which models nobody knows how uncertain their parameters are."""
    silent = [one.name for one in scenario.models if not one.uncertainty]
    if scenario.draws and silent:
        verb = "state" if len(silent) > 1 else "states"
        yield (
            f"{', '.join(silent)} {verb} no uncertainty of the parameters: it is missing, not zero."
        )


def _outcomes(model: Model, scenario: Scenario) -> tuple[tuple[str, ...], list[str]]:
    """Give the wanted outcomes that a model has, and say which it lacks.

    With one model everything that is asked must be there; with several, what one lacks is
    left out of its curves.
    """
    wanted = scenario.outcomes
    if len(scenario.models) == 1:
        return wanted, []
    reasons = {name: why_no_curve(model, name) for name in wanted if name in OUTCOMES}
    given = tuple(name for name in wanted if name in model.outputs or reasons.get(name) == "")
    if not given:
        raise ScenarioError(f"{model.name} gives none of the outcomes asked for; leave it out")
    missing = [name for name in wanted if name not in given]
    reason = "; ".join(dict.fromkeys(one for one in reasons.values() if one))
    why = f" ({reason})" if reason else ""
    return given, [f"{model.name} does not give {', '.join(missing)}{why}."] if missing else []


def _common_times(scenario: Scenario) -> Array:
    """Make one grid that holds every event of every regimen in every model."""
    events: list[float] = []
    typical = typical_person(scenario.weight)
    for model in scenario.models:
        for name in scenario.regimens:
            with at_place(f'{scenario.place}: regimen "{name}"'):
                own, regimen = scenario.model_for(name, model), scenario.regimen_for(name, model)
                people, values = people_values(own, typical)
                inputs = regimen_inputs(own, values, regimen, people)
            for one in inputs:
                events += [float(one.start[0]), float(one.start[0] + one.duration[0])]
    doses = np.array([t.time for one in scenario.regimens.values() for t in one.doses])
    return default_times(np.concatenate([events, doses]), doses, scenario.horizon)
