"""Curves as an `xarray.Dataset` that says what it holds and where it comes from."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from kpksim.dosing import Regimen
from kpksim.library.effect_catalogue import calibration_label, outcome_notes, priors
from kpksim.models import Model
from kpksim.population import People
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
    expectation: str,
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
        Curves of each regimen.
    subjects : People or None
        The people, None for the typical person, who has no dim.
    expectation : str
        Which component the effect curves show.
    warnings : sequence of str
        What a reader must know.

    Returns
    -------
    xarray.Dataset
        Dims among regimen, subject, time.
    """
    data = {
        name: (("regimen", "subject", "time"), np.stack([one[name] for one in curves]))
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
    if subjects is None:
        result = result.isel(subject=0)
    else:
        result = result.assign_coords(subject=np.arange(1, len(subjects) + 1))
    if list(named) == [""]:
        result = result.isel(regimen=0, drop=True)
    for name in result.data_vars:
        result[name].attrs = describe(str(name), model)
    effects = [name for name in curves[0] if name in OUTCOMES]
    result.attrs = provenance(model, effects) | {
        "expectation": expectation,
        "warnings": "\n".join(warnings),
        "seed": "" if subjects is None or subjects.seed is None else str(subjects.seed),
    }
    return result


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


def provenance(model: Model, effects: Sequence[str] = ()) -> dict[str, str]:
    """Say where a result comes from.

    Parameters
    ----------
    model : Model
        The model.
    effects : sequence of str
        Names of the effects among it; the sources of their priors are cited.

    Returns
    -------
    dict of str to str
        Attributes of a Dataset.
    """
    cited = set(model.sources) - {"user"}
    cited |= {key for name in effects for prior in priors(name).values() for key in prior.sources}
    notes = [note for name in effects for note in outcome_notes(name)]
    return {
        "version": version("kpksim"),
        "models": model.name,
        "citations": " ".join(sorted(cited)),
        "calibration": calibration_label() if effects else "",
        "effect_notes": "\n".join(notes),
        "use_line": USE_LINE,
    }
