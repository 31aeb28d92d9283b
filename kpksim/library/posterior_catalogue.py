"""The posterior draws that ship with kpksim, or lie in a folder.

One netCDF file per outcome and hypothesis, ``<outcome>__<hypothesis>.nc``, as calibration writes
it.
"""

from functools import cache
from importlib import resources
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path

from kpksim.errors import unknown
from kpksim.library.catalogue import resolve_alias
from kpksim.library.hypotheses import list_hypotheses
from kpksim.library.posterior_file import Posterior, read_posterior

FOLDER = "library/effects/posteriors"
"""Folder of the package where posteriors ship."""

REFERENCE = "reference_racemic"
"""Alias of the model that posteriors of the library are fitted with."""


def list_posteriors(outcome: str, folder: Path | None = None) -> tuple[str, ...]:
    """List the hypotheses of an outcome that have posterior draws.

    Parameters
    ----------
    outcome : str
        Name of the outcome, such as ``"anxiety"``.
    folder : Path, optional
        Where the files are; the library when left out.

    Returns
    -------
    tuple of str
        Keys of hypotheses, in the order of the catalogue.

    Raises
    ------
    UnknownName
        If the library has no such outcome.
    """
    place = _folder(folder)
    found = {entry.name for entry in place.iterdir()} if place.is_dir() else set()
    return tuple(key for key in list_hypotheses(outcome) if _file_name(outcome, key) in found)


def load_posterior(
    outcome: str, hypothesis: str, folder: Path | None = None, *, model: str = REFERENCE
) -> Posterior:
    """Load the posterior draws of an outcome under a hypothesis.

    Parameters
    ----------
    outcome : str
        Name of the outcome, such as ``"anxiety"``.
    hypothesis : str
        Key of the hypothesis.
    folder : Path, optional
        Where the files are; the library when left out.
    model : str
        Key or alias of the model that it must have been fitted with.

    Returns
    -------
    Posterior
        The draws, and what they are of.

    Raises
    ------
    UnknownName
        If there are no draws under this hypothesis.
    DataError
        If the file cannot be read, is of something else, or holds impossible values.
    """
    known = list(list_posteriors(outcome, folder))
    if hypothesis not in known:
        way_out = "" if known else "none is there yet; kpksim calibrate makes them"
        raise unknown(f"posterior of {outcome} under", hypothesis, known, way_out)
    key = resolve_alias(model)
    return (_shipped if folder is None else _read)(outcome, hypothesis, key, folder)


def _file_name(outcome: str, hypothesis: str) -> str:
    """Give the name of the file of a posterior."""
    return f"{outcome}__{hypothesis}.nc"


def _folder(folder: Path | None) -> Traversable:
    """Give the folder of posteriors."""
    return resources.files("kpksim") / FOLDER if folder is None else folder


@cache
def _shipped(outcome: str, hypothesis: str, model: str, folder: None) -> Posterior:
    """Read a posterior of the library once."""
    return _read(outcome, hypothesis, model, folder)


def _read(outcome: str, hypothesis: str, model: str, folder: Path | None) -> Posterior:
    """Read a posterior."""
    file = _folder(folder) / _file_name(outcome, hypothesis)
    place = f"{FOLDER}/{file.name}" if folder is None else str(file)
    with as_file(file) as path:
        return read_posterior(path, place, outcome, hypothesis, model)
