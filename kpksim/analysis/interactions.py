"""Published ratios of interactions against what a model predicts."""

import pandas as pd

from kpksim.analysis.exposure import exposure
from kpksim.dosing import Regimen, given
from kpksim.library import list_interactions, load_interaction, under
from kpksim.library.interactions import Ratio
from kpksim.models import Model
from kpksim.units import to_internal

FOLLOWED = 72.0
"""How long a dose is followed for its peak and last phase [h]."""


def interaction_table(model: Model) -> pd.DataFrame:
    """Compare every published ratio with the one that a model gives.

    Parameters
    ----------
    model : Model
        A model that tells liver and gut apart, of esketamine or the racemate.

    Returns
    -------
    pandas.DataFrame
        One row per ratio: interaction, source, route, what, observed, predicted [1], used (whether
        the factors come from this ratio), grade, where.

    Raises
    ------
    KpksimError
        If the model does not have what changes.

    Examples
    --------
    >>> from kpksim.library import load_model
    >>> table = interaction_table(load_model("perezruixo2021"))
    >>> round(float(table["predicted"][0]), 2)
    2.4
    """
    rows = []
    for key in list_interactions():
        known = load_interaction(key)
        for ratio in known.ratios:
            rows.append(
                {
                    "interaction": key,
                    "source": ratio.source or known.source,
                    "route": ratio.route,
                    "what": ratio.what,
                    "observed": ratio.ratio,
                    "predicted": predicted_ratio(model, key, ratio),
                    "used": ratio.used,
                    "grade": ratio.grade,
                    "where": ratio.where,
                }
            )
    return pd.DataFrame(rows)


def predicted_ratio(model: Model, key: str, ratio: Ratio) -> float:
    """Give the ratio that a model predicts for a published one.

    Parameters
    ----------
    model : Model
        The model.
    key : str
        Key of the interaction.
    ratio : Ratio
        What was published, with its dose.

    Returns
    -------
    float
        With the other drug or gene over without it, in the typical person [1].
    """
    regimen = given(ratio.dose, ratio.route, over=ratio.over, drug=model.drug)
    end = None if ratio.until is None else to_internal(ratio.until, "time")
    with_it = _levels(under(model, key), regimen, end)
    without = _levels(model, regimen, end)
    return with_it[ratio.what] / without[ratio.what]


def _levels(model: Model, regimen: Regimen, end: float | None) -> dict[str, float]:
    """Give each of `kpksim.library.interactions.QUANTITIES` after a regimen."""
    table = exposure(model, regimen, horizon=FOLLOWED if end is None else end)
    found = table.set_index("analyte")
    auc = found["auc_inf" if end is None else "auc_horizon"]
    return {
        "ketamine auc": auc["ketamine"],
        "ketamine cmax": found["cmax"]["ketamine"],
        "ketamine half-life": found["t_half"]["ketamine"],
        "norketamine auc": auc["norketamine"],
        "norketamine cmax": found["cmax"]["norketamine"],
        "norketamine to ketamine auc": auc["norketamine"] / auc["ketamine"],
    }
