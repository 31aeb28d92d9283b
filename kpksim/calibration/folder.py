"""The folder of a calibration: begun, gone on with, or refused."""

from pathlib import Path
from shutil import rmtree

from kpksim.documents import read_text
from kpksim.errors import DataError, OutputError
from kpksim.writing import left_behind, new_file, refuse_unwritable

COPY = "calibration.toml"
"""The file that the folder belongs to."""
RUNS, EARLIER = "runs", "earlier"
"""Where fits stand, and where those of a calibration that is replaced wait to be taken over."""
OURS = (
    COPY, RUNS, EARLIER, "posteriors", "results.json", "summary.csv", "curves.nc", "figures",
    "report.html",
)  # fmt: skip
"""Everything that a calibration leaves in its folder."""


ALL = "all"
"""Name that stands for every calibration file of its folder."""


def asked_files(asked: Path, output: Path) -> dict[Path, Path]:
    """Give the calibration files that are asked for, and the folder of each.

    Parameters
    ----------
    asked : Path
        A file; a folder, or the name ``all`` in it, for every file there.
    output : Path
        Where results shall go: the folder of one file; for several, of a folder for each.

    Returns
    -------
    dict of Path to Path
        Folder by file, in the order of their names.

    Raises
    ------
    DataError
        If a folder holds no calibration file.
    """
    is_all = asked.stem == ALL and not asked.exists()
    place = asked.parent if is_all else asked
    if not place.is_dir():
        return {asked: output}
    found = sorted(place.glob("*.toml"))
    if not found:
        raise DataError(f"{place}: holds no calibration file (.toml); name a file")
    return {one: output / one.stem for one in found}


def open_folder(folder: Path, asked: Path, *, force: bool = False) -> None:
    """Begin a calibration in a folder, or go on with the one that stands there.

    Parameters
    ----------
    folder : Path
        The folder; made when missing.
    asked : Path
        The calibration file. A folder that holds the same one is gone on with.
    force : bool, optional
        Whether an earlier calibration is replaced. Its fits are set aside, so that those which stay
        the same can be taken over.

    Raises
    ------
    OutputError
        If the folder holds anything else, or another calibration and `force` is not given, or
        cannot be made. Nothing in it is changed then.
    """
    text = read_text(asked)
    there, killed = _content(folder)
    foreign = sorted(there - set(OURS))
    if foreign or (there and COPY not in there):
        raise OutputError(
            f'{folder}: holds "{(foreign or sorted(there))[0]}", which is no part of a '
            "calibration; name another folder"
        )
    if there and not force and read_text(folder / COPY) != text:
        raise OutputError(
            f"{folder}: holds a calibration by another file, or by an earlier version of {asked}; "
            "replace it with --force or name another folder"
        )
    for place in killed:
        _remove(place)
    if force:
        _set_aside(folder)
    for name in there - {EARLIER} if force else ():
        _remove(folder / name)
    if COPY not in there or force:
        with new_file(folder / COPY) as fresh:
            fresh.write_text(text, encoding="utf-8")


def _content(folder: Path) -> tuple[set[str], list[Path]]:
    """Give what stands in a folder, and what a killed run was writing there."""
    refuse_unwritable(folder)
    if not folder.exists():
        return set(), []
    if not folder.is_dir():
        raise OutputError(f"{folder}: is a file, expected the name of a folder")
    killed = left_behind(folder, OURS)
    return {entry.name for entry in folder.iterdir()} - {one.name for one in killed}, killed


def _set_aside(folder: Path) -> None:
    """Move finished fits to where they wait."""
    for one in sorted((folder / RUNS).glob("*.nc")):
        (folder / EARLIER).mkdir(exist_ok=True)
        one.replace(folder / EARLIER / one.name)


def forget_earlier(folder: Path) -> None:
    """Remove fits of a calibration that was replaced.

    Parameters
    ----------
    folder : Path
        The folder of the calibration.
    """
    _remove(folder / EARLIER)


def _remove(place: Path) -> None:
    """Remove a file or a folder of an earlier calibration."""
    if place.is_dir():
        rmtree(place)
    else:
        place.unlink(missing_ok=True)
