"""What every arm of every study gets into the blood, by the reference model."""

from collections.abc import Sequence

import pandas as pd

from kpksim.analysis import exposure
from kpksim.evidence import Study
from kpksim.models import Model

ANALYTES = ("ketamine", "norketamine", "hydroxynorketamine")
FOLLOWED = 48.0
"""How long the last dose is followed for peaks [h]."""


def arm_exposures(studies: Sequence[Study], model: Model) -> pd.DataFrame:
    """Compute the exposure of the typical person to each arm.

    An arm without ketamine has none: 0, for its people respond to placebo or midazolam alone.

    Parameters
    ----------
    studies : sequence of Study
    model : Model
        A model that knows every route of the studies.

    Returns
    -------
    pandas.DataFrame
        One row per arm: study, arm, given, and `<analyte>_cmax` [ng/mL] and `<analyte>_auc`
        [ng h/mL], the area to infinity of all doses.
    """
    rows = []
    for study in studies:
        for name, arm in study.arms.items():
            row = {"study": study.key, "arm": name, "given": arm.given}
            levels = {f"{one}_{what}": 0.0 for one in ANALYTES for what in ("cmax", "auc")}
            if arm.regimen is not None:
                horizon = arm.regimen.last_time + FOLLOWED
                table = exposure(model, arm.regimen, horizon=horizon, outputs=ANALYTES)
                for one in table.itertuples():
                    levels[f"{one.analyte}_cmax"] = one.cmax
                    levels[f"{one.analyte}_auc"] = one.auc_inf
            rows.append(row | levels)
    return pd.DataFrame(rows)
