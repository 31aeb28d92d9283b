"""Results on disk, whole or not at all: built beside their place, then renamed into it."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kpksim.errors import OutputError

_OURS = ("report.html", "results.nc")
_WRITTEN = {
    *_OURS, "people.nc", "draws.nc", "summary.csv", "spread.csv", "figures",
    "ratios.csv", "refused.csv", "qualification.md",
}  # fmt: skip
"""Everything that a comparison or a qualification leaves in its folder."""


@contextmanager
def new_folder(folder: str | Path, *, force: bool = False) -> Iterator[Path]:
    """Give an empty folder that takes the place of `folder` when the block ends well.

    Parameters
    ----------
    folder : str or Path
        Where the content shall be.
    force : bool, optional
        Whether the results of an earlier run may be replaced.

    Yields
    ------
    Path
        The empty folder to fill.

    Raises
    ------
    OutputError
        If `folder` is occupied or cannot be made. An earlier result stays until the new one
        is complete.
    """
    refuse_occupied(folder, force=force)
    target = Path(folder).resolve()
    with _beside(target) as work:
        fresh = work / "new"
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(work / "old")
        try:
            fresh.rename(target)
        except OSError:
            if (work / "old").exists():
                (work / "old").rename(target)
            raise


@contextmanager
def new_file(path: str | Path) -> Iterator[Path]:
    """Give the path of a file that takes the place of `path` when the block ends well.

    Parameters
    ----------
    path : str or Path
        Where the file shall be.

    Yields
    ------
    Path
        Where to write it.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    target = Path(path).resolve()
    if target.is_dir():
        raise OutputError(f"{path}: is a folder, expected the name of a file")
    with _beside(target) as work:
        yield work / target.name
        (work / target.name).replace(target)


def left_behind(folder: Path, names: Iterable[str]) -> list[Path]:
    """Find working folders of writes that were killed.

    Parameters
    ----------
    folder : Path
        Where the results stand.
    names : iterable of str
        Names of results that are written there.

    Returns
    -------
    list of Path
        Folders in which one of them was being written.
    """
    begin = tuple(f".{name}-" for name in names)
    return [one for one in folder.iterdir() if one.name.startswith(begin) and one.is_dir()]


def refuse_occupied(folder: str | Path, *, force: bool = False) -> None:
    """Refuse a folder whose content would be lost.

    Parameters
    ----------
    folder : str or Path
        Where results shall go.
    force : bool, optional
        Whether the results of an earlier run may be replaced.

    Raises
    ------
    OutputError
        If it is a file, cannot be made, holds results and `force` is not given, or holds
        anything else.
    """
    target = Path(folder)
    refuse_unwritable(target)
    if target.exists() and not target.is_dir():
        raise OutputError(f"{folder}: is a file, expected the name of a folder")
    if not target.exists() or not any(target.iterdir()):
        return
    if not all((target / name).exists() for name in _OURS):
        raise OutputError(
            f"{folder}: holds files that are no results of kpksim; name another folder"
        )
    foreign = sorted({entry.name for entry in target.iterdir()} - _WRITTEN)
    if foreign:
        raise OutputError(
            f'{folder}: holds "{foreign[0]}", which is no result of kpksim and would be lost; '
            "move it or name another folder"
        )
    if not force:
        raise OutputError(
            f"{folder}: holds results already; replace them with --force (in Python force=True) "
            "or name another folder"
        )


def refuse_unwritable(target: Path) -> None:
    """Refuse a place below a file, or below a folder in which nothing can be made."""
    above = next((folder for folder in target.absolute().parents if folder.exists()), target)
    if not above.is_dir():
        raise OutputError(f"{target}: cannot be made, {above.name} is a file; name another place")
    if not os.access(above, os.W_OK):
        raise OutputError(f"{target}: no permission to write into {above}; name another place")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a working folder next to a target, on the same disk, gone when the block ends."""
    refuse_unwritable(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-")
    except OSError as error:
        reason = str(error.strerror).lower()
        raise OutputError(f"{target}: cannot be made ({reason}); name another place") from None
    with work as name:
        yield Path(name)
