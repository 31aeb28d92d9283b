"""The page of interactions as Markdown, from the table of ratios."""

from typing import Any

import pandas as pd

from kpksim.library import load_interaction
from kpksim.vocabulary import ROUTES

TEXT = """\
# Interactions

What another drug or a gene does to ketamine, as ratio of exposure with it to exposure without it:
published, and by the first-pass structure of `{model}` (gut wall, then a liver of its own). A ratio
marked *used* set the factors, so that it is met by construction; the others are predictions.

{verdict}

{parts}
Only the typical person is computed. The numbers and their sources are in
`kpksim/library/interactions.toml`; a scenario names an interaction on a regimen
(`under = "ticlopidine"`), or factors of its own (`factors = {{ "hepatic clearance" = 0.5 }}`).
`configs/scenarios/interactions.toml` draws them. Written by `make interactions`.

For research and teaching. Not for dosing a patient.
"""


def page(table: pd.DataFrame, model: str) -> str:
    """Write the page."""
    parts = "\n".join(
        _part(str(key), rows) for key, rows in table.groupby("interaction", sort=False)
    )
    return TEXT.format(model=model, verdict=verdict(table), parts=parts)


def in_words(what: str) -> str:
    """Write the name of a quantity as a reader knows it."""
    return what.replace("auc", "AUC").replace("cmax", "Cmax")


def verdict(table: pd.DataFrame) -> str:
    """Say how many of the predictions are near."""
    tested = table[~table["used"]]
    fold = fold_errors(tested)
    near, within = int((fold <= 1.25).sum()), int((fold <= 1.5).sum())
    return (
        f"**Of {len(tested)} predictions {near} lie within 1.25-fold and {within} within 1.5-fold "
        "of what was published.**"
    )


def fold_errors(table: pd.DataFrame) -> pd.Series:
    """Give how many times too large or too small each prediction is."""
    ratio = table["predicted"] / table["observed"]
    return ratio.where(ratio >= 1.0, 1.0 / ratio)


def _part(key: str, rows: pd.DataFrame) -> str:
    """Write one interaction: what it changes, its ratios, what the structure cannot do."""
    known = load_interaction(key)
    factors = ", ".join(f"{name} x {factor:g}" for name, factor in known.factors.items())
    lines = [
        f"## {known.title}",
        "",
        f"{known.setting} (`{known.source}`).",
        f"Factors (grade {known.grade}): {factors}. {known.reason}",
        "",
        "| route | ratio of | published | source | predicted | fold |",
        "|---|---|---:|---|---:|---:|",
    ]
    lines += [
        _line(row, fold) for row, fold in zip(rows.itertuples(), fold_errors(rows), strict=True)
    ]
    return "\n".join([*lines, "", known.limit, ""])


def _line(row: Any, fold: float) -> str:
    """Write one ratio as a line of the table."""
    cells = (
        ROUTES[row.route].phrase,
        in_words(row.what),
        f"{row.observed:.3g}",
        f"`{row.source}`, {row.grade}",
        f"{row.predicted:.2f}",
        "used" if row.used else f"{fold:.2f}",
    )
    return f"| {' | '.join(cells)} |"
