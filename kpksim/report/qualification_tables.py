"""The numbers of a qualification, set for reading; the page and the document share them."""

from dataclasses import dataclass
from math import isfinite, isinf, isnan
from typing import Any

from kpksim.analysis.agreement import FOLDS
from kpksim.analysis.claims import REFUSALS
from kpksim.analysis.qualification import Qualification
from kpksim.analysis.qualification_summary import USES, WITHIN
from kpksim.plots.qualification import route_words
from kpksim.plots.words import EN_DASH, say_number
from kpksim.vocabulary import ANALYTES, ROUTES

Row = dict[str, Any]
"""A row of a table, by column."""
FEW = 3
"""With fewer rows a verdict is not coloured: they decide nothing."""
WORDS_OF_USE = {"qualification": "not used", "evaluation": "own data"}
"""Whether a model was made with some rows, in words."""
FAR, MOST_FAR = 2.0, 8
"""Rows farther off than so many times are listed, at most so many of a model."""


@dataclass(frozen=True)
class Verdict:
    """For which use a model is fit: one route, one analyte.

    Attributes
    ----------
    text : str
        ``"1.25-fold"``, ``"1.5-fold"``, ``"2-fold"`` or ``"> 2-fold"``.
    n : int
        Number of rows behind it.
    own : bool
        Whether they are rows that the model was made with.
    grade : str
        ``"a"`` to ``"d"`` for the folds from the narrowest; empty for the model's own rows, and
        where there are too few.
    """

    text: str
    n: int
    own: bool
    grade: str


@dataclass(frozen=True)
class Lines:
    """A table of text.

    Attributes
    ----------
    heads : tuple of str
        Headings; all but the first `labels` columns are numbers.
    rows : tuple of tuple of str
        Cells.
    labels : int
        Number of columns of words at the left.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: int = 1


def verdicts(found: Qualification) -> dict[str, dict[str, list[tuple[Verdict, ...]]]]:
    """Say for which route and analyte each model is fit.

    Parameters
    ----------
    found : Qualification
        Ratios and statistics.

    Returns
    -------
    dict of str to (dict of str to list of (tuple of Verdict))
        By model and route, for each analyte of the vocabulary the verdict of rows that were not
        used for the model, then that of its own, as far as there are any; routes of which nothing
        was tested are left out.
    """
    table = found.summary.query("part == 'levels' and by == 'route and analyte'")
    known = {
        (row["model"], row["route"], row["analyte"], row["used"]): row
        for row in table.to_dict("records")
    }
    result: dict[str, dict[str, list[tuple[Verdict, ...]]]] = {}
    for model in found.models:
        routes = {str(key[1]) for key in known if key[0] == model.name}
        result[model.name] = {
            route: [
                tuple(
                    _verdict(known[model.name, route, analyte, use])
                    for use in USES
                    if (model.name, route, analyte, use) in known
                )
                for analyte in ANALYTES
            ]
            for route in sorted(routes, key=_place)
        }
    return result


def agreement_lines(found: Qualification, part: str) -> Lines:
    """Set the statistics of every model, rows that were not used apart from its own.

    Parameters
    ----------
    found : Qualification
        Ratios and statistics.
    part : str
        ``"levels"``, ``"timing"`` or ``"apart"``.

    Returns
    -------
    Lines
        One row per model and use.
    """
    table = found.summary[(found.summary["by"] == "all") & (found.summary["part"] == part)]
    order = {use: k for k, use in enumerate(USES)}
    models = [one.name for one in found.models]
    rows = sorted(
        table.to_dict("records"),
        key=lambda row: (order[row["used"]], models.index(row["model"])),
    )
    return Lines(
        ("Rows", "Model", *_STATISTICS),
        tuple((WORDS_OF_USE[row["used"]], row["model"], *_numbers(row)) for row in rows),
        labels=2,
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
    for by, say in (("route", route_words), ("analyte", _analyte_words), ("study", str)):
        some = table[table["by"] == by].sort_values(by, key=lambda names: names.map(_place))
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


def _verdict(row: Row) -> Verdict:
    """Give the verdict on one row of the summary."""
    fold, n, own = row["verdict"], row["n"], row["used"] == "evaluation"
    place = FOLDS.index(fold) if isfinite(fold) else len(FOLDS)
    text = f"> {FOLDS[-1]:g}-fold" if isinf(fold) else f"{fold:g}-fold"
    return Verdict(text, n, own, "" if own or n < FEW else "abcd"[place])


def _place(name: str) -> tuple[int, str]:
    """Give the place of a route or an analyte in the vocabulary; others follow by name."""
    known = [*ROUTES, *ANALYTES]
    return (known.index(name) if name in known else len(known), name)


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


def _analyte_words(name: str) -> str:
    """Name an analyte."""
    return ANALYTES[name].short
