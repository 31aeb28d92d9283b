"""The clinical studies that ship with kpksim, by key."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpksim.errors import unknown
from kpksim.evidence.study import Study
from kpksim.evidence.study_reading import parse_study, read_study

if TYPE_CHECKING:
    import pandas as pd

REVIEW = "tully2021"
"""Key of what the review says across its studies."""
_OTHERS = ("rows_left_out.toml", "audit.toml")


def list_studies() -> list[str]:
    """List the keys of all clinical studies, in the order of the review.

    What the review says across its studies is no study; it loads as ``"tully2021"``.

    Returns
    -------
    list of str
        Keys.

    Examples
    --------
    >>> "glue2017" in list_studies()
    True
    """
    studies = [key for key in _keys() if _shipped(key).ref is not None]
    return sorted(studies, key=lambda key: (_shipped(key).ref or 0, key))


@cache
def _keys() -> tuple[str, ...]:
    """Give the keys of all files."""
    names = {entry.name for entry in _folder().iterdir()} - set(_OTHERS)
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_study(key: str | Path) -> Study:
    """Load a clinical study from the library, or from a file.

    Parameters
    ----------
    key : str or Path
        A key, or the path of a study file (anything that ends in ``.toml``).

    Returns
    -------
    Study
        The study.

    Raises
    ------
    UnknownName
        If there is no such study.
    DataError
        If a file cannot be read or breaks a rule.
    """
    if isinstance(key, Path) or key.endswith(".toml"):
        return read_study(key)
    return _shipped(key)


@cache
def _shipped(key: str) -> Study:
    """Read a study of the library once."""
    if key not in _keys():
        raise unknown("study", key, [*list_studies(), REVIEW])
    text = _folder().joinpath(f"{key}.toml").read_text(encoding="utf-8")
    return parse_study(text, f"evidence/studies/{key}.toml")


def statement_table(
    *,
    studies: Sequence[Study] | None = None,
    construct: str | None = None,
    route: str | None = None,
    within: tuple[float, float] | None = None,
) -> "pd.DataFrame":
    """Give statements as a table.

    Parameters
    ----------
    studies : sequence of Study, optional
        Which studies; all of the library when left out.
    construct : str, optional
        Keep those about one key of `kpksim.vocabulary.CONSTRUCTS`.
    route : str, optional
        Keep those about arms that got the drug by one key of `kpksim.vocabulary.ROUTES`.
    within : tuple of float, optional
        Keep those with a time between two hours since the first dose [h].

    Returns
    -------
    pandas.DataFrame
        One row for each statement: study, ref, cohort, route, the fields of `Statement`.
    """
    import pandas as pd  # a second that only tables need

    keys = [*list_studies(), REVIEW]
    chosen = [load_study(key) for key in keys] if studies is None else studies
    table = pd.DataFrame([row for study in chosen for row in _flat(study)])
    if construct is not None:
        table = table[table["construct"] == construct]
    if route is not None:
        table = table[table["route"] == route]
    if within is not None:
        low, high = within
        kept = [any(low <= hour <= high for hour in hours) for hours in table["hours"]]
        table = table[kept]
    return table.reset_index(drop=True)


def _flat(study: Study) -> list[dict[str, object]]:
    """Give the statements of a study with the facts of study and arm."""
    rows = []
    for one in study.statements:
        arm = study.arms[one.arms[0]]
        regimen = arm.regimen
        facts = {
            "study": study.key,
            "ref": study.ref,
            "cohort": study.cohort,
            "route": regimen.doses[0].dose.route if regimen else "",
            "given": arm.given,
        }
        rows.append(facts | asdict(one))
    return rows


@cache
def rows_left_out() -> Mapping[str, str]:
    """Give the rows of the extraction that no statement represents, and why.

    Returns
    -------
    mapping of str to str
        Reason by row.
    """
    text = _folder().joinpath("rows_left_out.toml").read_text(encoding="utf-8")
    return MappingProxyType({key: str(one["why"]) for key, one in tomllib.loads(text).items()})


def _folder() -> Traversable:
    """Give the folder of studies."""
    return files("kpksim.evidence").joinpath("studies")
