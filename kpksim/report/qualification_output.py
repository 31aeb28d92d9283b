"""What one qualification leaves on disk."""

from pathlib import Path

from kpksim.analysis.qualification import Qualification
from kpksim.analysis.qualification_dataset import qualification_dataset
from kpksim.report.qualification_document import qualification_document
from kpksim.report.qualification_figures import save_figures
from kpksim.report.qualification_page import render_qualification
from kpksim.writing import new_folder


def write_qualification(
    found: Qualification, folder: str | Path, *, command: str, force: bool = False
) -> Path:
    """Write a qualification into a folder: page, document, tables, figures and netCDF.

    Parameters
    ----------
    found : Qualification
        What `kpksim.analysis.qualification.qualify` gives.
    folder : str or Path
        The folder to make; its parents are made as well.
    command : str
        The command that makes it again, shown on the page.
    force : bool, optional
        Whether the results of an earlier run may be replaced.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    OutputError
        If the folder holds something already, or cannot be written. Nothing is left behind.
    """
    with new_folder(folder, force=force) as place:
        qualification_dataset(found).to_netcdf(place / "results.nc", engine="h5netcdf")
        tables = {"ratios": found.ratios, "summary": found.summary, "refused": found.refused}
        for name, table in tables.items():
            table.to_csv(place / f"{name}.csv", index=False, float_format="%.6g")
        figures = place / "figures"
        figures.mkdir()
        save_figures(found, figures)
        page = render_qualification(found, command=command, figures=figures)
        (place / "report.html").write_text(page, encoding="utf-8")
        (place / "qualification.md").write_text(qualification_document(found), encoding="utf-8")
    return Path(folder) / "report.html"
