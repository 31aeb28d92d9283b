"""What is computed as one piece of a calibration, and the file that it leaves."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import xarray as xr

from kpksim.calibration.sampling import Told
from kpksim.errors import DataError, ScenarioError
from kpksim.writing import new_file

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_IDENTITY = "task"


@dataclass(frozen=True)
class Bench:
    """What a task is given besides its arguments.

    Attributes
    ----------
    checkpoint : Path
        Where it may keep its state; removed once its result is written.
    tell : callable
        What to call with the progress of a sampler.
    """

    checkpoint: Path
    tell: Told


@dataclass(frozen=True)
class Task:
    """Something to compute.

    Attributes
    ----------
    name : str
        Name of its file, without the ending.
    function : callable
        A function of a module: takes a `Bench` and the arguments, gives a Dataset.
    arguments : mapping of str to object
        Plain values (text, numbers, lists, mappings of such). They must hold everything that
        decides the result, such as the hash of the statements: a file made with other arguments
        is another result.
    after : tuple of str
        Names of the tasks whose results it reads. It waits for those that are done in the same
        run.
    """

    name: str
    function: Callable[..., xr.Dataset]
    arguments: Mapping[str, Any]
    after: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ScenarioError(
                f'"{self.name}" cannot name a task; use letters, digits, dots, dashes and _'
            )

    @property
    def identity(self) -> str:
        """Hash of the function and its arguments."""
        what = [self.function.__module__, self.function.__qualname__, dict(self.arguments)]
        return sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]

    def place(self, folder: Path) -> Path:
        """Give the file of its result.

        Parameters
        ----------
        folder : Path
            The folder of the run.

        Returns
        -------
        Path
            The file.
        """
        return folder / f"{self.name}.nc"


def is_finished(task: Task, folder: Path) -> bool:
    """Say whether the result of a task is there.

    Parameters
    ----------
    task : Task
        The task.
    folder : Path
        The folder of the run.

    Returns
    -------
    bool
        Whether its file is there.

    Raises
    ------
    DataError
        If the file belongs to something else.
    """
    if not task.place(folder).exists():
        return False
    read_result(task, folder)
    return True


def read_result(task: Task, folder: Path) -> xr.Dataset:
    """Read what a task has left.

    Parameters
    ----------
    task : Task
        The task.
    folder : Path
        The folder of the run.

    Returns
    -------
    Dataset
        Its result.

    Raises
    ------
    DataError
        If the file is not there, cannot be read or was made with other arguments.
    """
    place = task.place(folder)
    if not place.exists():
        raise DataError(f"{place}: is not there; the task has not been done")
    try:
        found = xr.load_dataset(place, engine="h5netcdf")
    except (OSError, ValueError):
        found = xr.Dataset()
    if found.attrs.get(_IDENTITY) != task.identity:
        raise DataError(
            f"{place}: is not the result of this run (other statements, settings or arguments); "
            "nothing was changed: remove the file or name another folder"
        )
    return found


def take_over(tasks: Iterable[Task], earlier: Path, folder: Path) -> None:
    """Move results of an earlier calibration to where tasks that are the same look for them.

    Parameters
    ----------
    tasks : iterable of Task
        The tasks.
    earlier : Path
        Where the earlier results stand; it may be missing.
    folder : Path
        The folder of the run.
    """
    for task in tasks:
        there, here = task.place(earlier), task.place(folder)
        if there.exists() and not here.exists() and _identity_in(there) == task.identity:
            folder.mkdir(parents=True, exist_ok=True)
            there.replace(here)


def _identity_in(place: Path) -> str:
    """Give the identity of the task that left a result; empty where it cannot be read."""
    try:
        with xr.open_dataset(place, engine="h5netcdf") as found:
            return str(found.attrs.get(_IDENTITY, ""))
    except (OSError, ValueError):
        return ""


def write_result(task: Task, found: xr.Dataset, folder: Path) -> None:
    """Write what a task has found, whole.

    Parameters
    ----------
    task : Task
        The task.
    found : Dataset
        Its result.
    folder : Path
        The folder of the run.
    """
    marked = found.assign_attrs({_IDENTITY: task.identity})
    with new_file(task.place(folder)) as fresh:
        marked.to_netcdf(fresh, engine="h5netcdf")
