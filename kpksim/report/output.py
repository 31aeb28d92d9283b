"""What one comparison leaves on disk."""

from pathlib import Path

from kpksim.analysis import Comparison
from kpksim.plots import save_figures
from kpksim.report.page import render
from kpksim.writing import new_folder


def write(
    comparison: Comparison,
    folder: str | Path,
    *,
    command: str,
    config_name: str,
    force: bool = False,
) -> Path:
    """Write a comparison into a folder: results.nc, summary.csv, figures/ and report.html.

    The curves of every person go into people.nc, those of every parameter draw into draws.nc, when
    they were kept; the split of the spread goes into spread.csv when there is one.

    Parameters
    ----------
    comparison : Comparison
        What `kpksim.analysis.compare` gives.
    folder : str or Path
        The folder to make; its parents are made as well.
    command : str
        The command that makes the comparison again, shown in the report.
    config_name : str
        File name of the scenario, shown in the report.
    force : bool, optional
        Whether the results of an earlier run may be replaced.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    OutputError
        If the folder holds something already, or cannot be written. Nothing is left behind.
    """
    with new_folder(folder, force=force) as place:
        comparison.result.to_netcdf(place / "results.nc", engine="h5netcdf")
        for name, cube in (("people", comparison.people), ("draws", comparison.draws)):
            if cube is not None:
                cube.to_netcdf(place / f"{name}.nc", engine="h5netcdf")
        comparison.summary.to_csv(place / "summary.csv", index=False, float_format="%.6g")
        if comparison.spread is not None:
            comparison.spread.to_csv(place / "spread.csv", index=False, float_format="%.6g")
        figures = place / "figures"
        save_figures(comparison.result, figures, comparison.spread)
        page = render(comparison, command=command, config_name=config_name, figures=figures)
        (place / "report.html").write_text(page, encoding="utf-8")
    return Path(folder) / "report.html"
