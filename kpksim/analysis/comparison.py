"""The main job: regimens of a scenario, computed, compared and summarised."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from kpksim.analysis.exposure import Exposure, exposures
from kpksim.analysis.quantiles import quantiles_of_people
from kpksim.analysis.scenario import Scenario
from kpksim.analysis.side_by_side import side_by_side
from kpksim.analysis.summary import Row, effect_rows, exposure_rows, summary_table, with_notes
from kpksim.bibliography import all_sources
from kpksim.documents import at_place
from kpksim.dosing import Regimen
from kpksim.errors import ScenarioError
from kpksim.models import Model
from kpksim.population import People, sample_people, typical_person
from kpksim.simulation import simulate
from kpksim.simulation.effects import why_no_effect
from kpksim.simulation.grid import default_times
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.problem import people_values, problem_of
from kpksim.simulation.whom import different_people
from kpksim.units import say_time
from kpksim.vocabulary import OUTCOMES

Array = NDArray[np.float64]
Progress = Callable[[float], None]
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Comparison:
    """Regimens side by side.

    Attributes
    ----------
    title : str
        Heading.
    result : Dataset
        Typical person, dims (regimen, time), and quantiles of people as ``<name>_people``, dims
        (regimen, quantile, time).
    summary : DataFrame
        Numbers, one row per regimen, quantity, component and metric.
    people : Dataset or None
        Curves of every person, dims (regimen, subject, time), when they were kept.
    """

    title: str
    result: xr.Dataset
    summary: pd.DataFrame
    people: xr.Dataset | None = None


@dataclass(frozen=True)
class _Part:
    """One regimen in one model: what is asked, and in whom."""

    name: str
    model: Model
    regimen: Regimen
    outcomes: tuple[str, ...]
    typical: People
    people: People | None
    times: Array


def compare(
    scenario: Scenario,
    *,
    keep_people: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Compute a scenario.

    Parameters
    ----------
    scenario : Scenario
        What to compare, from `read_scenario`.
    keep_people : bool
        Whether the curves of every person are kept besides their quantiles.
    progress : callable, optional
        Called with the share of the work that is done.

    Returns
    -------
    Comparison
        Curves and numbers.

    Raises
    ------
    KpksimError
        If a model cannot be given a regimen or does not give an outcome.
    """
    parts, warnings = _parts(scenario)
    warnings += [f"{name}: {one.words}." for name, one in scenario.changes.items()]
    warnings += [*different_people(scenario.models), *_doses_beyond(scenario)]
    results, tables, kept = [], [], []
    for k, part in enumerate(parts):
        with at_place(f'{scenario.place}: regimen "{part.name}"'):
            done = k / len(parts)
            result, people, table = _compute(part, scenario, _share(progress, done, len(parts)))
        results.append(result)
        tables.append(table)
        for one in [result, people] if people is not None else [result]:
            warnings += [line for line in one.attrs["warnings"].split("\n") if line]
        if keep_people and people is not None:
            kept.append(people)
        if progress:
            progress((k + 1) / len(parts))
    attributes = _attributes(scenario, results, warnings)
    result = side_by_side(results).assign_attrs(attributes)
    return Comparison(
        title=scenario.title,
        result=result,
        summary=with_notes(pd.concat(tables, ignore_index=True)),
        people=side_by_side(kept).assign_attrs(attributes) if kept else None,
    )


def _parts(scenario: Scenario) -> tuple[list[_Part], list[str]]:
    """Cross regimens with models, on one time grid; say what a model does not give."""
    times = _common_times(scenario)
    parts, warnings = [], []
    for model in scenario.models:
        outcomes, missing = _outcomes(model, scenario)
        warnings += missing
        people = None
        if scenario.people:
            blocks = [(block.parameters, block.omega) for block in model.blocks]
            people = sample_people(
                blocks,
                scenario.people,
                seed=scenario.seed,
                weight=scenario.weight,
                weight_cv=scenario.weight_cv,
            )
        for name, regimen in scenario.regimens.items():
            label = name if len(scenario.models) == 1 else f"{name}, {model.name}"
            typical = typical_person(scenario.weight)
            with at_place(f'{scenario.place}: regimen "{name}"'):
                own = scenario.model_for(name, model)
            parts.append(_Part(label, own, regimen, outcomes, typical, people, times))
    return parts, warnings


def _doses_beyond(scenario: Scenario) -> list[str]:
    """Say which regimens go on after the horizon."""
    warnings = []
    for name, regimen in scenario.regimens.items():
        late = sum(timed.time >= scenario.horizon for timed in regimen.doses)
        if late:
            warnings.append(
                f"{name}: {late} of {len(regimen.doses)} doses lie after the horizon of "
                f"{say_time(scenario.horizon)}; curves and effects do not hold them, the AUC to "
                "infinity does."
            )
    return warnings


def _outcomes(model: Model, scenario: Scenario) -> tuple[tuple[str, ...], list[str]]:
    """Give the wanted outcomes that a model has, and say which it lacks.

    With one model everything that is asked must be there; with several, what one lacks is
    left out of its curves.
    """
    wanted = scenario.outcomes
    if len(scenario.models) == 1:
        return wanted, []
    reasons = {name: why_no_effect(model, name) for name in wanted if name in OUTCOMES}
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
        for name, regimen in scenario.regimens.items():
            with at_place(f'{scenario.place}: regimen "{name}"'):
                own = scenario.model_for(name, model)
                people, values = people_values(own, typical)
                inputs = regimen_inputs(own, values, regimen, people)
            for one in inputs:
                events += [float(one.start[0]), float(one.start[0] + one.duration[0])]
    doses = np.array([t.time for one in scenario.regimens.values() for t in one.doses])
    return default_times(np.concatenate([events, doses]), doses, scenario.horizon)


def _share(progress: Progress | None, done: float, parts: int) -> Progress | None:
    """Give the function that is told the share done of one part."""
    return None if progress is None else lambda share: progress(done + share / parts)


def _compute(
    part: _Part, scenario: Scenario, progress: Progress | None
) -> tuple[xr.Dataset, xr.Dataset | None, pd.DataFrame]:
    """Compute one regimen: typical person with quantiles of people, people, summary."""
    typical = _simulate(part, part.typical, scenario)
    rows = _rows(part, part.typical, typical)
    result = typical.isel(subject=0, drop=True)
    people, people_rows = None, []
    if part.people is not None:
        people = _simulate(part, part.people, scenario, progress)
        people_rows = _rows(part, part.people, people)
        result = result.merge(_quantiles(people), compat="override", combine_attrs="override")
    return result, people, summary_table(part.name, part.model.name, rows, people_rows)


def _simulate(
    part: _Part, people: People, scenario: Scenario, progress: Progress | None = None
) -> xr.Dataset:
    """Simulate one regimen in some people, dims (regimen, subject, time), one regimen."""
    return simulate(
        part.model,
        {part.name: part.regimen},
        part.times,
        subjects=people,
        outcomes=part.outcomes,
        expectation=scenario.expectation,
        progress=progress,
    )


def _rows(part: _Part, people: People, curves: xr.Dataset) -> list[Row]:
    """Give the summary rows of one regimen in some people."""
    outputs = tuple(name for name in part.outcomes if name in part.model.outputs)
    first_dose = part.regimen.doses[0].time
    rows: list[Row] = []
    if outputs:
        rows += exposure_rows(_exposures(part, people, outputs, curves), outputs, first_dose)
    rows += effect_rows(curves.isel(regimen=0), first_dose)
    return rows


def _exposures(
    part: _Part, people: People, outputs: tuple[str, ...], curves: xr.Dataset
) -> Exposure:
    """Give the exposure to one regimen in some people; peaks of many people from their curves."""
    problem = problem_of(part.model, part.regimen, people)
    if people is part.typical:
        return exposures(problem, outputs, part.times)
    found = np.stack([curves[name].isel(regimen=0).to_numpy() for name in outputs], axis=1)
    return exposures(problem, outputs, part.times, found)


def _quantiles(people: xr.Dataset) -> xr.Dataset:
    """Give the quantiles of people as variables of their own."""
    found: xr.Dataset = xr.apply_ufunc(
        lambda values: np.moveaxis(quantiles_of_people(values, QUANTILES, axis=-1), 0, -1),
        people,
        input_core_dims=[["subject"]],
        output_core_dims=[["quantile"]],
        keep_attrs=True,
    )
    found = found.assign_coords(quantile=list(QUANTILES)).transpose("regimen", "quantile", "time")
    return found.rename({name: f"{name}_people" for name in found.data_vars})


def _attributes(
    scenario: Scenario, results: list[xr.Dataset], warnings: list[str]
) -> dict[str, str | float | int]:
    """Say of a comparison what the parts do not say of themselves."""
    citations = {key for one in results for key in one.attrs["citations"].split()}
    said = [*(note for one in scenario.models for note in one.notes), *warnings]
    citations |= set(re.findall(r"\w+", " ".join(said))) & set(all_sources())
    calibration = {one.attrs["calibration"] for one in results} - {""}
    notes = [note for one in results for note in one.attrs["effect_notes"].split("\n") if note]
    return {
        "title": scenario.title,
        "models": " ".join(model.name for model in scenario.models),
        "model_cards": json.dumps(
            {one.name: {"title": one.title, "notes": one.notes} for one in scenario.models}
        ),
        "citations": " ".join(sorted(citations)),
        "calibration": ", ".join(sorted(calibration)),
        "effect_notes": "\n".join(dict.fromkeys(notes)),
        "n_people": scenario.people,
        "seed": str(scenario.seed) if scenario.people else "",
        "weight": scenario.weight,
        "configuration": scenario.text,
        "warnings": "\n".join(dict.fromkeys(warnings)),
    }
