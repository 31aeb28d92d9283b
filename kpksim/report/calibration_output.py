"""The figures and the page that a calibration leaves in its folder."""

from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from kpksim.report.calibration_figures import save_figures
from kpksim.report.calibration_material import read_material
from kpksim.report.calibration_page import render_calibration

FIGURES, PAGE = "figures", "report.html"


def write_report(folder: Path, *, command: str) -> Path:
    """Write figures and page of a calibration beside its results.

    Parameters
    ----------
    folder : Path
        Folder of a calibration, with its results.
    command : str
        The command that makes it again, shown on the page.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    DataError
        If the folder holds no results of a calibration. An earlier page stays until the new one
        is complete.
    """
    material = read_material(folder)
    with TemporaryDirectory(dir=folder, prefix=".report-") as name:
        fresh = Path(name)
        (fresh / FIGURES).mkdir()
        save_figures(material, fresh / FIGURES)
        page = render_calibration(material, command=command, figures=fresh / FIGURES)
        (fresh / PAGE).write_text(page, encoding="utf-8")
        if (folder / FIGURES).exists():
            rmtree(folder / FIGURES)
        (fresh / FIGURES).rename(folder / FIGURES)
        (fresh / PAGE).replace(folder / PAGE)
    return folder / PAGE
