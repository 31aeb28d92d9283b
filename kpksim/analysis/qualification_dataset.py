"""A qualification as an `xarray.Dataset`."""

from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from kpksim.analysis.qualification import Qualification
from kpksim.simulation.dataset import provenance
from kpksim.vocabulary import USE_LINE

Grid = NDArray[Any]
_FACTS = {
    "arm": "Group of people",
    "analyte": "What was measured",
    "enantiomer": "Enantiomer, or the sum of both",
    "metric": "Which quantity of its course",
    "unit": "Unit of observed and predicted",
    "grade": "How well the number is traced",
}


def qualification_dataset(found: Qualification) -> xr.Dataset:
    """Put a qualification into a Dataset.

    Parameters
    ----------
    found : Qualification
        Ratios and refusals.

    Returns
    -------
    xarray.Dataset
        Dims (model, observation): `predicted` and `ratio`, nan where refused; `used`, and `refusal`
        with the kind of refusal, empty where compared. By observation: `observed`, `time` and what
        it is.
    """
    studies = [(study, one) for study in found.studies for one in study.observations]
    ids = [one.id for _, one in studies]
    names = [one.name for one in found.models]
    facts = {
        name: ("observation", [str(getattr(one, name)) for _, one in studies], {"long_name": words})
        for name, words in _FACTS.items()
    }
    facts["study"] = ("observation", [one.key for one, _ in studies], {"long_name": "Source"})
    observed = ("observation", [one.value for _, one in studies], {"long_name": "Observed"})
    time = ("observation", [one.time for _, one in studies],
            {"units": "h", "long_name": "Time of a concentration"})  # fmt: skip
    grids = {
        name: (("model", "observation"), _grid(table, column, names, ids), {"long_name": words})
        for name, (table, column, words) in {
            "predicted": (found.ratios, "predicted", "Predicted for the typical person"),
            "ratio": (found.ratios, "ratio", "Predicted over observed"),
            "used": (found.ratios, "used", "Whether the model was made with it"),
            "refusal": (found.refused, "kind", "Why it is not compared"),
        }.items()
    }
    result = xr.Dataset(
        {"observed": observed, **grids}, {"model": names, "observation": ids, "time": time, **facts}
    )
    result["ratio"].attrs["units"] = "1"
    return result.assign_attrs(attributes(found))


def attributes(found: Qualification) -> dict[str, str]:
    """Say where a qualification comes from.

    Parameters
    ----------
    found : Qualification
        Ratios and refusals.

    Returns
    -------
    dict of str to str
        Version, models, citations and the line on use.
    """
    cited = {key for one in found.models for key in provenance(one)["citations"].split()}
    cited |= {one.source for one in found.studies} - {"user"}
    return {
        "title": "Predicted against observed pharmacokinetics",
        "version": version("kpksim"),
        "models": " ".join(one.name for one in found.models),
        "citations": " ".join(sorted(cited)),
        "use_line": USE_LINE,
    }


def _grid(table: pd.DataFrame, column: str, names: list[str], ids: list[str]) -> Grid:
    """Give a column by model and observation; empty or nan where the table has no row."""
    kind, nothing = (float, np.nan) if column in ("predicted", "ratio") else (object, "")
    values = np.full((len(names), len(ids)), nothing, dtype=kind)
    places = {one: k for k, one in enumerate(ids)}
    rows = [names.index(name) for name in table["model"]]
    values[rows, [places[one] for one in table["id"]]] = table[column].to_numpy()
    return values if kind is float else values.astype(str)
