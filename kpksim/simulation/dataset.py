"""Curves as an `xarray.Dataset` that says what it holds and where it comes from."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.dosing import Regimen
from kpksim.library.effect_catalogue import outcome_notes, priors
from kpksim.models import Model
from kpksim.population import People
from kpksim.simulation.labels import OWN, label_of
from kpksim.simulation.question import Central, Question
from kpksim.simulation.responses import Curves
from kpksim.vocabulary import ARTERIAL, CONCENTRATIONS, OUTCOMES, PARTS, PURE, QUANTITIES, USE_LINE

Array = NDArray[np.float64]
COMPONENTS = {
    "drug": "drug alone",
    "blinded": "drug and expectation, blinded study",
    "open": "drug and expectation, open study",
}
"""Meaning of the parts of a symptom curve."""


def to_dataset(
    model: Model,
    named: Mapping[str, Regimen],
    times: Array,
    curves: Sequence[Curves],
    subjects: People | None,
    *,
    question: Question,
    warnings: Sequence[str],
) -> xr.Dataset:
    """Put curves into a Dataset.

    Parameters
    ----------
    model : Model
        The model.
    named : mapping of str to Regimen
        R regimens by name; a single one named ``""`` has no dim of its own.
    times : array, shape (T,)
        Times [h].
    curves : sequence of (dict of str to array, shape (S, T))
        Curves of each regimen; those of the question's mixtures have shape (n, T).
    subjects : People or None
        The people, None for the typical person, who has no dim.
    question : Question
        What was asked.
    warnings : sequence of str
        What a reader must know.

    Returns
    -------
    xarray.Dataset
        Dims among regimen, subject, time; effects of mixtures have the dim draw instead of
        subject, and the coordinate ``hypothesis`` tells that of each draw.
    """
    data = {
        name: (
            ("regimen", "draw" if _base(name) in question.mixtures else "subject", "time"),
            np.stack([one[name] for one in curves]),
        )
        for name in curves[0]
    }
    result = xr.Dataset(data, {"regimen": list(named), "time": times})
    result["time"].attrs = {"units": "h", "long_name": "Time"}
    result = result.assign_coords(
        sentence=("regimen", [one.sentence() for one in named.values()]),
        model=("regimen", [model.name] * len(named)),
        route=("regimen", [one.doses[0].dose.route for one in named.values()]),
        last_dose=("regimen", [one.last_time for one in named.values()]),
    )
    result["last_dose"].attrs = {"units": "h", "long_name": "Time of the last dose"}
    if "subject" in result.dims:
        result = result.isel(subject=0) if subjects is None else _numbered(result, "subject")
    if list(named) == [""]:
        result = result.isel(regimen=0, drop=True)
    for name in result.data_vars:
        result[name].attrs = describe(str(name), model)
        if (outcome := _base(str(name))) in question.fitted and name not in model.outputs:
            result[name].attrs["calibration"] = label_of({outcome: question.fitted[outcome]})
    if question.mixtures:
        result = _with_hypotheses(result, question)
    if question.central:
        result = _with_central(result, question)
    result.attrs = provenance(model, question) | {
        "expectation": question.expectation,
        "warnings": "\n".join(warnings),
        "seed": "" if subjects is None or subjects.seed is None else str(subjects.seed),
    }
    return result


def _base(name: str) -> str:
    """Give the outcome that a curve of it, or of one of its components, belongs to."""
    return name.partition("_")[0]


def _numbered(result: xr.Dataset, dim: str) -> xr.Dataset:
    """Count along a dim from 1."""
    return result.assign_coords({dim: np.arange(1, result.sizes[dim] + 1)})


def _with_hypotheses(result: xr.Dataset, question: Question) -> xr.Dataset:
    """Tell the hypothesis of each draw, by outcome."""
    keys = [
        question.mixtures[name].hypotheses
        if name in question.mixtures
        else [""] * result.sizes["draw"]
        for name in question.outcomes
    ]
    label = {"long_name": "Hypothesis of what drives the effect"}
    return _numbered(result, "draw").assign_coords(
        outcome=question.outcomes, hypothesis=(("outcome", "draw"), np.array(keys), label)
    )


def describe(name: str, model: Model) -> dict[str, str]:
    """Give the attributes of a variable.

    Parameters
    ----------
    name : str
        Its name, such as ``"ketamine"`` or ``"anxiety_open"``.
    model : Model
        The model it was computed with.

    Returns
    -------
    dict of str to str
        ``units``, ``long_name`` and what else a reader needs.
    """
    base, _, component = name.partition("_")
    if name in model.outputs and name in CONCENTRATIONS:
        return concentration_attributes(name, model)
    if name in QUANTITIES:
        attrs = {"units": QUANTITIES[name].unit, "long_name": QUANTITIES[name].label}
    elif base in OUTCOMES and component in COMPONENTS:
        label = f"{QUANTITIES[base].label}, {COMPONENTS[component]}"
        attrs = {"units": QUANTITIES[base].unit, "long_name": label}
    else:
        attrs = {"units": "ng/mL", "long_name": name.replace("_", " ").capitalize()}
    if name in model.outputs:
        attrs["site"] = model.outputs[name].site
    return attrs


def concentration_attributes(name: str, model: Model) -> dict[str, str]:
    """Give the attributes of a concentration: its words name the enantiomer and the site.

    Parameters
    ----------
    name : str
        A key of `kpksim.vocabulary.CONCENTRATIONS`; in a model of one enantiomer the plain name
        stands for that enantiomer, and in an arterial model for arterial plasma.
    model : Model
        The model it was computed with, which has such an output.

    Returns
    -------
    dict of str to str
        ``units``, ``long_name``, ``short_name`` and ``site``.
    """
    analyte, enantiomer, _ = PARTS[name]
    if not enantiomer and len(model.drugs) == 1:
        enantiomer = f"_{PURE[model.drug]}" if model.drug in PURE else ""
    site = model.outputs[name].site
    seen = CONCENTRATIONS[f"{analyte}{enantiomer}{ARTERIAL if site == 'arterial' else ''}"]
    return {"units": seen.unit, "long_name": seen.label, "short_name": seen.short, "site": site}


def _with_central(result: xr.Dataset, question: Question) -> xr.Dataset:
    """Tell the draw whose parameters each effect has; 0 for one without draws."""
    chosen = [question.central.get(name, Central(0, "")) for name in question.outcomes]
    label = {"long_name": "Draw of the posterior nearest to the median curve"}
    return result.assign_coords(
        outcome=question.outcomes,
        central_draw=("outcome", [one.draw for one in chosen], label),
        central_hypothesis=("outcome", [one.hypothesis for one in chosen]),
    )


def provenance(model: Model, question: Question | None = None) -> dict[str, str]:
    """Say where a result comes from.

    Parameters
    ----------
    model : Model
        The model.
    question : Question, optional
        What was asked; the sources of the priors and the studies of its effects are cited.

    Returns
    -------
    dict of str to str
        Attributes of a Dataset.
    """
    effects = [] if question is None else question.outcomes
    fitted = {} if question is None else question.fitted
    cited = set(model.sources) - {"user"}
    cited |= {key for name in effects for prior in priors(name).values() for key in prior.sources}
    cited |= {key for one in fitted.values() if one is not None for key in one.studies}
    notes = [note for name in effects if not fitted.get(name) for note in outcome_notes(name)]
    return {
        "version": version("kpksim"),
        "models": model.name,
        "citations": " ".join(sorted(cited)),
        "calibration": label_of(fitted) or (OWN if effects else ""),
        "effect_notes": "\n".join(notes),
        "use_line": USE_LINE,
    }
