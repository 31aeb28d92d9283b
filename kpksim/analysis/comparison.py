"""The main job: regimens of a scenario, computed, compared and summarised."""

import json
import re
from dataclasses import dataclass, replace

import pandas as pd
import xarray as xr

from kpksim.analysis.computing import Begun, Computed, Progress, begin, finish
from kpksim.analysis.effect_draws import central_of
from kpksim.analysis.parts import Part, parts_of
from kpksim.analysis.said import studies_say
from kpksim.analysis.scenario import Scenario
from kpksim.analysis.side_by_side import side_by_side
from kpksim.analysis.spread import spread_table
from kpksim.analysis.summary import with_flags, with_notes
from kpksim.bibliography import all_sources
from kpksim.documents import at_place
from kpksim.simulation.beyond import with_beyond
from kpksim.vocabulary import OUTCOMES


@dataclass(frozen=True)
class Comparison:
    """Regimens side by side.

    Attributes
    ----------
    title : str
        Heading.
    result : Dataset
        Typical person, dims (regimen, time); quantiles of people as ``<name>_people`` and of
        parameter draws as ``<name>_parameters``, dims (regimen, quantile, time).
    summary : DataFrame
        Numbers, one row per regimen, quantity, component and metric.
    people : Dataset or None
        Curves of every person, dims (regimen, subject, time), when they were kept.
    draws : Dataset or None
        Curves of the typical person in every parameter draw, dims (regimen, draw, time), when they
        were kept.
    spread : DataFrame or None
        How much of the spread lies between papers, in parameters and between people; None for a
        single model without draws.
    """

    title: str
    result: xr.Dataset
    summary: pd.DataFrame
    people: xr.Dataset | None = None
    draws: xr.Dataset | None = None
    spread: pd.DataFrame | None = None


def compare(
    scenario: Scenario,
    *,
    keep_people: bool = False,
    keep_draws: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Compute a scenario.

    Parameters
    ----------
    scenario : Scenario
        What to compare, from `read_scenario`.
    keep_people : bool
        Whether the curves of every person are kept besides their quantiles.
    keep_draws : bool
        Whether the curves of every parameter draw are kept besides their quantiles.
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
    parts, warnings = parts_of(scenario)
    found: list[Computed] = []
    people, draws = [], []
    begun = []
    for k, part in enumerate(parts):
        with at_place(f'{scenario.place}: regimen "{part.name}"'):
            begun.append(begin(part, expectation=scenario.expectation))
        _tell(progress, 0.5 * (k + 1) / len(parts))
    for k, one in enumerate(begun):
        central = central_of([b.compared for b in begun if _same_model(b.part, one.part)])
        with at_place(f'{scenario.place}: regimen "{one.part.name}"'):
            told = _share(progress, 0.5 + 0.5 * k / len(parts), 2 * len(parts))
            done = finish(one, central, told)
        people += [done.people] if keep_people and done.people is not None else []
        draws += [done.draws] if keep_draws and done.draws is not None else []
        found.append(replace(done, people=None, draws=None))
        for curves in (done.result, done.people):
            said = "" if curves is None else curves.attrs["warnings"]
            warnings += [line for line in said.split("\n") if line]
        _tell(progress, 0.5 + 0.5 * (k + 1) / len(parts))
    attributes = _attributes(scenario, [one.result for one in found], warnings)
    attributes |= _central_said(begun)
    attributes |= _heard(parts, str(attributes["citations"]))
    result = _marked(side_by_side([one.result for one in found]), parts)
    summary = pd.concat([one.summary for one in found], ignore_index=True)
    labels = {name: result[name].attrs["calibration"] for name in OUTCOMES if name in result}
    first_doses = {one.name: one.regimen.doses[0].time for one in parts}
    return Comparison(
        title=scenario.title,
        result=result.assign_attrs(attributes),
        summary=with_notes(with_flags(summary, result, first_doses), labels),
        people=side_by_side(people).assign_attrs(attributes) if people else None,
        draws=side_by_side(draws).assign_attrs(attributes) if draws else None,
        spread=_spread(scenario, found),
    )


def _spread(scenario: Scenario, found: list[Computed]) -> pd.DataFrame | None:
    """Split the spread where there is more than the spread of people."""
    samples = [sample for one in found for sample in one.samples]
    if not samples or (len(scenario.models) == 1 and not scenario.draws):
        return None
    return spread_table(samples, scenario.groups)


def _central_said(begun: list[Begun]) -> dict[str, str | int]:
    """Say how many draws effects have, and which of them people get, by model."""
    sizes = [len(one) for part in begun for one in part.compared.values()]
    models = {(one.part.model.unchanged or one.part.model).name: one for one in begun}
    chosen = {
        name: {
            outcome: place.draw + 1
            for outcome, place in central_of(
                [b.compared for b in begun if _same_model(b.part, one.part)]
            ).items()
        }
        for name, one in models.items()
    }
    return {
        "n_effect_draws": max(sizes, default=0),
        "central_draws": json.dumps(chosen) if sizes else "",
    }


def _same_model(one: Part, other: Part) -> bool:
    """Tell whether parts are of one model, changed or not."""
    return (one.model.unchanged or one.model) is (other.model.unchanged or other.model)


def _tell(progress: Progress | None, share: float) -> None:
    """Tell the share of the work that is done."""
    if progress:
        progress(share)


def _share(progress: Progress | None, done: float, parts: int) -> Progress | None:
    """Give the function that is told the share done of one part."""
    return None if progress is None else lambda share: progress(done + share / parts)


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
        "n_draws": scenario.draws,
        "draws_seed": str(scenario.draws_seed) if scenario.draws else "",
        "weight": scenario.weight,
        "configuration": scenario.text,
        "warnings": "\n".join(dict.fromkeys(warnings)),
    }


def _marked(result: xr.Dataset, parts: list[Part]) -> xr.Dataset:
    """Mark where effect curves go beyond what the studies support."""
    return with_beyond(
        result,
        {one.name: one.regimen for one in parts},
        [name for name in OUTCOMES if name in result],
        weight=float(parts[0].typical.covariates["weight"][0]),
        changed=frozenset(one.name for one in parts if one.model.unchanged),
    )


def _heard(parts: list[Part], citations: str) -> dict[str, str]:
    """Add what studies of the same doses say, and cite them.

    No study is heard of a regimen under which another drug or a gene changes the body.
    """
    plain = {one.name: one.regimen.sentence() for one in parts if one.model.unchanged is None}
    statements = studies_say(plain)
    studies = {row["study"] for row in statements}
    return {
        "statements": json.dumps(statements),
        "citations": " ".join(sorted({*citations.split(), *studies})),
    }
