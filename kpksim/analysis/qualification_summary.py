"""Statistics of a qualification, by model, use, part, route, analyte and source."""

from dataclasses import asdict

import numpy as np
import pandas as pd

from kpksim.analysis.agreement import FOLDS, Agreement, agreement, verdict

BOTH = "ketamine and norketamine"
"""The two analytes whose levels are known best, together."""
GROUPINGS: tuple[tuple[str, ...], ...] = (
    (), ("analytes",), ("route",), ("analyte",), ("study",), ("route", "analyte"),
)  # fmt: skip
"""By what rows are gathered, besides model, use and part; `analytes` is `BOTH` or another one."""
_GROUPS = ("route", "analyte", "analytes", "study")
KEYS = ["model", "used", "part", "by", *_GROUPS]
WITHIN = [f"within_{fold:g}" for fold in FOLDS]
COLUMNS = [
    *KEYS, "n", "sources", *WITHIN, "gmfe", "balanced_gmfe", "bias", "precision", "verdict",
]  # fmt: skip
USES = ("qualification", "evaluation")


def summarise(ratios: pd.DataFrame) -> pd.DataFrame:
    """Gather ratios of predicted over observed into statistics.

    Parameters
    ----------
    ratios : DataFrame
        One row per model and observation: model, used, part, route, analyte, study, ratio.

    Returns
    -------
    DataFrame
        One row per model, use, part and group, columns `COLUMNS`; what a row is not gathered by is
        empty. `verdict` is the fold within which most of its ratios lie.

    Examples
    --------
    >>> row = {"model": "m", "used": "evaluation", "part": "levels", "route": "iv",
    ...        "analyte": "ketamine", "study": "s", "ratio": 2.0}
    >>> table = summarise(pd.DataFrame([row]))
    >>> table.query("by == 'route'")["gmfe"].round(9).tolist()
    [2.0]
    """
    pair = ratios["analyte"].isin(["ketamine", "norketamine"])
    known = ratios.assign(analytes=ratios["analyte"].where(~pair, BOTH))
    rows = [
        _row(group, by, dict(zip(["model", "used", "part", *by], key, strict=True)))
        for by in GROUPINGS
        for key, group in known.groupby(["model", "used", "part", *by], sort=False)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = {name: k for k, name in enumerate(dict.fromkeys(ratios["model"]))}
    place = table["model"].map(order)
    return table.iloc[np.argsort(place.to_numpy(dtype=float), kind="stable")].reset_index(drop=True)


def _row(group: pd.DataFrame, by: tuple[str, ...], key: dict[str, object]) -> dict[str, object]:
    """Give the statistics of one group."""
    found = agreement(group["ratio"].to_numpy(), group["study"].tolist())
    empty = dict.fromkeys(_GROUPS, "")
    return empty | key | {"by": " and ".join(by) or "all"} | _numbers(found)


def _numbers(found: Agreement) -> dict[str, object]:
    """Give the columns of statistics."""
    numbers = asdict(found)
    shares = dict(zip(WITHIN, numbers.pop("within"), strict=True))
    return numbers | shares | {"verdict": verdict(found)}
