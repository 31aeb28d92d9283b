"""One regimen in one model, computed: curves, their quantiles, and the numbers of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from kpksim.analysis.course import MOMENTS, value_at
from kpksim.analysis.effect_draws import (
    Place,
    by_hypothesis,
    compared,
    drawn_outcomes,
    effects_at,
    middle,
)
from kpksim.analysis.exposure import Exposure, exposures
from kpksim.analysis.parts import Part
from kpksim.analysis.quantiles import quantiles_of_people
from kpksim.analysis.rare_hypotheses import rare_medians
from kpksim.analysis.spread import SPREAD_METRICS, Sample
from kpksim.analysis.summary import Row, effect_rows, exposure_rows, summary_table
from kpksim.population import Draws, People
from kpksim.simulation import simulate
from kpksim.simulation.origin import drug_of
from kpksim.simulation.problem import problem_of
from kpksim.vocabulary import OUTCOMES

Array = NDArray[np.float64]
Progress = Callable[[float], None]
QUANTILES = (0.05, 0.5, 0.95)
_NOBODY = np.empty(0)


@dataclass(frozen=True)
class Computed:
    """What became of a part.

    Attributes
    ----------
    result : Dataset
        Typical person, dims (regimen, time), one regimen; quantiles of people and of parameter
        draws as ``<name>_people`` and ``<name>_parameters``.
    people, draws : Dataset or None
        Curves of every person, and of the typical person in every draw.
    summary : DataFrame
        Numbers, from `kpksim.analysis.summary`.
    samples : tuple of Sample
        Metrics of concentrations, for the split of their spread.
    """

    result: xr.Dataset
    people: xr.Dataset | None
    draws: xr.Dataset | None
    summary: pd.DataFrame
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class _Numbers:
    """Curves of some people with their rows of numbers."""

    curves: xr.Dataset
    rows: list[Row]


@dataclass(frozen=True)
class Begun:
    """A part without its people.

    Attributes
    ----------
    part : Part
    expectation : str
        ``"none"``, ``"blinded"`` or ``"open"``.
    result : Dataset
        Typical person, dims (regimen, time), with the quantiles of draws and, where effects are
        draws, each hypothesis alone.
    compared : mapping of str to array, shape (n, t)
        Draws of effects by outcome, at few times, to find the central one.
    """

    part: Part
    expectation: str
    result: xr.Dataset
    compared: Mapping[str, Array]
    typical: _Numbers
    draws: _Numbers | None


def begin(part: Part, *, expectation: str) -> Begun:
    """Compute a part in the typical person: one curve, and draws of what is uncertain.

    Parameters
    ----------
    part : Part
        One regimen in one model.
    expectation : str
        ``"none"``, ``"blinded"`` or ``"open"``.

    Returns
    -------
    Begun
        The part without its people.
    """
    curves = _simulate(part, expectation, part.typical)
    result = middle(curves)
    typical = _numbers(part, result.expand_dims("subject"), part.typical)
    draws = None
    if drawn_outcomes(curves):
        rare = rare_medians(part, drawn_outcomes(curves), expectation=expectation)
        result = _joined(result, by_hypothesis(curves, rare))
        draws = _of_effect_draws(part, curves)
    if part.draws is not None:
        both = _simulate(part, expectation, part.typical, draws=part.draws)
        rows = _numbers(part, both.rename(draw="subject"), part.draws.of(part.typical)).rows
        draws = _Numbers(both, rows)
    if draws is not None:
        result = _joined(result, _quantiles(draws.curves, "draw", "parameters"))
    plain = result.drop_dims("outcome", errors="ignore")  # a comparison marks all its parts
    return Begun(part, expectation, plain, compared(curves), typical, draws)


def _of_effect_draws(part: Part, curves: xr.Dataset) -> _Numbers:
    """Give the draws of effects with their rows of numbers."""
    drawn = curves[[name for name in curves.data_vars if "draw" in curves[name].dims]]
    single = drawn.isel(regimen=0).rename(draw="subject")
    return _Numbers(drawn, list(effect_rows(single, part.regimen.doses[0].time)))


def finish(begun: Begun, central: Mapping[str, Place], progress: Progress | None) -> Computed:
    """Compute a part in its people, if it has any.

    Parameters
    ----------
    begun : Begun
        The part.
    central : mapping of str to Place
        The draw of each effect that people get.
    progress : callable, optional
        Called with the share of the work that is done.

    Returns
    -------
    Computed
        Curves and numbers.
    """
    part, typical, draws, result = begun.part, begun.typical, begun.draws, begun.result
    people = None
    if part.people is not None:
        curves = _simulate(part, begun.expectation, part.people, central=central, progress=progress)
        people = _numbers(part, curves, part.people)
        result = _joined(result, _quantiles(curves, "subject", "people"))
    return Computed(
        result=result,
        people=people.curves if people else None,
        draws=draws.curves if draws else None,
        summary=summary_table(
            part.name,
            part.model.name,
            typical.rows,
            people.rows if people else [],
            draws.rows if draws else [],
        ),
        samples=tuple(_samples(part, typical, people, draws if part.draws else None)),
    )


def _simulate(
    part: Part,
    expectation: str,
    people: People,
    *,
    draws: Draws | None = None,
    central: Mapping[str, Place] | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Simulate one regimen in some people, dims (regimen, subject or draw, time)."""
    wanted = [name for name in part.outcomes if name in OUTCOMES]
    return simulate(
        part.model,
        {part.name: part.regimen},
        part.times,
        subjects=people,
        draws=draws,
        outcomes=part.outcomes,
        effects="posterior" if central is None else effects_at(part.model, wanted, central),
        expectation=expectation,
        progress=progress,
    )


def _numbers(part: Part, curves: xr.Dataset, people: People) -> _Numbers:
    """Give the summary rows of one regimen in some people."""
    outputs = tuple(name for name in part.outcomes if name in part.model.outputs)
    first_dose = part.regimen.doses[0].time
    rows: list[Row] = []
    if outputs:
        found = _exposures(part, people, outputs, curves)
        rows += exposure_rows(found, outputs, first_dose)
    rows += effect_rows(curves.isel(regimen=0), first_dose)
    return _Numbers(curves, rows)


def _exposures(
    part: Part, people: People, outputs: tuple[str, ...], curves: xr.Dataset
) -> Exposure:
    """Give the exposure to one regimen in some people; peaks of many people from their curves."""
    problem = problem_of(part.model, part.regimen, people)
    if people is part.typical:
        return exposures(problem, outputs, part.times)
    found = np.stack([curves[name].isel(regimen=0).to_numpy() for name in outputs], axis=1)
    return exposures(problem, outputs, part.times, found)


def _joined(result: xr.Dataset, quantiles: xr.Dataset) -> xr.Dataset:
    """Put quantiles beside the typical person."""
    return result.merge(quantiles, compat="override", combine_attrs="override")


def _quantiles(curves: xr.Dataset, along: str, suffix: str) -> xr.Dataset:
    """Give the quantiles of people or draws as variables of their own."""
    plain = curves.drop_dims("outcome", errors="ignore")
    spread = plain[[name for name in plain.data_vars if along in plain[name].dims]]
    found: xr.Dataset = xr.apply_ufunc(
        lambda values: np.moveaxis(quantiles_of_people(values, QUANTILES, axis=-1), 0, -1),
        spread,
        input_core_dims=[[along]],
        output_core_dims=[["quantile"]],
        keep_attrs=True,
    )
    found = found.assign_coords(quantile=list(QUANTILES)).transpose("regimen", "quantile", "time")
    return found.rename({name: f"{name}_{suffix}" for name in found.data_vars})


def _samples(
    part: Part, typical: _Numbers, people: _Numbers | None, draws: _Numbers | None
) -> Iterator[Sample]:
    """Give every metric whose spread can be split."""
    of_people, of_draws = (_values(part, one) if one else {} for one in (people, draws))
    for (quantity, metric), values in _values(part, typical).items():
        if np.isfinite(values[0]):
            yield Sample(
                regimen=part.of,
                model=part.model.name,
                site=part.model.outputs[quantity].site,
                drug=drug_of(part.regimen),
                quantity=quantity,
                metric=metric,
                typical=float(values[0]),
                people=of_people.get((quantity, metric), _NOBODY),
                draws=of_draws.get((quantity, metric), _NOBODY),
            )


def _values(part: Part, numbers: _Numbers) -> dict[tuple[str, str], Array]:
    """Give the metrics of `SPREAD_METRICS` by quantity and metric, each of shape (S,)."""
    found = {
        (row.quantity, row.metric): row.values
        for row in numbers.rows
        if row.quantity in part.model.outputs and row.metric in SPREAD_METRICS
    }
    moment = part.regimen.doses[0].time + MOMENTS["at_4h"]
    for name in {quantity: None for quantity, _ in found}:
        curves = numbers.curves[name].isel(regimen=0).to_numpy()
        found[name, "at_4h"] = value_at(part.times, curves, moment)
    return found
