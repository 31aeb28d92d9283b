"""The observed pharmacokinetics that ship with kpksim, by key."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpksim.errors import unknown
from kpksim.evidence.observed import ObservedStudy
from kpksim.evidence.observed_reading import parse_observed, read_observed

if TYPE_CHECKING:
    import pandas as pd

_LEDGER = "left_out.toml"


def list_observed() -> list[str]:
    """List the keys of all observed studies.

    Returns
    -------
    list of str
        Keys, sorted.

    Examples
    --------
    >>> "hasan2021" in list_observed()
    True
    """
    names = {entry.name for entry in _folder().iterdir()} - {_LEDGER}
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_observed(key: str | Path) -> ObservedStudy:
    """Load an observed study from the library, or from a file.

    Parameters
    ----------
    key : str or Path
        A key, or the path of a TOML file (anything that ends in ``.toml``) with a CSV file of
        the same name beside it.

    Returns
    -------
    ObservedStudy
        The study.

    Raises
    ------
    UnknownName
        If there is no such study.
    DataError
        If a file cannot be read or breaks a rule.

    Examples
    --------
    >>> study = load_observed("otto2021")
    >>> study.arms["iv"].given
    '10 mg esketamine IV over 30 min, once'
    >>> study.observations[0].value, study.observations[0].unit
    (56.0, 'ng/mL')
    """
    if isinstance(key, Path) or key.endswith(".toml"):
        return read_observed(key)
    return _shipped(key)


@cache
def _shipped(key: str) -> ObservedStudy:
    """Read an observed study of the library once."""
    known = list_observed()
    if key not in known:
        raise unknown("observed study", key, known)
    about, numbers = (
        _folder().joinpath(f"{key}.{kind}").read_text(encoding="utf-8") for kind in ("toml", "csv")
    )
    return parse_observed(about, numbers, f"evidence/pk/{key}.toml", f"evidence/pk/{key}.csv")


def observed_table() -> "pd.DataFrame":
    """Give every observation of the library in one table.

    Returns
    -------
    pandas.DataFrame
        One row for each observation: its own fields, `study`, and the facts of its arm.

    Examples
    --------
    >>> table = observed_table()
    >>> len(table.query("study == 'otto2021' and metric == 'concentration'"))
    16
    """
    import pandas as pd  # a second that only tables need

    rows = [row for key in list_observed() for row in _flat(load_observed(key))]
    return pd.DataFrame(rows)


def _flat(study: ObservedStudy) -> list[dict[str, object]]:
    """Give the observations of a study, each with the facts of its arm."""
    rows = []
    for one in study.observations:
        arm = study.arms[one.arm]
        facts = {name: getattr(arm, name) for name in _ARM_FACTS}
        start, end = one.window
        row = {"study": study.key} | asdict(one) | {"start": start, "end": end} | facts
        del row["window"]
        rows.append(row)
    return rows


_ARM_FACTS = ("given", "n", "weight", "people", "population", "site", "matrix", "assumption")


@cache
def left_out() -> Mapping[str, str]:
    """Give the reported numbers that the library does not hold, and why.

    Returns
    -------
    mapping of str to str
        Reason by id.

    Examples
    --------
    >>> "V-beta" in left_out()["PK295"]
    True
    """
    text = _folder().joinpath(_LEDGER).read_text(encoding="utf-8")
    return MappingProxyType({key: str(one["why"]) for key, one in tomllib.loads(text).items()})


def _folder() -> Traversable:
    """Give the folder of observed studies."""
    return files("kpksim.evidence").joinpath("pk")
