"""The numbers of a qualification, set for reading; the page and the document share them."""

from math import isnan

from kpksim.analysis.agreement import FOLDS
from kpksim.analysis.claims import REFUSALS
from kpksim.analysis.qualification import Qualification
from kpksim.analysis.qualification_summary import BOTH, USES, WITHIN
from kpksim.analysis.verdicts import Row, place, route_words
from kpksim.plots.words import EN_DASH, say_number
from kpksim.report.lines import Lines
from kpksim.vocabulary import ANALYTES

WORDS_OF_USE = {"qualification": "not used", "evaluation": "own data"}
"""Whether a model was made with some rows, in words."""
FAR, MOST_FAR = 2.0, 8
"""Rows farther off than so many times are listed, at most so many of a model."""


def agreement_lines(found: Qualification, part: str) -> Lines:
    """Set the statistics of every model, rows that were not used apart from its own.

    Ketamine and norketamine count together, other metabolites each alone.

    Parameters
    ----------
    found : Qualification
        Ratios and statistics.
    part : str
        ``"levels"``, ``"timing"`` or ``"apart"``.

    Returns
    -------
    Lines
        One row per use, model and group of analytes.
    """
    table = found.summary[(found.summary["by"] == "analytes") & (found.summary["part"] == part)]
    models = [one.name for one in found.models]
    analytes = [BOTH, *ANALYTES]
    rows = sorted(
        table.to_dict("records"),
        key=lambda row: (
            USES.index(row["used"]),
            models.index(row["model"]),
            analytes.index(row["analytes"]),
        ),
    )
    return Lines(
        ("Rows", "Model", "Analyte", *_STATISTICS),
        tuple(
            (WORDS_OF_USE[row["used"]], row["model"], _short(row["analytes"]), *_numbers(row))
            for row in rows
        ),
        labels=3,
    )


def group_lines(found: Qualification, model: str) -> Lines:
    """Set the statistics of one model by route, analyte and source.

    Parameters
    ----------
    found : Qualification
        Ratios and statistics.
    model : str
        Its name.

    Returns
    -------
    Lines
        One row per group and use.
    """
    table = found.summary[(found.summary["model"] == model) & (found.summary["part"] == "levels")]
    rows = []
    for by, say in (("route", route_words), ("analyte", _short), ("study", str)):
        some = table[table["by"] == by].sort_values(by, key=lambda names: names.map(place))
        for row in some.to_dict("records"):
            rows.append((say(row[by]), WORDS_OF_USE[row["used"]], *_numbers(row)))
    return Lines(("By route, analyte, source", "Rows", *_STATISTICS), tuple(rows), labels=2)


def far_lines(found: Qualification, model: str) -> Lines:
    """List the rows of one model that are farthest off.

    Parameters
    ----------
    found : Qualification
        Ratios.
    model : str
        Its name.

    Returns
    -------
    Lines
        At most `MOST_FAR` rows, more than `FAR` times off, the farthest first.
    """
    table = found.ratios[(found.ratios["model"] == model) & (found.ratios["part"] == "levels")]
    off = table["ratio"].where(table["ratio"] >= 1.0, 1.0 / table["ratio"])
    far = table.loc[off[off > FAR].sort_values(ascending=False, kind="stable").index]
    rows = far.head(MOST_FAR).to_dict("records")
    return Lines(
        ("Row", "Source, what was given", "What", "Observed", "Predicted", "Ratio"),
        tuple(
            (row["id"], f"{row['study']}: {row['given']}", _what(row), *_compared(row))
            for row in rows
        ),
        labels=3,
    )


def apart_lines(found: Qualification) -> Lines:
    """Set the rows that contradict another source.

    Parameters
    ----------
    found : Qualification
        Ratios.

    Returns
    -------
    Lines
        One row per model and number.
    """
    rows = found.ratios[found.ratios["part"] == "apart"].to_dict("records")
    return Lines(
        ("Model", "Row", "Source", "What", "Observed", "Predicted", "Ratio"),
        tuple((row["model"], row["id"], row["study"], _what(row), *_compared(row)) for row in rows),
        labels=4,
    )


def refusal_lines(found: Qualification) -> Lines:
    """Count what each model is and is not compared with, by reason.

    Parameters
    ----------
    found : Qualification
        Ratios and refusals.

    Returns
    -------
    Lines
        One row per model, one column per reason that holds somewhere.
    """
    kinds = [kind for kind in REFUSALS if kind in set(found.refused["kind"])]
    claimed, refused = found.ratios["model"].value_counts(), found.refused
    counts = refused.groupby(["model", "kind"]).size()
    rows = (
        (one.name, claimed.get(one.name, 0), *(counts.get((one.name, kind), 0) for kind in kinds))
        for one in found.models
    )
    return Lines(("Model", "compared", *kinds), tuple(tuple(map(str, row)) for row in rows))


def reasons(found: Qualification) -> dict[str, str]:
    """Say what the reasons in the columns of `refusal_lines` mean.

    Parameters
    ----------
    found : Qualification
        Refusals.

    Returns
    -------
    dict of str to str
        Reason in words by column.
    """
    there = set(found.refused["kind"])
    return {kind: words for kind, words in REFUSALS.items() if kind in there}


_STATISTICS = (
    "n", "Sources", *(f"within {fold:g}" for fold in FOLDS), "GMFE", "GMFE, sources alike", "Bias",
    "Spread",
)  # fmt: skip


def _numbers(row: Row) -> tuple[str, ...]:
    """Write the statistics of one row of the summary."""
    shares = (f"{100.0 * row[name]:.0f} %" for name in WITHIN)
    folds = (_fold(row[name]) for name in ("gmfe", "balanced_gmfe", "bias", "precision"))
    return (str(row["n"]), str(row["sources"]), *shares, *folds)


def _fold(value: float) -> str:
    """Write a ratio or a fold with two decimals."""
    return EN_DASH if isnan(value) else f"{value:.2f}"


def _compared(row: Row) -> tuple[str, str, str]:
    """Write observed and predicted with their unit, and their ratio."""
    unit = "" if row["unit"] == "1" else f" {row['unit']}"
    observed, predicted = (say_number(row[name], zeros=True) for name in ("observed", "predicted"))
    return f"{observed}{unit}", f"{predicted}{unit}", _fold(row["ratio"])


def _what(row: Row) -> str:
    """Say what a row is: analyte, metric, time."""
    hand = {"s": "S-", "r": "R-"}.get(row["enantiomer"], "")
    short = ANALYTES[row["analyte"]].short
    name = f"{hand}{short if short.isupper() or not hand else short.lower()}"
    metric = row["metric"]
    if metric == "concentration":
        return f"{name} at {row['time']:g} h"
    if metric == "auc_ratio":
        return f"{name} over {ANALYTES[row['over']].short.lower()}, AUC"
    return f"{name} {_METRICS[metric]}"


_METRICS = {
    "cmax": "Cmax", "tmax": "Tmax", "auc": "AUC", "t_half": "half-life", "f": "bioavailability",
    "cl": "clearance", "vss": "Vss",
}  # fmt: skip


def _short(name: str) -> str:
    """Name an analyte, or the two best known."""
    return "K and NK" if name == BOTH else ANALYTES[name].short
