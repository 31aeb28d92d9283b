"""For which use each model is fit, by route and analyte."""

from dataclasses import dataclass
from math import isfinite, isinf
from typing import Any

from kpksim.analysis.agreement import FOLDS
from kpksim.analysis.qualification import Qualification
from kpksim.analysis.qualification_summary import USES
from kpksim.vocabulary import ANALYTES, ROUTES

Row = dict[str, Any]
"""A row of a table, by column."""
FEW = 3
"""With fewer rows a verdict is not coloured: they decide nothing."""


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
            for route in sorted(routes, key=place)
        }
    return result


def route_words(route: str) -> str:
    """Say a route, or several joined by "and".

    Parameters
    ----------
    route : str
        Keys of `kpksim.vocabulary.ROUTES` joined by " and ".

    Returns
    -------
    str
        In words.

    Examples
    --------
    >>> route_words("oral_er"), route_words("sublingual and iv")
    ('Oral, extended release', 'Sublingual, then IV')
    """
    first, *others = (ROUTES[one] for one in route.split(" and "))
    return ", then ".join([first.label, *(one.phrase for one in others)])


def place(name: str) -> tuple[int, str]:
    """Give the place of a route or an analyte in the vocabulary; others follow by name.

    Parameters
    ----------
    name : str
        A key, or anything else.

    Returns
    -------
    tuple of int and str
        By which to sort.

    Examples
    --------
    >>> sorted(["norketamine", "ketamine"], key=place)
    ['ketamine', 'norketamine']
    """
    known = [*ROUTES, *ANALYTES]
    return (known.index(name) if name in known else len(known), name)


def _verdict(row: Row) -> Verdict:
    """Give the verdict on one row of the summary."""
    fold, n, own = row["verdict"], row["n"], row["used"] == "evaluation"
    step = FOLDS.index(fold) if isfinite(fold) else len(FOLDS)
    text = f"> {FOLDS[-1]:g}-fold" if isinf(fold) else f"{fold:g}-fold"
    return Verdict(text, n, own, "" if own or n < FEW else "abcd"[step])
